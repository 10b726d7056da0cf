"""The steps of a plain table: the few comparisons between inputs and outputs, and nothing else.

Texts and booleans together pick the rules that may match, by one look-up. Of these the first few are tried at once, by
comparing the numbers; of many others the index knows which match.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any

from schuldhulp.rules.dmn.classes import Steps
from schuldhulp.rules.feel.values import Value

Inputs = Mapping[str, Any]
Call = Callable[[Inputs], Value]
BEYOND = Decimal("1E+6145")  # more than any number of FEEL
FEW = 4  # rules that are tried one by one before the index is asked
MANY = 100  # of so many candidates the first few seldom match: the index is asked at once
COMBINATIONS = 4096  # of texts and booleans that are remembered

Between = tuple[str, Decimal, Decimal]  # an input and the ends of what passes
Scattered = tuple[str, Sequence[Decimal], Sequence[bool]]  # an input, bounds, and whether each stretch passes
# A rule: tests of numbers that include their lower end only, both ends, or are of another form; the numbers that it does
# not test; its outputs. A tuple, since taking it apart is most of the work.
Line = tuple[tuple[Between, ...], tuple[Between, ...], tuple[Scattered, ...], tuple[str, ...], Any]


class OutOfTheOrdinary(Exception):
    """The inputs are not what the short way is for."""


UNUSUAL = (OutOfTheOrdinary, LookupError, TypeError, ArithmeticError)  # what a strange input makes of a comparison


def make_line(numbers: Sequence[tuple[str, Steps]], row: Value) -> Line:
    """A rule from its outcome on each stretch of each number. Every test has two ends, so that infinity passes none."""
    right_open: list[Between] = []
    closed: list[Between] = []
    scattered: list[Scattered] = []
    for name, steps in numbers:
        if all(steps.outcomes):
            continue
        bounds: list[Any] = [-BEYOND, *steps.constants, BEYOND]
        runs = list(_runs(steps.outcomes))
        if len(runs) == 1 and runs[0][0] % 2:  # from a constant on; even positions lie between two
            start, end = runs[0]
            ends: Any = (name, bounds[(start + 1) // 2], bounds[end // 2 + 1 if end % 2 == 0 else (end + 1) // 2])
            (closed if end % 2 else right_open).append(ends)
        else:
            scattered.append((name, bounds, [False, False, *steps.outcomes, False, False]))
    tested = {name for name, *_ in (*right_open, *closed, *scattered)}
    untested = tuple(name for name, _ in numbers if name not in tested)
    return tuple(right_open), tuple(closed), tuple(scattered), untested, row


def _runs(outcomes: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """First and last position of every row of stretches that pass."""
    start = None
    for at, passes in enumerate((*outcomes, False)):
        if passes and start is None:
            start = at
        elif not passes and start is not None:
            yield start, at - 1
            start = None


def exact(bounds: Sequence[Decimal], value: Decimal) -> int:
    """The stretch of a value where each bound is a stretch of its own."""
    at = bisect_left(bounds, value)
    return 2 * at + 1 if at < len(bounds) and bounds[at] == value else 2 * at


@dataclass(frozen=True, slots=True)
class NumberColumn:
    """Bounds, the rules per stretch, and the search that tells the stretch."""

    name: str
    bounds: Sequence[Decimal]
    masks: Sequence[int]
    search: Callable[[Sequence[Decimal], Decimal], int]


class Plan:
    """A plain table worked out. Shared between threads: what it remembers is the same whoever fills it in."""

    def __init__(
        self,
        texts: Sequence[tuple[str, Mapping[str, int]]],
        flags: Sequence[tuple[str, int, int]],
        columns: Sequence[NumberColumn],
        lines: Sequence[Line],
        policy: str,
    ) -> None:
        self.policy, self.only_first = policy, policy == "F"
        self.text_masks = tuple(known for _, known in texts)
        self.flag_masks = tuple((when_true, when_false) for _, when_true, when_false in flags)
        self.columns = tuple((one.name, one.bounds, one.masks, one.search) for one in sorted(columns, key=_share))
        self.lines = tuple(lines)
        self.words = _reader([*(name for name, _ in texts), *(name for name, _, _ in flags)])
        self.remembered: dict[tuple[Any, ...], tuple[tuple[Line, ...], int]] = {}

    def candidates(self, words: tuple[Any, ...]) -> tuple[tuple[Line, ...], int]:
        """Of the rules that these texts and booleans let through those to try one by one, and the set of the others."""
        mask = (1 << len(self.lines)) - 1
        for masks, text in zip(self.text_masks, words, strict=False):
            mask &= masks[text]
        for (when_true, when_false), flag in zip(self.flag_masks, words[len(self.text_masks) :], strict=True):
            mask &= when_true if flag else when_false
        size = mask.bit_count()
        trying = FEW if size <= FEW or (self.only_first and size <= MANY) else 0
        found = tuple(self.lines[at] for at in islice(_bits(mask), trying))
        others = mask
        for _ in found:
            others &= others - 1
        if len(self.remembered) < COMBINATIONS and all(map(dict.__contains__, self.text_masks, words)):
            self.remembered[words] = found, others
        return found, others

    def look_up(self, mask: int, inputs: Inputs) -> list[Value]:
        """The outputs of those of a set of rules that match, in order, by the index; of the first of them only."""
        for name, bounds, masks, search in self.columns:
            number = inputs[name]
            if number.__class__ is not Decimal:
                raise OutOfTheOrdinary
            mask &= masks[search(bounds, number)]
            if not mask:
                return []
        if self.only_first:
            return [self.lines[(mask & -mask).bit_length() - 1][-1]]
        return [self.lines[at][-1] for at in _bits(mask)]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        mask ^= low
        yield low.bit_length() - 1


def _share(column: NumberColumn) -> float:
    """How many rules a column leaves on average: the one that leaves fewest comes first."""
    return sum(mask.bit_count() for mask in column.masks) / len(column.masks)


def _reader(names: Sequence[str]) -> Callable[[Inputs], tuple[Any, ...]]:
    """The values under these names as a tuple; a KeyError when one is missing."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda inputs: tuple(inputs[name] for name in names)


