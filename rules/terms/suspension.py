"""Opschorting (Awb art. 4:15 and 7:10 lid 2): the days a term stands still, and what that does to its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from schuldhulp.rules.terms.calendar import ONE_DAY
from schuldhulp.rules.terms.errors import BadSuspension, SuspensionOpen
from schuldhulp.rules.terms.model import Ground, GroundKind
from schuldhulp.rules.terms.readings import Readings


@dataclass(frozen=True, slots=True)
class Suspension:
    """One suspension. Which dates belong to it depends on the ground:

    * invitation (4:15-1-a, 7:10-2): ``asked``, ``set_term`` (last day for the answer) and, when answered, ``done``;
    * inquiry (4:15-1-b): ``asked`` and, when received, ``done``;
    * period (4:15-2-a, -b, -c): ``from_`` and ``until``, both inclusive; ``until`` None means it still goes on.
    """

    ground: str
    asked: date | None = None
    set_term: date | None = None
    done: date | None = None
    from_: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """Inclusive days in which the term stood still, on one ground. ``unused``: the set term lapsed without answer."""

    first: date
    last: date
    ground: Ground
    unused: bool = False

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def first_day(suspension: Suspension, ground: Ground) -> date:
    """The first day on which the term stands still. Raises BadSuspension when its date is missing."""
    if ground.kind is GroundKind.PERIOD:
        return _needed(suspension.from_, "from_", "the first day of the delay", ground)
    return _needed(suspension.asked, "asked", "the day on which was asked", ground) + ONE_DAY


def is_open(suspension: Suspension, ground: Ground) -> bool:
    """Whether its end is not known yet. A set term is an end: it may lapse unused."""
    match ground.kind:
        case GroundKind.PERIOD:
            return suspension.until is None
        case GroundKind.INQUIRY:
            return suspension.done is None
        case GroundKind.INVITATION:
            return suspension.done is None and suspension.set_term is None


def lapses_unused(suspension: Suspension, ground: Ground) -> bool:
    """Whether the set term is (as far as known) not answered in time, so that its last day is contested."""
    if ground.kind is not GroundKind.INVITATION or suspension.set_term is None:
        return False
    return suspension.done is None or suspension.done > suspension.set_term


def stop(suspension: Suspension, ground: Ground, readings: Readings) -> Stop | None:
    """The days of one suspension, or None when there are none. Raises BadSuspension, SuspensionOpen.

    Up to ("tot") the day of the answer excludes that day: asked on the 10th, done on the 20th is the 11th to the 19th.
    """
    check_dates(suspension, ground)
    if is_open(suspension, ground):
        raise SuspensionOpen(ground.article, f"The suspension on ground {ground.id} has no end yet; end it first")
    unused = lapses_unused(suspension, ground)
    if ground.kind is GroundKind.PERIOD:
        last = _needed(suspension.until, "until", "the last day of the delay", ground)
    elif unused:
        set_term = _needed(suspension.set_term, "set_term", "the last day for the answer", ground)
        last = set_term if readings.set_term_last_day_suspended else set_term - ONE_DAY
    else:
        last = _needed(suspension.done, "done", "the day of the answer", ground) - ONE_DAY
    first = first_day(suspension, ground)
    return Stop(first, last, ground, unused) if first <= last else None


def check_dates(suspension: Suspension, ground: Ground) -> None:
    """Raises BadSuspension when dates are missing, contradict each other or belong to another kind of ground."""
    first = first_day(suspension, ground)
    if ground.kind is GroundKind.PERIOD:
        wrong = [name for name in ("asked", "set_term", "done") if getattr(suspension, name) is not None]
        if suspension.until is not None and suspension.until < first:
            raise BadSuspension(
                ground.article, f"The delay ends ({suspension.until}) before it begins ({first}); swap them"
            )
    else:
        wrong = [name for name in ("from_", "until") if getattr(suspension, name) is not None]
        if ground.kind is GroundKind.INQUIRY and suspension.set_term is not None:
            wrong.append("set_term")
        for name in ("done", "set_term"):
            when = getattr(suspension, name)
            if when is not None and when < first - ONE_DAY:
                raise BadSuspension(
                    ground.article, f"{name} ({when}) lies before the day of asking ({first - ONE_DAY})"
                )
    if wrong:
        raise BadSuspension(ground.article, f"{', '.join(wrong)} does not belong to ground {ground.id}; leave it out")


def union(stops: Iterable[Stop]) -> list[Stop]:
    """The same calendar days, each once, in order. A day claimed by two grounds stays with the one that began first."""
    result: list[Stop] = []
    for each in sorted(stops, key=lambda each: (each.first, each.last, each.ground.id)):
        first = max(each.first, result[-1].last + ONE_DAY) if result else each.first
        if first <= each.last:
            result.append(Stop(first, each.last, each.ground, each.unused))
    return result


def end_after(first: date, end: date, stops: Sequence[Stop]) -> tuple[date, list[Stop]]:
    """The running end after the suspended days, and the days that moved it.

    *first* is the first day of the term, *end* its unextended last day, *stops* a union. A suspended day counts when
    it lies in the running term: not before *first*, not after the end as moved so far.
    """
    effective: list[Stop] = []
    for each in stops:
        begin = max(each.first, first)
        if begin > each.last:
            continue
        if begin > end:
            break
        inside = Stop(begin, each.last, each.ground, each.unused)  # each day in it moves the end past the next one
        effective.append(inside)
        end += ONE_DAY * inside.days
    return end, effective


def _needed(value: date | None, name: str, meaning: str, ground: Ground) -> date:
    if value is None:
        raise BadSuspension(ground.article, f"A suspension on ground {ground.id} needs {name}: {meaning}")
    return value
