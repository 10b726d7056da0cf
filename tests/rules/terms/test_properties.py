"""What must hold for every term, whatever the dates."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from schuldhulp.rules.terms import (
    Adjournment,
    Calendar,
    Computed,
    Kind,
    Readings,
    Rule,
    Shift,
    Suspension,
    Unit,
    add_working_days,
    compute,
    law,
    penalty,
    shipped_calendar,
    words_left,
    working_days_between,
)
from schuldhulp.rules.terms.running import Counting, RunningTerm, correct_trigger, recompute

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2012, 7, 1), date(2040, 12, 31))
READINGS = st.builds(Readings, *[st.booleans()] * 7)
DAY = timedelta(days=1)
IN_DAYS = [rule for rule in law().rules if rule.length is not None and rule.unit is not Unit.HOURS]


@st.composite
def rules_and_triggers(draw: st.DrawFn) -> tuple[Rule, date]:
    rule = draw(st.sampled_from(IN_DAYS))
    last = min(rule.valid.last or date(2040, 12, 31), date(2040, 12, 31))
    return rule, draw(st.dates(max(rule.valid.first, date(2012, 7, 1)), last))


@st.composite
def delays(draw: st.DrawFn, trigger: date) -> Suspension:
    first = trigger + DAY * draw(st.integers(-10, 90))
    return Suspension(
        draw(st.sampled_from(["4:15-2-b", "4:15-2-c"])), from_=first, until=first + DAY * draw(st.integers(0, 40))
    )


@st.composite
def invitations(draw: st.DrawFn, trigger: date) -> Suspension:
    asked = trigger + DAY * draw(st.integers(-5, 70))
    set_term = asked + DAY * draw(st.integers(1, 30))
    done = draw(st.none() | st.integers(0, 45).map(lambda days: asked + DAY * days))
    return Suspension("4:15-1-a", asked=asked, set_term=set_term, done=done)


def decided(trigger: date, suspensions: list[Suspension], readings: Readings = Readings()) -> Computed:  # noqa: B008
    return compute(
        law().rule("awb-4-13-2", trigger), trigger, calendar=CALENDAR, suspensions=suspensions, readings=readings
    )


def count(rule: Rule, trigger: date, readings: Readings) -> Computed:
    assert rule.length is not None
    length = rule.length.count if rule.bounds else None
    return compute(
        rule,
        trigger,
        calendar=CALENDAR,
        readings=readings,
        length=length,
        accepted=trigger if "signal" in str(rule.readings) else None,
    )


@given(rules_and_triggers(), READINGS)
def test_a_shifted_last_day_is_a_working_day_with_only_free_days_before_it(
    rule_and_trigger: tuple[Rule, date], readings: Readings
) -> None:
    rule, trigger = rule_and_trigger
    found = count(rule, trigger, readings)

    assert found.ends >= found.unextended
    if rule.shift is Shift.NONE:
        return
    assert not CALENDAR.is_free(found.ends)
    between = (found.ends - found.unextended).days
    assert all(CALENDAR.is_free(found.unextended + DAY * n) for n in range(between))


@given(rules_and_triggers(), READINGS)
def test_the_explanation_accounts_for_every_day_once(rule_and_trigger: tuple[Rule, date], readings: Readings) -> None:
    rule, trigger = rule_and_trigger
    found = count(rule, trigger, readings)
    days = [day for day, _, _, _ in found.explanation.days()]

    assert days == [days[0] + DAY * n for n in range(len(days))]
    assert days[-1] == found.ends
    assert days[0] - trigger in (timedelta(0), DAY)
    if rule.unit in (Unit.WORKING_DAYS, Unit.DAYS, Unit.WEEKS):
        assert rule.length is not None
        each = 7 if rule.unit is Unit.WEEKS else 1
        assert found.explanation.count(Kind.COUNTED) == rule.length.count * each


@given(DAYS, st.data(), READINGS)
def test_suspended_days_move_the_end_day_for_day_in_any_order(
    trigger: date, data: st.DataObject, readings: Readings
) -> None:
    suspensions = data.draw(st.lists(delays(trigger) | invitations(trigger), max_size=5))
    found, plain = decided(trigger, suspensions, readings), decided(trigger, [], readings)

    assert (found.unextended - plain.unextended).days == found.suspended_days
    assert found.explanation.count(Kind.SUSPENDED) == found.suspended_days
    assert found.explanation.count(Kind.COUNTED) == 56
    shuffled = data.draw(st.permutations(suspensions))
    assert decided(trigger, shuffled, readings).ends == found.ends
    assert decided(trigger, suspensions + suspensions, readings).ends == found.ends


@given(DAYS, st.data())
def test_one_more_suspension_never_brings_the_end_forward(trigger: date, data: st.DataObject) -> None:
    suspensions = data.draw(st.lists(delays(trigger), max_size=3))
    more = data.draw(delays(trigger))

    assert decided(trigger, [*suspensions, more]).ends >= decided(trigger, suspensions).ends


@given(DAYS, st.data(), st.integers(0, 40))
def test_a_delay_told_in_two_parts_is_the_same_delay(trigger: date, data: st.DataObject, cut: int) -> None:
    whole = data.draw(delays(trigger))
    assert whole.from_ is not None
    assert whole.until is not None
    assume(cut < (whole.until - whole.from_).days)
    middle = whole.from_ + DAY * cut
    parts = [
        Suspension("4:15-2-b", from_=whole.from_, until=middle),
        Suspension("4:15-2-c", from_=middle + DAY, until=whole.until),
    ]

    assert decided(trigger, parts).ends == decided(trigger, [whole]).ends


@given(rules_and_triggers(), READINGS)
def test_a_later_trigger_never_gives_an_earlier_end(rule_and_trigger: tuple[Rule, date], readings: Readings) -> None:
    rule, trigger = rule_and_trigger
    assume(trigger + DAY in rule.valid)

    assert count(rule, trigger + DAY, readings).ends >= count(rule, trigger, readings).ends


@given(rules_and_triggers(), READINGS)
def test_every_other_date_is_the_date_under_the_readings_it_names(
    rule_and_trigger: tuple[Rule, date], readings: Readings
) -> None:
    rule, trigger = rule_and_trigger
    found = count(rule, trigger, readings)

    for other in found.alternatives:
        assert other.ends != found.ends
        assert count(rule, trigger, readings.flipped(*other.switches)).ends == other.ends


@given(DAYS, st.integers(-300, 300))
def test_working_days_after_and_between_are_each_others_inverse(day: date, number: int) -> None:
    start = add_working_days(day, 1, CALENDAR)  # from a working day, so that counting back comes home
    moved = add_working_days(start, number, CALENDAR)

    assert working_days_between(start, moved, CALENDAR) == number
    assert add_working_days(moved, -number, CALENDAR) == start


@given(DAYS, st.integers(-5, 30))
def test_the_words_for_the_time_left_agree_with_the_count(today: date, ahead: int) -> None:
    words = words_left(today, today + DAY * ahead, CALENDAR)

    assert words.endswith("te laat") == (ahead < 0)
    assert (words == "vandaag") == (ahead == 0)
    if "werkdagen" in words:
        assert working_days_between(today, today + DAY * ahead, CALENDAR) == int(words.split()[1])


@given(DAYS, st.integers(1, 60), st.none() | st.integers(-20, 120), READINGS)
def test_a_penalty_adds_up_and_never_passes_its_maximum(
    due: date, wait: int, published_after: int | None, readings: Readings
) -> None:
    notice = due + DAY * wait
    published = None if published_after is None else notice + DAY * published_after
    found = penalty(notice, decision_due=due, decision_published=published, calendar=CALENDAR, readings=readings)

    assert (
        sum(each.cents for each in found.days)
        == found.total_cents
        <= sum(c * d for c, d in zip(found.rates.cents, found.rates.days, strict=True))
    )
    assert [each.day for each in found.days] == [found.first_possible_day + DAY * n for n in range(len(found.days))]
    assert len(found.days) <= 42
    assert found.first_possible_day - notice >= timedelta(days=15)
    if published is None:
        assert len(found.days) == 42


@given(DAYS, DAYS, st.data())
def test_correcting_a_trigger_is_the_same_as_having_known_it(first: date, second: date, data: st.DataObject) -> None:
    facts = data.draw(st.lists(delays(first) | invitations(first), max_size=3))
    adjourned = data.draw(st.lists(st.builds(Adjournment, st.integers(1, 9), on=st.just(first + DAY * 20)), max_size=1))
    counting = Counting(calendar=Calendar())

    def term(trigger: date) -> RunningTerm:
        return recompute(
            RunningTerm("awb-4-13-2", trigger, suspensions=tuple(facts), adjournments=tuple(adjourned)), counting
        )

    assert correct_trigger(term(first), second, counting) == term(second)
