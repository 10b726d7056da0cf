"""Plain tables decided in a few steps: the same outputs as the long way round, in a fraction of the time.

Most tables test nothing but their own inputs with constants and give constants. For these a call is a look-up and an
AND per column. Whatever is out of the ordinary, a wrong type or a missing input above all, goes the long way round,
which knows how to refuse it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schuldhulp.rules.dmn.classes import Steps, unlike
from schuldhulp.rules.dmn.model import Decision, Key
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.graph import Step
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.dmn.program.table import CompiledInput, CompiledTable
from schuldhulp.rules.dmn.short_steps import BEYOND, Call, NumberColumn, Plan, call_of, exact, make_line
from schuldhulp.rules.feel import BOOLEAN, NUMBER, STRING, FeelType, Value
from schuldhulp.rules.feel.types import ANY, bare, conforms

_POLICIES = frozenset("UFCR")


def short_way(model: DmnModel, key: Key, long_way: Call) -> Call | None:
    """A function from inputs to outputs, strict; *long_way* is called for what is out of the ordinary.

    None when the decision is no plain table.
    """
    plan = model.graph.short_plans.get(key, _UNKNOWN)
    if plan is _UNKNOWN:
        plan = model.graph.short_plans[key] = _plan(model, key)
    return None if plan is None else call_of(plan.plan, plan.others, plan.fresh, long_way)


_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class _Plain:
    """A plain table, the names of other decisions, and whether each call gets a dict of several outputs."""

    plan: Plan
    others: frozenset[str]
    fresh: bool


def _plan(model: DmnModel, key: Key) -> _Plain | None:
    element = model.linked.elements[key]
    if not isinstance(element, Decision) or element.table is None:
        return None
    table, step = model.compiled(element.table), model.graph.steps[key]
    columns = _columns(model, step, table)
    rows = None if columns is None else _rows(table)
    if columns is None or rows is None or not _plain_result(model, step):
        return None
    others = frozenset(model.graph.decision_names) - {element.variable.name}
    return _Plain(_made(columns, rows, table.model.hit_policy), others, bool(table.names))


def _made(columns: _Columns, rows: Sequence[Value], policy: str) -> Plan:
    numbers = [_number_column(name, one) for name, one in columns.numbers]
    lines = [make_line(list(_steps(columns, rule)), row) for rule, row in enumerate(rows)]
    return Plan(columns.texts, columns.flags, numbers, lines, policy)


def _steps(columns: _Columns, rule: int) -> Iterator[tuple[str, Steps]]:
    for name, one in columns.numbers:
        profile = one.cells[rule].profile
        assert profile is not None, "a plain column has constants only"
        yield name, profile.steps[Decimal]


def _plain_result(model: DmnModel, step: Step) -> bool:
    """Whether the decision adds nothing to what its table gives: no type of its own to convert to."""
    table = step.decision.table
    return step.kind is ANY and table is not None and table.type_ref is None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns by the kind of their values, each with the name of its input."""

    texts: tuple[tuple[str, Mapping[str, int]], ...]
    flags: tuple[tuple[str, int, int], ...]  # rules for true, rules for false
    numbers: tuple[tuple[str, CompiledInput], ...]


def _columns(model: DmnModel, step: Step, table: CompiledTable) -> _Columns | None:
    """The columns when each is a typed input by its name, tested with constants only; None otherwise."""
    if step.knowledge or any(one.key not in model.graph.tested or one.imported_as for one in step.bindings):
        return None
    kinds = {one.name: model.graph.kinds[one.key] for one in step.bindings}
    texts: list[tuple[str, Mapping[str, int]]] = []
    flags: list[tuple[str, int, int]] = []
    numbers: list[tuple[str, CompiledInput]] = []
    for one in table.inputs:
        name = " ".join(one.clause.expression.text.text.split())
        kind = _kind(one, kinds.get(name))
        if kind is None or one.column.dynamic or (one.allowed is not None and one.allowed_alone is None):
            return None
        if kind == STRING:
            texts.append((name, _texts(one, kinds[name])))
        elif not _all_allowed(one, kinds[name]):
            return None
        elif kind == NUMBER:
            numbers.append((name, one))
        else:
            flags.append((name, one.column.lookup(True), one.column.lookup(False)))
    return _Columns(tuple(texts), tuple(flags), tuple(numbers))


def _kind(one: CompiledInput, of_input: FeelType | None) -> FeelType | None:
    """The one simple type of column and input, when they agree."""
    if of_input is None:
        return None
    stated = {bare(kind) for kind in (one.kind, of_input) if kind is not ANY}
    return stated.pop() if len(stated) == 1 and stated <= {NUMBER, STRING, BOOLEAN} else None


def _all_allowed(one: CompiledInput, of_input: FeelType) -> bool:
    return one.allowed is None and bare(one.kind) is one.kind and bare(of_input) is of_input


def _known_texts(one: CompiledInput, of_input: FeelType) -> list[str]:
    """The texts that cells name and that are allowed; any other goes the long way."""
    named = {text for cell in one.cells if cell.profile is not None for text in cell.profile.texts}
    return [
        text
        for text in named
        if conforms(text, of_input)
        and conforms(text, one.kind)
        and (one.allowed_alone is None or one.allowed_alone(text))
    ]


class _AnyText(dict[str, int]):
    """Rules by text, with those for a text that no cell names; anything but a text is a KeyError."""

    def __init__(self, known: Mapping[str, int], other: int) -> None:
        super().__init__(known)
        self.other = other

    def __missing__(self, key: object) -> int:
        if isinstance(key, str):
            return self.other
        raise KeyError(key)


def _texts(one: CompiledInput, of_input: FeelType) -> Mapping[str, int]:
    known = _known_texts(one, of_input)
    found = {text: one.column.lookup(text) for text in known}
    return _AnyText(found, one.column.lookup(unlike(known))) if _all_allowed(one, of_input) else found


def _number_column(name: str, one: CompiledInput) -> NumberColumn:
    """Bounds, rules per stretch, and the search that fits: where every bound belongs to the stretch on one side of it,
    one search tells the stretch; else each bound is a stretch of its own.

    The outermost stretches hold no rule: only what is no number of FEEL (infinity, NaN) falls there.
    """
    bounds, masks = one.column.steps(Decimal)
    bounds = [-BEYOND, *bounds, BEYOND]
    at_bound, between = [0, *masks[1::2], 0], [0, *masks[0::2], 0]
    if all(here == right for here, right in zip(at_bound[1:-1], between[2:-1], strict=True)):
        return NumberColumn(name, bounds, between, bisect_right)
    if all(here == left for here, left in zip(at_bound[1:-1], between[1:], strict=False)):
        return NumberColumn(name, bounds, between, bisect_left)
    return NumberColumn(name, bounds, [0, 0, *masks, 0, 0], exact)


def _rows(table: CompiledTable) -> list[Value] | None:
    """The outputs of each rule when all are constants that their columns accept."""
    if table.model.hit_policy not in _POLICIES or table.model.aggregation is not None:
        return None
    if not all(all(one.constant) for one in table.outputs):
        return None
    session = Session(strict=False)
    rows = [table.row(number, {}, session) for number in range(1, len(table.model.rules) + 1)]
    if session.remarks:
        return None
    return [dict(zip(table.names, row, strict=True)) if table.names else row[0] for row in rows]
