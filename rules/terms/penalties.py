"""Dwangsom bij niet tijdig beslissen (Awb art. 4:17 and 4:18): day by day, in whole cents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations

from schuldhulp.rules.terms.calendar import ONE_DAY, Calendar
from schuldhulp.rules.terms.computing import DEFAULT, Computed, compute
from schuldhulp.rules.terms.errors import FactsContradict, NotAWholeNumber
from schuldhulp.rules.terms.load import law as shipped_law
from schuldhulp.rules.terms.model import Law, PenaltyRates
from schuldhulp.rules.terms.readings import Readings

SWITCHED = ("atw_on_notice_weeks", "penalty_counts_announcement")


@dataclass(frozen=True, slots=True)
class PenaltyDay:
    """One day for which a penalty is due: its number from 1 to 42, the amount of that day and the total so far."""

    day: date
    number: int
    cents: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class OtherPenalty:
    """The result under another reading."""

    switches: tuple[str, ...]
    first_day: date | None
    days: int
    total_cents: int


@dataclass(frozen=True, slots=True)
class Penalty:
    """What a municipality owes for deciding late.

    ``premature``: the notice came on or before the last day of the term, so it has no effect. ``first_possible_day``:
    the day on which the two weeks have passed. ``first_day`` and ``last_day`` are None when nothing is due;
    ``determination_due`` (Awb 4:18) is known once the last penalty day is: the 42nd, or the last before the decision.
    """

    premature: bool
    notice: Computed
    days: tuple[PenaltyDay, ...]
    rates: PenaltyRates
    finished: bool
    determination: Computed | None
    alternatives: tuple[OtherPenalty, ...]

    @property
    def first_possible_day(self) -> date:
        return self.notice.ends

    @property
    def first_day(self) -> date | None:
        return self.days[0].day if self.days else None

    @property
    def last_day(self) -> date | None:
        return self.days[-1].day if self.days and self.finished else None

    @property
    def total_cents(self) -> int:
        return self.days[-1].total_cents if self.days else 0

    @property
    def determination_due(self) -> date | None:
        return self.determination.ends if self.determination else None


def penalty(
    notice_received: date,
    *,
    decision_due: date,
    decision_published: date | None = None,
    until: date | None = None,
    calendar: Calendar,
    readings: Readings = DEFAULT,
    law: Law | None = None,
) -> Penalty:
    """The penalty after a notice of default received on *notice_received*.

    *decision_due*: the last day of the decision term. *decision_published*: None when there is no decision. *until*:
    count only up to and including this day (the state on that day). Raises RuleNotInForce before 1 October 2009.
    """
    law = law or shipped_law()
    rates = law.penalty_rates(notice_received)
    notice = compute(
        law.rule("awb-4-17-3", notice_received), notice_received, calendar=calendar, readings=readings, law=law
    )
    premature = notice_received <= decision_due
    days = () if premature else _days(notice.ends, decision_published, until, rates, readings)
    complete = len(days) == rates.most_days or _decided(decision_published, until)
    determination = None
    if days and complete:
        last = days[-1].day
        determination = compute(law.rule("awb-4-18", last), last, calendar=calendar, readings=readings, law=law)
    others = (
        () if premature else _others(notice_received, decision_published, until, calendar, readings, law, rates, days)
    )
    return Penalty(premature, notice, days, rates, complete, determination, others)


def penalty_cents(days: int, rates: PenaltyRates) -> int:
    """Whole cents for *days* penalty days; days past the most (42) add nothing. Raises NotAWholeNumber."""
    if isinstance(days, bool) or not isinstance(days, int) or days < 0:
        raise NotAWholeNumber("the number of penalty days", days, "give a whole number, 0 or more")
    total = 0
    for cents, stretch in zip(rates.cents, rates.days, strict=True):
        total += cents * min(days, stretch)
        days = max(days - stretch, 0)
    return total


def shares(total_cents: int, applicants: int) -> tuple[int, ...]:
    """The penalty divided equally over several applicants (Awb 4:17 lid 6); a rest of cents goes to the first ones."""
    if applicants < 1:
        raise NotAWholeNumber("the number of applicants", applicants, "give a whole number, 1 or more")
    each, rest = divmod(total_cents, applicants)
    return tuple(each + (place < rest) for place in range(applicants))


def _decided(published: date | None, until: date | None) -> bool:
    return published is not None and (until is None or published <= until)


def _days(
    first: date, published: date | None, until: date | None, rates: PenaltyRates, readings: Readings
) -> tuple[PenaltyDay, ...]:
    """The penalty days: all days count, free or not (lid 1)."""
    last = first + ONE_DAY * (rates.most_days - 1)
    if published is not None:
        last = min(last, published if readings.penalty_counts_announcement else published - ONE_DAY)
    if until is not None:
        last = min(last, until)
    result: list[PenaltyDay] = []
    for number in range(1, (last - first).days + 2):
        total = penalty_cents(number, rates)
        before = result[-1].total_cents if result else 0
        result.append(PenaltyDay(first + ONE_DAY * (number - 1), number, total - before, total))
    return tuple(result)


def _others(
    received: date,
    published: date | None,
    until: date | None,
    calendar: Calendar,
    readings: Readings,
    law: Law,
    rates: PenaltyRates,
    chosen: tuple[PenaltyDay, ...],
) -> tuple[OtherPenalty, ...]:
    """Every other result that another combination of the two contested readings gives, fewest switches first."""
    found: dict[tuple[date | None, int], OtherPenalty] = {}
    for size in (1, 2):
        for switched in combinations(SWITCHED, size):
            other = readings.flipped(*switched)
            rule = law.rule("awb-4-17-3", received)
            first = compute(rule, received, calendar=calendar, readings=other, law=law).ends
            days = _days(first, published, until, rates, other)
            key = (days[0].day if days else None, len(days))
            if key != (chosen[0].day if chosen else None, len(chosen)):
                found.setdefault(key, OtherPenalty(switched, *key, penalty_cents(len(days), rates)))
    return tuple(found.values())


def check_notice(received: date, decision_due: date, decision_published: date | None) -> None:
    """Raises FactsContradict when a notice of default can have no effect, saying why."""
    if received <= decision_due:
        raise FactsContradict(
            f"The notice of {received} came on or before the last day of the term ({decision_due}); it "
            f"has no effect. A new notice can be sent from {decision_due + ONE_DAY} (Awb art. 4:17 lid 3)"
        )
    if decision_published is not None and decision_published <= received:
        raise FactsContradict(
            f"The decision was made known on {decision_published}, not after the notice of {received}; "
            f"nothing is due (Awb art. 4:17)"
        )
