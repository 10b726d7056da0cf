"""What an article forbids in a running term: suspending, adjourning, acting after the end. Each refusal cites it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from schuldhulp.rules.terms import suspension as days
from schuldhulp.rules.terms.counting import Adjournment
from schuldhulp.rules.terms.errors import (
    AdjournmentNotAllowed,
    AlreadyAdjourned,
    BadSuspension,
    GroundNotAllowed,
    NotAWholeNumber,
    NoTermSet,
    TermExpired,
)
from schuldhulp.rules.terms.model import AdjournRule, Ground, GroundKind, Rule, Unit
from schuldhulp.rules.terms.suspension import Suspension


def check_ground(rule: Rule, ground: Ground) -> None:
    """Raises GroundNotAllowed when *ground* does not suspend *rule*."""
    if ground.id in rule.suspend:
        return
    if not rule.suspend:
        raise GroundNotAllowed(rule.basis, f"{rule.id}: nothing suspends this term; leave the suspension out")
    article = "Awb art. 7:14" if rule.id == "awb-7-10" else rule.basis
    allowed = ", ".join(rule.suspend)
    raise GroundNotAllowed(article, f"{rule.id}: ground {ground.id} does not suspend this term; only {allowed} do")


def may_suspend(rule: Rule, ground: Ground, suspension: Suspension, *, ends: date, unextended: date) -> None:
    """Raises a Forbidden error when this suspension may not begin.

    *ends* and *unextended* are the present last day with and without shift. An invitation suspends only when a term for
    the answer was set (Awb art. 4:5 lid 1); nothing suspends after the term has run out.
    """
    check_ground(rule, ground)
    if ground.kind is GroundKind.INVITATION:
        if suspension.set_term is None:
            raise NoTermSet(
                f"Awb art. 4:5 lid 1 en {ground.article}",
                f"{rule.id}: no last day for the answer was set, so the invitation suspends nothing; set one and "
                f"say so in the letter",
            )
        if suspension.asked is not None and suspension.set_term <= suspension.asked:
            raise BadSuspension(
                ground.article,
                f"The last day for the answer ({suspension.set_term}) must lie after "
                f"the day of asking ({suspension.asked})",
            )
    days.check_dates(suspension, ground)
    begins = days.first_day(suspension, ground)
    if begins > ends:
        raise TermExpired(
            ground.article,
            f"{rule.id}: the term ran out on {ends}; a suspension that begins on {begins} "
            f"has no effect. Decide as soon as possible",
        )
    if begins > unextended:
        raise TermExpired(
            ground.article,
            f"{rule.id}: the days of the term ended on {unextended} and only the Atw moved "
            f"the last day to {ends}; a suspension that begins on {begins} moves nothing",
        )


def check_adjournments(rule: Rule, adjournments: Sequence[Adjournment]) -> None:
    """Raises when these adjournments together are more than the law allows, whatever their dates."""
    ordinary = 0
    for each in adjournments:
        allowed = _adjourn_rule(rule)
        if isinstance(each.length, bool) or not isinstance(each.length, int) or not 1 <= each.length <= 999:
            raise NotAWholeNumber("the adjournment", each.length, "give a whole number from 1 to 999")
        if each.unit in (Unit.HOURS, Unit.WORKING_DAYS):
            raise AdjournmentNotAllowed(allowed.article, f"An adjournment in {each.unit} is not known; use weeks")
        if each.consent:
            if allowed.consent is None:
                raise AdjournmentNotAllowed(allowed.article, f"{rule.id}: further delay with consent is not known here")
            continue
        ordinary += 1
        if ordinary > allowed.times:
            raise AlreadyAdjourned(allowed.article, f"{rule.id}: the law allows adjournment {_times(allowed.times)}")
        _check_most(rule, allowed, each)


def may_adjourn(rule: Rule, adjournment: Adjournment, *, ends: date, earlier: Sequence[Adjournment] = ()) -> None:
    """Raises a Forbidden error when this adjournment may not be made; *ends* is the present last day."""
    allowed = _adjourn_rule(rule)
    check_adjournments(rule, [*earlier, adjournment])
    if adjournment.on is None:
        raise AdjournmentNotAllowed(allowed.article, f"{rule.id}: give the day on which the notice was sent")
    if not adjournment.reason.strip():
        raise AdjournmentNotAllowed(allowed.article, f"{rule.id}: an adjournment needs a reason; write it down")
    if adjournment.on > ends:
        raise TermExpired(
            allowed.article,
            f"{rule.id}: the notice of {adjournment.on} came after {ends}; it moves nothing. Decide as soon as possible",
        )


def may_notify_delay(rule: Rule) -> None:
    """Raises AdjournmentNotAllowed when the law knows no notice that leaves the date where it is (Awb art. 4:14 lid 1)."""
    if rule.notice:
        return
    if rule.adjourn is not None:
        raise AdjournmentNotAllowed(
            rule.adjourn.article, f"{rule.id}: here a notice moves the date; record an adjournment"
        )
    raise AdjournmentNotAllowed(rule.basis, f"{rule.id}: the law asks no notice of delay for this term")


def _adjourn_rule(rule: Rule) -> AdjournRule:
    if rule.adjourn is not None:
        return rule.adjourn
    if rule.notice:
        text = (
            "this term has a legal length, so a notice of delay moves nothing; send it, and decide as soon as possible"
        )
        raise AdjournmentNotAllowed(rule.notice, f"{rule.id}: {text}")
    raise AdjournmentNotAllowed(rule.basis, f"{rule.id}: the law knows no adjournment of this term")


def _check_most(rule: Rule, allowed: AdjournRule, adjournment: Adjournment) -> None:
    """At most the length of the law; days and weeks compare, months only with months."""
    if allowed.most is None:
        return
    in_days = {Unit.DAYS: 1, Unit.WEEKS: 7}
    if adjournment.unit is allowed.most.unit:
        too_long = adjournment.length > allowed.most.count
    elif adjournment.unit in in_days and allowed.most.unit in in_days:
        too_long = adjournment.length * in_days[adjournment.unit] > allowed.most.count * in_days[allowed.most.unit]
    else:
        raise AdjournmentNotAllowed(allowed.article, f"{rule.id}: give the adjournment in {allowed.most.unit}")
    if too_long:
        raise AdjournmentNotAllowed(
            allowed.article,
            f"{rule.id}: {adjournment.length} {adjournment.unit} is more than the {allowed.most} that is allowed",
        )


def _times(times: int) -> str:
    return "once" if times == 1 else f"{times} times"
