"""Days in the year and the clock (DMN 1.5, 10.3.4.6 and 10.3.4.11)."""

from __future__ import annotations

from decimal import Decimal

from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.temporal import FeelDate, FeelDateTime
from schuldhulp.rules.feel.temporal.calendar import day_of_year, week_of_year
from schuldhulp.rules.feel.values import Value

registry = Registry()
built_in = registry.built_in

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)


def _day(moment: FeelDate | FeelDateTime) -> FeelDate:
    return moment.date if isinstance(moment, FeelDateTime) else moment


@built_in("day of year(date: date|date and time) -> number")
def day_of_year_(moment: FeelDate | FeelDateTime) -> Value:
    day = _day(moment)
    return Decimal(day_of_year(day.year, day.month, day.day))


@built_in("day of week(date: date|date and time) -> string")
def day_of_week(moment: FeelDate | FeelDateTime) -> Value:
    return WEEKDAYS[_day(moment).weekday - 1]


@built_in("month of year(date: date|date and time) -> string")
def month_of_year(moment: FeelDate | FeelDateTime) -> Value:
    return MONTHS[_day(moment).month - 1]


@built_in("week of year(date: date|date and time) -> number")
def week_of_year_(moment: FeelDate | FeelDateTime) -> Value:
    day = _day(moment)
    return Decimal(week_of_year(day.year, day.month, day.day))


@built_in("now() -> date and time", run=True)
def now(run: Run) -> Value:
    if run.now is None:
        raise NullResult("no-clock", "this evaluation was given no clock")
    return FeelDateTime.from_python(run.now)


@built_in("today() -> date", run=True)
def today(run: Run) -> Value:
    if run.now is None:
        raise NullResult("no-clock", "this evaluation was given no clock")
    return FeelDate.from_python(run.now)
