"""Terms of a worker's cases as a calendar (iCalendar, RFC 5545): case number and rule, nothing about people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from schuldhulp.engine.handle import Engine
from schuldhulp.rules.terms import law
from schuldhulp.tasks.access import Person

CONTENT_TYPE = "text/calendar; charset=utf-8"
MOST = 2_000
"""Terms in one feed; the soonest."""
_FOLD = 75
"""Octets of a line, without the line break (RFC 5545 section 3.1)."""


def calendar_feed(engine: Engine, who: Person) -> str:
    """A VCALENDAR with a day for each term that is not met, of cases in which *who* has a task; own target dates apart."""
    rows = engine.rows("terms_of_worker", account=who.account, limit=MOST, offset=0)
    return "".join(f"{line}\r\n" for text in _lines(rows, engine.clock()) for line in _folded(text))


def _lines(rows: Iterable[Mapping[str, Any]], now: datetime) -> Iterator[str]:
    yield from (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Schuldhulp//Termijnen//NL",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Termijnen schuldhulp",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    )
    for row in rows:
        name = law().rule(row["rule"], row["trigger"]).name
        yield from _event(row, "uiterlijk", row["ends"], f"Uiterlijk: {name}", now)
        if row["target"] is not None:
            yield from _event(row, "streefdatum", row["target"], f"Streefdatum: {name}", now)
    yield "END:VCALENDAR"


def _event(row: Mapping[str, Any], kind: str, day: date, what: str, now: datetime) -> Iterator[str]:
    waiting = row["status"] == "suspended"
    yield "BEGIN:VEVENT"
    yield f"UID:{row['number']}-{row['term']}-{kind}@schuldhulp"
    yield f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_text(row['number'] + ' ' + what + (' (staat stil)' if waiting else ''))}"
    yield f"DESCRIPTION:{_text(row['rule'] + ', ' + row['article'])}"
    yield f"STATUS:{'TENTATIVE' if waiting else 'CONFIRMED'}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(value: str) -> str:
    """TEXT of RFC 5545 section 3.3.11."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> Iterator[str]:
    """Lines of at most 75 octets; what goes on begins with a space. A character is never cut in two."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > _FOLD:
            yield piece
            piece, size = " ", 1
        piece, size = piece + character, size + octets
    yield piece
