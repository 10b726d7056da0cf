"""Letters of a case, as they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from schuldhulp.engine.case.errors import NoSuchThing
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter with its text; `subject` and `text` are empty when they were erased."""

    document: int
    letter: str
    subject: str
    text: str
    made_at: datetime
    sent_on: date | None
    channel: str | None


def letters(engine: Engine, number: str) -> list[LetterText]:
    """The letters of a case, oldest first."""
    made: dict[int, LetterText] = {}
    for stored in engine.facts(number):
        fact = stored.fact
        if isinstance(fact, f.LetterMade):
            words = fact.personal.get(f.DOSSIER, {})
            subject, text = str(words.get("subject", "")), str(words.get("text", ""))
            made[fact.document] = LetterText(fact.document, fact.letter, subject, text, stored.at, None, None)
        elif isinstance(fact, f.LetterSent) and fact.document in made:
            one = made[fact.document]
            made[fact.document] = LetterText(
                one.document, one.letter, one.subject, one.text, one.made_at, fact.on, fact.channel
            )
    return list(made.values())


def letter(engine: Engine, number: str, document: int) -> LetterText:
    """Raises NoSuchThing."""
    for one in letters(engine, number):
        if one.document == document:
            return one
    raise NoSuchThing("letter", document, number)
