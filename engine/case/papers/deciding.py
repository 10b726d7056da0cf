"""Adding a document to a case and taking one out: pure decisions on bytes that were looked at before."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from schuldhulp.engine.case.errors import BadData, NotAllowed, ReasonNeeded
from schuldhulp.engine.case.papers.names import cleaned, name_for
from schuldhulp.engine.case.papers.refusals import (
    CaseFull,
    FileErased,
    KindRefused,
    PaperGone,
    PaperThere,
    PaperTooLarge,
)
from schuldhulp.engine.case.papers.sniffing import Kind, NotKept, sniffed
from schuldhulp.engine.case.roles import COORDINATOR
from schuldhulp.engine.case.tasks import open_task
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.definitions.limits import PaperLimits, paper_limits
from schuldhulp.engine.history.sealing import own_key
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.dictionary import Dictionary, Type

LIST = "documenten"
"""The datum of the dictionary that describes documents: its field `soort` has the kinds, its seal is that of the files."""
LONGEST = 500
"""Characters of a description."""
LOOKERS = ("auditor", "fg", "kwaliteitsmedewerker")
"""Roles that look at cases and add nothing to them."""
REMOVERS = (COORDINATOR, "privacy_officer")
"""Roles that may take out a document of another."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a person says of a document. `kind`: a code of the dictionary's `documenten.soort`, "" for not known (yet); `dated`:
    the date on it; `received`: the day it came in (None: today); `sender`: from whom; `task`: the open task it is added with."""

    name: str
    kind: str = ""
    description: str = ""
    dated: date | None = None
    received: date | None = None
    sender: str = ""
    task: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A document as the lists have it. `name` and what follows are empty when it was removed or erased (`gone`)."""

    document: int
    media_type: str
    size: int
    added_at: datetime
    added_by: int
    task: int | None
    instance: int | None
    removed_at: datetime | None
    gone: bool
    name: str = ""
    kind: str = ""
    description: str = ""
    dated: date | None = None
    received: date | None = None
    sender: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """Bytes that were looked at: what they are, and the name they get."""

    content: bytes
    kind: Kind
    name: str
    sha256: str


def look(content: bytes, name: str, limits: PaperLimits) -> Looked:
    """What *content* is, before any transaction. Raises PaperTooLarge, KindRefused."""
    if len(content) > limits.file_bytes:
        raise PaperTooLarge(cleaned(name), limits.file_mb)
    try:
        kind = sniffed(content)
    except NotKept as refusal:
        raise KindRefused(cleaned(name), refusal.why) from None
    return Looked(content, kind, name_for(name, kind), hashlib.sha256(content).hexdigest())


def add(turn: Turn, looked: Looked, given: Description, there: Sequence[Paper]) -> int:
    """The document becomes one of the case; gives its number. *there*: the documents that the case has.

    Raises NotAllowed, BadData, NoSuchThing (the task), FileErased, PaperThere, CaseFull.
    """
    if turn.world.by.role in LOOKERS:
        raise NotAllowed("adding a document", turn.world.by.role, ("whoever works in the case",))
    subject = subject_of(turn.world.deployment.dictionary)
    if subject in turn.case.erased:
        raise FileErased(turn.case.number)
    _room(turn, looked, there)
    told = _told(turn, looked, given)
    task = open_task(turn, given.task) if given.task is not None else None
    number = turn.case.next("document")
    turn.record(
        f.DocumentAdded(
            document=number,
            media_type=looked.kind.media_type,
            size=len(looked.content),
            task=given.task,
            instance=task.instance if task is not None else None,
            personal={own_key(subject, number): told},
        )
    )
    return number


def remove(turn: Turn, paper: Paper, reason: str) -> None:
    """The document goes out of the file: by who added it, or by a role that may. Raises ReasonNeeded, NotAllowed, PaperGone."""
    if paper.gone:
        raise PaperGone(turn.case.number, paper.document)
    if not reason.strip():
        raise ReasonNeeded(f"removing document {paper.document}")
    by = turn.world.by
    if by.account != paper.added_by and by.role not in REMOVERS:
        raise NotAllowed(f"removing document {paper.document}", by.role, ("who added it", *REMOVERS))
    turn.record(f.DocumentRemoved(document=paper.document, personal={f.DOSSIER: {"reason": reason.strip()[:LONGEST]}}))


def limits_of(turn: Turn) -> PaperLimits:
    return paper_limits(turn.world.deployment.parameters.on(turn.world.today))


def subject_of(dictionary: Dictionary) -> str:
    """Under whose key documents lie: as the dictionary says of the list of documents."""
    return dictionary[LIST].sealed_under if LIST in dictionary else f.DOSSIER


def kinds_of(dictionary: Dictionary) -> Mapping[str, str]:
    """The kinds of documents, code to Dutch label; none when the dictionary has no list of documents."""
    entry = dictionary.entries.get(LIST)
    kind = entry.item.get("soort") if entry is not None else None
    return kind.values if kind is not None and kind.type is Type.ENUM else {}


def paper_of(row: Mapping[str, Any], details: Mapping[str, Any] | None) -> Paper:
    """A row of the list with its opened details (None: removed or erased)."""
    known = details or {}
    return Paper(
        document=row["document"],
        media_type=row["media_type"],
        size=row["size"],
        added_at=row["added_at"],
        added_by=row["added_by"],
        task=row["task"],
        instance=row["instance"],
        removed_at=row["removed_at"],
        gone=details is None,
        name=known.get("name", ""),
        kind=known.get("kind", ""),
        description=known.get("description", ""),
        dated=_day(known.get("dated")),
        received=_day(known.get("received")),
        sender=known.get("sender", ""),
        sha256=known.get("sha256", ""),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _room(turn: Turn, looked: Looked, there: Sequence[Paper]) -> None:
    for paper in there:
        if paper.sha256 == looked.sha256:
            raise PaperThere(looked.name, paper.document, paper.name)
    limits = limits_of(turn)
    sizes = [size for size in turn.case.papers.values() if size]
    if len(sizes) >= limits.number or sum(sizes) + len(looked.content) > limits.case_bytes:
        raise CaseFull(looked.name, limits.case_mb, limits.number)


def _told(turn: Turn, looked: Looked, given: Description) -> dict[str, Any]:
    kinds = kinds_of(turn.world.deployment.dictionary)
    if given.kind and given.kind not in kinds:
        known = ", ".join(kinds) or "none: the dictionary has no list of documents"
        raise BadData(f"{given.kind!r} is no kind of document. Kinds are {known}.")
    received = given.received or turn.world.today
    for what, day in (("received", received), ("date of the document", given.dated)):
        if day is not None and day > turn.world.today:
            raise BadData(f"{what}: {day:%d-%m-%Y} is still to come. Give the day on which it was.")
    told: dict[str, Any] = {"name": looked.name, "sha256": looked.sha256, "received": received.isoformat()}
    if given.dated is not None:
        told["dated"] = given.dated.isoformat()
    for name, text in (("kind", given.kind), ("description", given.description), ("sender", given.sender)):
        if text.strip():
            told[name] = " ".join(text.split())[:LONGEST]
    return told
