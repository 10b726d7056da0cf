"""Boxes in a grid: where does a set of boxes leave a hole, exactly?

An axis has a few classes of values (bit 0, bit 1, ...); a box is one set of classes per axis, as an int. A rule is a
box, and so is a hole. Nothing here knows of FEEL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Box = tuple[int, ...]
Point = tuple[int, ...]  # the number of a class per axis


class TooMuchWork(Exception):
    """The question needs more steps than allowed; nothing is claimed about the answer."""


def bits(mask: int) -> Iterator[int]:
    """The positions of the ones, from low to high.

    >>> list(bits(0b1010))
    [1, 3]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes have a point in common."""
    return all(a & b for a, b in zip(one, other, strict=True))


def meeting(one: Box, other: Box) -> Box:
    return tuple(a & b for a, b in zip(one, other, strict=True))


def corner(box: Box) -> Point:
    """A point of a box that is not empty."""
    return tuple((mask & -mask).bit_length() - 1 for mask in box)


class Cover:
    """Boxes asked whether they cover another. `steps` bounds the work of all questions together."""

    def __init__(self, boxes: Sequence[Box], steps: int = 400_000) -> None:
        self.boxes = list(boxes)
        self.steps = steps

    def hole(self, box: Box, among: Sequence[int] | None = None) -> Point | None:
        """A point of *box* that none of the boxes (only those numbered in *among*) holds, or None. Raises TooMuchWork.

        Splits one axis after another. Classes of an axis that the same boxes hold are one case, and of all cases only
        those held by the fewest boxes (by inclusion) need a look: what covers them covers the rest.
        """
        if not all(box):
            return None
        chosen = [self.boxes[n] for n in (range(len(self.boxes)) if among is None else among)]
        near = [other for other in chosen if meets(box, other)]
        order = sorted(range(len(box)), key=lambda axis: -sum(1 for other in near if box[axis] & ~other[axis]))
        search = _Search(box, near, order, self)
        found = search.run(0, (1 << len(near)) - 1)
        if found is None:
            return None
        point = dict(zip(order, found, strict=True))
        return tuple(point[axis] for axis in range(len(box)))

    def widen(self, point: Point, room: Box) -> Box:
        """A box around a hole, within *room*, as wide as can be, that still no box meets."""
        box = [1 << at for at in point]
        for axis in reversed(range(len(box))):
            blocking = 0
            for other in self.boxes:
                if all(other[a] & box[a] for a in range(len(box)) if a != axis):
                    blocking |= other[axis]
            box[axis] |= room[axis] & ~blocking
        return tuple(box)


class _Search:
    def __init__(self, box: Box, near: list[Box], order: list[int], cover: Cover) -> None:
        self.cover = cover
        self.depth = len(order)
        self.cases: list[list[tuple[int, int]]] = []  # per axis in order: (boxes that hold the class, the class)
        for axis in order:
            holding: dict[int, int] = {}
            for at in bits(box[axis]):
                held = 0
                for n, other in enumerate(near):
                    if other[axis] >> at & 1:
                        held |= 1 << n
                holding.setdefault(held, at)
            self.cases.append(list(holding.items()))
        self.full = [0] * (self.depth + 1)  # boxes that hold everything from this axis on
        self.full[self.depth] = (1 << len(near)) - 1
        for level in range(self.depth - 1, -1, -1):
            everywhere = self.full[level + 1]
            for held, _ in self.cases[level]:
                everywhere &= held
            self.full[level] = everywhere
        self.covered: set[tuple[int, int]] = set()

    def run(self, level: int, alive: int) -> tuple[int, ...] | None:
        if not alive:
            return tuple(case[0][1] for case in self.cases[level:])
        if self.full[level] & alive or (level, alive) in self.covered:
            return None
        self.cover.steps -= 1
        if self.cover.steps < 0:
            raise TooMuchWork
        for held, at in _fewest(self.cases[level], alive):
            below = self.run(level + 1, held)
            if below is not None:
                return (at, *below)
        self.covered.add((level, alive))
        return None


def _fewest(cases: list[tuple[int, int]], alive: int) -> list[tuple[int, int]]:
    """The cases cut down to *alive* boxes, without those that hold all that another one holds."""
    cut: dict[int, int] = {}
    for held, at in cases:
        cut.setdefault(held & alive, at)
    kept: list[tuple[int, int]] = []
    for held, at in sorted(cut.items(), key=lambda case: case[0].bit_count()):
        if not any(small & held == small for small, _ in kept):
            kept.append((held, at))
    return kept
