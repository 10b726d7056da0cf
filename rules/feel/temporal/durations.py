"""The two kinds of duration: years and months, days and time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.numbers import nanos_as_seconds

NANOS = 1_000_000_000
_LIMIT = 10**21  # keeps every result within a few machine words

_MONTHS = re.compile(r"(-?)P(?:([0-9]{1,24})Y)?(?:([0-9]{1,24})M)?")
_TIME = re.compile(
    r"(-?)P(?:([0-9]{1,24})D)?(T(?:([0-9]{1,24})H)?(?:([0-9]{1,24})M)?(?:([0-9]{1,24})(?:\.([0-9]{1,24}))?S)?)?"
)


@dataclass(frozen=True, slots=True, order=True)
class YearsMonthsDuration:
    """A number of months, possibly negative."""

    total_months: int

    def __post_init__(self) -> None:
        if abs(self.total_months) > _LIMIT:
            raise FeelValueError("a duration of years and months is too long")

    @property
    def years(self) -> int:
        return _sign(self.total_months) * (abs(self.total_months) // 12)

    @property
    def months(self) -> int:
        return _sign(self.total_months) * (abs(self.total_months) % 12)

    def __neg__(self) -> YearsMonthsDuration:
        return YearsMonthsDuration(-self.total_months)

    def __str__(self) -> str:
        years, months = divmod(abs(self.total_months), 12)
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return f"{'-' if self.total_months < 0 else ''}P{parts}"

    def to_python(self) -> YearsMonthsDuration:
        """Python has no such type; the duration stands for itself."""
        return self


@dataclass(frozen=True, slots=True, order=True)
class DaysTimeDuration:
    """A number of nanoseconds, possibly negative."""

    nanos: int

    def __post_init__(self) -> None:
        if abs(self.nanos) > _LIMIT * NANOS:
            raise FeelValueError("a duration of days and time is too long")

    @classmethod
    def of_seconds(cls, seconds: int) -> DaysTimeDuration:
        return cls(seconds * NANOS)

    @classmethod
    def from_python(cls, value: timedelta) -> DaysTimeDuration:
        return cls(((value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds) * 1000)

    def to_python(self) -> timedelta:
        """A timedelta; FeelValueError when it would lose nanoseconds or is too long for one."""
        micros, rest = divmod(self.nanos, 1000)
        try:
            if not rest:
                return timedelta(microseconds=micros)
        except OverflowError:
            pass
        raise FeelValueError(f"{self} does not fit a timedelta")

    def total_seconds(self) -> Decimal:
        return nanos_as_seconds(self.nanos)

    @property
    def seconds_total(self) -> int:
        """Whole seconds, towards zero."""
        return _sign(self.nanos) * (abs(self.nanos) // NANOS)

    @property
    def days(self) -> int:
        return _sign(self.nanos) * (abs(self.nanos) // (86_400 * NANOS))

    @property
    def hours(self) -> int:
        return _sign(self.nanos) * (abs(self.nanos) // (3600 * NANOS) % 24)

    @property
    def minutes(self) -> int:
        return _sign(self.nanos) * (abs(self.nanos) // (60 * NANOS) % 60)

    @property
    def seconds(self) -> Decimal:
        return nanos_as_seconds(_sign(self.nanos) * (abs(self.nanos) % (60 * NANOS)))

    def __neg__(self) -> DaysTimeDuration:
        return DaysTimeDuration(-self.nanos)

    def __str__(self) -> str:
        seconds, nanos = divmod(abs(self.nanos), NANOS)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        fraction = f".{nanos:09d}".rstrip("0") if nanos else ""
        clock = (f"{hour}H" if hour else "") + (f"{minute}M" if minute else "")
        clock += f"{second}{fraction}S" if second or nanos or not (days or clock) else ""
        parts = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
        return f"{'-' if self.nanos < 0 else ''}P{parts}"


def read_duration(text: str) -> YearsMonthsDuration | DaysTimeDuration:
    """"P1Y2M" or "P1DT2H3M4.5S" (XML Schema durations, never both kinds in one). Raises FeelValueError."""
    match = _MONTHS.fullmatch(text)
    if match and (match[2] or match[3]):
        months = int(match[2] or 0) * 12 + int(match[3] or 0)
        return YearsMonthsDuration(-months if match[1] else months)
    match = _TIME.fullmatch(text)
    if match and (match[2] or match[3]) and match[3] != "T":
        seconds = int(match[2] or 0) * 86_400 + int(match[4] or 0) * 3600 + int(match[5] or 0) * 60 + int(match[6] or 0)
        nanos = seconds * NANOS + int((match[7] or "0").ljust(9, "0")[:9])
        return DaysTimeDuration(-nanos if match[1] else nanos)
    raise FeelValueError(f'"{text[:60]}" is not a duration: write "P1Y2M", or "P1DT2H3M4S"')


def _sign(value: int) -> int:
    return -1 if value < 0 else 1
