"""Dates and states as people read them: in words, with a colour and an icon that say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schuldhulp.engine.definitions import dutch
from schuldhulp.rules.terms import Calendar, words_left, working_days_between

SOON = 2
"""Working days before a last day from which a countdown is urgent."""


@dataclass(frozen=True, slots=True)
class Countdown:
    """How long is left: `text` such as "nog 2 werkdagen"; `tone` late | soon | calm; `day` the last day in full."""

    text: str
    tone: str
    day: str
    iso: str


def countdown(ends: date, today: date, calendar: Calendar) -> Countdown:
    """How long is left until the last day *ends*."""
    text = words_left(today, ends, calendar)
    near = ends <= today or working_days_between(today, ends, calendar) <= SOON
    tone = "late" if ends < today else "soon" if near else "calm"
    return Countdown(text, tone, dutch.weekday_date(ends), ends.isoformat())


def moment(at: datetime, today: date) -> str:
    """An instant: the time of today, or the day and the time.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 3, 16, 8, 40, tzinfo=UTC), date(2026, 3, 16))
    'vandaag 09:40'
    >>> moment(datetime(2026, 3, 13, 8, 40, tzinfo=UTC), date(2026, 3, 16))
    '13 maart 2026, 09:40'
    """
    civil = at.astimezone(dutch.CIVIL)
    day = "vandaag" if civil.date() == today else f"{dutch.long_date(civil)},"
    return f"{day} {civil:%H:%M}"


def count(number: int, one: str, many: str) -> str:
    """
    >>> count(1, "taak", "taken"), count(3, "taak", "taken")
    ('1 taak', '3 taken')
    """
    return f"{number} {one if number == 1 else many}"
