"""Arithmetic of terms: ends of terms, the Atw, working days, backward terms, hours. Dates in, dates out."""

from __future__ import annotations

import calendar as _months
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from schuldhulp.rules.terms.calendar import FIRST_DAY, LAST_DAY, ONE_DAY, Calendar
from schuldhulp.rules.terms.errors import DateOutOfRange, NotAWholeNumber
from schuldhulp.rules.terms.model import Length, Source, Start, Unit

ATW_LIMITS = {Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3}  # Atw art. 4 onder a: not for longer terms
MOST_UNITS = 100_000


def add_months(day: date, months: int) -> date:
    """The same day number *months* later (or earlier), or the last day of that month when it does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise DateOutOfRange(f"{day} and {months} months", FIRST_DAY, LAST_DAY)
    return date(year, month + 1, min(day.day, _months.monthrange(year, month + 1)[1]))


def add_days(day: date, days: int) -> date:
    """*days* later (or earlier). Raises DateOutOfRange."""
    if abs(days) > MOST_UNITS:
        raise NotAWholeNumber("the number of days", days, f"at most {MOST_UNITS} are counted")
    return _inside(_inside(day) + timedelta(days=days))


def _inside(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise DateOutOfRange(day, FIRST_DAY, LAST_DAY)
    return day


def add_length(day: date, length: Length, *, sign: int = 1) -> date:
    """*day* and the length, trigger day not counted; units in calendar time only."""
    match length.unit:
        case Unit.DAYS:
            return add_days(day, sign * length.count)
        case Unit.WEEKS:
            return add_days(day, sign * 7 * length.count)
        case Unit.MONTHS:
            return add_months(_inside(day), sign * length.count)
        case Unit.YEARS:
            return add_months(_inside(day), sign * 12 * length.count)
        case _:
            raise NotAWholeNumber("the unit", str(length.unit), "a calendar unit is needed: days, weeks, months, years")


def unshifted_end(trigger: date, length: Length, start: Start = Start.NEXT_DAY) -> date:
    """The last day of a term before any shift. With start same_day the day of the trigger is the first day."""
    end = add_length(trigger, length)
    return end - ONE_DAY if start is Start.SAME_DAY else end


def backward(event: date, length: Length) -> date:
    """The last day of a term counted back from an event; never shifted (Atw art. 1 lid 2)."""
    return add_length(event, length, sign=-1)


def atw_covers(length: Length, source: Source) -> bool:
    """Whether Atw art. 1 and 2 apply to a term of this length set in this kind of text (Atw art. 1, 4 and 5)."""
    return source in (Source.WET, Source.AMVB) and length.count <= ATW_LIMITS.get(length.unit, 0)


def extend_by_atw(first: date, end: date, calendar: Calendar, length: Length) -> date:
    """The last day after Atw art. 1 lid 1 and, for terms of at least three days, art. 2.

    *first* is the first day of the term; art. 2 asks for at least two days in it that are not free.
    """
    end = on_or_after(end, calendar)
    if length.unit is Unit.DAYS and length.count < 3:
        return end
    working = calendar.working_days_after(first - ONE_DAY)
    next(working)
    return max(end, next(working))  # the second working day is itself not free, so art. 1 still holds


def on_or_after(day: date, calendar: Calendar) -> date:
    """*day* when it is a working day, else the next one."""
    while calendar.is_free(day):
        day += ONE_DAY
    return day


def add_working_days(day: date, count: int, calendar: Calendar) -> date:
    """The *count*-th working day after *day*, which is itself never counted; negative counts go back; 0 gives *day*."""
    if abs(count) > MOST_UNITS:
        raise NotAWholeNumber("the number of working days", count, f"at most {MOST_UNITS} are counted")
    step = ONE_DAY if count > 0 else -ONE_DAY
    _inside(day)
    for _ in range(abs(count)):
        day += step
        while calendar.is_free(day):
            day += step
    return day


def working_days_between(first: date, last: date, calendar: Calendar) -> int:
    """How many working days come after *first* up to and including *last*; negative when *last* is earlier."""
    if last < first:
        return -working_days_between(last, first, calendar)
    days = (_inside(last) - _inside(first)).days
    return sum(not calendar.is_free(first + timedelta(days=n)) for n in range(1, days + 1))


def hours_later(moment: datetime, hours: int) -> datetime:
    """The moment *hours* later by the clock on the wall in the Netherlands; never shifted (Atw art. 4 onder a).

    A moment without zone is civil time of Europe/Amsterdam, and so is the answer. Real hours are counted, so a night
    in which the clock changes gives another wall time.
    """
    if abs(hours) > MOST_UNITS:
        raise NotAWholeNumber("the number of hours", hours, f"at most {MOST_UNITS} are counted")
    zone = ZoneInfo("Europe/Amsterdam")
    local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
    later = (local.astimezone(UTC) + timedelta(hours=hours)).astimezone(zone)
    return later.replace(tzinfo=None) if moment.tzinfo is None else later
