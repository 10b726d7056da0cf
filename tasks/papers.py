"""Documents of a case for people (C-D10): a list in words, one to open, what a question that asks for one offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from schuldhulp.engine.case.papers.deciding import LOOKERS, REMOVERS, Paper, kinds_of
from schuldhulp.engine.case.papers.sniffing import KINDS
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.definitions.forms.model import Option
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import Person, look_into, name_of

OPENED = "document {number} openen"
"""What the read log says, with the number: names of documents are personal."""


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A document in words. `kind`: "" when nobody said; `picture`: a browser shows it; `gone`: why it is not there any more."""

    number: int
    name: str
    kind: str
    description: str
    dated: date | None
    received: date | None
    sender: str
    form: str
    size: str
    by: str
    added_at: datetime
    task: str
    picture: bool
    gone: str
    may_remove: bool


def paper_lines(engine: Engine, case: str, who: Person) -> list[PaperLine]:
    """The documents of a case, newest first. Raises NoSuchCase."""
    papers = engine.papers(case)
    if not papers:
        return []
    kinds = kinds_of(engine.deployment().dictionary)
    tasks = {row["task"]: row["name"] for row in engine.rows("tasks_of_case", case=stream_of(case))}
    return [_line(engine, paper, kinds, tasks, who) for paper in reversed(papers)]


def _line(engine: Engine, paper: Paper, kinds: Mapping[str, str], tasks: Mapping[int, str], who: Person) -> PaperLine:
    kind = KINDS.get(paper.media_type)
    return PaperLine(
        number=paper.document,
        name=paper.name,
        kind=kinds.get(paper.kind, paper.kind),
        description=paper.description,
        dated=paper.dated,
        received=paper.received,
        sender=paper.sender,
        form=kind.label if kind is not None else paper.media_type,
        size=size_in_words(paper.size),
        by=name_of(engine, paper.added_by),
        added_at=paper.added_at,
        task=tasks.get(paper.task, "") if paper.task is not None else "",
        picture=kind is not None and kind.picture,
        gone="" if not paper.gone else "weggehaald" if paper.removed_at is not None else "gewist",
        may_remove=not paper.gone and (paper.added_by == who.account or bool(set(who.roles) & set(REMOVERS))),
    )


def choices(engine: Engine, case: str) -> tuple[Option, ...]:
    """What a question that asks for a document offers: those of the case, newest first."""
    there = (paper for paper in reversed(engine.papers(case)) if not paper.gone)
    return tuple(Option(str(paper.document), f"{paper.document}: {paper.name}") for paper in there)


def kinds(engine: Engine) -> Mapping[str, str]:
    """Kinds of documents of the dictionary in force: code to Dutch label."""
    return kinds_of(engine.deployment().dictionary)


def adder(who: Person, wanted: Sequence[str] = (), program: str = "web") -> Actor:
    """This person in a role that adds documents: one of *wanted*, else one that does more than look."""
    doing = [role for role in who.roles if role not in LOOKERS]
    return who.actor(wanted=[role for role in doing if role in wanted] or doing, program=program)


def may_add(who: Person) -> bool:
    return bool(set(who.roles) - set(LOOKERS))


def open_paper(engine: Engine, who: Person, case: str, number: int) -> tuple[Paper, bytes]:
    """A document with its bytes; that this person opened it is in the read log before they get it.

    Raises NoSuchCase, MayNotSee, NoSuchThing, PaperGone.
    """
    engine.paper(case, number)
    look_into(engine, who, case, OPENED.format(number=number))
    return engine.read_paper(case, number)


def size_in_words(size: int) -> str:
    """
    >>> size_in_words(812), size_in_words(48_300), size_in_words(2_350_000)
    ('812 bytes', '48 kB', '2,4 MB')
    """
    if size < 1_000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1_000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
