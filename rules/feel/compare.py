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
            order = compare(left, right)
            return None if order is None else order == 0
    return left is right


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


# What the order of each kind goes by. Times count in whole seconds (10.3.2.3.4 and .5), so that "=" and "<=" agree.
_ORDER: dict[type, Callable[[Any], Any]] = {
    Decimal: lambda value: value,
    str: lambda value: value,
    FeelDate: lambda value: (value.year, value.month, value.day),
    FeelTime: lambda value: value.second_of_day - value.utc_offset,
    FeelDateTime: lambda value: value.instant // NANOS,
    YearsMonthsDuration: lambda value: value.total_months,
    DaysTimeDuration: lambda value: value.nanos,
}


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1, or None where there is no order: other kinds, null, or only one of two times has a zone."""
    kind = type(left)
    if kind is not type(right):
        return None
    order = _ORDER.get(kind)
    if order is None:
        return None
    if isinstance(left, (FeelTime, FeelDateTime)) and isinstance(right, (FeelTime, FeelDateTime)):
        if left.zoned is not right.zoned:
            return None
        if isinstance(left, FeelTime) and isinstance(right, FeelTime) and left.zone and left.zone == right.zone:
            return _sign(left.second_of_day, right.second_of_day)
    return _sign(order(left), order(right))


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
