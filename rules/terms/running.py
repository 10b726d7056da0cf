"""A term in a case, as a value: each step gives a new RunningTerm with its end counted anew, or refuses by an article.

Nothing here knows the clock or the case; who asked, why and when it was recorded belong to the events of the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from schuldhulp.rules.terms import suspension as days
from schuldhulp.rules.terms.calendar import Calendar, shipped_calendar
from schuldhulp.rules.terms.computing import DEFAULT, Computed, compute
from schuldhulp.rules.terms.counting import Adjournment
from schuldhulp.rules.terms.errors import AlreadyMet, AlreadySuspended, FactsContradict, NotSuspended
from schuldhulp.rules.terms.guards import may_adjourn, may_notify_delay, may_suspend
from schuldhulp.rules.terms.load import law as shipped_law
from schuldhulp.rules.terms.model import GroundKind, Law, Rule
from schuldhulp.rules.terms.readings import Readings
from schuldhulp.rules.terms.suspension import Suspension


@dataclass(frozen=True, slots=True)
class Counting:
    """What every count needs besides the facts: the law, the calendar and the municipality's readings."""

    law: Law = field(default_factory=shipped_law)
    calendar: Calendar = field(default_factory=shipped_calendar)
    readings: Readings = DEFAULT


@dataclass(frozen=True, slots=True)
class DelayNotice:
    """A notice that the decision will be late (Awb 4:14 lid 1): sent on a day, naming an expected day. Moves nothing."""

    on: date
    expected: date


class Status(StrEnum):
    """Where a term stands on a day."""

    RUNNING = "running"
    SUSPENDED = "suspended"
    MET = "met"
    MET_LATE = "met_late"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class RunningTerm:
    """A term in a case. ``ends`` and ``unextended`` are None while it stands still without a known end.

    ``length`` is the ordinance's or court's length; ``target_length`` an own shorter target whose date is ``target``.
    ``anchor`` names another term of the case whose end is the trigger of this one (7:10 hangs on 6:7).
    """

    rule_id: str
    trigger: date
    length: int | None = None
    target_length: int | None = None
    committee: bool = False
    accepted: date | None = None
    version_on: date | None = None
    anchor: str | None = None
    suspensions: tuple[Suspension, ...] = ()
    adjournments: tuple[Adjournment, ...] = ()
    notices: tuple[DelayNotice, ...] = ()
    met: date | None = None
    ends: date | None = None
    unextended: date | None = None
    other_reading: date | None = None
    target: date | None = None
    calendar_complete: bool = True
    law_version: str = ""
    calendar_version: str = ""

    def rule(self, law: Law) -> Rule:
        """The version of the rule that counts: chosen by the date of the fact."""
        return law.rule(self.rule_id, self.version_on or self.trigger)

    def status(self, today: date, counting: Counting) -> Status:
        """Where the term stands on *today*."""
        if self.met is not None:
            return Status.MET if self.ends is None or self.met <= self.ends else Status.MET_LATE
        if self.ends is not None and today > self.ends:
            return Status.MISSED
        return Status.SUSPENDED if self._stands_still(today, counting) else Status.RUNNING

    def _stands_still(self, today: date, counting: Counting) -> bool:
        for each in self.suspensions:
            ground = counting.law.ground(each.ground)
            if days.first_day(each, ground) > today:
                continue
            if days.is_open(each, ground):
                return True
            stop = days.stop(each, ground, counting.readings)
            if stop is not None and stop.first <= today <= stop.last:
                return True
        return False


def start(
    rule_id: str,
    trigger: date,
    counting: Counting,
    *,
    length: int | None = None,
    target_length: int | None = None,
    committee: bool = False,
    accepted: date | None = None,
    version_on: date | None = None,
    anchor: str | None = None,
) -> RunningTerm:
    """A term begins on a fact. Raises RuleNotInForce, LengthNotAllowed and the other errors of ``compute``."""
    term = RunningTerm(rule_id, trigger, length, target_length, committee, accepted, version_on, anchor)
    return recompute(term, counting)


def meet(term: RunningTerm, on: date) -> RunningTerm:
    """The act was done on *on*, in time or late. Raises AlreadyMet, FactsContradict."""
    _not_met(term)
    if on < term.trigger:
        raise FactsContradict(f"{term.rule_id}: met on {on}, before its trigger of {term.trigger}; check both dates")
    return replace(term, met=on)


def suspend(term: RunningTerm, suspension: Suspension, counting: Counting) -> RunningTerm:
    """The term stands still on a ground. Raises Forbidden errors: no set term, wrong ground, expired, already open."""
    _not_met(term)
    ground = counting.law.ground(suspension.ground)
    if any(each.ground == suspension.ground and _unanswered(each, counting) for each in term.suspensions):
        raise AlreadySuspended(
            ground.article, f"{term.rule_id}: a suspension on {ground.id} is still open; end it first"
        )
    may_suspend(
        term.rule(counting.law),
        ground,
        suspension,
        ends=term.ends or date.max,
        unextended=term.unextended or date.max,
    )
    return recompute(replace(term, suspensions=(*term.suspensions, suspension)), counting)