def call_of(plan: Plan, others: frozenset[str], fresh: bool, long_way: Call) -> Call:
    """The outputs as a function of the inputs; *long_way* is called when the inputs are not what they should be.

    *others* are names of decisions, which the caller may replace; *fresh* says that the outputs are a dict, of which
    every call gets one of its own. One long function, since each call within would cost as much as all comparisons.
    """
    read_words, known, candidates, look_up = plan.words, plan.remembered.get, plan.candidates, plan.look_up
    flags = tuple(range(len(plan.text_masks), len(plan.text_masks) + len(plan.flag_masks)))
    flag, other, more = _two(flags)
    only_first, unique, several = plan.only_first, plan.policy == "U", plan.policy in "CR"
    is_finite = Decimal.is_finite  # a TypeError for anything but a Decimal

    def call(inputs: Inputs) -> Any:
        if others and not others.isdisjoint(inputs):
            return long_way(inputs)
        rows: list[Any] | None = None
        try:
            words = read_words(inputs)
            if flags:  # 1 would find what is remembered for True
                if words[flag].__class__ is not bool or words[other].__class__ is not bool:
                    return long_way(inputs)
                for at in more:
                    if words[at].__class__ is not bool:
                        return long_way(inputs)
            lines, rest = known(words) or candidates(words)
            for right_open, closed, scattered, untested, row in lines:
                for name, low, high in right_open:
                    number = inputs[name]
                    if number.__class__ is not Decimal or not low <= number < high:
                        break
                else:
                    if (closed and not _within(closed, inputs)) or (scattered and not _among(scattered, inputs)):
                        continue
                    for name in untested:
                        if not is_finite(inputs[name]):
                            return long_way(inputs)
                    if only_first:
                        return row.copy() if fresh else row
                    if rows is None:
                        rows = [row]
                    else:
                        rows.append(row)
            if rest:
                rows = look_up(rest, inputs)
        except UNUSUAL:
            return long_way(inputs)
        if not rows or (unique and len(rows) > 1):
            return long_way(inputs)
        if several:
            return [row.copy() for row in rows] if fresh else rows
        return rows[0].copy() if fresh else rows[0]

    return call


def _two(flags: Sequence[int]) -> tuple[int, int, Sequence[int]]:
    """The first two, the same one twice if need be, and the others: two comparisons cost less than a loop."""
    return (flags[0], flags[-1 if len(flags) < 2 else 1], flags[2:]) if flags else (0, 0, ())


def _within(tests: Sequence[Between], inputs: Inputs) -> bool:
    for name, low, high in tests:
        number = inputs[name]
        if number.__class__ is not Decimal or not low <= number <= high:
            return False
    return True


def _among(tests: Sequence[Scattered], inputs: Inputs) -> bool:
    for name, bounds, passing in tests:
        number = inputs[name]
        if number.__class__ is not Decimal or not passing[exact(bounds, number)]:
            return False
    return True
