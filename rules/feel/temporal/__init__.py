"""Temporal values of our own: any year, nanoseconds, offset and zone id apart."""

from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.temporal.durations import DaysTimeDuration, YearsMonthsDuration, read_duration
from schuldhulp.rules.feel.temporal.moments import FeelDate, FeelDateTime, FeelTime, Temporal


def read_temporal(text: str) -> Temporal:
    """The value of @"text": the kind shows from the text. Raises FeelValueError."""
    if text.lstrip("-").startswith("P"):
        return read_duration(text)
    if "T" in text.partition("@")[0]:
        return FeelDateTime.read(text)
    try:
        return FeelTime.read(text) if ":" in text else FeelDate.read(text)
    except FeelValueError as error:
        raise FeelValueError(f"{error} (a date, time, date and time, or duration)") from None


__all__ = [
    "DaysTimeDuration", "FeelDate", "FeelDateTime", "FeelTime", "Temporal", "YearsMonthsDuration", "read_duration",
    "read_temporal",
]
