"""From a rule and the facts to a date, with the dates of the other readings and the explanation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from schuldhulp.rules.terms import arithmetic, suspension
from schuldhulp.rules.terms.calendar import Calendar
from schuldhulp.rules.terms.counting import Adjournment, Facts, Outcome, outcome
from schuldhulp.rules.terms.errors import CountsInHours, FactsContradict, RuleNotInForce
from schuldhulp.rules.terms.explaining import explain
from schuldhulp.rules.terms.explanation import Alternative, Explanation
from schuldhulp.rules.terms.guards import check_adjournments, check_ground
from schuldhulp.rules.terms.lengths import chosen_length, is_own_length
from schuldhulp.rules.terms.load import law as shipped_law
from schuldhulp.rules.terms.model import Ground, Law, Rule, Unit
from schuldhulp.rules.terms.readings import Readings
from schuldhulp.rules.terms.suspension import Suspension

DEFAULT = Readings()


@dataclass(frozen=True, slots=True)
class Computed:
    """A computed date.

    ``ends`` is the last day in time (for rules that give the day after: the day on which the term has lapsed);
    ``unextended`` the last day before any shift; ``other_reading`` the first of ``alternatives``, None when every
    reading gives the same date. ``calendar_complete`` is False when the equated days around the end are not known.
    """

    ends: date
    other_reading: date | None
    unextended: date
    suspended_days: int
    alternatives: tuple[Alternative, ...]
    explanation: Explanation
    calendar_complete: bool


def compute(
    rule: Rule,
    trigger: date,
    *,
    calendar: Calendar,
    readings: Readings = DEFAULT,
    length: int | None = None,
    suspensions: Sequence[Suspension] = (),
    adjournments: Sequence[Adjournment] = (),
    accepted: date | None = None,
    committee: bool = False,
    version_on: date | None = None,
    law: Law | None = None,
) -> Computed:
    """The end of a term.

    *length*: the ordinance weeks, or an own shorter target, in the rule's unit. *accepted*: acceptance of the offer
    (Wgs 4 lid 1 b only). *committee*: the longer term of Awb 7:10 and 9:11. *version_on*: the date that chose the
    version of the rule when that is not the trigger. *law* gives the grounds. Raises TermError for what the rule
    does not allow.
    """
    law = law or shipped_law()
    _check_facts(rule, trigger, version_on, accepted)
    chosen = chosen_length(rule, length, committee)
    check_adjournments(rule, adjournments)
    grounds = tuple(_with_grounds(rule, suspensions, law))
    own = is_own_length(rule, chosen, committee)
    facts = Facts(rule, trigger, chosen, own, accepted, grounds, tuple(adjournments))
    found = outcome(facts, calendar, readings)
    others = _alternatives(facts, calendar, readings, found)
    return Computed(
        ends=found.ends,
        other_reading=others[0].ends if others else None,
        unextended=found.unextended,
        suspended_days=sum(each.days for each in found.stops),
        alternatives=others,
        explanation=explain(facts, found, others, law.version),
        calendar_complete=found.complete,
    )


def compute_hours(rule: Rule, trigger: datetime) -> datetime:
    """The end of a term in hours; never shifted (Atw art. 4 onder a). Raises CountsInHours, RuleNotInForce."""
    if trigger.date() not in rule.valid:
        raise RuleNotInForce(rule.id, trigger.date(), [str(rule.valid)])
    if rule.length is None or rule.length.unit is not Unit.HOURS:
        raise CountsInHours(rule.id, in_hours=False)
    return arithmetic.hours_later(trigger, rule.length.count)


def _check_facts(rule: Rule, trigger: date, version_on: date | None, accepted: date | None) -> None:
    if isinstance(trigger, datetime):
        raise FactsContradict(f"{rule.id}: the trigger {trigger} is a moment; give the date in the Netherlands")
    if (version_on or trigger) not in rule.valid:
        raise RuleNotInForce(rule.id, version_on or trigger, [str(rule.valid)])
    if rule.unit is Unit.HOURS:
        raise CountsInHours(rule.id, in_hours=True)
    if accepted is not None and accepted < trigger:
        raise FactsContradict(f"{rule.id}: the offer was accepted on {accepted}, before the signal of {trigger}")


def _with_grounds(rule: Rule, suspensions: Sequence[Suspension], law: Law) -> Iterator[tuple[Suspension, Ground]]:
    for each in suspensions:
        ground = law.ground(each.ground)
        check_ground(rule, ground)
        yield each, ground


def _alternatives(facts: Facts, calendar: Calendar, readings: Readings, chosen: Outcome) -> tuple[Alternative, ...]:
    """Every other date that another combination of the contested readings gives, fewest switches first."""
    names = [name for name in facts.rule.readings if name != "signal_term_from_acceptance" or facts.accepted]
    if any(suspension.lapses_unused(each, ground) for each, ground in facts.suspensions):
        names.append("set_term_last_day_suspended")
    found: dict[date, Alternative] = {}
    for size in range(1, len(names) + 1):
        for switched in combinations(names, size):
            ends = outcome(facts, calendar, readings.flipped(*switched)).ends
            if ends != chosen.ends:
                found.setdefault(ends, Alternative(switched, ends))
    return tuple(found.values())
