"""Answers the worked term vectors: ``evaluate(fn, input)`` gives the ``expect`` mapping of a vector.

Where the readings of a contested point give different answers, ``reading_a`` (the default) and ``reading_b`` stand
beside it. The semantics of each function are in section H of the specification that belongs to the vectors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from schuldhulp.rules.terms import (
    SWITCHES,
    Adjournment,
    Computed,
    Length,
    Readings,
    Rule,
    RuleNotInForce,
    Source,
    Suspension,
    Unit,
    atw_covers,
    backward,
    compute,
    compute_hours,
    decision_on_objection,
    extend_by_atw,
    hours_later,
    law,
    penalty,
    penalty_cents,
    shipped_calendar,
    timeliness,
    unshifted_end,
    wsnp_end,
)
from schuldhulp.rules.terms.model import Local

Answer = dict[str, Any]
Given = Mapping[str, Any]
DEFAULT = Readings()
OTHER = DEFAULT.flipped(*SWITCHES).flipped("no_atw_past_twelve_weeks")  # that point is not in the vectors


def evaluate(fn: str, input: Given, rule: str | None = None) -> Answer:
    """The answer under the default readings, with both readings when they differ.

    ``deadline`` needs the id of its rule: as *rule*, or as ``input["rule"]``.
    """
    input = {**input, "rule": rule or input.get("rule")}
    try:
        answer = FUNCTIONS[fn]
    except KeyError:
        raise ValueError(f"There is no function {fn!r}; known are {', '.join(FUNCTIONS)}") from None
    default, other = answer(input, DEFAULT), answer(input, OTHER)
    dates = [key for key in default if key != "suspended_days"]
    if any(default[key] != other.get(key) for key in dates):
        return default | {"reading_a": default, "reading_b": other}
    # Readings that agree on the date may disagree on the days behind it; then only the date is common ground.
    return {key: value for key, value in default.items() if value == other[key]}


def _day(value: str | date | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _must(value: str | date) -> date:
    day = _day(value)
    assert day is not None
    return day


def is_nonworking_day(given: Given, readings: Readings) -> Answer:
    return {"result": shipped_calendar().is_free(_must(given["date"]))}


def statutory_term(given: Given, readings: Readings) -> Answer:
    length = Length(given["length"], Unit(given["unit"]))
    if length.unit is Unit.HOURS:
        return {"due": _minutes(hours_later(datetime.fromisoformat(given["trigger"]), length.count))}
    trigger = _must(given["trigger"])
    end = unshifted_end(trigger, length)
    if atw_covers(length, Source(given["source"])):
        end = extend_by_atw(trigger + timedelta(days=1), end, shipped_calendar(), length)
    return {"due": end.isoformat()}


def backward_term(given: Given, readings: Readings) -> Answer:
    return {"due": backward(_must(given["event"]), Length(given["length"], Unit(given["unit"]))).isoformat()}


def deadline(given: Given, readings: Readings) -> Answer:
    rule_id = given["rule"]
    if rule_id is None:
        raise ValueError("deadline needs the id of a rule: evaluate(fn, input, rule) or input['rule']")
    if rule_id == "awb-2-10":
        moment = datetime.fromisoformat(given["trigger"])
        rule = _in_force(rule_id, moment.date())
        return {"due": _minutes(compute_hours(rule, moment)) if rule else None}
    found = _deadline(rule_id, given, readings)
    return {"due": found.ends.isoformat() if found else None}


def _deadline(
    rule_id: str, given: Given, readings: Readings, suspensions: Sequence[Suspension] = ()
) -> Computed | None:
    trigger = _must(given["trigger"])
    rule = _in_force(rule_id, trigger)
    accepted = _day(given.get("accepted"))
    if rule is None or ("accepted" in given and accepted is None):
        return None
    more = (Adjournment(2, Unit.MONTHS),) if given.get("extended") else ()
    return compute(
        rule,
        trigger,
        calendar=shipped_calendar(),
        readings=_usable(rule, readings, accepted),
        suspensions=suspensions,
        length=given.get("ordinance_weeks", given.get("weeks")),
        accepted=accepted,
        adjournments=more,
        committee=given.get("committee", False),
    )


def _usable(rule: Rule, readings: Readings, accepted: date | None) -> Readings:
    """Without an acceptance the reading that counts from it cannot be asked."""
    flip = readings.signal_term_from_acceptance and accepted is None
    return readings.flipped("signal_term_from_acceptance") if flip else readings


def _in_force(rule_id: str, on: date) -> Rule | None:
    try:
        return law().rule(rule_id, on)
    except RuleNotInForce:
        return None


def deadline_with_suspension(given: Given, readings: Readings) -> Answer:
    found = _deadline(given["base_rule"], given, readings, [_suspension(each) for each in given["suspensions"]])
    if found is None:
        return {"due": None}
    return {"due": found.ends.isoformat(), "suspended_days": found.suspended_days}


def _suspension(each: Given) -> Suspension:
    return Suspension(
        each["ground"],
        asked=_day(each.get("asked")),
        done=_day(each.get("done")),
        set_term=_day(each.get("expired_unused")),
        from_=_day(each.get("from")),
        until=_day(each.get("to")),
    )


def threatening_situation(given: Given, readings: Readings) -> Answer:
    return {"result": law().is_threat(given["kind"])}


def validate_ordinance_weeks(given: Given, readings: Readings) -> Answer:
    bounded = [rule for rule in law().versions("wgs-4a-3") if rule.local is Local.SET]
    return {"result": law().allows_ordinance_weeks(given["weeks"], bounded[-1].valid.first)}


def objection_timely(given: Given, readings: Readings) -> Answer:
    found = timeliness(
        _must(given["published"]), _must(given["received"]), _day(given.get("posted")), calendar=shipped_calendar()
    )
    return {"result": found.in_time, "term_end": found.term.ends.isoformat()}


def objection_decision(given: Given, readings: Readings) -> Answer:
    more = [Adjournment(given["adjourn_weeks"])] if given.get("adjourn_weeks") else []
    more += [Adjournment(given["further_weeks"], consent=True)] if given.get("further_weeks") else []
    found = decision_on_objection(
        _must(given["published"]),
        calendar=shipped_calendar(),
        committee=given.get("committee", False),
        suspensions=[_suspension(each) for each in given.get("suspensions", ())],
        adjournments=more,
        readings=readings,
    )
    return {"due": found.ends.isoformat()}


def penalty_amount(given: Given, readings: Readings) -> Answer:
    cents = penalty_cents(given["days"], law().penalty_rates(_must(given["notice_received"])))
    return {"amount": _euros(cents)}


def late_decision(given: Given, readings: Readings) -> Answer:
    found = penalty(
        _must(given["notice_received"]),
        decision_due=_must(given["decision_due"]),
        decision_published=_day(given.get("decision_published")),
        calendar=shipped_calendar(),
        readings=readings,
    )
    first = found.first_day.isoformat() if found.first_day else None
    answer: Answer = {"first_day": first, "days": len(found.days), "amount": _euros(found.total_cents)}
    if len(found.days) == found.rates.most_days and found.last_day and found.determination_due:
        answer |= {"last_day": found.last_day.isoformat(), "determination_due": found.determination_due.isoformat()}
    return answer


def earliest_appeal_nondecision(given: Given, readings: Readings) -> Answer:
    day = _must(given["notice_received"])
    return {
        "due": compute(
            law().rule("awb-6-12-2", day), day, calendar=shipped_calendar(), readings=readings
        ).ends.isoformat()
    }


def end_of_wsnp(given: Given, readings: Readings) -> Answer:
    found = wsnp_end(_must(given["judgment"]), _day(given.get("first_msnp_payment")), calendar=shipped_calendar())
    return {"due": found.ends.isoformat()}


def policy_term(given: Given, readings: Readings) -> Answer:
    return {"due": unshifted_end(_must(given["trigger"]), Length(given["length"], Unit(given["unit"]))).isoformat()}


def _minutes(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _euros(cents: int) -> int:
    whole, rest = divmod(cents, 100)
    assert rest == 0, "the amounts of Awb 4:17 are whole euros"
    return whole


FUNCTIONS: dict[str, Callable[[Given, Readings], Answer]] = {
    "is_nonworking_day": is_nonworking_day,
    "statutory_term": statutory_term,
    "backward_term": backward_term,
    "deadline": deadline,
    "deadline_with_suspension": deadline_with_suspension,
    "threatening_situation": threatening_situation,
    "validate_ordinance_weeks": validate_ordinance_weeks,
    "objection_timely": objection_timely,
    "objection_decision": objection_decision,
    "penalty_amount": penalty_amount,
    "penalty": late_decision,
    "earliest_appeal_nondecision": earliest_appeal_nondecision,
    "wsnp_end": end_of_wsnp,
    "policy_term": policy_term,
}
