"""Properties of temporal values and ranges (DMN 1.5, 10.3.2.15, Tables 64 and 65)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel.numbers import nanos_as_seconds
from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration
from schuldhulp.rules.feel.temporal.durations import NANOS
from schuldhulp.rules.feel.values import Range, Value

Property = Callable[[Any], Value]


def _offset(seconds: int | None) -> Value:
    return None if seconds is None else DaysTimeDuration.of_seconds(seconds)


def _of(part: str, read: Property) -> Property:
    return lambda moment: read(getattr(moment, part))


_DATE: dict[str, Property] = {
    "year": lambda day: Decimal(day.year),
    "month": lambda day: Decimal(day.month),
    "day": lambda day: Decimal(day.day),
    "weekday": lambda day: Decimal(day.weekday),
}
_TIME: dict[str, Property] = {
    "hour": lambda clock: Decimal(clock.hour),
    "minute": lambda clock: Decimal(clock.minute),
    "second": lambda clock: nanos_as_seconds(clock.second * NANOS + clock.nanosecond),
    "time offset": lambda clock: _offset(clock.utc_offset if clock.zoned else None),
    "timezone": lambda clock: clock.zone,
}
_DATE_TIME: dict[str, Property] = {
    **{name: _of("date", read) for name, read in _DATE.items()},
    **{name: _of("time", read) for name, read in _TIME.items()},
    "time offset": lambda moment: _offset(moment.offset),
}
PROPERTIES: dict[type, dict[str, Property]] = {
    FeelDate: _DATE,
    FeelTime: _TIME,
    FeelDateTime: _DATE_TIME,
    YearsMonthsDuration: {
        "years": lambda duration: Decimal(duration.years),
        "months": lambda duration: Decimal(duration.months),
    },
    DaysTimeDuration: {
        "days": lambda duration: Decimal(duration.days),
        "hours": lambda duration: Decimal(duration.hours),
        "minutes": lambda duration: Decimal(duration.minutes),
        "seconds": lambda duration: duration.seconds,
    },
    Range: {
        "start": lambda interval: interval.start,
        "end": lambda interval: interval.end,
        "start included": lambda interval: interval.start_included,
        "end included": lambda interval: interval.end_included,
    },
}
