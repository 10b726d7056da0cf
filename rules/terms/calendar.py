"""The calendar of the Algemene termijnenwet (C-W12): Saturdays, Sundays and feestdagen in or by virtue of Atw art. 3."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from schuldhulp.rules.terms.equated import EquatedDays, shipped_equated_days
from schuldhulp.rules.terms.errors import DateOutOfRange

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)  # beyond 2100 `holidays` silently knows no day at all
ONE_DAY = timedelta(days=1)

SATURDAY = ("zaterdag", "Atw art. 1 lid 1")
SUNDAY = ("zondag", "Atw art. 1 lid 1")
GOOD_FRIDAY = "Goede Vrijdag"

# Names in the law's own spelling, by the name that `holidays` gives in Dutch.
_NAMES = {
    "Nieuwjaarsdag": "Nieuwjaarsdag",
    "Goede vrijdag": GOOD_FRIDAY,
    "Eerste paasdag": "Eerste Paasdag",
    "Tweede paasdag": "Tweede Paasdag",
    "Koningsdag": "Koningsdag",
    "Koninginnedag": "Koninginnedag",
    "Bevrijdingsdag": "5 mei",
    "Hemelvaartsdag": "Hemelvaartsdag",
    "Eerste pinksterdag": "Eerste Pinksterdag",
    "Tweede pinksterdag": "Tweede Pinksterdag",
    "Eerste kerstdag": "Eerste Kerstdag",
    "Tweede kerstdag": "Tweede Kerstdag",
}


@dataclass(frozen=True, slots=True)
class Why:
    """Why a day is free: its Dutch name and the article that makes it so."""

    name: str
    article: str


@cache
def feestdagen(year: int) -> dict[date, Why]:
    """The feestdagen of Atw art. 3 lid 1 and 2 in *year*, with First Easter and Whit day (always Sundays).

    The default categories of `holidays` lack 5 May in four years of five, so public and optional are both asked.
    """
    from holidays import country_holidays  # a tenth of a second; only when a calendar is really asked

    found = country_holidays("NL", years=year, categories=("public", "optional"), language="nl")
    return {day: _why(names.split("; ")) for day, names in found.items()}  # 5 May 2016 was Hemelvaartsdag as well


def _why(found: list[str]) -> Why:
    names = [_NAMES.get(name, name) for name in found]
    return Why(" en ".join(names), f"Atw art. 3 lid {2 if names == [GOOD_FRIDAY] else 1}")


class Calendar:
    """Which days are free, and until when that is known. ``version`` names the table of equated days in use.

    Dates outside 2000-2100 raise DateOutOfRange. ``core`` is the same calendar without Good Friday and equated days,
    for the reading that these are free for the Atw only.
    """

    def __init__(self, equated: EquatedDays | None = None, *, core: bool = False) -> None:
        self._equated = equated or shipped_equated_days()
        self._core = core
        self._years: dict[int, dict[date, Why]] = {}
        self._without: Calendar | None = None

    @property
    def complete_from(self) -> date:
        return self._equated.complete_from

    @property
    def complete_until(self) -> date:
        return self._equated.complete_until

    @property
    def version(self) -> str:
        return self._equated.version

    @property
    def core(self) -> Calendar:
        """This calendar without Good Friday (Atw art. 3 lid 2) and equated days (lid 3)."""
        if self._core:
            return self
        if self._without is None:
            self._without = Calendar(self._equated, core=True)
        return self._without

    def is_complete(self, day: date) -> bool:
        """Whether the equated days around *day* are known. Without equated days nothing is unknown."""
        return self._core or self._equated.covers(day)

    def is_free(self, day: date) -> bool:
        """Saturday, Sunday, feestdag or equated day. Raises DateOutOfRange."""
        return day in self._year(day) or day.weekday() >= 5

    def why(self, day: date) -> Why | None:
        """Why *day* is free, or None for a working day. Raises DateOutOfRange."""
        named = self._year(day).get(day)
        if named is not None:
            return named
        return {5: Why(*SATURDAY), 6: Why(*SUNDAY)}.get(day.weekday())

    def next_working_day(self, day: date) -> date:
        """The first working day after *day*."""
        return next(self.working_days_after(day))

    def working_days_after(self, day: date) -> Iterator[date]:
        """The working days after *day*, in order; ends with DateOutOfRange at the end of the calendar."""
        while True:
            day += ONE_DAY
            if not self.is_free(day):
                yield day

    def _year(self, day: date) -> dict[date, Why]:
        known = self._years.get(day.year)
        if known is None:
            known = self._years[day.year] = self._build(day)
        return known

    def _build(self, day: date) -> dict[date, Why]:
        if not FIRST_DAY <= day <= LAST_DAY:
            raise DateOutOfRange(day, FIRST_DAY, LAST_DAY)
        named = feestdagen(day.year)
        if self._core:
            return {when: why for when, why in named.items() if why.name != GOOD_FRIDAY}
        equated = {
            when: Why(f"gelijkgestelde dag ({decree})", "Atw art. 3 lid 3")
            for when, decree in self._equated.days.items()
            if when.year == day.year
        }
        return equated | named


@cache
def shipped_calendar() -> Calendar:
    """The calendar with the shipped table of equated days."""
    return Calendar()
