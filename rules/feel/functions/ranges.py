"""Relations between points and ranges (DMN 1.5, 10.3.4.9, after Allen's interval algebra)."""

from __future__ import annotations

from dataclasses import dataclass

from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compare import compare, is_same
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.values import Range, Value, brief, kind, weight

registry = Registry()
built_in = registry.built_in


@built_in("is(value1: Any, value2: Any) -> boolean", run=True)
def is_(run: Run, left: Value, right: Value) -> Value:
    run.charge(weight(left))
    return is_same(left, right)


@dataclass(frozen=True, slots=True)
class Edge:
    """A point or an end of a range; `infinite` is -1 or 1 for an end without limit."""

    value: Value
    included: bool = True
    infinite: int = 0


def _start(argument: Value) -> Edge:
    if isinstance(argument, Range):
        return Edge(argument.start, argument.start_included, 0 if argument.start is not None else -1)
    return _point(argument)


def _end(argument: Value) -> Edge:
    if isinstance(argument, Range):
        return Edge(argument.end, argument.end_included, 0 if argument.end is not None else 1)
    return _point(argument)


def _point(argument: Value) -> Edge:
    if argument is None:
        raise NullResult("null-operand", "a point is null")
    return Edge(argument)


def _order(left: Edge, right: Edge) -> int:
    if left.infinite or right.infinite:
        return (left.infinite > right.infinite) - (left.infinite < right.infinite)
    order = compare(left.value, right.value)
    if order is None:
        what = f"{kind(left.value)} {brief(left.value)} with {kind(right.value)} {brief(right.value)}"
        raise NullResult("argument-type", f"cannot compare {what}")
    return order


def _range(argument: Value) -> Range:
    if isinstance(argument, Range):
        return argument
    raise NullResult("argument-type", f"{kind(argument)} {brief(argument)} is not a range")


_PAIRS = "{0}(point1: Any, point2: Any) -> boolean|{0}(point: Any, range: Any) -> boolean|{0}(range: Any, point: Any)" \
    " -> boolean|{0}(range1: Any, range2: Any) -> boolean"


def _four(name: str) -> list[str]:
    """All pairs of points and ranges."""
    return _PAIRS.format(name).split("|")


def _point_first(name: str) -> list[str]:
    return [f"{name}(point: Any, range: Any) -> boolean", f"{name}(range1: Any, range2: Any) -> boolean"]


def _range_first(name: str) -> list[str]:
    return [f"{name}(range: Any, point: Any) -> boolean", f"{name}(range1: Any, range2: Any) -> boolean"]


def _two_ranges(name: str) -> str:
    return f"{name}(range1: range, range2: range) -> boolean"


@built_in(*_four("before"))
def before(left: Value, right: Value) -> Value:
    end, start = _end(left), _start(right)
    order = _order(end, start)
    return order < 0 or (order == 0 and not (end.included and start.included))


@built_in(*_four("after"))
def after(left: Value, right: Value) -> Value:
    return before(right, left)


@built_in(_two_ranges("meets"))
def meets(left: Range, right: Range) -> Value:
    end, start = _end(left), _start(right)
    return end.included and start.included and _order(end, start) == 0


@built_in(_two_ranges("met by"))
def met_by(left: Range, right: Range) -> Value:
    return meets(right, left)


@built_in(_two_ranges("overlaps"))
def overlaps(left: Range, right: Range) -> Value:
    return not before(left, right) and not before(right, left)


@built_in(_two_ranges("overlaps before"))
def overlaps_before(left: Range, right: Range) -> Value:
    starts, ends = _order(_start(left), _start(right)), _order(_end(left), _end(right))
    first = starts < 0 or (starts == 0 and left.start_included and not right.start_included)
    last = ends < 0 or (ends == 0 and (not left.end_included or right.end_included))
    return first and last and not before(left, right)


@built_in(_two_ranges("overlaps after"))
def overlaps_after(left: Range, right: Range) -> Value:
    return overlaps_before(right, left)


@built_in(*_point_first("finishes"))
def finishes(inner: Value, outer: Value) -> Value:
    whole = _range(outer)
    order = _order(_end(inner), _end(whole))
    if not isinstance(inner, Range):
        return order == 0 and whole.end_included
    starts = _order(_start(inner), _start(whole))
    later = starts > 0 or (starts == 0 and (not inner.start_included or whole.start_included))
    return order == 0 and inner.end_included is whole.end_included and later


@built_in(*_range_first("finished by"))
def finished_by(outer: Value, inner: Value) -> Value:
    return finishes(inner, outer)


@built_in(*_range_first("includes"))
def includes(outer: Value, inner: Value) -> Value:
    whole = _range(outer)
    starts, ends = _order(_start(whole), _start(inner)), _order(_end(whole), _end(inner))
    first, last = _start(inner).included, _end(inner).included
    return (starts < 0 or (starts == 0 and (whole.start_included or not first))) and (
        ends > 0 or (ends == 0 and (whole.end_included or not last))
    )


@built_in(*_point_first("during"))
def during(inner: Value, outer: Value) -> Value:
    return includes(outer, inner)


@built_in(*_point_first("starts"))
def starts(inner: Value, outer: Value) -> Value:
    whole = _range(outer)
    order = _order(_start(inner), _start(whole))
    if not isinstance(inner, Range):
        return order == 0 and whole.start_included
    ends = _order(_end(inner), _end(whole))
    sooner = ends < 0 or (ends == 0 and (not inner.end_included or whole.end_included))
    return order == 0 and inner.start_included is whole.start_included and sooner


@built_in(*_range_first("started by"))
def started_by(outer: Value, inner: Value) -> Value:
    return starts(inner, outer)


@built_in("coincides(point1: Any, point2: Any) -> boolean", "coincides(range1: Any, range2: Any) -> boolean")
def coincides(left: Value, right: Value) -> Value:
    if isinstance(left, Range) is not isinstance(right, Range):
        raise NullResult("argument-type", "a point and a range cannot coincide")
    first, second = _start(left), _start(right)
    third, fourth = _end(left), _end(right)
    return (
        _order(first, second) == 0 and first.included is second.included
        and _order(third, fourth) == 0 and third.included is fourth.included
    )
