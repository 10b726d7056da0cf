"""The proleptic Gregorian calendar for any year: days since 1970-01-01, and back."""

from __future__ import annotations

YEAR_LIMIT = 999_999_999
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _DAYS[month - 1]


def is_date(year: int, month: int, day: int) -> bool:
    return abs(year) <= YEAR_LIMIT and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def to_days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01. The year is taken to begin in March, so that the leap day comes last."""
    year -= month <= 2
    era, year_of_era = divmod(year, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def from_days(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970-01-01."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def weekday(days: int) -> int:
    """ISO weekday, Monday is 1."""
    return (days + 3) % 7 + 1


def day_of_year(year: int, month: int, day: int) -> int:
    return to_days(year, month, day) - to_days(year, 1, 1) + 1


def week_of_year(year: int, month: int, day: int) -> int:
    """ISO 8601 week number."""
    days = to_days(year, month, day)
    thursday = days - weekday(days) + 4
    return (thursday - to_days(from_days(thursday)[0], 1, 1)) // 7 + 1


def add_months(year: int, month: int, day: int, months: int) -> tuple[int, int, int]:
    """The same day of the month `months` later; the month's last day where it has no such day."""
    year, index = divmod(year * 12 + month - 1 + months, 12)
    return year, index + 1, min(day, days_in_month(year, index + 1))
