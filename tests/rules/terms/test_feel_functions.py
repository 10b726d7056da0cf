"""The functions that designers use in expressions: plain dates and whole numbers in and out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from schuldhulp.rules.terms import Calendar, Readings, TermError, feel_functions


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "arguments", "answer"),
    [
        ("werkdagen na", (day("2026-06-05"), 3), day("2026-06-10")),
        ("werkdagen na", (day("2026-06-10"), -3), day("2026-06-05")),
        ("werkdagen na", (day("2026-06-05"), Decimal("3.0")), day("2026-06-10")),
        ("werkdagen tussen", (day("2026-06-05"), day("2026-06-10")), 3),
        ("volgende werkdag", (day("2026-05-13"),), day("2026-05-18")),
        ("is werkdag", (day("2026-05-15"),), False),
        ("wettelijk uiterlijk", ("awb-6-7", day("2026-03-24")), day("2026-05-06")),
        ("wettelijk uiterlijk met lengte", ("wgs-4a-3", day("2026-03-02"), 8), day("2026-04-27")),
        ("wettelijk uiterlijk met commissie", ("awb-7-10", day("2026-07-13")), day("2026-10-05")),
        ("bezwaar op tijd", (day("2026-03-16"), day("2026-04-28"), None), True),
        ("bezwaar op tijd", (day("2026-03-16"), day("2026-04-29"), day("2026-04-29")), False),
        ("bezwaar op tijd", (day("2026-03-16"), day("2026-05-04"), day("2026-04-28")), True),
        ("verzoekdatum", (day("2026-02-09"), day("2026-02-13")), day("2026-02-09")),
        ("resterende tijd", (day("2026-06-08"), day("2026-06-10")), "nog 2 werkdagen"),
    ],
)
def test_a_function_answers(name: str, arguments: tuple[object, ...], answer: object, calendar: Calendar) -> None:
    parameters, function = feel_functions(calendar, Readings())[name]

    assert len(parameters) == len(arguments)
    assert function(*arguments) == answer


def test_an_early_signal_is_a_request_from_acceptance_where_that_is_the_reading(calendar: Calendar) -> None:
    _, function = feel_functions(calendar, Readings(signal_term_from_acceptance=True))["verzoekdatum"]

    assert function(day("2026-02-09"), day("2026-02-13")) == day("2026-02-13")
    with pytest.raises(TermError, match="before"):
        function(day("2026-02-13"), day("2026-02-09"))


def test_the_penalty_is_a_context_with_days_and_euros(calendar: Calendar) -> None:
    _, function = feel_functions(calendar, Readings())["dwangsom"]
    late = day("2026-03-26"), day("2026-03-30")

    assert function(*late, day("2026-04-16"), None) == {
        "te_vroeg": False,
        "mogelijk_vanaf": day("2026-04-14"),
        "eerste_dag": day("2026-04-14"),
        "laatste_dag": day("2026-04-15"),
        "dagen": 2,
        "bedrag": Decimal("46"),
        "vaststellen_voor": day("2026-04-29"),
    }
    running = function(*late, None, day("2026-04-14"))
    assert isinstance(running, dict)
    assert (running["dagen"], running["laatste_dag"], running["vaststellen_voor"]) == (1, None, None)
    whole = function(*late, None, None)
    assert isinstance(whole, dict)
    assert (whole["dagen"], whole["bedrag"], whole["laatste_dag"]) == (42, Decimal(1442), day("2026-05-25"))
    early = function(day("2026-03-30"), day("2026-03-30"), None, None)
    assert isinstance(early, dict)
    assert (early["te_vroeg"], early["mogelijk_vanaf"], early["bedrag"]) == (True, None, Decimal(0))


def test_a_function_follows_the_readings_of_the_municipality(calendar: Calendar) -> None:
    _, function = feel_functions(calendar, Readings(atw_on_ordinance_term=True))["wettelijk uiterlijk met lengte"]

    assert function("wgs-4a-3", day("2026-03-02"), 8) == day("2026-04-28")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("werkdagen na", ("2026-06-05", 3)),
        ("werkdagen na", (datetime(2026, 6, 5, 9), 3)),  # noqa: DTZ001
        ("werkdagen na", (day("2026-06-05"), Decimal("1.5"))),
        ("werkdagen na", (day("2026-06-05"), True)),
        ("werkdagen na", (day("2026-06-05"), Decimal("NaN"))),
        ("werkdagen na", (day("2026-06-05"), Decimal("1E+999999"))),
        ("werkdagen na", (day("2026-06-05"), 10**12)),
        ("werkdagen tussen", (None, day("2026-06-10"))),
        ("werkdagen tussen", (day("1900-01-01"), day("2026-06-10"))),
        ("wettelijk uiterlijk", ("awb-6-8", day("2026-03-24"))),
        ("wettelijk uiterlijk", (7, day("2026-03-24"))),
        ("wettelijk uiterlijk", ("wgs-4a-3", day("2026-03-24"))),
        ("wettelijk uiterlijk met lengte", ("wgs-4a-3", day("2026-03-24"), 9)),
        ("wettelijk uiterlijk met commissie", ("awb-6-7", day("2026-03-24"))),
    ],
)
def test_an_argument_it_cannot_use_is_refused_with_a_reason(
    name: str, arguments: tuple[object, ...], calendar: Calendar
) -> None:
    with pytest.raises(TermError):
        feel_functions(calendar, Readings())[name][1](*arguments)
