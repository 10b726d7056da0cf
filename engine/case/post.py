"""Letters as the facts tell of them: words, addressee, who made, sent and printed them, proof; and as a printed sheet.

Awb 2:25 and 3:41: of each letter it can be shown what was sent, to whom, when, how, and what is known of its arrival (C-W19).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.printing import Sender, Sheet

DRAFT = "Concept: deze brief is nog niet verstuurd."


@dataclass(frozen=True, slots=True)
class Printing:
    """The post room printed it: when, which account, its place on the post list of a day."""

    at: datetime
    by: int
    list: date
    place: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """Something that became known afterwards; `what` as in `letters.RECEIPTS`."""

    what: str
    on: date
    note: str
    by: int


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter of a case. `version`: SHA-256 of its template; `sha256`: of the PDF in the file; `erased`: its words are gone."""

    document: int
    letter: str
    version: str
    instance: int | None
    subject: str
    text: str
    addressee: tuple[str, ...]
    sender: Mapping[str, Any]
    made_at: datetime
    made_by: int
    erased: bool
    seal: str = f.DOSSIER
    """Under whose key its words, its PDF and what is noted of it are kept."""
    sent_on: date | None = None
    channel: str | None = None
    sent_by: int | None = None
    sha256: str | None = None
    replaced: str = ""
    printed: tuple[Printing, ...] = ()
    receipts: tuple[Receipt, ...] = ()

    def sheet(self, number: str) -> Sheet:
        """The letter as it is printed, dated on the day of sending."""
        day = self.sent_on or self.made_at.astimezone(CIVIL).date()
        note = "" if self.sent_on else DRAFT
        return sheet(self.sender, self.addressee, day, f"{number}-{self.document}", self.subject, self.text, note)


def sheet(
    sender: Mapping[str, Any], addressee: tuple[str, ...], day: date, reference: str, subject: str, text: str, note: str
) -> Sheet:
    """A sheet from what a letter keeps of its sender."""
    contact = tuple((str(label), str(value)) for label, value in sender.get("contact", ()))
    house = Sender(str(sender.get("name", "")), tuple(map(str, sender.get("address", ()))), contact)
    return Sheet(house, addressee, day, reference, subject, text, note)


def posted(facts: Iterable[tuple[f.Fact, datetime]]) -> dict[int, Posted]:
    """Every letter of a case, from all its facts, oldest first."""
    found: dict[int, Posted] = {}
    by = 0
    for fact, at in facts:
        match fact:
            case f.CommandGiven():
                by = fact.by.account
            case f.LetterMade():
                found[fact.document] = _made(fact, at, by)
            case f.LetterSent() if fact.document in found:
                found[fact.document] = replace(
                    found[fact.document], sent_on=fact.on, channel=fact.channel, sent_by=by
                )
            case f.LetterFiled() if fact.document in found:
                kept = f.sealed(fact)
                found[fact.document] = replace(
                    found[fact.document], sha256=kept.get("sha256"), replaced=kept.get("replaced", "")
                )
            case f.LetterPrinted() if fact.document in found:
                one = found[fact.document]
                printing = Printing(at, by, fact.list, fact.place)
                found[fact.document] = replace(one, printed=(*one.printed, printing))
            case f.LetterReceipt() if fact.document in found:
                one = found[fact.document]
                note = str(f.sealed(fact).get("note", ""))
                found[fact.document] = replace(one, receipts=(*one.receipts, Receipt(fact.what, fact.on, note, by)))
    return found


def _made(fact: f.LetterMade, at: datetime, by: int) -> Posted:
    words = f.sealed(fact) or None
    kept: Mapping[str, Any] = words or {}
    return Posted(
        document=fact.document,
        letter=fact.letter,
        version=fact.hash,
        instance=fact.instance,
        subject=str(kept.get("subject", "")),
        text=str(kept.get("text", "")),
        addressee=tuple(map(str, kept.get("addressee", ()))),
        sender=kept.get("sender", {}),
        made_at=at,
        made_by=by,
        erased=words is None,
        seal=next(iter(fact.personal), f.DOSSIER),
    )
