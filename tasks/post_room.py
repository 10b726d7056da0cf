"""The post room: all letters of a day that go by post, in one print, each marked with who printed it (C-W19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.engine.printing import press
from schuldhulp.tasks.access import Person

ROLES = ("postkamer", "aanmeldmedewerker", "teamleider")
"""Who may print the post: all letters of a day, of whichever case."""
MOST = 200
"""Letters in one print; the rest is for the next."""


class NotThePostRoom(CommandRefused):
    """The person has no role that prints the post."""

    code = "not-your-role"

    def __init__(self, login: str) -> None:
        super().__init__(f"{login} may not print the post; that needs one of the roles {', '.join(ROLES)}.")


@dataclass(frozen=True, slots=True)
class PostLine:
    """A letter on the post list of a day."""

    number: str
    document: int
    letter: str
    printed: bool


@dataclass(frozen=True, slots=True)
class Batch:
    """One print: the PDF, its letters in order with their place on the list, how many are left; to be marked when the PDF is
    safely with whoever asked for it."""

    day: date
    pdf: bytes
    lines: tuple[tuple[PostLine, int], ...]
    left: int
    by: Actor


def post_of(engine: Engine, who: Person, day: date) -> list[PostLine]:
    """Letters by post sent on *day*, in the order of cases. Raises NotThePostRoom."""
    _admit(who)
    return [
        PostLine(str(row["case"]).removeprefix("case/"), row["document"], row["letter"], row["status"] == "printed")
        for row in engine.rows("letters_by_post", day=day.isoformat())
    ]


def print_post(
    engine: Engine, who: Person, day: date, *, again: bool = False, program: str = "web", role: str | None = None
) -> Batch | None:
    """The letters of *day* that were not printed yet (or all, *again*) as one PDF; None when there are none.

    Each look at a letter is in the read log of its case. Nothing is marked: see `mark`. Raises NotThePostRoom, PressFailed.
    """
    _admit(who)
    by = who.actor(role, ROLES, program)
    wanted, everything = [], post_of(engine, who, day)
    for place, line in enumerate(everything, 1):
        if again or not line.printed:
            wanted.append((line, place))
    sheets, lines = [], []
    for line, place in wanted[:MOST]:
        found = engine.letter(line.number, line.document)
        if not found.erased:
            engine.record_read(line.number, by, f"brief {line.document} afdrukken voor de post")
            sheets.append(found.sheet(line.number))
            lines.append((line, place))
    if not sheets:
        return None
    made = press(sheets, f"Post van {day:%d-%m-%Y}")
    return Batch(day, made.pdf, tuple(lines), max(0, len(wanted) - MOST), by)


def mark(engine: Engine, batch: Batch) -> None:
    """Record that the letters of a print were printed, those that were not yet."""
    for line, place in batch.lines:
        if not line.printed:
            engine.mark_printed(line.number, line.document, batch.day, place, batch.by)


def _admit(who: Person) -> None:
    if not set(who.roles) & set(ROLES):
        raise NotThePostRoom(who.login)


def summary(lines: Sequence[PostLine]) -> tuple[int, int]:
    """How many letters, and how many of them are still to be printed."""
    return len(lines), sum(not line.printed for line in lines)
