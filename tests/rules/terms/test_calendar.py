"""The calendar of the Atw, checked against a computus of its own and against the traps of the holidays package."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, timedelta
from importlib.metadata import version

import pytest
from holidays import country_holidays

from schuldhulp.rules.terms import Calendar, DateOutOfRange, LawFileError, load_equated_days, shipped_equated_days

YEARS = range(2014, 2051)


def easter(year: int) -> date:
    """First Easter day, by the anonymous Gregorian algorithm; shares nothing with the code under test."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def feestdagen_by_law(year: int) -> set[date]:
    """Atw art. 3 lid 1 and 2, written from the text."""
    first_easter = easter(year)
    kings_day = date(year, 4, 27)
    if kings_day.weekday() == 6:
        kings_day -= timedelta(days=1)
    return {
        date(year, 1, 1),
        first_easter - timedelta(days=2),  # Goede Vrijdag, lid 2
        first_easter + timedelta(days=1),
        kings_day,
        date(year, 5, 5),
        first_easter + timedelta(days=39),  # Hemelvaartsdag
        first_easter + timedelta(days=50),  # Tweede Pinksterdag
        date(year, 12, 25),
        date(year, 12, 26),
    }


@pytest.mark.parametrize("year", YEARS)
def test_the_free_days_of_a_year_are_exactly_those_of_article_3_weekends_and_equated_days(
    year: int, calendar: Calendar
) -> None:
    by_law = feestdagen_by_law(year) | {day for day in shipped_equated_days().days if day.year == year}
    day = date(year, 1, 1)
    while day.year == year:
        assert calendar.is_free(day) == (day in by_law or day.weekday() >= 5), day
        assert (calendar.why(day) is None) == (not calendar.is_free(day)), day
        day += timedelta(days=1)


def test_the_default_categories_of_the_package_would_miss_5_may_in_most_years() -> None:
    missed = [year for year in YEARS if date(year, 5, 5) not in country_holidays("NL", years=year)]

    assert len(missed) >= 28
    assert {2026, 2027} <= set(missed)


def test_the_package_is_the_pinned_version() -> None:
    assert version("holidays") == "0.109"


def test_the_package_knows_no_day_after_2100_so_the_calendar_refuses_those_dates(calendar: Calendar) -> None:
    assert not country_holidays("NL", years=2101, categories=("public", "optional"))

    with pytest.raises(DateOutOfRange, match="2101-01-01 is outside the calendar"):
        calendar.is_free(date(2101, 1, 1))


@pytest.mark.parametrize(
    ("day", "name", "article"),
    [
        ("2031-04-26", "Koningsdag", "Atw art. 3 lid 1"),  # the 27th is a Sunday
        ("2036-04-26", "Koningsdag", "Atw art. 3 lid 1"),
        ("2028-04-14", "Goede Vrijdag", "Atw art. 3 lid 2"),
        ("2027-05-07", "gelijkgestelde dag (KB voor 2026-2028)", "Atw art. 3 lid 3"),
        ("2029-05-05", "5 mei", "Atw art. 3 lid 1"),  # a Saturday, but named
        ("2026-06-06", "zaterdag", "Atw art. 1 lid 1"),
    ],
)
def test_a_free_day_says_its_name_and_article(day: str, name: str, article: str, calendar: Calendar) -> None:
    why = calendar.why(date.fromisoformat(day))

    assert why is not None
    assert (why.name, why.article) == (name, article)


@pytest.mark.parametrize("day", ["2026-05-04", "2036-04-28", "2024-04-30", "2028-12-24", "2022-05-06"])
def test_a_bridging_day_without_decree_is_an_ordinary_day(day: str, calendar: Calendar) -> None:
    assert calendar.is_free(date.fromisoformat(day)) == (date.fromisoformat(day).weekday() >= 5)


def test_without_good_friday_and_equated_days_only_the_days_of_the_first_paragraph_are_left(calendar: Calendar) -> None:
    assert not calendar.core.is_free(date(2026, 4, 3))
    assert not calendar.core.is_free(date(2026, 5, 15))
    assert calendar.core.is_free(date(2026, 4, 6))
    assert calendar.core.core is calendar.core


def test_the_calendar_says_until_when_the_equated_days_are_known(calendar: Calendar) -> None:
    assert (calendar.complete_from, calendar.complete_until) == (date(2020, 1, 1), date(2028, 12, 31))
    assert calendar.is_complete(date(2028, 12, 31))
    assert not calendar.is_complete(date(2029, 1, 1))


def test_an_administrator_extends_the_table_by_one_item() -> None:
    table = b"""
format: 1
decrees:
  - {decree: KB een, period: 2026-01-01..2028-12-31, days: [2026-01-02]}
  - {decree: KB twee, period: 2029-01-01..2031-12-31, days: [2029-05-11]}
"""
    extended = Calendar(load_equated_days(table, "equated_days.yaml"))

    assert extended.is_free(date(2029, 5, 11))
    assert extended.complete_until == date(2031, 12, 31)
    assert extended.version != Calendar().version


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("format: 1\ndecrees: []", "the table has no decree"),
        (
            "format: 1\ndecrees:\n  - {decree: a, period: 2026-01-01..2026-12-31}\n"
            "  - {decree: b, period: 2028-01-01..2028-12-31}",
            "line 4: b: the period does not follow the one before",
        ),
        (
            "format: 1\ndecrees:\n  - {decree: a, period: 2026-01-01..2026-12-31, days: [2027-05-07]}",
            "outside its period",
        ),
        (
            "format: 1\ndecrees:\n  - {decree: a, period: 2026-01-01..2026-12-31, days: [2026-05-15, 2026-05-15]}",
            "already",
        ),
        ("format: 1\ndecrees:\n  - {decree: a, period: 2026-01-01.., days: []}", "the period has no last day"),
        ("format: 1\ndecrees:\n  - {decree: a, period: 2026-01-01..2026-12-31, days: [2026-02-30]}", "existing date"),
        (
            "format: 1\ndecrees:\n  - {decree: a, period: 2026-01-01..2026-12-31, day: [2026-05-15]}",
            "Did you mean 'days'?",
        ),
    ],
)
def test_a_mistake_in_the_table_of_equated_days_is_reported_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(LawFileError, match=r"days.yaml, line \d+: ") as refusal:
        load_equated_days(text.encode(), "days.yaml")

    assert complaint in str(refusal.value)


def test_importing_terms_reads_no_yaml_and_no_holidays() -> None:
    program = "import sys, schuldhulp.rules.terms; print(sorted({'yaml', 'holidays', 'dateutil'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )

    assert done.stdout.strip() == "[]"
