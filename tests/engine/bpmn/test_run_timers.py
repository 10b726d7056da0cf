"""Plain ISO 8601 timers, on the Dutch calendar."""

from __future__ import annotations

import doctest
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schuldhulp.engine.bpmn.graph import TimerKind
from schuldhulp.engine.bpmn.run import timers
from schuldhulp.engine.bpmn.run.contract import TimerAnswer
from schuldhulp.engine.bpmn.run.timers import AMSTERDAM, Period, TimerTextError, add, later, moment, parse

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=AMSTERDAM)


def local(instant: datetime) -> str:
    return f"{instant.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT90M", "2026-01-31 13:30"), ("P1M", "2026-02-28 12:00"), ("P2W", "2026-02-14 12:00"),
        ("P1Y2M3DT4H", "2027-04-03 16:00"), ("PT0.5S", "2026-01-31 12:00"), ("P58D", "2026-03-30 12:00"),
    ],
)  # fmt: skip
def test_a_duration_counts_from_now_on_the_calendar(text: str, due: str) -> None:
    assert local(parse(text, TimerKind.DURATION, NOON).first) == due


def test_days_keep_the_wall_clock_over_a_change_of_the_clock_and_hours_are_elapsed() -> None:
    before = datetime(2026, 3, 28, 12, 0, tzinfo=AMSTERDAM)
    assert local(parse("P1D", TimerKind.DURATION, before).first) == "2026-03-29 12:00"
    assert local(parse("PT24H", TimerKind.DURATION, before).first) == "2026-03-29 13:00"


def test_a_wall_clock_that_does_not_exist_is_an_hour_later() -> None:
    before = datetime(2026, 3, 28, 2, 30, tzinfo=AMSTERDAM)
    assert local(add(before, Period.read("P1D"))) == "2026-03-29 03:30"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-01", "2026-06-30T22:00:00+00:00"), ("2026-07-01T09:00", "2026-07-01T07:00:00+00:00"),
        ("2026-07-01T09:00:00Z", "2026-07-01T09:00:00+00:00"), ("2026-07-01T09:00:00+05:00", "2026-07-01T04:00:00+00:00"),
        ("2026-07-01T09:00[Europe/London]", "2026-07-01T08:00:00+00:00"),
    ],
)  # fmt: skip
def test_a_date_is_an_instant_on_the_dutch_clock_unless_it_says_otherwise(text: str, utc: str) -> None:
    assert moment(text).isoformat() == utc


def test_a_cycle_without_start_is_first_due_one_period_from_now() -> None:
    answer = parse("R3/P1M", TimerKind.CYCLE, NOON)
    assert [local(later(answer, n)) for n in range(2)] == ["2026-02-28 12:00", "2026-03-28 12:00"]
    assert answer.repeats == 3
    assert parse("R/P1D", TimerKind.CYCLE, NOON).repeats is None


def test_a_cycle_with_start_is_first_due_at_its_start_and_counts_months_from_there() -> None:
    answer = parse("R4/2026-01-31T09:00/P1M", TimerKind.CYCLE, datetime(2026, 1, 1, tzinfo=UTC))
    assert [local(later(answer, n)) for n in range(4)] == [
        "2026-01-31 09:00", "2026-02-28 09:00", "2026-03-31 09:00", "2026-04-30 09:00",
    ]  # fmt: skip


def test_turns_of_a_cycle_that_lie_in_the_past_are_not_made_up_for() -> None:
    answer = parse("R/2020-01-01/P1D", TimerKind.CYCLE, NOON)
    assert local(answer.first) == "2026-02-01 00:00"
    answer = parse("R10/2026-01-25T00:00/P1D", TimerKind.CYCLE, NOON)
    assert (local(answer.first), answer.repeats) == ("2026-02-01 00:00", 3)
    answer = parse("R2/2020-01-01/P1D", TimerKind.CYCLE, NOON)
    assert (local(answer.first), answer.repeats) == ("2020-01-02 00:00", 1)


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        (TimerKind.CYCLE, "0 0 9 * * ?", "cron"), (TimerKind.CYCLE, "R3", "write a cycle"),
        (TimerKind.CYCLE, "R0/P1D", "at least once"),
        (TimerKind.CYCLE, "R3/PT0S", "longer than nothing"), (TimerKind.CYCLE, "R3/P1D/2026-01-01", "cannot have an end"),
        (TimerKind.DURATION, "P", "write a duration"), (TimerKind.DURATION, "PT", "write a duration"),
        (TimerKind.DURATION, "-P1D", "backwards"), (TimerKind.DURATION, "P999999Y", "outside the calendar"),
        (TimerKind.DURATION, "1 day", "write a duration"), (TimerKind.DATE, "2026-02-30", "no existing moment"),
        (TimerKind.DATE, "01-02-2026", "write a date"), (TimerKind.DATE, "2026-02-01T09:00[Mars/Base]", "no existing moment"),
    ],
)  # fmt: skip
def test_a_text_that_is_no_timer_is_refused_with_what_to_write(kind: TimerKind, text: str, why: str) -> None:
    with pytest.raises(TimerTextError, match=why) as caught:
        parse(text, kind, NOON)
    assert caught.value.text


@given(
    st.datetimes(min_value=NOON.replace(tzinfo=None), timezones=st.just(UTC)).filter(lambda moment: moment.year < 9000),
    st.integers(0, 60), st.integers(0, 90), st.integers(0, 100_000), st.integers(1, 24),
)  # fmt: skip
def test_the_due_instants_of_a_cycle_always_go_forward(
    first: datetime, months: int, days: int, seconds: int, turns: int
) -> None:
    period = Period(months, days, timedelta(seconds=seconds + 1))
    text = f"P{months}M{days}DT{seconds + 1}S"
    assert Period.read(text) == period
    answer = TimerAnswer(first, text)
    due = [later(answer, n) for n in range(turns)]
    assert due[0] == first
    # A month after the 30th and the 31st can be the same day; a turn never comes before the one before it.
    assert all(earlier <= after for earlier, after in pairwise(due))


@given(st.text(max_size=40), st.sampled_from(list(TimerKind)))
def test_any_text_gives_a_timer_or_a_timer_text_error(text: str, kind: TimerKind) -> None:
    with suppress(TimerTextError):
        assert parse(text, kind, NOON).first.tzinfo is not None


def test_the_examples_in_the_docstrings_are_right() -> None:
    assert doctest.testmod(timers).failed == 0
