"""What happened in a case, one step per command, for people who read along: a headline, and the facts in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from schuldhulp.engine.case.roles import PERSON
from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.tasks.audit import Happened, history
from schuldhulp.tasks.telling import changes

SYSTEM = 0
"""Account of what happens by itself: time that passes, messages."""
IN_THE_HEADLINE = (
    f.CaseOpened,
    f.TaskClaimed,
    f.TaskReleased,
    f.TaskCompleted,
    f.TaskSkipped,
    f.TaskAssigned,
    f.TaskDeferred,
)
"""Facts that say no more than the headline of their step."""

COMMANDS = {
    "open_case": "Zaak geopend",
    "start_module": "Module gestart",
    "start_optional": "Extra stap gestart",
    "end_optional": "Extra stappen afgesloten",
    "claim": "‘{task}’ opgepakt",
    "release": "‘{task}’ teruggegeven",
    "reassign": "Taken overgedragen aan een collega",
    "assign": "‘{task}’ aan een collega gegeven",
    "defer": "‘{task}’ uitgesteld",
    "complete": "‘{task}’ afgerond",
    "skip": "‘{task}’ overgeslagen",
    "jump_back": "Vanuit ‘{task}’ terug naar een eerdere stap",
    "message": "Bericht ontvangen",
    "signal": "Signaal ontvangen",
    "answer_work": "Antwoord van een ander systeem ontvangen",
    "complete_external": "Antwoord van een ander systeem ontvangen",
    "bpmn_error": "Een ander systeem meldde dat het niet kon",
    "fail_external": "Een ander systeem kon zijn werk niet doen",
    "cancel": "Module afgebroken",
    "migrate": "Overgezet naar een nieuwe versie van het proces",
    "tick": "Er is tijd verstreken",
    "correct": "Gegevens verbeterd",
    "override": "Uitkomst van een tabel vervangen",
    "suspend": "Module stilgelegd",
    "resume": "Module gaat verder",
    "retry": "Opnieuw geprobeerd",
    "erase": "Gegevens gewist",
    "extend_lock": "Een ander systeem vroeg meer tijd",
    "unlock": "Een ander systeem liet zijn werk los",
    "file_letter": "Brief in het dossier gedaan",
    "print_letter": "Brief afgedrukt",
    "letter_receipt": "Bericht over een brief ontvangen",
    "start_term": "Termijn gestart",
    "meet_term": "Termijn gehaald",
    "suspend_term": "Termijn opgeschort",
    "resume_term": "Termijn loopt weer",
    "adjourn_term": "Termijn verdaagd",
    "tell_delay": "Gemeld dat het later wordt",
    "correct_term": "Begin van een termijn verbeterd",
    "recompute_terms": "Termijnen opnieuw geteld",
    "add_document": "Document toegevoegd",
    "remove_document": "Document weggehaald",
}
CHANNELS = {"post": "per post", "email": "per e-mail", "portal": "via het portaal", "handed_over": "meegegeven"}


@dataclass(frozen=True, slots=True)
class Line:
    """One fact in words. `sequence` finds it again; `decision`: it is an outcome of a table, so there is a why; `parts`: of data
    that were recorded, each of them, while `text` says them all."""

    sequence: int
    text: str
    kind: str
    decision: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One command: `number` from 1, `sequence` of its last fact, who gave it ("" for the system), what it did, and the case
    at its end. `command`: its name in the engine."""

    number: int
    command: str
    sequence: int
    at: datetime
    who: str
    role: str
    text: str
    reason: str
    lines: tuple[Line, ...]
    case: Case


def steps(engine: Engine, number: str) -> list[Step]:
    """The history of a case, oldest first. Reads the log alone: no rule is evaluated, no clock looked at. Raises NoSuchCase."""
    batches: list[list[Happened]] = []
    names: dict[int, str] = {}
    for happened in history(engine, number):
        if isinstance(happened.fact, f.TaskOpened):
            names[happened.fact.task] = happened.fact.name
        if isinstance(happened.fact, f.CommandGiven) or not batches:
            batches.append([])
        batches[-1].append(happened)
    return [_step(engine, at, batch, names) for at, batch in enumerate(batches, 1)]


def _step(engine: Engine, number: int, batch: list[Happened], names: dict[int, str]) -> Step:
    head, last = batch[0], batch[-1]
    given = head.fact if isinstance(head.fact, f.CommandGiven) else None
    by_itself = given is None or given.by.account == SYSTEM
    reasons = (f.sealed(one.fact).get("reason") for one in batch)
    return Step(
        number=number,
        command=given.command if given is not None else "",
        sequence=last.sequence,
        at=head.at,
        who="" if by_itself else head.who,
        role="" if by_itself else head.role,
        text=_headline(given, names),
        reason=next((str(reason) for reason in reasons if reason), ""),
        lines=tuple(_lines(engine, batch)),
        case=last.case,
    )


def _headline(given: f.CommandGiven | None, names: dict[int, str]) -> str:
    if given is None:
        return "Er is iets vastgelegd"
    said = COMMANDS.get(given.command, given.command.replace("_", " "))
    return said.format(task=names.get(given.task or 0, "Taak"))


def _lines(engine: Engine, batch: list[Happened]) -> Iterator[Line]:
    for one in batch:
        if one.text and not isinstance(one.fact, IN_THE_HEADLINE):
            parts = changes(engine, one.fact) if isinstance(one.fact, f.DataRecorded) else ()
            yield Line(one.sequence, one.text, one.kind, isinstance(one.fact, f.DecisionTaken), parts)


def roles_in_words(roles: tuple[str, ...] | list[str]) -> str:
    """
    >>> roles_in_words(["sociaal_werker", "teamleider"])
    'sociaal werker en teamleider'
    """
    named = sum(role.startswith(PERSON) for role in roles)
    by_name = [f"{'een collega' if named == 1 else 'collega’s'} op naam"] if named else []
    return dutch.listed([*(role.replace("_", " ") for role in roles if not role.startswith(PERSON)), *by_name])
