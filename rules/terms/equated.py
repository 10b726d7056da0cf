"""Days equated with a feestdag by koninklijk besluit (Atw art. 3 lid 3): a dated table that administrators extend."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from schuldhulp.rules.terms import reading_yaml as y
from schuldhulp.rules.terms.errors import FactsContradict, Finding, LawFileError

FORMAT = "1"


@dataclass(frozen=True, slots=True)
class EquatedDays:
    """The equated days with their decree, and the inclusive period over which the table is known to be whole."""

    complete_from: date
    complete_until: date
    days: dict[date, str]
    version: str

    def covers(self, day: date) -> bool:
        return self.complete_from <= day <= self.complete_until

    def extended(self, own: EquatedDays) -> EquatedDays:
        """With the decrees of *own* added; one that stands in both counts once. Raises FactsContradict for a gap."""
        if own.complete_from > self.complete_until + timedelta(days=1):
            raise FactsContradict(
                f"The days between {self.complete_until} and {own.complete_from} stand in no decree. Let the first period "
                f"start on {self.complete_until + timedelta(days=1)} or earlier"
            )
        return EquatedDays(
            min(self.complete_from, own.complete_from),
            max(self.complete_until, own.complete_until),
            {**own.days, **self.days},
            hashlib.sha256(f"{self.version} {own.version}".encode()).hexdigest(),
        )


@cache
def shipped_equated_days() -> EquatedDays:
    """The table that ships with the product (equated_days.yaml), read once."""
    from importlib.resources import files  # not needed to import this module

    name = "equated_days.yaml"
    return load_equated_days(files("schuldhulp.rules.terms").joinpath(name).read_bytes(), name)


def load_equated_days(data: bytes, name: str) -> EquatedDays:
    """The table in *data*; *name* is how errors call the file. Raises LawFileError with every finding."""
    findings: list[Finding] = []
    top = y.read_document(data, name, findings)
    top.take("format", y.one_of(str, [FORMAT]))
    days: dict[date, str] = {}
    first: date | None = None
    last: date | None = None
    for item in top.items("decrees"):
        decree, period = item.take("decree", y.text), item.take("period", y.period)
        listed = item.take_list("days", y.day)
        item.done()
        if decree is None or period is None:
            continue
        if period.last is None:
            item.complain(item.line, f"{decree}: the period has no last day", "Write 2029-01-01..2031-12-31")
            continue
        if last is not None and period.first != last + timedelta(days=1):
            item.complain(
                item.line, f"{decree}: the period does not follow the one before", f"Let it start the day after {last}"
            )
        first, last = first or period.first, period.last
        for day in listed:
            if day not in period:
                item.complain(item.line, f"{decree}: {day} lies outside its period", "Check the year of this day")
            if day in days:
                item.complain(item.line, f"{decree}: {day} is already in the table", "Remove one")
            days[day] = decree
    top.done()
    if first is None or last is None:
        findings.append(Finding(1, "the table has no decree", "Add at least one with its period"))
    if findings or first is None or last is None:
        raise LawFileError(name, sorted(findings, key=lambda finding: finding.line))
    return EquatedDays(first, last, days, hashlib.sha256(data).hexdigest())
