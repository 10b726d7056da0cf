"""A looked-at file of signals into cases: rehearsed whole, then row by row, each once (nothing half, nothing double)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from schuldhulp.engine.case.errors import CommandRefused, PreconditionFailed
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import Person
from schuldhulp.tasks.cases import roles_to_start
from schuldhulp.tasks.imports.cells import read_rows
from schuldhulp.tasks.imports.signals import Looked, Problem, Signal, look

MODULE, MESSAGE = "M1", "signaal"
Told = Callable[[int, int], None]


class NothingTaken(CommandRefused):
    """The file has problems, so nothing of it was taken in."""

    code = "file-has-problems"

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        super().__init__(f"{len(looked.problems)} problems in the file; nothing was taken in. Mend them and try again.")


@dataclass(frozen=True, slots=True)
class Result:
    """A row that is in: the case, and whether it was opened, the signal added, or all was done before."""

    line: int
    case: str
    how: str


def look_at_file(engine: Engine, content: bytes, partner: str, basis: str, by: Actor) -> Looked:
    """Everything that can be said of a file before it is taken in: reading, sense, and every check that module 1 makes.

    Raises FileRefused.
    """
    now = engine.clock().astimezone(CIVIL)
    covenants = engine.deployment().parameters.on(now.date()).get("convenanten")
    looked = look(content, read_rows(content), partner, basis, covenants if isinstance(covenants, list) else [], now.date())
    refused = [problem for signal in looked.signals for problem in _rehearsed(engine, signal, by)]
    return replace(looked, problems=(*looked.problems, *refused))


def _rehearsed(engine: Engine, signal: Signal, by: Actor) -> list[Problem]:
    try:
        engine.rehearse_open(MODULE, signal.values, by)
    except PreconditionFailed as error:
        said = " ".join(sentence for _, sentence, _ in error.failed)
        return [Problem(signal.line, "", "", said, "Verbeter of verwijder deze regel.")]
    except CommandRefused as error:
        return [Problem(signal.line, "", "", f"Module 1 neemt deze regel niet aan ({error}).", "Verbeter deze regel.")]
    return []


def take_in(engine: Engine, looked: Looked, by: Actor, told: Told = lambda done, of: None) -> list[Result]:
    """Every signal to the case of its household. A file that was taken in for a part goes on where it stopped.

    Raises NothingTaken when there is any problem, CommandRefused.
    """
    if looked.problems:
        raise NothingTaken(looked)
    results = []
    for number, signal in enumerate(looked.signals, 1):
        row = f"{looked.digest}:{signal.line}"
        taken = engine.take_in(row, signal.household, MODULE, signal.values, MESSAGE, signal.payload, by)
        results.append(Result(signal.line, taken.case, taken.how))
        told(number, len(looked.signals))
    return results


def importer(engine: Engine, who: Person, role: str | None = None, program: str = "web") -> Actor:
    """*who* in a role that may start module 1. Raises NotYourRole."""
    return who.actor(role, roles_to_start(engine, MODULE), program)
