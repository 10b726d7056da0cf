"""A table's columns as an index: from the value of an input to the set of rules whose test it passes.

A set of rules is an int with one bit per rule (bit 0 is rule 1). A test whose outcome depends on nothing but the value
is tried once on a representative of each class of values between its own constants (`classes`); between two
neighbouring constants its outcome cannot change. Whatever else a cell holds is evaluated when it matters, exactly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from schuldhulp.rules.dmn.classes import ORDERED, Profile
from schuldhulp.rules.feel.values import Value

Lookup = Callable[[Value], int]  # the rules whose test in this column passes or must be tried


@dataclass(frozen=True, slots=True)
class Column:
    """`lookup` gives the candidates for a value; `dynamic` marks the rules whose cell must still be evaluated."""

    lookup: Lookup
    dynamic: int
    steps: Callable[[type], tuple[Sequence[Any], Sequence[int]]]  # of an ordered kind: bounds, and rules per stretch


def build_column(profiles: Sequence[Profile | None]) -> Column:
    """The index of one column. A cell without a profile depends on more than the value and stays dynamic."""
    dynamic = sum(1 << n for n, profile in enumerate(profiles) if profile is None)
    everything = (1 << len(profiles)) - 1
    if all(profile is None or profile.passes_all for profile in profiles):
        return Column(lambda value: everything, dynamic, lambda kind: ((), (everything,)))
    static = [(1 << n, profile) for n, profile in enumerate(profiles) if profile is not None]
    null = dynamic | sum(bit for bit, profile in static if profile.null)
    truth = dynamic | sum(bit for bit, profile in static if profile.true)
    falsehood = dynamic | sum(bit for bit, profile in static if profile.false)
    text, other_text = _texts(static, dynamic)
    ordered = {kind: _Steps(kind, static, dynamic) for kind in ORDERED}
    unknown = {id(profile): profile for _, profile in static}

    def lookup(value: Value) -> int:
        kind = type(value)
        if isinstance(value, str):
            return text.get(value, other_text)
        if value is None:
            return null
        if kind is bool:
            return truth if value else falsehood
        steps = ordered.get(kind)
        if steps is not None:
            return steps.find(value)
        passing = {key for key, profile in unknown.items() if profile.test(value)}
        return dynamic | sum(bit for bit, profile in static if id(profile) in passing)

    return Column(lookup, dynamic, lambda kind: (ordered[kind].bounds, ordered[kind].masks))


def _texts(static: list[tuple[int, Profile]], dynamic: int) -> tuple[dict[str, int], int]:
    other = dynamic | sum(bit for bit, profile in static if profile.other_text)
    table: dict[str, int] = {}
    for bit, profile in static:
        for text, passes in profile.texts.items():
            if passes != profile.other_text:  # differs from what any unknown text gives
                table[text] = table.get(text, 0) ^ bit
    return {text: other ^ flips for text, flips in table.items()}, other


class _Steps:
    """Rules by position among the sorted constants of a column: below c1, at c1, between c1 and c2, and so on."""

    __slots__ = ("bounds", "masks", "order")

    def __init__(self, kind: type, static: list[tuple[int, Profile]], dynamic: int) -> None:
        self.order = ORDERED[kind].order
        bounds = sorted({self.order(c) for _, p in static for c in p.steps[kind].constants})
        position = {bound: n for n, bound in enumerate(bounds)}
        size = 2 * len(bounds) + 1
        flips = [0] * (size + 1)  # at each position, the rules whose outcome changes there
        for bit, profile in static:
            before = False
            for start, passes in _stretches(profile, kind, position, self.order):
                if passes != before:
                    flips[start] ^= bit
                    before = passes
        masks: list[int] = []
        current = dynamic
        for flip in flips[:size]:
            current ^= flip
            masks.append(current)
        self.bounds, self.masks = bounds, masks

    def find(self, value: Value) -> int:
        key = self.order(value)
        at = bisect_left(self.bounds, key)
        if at < len(self.bounds) and self.bounds[at] == key:
            return self.masks[2 * at + 1]
        return self.masks[2 * at]


def _stretches(
    profile: Profile, kind: type, position: dict[Any, int], order: Callable[[Value], Any]
) -> list[tuple[int, bool]]:
    """Where in the column's positions each class of this cell begins, and whether the test passes there."""
    steps = profile.steps[kind]
    found = [(0, steps.outcomes[0])]
    for n, constant in enumerate(steps.constants):
        at = position[order(constant)]
        found.append((2 * at + 1, steps.outcomes[2 * n + 1]))
        found.append((2 * at + 2, steps.outcomes[2 * n + 2]))
    return found
