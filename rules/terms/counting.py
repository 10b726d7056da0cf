"""The count itself: one rule, its facts and one set of readings give one Outcome. No explanation here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schuldhulp.rules.terms import arithmetic, suspension
from schuldhulp.rules.terms.calendar import ONE_DAY, Calendar
from schuldhulp.rules.terms.errors import AcceptanceNeeded
from schuldhulp.rules.terms.model import Gives, Ground, Length, Rule, Shift, Source, Start, Unit
from schuldhulp.rules.terms.readings import Readings
from schuldhulp.rules.terms.suspension import Stop, Suspension


@dataclass(frozen=True, slots=True)
class Adjournment:
    """More time: *length* units. ``on``: day of the notice; ``consent``: further delay with consent (7:10 lid 4)."""

    length: int
    unit: Unit = Unit.WEEKS
    on: date | None = None
    reason: str = ""
    consent: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a count needs to know, checked."""

    rule: Rule
    trigger: date
    length: Length
    own_length: bool
    accepted: date | None = None
    suspensions: tuple[tuple[Suspension, Ground], ...] = ()
    adjournments: tuple[Adjournment, ...] = ()


@dataclass(frozen=True, slots=True)
class Added:
    """Days that one adjournment added to the unextended end."""

    adjournment: Adjournment
    days: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The dates under one set of readings."""

    counted_from: date
    first: date  # first day of the term
    unextended: date  # last day, suspensions and adjournments in, no shift
    last: date  # last day after the shift
    ends: date  # the answer: last, or the day after it
    stops: tuple[Stop, ...]  # suspended days that moved the end
    added: tuple[Added, ...]
    shift: Shift
    calendar: Calendar
    complete: bool


def outcome(facts: Facts, calendar: Calendar, readings: Readings) -> Outcome:
    """The dates of a term under *readings*. Raises TermError for facts the reading cannot use."""
    start = _counted_from(facts, readings)
    first = start if facts.rule.start is Start.SAME_DAY else start + ONE_DAY
    if facts.length.unit is Unit.WORKING_DAYS:
        return _in_working_days(facts, start, first, calendar, readings)
    stops = suspension.union(
        each for case, ground in facts.suspensions if (each := suspension.stop(case, ground, readings)) is not None
    )
    end, added = _adjourned(facts, start, first, stops, calendar, readings)
    unextended, effective = suspension.end_after(first, end, stops)
    shift = _shift(facts, [each.adjournment for each in added], readings)
    last = _shifted(shift, first, unextended, calendar, facts.length)
    ends = last + ONE_DAY if facts.rule.gives is Gives.DAY_AFTER else last
    complete = shift is Shift.NONE or (calendar.is_complete(unextended) and calendar.is_complete(last))
    return Outcome(start, first, unextended, last, ends, tuple(effective), added, shift, calendar, complete)


def _in_working_days(facts: Facts, start: date, first: date, calendar: Calendar, readings: Readings) -> Outcome:
    """Working days skip every free day, so nothing is shifted on top (terms.md section E)."""
    core = readings.equated_days_are_working_days and "equated_days_are_working_days" in facts.rule.readings
    used = calendar.core if core else calendar
    last = arithmetic.add_working_days(start, facts.length.count, used)
    complete = used.is_complete(first) and used.is_complete(last)
    return Outcome(start, first, last, last, last, (), (), Shift.NONE, used, complete)


def _counted_from(facts: Facts, readings: Readings) -> date:
    if readings.signal_term_from_acceptance and "signal_term_from_acceptance" in facts.rule.readings:
        if facts.accepted is None:
            raise AcceptanceNeeded(facts.rule.id)
        return facts.accepted
    return facts.trigger


def _adjourned(
    facts: Facts, start: date, first: date, stops: Sequence[Stop], calendar: Calendar, readings: Readings
) -> tuple[date, tuple[Added, ...]]:
    """The end with the adjournments that were made in time, before suspension and shift; a later one has no effect."""
    end = arithmetic.unshifted_end(start, facts.length, facts.rule.start)
    added: list[Added] = []
    for each in sorted(facts.adjournments, key=lambda each: each.on or date.min):
        so_far = [one.adjournment for one in added]
        if each.on is not None:
            running, _ = suspension.end_after(first, end, stops)
            expires = _shifted(_shift(facts, so_far, readings), first, running, calendar, facts.length)
            if each.on > expires:
                continue
        later = _later(facts, start, end, [*so_far, each])
        added.append(Added(each, (later - end).days))
        end = later
    return end, tuple(added)


def _later(facts: Facts, start: date, end: date, adjournments: Sequence[Adjournment]) -> date:
    """The end after the last of *adjournments*. Months count from the start: 31 January + 1 + 2 is 30 April."""
    newest = adjournments[-1]
    if facts.length.unit is Unit.MONTHS and all(each.unit is Unit.MONTHS for each in adjournments):
        months = facts.length.count + sum(each.length for each in adjournments)
        return arithmetic.unshifted_end(start, Length(months, Unit.MONTHS), facts.rule.start)
    return arithmetic.add_length(end, Length(newest.length, newest.unit))


def _shift(facts: Facts, adjournments: Sequence[Adjournment], readings: Readings) -> Shift:
    """What moves a free last day under these readings."""
    rule, length = facts.rule, facts.length
    if facts.own_length:  # a target is policy, a court's term an order: no Atw (terms.md section A)
        return Shift.NONE
    if readings.atw_on_ordinance_term and "atw_on_ordinance_term" in rule.readings:
        return Shift.ATW if arithmetic.atw_covers(length, Source.WET) else Shift.NONE
    if readings.atw_on_notice_weeks and "atw_on_notice_weeks" in rule.readings:
        return Shift.ATW
    if rule.shift is not Shift.ATW:
        return rule.shift
    if readings.no_atw_past_twelve_weeks and "no_atw_past_twelve_weeks" in rule.readings and adjournments:
        weeks = sum(each.length for each in adjournments if each.unit is Unit.WEEKS)
        if length.unit is Unit.WEEKS and length.count + weeks > arithmetic.ATW_LIMITS[Unit.WEEKS]:
            return Shift.NONE
    return Shift.ATW if arithmetic.atw_covers(length, rule.source) else Shift.NONE


def _shifted(shift: Shift, first: date, end: date, calendar: Calendar, length: Length) -> date:
    match shift:
        case Shift.ATW:
            return arithmetic.extend_by_atw(first, end, calendar, length)
        case Shift.EU:
            return arithmetic.on_or_after(end, calendar)  # Verordening 1182/71 art. 3 lid 4
        case Shift.NONE:
            return end
