"""Plain tables decided in a few steps: the same outputs as the long way round, in a fraction of the time.

Most tables test nothing but their own inputs with constants and give constants. For these a call is a look-up and an
AND per column. Whatever is out of the ordinary, a wrong type or a missing input above all, goes the long way round,
which knows how to refuse it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from schuldhulp.rules.dmn.classes import unlike
from schuldhulp.rules.dmn.model import Decision, Key
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.graph import Step
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.dmn.program.table import CompiledInput, CompiledTable
from schuldhulp.rules.feel import BOOLEAN, NUMBER, STRING, FeelType, Value
from schuldhulp.rules.feel.types import ANY, bare, conforms

Call = Callable[[Mapping[str, object]], Value]
_Numbers = tuple[str, Callable[..., int], Sequence[Decimal], Sequence[int]]  # input, search, bounds, rules per stretch
_BEYOND = Decimal("1E+6145")  # more than any number of FEEL
_POLICIES = frozenset("UFCR")


def short_way(model: DmnModel, key: Key, long_way: Call) -> Call | None:
    """A function from inputs to outputs, strict; *long_way* is called for what is out of the ordinary.

    None when the decision is no plain table.
    """
    plan = model.graph.short_plans.get(key, _UNKNOWN)
    if plan is _UNKNOWN:
        plan = model.graph.short_plans[key] = _plan(model, key)
    return None if plan is None else _quick(plan, long_way)


_UNKNOWN = object()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A plain table worked out: columns, the outputs per rule, the hit policy, names of other decisions."""

    columns: _Columns
    rows: list[Value]
    policy: str
    others: frozenset[str]


def _plan(model: DmnModel, key: Key) -> _Plan | None:
    element = model.linked.elements[key]
    if not isinstance(element, Decision) or element.table is None:
        return None
    table, step = model.compiled(element.table), model.graph.steps[key]
    columns = _columns(model, step, table)
    rows = None if columns is None else _rows(table)
    if columns is None or rows is None or not _plain_result(model, step):
        return None
    others = frozenset(model.graph.decision_names) - {element.variable.name}
    return _Plan(columns, rows, table.model.hit_policy, others)


def _plain_result(model: DmnModel, step: Step) -> bool:
    """Whether the decision adds nothing to what its table gives: no type of its own to convert to."""
    table = step.decision.table
    return step.kind is ANY and table is not None and table.type_ref is None


@dataclass(frozen=True, slots=True)
class _Columns:
    """Columns by the kind of their values, each with the name of its input."""

    everything: int
    texts: tuple[tuple[str, Mapping[str, int]], ...]
    flags: tuple[tuple[str, int, int], ...]  # rules for true, rules for false
    numbers: tuple[_Numbers, ...]


def _columns(model: DmnModel, step: Step, table: CompiledTable) -> _Columns | None:
    """The columns when each is a typed input by its name, tested with constants only; None otherwise."""
    if step.knowledge or any(one.key not in model.graph.tested or one.imported_as for one in step.bindings):
        return None
    kinds = {one.name: model.graph.kinds[one.key] for one in step.bindings}
    texts: list[tuple[str, Mapping[str, int]]] = []
    flags: list[tuple[str, int, int]] = []
    numbers: list[_Numbers] = []
    for one in table.inputs:
        name = " ".join(one.clause.expression.text.text.split())
        kind = _kind(one, kinds.get(name))
        if kind is None or one.column.dynamic or (one.allowed is not None and one.allowed_alone is None):
            return None
        if kind == NUMBER:
            bounds, masks, search = _number_steps(one)
            if not _all_allowed(one, kinds[name]):
                return None
            numbers.append((name, search, bounds, masks))
        elif kind == STRING:
            texts.append((name, _texts(one, kinds[name])))
        elif _all_allowed(one, kinds[name]):
            flags.append((name, one.column.lookup(True), one.column.lookup(False)))
        else:
            return None
    return _Columns((1 << len(table.model.rules)) - 1, tuple(texts), tuple(flags), tuple(numbers))


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


def _number_steps(one: CompiledInput) -> tuple[Sequence[Decimal], Sequence[int], Callable[..., int]]:
    """Bounds, rules per stretch, and the search that fits: where every bound belongs to the stretch on one side of it,
    one search tells the stretch; else each bound gets a stretch of its own by doubling it.

    The outermost stretches hold no rule: only what is no number of FEEL (infinity, NaN) falls there.
    """
    bounds, masks = one.column.steps(Decimal)
    bounds = [-_BEYOND, *bounds, _BEYOND]
    at, between = [0, *masks[1::2], 0], [0, *masks[0::2], 0]
    if all(here == right for here, right in zip(at[1:-1], between[2:-1], strict=True)):
        return bounds, between, bisect_right
    if all(here == left for here, left in zip(at[1:-1], between[1:], strict=False)):
        return bounds, between, bisect_left
    return bounds, [0, 0, *masks, 0, 0], _bisect_exact


def _bisect_exact(bounds: Sequence[Decimal], value: Decimal) -> int:
    at = bisect_left(bounds, value)
    return 2 * at + 1 if at < len(bounds) and bounds[at] == value else 2 * at


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


def _quick(plan: _Plan, long_way: Call) -> Call:
    columns, rows, decisions = plan.columns, plan.rows, plan.others
    everything, texts, flags, numbers = columns.everything, columns.texts, columns.flags, columns.numbers
    several, unique = plan.policy in "CR", plan.policy == "U"

    def call(inputs: Mapping[str, object]) -> Value:
        if decisions and not decisions.isdisjoint(inputs):
            return long_way(inputs)
        mask = everything
        try:
            for name, known in texts:
                mask &= known[inputs[name]]  # type: ignore[index]  # a KeyError for anything but a text in a cell
            for name, if_true, if_false in flags:
                value = inputs[name]
                if value is True:
                    mask &= if_true
                elif value is False:
                    mask &= if_false
                else:
                    return long_way(inputs)
            for name, search, bounds, masks in numbers:
                number = inputs[name]
                if number.__class__ is not Decimal:
                    return long_way(inputs)
                mask &= masks[search(bounds, number)]
        except (LookupError, TypeError, ArithmeticError):
            return long_way(inputs)
        if not mask or (unique and mask & (mask - 1)):
            return long_way(inputs)
        if several:
            return [dict(row) if isinstance(row, dict) else row for row in _chosen(rows, mask)]
        row = rows[(mask & -mask).bit_length() - 1]
        return dict(row) if isinstance(row, dict) else row

    return call


def _chosen(rows: list[Value], mask: int) -> Iterator[Any]:
    while mask:
        low = mask & -mask
        mask ^= low
        yield rows[low.bit_length() - 1]
