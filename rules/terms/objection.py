"""Bezwaar: is it in time (Awb art. 6:7 to 6:10), and when must be decided (art. 7:10)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schuldhulp.rules.terms import arithmetic
from schuldhulp.rules.terms.calendar import Calendar
from schuldhulp.rules.terms.computing import DEFAULT, Computed, compute
from schuldhulp.rules.terms.counting import Adjournment
from schuldhulp.rules.terms.errors import FactsContradict
from schuldhulp.rules.terms.load import law as shipped_law
from schuldhulp.rules.terms.model import Law, Length, Unit
from schuldhulp.rules.terms.readings import Readings
from schuldhulp.rules.terms.suspension import Suspension

ONE_WEEK = Length(1, Unit.WEEKS)


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Whether an objection is in time, by which article; ``for_a_person``: the law leaves it to someone's judgment."""

    in_time: bool
    article: str
    term: Computed
    last_receipt_by_post: date
    for_a_person: bool


def objection_term(published: date, *, calendar: Calendar, law: Law | None = None) -> Computed:
    """The six weeks from the day after the decision was made known (Awb 6:7, 6:8 lid 1)."""
    law = law or shipped_law()
    return compute(law.rule("awb-6-7", published), published, calendar=calendar, law=law)


def timeliness(
    published: date, received: date, posted: date | None = None, *, calendar: Calendar, law: Law | None = None
) -> Timeliness:
    """Whether an objection is in time. *posted* None: not by post. Raises FactsContradict.

    By post it is also in time when posted before the end and received within a week after it (6:9 lid 2). That week
    is a term set in a wet, so the Atw moves its last day. Too late is never refused here: a person weighs 6:11.
    """
    if posted is not None and posted > received:
        raise FactsContradict(
            f"The objection was posted on {posted}, after it was received on {received}; check both dates"
        )
    term = objection_term(published, calendar=calendar, law=law)
    week = arithmetic.unshifted_end(term.ends, ONE_WEEK)
    by_post = arithmetic.on_or_after(week, calendar)
    if received < published:
        return Timeliness(True, "Awb art. 6:10", term, by_post, for_a_person=True)
    if received <= term.ends:
        return Timeliness(True, "Awb art. 6:9 lid 1", term, by_post, for_a_person=False)
    if posted is not None and posted <= term.ends and received <= by_post:
        return Timeliness(True, "Awb art. 6:9 lid 2", term, by_post, for_a_person=False)
    return Timeliness(False, "Awb art. 6:11", term, by_post, for_a_person=True)


def decision_on_objection(
    published: date,
    *,
    calendar: Calendar,
    committee: bool = False,
    suspensions: Sequence[Suspension] = (),
    adjournments: Sequence[Adjournment] = (),
    readings: Readings = DEFAULT,
    law: Law | None = None,
) -> Computed:
    """When must be decided: six or twelve weeks from the day after the objection term has ended, not from receipt.

    *committee*: a committee of 7:13 advises and the objector has been told so.
    """
    law = law or shipped_law()
    last = objection_term(published, calendar=calendar, law=law).ends
    return compute(
        law.rule("awb-7-10", last),
        last,
        calendar=calendar,
        readings=readings,
        committee=committee,
        suspensions=suspensions,
        adjournments=adjournments,
        law=law,
    )
