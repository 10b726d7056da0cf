"""Lists (DMN 1.5, 10.3.4.4). Positions count from 1, or from -1 backwards."""

from __future__ import annotations

from decimal import Decimal

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.callables import Function, Run
from schuldhulp.rules.feel.compare import both, either, equal
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.values import Value, brief, kind, weight

registry = Registry()
built_in = registry.built_in


@built_in("list contains(list: list, element: Any) -> boolean", run=True)
def list_contains(run: Run, items: list[Value], element: Value) -> Value:
    _charge(run, items, element)
    return _holds(items, element)


@built_in("count(list: list) -> number")
def count(items: list[Value]) -> Value:
    return Decimal(len(items))


@built_in("all(list: list) -> boolean", "all(b: Any...) -> boolean")
def all_(items: list[Value]) -> Value:
    return _answer(both(_booleans(items)))


@built_in("any(list: list) -> boolean", "any(b: Any...) -> boolean")
def any_(items: list[Value]) -> Value:
    return _answer(either(_booleans(items)))


def _booleans(items: list[Value]) -> list[bool | None]:
    wrong = next((item for item in items if not isinstance(item, (bool, type(None)))), None)
    if wrong is not None:
        raise NullResult("argument-type", f"{kind(wrong)} {brief(wrong)} is not a boolean")
    return [item if isinstance(item, bool) else None for item in items]


def _answer(answer: bool | None) -> Value:
    if answer is None:
        raise NullResult("null-operand", "an item is null")
    return answer


@built_in("sublist(list: list, start position: number, length?: number) -> list")
def sublist(items: list[Value], start: Decimal, length: Decimal | None) -> Value:
    first = numbers.whole(start, "the start position")
    if first == 0 or abs(first) > len(items):
        raise NullResult("out-of-range", f"there is no item {first} in a list of {len(items)}")
    begin = first - 1 if first > 0 else len(items) + first
    if length is None:
        return items[begin:]
    taken = numbers.whole(length, "the length")
    if taken < 1 or begin + taken > len(items):
        raise NullResult("out-of-range", f"there are no {taken} items from {first} on in a list of {len(items)}")
    return items[begin : begin + taken]


@built_in("append(list: list, item: Any...) -> list")
def append(items: list[Value], added: list[Value]) -> Value:
    return [*items, *added]


@built_in("concatenate(list: list...) -> list")
def concatenate(lists: list[list[Value]]) -> Value:
    return [item for items in lists for item in items]


@built_in("insert before(list: list, position: number, newItem: Any) -> list")
def insert_before(items: list[Value], position: Decimal, item: Value) -> Value:
    at = _position(items, position)
    return [*items[:at], item, *items[at:]]


@built_in("remove(list: list, position: number) -> list")
def remove(items: list[Value], position: Decimal) -> Value:
    at = _position(items, position)
    return [*items[:at], *items[at + 1 :]]


@built_in("list replace(list: list, position: number, newItem: Any) -> list")
def list_replace(items: list[Value], position: Decimal, item: Value) -> Value:
    at = _position(items, position)
    return [*items[:at], item, *items[at + 1 :]]


@built_in("list replace(list: list, match: function, newItem: Any) -> list", run=True)
def list_replace_matching(run: Run, items: list[Value], match: Function, item: Value) -> Value:
    return [item if _asked(run, match, [old, item]) else old for old in items]


def _asked(run: Run, function: Function, arguments: list[Value]) -> bool:
    answer = function.call(run, arguments)
    if not isinstance(answer, bool):
        raise NullResult("type-mismatch", f"the function gives {kind(answer)} {brief(answer)}, not a boolean")
    return answer


def _position(items: list[Value], position: Decimal) -> int:
    """An index from 0 for a position from 1 or from -1."""
    at = numbers.whole(position, "the position")
    if at == 0 or abs(at) > len(items):
        raise NullResult("out-of-range", f"there is no position {at} in a list of {len(items)}")
    return at - 1 if at > 0 else len(items) + at


@built_in("reverse(list: list) -> list")
def reverse(items: list[Value]) -> Value:
    return items[::-1]


@built_in("index of(list: list, match: Any) -> list<number>", run=True)
def index_of(run: Run, items: list[Value], match: Value) -> Value:
    _charge(run, items, match)
    return [Decimal(at) for at, item in enumerate(items, 1) if equal(item, match) is True]


@built_in("union(list: list...) -> list", run=True)
def union(run: Run, lists: list[list[Value]]) -> Value:
    return _distinct(run, [item for items in lists for item in items])


@built_in("distinct values(list: list) -> list", run=True)
def distinct_values(run: Run, items: list[Value]) -> Value:
    return _distinct(run, items)


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    kept: list[Value] = []
    seen: set[Value] = set()
    for item in items:
        if isinstance(item, (str, Decimal)):  # equal exactly when Python says so
            if item not in seen:
                seen.add(item)
                kept.append(item)
            continue
        _charge(run, kept, item)
        if not _holds(kept, item):
            kept.append(item)
    return kept


def _charge(run: Run, items: list[Value], element: Value) -> None:
    """The work of comparing an element with each item; most comparisons of large values end early."""
    run.charge(len(items) * (1 + weight(element) // 16))


def _holds(items: list[Value], element: Value) -> bool:
    return any(equal(item, element) is True for item in items)


@built_in("flatten(list: list) -> list", run=True)
def flatten(run: Run, items: list[Value]) -> Value:
    flat: list[Value] = []
    stack: list[Value] = [items]
    while stack:
        item = stack.pop()
        if isinstance(item, list):
            run.charge(len(item))
            stack.extend(reversed(item))
        else:
            flat.append(item)
    return flat


@built_in("sort(list: list, precedes: function) -> list", run=True)
def sort(run: Run, items: list[Value], precedes: Function) -> Value:
    """A stable merge sort; `precedes` need not be consistent, the answer is then some order."""
    runs = [[item] for item in items]
    while len(runs) > 1:
        pairs = [runs[at : at + 2] for at in range(0, len(runs), 2)]
        runs = [_merged(run, pair[0], pair[1], precedes) if len(pair) == 2 else pair[0] for pair in pairs]
    return runs[0] if runs else []


def _merged(run: Run, left: list[Value], right: list[Value], precedes: Function) -> list[Value]:
    merged: list[Value] = []
    i = j = 0
    while i < len(left) and j < len(right):
        run.charge(1)
        if _asked(run, precedes, [right[j], left[i]]):
            merged.append(right[j])
            j += 1
        else:
            merged.append(left[i])
            i += 1
    return [*merged, *left[i:], *right[j:]]
