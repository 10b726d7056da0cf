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
        self.boxes: list[Box] = []
        self.steps = steps
        self.holding: list[dict[int, int]] = []  # per axis: class -> the set of boxes (bit n: box n) that hold it
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        bit = 1 << len(self.boxes)
        self.boxes.append(box)
        while len(self.holding) < len(box):
            self.holding.append({})
        for held, mask in zip(self.holding, box, strict=True):
            for at in bits(mask):
                held[at] = held.get(at, 0) | bit

    def hole(self, box: Box, among: int | None = None) -> Point | None:
        """A point of *box* that none of the boxes (only those in the set *among*) holds, or None. Raises TooMuchWork.

        Splits one axis after another. Classes of an axis that the same boxes hold are one case, and of all cases only
        those held by the fewest boxes (by inclusion) need a look: what covers them covers the rest.
        """
        if not all(box):
            return None
        near = (1 << len(self.boxes)) - 1 if among is None else among
        cases: list[list[tuple[int, int]]] = []  # per axis: (boxes that hold the class, the class)
        for axis, mask in enumerate(box):
            held = self.holding[axis] if axis < len(self.holding) else {}
            cases.append([(held.get(at, 0), at) for at in bits(mask)])
            near &= _union(cases[-1])
        order = sorted(range(len(box)), key=lambda axis: _everywhere(cases[axis], near).bit_count())
        found = _Search([_distinct(cases[axis], near) for axis in order], near, self).run(0, near)
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


def _union(cases: Sequence[tuple[int, int]]) -> int:
    found = 0
    for held, _ in cases:
        found |= held
    return found


def _everywhere(cases: Sequence[tuple[int, int]], near: int) -> int:
    for held, _ in cases:
        near &= held
    return near


def _distinct(cases: Sequence[tuple[int, int]], near: int) -> list[tuple[int, int]]:
    found: dict[int, int] = {}
    for held, at in cases:
        found.setdefault(held & near, at)
    return list(found.items())


class _Search:
    def __init__(self, cases: list[list[tuple[int, int]]], near: int, cover: Cover) -> None:
        self.cover = cover
        self.cases = cases
        self.full = [near]  # from the end: boxes that hold everything from this axis on
        for level in reversed(cases):
            self.full.append(_everywhere(level, self.full[-1]))
        self.full.reverse()
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


def _fewest(cases: Sequence[tuple[int, int]], alive: int) -> list[tuple[int, int]]:
    """The cases cut down to *alive* boxes, without those that hold all that another one holds."""
    kept: list[tuple[int, int]] = []
    for held, at in sorted(_distinct(cases, alive), key=lambda case: case[0].bit_count()):
        if not any(small & held == small for small, _ in kept):
            kept.append((held, at))
    return kept
