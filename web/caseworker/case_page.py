"""The page of a case: where it stands, what must be done, what happened."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from schuldhulp.engine.bpmn.graph import GATEWAYS, Graph
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.history.reader import Stored
from schuldhulp.engine.model.facts import RegisterNoted
from schuldhulp.tasks.cases import CaseView, InstanceLine, TaskLine, case_view, roles_to_start
from schuldhulp.tasks.documents import LetterText, letters
from schuldhulp.tasks.dossier import Section, dossier
from schuldhulp.tasks.papers import PaperLine, paper_lines
from schuldhulp.tasks.story import CHANNELS, Line, Step, roles_in_words, steps
from schuldhulp.tasks.traces import drawing
from schuldhulp.web.caseworker.inbox import Choice, module_titles
from schuldhulp.web.caseworker.term_views import TermView, all_of
from schuldhulp.web.visitors import Visitor
from schuldhulp.web.words import Countdown, countdown, moment

SHOWN_STEPS = 25
FILING = "file_letter"
"""Each letter that was sent is filed as PDF a moment later: of no news to who works on the case."""
MOST_PARTS = 5
"""Data that a step of the history names at once; more of them fold."""
SHOWN_PAPERS = 5
STATUS = {
    "open": "loopt",
    "running": "loopt",
    "closed": "gesloten",
    "completed": "klaar",
    "suspended": "staat stil",
    "terminated": "gestopt",
    "cancelled": "afgebroken",
    "error": "gestopt door een fout",
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    url: str
    name: str
    module: str
    note: str
    fatal: Countdown | None
    target: Countdown | None
    holder: str


@dataclass(frozen=True, slots=True)
class Offer:
    instance: int
    element: str
    name: str


@dataclass(frozen=True, slots=True)
class InstanceTab:
    title: str
    status: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """The module instance whose diagram is shown, and the same in words."""

    title: str
    status: str
    since: str
    now: tuple[str, ...]
    done: tuple[str, ...]
    arranged: tuple[Labelled, ...] = ()
    """Preconditions that were looked at when the module started, and how they stood."""


@dataclass(frozen=True, slots=True)
class Detail:
    """What a step did; `parts`: when it is too much to read in one go, so that it folds."""

    text: str
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of the history."""

    text: str
    who: str
    at: str
    iso: str
    detail: tuple[Detail, ...]
    why: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Document:
    name: str
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class Labelled:
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class CasePage:
    number: str
    title: str
    who: str
    status: str
    opened: str
    url: str
    replay_url: str
    incidents: tuple[str, ...]
    tasks: tuple[TaskRow, ...]
    offers: tuple[Offer, ...]
    instances: tuple[InstanceTab, ...]
    shown: Shown | None
    diagram_url: str
    marks: str
    modules: tuple[Choice, ...]
    terms: tuple[TermView, ...]
    documents: tuple[Document, ...]
    papers: tuple[Document, ...]
    papers_url: str
    papers_more: int
    file: tuple[Section, ...]
    file_url: str
    history: tuple[Entry, ...]
    older_url: str
    section: str = "zaken"


def case_page(who: Visitor, number: str, instance: int | None, *, everything: bool) -> CasePage:
    """*instance*: whose diagram to show; else the first that runs. Raises NoSuchCase."""
    engine = who.engine
    seen, case, facts = case_view(engine, number), engine.case(number), engine.facts(number)
    today = engine.clock().astimezone(CIVIL).date()
    chosen = _chosen(seen, instance)
    titles = {line.instance: line.name for line in seen.instances}
    told = [step for step in steps(engine, number)[::-1] if step.command != FILING]
    there = [line for line in paper_lines(engine, number, who.person) if not line.gone]
    shown, diagram, marks = _shown(who, chosen, facts, today) if chosen else (None, "", "{}")
    return CasePage(
        number=number,
        title=f"Zaak {number}",
        who=seen.title,
        status=STATUS.get(seen.status, seen.status),
        opened=moment(seen.opened_at, today),
        url=f"/zaken/{number}",
        replay_url=f"/zaken/{number}/terugkijken",
        incidents=tuple(f"{line.code}: {line.text}" for line in seen.incidents),
        tasks=tuple(_task(who, number, line, titles, today) for line in seen.tasks),
        offers=tuple(
            Offer(offer.instance, offer.element, offer.name)
            for offer in seen.offers
            if not offer.roles or set(offer.roles) & set(who.person.roles)
        ),
        instances=tuple(
            InstanceTab(
                line.name, STATUS.get(line.status, line.status), f"/zaken/{number}?module={line.instance}", line is chosen
            )
            for line in seen.instances
        ),
        shown=shown,
        diagram_url=diagram,
        marks=marks,
        modules=startable(who) if seen.status == "open" else (),
        terms=all_of(engine, seen.terms, case.terms, today),
        documents=tuple(_document(number, letter, today) for letter in letters(engine, number)),
        papers=tuple(_paper(number, line, today) for line in there[:SHOWN_PAPERS]),
        papers_url=f"/zaken/{number}/documenten",
        papers_more=max(0, len(there) - SHOWN_PAPERS),
        file=dossier(engine, number),
        file_url=f"/zaken/{number}/gegevens",
        history=tuple(entry(number, step, today) for step in (told if everything else told[:SHOWN_STEPS])),
        older_url=f"/zaken/{number}?alles=1#verloop" if len(told) > SHOWN_STEPS and not everything else "",
    )


