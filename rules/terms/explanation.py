"""Why a date is what it is, as a value: stretches of days counted, skipped, suspended, adjourned and extended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schuldhulp.rules.terms.calendar import ONE_DAY


class Kind(StrEnum):
    """What happened on a day of a term."""

    COUNTED = "counted"
    SKIPPED = "skipped"  # a free day inside a term in working days
    SUSPENDED = "suspended"
    ADJOURNED = "adjourned"  # counted, but in the time that was added by adjournment
    EXTENDED = "extended"  # after the last day, added by the Atw or Regulation 1182/71
    LAPSED = "lapsed"  # the day after the term, when that is the answer


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days with one kind, one article and one reason (name of a free day or of a ground; may be empty)."""

    kind: Kind
    first: date
    last: date
    article: str
    why: str = ""

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that no single day shows. ``code`` is a key of the phrases in render_english and render_dutch."""

    code: str
    article: str
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Alternative:
    """The date under another reading: the switches that are the other way, and the date they give."""

    switches: tuple[str, ...]
    ends: date


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole computation of one date."""

    rule_id: str
    rule_name: str
    basis: str
    trigger_words: str
    trigger: date
    length: str
    starts_next_day: bool
    stretches: tuple[Stretch, ...]
    notes: tuple[Note, ...]
    unextended: date
    ends: date
    alternatives: tuple[Alternative, ...]
    calendar_complete: bool
    law_version: str = ""

    def days(self) -> Iterator[tuple[date, Kind, str, str]]:
        """Every day of the term: (day, kind, article, why)."""
        for stretch in self.stretches:
            day = stretch.first
            while day <= stretch.last:
                yield day, stretch.kind, stretch.article, stretch.why
                day += ONE_DAY

    def count(self, kind: Kind) -> int:
        """How many days are of this kind."""
        return sum(stretch.days for stretch in self.stretches if stretch.kind is kind)

    def as_data(self) -> dict[str, object]:
        """Plain lists, texts and ISO dates, ready for JSON."""
        return {
            "rule": self.rule_id,
            "name": self.rule_name,
            "basis": self.basis,
            "trigger": self.trigger.isoformat(),
            "length": self.length,
            "unextended": self.unextended.isoformat(),
            "ends": self.ends.isoformat(),
            "stretches": [
                {
                    "kind": str(s.kind),
                    "first": s.first.isoformat(),
                    "last": s.last.isoformat(),
                    "days": s.days,
                    "article": s.article,
                    "why": s.why,
                }
                for s in self.stretches
            ],
            "notes": [
                {"code": n.code, "article": n.article, "day": n.day.isoformat() if n.day else None} for n in self.notes
            ],
            "other_readings": [{"switches": list(a.switches), "ends": a.ends.isoformat()} for a in self.alternatives],
            "calendar_complete": self.calendar_complete,
        }
