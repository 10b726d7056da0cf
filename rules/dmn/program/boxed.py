"""Boxed expressions to closures (DMN 1.5 section 10.3.2.14 says what each means in FEEL)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.model import (
    Conditional,
    Context,
    Definitions,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    Place,
    Relation,
    Table,
    Text,
    Variable,
)
from schuldhulp.rules.dmn.program.session import Evaluate, Scope, Session, python_type
from schuldhulp.rules.dmn.program.table import CompiledTable, compile_table
from schuldhulp.rules.dmn.program.texts import Cell, Texts
from schuldhulp.rules.dmn.program.types import Types
from schuldhulp.rules.feel.callables import Function, Param, Run, Signature
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.types import ANY, FeelType
from schuldhulp.rules.feel.values import Value, kind


@dataclass(frozen=True, slots=True)
class Environment:
    """What an expression may refer to: names in scope, the file whose types it sees, names behind an import's dot."""

    names: frozenset[str]
    file: Definitions
    members: frozenset[str] = frozenset()

    def holding(self, *names: str) -> Environment:
        return replace(self, names=self.names | set(names))


class Compiler:
    """Turns the expressions of a model into closures; what is wrong gathers in `findings`."""

    def __init__(self, types: Types, texts: Texts, findings: list[Finding]) -> None:
        self.types = types
        self.texts = texts
        self.findings = findings
        self.tables: dict[int, CompiledTable] = {}  # by id() of the model's table, to reach it from outside

    def expression(self, expression: Expression, env: Environment) -> Evaluate:
        """The closure of a boxed expression, its own type applied."""
        evaluate = self._bare(expression, env)
        if isinstance(expression, FunctionDefinition):
            return evaluate  # the type is that of a function, which its parameters and body say already
        return self.typed(evaluate, self.types.find(expression.type_ref, env.file, expression.place), expression.place)

    def typed(self, evaluate: Evaluate, wanted: FeelType, place: Place) -> Evaluate:
        if wanted is ANY:
            return evaluate
        python = python_type(wanted)

        def typed(scope: Scope, session: Session) -> Value:
            value = evaluate(scope, session)
            return value if value.__class__ is python else session.converted(value, wanted, place)

        return typed

    def literal(self, text: Text, env: Environment) -> Evaluate:
        return self.texts.expression(text, env.names, env.file, env.members)

    def tests(self, text: Text, env: Environment) -> Cell:
        return self.texts.tests(text, env.names, env.file, env.members)

    def output(self, literal: Literal, env: Environment) -> Evaluate:
        """An output entry: an expression of its own type; an empty one (or "-") gives null, as a gap in a row."""
        if literal.text.text.strip() in ("", "-"):
            return lambda scope, session: None
        return self.expression(literal, env)

    def listed(self, text: Text) -> tuple[Value, ...] | None:
        """The constants of output values in their order; None when there is something else among them."""
        return self.texts.listed(text)

    def _bare(self, expression: Expression, env: Environment) -> Evaluate:
        match expression:
            case Literal():
                return self.literal(expression.text, env)
            case Table():
                table = compile_table(self, expression, env)
                self.tables[id(expression)] = table
                return table.evaluate
            case Context():
                return self._context(expression, env)
            case Relation():
                return self._relation(expression, env)
            case ListOf():
                items = [self.expression(item, env) for item in expression.items]
                return lambda scope, session: [item(scope, session) for item in items]
            case FunctionDefinition():
                return self.function(expression, env, "function")
            case Invocation():
                return self._invocation(expression, env)
            case Conditional():
                return self._conditional(expression, env)
            case Filter():
                return self._filter(expression, env)
            case Iteration():
                return self._iteration(expression, env)

    def _context(self, expression: Context, env: Environment) -> Evaluate:
        entries: list[tuple[str | None, Evaluate]] = []
        for entry in expression.entries:
            inside = env.holding(entry.variable.name) if entry.variable and _is_function(entry.value) else env
            evaluate = self.expression(entry.value, inside)
            if entry.variable is None:
                entries.append((None, evaluate))
                continue
            wanted = self.types.of(entry.variable, env.file)
            entries.append((entry.variable.name, self.typed(evaluate, wanted, entry.variable.place)))
            env = env.holding(entry.variable.name)

        def context(scope: Scope, session: Session) -> Value:
            inner = dict(scope)
            made: dict[str, Value] = {}
            for name, evaluate in entries:
                value = evaluate(inner, session)
                if name is None:
                    return value
                inner[name] = made[name] = value
            return made

        return context

    def _relation(self, expression: Relation, env: Environment) -> Evaluate:
        kinds = [(column.name, self.types.of(column, env.file)) for column in expression.columns]
        rows = [
            [(name, self.typed(self.expression(cell, env), wanted, cell.place)) for (name, wanted), cell in cells]
            for cells in (list(zip(kinds, row, strict=False)) for row in expression.rows)
        ]
        return lambda scope, session: [{name: cell(scope, session) for name, cell in row} for row in rows]

    def function(self, expression: FunctionDefinition, env: Environment, name: str) -> Evaluate:
        """A closure that gives the function as a value, bound to the scope where it is evaluated."""
        params = self.params(expression.parameters, env)
        if expression.kind != "FEEL":
            return self._external(expression, env)
        body = self.body(expression, env.holding(*(param.name for param in params)))

        def define(scope: Scope, session: Session) -> Value:
            def call(_: Run, arguments: list[Value]) -> Value:
                inner = dict(scope)
                inner.update(zip((param.name for param in params), arguments, strict=True))
                return body(inner, session)

            return Function(name, [Signature(params, call)])

        return define

    def body(self, expression: FunctionDefinition, env: Environment) -> Evaluate:
        return (lambda scope, session: None) if expression.body is None else self.expression(expression.body, env)

    def params(self, parameters: Iterable[Variable], env: Environment) -> tuple[Param, ...]:
        return tuple(Param(one.name, self.types.of(one, env.file)) for one in parameters)

    def _external(self, expression: FunctionDefinition, env: Environment) -> Evaluate:
        """A boxed function of another language, written as the FEEL text that means the same."""
        entries = expression.body.entries if isinstance(expression.body, Context) else ()
        mapping = {
            entry.variable.name: entry.value.text.text
            for entry in entries
            if entry.variable is not None and isinstance(entry.value, Literal)
        }
        names = ", ".join(
            one.name if one.type_ref is None else f"{one.name}: {one.type_ref}" for one in expression.parameters
        )
        pairs = ", ".join(f"{name}: {text}" for name, text in mapping.items())
        text = f"function({names}) external {{{expression.kind.lower()}: {{{pairs}}}}}"
        return self.literal(Text(text, expression.place), env)

    def _invocation(self, expression: Invocation, env: Environment) -> Evaluate:
        callee = self.expression(expression.callee, env)
        bindings: list[tuple[str, Evaluate]] = []
        for binding in expression.bindings:
            if binding.value is None:
                bindings.append((binding.parameter.name, lambda scope, session: None))
                continue
            wanted = self.types.of(binding.parameter, env.file)
            evaluate = self.typed(self.expression(binding.value, env), wanted, binding.value.place)
            bindings.append((binding.parameter.name, evaluate))
        place = expression.place

        def invoke(scope: Scope, session: Session) -> Value:
            function = callee(scope, session)
            if not isinstance(function, Function):
                session.null(place, "not-a-function", f"this is {kind(function)}, not a function")
                return None
            named = {name: evaluate(scope, session) for name, evaluate in bindings}
            try:
                return function.call_named(session.run, named) if named else function.call(session.run, [])
            except NullResult as error:
                session.null(place, error.kind, error.message)
                return None

        return invoke

    def _conditional(self, expression: Conditional, env: Environment) -> Evaluate:
        condition = self.expression(expression.condition, env)
        then = self.expression(expression.then, env)
        otherwise = self.expression(expression.otherwise, env)
        place = expression.condition.place

        def choose(scope: Scope, session: Session) -> Value:
            answer = condition(scope, session)
            if answer is not None and not isinstance(answer, bool):
                session.null(place, "not-a-boolean", f"the condition is {kind(answer)}, not true or false")
                return None
            return then(scope, session) if answer else otherwise(scope, session)

        return choose

    def _filter(self, expression: Filter, env: Environment) -> Evaluate:
        source = self.expression(expression.source, env)
        match = self.expression(expression.match, env.holding("item"))
        place = expression.match.place

        def keep(scope: Scope, session: Session) -> Value:
            kept: list[Value] = []
            for item in _as_list(source(scope, session)):
                session.run.charge(1)
                inner = dict(scope)
                if isinstance(item, dict):
                    inner.update(item)
                inner["item"] = item
                answer = match(inner, session)
                if answer is True:
                    kept.append(item)
                elif answer is not None and answer is not False:
                    session.null(place, "not-a-boolean", f"the match is {kind(answer)}, not true or false")
                    return None
            return kept

        return keep

    def _iteration(self, expression: Iteration, env: Environment) -> Evaluate:
        source = self.expression(expression.source, env)
        name = expression.variable
        extra = (name, "partial") if expression.kind == "for" else (name,)
        body = self.expression(expression.body, env.holding(*extra))
        place = expression.body.place

        def loop(scope: Scope, session: Session) -> Value:
            results: list[Value] = []
            for item in _as_list(source(scope, session)):
                session.run.charge(1)
                results.append(body({**scope, name: item, "partial": results}, session))
            return results

        def quantified(scope: Scope, session: Session) -> Value:
            deciding = expression.kind == "some"
            known: bool | None = not deciding
            for item in _as_list(source(scope, session)):
                session.run.charge(1)
                answer = body({**scope, name: item}, session)
                if answer is not None and not isinstance(answer, bool):
                    session.null(place, "not-a-boolean", f"the test is {kind(answer)}, not true or false")
                    return None
                if answer is None:
                    known = None
                elif answer is deciding:
                    known = deciding
            return known

        return loop if expression.kind == "for" else quantified


def _is_function(expression: Expression) -> bool:
    """Whether an entry holds a function, which may then call itself by the entry's name."""
    if isinstance(expression, Literal):
        return expression.text.text.lstrip().startswith("function")
    return isinstance(expression, FunctionDefinition)


def _as_list(value: Value) -> list[Value]:
    """A list as it is, null as an empty list, anything else as a list of one."""
    return value if isinstance(value, list) else [] if value is None else [value]
