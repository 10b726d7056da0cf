"""A second hand that counts terms: written from the text of the law, one day after the other, to judge rules/terms by.

It shares nothing with rules/terms: own feast days, own table of equated days, own lengths. It is slow and plain on
purpose: it walks, and on each day asks what the law says of that day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache

DAY = timedelta(days=1)

EQUATED = {
    date(2020, 5, 22), date(2021, 5, 14), date(2022, 5, 27), date(2023, 4, 28), date(2023, 5, 19), date(2024, 5, 10),
    date(2024, 12, 27), date(2025, 5, 30), date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28),
    date(2028, 5, 26),
}  # fmt: skip
"""Days equated by royal decree (Atw 3 lid 3)."""


@cache
def easter(year: int) -> date:
    """Easter day of the Gregorian calendar (the computus of Oudin).

    >>> easter(2026), easter(2038)
    (datetime.date(2026, 4, 5), datetime.date(2038, 4, 25))
    """
    century, golden = year // 100, year % 19
    moon = (century - century // 4 - (century - (century - 17) // 25) // 3 + 19 * golden + 15) % 30
    moon -= (moon // 28) * (1 - (moon // 28) * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    after = moon - weekday
    month = 3 + (after + 40) // 44
    return date(year, month, after + 28 - 31 * (month // 4))


def birthday(year: int) -> date:
    """The day on which the King's (until 2013: the Queen's) birthday is celebrated; a Saturday instead of a Sunday."""
    day = date(year, 4, 30) if year < 2014 else date(year, 4, 27)
    return day - DAY if day.isoweekday() == 7 else day


def is_feast(day: date) -> bool:
    """Atw 3 lid 1."""
    after_easter = (day - easter(day.year)).days
    return (
        (day.month, day.day) in {(1, 1), (5, 5), (12, 25), (12, 26)}
        or after_easter in {0, 1, 39, 49, 50}  # Easter, Ascension, Whit
        or day == birthday(day.year)
    )


def is_equated(day: date) -> bool:
    """Atw 3 lid 2 (Good Friday) and lid 3."""
    return (day - easter(day.year)).days == -2 or day in EQUATED


def is_free(day: date) -> bool:
    return day.isoweekday() >= 6 or is_feast(day) or is_equated(day)


@dataclass(frozen=True)
class Stop:
    """A suspension. `kind` is how it stops: asked (an answer ends it), or period (both days included)."""

    kind: str
    first: date
    """Asked: the day of the invitation or inquiry. Period: its first day."""
    last: date | None = None
    """Asked: the last day that was set for the answer, if one was. Period: its last day."""
    answered: date | None = None


@dataclass(frozen=True)
class Sort:
    """What a kind of term is, as far as counting goes."""

    length: int
    unit: str
    """days, weeks, months, years or working days."""
    in_law: bool = True
    """Set in a wet or AMvB."""
    european: bool = False
    counts_first: bool = False
    """The day of the fact counts too (only Fw 349a)."""
    ordinance: bool = False


@dataclass(frozen=True)
class Reading:
    """The other side of what is contested (section C.9)."""

    equated_days_are_working_days: bool = False
    signal_term_from_acceptance: bool = False
    atw_on_ordinance_term: bool = False
    set_term_last_day_suspended: bool = False
    atw_on_notice_weeks: bool = False
    penalty_counts_announcement: bool = False
    no_atw_past_twelve_weeks: bool = False


@dataclass(frozen=True)
class End:
    ends: date
    unextended: date
    suspended: int


RULES: dict[str, list[tuple[date, Sort]]] = {
    "wgs-4-1-a": [(date(2012, 7, 1), Sort(4, "weeks"))],
    "wgs-4-1-b": [(date(2021, 1, 1), Sort(4, "weeks"))],
    "wgs-4-2": [(date(2012, 7, 1), Sort(3, "working days"))],
    "wgs-4a-3": [(date(2021, 1, 1), Sort(8, "weeks", in_law=False, ordinance=True))],
    "wgs-5": [(date(2017, 4, 1), Sort(6, "months"))],
    "awb-3-47-3": [(date(1994, 1, 1), Sort(1, "weeks"))],
    "awb-4-5-4": [(date(1994, 1, 1), Sort(4, "weeks"))],
    "awb-4-13-2": [(date(1994, 1, 1), Sort(8, "weeks"))],
    "awb-4-18": [(date(2009, 10, 1), Sort(2, "weeks"))],
    "awb-6-7": [(date(1994, 1, 1), Sort(6, "weeks"))],
    "awb-7-10": [(date(2009, 10, 1), Sort(6, "weeks"))],
    "awb-8-55d": [(date(2009, 10, 1), Sort(2, "weeks"))],
    "awb-9-11": [(date(1999, 7, 1), Sort(6, "weeks"))],
    "fw-349a": [
        (date(1998, 12, 1), Sort(36, "months", counts_first=True)),
        (date(2023, 7, 1), Sort(18, "months", counts_first=True)),
    ],
    "msnp-18": [
        (date(2012, 7, 1), Sort(36, "months", in_law=False)),
        (date(2023, 7, 1), Sort(18, "months", in_law=False)),
    ],
    "nvvk-120": [(date(2012, 7, 1), Sort(120, "days", in_law=False))],
    "swn-m7-stap123": [(date(2012, 7, 1), Sort(3, "months", in_law=False))],
    "swn-m8-regeling": [(date(2012, 7, 1), Sort(3, "months", in_law=False))],
    "swn-m10-nazorg": [(date(2012, 7, 1), Sort(1, "years", in_law=False))],
    "avg-12-3": [(date(2018, 5, 25), Sort(1, "months", european=True))],
}
"""The table of section G, each rule with the day from which it is so."""

WITH_COMMITTEE = {"awb-7-10": 12, "awb-9-11": 10}


def sort_of(rule: str, on: date) -> Sort:
    """The rule as it was on the day of the fact."""
    return [sort for since, sort in RULES[rule] if since <= on][-1]


def forward(day: date) -> Iterator[date]:
    """The days after *day*."""
    while True:
        day += DAY
        yield day


def stands_still(day: date, stops: Sequence[Stop], reading: Reading) -> bool:
    """Whether a term is suspended on *day* (Awb 4:15, 7:10 lid 2)."""
    return any(_covers(stop, day, reading) for stop in stops)


def _covers(stop: Stop, day: date, reading: Reading) -> bool:
    if day < stop.first:
        return False
    if stop.kind == "period":
        assert stop.last is not None
        return day <= stop.last
    if day == stop.first:  # from the day AFTER the invitation
        return False
    answered = stop.answered is not None and day >= stop.answered  # until THE DAY ON WHICH it was answered
    lapsed = stop.last is not None and (day > stop.last if reading.set_term_last_day_suspended else day >= stop.last)
    if stop.answered is not None and stop.last is not None and stop.answered <= stop.last:
        lapsed = False  # the set term did not lapse unused
    return not answered and not lapsed


def _days_in_month(day: date) -> int:
    return next(d for d in range(31, 27, -1) if _exists(day.year, day.month, d))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _full(sort: Sort, trigger: date, day: date, counted: int) -> bool:
    """Whether on *day*, with *counted* days counted so far (this one included), the length has been reached."""
    match sort.unit:
        case "days" | "working days":
            return counted == sort.length
        case "weeks":
            return counted == 7 * sort.length
        case "months" | "years":
            months = (day.year - trigger.year) * 12 + day.month - trigger.month
            wanted = sort.length * (12 if sort.unit == "years" else 1)
            return months == wanted and day.day == min(trigger.day, _days_in_month(day))
    raise ValueError(sort.unit)


def count(
    sort: Sort, trigger: date, stops: Sequence[Stop] = (), more: Sequence[tuple[int, str]] = (), reading: Reading | None = None
) -> End:  # fmt: skip
    """The last day of a term from *trigger*; *more* are the adjournments as (length, unit)."""
    reading = reading or Reading()
    whole = _longer(sort, more)
    counted = suspended = 0
    for day in forward(trigger):
        if stands_still(day, stops, reading):
            suspended += 1
        elif sort.unit != "working days" or _works(day, reading):
            counted += 1
        if counted and _full(whole, trigger, day, counted) and not stands_still(day, stops, reading):
            last = day - DAY if sort.counts_first else day  # the day of the fact was one of them
            return End(_extend(whole, trigger, last, reading, adjourned=bool(more)), last, suspended)
    raise AssertionError("a walk never ends by itself")


def _longer(sort: Sort, more: Sequence[tuple[int, str]]) -> Sort:
    for length, unit in more:
        if unit == sort.unit:
            sort = replace(sort, length=sort.length + length)
        else:
            per = {"days": 1, "weeks": 7}
            sort = replace(sort, length=sort.length * per[sort.unit] + length * per[unit], unit="days")
    return sort


def _works(day: date, reading: Reading) -> bool:
    if reading.equated_days_are_working_days and is_equated(day):
        return day.isoweekday() < 6 and not is_feast(day)
    return not is_free(day)


def _too_long_for_the_atw(sort: Sort) -> bool:
    """Atw 4 onder a."""
    return sort.length > {"days": 90, "weeks": 12, "months": 3, "years": 0}[sort.unit]


def _extend(sort: Sort, before: date, day: date, reading: Reading, adjourned: bool) -> date:
    if sort.unit == "working days":
        return day
    if sort.european:  # Regulation 1182/71: the next working day
        while is_free(day):
            day += DAY
        return day
    if not sort.in_law and not (sort.ordinance and reading.atw_on_ordinance_term):
        return day
    if _too_long_for_the_atw(sort) and (not adjourned or reading.no_atw_past_twelve_weeks):
        return day
    while is_free(day) or _too_few_workable(before, day):
        day += DAY
    return day


def _too_few_workable(before: date, day: date) -> bool:
    """Atw 2: a term of at least three days holds at least two that are not free."""
    days = [before + DAY * n for n in range(1, min((day - before).days, 9) + 1)]
    return len(days) >= 3 and sum(not is_free(d) for d in days) < 2


@dataclass(frozen=True)
class Fine:
    """The penalty for a late decision (Awb 4:17, 4:18)."""

    premature: bool
    days: tuple[tuple[date, int], ...] = field(default=())
    """Each day with its euros."""
    determined_by: date | None = None

    @property
    def euros(self) -> int:
        return sum(euros for _, euros in self.days)


def fine(notice: date, due: date, published: date | None, until: date | None, reading: Reading | None = None) -> Fine:
    """Walk the days after the notice of default; *until* is the last day that has passed (None: all have)."""
    reading = reading or Reading()
    if notice <= due:  # the term had not lapsed yet
        return Fine(True)
    weeks_end = notice + 14 * DAY
    while reading.atw_on_notice_weeks and is_free(weeks_end):
        weeks_end += DAY
    rates = (20, 30, 40) if notice < date(2019, 1, 1) else (23, 35, 45)
    days: list[tuple[date, int]] = []
    over = False
    for day in forward(weeks_end):
        if until is not None and day > until:  # on that day nobody knows of a later decision
            over = len(days) == 42 or (published is not None and published <= until)
            break
        over = len(days) == 42 or _decided(day, published, reading)
        if over:
            break
        days.append((day, rates[len(days) // 14]))
    by = count(Sort(2, "weeks"), days[-1][0]).ends if days and over else None
    return Fine(False, tuple(days), by)


def _decided(day: date, published: date | None, reading: Reading) -> bool:
    if published is None:
        return False
    return day > published if reading.penalty_counts_announcement else day >= published


def objection_in_time(made_known: date, received: date, posted: date | None) -> bool:
    """Awb 6:7, 6:8, 6:9. The week of 6:9 lid 2 is a term set in a wet."""
    last = count(Sort(6, "weeks"), made_known).ends
    by_post = posted is not None and posted <= last and received <= count(Sort(1, "weeks"), last).ends
    return received <= last or by_post


def counted_back(event: date, length: int, unit: str) -> date:
    """Atw 1 lid 2: never moved. Walks back to the day that is that long before the event."""
    day = event
    while True:
        day -= DAY
        passed = (event - day).days
        months = (event.year - day.year) * 12 + event.month - day.month
        wanted = length * (12 if unit == "years" else 1)
        if unit in ("days", "weeks"):
            if passed == length * (7 if unit == "weeks" else 1):
                return day
        elif months == wanted and day.day == min(event.day, _days_in_month(day)):
            return day