def startable(who: Visitor) -> tuple[Choice, ...]:
    """Modules that this person may start, by name."""
    titles = module_titles(who.engine)
    found = [key for key in titles if set(roles_to_start(who.engine, key)) & set(who.person.roles)]
    return tuple(Choice(key, titles[key]) for key in sorted(found, key=lambda key: titles[key]))


def _chosen(seen: CaseView, instance: int | None) -> InstanceLine | None:
    """The module that was asked for, else where the most urgent task is, else one that runs."""
    urgent = [task.instance for task in seen.tasks]
    asked = [line for line in seen.instances if line.instance == instance]
    busy = [line for number in urgent for line in seen.instances if line.instance == number]
    live = [line for line in seen.instances if line.status in ("running", "suspended")]
    return next(iter([*asked, *busy, *live, *seen.instances]), None)


def _shown(who: Visitor, line: InstanceLine, facts: list[Stored], today: date) -> tuple[Shown, str, str]:
    """The chosen module in words, its model, and the marks on it."""
    found = drawing(who.engine, facts, line.instance)
    shown = Shown(
        title=line.name,
        status=STATUS.get(line.status, line.status),
        since=moment(line.started_at, today),
        now=tuple(named(found.graph, found.own.now)),
        done=tuple(named(found.graph, found.own.done)),
        arranged=tuple(_arranged(facts, line.instance)),
    )
    return shown, diagram_url(found.deployment, found.graph), json.dumps(found.drawn.marks())


def _arranged(facts: list[Stored], instance: int) -> Iterable[Labelled]:
    """How the preconditions stood when this module started."""
    for stored in facts:
        fact = stored.fact
        if isinstance(fact, RegisterNoted) and fact.instance == instance:
            state = {True: "Geregeld", False: "Niet geregeld", None: "Kon niet worden nagegaan"}[fact.holds]
            yield Labelled(fact.requirement, state if fact.holds else f"{state}: {fact.sentence}")


def diagram_url(deployment: str, graph: Graph) -> str:
    return f"/modellen/{deployment}/{graph.process}.bpmn"


def named(graph: Graph, elements: Iterable[str]) -> Iterable[str]:
    """Names of elements as people know them; gateways without a name are passed over."""
    for element in elements:
        node = graph.nodes.get(element)
        if node is not None and (node.name or node.kind not in GATEWAYS):
            yield node.name or element


def _task(who: Visitor, number: str, line: TaskLine, titles: dict[int, str], today: date) -> TaskRow:
    mine = line.claimed_by == who.person.account
    return TaskRow(
        url=f"/zaken/{number}/taken/{line.task}",
        name=line.name,
        module=titles.get(line.instance, "Hele zaak") if line.instance is not None else "Hele zaak",
        note=roles_in_words(line.roles),
        fatal=countdown(line.fatal, today, who.engine.calendar) if line.fatal else None,
        target=None,
        holder="U" if mine else line.claimed_name or "Niemand",
    )


def _document(number: str, letter: LetterText, today: date) -> Document:
    sent = f"verstuurd op {letter.sent_on:%d-%m-%Y}, {CHANNELS.get(letter.channel or '', '')}" if letter.sent_on else ""
    state = sent or f"gemaakt {moment(letter.made_at, today)}, nog niet verstuurd"
    return Document(letter.subject or letter.letter, state, f"/zaken/{number}/brieven/{letter.document}")


def _paper(number: str, line: PaperLine, today: date) -> Document:
    state = ", ".join(part for part in (line.kind, line.size, f"toegevoegd {moment(line.added_at, today)}") if part)
    return Document(line.name, state, f"/zaken/{number}/documenten/{line.number}")


def _detail(line: Line) -> Detail:
    if len(line.parts) <= MOST_PARTS:
        return Detail(line.text)
    return Detail(f"{line.text.partition(':')[0]}: {len(line.parts)} gegevens", line.parts)


def entry(number: str, step: Step, today: date) -> Entry:
    """A step of the history as it is shown."""
    texts = tuple(_detail(line) for line in step.lines if not line.decision and line.kind != "Advanced")
    why = tuple((line.text, f"/zaken/{number}/besluiten/{line.sequence}") for line in step.lines if line.decision)
    return Entry(
        text=step.text,
        who=step.who,
        at=moment(step.at, today),
        iso=step.at.isoformat(),
        detail=(*((Detail(f"Reden: {step.reason}"),) if step.reason else ()), *texts),
        why=why,
    )

