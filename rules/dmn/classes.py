"""Classes of values that a cell cannot tell apart, and the cell's outcome for each.

A cell such as `[1..5], 8` or `not("a", "b")` depends on the input's value only through comparisons with its constants.
Between two neighbouring constants the outcome is the same, so one representative of each class decides for all. That
makes both the index and the analysis of a table exact, with FEEL itself as the only judge of a cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from decimal import Context as DecimalContext
from typing import Any

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, YearsMonthsDuration
from schuldhulp.rules.feel.values import Value

Constant = Callable[[Node], Value]  # the value of a constant expression; raises NotConstant
_EXACT = DecimalContext(prec=200)
_CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration"})


class NotConstant(Exception):
    """The cell depends on more than comparisons of the value with constants."""


@dataclass(frozen=True, slots=True)
class OrderedKind:
    """A kind whose values stand in a row: the place of a value, and values beside and between others."""

    order: Callable[[Value], int | Decimal]
    between: Callable[[Value | None, Value | None], Value | None]  # None where there is no room


def _number_between(low: Any, high: Any) -> Decimal:
    if low is None or high is None:
        return Decimal(0) if low is high else _EXACT.add(low, 1) if high is None else _EXACT.subtract(high, 1)
    floor: Decimal = _EXACT.add(low, 1).to_integral_value(ROUND_FLOOR)
    if floor < high:
        return floor  # a whole number where there is one: it reads better in a counter-example
    return _EXACT.divide(_EXACT.add(low, high), Decimal(2))


def _whole_between(make: Callable[[int], Value], order: Callable[[Value], int]) -> Callable[..., Value | None]:
    def between(low: Value | None, high: Value | None) -> Value | None:
        if low is None or high is None:
            return make(0 if low is high else order(low) + 1 if high is None else order(high) - 1)
        return make(order(low) + 1) if order(low) + 1 < order(high) else None

    return between


def _itself(value: Any) -> Decimal:
    assert isinstance(value, Decimal)
    return value


def _days(value: Any) -> int:
    assert isinstance(value, FeelDate)
    return value.days


def _months(value: Any) -> int:
    assert isinstance(value, YearsMonthsDuration)
    return value.total_months


def _nanos(value: Any) -> int:
    assert isinstance(value, DaysTimeDuration)
    return value.nanos


ORDERED: dict[type, OrderedKind] = {
    Decimal: OrderedKind(_itself, _number_between),
    FeelDate: OrderedKind(_days, _whole_between(FeelDate.from_days, _days)),
    YearsMonthsDuration: OrderedKind(_months, _whole_between(YearsMonthsDuration, _months)),
    DaysTimeDuration: OrderedKind(_nanos, _whole_between(DaysTimeDuration, _nanos)),
}


@dataclass(frozen=True, slots=True)
class Steps:
    """Sorted constants c1..ck and 2k+1 outcomes: below c1, at c1, between c1 and c2, ..., above ck."""

    constants: tuple[Value, ...]
    outcomes: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """The outcome of one cell for every class of values; `test` decides the kinds that have no classes here."""

    null: bool
    true: bool
    false: bool
    texts: Mapping[str, bool]
    other_text: bool
    steps: Mapping[type, Steps]
    test: Callable[[Value], bool]
    passes_all: bool = False
    tests_null: bool = False


def pass_all() -> Profile:
    """The profile of '-'."""
    always = Steps((), (True,))
    return Profile(True, True, True, {}, True, dict.fromkeys(ORDERED, always), lambda value: True, True)


def profile(tests: Node, test: Callable[[Value], bool], constant: Constant) -> Profile:
    """The profile of a cell, each class tried once. Raises NotConstant."""
    found = list(constants(tests, constant))
    texts = sorted({value for value in found if isinstance(value, str)})
    return Profile(
        null=test(None),
        true=test(True),
        false=test(False),
        texts={text: test(text) for text in texts},
        other_text=test(unlike(texts)),
        steps={kind: _steps(kind, [v for v in found if type(v) is kind], test) for kind in ORDERED},
        test=test,
        tests_null=any(value is None for value in found),
    )


def unlike(texts: list[str]) -> str:
    """A text that is none of these."""
    known = set(texts)
    candidate = "(other)"
    while candidate in known:
        candidate += "'"
    return candidate


def _steps(kind: type, found: list[Value], test: Callable[[Value], bool]) -> Steps:
    ordered = ORDERED[kind]
    sorted_constants = sorted({ordered.order(value): value for value in found}.items())
    values = [value for _, value in sorted_constants]
    outcomes: list[bool] = []
    for at, value in enumerate(values):
        outcomes.append(_between(ordered, values[at - 1] if at else None, value, test))
        outcomes.append(test(value))
    outcomes.append(_between(ordered, values[-1] if values else None, None, test))
    return Steps(tuple(values), tuple(outcomes))


def _between(ordered: OrderedKind, low: Value, high: Value, test: Callable[[Value], bool]) -> bool:
    value = ordered.between(low, high)
    return value is not None and test(value)  # without room between them no value will ever ask


def constants(node: Node, constant: Constant) -> Iterator[Value]:
    """The constants that a cell compares the value with. Raises NotConstant when it does anything else."""
    match node:
        case nodes.UnaryTests():
            for test in node.tests:
                yield from constants(test, constant)
        case nodes.Conjunction() | nodes.Disjunction():
            for operand in node.operands:
                yield from constants(operand, constant)
        case nodes.ListLiteral():
            for item in node.items:
                yield from constants(item, constant)
        case nodes.Invocation(nodes.Name("not"), (operand,), ()):
            yield from constants(operand, constant)
        case nodes.UnaryComparison():
            yield _comparable(node.operator, constant(node.operand))
        case nodes.Interval():
            yield _comparable("<", constant(node.low))
            yield _comparable("<", constant(node.high))
        case nodes.Comparison(operator=operator, left=nodes.Name("?"), right=other) | nodes.Comparison(
            operator=operator, left=other, right=nodes.Name("?")
        ):
            yield _comparable(operator, constant(other))
        case nodes.Between(operand=nodes.Name("?")):
            yield _comparable("<", constant(node.low))
            yield _comparable("<", constant(node.high))
        case nodes.In(operand=nodes.Name("?")):
            for test in node.tests:
                yield from constants(test, constant)
        case _:
            yield _comparable("=", constant(node))


def _comparable(operator: str, value: Value) -> Value:
    """The constant, if its kind has classes for this operator: texts have no order here, some temporals none at all."""
    if type(value) in ORDERED or value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and operator in ("=", "!="):
        return value
    raise NotConstant


def is_constant(node: Node, names: frozenset[str]) -> bool:
    """Whether an expression is a literal, perhaps negated or written with date() or duration()."""
    match node:
        case nodes.Null() | nodes.Boolean() | nodes.Number() | nodes.Text() | nodes.AtLiteral():
            return True
        case nodes.Negation(operand):
            return isinstance(operand, nodes.Number)
        case nodes.Invocation(nodes.Name(name), arguments, ()):
            return (
                name in _CONSTRUCTORS
                and name not in names
                and bool(arguments)
                and all(is_constant(argument, names) for argument in arguments)
            )
    return False
