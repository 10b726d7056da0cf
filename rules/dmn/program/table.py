"""Decision tables to closures: an index over the constant cells, the rest evaluated exactly when it matters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schuldhulp.rules.dmn.classes import pass_all
from schuldhulp.rules.dmn.errors import HitPolicyError, NoRuleMatches
from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.hit_policies import HIT_POLICIES, SEVERAL_RESULTS, Hit, Setting
from schuldhulp.rules.dmn.index import Column, build_column
from schuldhulp.rules.dmn.model import InputClause, OutputClause, Table, Text
from schuldhulp.rules.dmn.plain import equal
from schuldhulp.rules.dmn.program.aggregate import aggregate
from schuldhulp.rules.dmn.program.session import Evaluate, Scope, Session, TableTrace
from schuldhulp.rules.dmn.program.texts import Cell
from schuldhulp.rules.feel.types import FeelType
from schuldhulp.rules.feel.values import Value, brief

if TYPE_CHECKING:
    from schuldhulp.rules.dmn.program.boxed import Compiler, Environment


@dataclass(frozen=True, slots=True)
class CompiledInput:
    clause: InputClause
    evaluate: Evaluate
    allowed: Evaluate | None
    allowed_alone: Callable[[Value], bool] | None  # the same test, when it depends on nothing but the value
    cells: tuple[Cell, ...]
    column: Column
    kind: FeelType


@dataclass(frozen=True, slots=True)
class CompiledOutput:
    clause: OutputClause
    at: int
    kind: FeelType
    allowed: Evaluate | None
    priorities: tuple[Value, ...] | None
    cells: tuple[Evaluate, ...]
    constant: tuple[bool, ...]  # per rule: the result depends on nothing
    default: Evaluate | None


@dataclass(frozen=True, slots=True, eq=False)
class CompiledTable:
    """A table ready to be evaluated. `model` is what was read, `inputs` and `outputs` its columns."""

    model: Table
    inputs: tuple[CompiledInput, ...]
    outputs: tuple[CompiledOutput, ...]
    names: tuple[str, ...]

    def evaluate(self, scope: Scope, session: Session) -> Value:
        """The value of the table. Raises DecisionError when deciding strictly and no value comes out."""
        values = [self._input(one, scope, session) for one in self.inputs]
        rules = self.matching(values, scope, session)
        try:
            return self._result(values, rules, scope, session)
        except HitPolicyError as error:
            if session.strict:
                raise
            session.remarks.append(error.remark)
            session.traces.append(TableTrace(self, scope, values, (), {}, False, None))
            return None

    def matching(self, values: Sequence[Value], scope: Scope, session: Session) -> list[int]:
        """The numbers of the rules that match, in order; only the first of them under FIRST."""
        session.run.charge(1 + len(values))
        mask = (1 << len(self.model.rules)) - 1
        for one, value in zip(self.inputs, values, strict=True):
            mask &= one.column.lookup(value)
        pending = [(one, value) for one, value in zip(self.inputs, values, strict=True) if one.column.dynamic & mask]
        only_first = self.model.hit_policy == "F"
        found: list[int] = []
        while mask:
            low = mask & -mask
            mask ^= low
            at = low.bit_length() - 1
            if all(self._passes(one, value, at, scope, session) for one, value in pending if one.column.dynamic & low):
                found.append(at + 1)
                if only_first:
                    break
        return found

    def _passes(self, one: CompiledInput, value: Value, at: int, scope: Scope, session: Session) -> bool:
        return one.cells[at].evaluate({**scope, "?": value}, session) is True

    def plain_matching(self, values: Sequence[Value], scope: Scope, session: Session) -> list[int]:
        """The same as `matching` without the index: every cell of every rule evaluated. Slow; the measure of truth."""
        return [
            rule.number
            for at, rule in enumerate(self.model.rules)
            if all(self._passes(one, v, at, scope, session) for one, v in zip(self.inputs, values, strict=True))
        ]

    def _input(self, one: CompiledInput, scope: Scope, session: Session) -> Value:
        value = one.evaluate(scope, session)
        if one.allowed is not None and one.allowed({**scope, "?": value}, session) is not True:
            text = one.clause.allowed.text if one.clause.allowed else ""
            session.null(
                one.clause.place, "input-value", f"{brief(value)} is not among the input values {text.strip()}"
            )
            return None
        return value

    def _result(self, values: list[Value], rules: list[int], scope: Scope, session: Session) -> Value:
        if not rules:
            return self._no_rule(values, scope, session)
        rows = {} if self._only_counts(rules) else {rule: self.row(rule, scope, session) for rule in rules}
        hits = [Hit(rule, rows.get(rule, ())) for rule in rules]
        outcome = HIT_POLICIES[self.model.hit_policy](self._setting(values), hits)
        session.traces.append(TableTrace(self, scope, values, outcome.rules, rows, False, outcome.value))
        return outcome.value

    def _only_counts(self, rules: list[int]) -> bool:
        """Several hits under UNIQUE are an error whatever they give: do not evaluate their outputs."""
        return self.model.hit_policy == "U" and len(rules) > 1

    def _no_rule(self, values: list[Value], scope: Scope, session: Session) -> Value:
        if any(one.default is not None for one in self.outputs):
            row = [self._default(one, scope, session) for one in self.outputs]
            made: Value = dict(zip(self.names, row, strict=True)) if self.names else row[0]
            value: Value = [made] if self.model.hit_policy in SEVERAL_RESULTS and not self.model.aggregation else made
            session.traces.append(TableTrace(self, scope, values, (), {}, True, value))
            return value
        if self.model.hit_policy in SEVERAL_RESULTS and self.model.aggregation in (None, "COUNT"):
            outcome = HIT_POLICIES[self.model.hit_policy](self._setting(values), [])
            session.traces.append(TableTrace(self, scope, values, (), {}, False, outcome.value))
            return outcome.value
        raise NoRuleMatches(self.model.place, self.shown(values))

    def _default(self, one: CompiledOutput, scope: Scope, session: Session) -> Value:
        if one.default is None:
            return None
        return session.converted(one.default(scope, session), one.kind, one.clause.place)

    def shown(self, values: Sequence[Value]) -> dict[str, Value]:
        return {one.clause.label: value for one, value in zip(self.inputs, values, strict=True)}

    def _setting(self, values: Sequence[Value]) -> Setting:
        return Setting(
            place=self.model.place,
            names=self.names,
            priorities=tuple(one.priorities for one in self.outputs),
            aggregation=self.model.aggregation,
            inputs=self.shown(values),
            equal=equal,
            aggregate=aggregate,
        )

    def row(self, rule: int, scope: Scope, session: Session) -> tuple[Value, ...]:
        """The outputs of one rule, converted and checked."""
        return tuple(self._output(one, rule, scope, session) for one in self.outputs)

    def _output(self, one: CompiledOutput, rule: int, scope: Scope, session: Session) -> Value:
        literal = self.model.rules[rule - 1].outputs[one.at]
        value = session.converted(one.cells[rule - 1](scope, session), one.kind, literal.place)
        if value is not None and one.allowed is not None and one.allowed({**scope, "?": value}, session) is not True:
            text = one.clause.allowed.text if one.clause.allowed else ""
            session.null(literal.place, "output-value", f"{brief(value)} is not among the output values {text.strip()}")
            return None
        return value


def compile_table(compiler: Compiler, table: Table, env: Environment) -> CompiledTable:
    inputs = tuple(_compile_input(compiler, table, n, env) for n in range(len(table.inputs)))
    outputs = tuple(_compile_output(compiler, table, n, env) for n in range(len(table.outputs)))
    several = len(outputs) > 1
    names = tuple(one.clause.name or f"output {n}" for n, one in enumerate(outputs, 1)) if several else ()
    return CompiledTable(table, inputs, outputs, names)


def _compile_input(compiler: Compiler, table: Table, at: int, env: Environment) -> CompiledInput:
    clause = table.inputs[at]
    kind = compiler.types.find(clause.expression.type_ref, env.file, clause.place)
    evaluate = compiler.typed(compiler.literal(clause.expression.text, env), kind, clause.expression.place)
    inside = env.holding("?")
    allowed = None if clause.allowed is None else compiler.tests(clause.allowed, inside).evaluate
    seen: dict[str, Cell] = {}
    cells: list[Cell] = []
    for rule in table.rules:
        text = rule.tests[at] if at < len(rule.tests) else Text("-", rule.place)
        bare = text.text.strip()
        if bare not in seen:
            seen[bare] = _ANY_VALUE if bare in ("", "-") else compiler.tests(text, inside)
        cells.append(seen[bare])
    alone = None if clause.allowed is None else compiler.texts.alone(clause.allowed)
    column = build_column([cell.profile for cell in cells])
    return CompiledInput(clause, evaluate, allowed, alone, tuple(cells), column, kind)


_ANY_VALUE = Cell(lambda: (lambda scope, session: True, None), pass_all())


def _compile_output(compiler: Compiler, table: Table, at: int, env: Environment) -> CompiledOutput:
    clause = table.outputs[at]
    kind = compiler.types.find(clause.type_ref, env.file, clause.place)
    allowed = None if clause.allowed is None else compiler.tests(clause.allowed, env.holding("?")).evaluate
    literals = [rule.outputs[at] if at < len(rule.outputs) else None for rule in table.rules]
    cells = tuple(_nothing if one is None else compiler.output(one, env) for one in literals)
    constant = tuple(one is None or compiler.texts.is_constant(one.text, env.names) for one in literals)
    default = None if clause.default is None else compiler.output(clause.default, env)
    priorities = None
    if clause.allowed is not None:
        priorities = compiler.listed(clause.allowed)
        if priorities is None and table.hit_policy in ("P", "O"):
            compiler.findings.append(
                Finding(
                    "error",
                    "priorities",
                    "the output values give no order of priority",
                    "List constants, the most important first.",
                    clause.allowed.place,
                )
            )
    return CompiledOutput(clause, at, kind, allowed, priorities, cells, constant, default)


def _nothing(scope: Scope, session: Session) -> Value:
    return None


__all__ = ["CompiledInput", "CompiledOutput", "CompiledTable", "compile_table"]