def resume(term: RunningTerm, on: date, counting: Counting, *, ground: str | None = None) -> RunningTerm:
    """The open suspension ends: answered or received on *on*, or *on* is the last day of the delay.

    *ground* chooses when several are open. Raises NotSuspended, BadSuspension.
    """
    _not_met(term)
    places = [
        place
        for place, each in enumerate(term.suspensions)
        if _unanswered(each, counting) and ground in (None, each.ground)
    ]
    if len(places) != 1:
        article = counting.law.ground(ground).article if ground else "Awb art. 4:15"
        what = "no suspension is open" if not places else "several suspensions are open; name the ground"
        raise NotSuspended(article, f"{term.rule_id}: {what}")
    ended = _ended(term.suspensions[places[0]], on, counting)
    suspensions = tuple(ended if place == places[0] else each for place, each in enumerate(term.suspensions))
    return recompute(replace(term, suspensions=suspensions), counting)


def adjourn(term: RunningTerm, adjournment: Adjournment, counting: Counting) -> RunningTerm:
    """The term is adjourned with a reason. Raises Forbidden errors: not known, too long, twice, too late, met."""
    _not_met(term)
    rule = term.rule(counting.law)
    may_adjourn(rule, adjournment, ends=term.ends or date.max, earlier=term.adjournments)
    return recompute(replace(term, adjournments=(*term.adjournments, adjournment)), counting)


def notify_delay(term: RunningTerm, notice: DelayNotice, counting: Counting) -> RunningTerm:
    """The applicant is told that the decision will be late (Awb 4:14 lid 1). The date stays where it is."""
    _not_met(term)
    may_notify_delay(term.rule(counting.law))
    if notice.expected < notice.on:
        raise FactsContradict(
            f"{term.rule_id}: the expected day {notice.expected} lies before the notice of {notice.on}"
        )
    return replace(term, notices=(*term.notices, notice))


def correct_trigger(term: RunningTerm, trigger: date, counting: Counting) -> RunningTerm:
    """The trigger was on another day: version of the law, end, target and other readings are all found anew.

    Suspensions and adjournments stay as facts; one that now lies after the end no longer moves anything.
    """
    if term.met is not None and term.met < trigger:
        raise FactsContradict(
            f"{term.rule_id}: met on {term.met}, so its trigger cannot be on {trigger}; check both dates"
        )
    return recompute(replace(term, trigger=trigger), counting)


def correct(terms: Mapping[str, RunningTerm], key: str, trigger: date, counting: Counting) -> dict[str, RunningTerm]:
    """The terms that change when the trigger of ``terms[key]`` is corrected, by key: itself and all that hang on it."""
    changed = {key: correct_trigger(terms[key], trigger, counting)}
    waiting = [key]
    while waiting:
        anchor = waiting.pop(0)
        end = changed[anchor].ends
        for other, term in terms.items():
            if term.anchor == anchor and other not in changed and end is not None:
                changed[other] = correct_trigger(term, end, counting)
                waiting.append(other)
    return changed


def recompute(term: RunningTerm, counting: Counting) -> RunningTerm:
    """The same facts counted again, e.g. after the calendar was extended. Met terms are counted too."""
    found = computed(term, counting)
    target = _target(term, counting) if term.target_length is not None else None
    return replace(
        term,
        ends=found.ends if found else None,
        unextended=found.unextended if found else None,
        other_reading=found.other_reading if found else None,
        target=target.ends if target else None,
        calendar_complete=found.calendar_complete if found else True,
        law_version=counting.law.version,
        calendar_version=counting.calendar.version,
    )


def computed(term: RunningTerm, counting: Counting) -> Computed | None:
    """The end with its explanation, or None while the term stands still without a known end."""
    return _compute(term, counting, term.length)


def _target(term: RunningTerm, counting: Counting) -> Computed | None:
    return _compute(term, counting, term.target_length)


def _compute(term: RunningTerm, counting: Counting, length: int | None) -> Computed | None:
    ended = [each for each in term.suspensions if not days.is_open(each, counting.law.ground(each.ground))]
    found = compute(
        term.rule(counting.law),
        term.trigger,
        calendar=counting.calendar,
        readings=counting.readings,
        length=length,
        suspensions=ended,
        adjournments=term.adjournments,
        accepted=term.accepted,
        committee=term.committee,
        version_on=term.version_on,
        law=counting.law,
    )
    for each in term.suspensions:
        ground = counting.law.ground(each.ground)
        if days.is_open(each, ground) and days.first_day(each, ground) <= found.unextended:
            return None
    return found


def _unanswered(suspension: Suspension, counting: Counting) -> bool:
    """Whether an answer or an end can still be recorded."""
    if counting.law.ground(suspension.ground).kind is GroundKind.PERIOD:
        return suspension.until is None
    return suspension.done is None


def _ended(suspension: Suspension, on: date, counting: Counting) -> Suspension:
    ground = counting.law.ground(suspension.ground)
    ended = replace(suspension, until=on) if ground.kind is GroundKind.PERIOD else replace(suspension, done=on)
    days.check_dates(ended, ground)
    return ended


def _not_met(term: RunningTerm) -> None:
    if term.met is not None:
        raise AlreadyMet(term.rule_id, f"This term was met on {term.met}; nothing can be done to it any more")
