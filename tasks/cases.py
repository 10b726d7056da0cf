"""A case as people see it: where it stands, what runs, what was sent, what happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle import Engine, NoSuchCase
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.rules.dictionary import Dictionary
from schuldhulp.rules.terms import Calendar, law, words_left
from schuldhulp.tasks.access import name_of
from schuldhulp.tasks.forms import words


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """A module instance; `at`: names of the elements where its tokens are."""

    instance: int
    module: str
    name: str
    status: str
    started_at: datetime
    ended_at: datetime | None
    deployment: str
    at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskLine:
    task: int
    name: str
    kind: str
    roles: tuple[str, ...]
    claimed_by: int | None
    claimed_name: str
    opened_at: datetime
    fatal: date | None
    fatal_words: str
    element: str | None
    instance: int | None
    target: date | None = None
    target_words: str = ""


@dataclass(frozen=True, slots=True)
class TermLine:
    """`words`: "nog 2 werkdagen", for a running term."""

    term: int
    rule: str
    name: str
    article: str
    trigger: date
    ends: date | None
    target: date | None
    other: date | None
    status: str
    ended_on: date | None
    words: str


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An optional step that a professional may start."""

    instance: int
    adhoc: str
    element: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LetterLine:
    document: int
    letter: str
    status: str
    sent_on: date | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class IncidentLine:
    incident: int
    element: str | None
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """Where a case stands. What its file holds is for `tasks.dossier`."""

    number: str
    title: str
    status: str
    opened_at: datetime
    sequence: int
    instances: tuple[InstanceLine, ...]
    tasks: tuple[TaskLine, ...]
    terms: tuple[TermLine, ...]
    offers: tuple[OfferLine, ...]
    letters: tuple[LetterLine, ...]
    incidents: tuple[IncidentLine, ...]

    def plain(self) -> dict[str, Any]:
        """The same as plain data."""
        return asdict(self)


def case_view(engine: Engine, number: str) -> CaseView:
    """Raises NoSuchCase."""
    stream = stream_of(number)
    case = engine.case(number)
    overview = engine.rows("case_overview", case=stream)
    if not overview:
        raise NoSuchCase(number)
    today = engine.clock().astimezone(CIVIL).date()
    return CaseView(
        number=number,
        title=overview[0]["title_sealed"] or "",
        status=overview[0]["status"],
        opened_at=overview[0]["opened_at"],
        sequence=case.sequence,
        instances=tuple(_instances(engine, case, stream)),
        tasks=tuple(_tasks(engine, case, today)),
        terms=tuple(_terms(engine, stream, today)),
        offers=tuple(_offers(engine, case)),
        letters=tuple(_letters(engine, stream)),
        incidents=tuple(_incidents(engine, case, stream)),
    )


def _instances(engine: Engine, case: Case, stream: str) -> Iterator[InstanceLine]:
    for row in engine.rows("instances_of_case", case=stream):
        graph = engine.deployment(row["deployment"]).graph(row["process"])
        running = case.instances.get(row["instance"])
        at = dict.fromkeys(running.tokens.values()) if running is not None else {}
        yield InstanceLine(
            row["instance"],
            row["module"],
            next((value for name, value, _ in graph.properties if name == "title"), graph.name or graph.process),
            row["status"],
            row["started_at"],
            row["ended_at"],
            row["deployment"],
            tuple(graph.nodes[element].name or element for element in at),
        )


def _tasks(engine: Engine, case: Case, today: date) -> Iterator[TaskLine]:
    lines, calendar = [], engine.calendar
    for task in case.tasks.values():
        term = case.terms.get(task.term) if task.term is not None else None
        fatal = term.ends if term is not None else None
        target = task.target.astimezone(CIVIL).date() if task.target is not None else None
        lines.append(
            TaskLine(
                task.task,
                task.name,
                task.kind,
                task.roles,
                task.claimed_by,
                name_of(engine, task.claimed_by),
                task.opened_at,
                fatal,
                words_left(today, fatal, calendar) if fatal else "",
                task.element,
                task.instance,
                target,
                words_left(today, target, calendar) if target else "",
            )
        )
    yield from sorted(lines, key=lambda line: (line.fatal or date.max, line.task))


def _terms(engine: Engine, stream: str, today: date) -> Iterator[TermLine]:
    calendar = engine.calendar
    for row in engine.rows("terms_of_case", case=stream):
        running = row["status"] in ("running", "missed", "suspended")
        yield TermLine(
            row["term"],
            row["rule"],
            law().rule(row["rule"], row["trigger"]).name,
            row["article"],
            row["trigger"],
            row["ends"],
            row["target"],
            row["other"],
            row["status"],
            row["ended_on"],
            _words(today, row["ends"], calendar) if running else "",
        )


def _words(today: date, ends: date | None, calendar: Calendar) -> str:
    return "staat stil" if ends is None else words_left(today, ends, calendar)


def _offers(engine: Engine, case: Case) -> Iterator[OfferLine]:
    for instance in case.instances.values():
        graph = engine.deployment(instance.deployment).graph(instance.process)
        for adhoc, offered in instance.offers.values():
            for element in offered:
                node = graph.nodes[element]
                roles = node.candidate_groups or ((node.lane,) if node.lane else ())
                yield OfferLine(instance.instance, adhoc, element, node.name or element, roles)


def _letters(engine: Engine, stream: str) -> Iterator[LetterLine]:
    for row in engine.rows("documents_of_case", case=stream):
        yield LetterLine(row["document"], row["letter"], row["status"], row["sent_on"], row["channel"])


def _incidents(engine: Engine, case: Case, stream: str) -> Iterator[IncidentLine]:
    if not case.incidents:
        return
    texts = {
        stored.fact.incident: str(f.sealed(stored.fact).get("error", ""))
        for stored in engine.facts(case.number)
        if isinstance(stored.fact, f.IncidentRaised)
    }
    for incident in case.incidents.values():
        yield IncidentLine(incident.incident, incident.element, incident.code, texts.get(incident.incident, ""))


def roles_to_start(engine: Engine, module: str) -> tuple[str, ...]:
    """Roles that may start *module* by choice."""
    graph = engine.deployment().modules.get(module)
    listed = [value for name, value, _ in graph.properties if name == "start.roles"] if graph is not None else []
    return tuple(part.strip() for part in ",".join(listed).split(",") if part.strip())


def typed(engine: Engine, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as typed on a command line, by the types of the dictionary in force. Raises BadData, NotThisType."""
    from schuldhulp.engine.case.errors import BadData

    dictionary: Dictionary = engine.deployment().dictionary
    found: dict[str, Any] = {}
    for key, value in values.items():
        if key not in dictionary:
            raise BadData(f"{key!r} is not in the data dictionary.")
        entry = dictionary[key]
        found[key] = words.read(entry.type, value) if isinstance(value, str) else value
    return found


def deployment_of(engine: Engine, case: Case, instance: int) -> Deployment:
    """The definitions that an instance is pinned to."""
    return engine.deployment(case.instances[instance].deployment)
