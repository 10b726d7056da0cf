"""Over the items of a list: min, max, sum and the statistics of DMN 1.5, 10.3.4.4."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import reduce

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.compare import compare
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.temporal import DaysTimeDuration, YearsMonthsDuration
from schuldhulp.rules.feel.values import Value, brief, kind

registry = Registry()
built_in = registry.built_in


@built_in("min(list: list) -> Any", "min(c: Any...) -> Any")
def min_(items: list[Value]) -> Value:
    return _extreme(items, -1)


@built_in("max(list: list) -> Any", "max(c: Any...) -> Any")
def max_(items: list[Value]) -> Value:
    return _extreme(items, 1)


def _extreme(items: list[Value], side: int) -> Value:
    if not items:
        raise NullResult("empty-list", "an empty list has no smallest or largest item")
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            wrong = item if compare(best, best) is not None else best
            reason = "null-operand" if wrong is None else "argument-type"
            raise NullResult(reason, f"{kind(wrong)} {brief(wrong)} cannot be ordered with the other items")
        if order == side:
            best = item
    return best


@built_in("sum(list: list) -> number", "sum(n: Any...) -> number")
def sum_(items: list[Value]) -> Value:
    kinds = set(map(type, items))
    if kinds == {YearsMonthsDuration}:
        return YearsMonthsDuration(sum(i.total_months for i in items if isinstance(i, YearsMonthsDuration)))
    if kinds == {DaysTimeDuration}:
        return DaysTimeDuration(sum(i.nanos for i in items if isinstance(i, DaysTimeDuration)))
    return _total(_numbers(items))


@built_in("mean(list: list) -> number", "mean(n: Any...) -> number")
def mean(items: list[Value]) -> Value:
    found = _numbers(items)
    return numbers.divide(_total(found), Decimal(len(found)))


@built_in("product(list: list) -> number", "product(n: Any...) -> number")
def product(items: list[Value]) -> Value:
    result = numbers.ONE
    for item in _numbers(items):
        result = numbers.multiply(result, item)
    return result


@built_in("median(list: list) -> number", "median(n: Any...) -> number")
def median(items: list[Value]) -> Value:
    found = sorted(_numbers(items))
    middle = len(found) // 2
    if len(found) % 2:
        return found[middle]
    return numbers.divide(numbers.add(found[middle - 1], found[middle]), Decimal(2))


@built_in("stddev(list: list) -> number", "stddev(n: Any...) -> number")
def stddev(items: list[Value]) -> Value:
    """Of a sample: divided by n - 1."""
    found = _numbers(items)
    if len(found) < 2:
        raise NullResult("empty-list", "a standard deviation needs two numbers or more")
    middle = numbers.divide(_total(found), Decimal(len(found)))
    squares = [numbers.power(numbers.subtract(item, middle), Decimal(2)) for item in found]
    return numbers.checked(numbers.CONTEXT.sqrt(numbers.divide(_total(squares), Decimal(len(found) - 1))))


@built_in("mode(list: list) -> list<number>", "mode(n: Any...) -> list<number>")
def mode(items: list[Value]) -> Value:
    """The numbers that come most often, from low to high."""
    if not items:
        return []
    counts = Counter(_numbers(items))
    most = max(counts.values())
    return [item for item in sorted(counts) if counts[item] == most]


def _numbers(items: list[Value]) -> list[Decimal]:
    if not items:
        raise NullResult("empty-list", "the list is empty")
    found = [item for item in items if type(item) is Decimal]
    if len(found) < len(items):
        item = next(item for item in items if type(item) is not Decimal)
        reason = "null-operand" if item is None else "argument-type"
        raise NullResult(reason, f"{kind(item)} {brief(item)} is not a number")
    return found


def _total(items: list[Decimal]) -> Decimal:
    return numbers.checked(reduce(numbers.CONTEXT.add, items, numbers.ZERO))  # what is not finite stays so
