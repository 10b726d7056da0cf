"""Conversion between kinds (DMN 1.5, 10.3.4.1), and not (10.3.4.2)."""

from __future__ import annotations

import re
from decimal import Decimal

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.errors import FeelError, FeelValueError, NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.temporal import FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration, read_duration
from schuldhulp.rules.feel.temporal.durations import NANOS, DaysTimeDuration
from schuldhulp.rules.feel.temporal.moments import MIDNIGHT_UTC
from schuldhulp.rules.feel.values import Range, Value, brief, kind, render, render_key

registry = Registry()
built_in = registry.built_in

_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")


@built_in("date(from: string|date and time|date) -> date")
def date(value: str | FeelDateTime | FeelDate) -> Value:
    match value:
        case str():
            return FeelDate.read(value)
        case FeelDateTime():
            return value.date
    return value


@built_in("date(year: number, month: number, day: number) -> date")
def date_of(year: Decimal, month: Decimal, day: Decimal) -> Value:
    return FeelDate(numbers.whole(year, "year"), numbers.whole(month, "month"), numbers.whole(day, "day"))


@built_in("date and time(from: string) -> date and time")
def date_and_time(text: str) -> Value:
    return FeelDateTime.read(text)


@built_in("date and time(date: date|date and time, time: time) -> date and time")
def date_and_time_of(day: FeelDate | FeelDateTime, clock: FeelTime) -> Value:
    return FeelDateTime(day.date if isinstance(day, FeelDateTime) else day, clock)


@built_in("time(from: string|time|date and time|date) -> time")
def time(value: str | FeelTime | FeelDateTime | FeelDate) -> Value:
    match value:
        case str():
            return FeelTime.read(value)
        case FeelTime():
            return value
        case FeelDateTime():
            return value.time
    return MIDNIGHT_UTC


@built_in("time(hour: number, minute: number, second: number, offset?: days and time duration?) -> time")
def time_of(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysTimeDuration | None) -> Value:
    if offset is not None and offset.nanos % NANOS:
        raise NullResult("invalid-argument", "an offset has no fractions of seconds")
    whole_second, nanos = _split_second(second)
    east = None if offset is None else offset.nanos // NANOS
    return FeelTime(numbers.whole(hour, "hour"), numbers.whole(minute, "minute"), whole_second, nanos, east)


def _split_second(second: Decimal) -> tuple[int, int]:
    if not 0 <= second < 60:
        raise NullResult("out-of-range", f"there is no second {numbers.text(second)}")
    return int(second), int(numbers.multiply(second, Decimal(NANOS))) % NANOS


@built_in("duration(from: string) -> Any")
def duration(text: str) -> Value:
    return read_duration(text)


@built_in("years and months duration(from: date|date and time, to: date|date and time) -> years and months duration")
def years_and_months_duration(first: FeelDate | FeelDateTime, last: FeelDate | FeelDateTime) -> Value:
    """Whole months from the first day to the last, towards zero."""
    start, end = (moment.date if isinstance(moment, FeelDateTime) else moment for moment in (first, last))
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearsMonthsDuration(months)


@built_in("number(from: string, grouping separator?: string?, decimal separator?: string?) -> number")
def number(value: str, grouping: str | None, point: str | None) -> Value:
    if grouping not in (None, " ", ",", "."):
        raise NullResult("invalid-argument", 'the grouping separator is " ", "," or "."')
    if point not in (None, ",", ".") or (point is not None and point == grouping):
        raise NullResult("invalid-argument", 'the decimal separator is "," or ".", and not the grouping separator')
    plain = value.replace(grouping, "") if grouping else value
    if point == ",":
        plain = plain.replace(".", "?").replace(",", ".")  # a point is then no part of a number
    if len(plain) > 10_000 or not _NUMBER.fullmatch(plain):
        raise NullResult("invalid-argument", f"{brief(value)} is not a number")
    return numbers.checked(numbers.CONTEXT.create_decimal(plain))


@built_in("string(from: Any) -> string")
def string(value: Value) -> Value:
    if value is None:
        raise NullResult("null-operand", "null has no string")
    return text_of(value)


def text_of(value: Value) -> str:
    """What string() gives: a string as it is, a date as 2024-02-29; strings inside lists and contexts quoted."""
    match value:
        case str():
            return value
        case list():
            return f"[{', '.join(map(_inner, value))}]"
        case dict():
            return f"{{{', '.join(f'{render_key(name)}: {_inner(item)}' for name, item in value.items())}}}"
        case FeelDate() | FeelTime() | FeelDateTime() | YearsMonthsDuration() | DaysTimeDuration():
            return str(value)
    return render(value)


def _inner(value: Value) -> str:
    return render(value) if isinstance(value, str) else text_of(value)


@built_in("range(from: string) -> range", run=True)
def range_(run: Run, text: str) -> Value:
    """The interval that a text writes, between literals only."""
    from schuldhulp.rules.feel import literals

    try:
        made = literals.read_interval(text, run)
    except FeelValueError as error:
        raise NullResult("invalid-argument", str(error)) from None
    except FeelError as error:
        raise NullResult("invalid-argument", f"{brief(text)} is not an interval: {error}") from None
    if not isinstance(made, Range):
        raise NullResult("invalid-argument", f"{brief(text)} is not an interval")
    return made


@built_in("not(negand: Any) -> boolean")
def not_(value: Value) -> Value:
    if isinstance(value, bool):
        return not value
    reason = "null-operand" if value is None else "argument-type"
    raise NullResult(reason, f"{kind(value)} {brief(value)} is not a boolean")
