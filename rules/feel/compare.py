"""Equality, order and membership, three-valued: None where two values cannot be compared (10.3.2.13)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration
from schuldhulp.rules.feel.temporal.durations import NANOS
from schuldhulp.rules.feel.values import Range, Value


def equal(left: Value, right: Value) -> bool | None:
    """left = right; null equals null only; None for values of different kinds."""
    if left is None or right is None:
        return left is right
    if type(left) is not type(right):
        return None
    match left:
        case Decimal() | str() | bool() | FeelDate() | YearsMonthsDuration() | DaysTimeDuration():
            return left == right
        case list():
            assert isinstance(right, list)
            return len(left) == len(right) and both(equal(a, b) for a, b in zip(left, right, strict=True))
        case dict():
            assert isinstance(right, dict)
            return left.keys() == right.keys() and both(equal(item, right[name]) for name, item in left.items())
        case Range():
            assert isinstance(right, Range)
            return _equal_ranges(left, right)
        case FeelTime() | FeelDateTime():
            return compare(left, right) == 0
    return left == right  # functions: the same parameters, body and scope


def _equal_ranges(left: Range, right: Range) -> bool | None:
    if (left.operator, left.start_included, left.end_included) != (
        right.operator, right.start_included, right.end_included,
    ):
        return False
    return both((equal(left.start, right.start), equal(left.end, right.end)))


def both(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued and."""
    known: bool | None = True
    for answer in answers:
        if answer is False:
            return False
        if answer is None:
            known = None
    return known


def either(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued or."""
    known: bool | None = False
    for answer in answers:
        if answer is True:
            return True
        if answer is None:
            known = None
    return known


# What the order of each kind goes by; of times and date-times see _compare_clocks.
_ORDER: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda value: value,
    str: lambda value: value,
    FeelDate: lambda value: (value.year, value.month, value.day),
    YearsMonthsDuration: lambda value: value.total_months,
    DaysTimeDuration: lambda value: value.nanos,
}


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1, or None where there is no order: null, other kinds, or kinds without order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if isinstance(left, (FeelTime, FeelDateTime)) and isinstance(right, (FeelTime, FeelDateTime)):
        return _compare_clocks(left, right)
    order = _ORDER.get(kind)
    if order is None:
        return None
    return _sign(order(left), order(right))


def _compare_clocks(left: FeelTime | FeelDateTime, right: FeelTime | FeelDateTime) -> int:
    """In whole seconds (10.3.2.3.4 and .5), so that "=" and "<=" agree. Where only one side has a zone, the other is
    taken to be in the same one (Table 54): the clocks on the wall are compared, as they are within one zone."""
    if left.zoned is not right.zoned or _same_zone(left, right):
        return _sign(_wall(left), _wall(right))
    return _sign(_utc(left), _utc(right))


def _same_zone(left: FeelTime | FeelDateTime, right: FeelTime | FeelDateTime) -> bool:
    """Two times of day in one zone; of two date-times the offsets may differ by season."""
    return isinstance(left, FeelTime) and isinstance(right, FeelTime) and left.zone is not None and left.zone == right.zone


def _wall(value: FeelTime | FeelDateTime) -> int:
    if isinstance(value, FeelDateTime):
        return value.date.days * 86_400 + value.time.second_of_day
    return value.second_of_day


def _utc(value: FeelTime | FeelDateTime) -> int:
    return value.instant // NANOS if isinstance(value, FeelDateTime) else value.second_of_day - value.utc_offset


def _sign(left: Any, right: Any) -> int:
    return int(left > right) - int(left < right)


def is_same(left: Value, right: Value) -> bool:
    """is(): the same element of the domain, with offset and zone as written (10.3.4.9)."""
    if type(left) is not type(right):
        return False
    match left:
        case list():
            assert isinstance(right, list)
            return len(left) == len(right) and all(map(is_same, left, right))
        case dict():
            assert isinstance(right, dict)
            return left.keys() == right.keys() and all(is_same(item, right[name]) for name, item in left.items())
        case Range():
            return equal(left, right) is True
    return left == right


def in_range(value: Value, within: Range) -> bool | None:
    """Whether a value lies in a range; None when it cannot be compared with an end."""
    if within.operator == "!=":
        answer = equal(value, within.start)
        return None if answer is None else not answer
    if within.operator is None and (within.start is None or within.end is None):
        return None  # [null..10] is not a test of anything
    if within.operator == "=":
        return equal(value, within.start)
    above = _beyond(value, within.start, within.start_included, 1)
    below = _beyond(value, within.end, within.end_included, -1)
    return both((above, below))


def _beyond(value: Value, end: Value, included: bool, side: int) -> bool | None:
    if end is None:
        return True
    order = compare(value, end)
    if order is None:
        return None
    return order == side or (included and order == 0)


def is_member(value: Value, test: Value) -> bool | None:
    """value in test: equal to it, inside the range, or a member of the list or of one of its ranges.

    Items of another kind than the value are no members; a single test of another kind has no answer.
    """
    match test:
        case Range():
            return equal(value, test) if isinstance(value, Range) else in_range(value, test)
        case list():
            found = any((is_member if isinstance(item, Range) else equal)(value, item) is True for item in test)
            return found or (isinstance(value, list) and equal(value, test) is True)
    return equal(value, test)
