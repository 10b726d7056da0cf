"""Amounts, numbers, dates and sums of words as Dutch readers expect them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

CIVIL = ZoneInfo("Europe/Amsterdam")
MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_DUTCH = str.maketrans(",.", ".,")


def amount(value: Decimal | int) -> str:
    """Euros with two decimals.

    >>> amount(Decimal("1250.5"))
    '1.250,50'
    """
    return f"{Decimal(value):,.2f}".translate(_DUTCH)


def euro(value: Decimal | int) -> str:
    """An amount with its sign.

    >>> euro(Decimal("-1250.5"))
    '€ -1.250,50'
    """
    return f"€ {amount(value)}"


def number(value: Decimal | int) -> str:
    """A number without noughts that say nothing.

    >>> number(Decimal("1234.50")), number(Decimal("12.00"))
    ('1234,5', '12')
    """
    whole, point, part = format(Decimal(value), "f").partition(".")
    part = part.rstrip("0")
    return f"{whole},{part}" if point and part else whole


def long_date(value: date) -> str:
    """
    >>> long_date(date(2026, 3, 16))
    '16 maart 2026'
    """
    day = value.astimezone(CIVIL) if isinstance(value, datetime) and value.tzinfo else value
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(value: date) -> str:
    """
    >>> short_date(date(2026, 3, 16))
    '16-03-2026'
    """
    day = value.astimezone(CIVIL) if isinstance(value, datetime) and value.tzinfo else value
    return f"{day:%d-%m-%Y}"


def weekday_date(value: date) -> str:
    """
    >>> weekday_date(date(2026, 3, 16))
    'maandag 16 maart 2026'
    """
    return f"{WEEKDAYS[value.weekday()]} {long_date(value)}"


def listed(words: Sequence[str]) -> str:
    """
    >>> listed(["huur", "zorg", "energie"])
    'huur, zorg en energie'
    """
    return " en ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
