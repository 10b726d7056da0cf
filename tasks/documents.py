"""Letters of a case for people: as they were made, as PDF, and everything that proves their sending."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from schuldhulp.engine.case.letters import RECEIPTS, Written
from schuldhulp.engine.case.post import DRAFT, Posted, sheet
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.printing import press
from schuldhulp.tasks.access import name_of

LetterText = Posted


@dataclass(frozen=True, slots=True)
class Proof:
    """One line of what is known of a letter: what, who, when."""

    what: str
    by: str
    at: date | datetime
    note: str = ""


def letters(engine: Engine, number: str) -> list[Posted]:
    """The letters of a case, oldest first. Raises NoSuchCase."""
    return list(engine.letters(number).values())


def letter(engine: Engine, number: str, document: int) -> Posted:
    """Raises NoSuchCase, NoSuchThing."""
    return engine.letter(number, document)


def proof(engine: Engine, one: Posted, channels: Mapping[str, str]) -> tuple[Proof, ...]:
    """Version, maker, sending, printing, receipt, oldest first (C-W19)."""
    lines = [Proof(f"Gemaakt uit {one.letter}, versie {one.version[:12]}", name_of(engine, one.made_by), one.made_at)]
    if one.sent_on is not None:
        how = channels.get(one.channel or "", one.channel or "")
        lines.append(Proof(f"Verstuurd, {how}", name_of(engine, one.sent_by), one.sent_on))
    for printing in one.printed:
        listed = f"Afgedrukt, postlijst van {printing.list:%d-%m-%Y}, nummer {printing.place}"
        lines.append(Proof(listed, name_of(engine, printing.by), printing.at))
    for receipt in one.receipts:
        words = RECEIPTS.get(receipt.what, receipt.what).capitalize()
        lines.append(Proof(words, name_of(engine, receipt.by), receipt.on, receipt.note))
    return tuple(lines)


def draft_pdf(engine: Engine, number: str, written: Written, subject: str, text: str) -> bytes:
    """The PDF of a letter that is still being written, with the words as they are now. Raises PressFailed."""
    day = engine.clock().astimezone(CIVIL).date()
    made = sheet(written.sender, written.addressee, day, f"{number}, concept", subject, text, DRAFT)
    return press([made]).pdf
