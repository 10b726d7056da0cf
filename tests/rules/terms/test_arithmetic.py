"""Arithmetic of the Atw: weekday by weekday cases made by hand."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from schuldhulp.rules.terms import (
    Calendar,
    DateOutOfRange,
    Length,
    NotAWholeNumber,
    Source,
    Start,
    TermError,
    Unit,
    add_working_days,
    atw_covers,
    backward,
    extend_by_atw,
    hours_later,
    unshifted_end,
    words_left,
    working_days_between,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("trigger", "length", "end"),
    [
        ("2026-03-31", Length(1, Unit.MONTHS), "2026-04-30"),
        ("2024-01-31", Length(1, Unit.MONTHS), "2024-02-29"),
        ("2026-02-28", Length(1, Unit.MONTHS), "2026-03-28"),
        ("2026-11-15", Length(14, Unit.MONTHS), "2028-01-15"),
        ("2028-02-29", Length(4, Unit.YEARS), "2032-02-29"),
        ("2028-02-29", Length(1, Unit.YEARS), "2029-02-28"),
        ("2026-12-31", Length(1, Unit.DAYS), "2027-01-01"),
        ("2028-02-22", Length(1, Unit.WEEKS), "2028-02-29"),
    ],
)
def test_a_term_runs_from_date_to_date_and_stops_at_the_end_of_a_short_month(
    trigger: str, length: Length, end: str
) -> None:
    assert unshifted_end(day(trigger), length) == day(end)


def test_when_the_first_day_counts_the_term_ends_a_day_earlier() -> None:
    assert unshifted_end(day("2024-02-29"), Length(12, Unit.MONTHS), Start.SAME_DAY) == day("2025-02-27")


@pytest.mark.parametrize(
    ("length", "source", "covered"),
    [
        (Length(90, Unit.DAYS), Source.WET, True),
        (Length(91, Unit.DAYS), Source.WET, False),
        (Length(12, Unit.WEEKS), Source.AMVB, True),
        (Length(13, Unit.WEEKS), Source.WET, False),
        (Length(3, Unit.MONTHS), Source.WET, True),
        (Length(4, Unit.MONTHS), Source.WET, False),
        (Length(1, Unit.YEARS), Source.WET, False),
        (Length(1, Unit.HOURS), Source.WET, False),
        (Length(2, Unit.WEEKS), Source.VERORDENING, False),
        (Length(2, Unit.WEEKS), Source.BELEID, False),
        (Length(1, Unit.MONTHS), Source.EU, False),
    ],
)
def test_the_atw_covers_short_terms_in_a_wet_or_amvb_only(length: Length, source: Source, covered: bool) -> None:
    assert atw_covers(length, source) is covered


@pytest.mark.parametrize(
    ("first", "end", "length", "extended"),
    [
        # Friday 6 May 2016 is not equated in the table; Thursday 5 May was Hemelvaartsdag and 5 May at once
        ("2016-04-08", "2016-05-05", Length(4, Unit.WEEKS), "2016-05-06"),
        # Good Friday to Easter Monday 2027, then Tuesday
        ("2027-03-01", "2027-03-26", Length(26, Unit.DAYS), "2027-03-30"),
        # three days over Whitsun: Friday 22 May 2026 starts, ends Sunday; Monday free; Tuesday is only the second working day
        ("2026-05-22", "2026-05-24", Length(3, Unit.DAYS), "2026-05-26"),
        # three days from Christmas Day: no working day before Monday 28, the second is Tuesday 29
        ("2026-12-25", "2026-12-27", Length(3, Unit.DAYS), "2026-12-29"),
        ("2026-12-25", "2026-12-27", Length(2, Unit.DAYS), "2026-12-28"),
        # an end on a working day with two working days in the term does not move
        ("2026-06-02", "2026-06-04", Length(3, Unit.DAYS), "2026-06-04"),
    ],
)
def test_the_last_day_moves_past_free_days_and_gives_two_working_days(
    first: str, end: str, length: Length, extended: str, calendar: Calendar
) -> None:
    assert extend_by_atw(day(first), day(end), calendar, length) == day(extended)


@pytest.mark.parametrize(
    ("event", "length", "last"),
    [
        ("2026-05-12", Length(1, Unit.WEEKS), "2026-05-05"),  # 5 May: stays, though free
        ("2026-06-15", Length(10, Unit.DAYS), "2026-06-05"),
        ("2026-03-31", Length(1, Unit.MONTHS), "2026-02-28"),
    ],
)
def test_a_term_counted_back_is_never_shifted(event: str, length: Length, last: str) -> None:
    assert backward(day(event), length) == day(last)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-04-29", 3, "2026-05-04"),  # Thursday, Friday, Monday 4 May (not equated)
        ("2027-04-30", 3, "2027-05-10"),  # 3 May, 4 May, then 5 May, Ascension, KB Friday and a weekend are skipped
        ("2026-06-10", 0, "2026-06-10"),
        ("2026-06-06", 0, "2026-06-06"),  # zero days stay, also on a Saturday
        ("2026-06-10", -3, "2026-06-05"),
        ("2026-05-06", -1, "2026-05-04"),
    ],
)
def test_working_days_skip_free_days_forward_and_back(start: str, count: int, end: str, calendar: Calendar) -> None:
    assert add_working_days(day(start), count, calendar) == day(end)


def test_working_days_between_count_the_last_day_but_not_the_first(calendar: Calendar) -> None:
    assert working_days_between(day("2026-06-01"), day("2026-06-08"), calendar) == 5
    assert working_days_between(day("2026-06-08"), day("2026-06-01"), calendar) == -5
    assert working_days_between(day("2026-06-05"), day("2026-06-07"), calendar) == 0


@pytest.mark.parametrize(
    ("today", "ends", "words"),
    [
        ("2026-06-08", "2026-06-10", "nog 2 werkdagen"),
        ("2026-06-09", "2026-06-10", "nog 1 werkdag"),
        ("2026-06-10", "2026-06-10", "vandaag"),
        ("2026-06-11", "2026-06-10", "1 dag te laat"),
        ("2026-06-13", "2026-06-10", "3 dagen te laat"),
        ("2026-06-05", "2026-06-08", "nog 1 werkdag"),
        ("2026-06-05", "2026-06-07", "nog 2 dagen, geen werkdag"),
    ],
)
def test_the_time_left_is_told_in_plain_dutch(today: str, ends: str, words: str, calendar: Calendar) -> None:
    assert words_left(day(today), day(ends), calendar) == words


def test_hours_are_real_hours_so_a_night_with_a_clock_change_shows() -> None:
    assert hours_later(datetime(2026, 6, 5, 16, 30), 48) == datetime(2026, 6, 7, 16, 30)  # noqa: DTZ001
    assert hours_later(datetime(2026, 3, 28, 10, 0), 48) == datetime(2026, 3, 30, 11, 0)  # noqa: DTZ001
    aware = datetime(2026, 10, 24, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
    assert hours_later(aware, 48).isoformat() == "2026-10-26T09:00:00+01:00"


@pytest.mark.parametrize(
    "act",
    [
        lambda calendar: add_working_days(day("2026-01-01"), 10**9, calendar),
        lambda calendar: add_working_days(day("2100-12-30"), 30, calendar),
        lambda calendar: working_days_between(date.min, date.max, calendar),
        lambda calendar: unshifted_end(day("2026-01-01"), Length(9999, Unit.YEARS)),
        lambda calendar: unshifted_end(day("2026-01-01"), Length(10**12, Unit.DAYS)),
        lambda calendar: unshifted_end(date.max, Length(1, Unit.DAYS)),
        lambda calendar: backward(date.min, Length(1, Unit.MONTHS)),
        lambda calendar: hours_later(datetime(2026, 1, 1), 10**9),  # noqa: DTZ001
    ],
)
def test_absurd_dates_and_counts_are_refused_at_once(act: object, calendar: Calendar) -> None:
    assert callable(act)
    with pytest.raises((DateOutOfRange, NotAWholeNumber)) as refusal:
        act(calendar)
    assert isinstance(refusal.value, TermError)
