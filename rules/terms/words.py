"""Dutch words for people: how long is left, and dates written out."""

from __future__ import annotations

from datetime import date

from schuldhulp.rules.terms.arithmetic import working_days_between
from schuldhulp.rules.terms.calendar import Calendar

_WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


def words_left(today: date, ends: date, calendar: Calendar) -> str:
    """How long is left until the last day *ends*: "nog 2 werkdagen", "vandaag", "3 dagen te laat".

    Today is not counted, the last day is. When only free days are left: "nog 1 dag, geen werkdag".
    """
    if ends == today:
        return "vandaag"
    if ends < today:
        return f"{_count((today - ends).days, 'dag', 'dagen')} te laat"
    working = working_days_between(today, ends, calendar)
    if working == 0:
        return f"nog {_count((ends - today).days, 'dag', 'dagen')}, geen werkdag"
    return f"nog {_count(working, 'werkdag', 'werkdagen')}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def dutch_date(day: date) -> str:
    """
    >>> dutch_date(date(2026, 6, 10))
    'woensdag 10 juni 2026'
    """
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"
