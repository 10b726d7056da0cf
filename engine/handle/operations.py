"""Use cases of who keeps things running: see what went wrong and why, and act on one or on many.

Bulk work is counted before, told case by case while it goes on, and reported after. Every case has its own transaction: one
that fails does not stop the others, and what was done stays done when the program stops; the same command goes on from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.operations import TermsOf
from schuldhulp.engine.case.roles import may_operate
from schuldhulp.engine.definitions.deployment import DefinitionNotFound
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.history.errors import HistoryError
from schuldhulp.engine.history.store import Reader
from schuldhulp.engine.model import facts as f

PAGE = 500


@dataclass(frozen=True, slots=True)
class IncidentSeen:
    """An open incident. `cause`: the text of the error, None when it was erased; `name`: of the element in its process."""

    case: str
    incident: int
    instance: int | None
    module: str | None
    element: str | None
    name: str | None
    code: str
    raised_at: datetime
    cause: str | None


@dataclass(frozen=True, slots=True)
class Which:
    """Module instances that are not over: of a module, a deployment, a status (running | suspended); "" means any."""

    module: str = ""
    deployment: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one of many: `number` is that of the incident or instance, `what` says why when it was not done."""

    case: str
    number: int
    done: bool
    what: str = ""


class Operations(CaseCommands):
    """Incidents, and module instances in bulk."""

    def incidents(
        self, *, code: str = "", element: str = "", module: str = "", limit: int = 100, offset: int = 0
    ) -> list[IncidentSeen]:
        """Open incidents with their cause, oldest first."""
        with self.store.read() as reader:
            rows = reader.rows(
                "incidents_matching", code=code, element=element, module=module, limit=limit, offset=offset
            )
            return [self._seen(reader, row) for row in rows]

    def incident_groups(self, *, code: str = "", element: str = "", module: str = "") -> list[dict[str, Any]]:
        """How many open incidents there are of each module, element and code: rows with `number` and oldest `raised_at`."""
        with self.store.read() as reader:
            return reader.rows("incident_groups", code=code, element=element, module=module)

    def retry_many(self, by: f.Actor, *, code: str = "", element: str = "", module: str = "") -> Iterator[Outcome]:
        """Try again what failed, one after the other. Those that fail again stay, as new incidents; they are not tried twice.
        Raises NotAllowed before anything is done."""
        may_operate(by.role, "trying again what failed")
        return self._retried(by, code, element, module)

    def _retried(self, by: f.Actor, code: str, element: str, module: str) -> Iterator[Outcome]:
        found: list[tuple[str, int]] = []
        with self.store.read() as reader:
            while rows := reader.rows(
                "incidents_matching", code=code, element=element, module=module, limit=PAGE, offset=len(found)
            ):
                found += [(row["case"].removeprefix("case/"), row["incident"]) for row in rows]
        for case, incident in found:
            yield _outcome(case, incident, partial(self.retry, case, incident, by))

    def count(self, which: Which) -> tuple[int, int]:
        """How many instances that is, and in how many cases."""
        with self.store.read() as reader:
            (row,) = reader.rows(
                "count_instances_matching", module=which.module, deployment=which.deployment, status=which.status
            )
        return int(row["instances"]), int(row["cases"])

    def cancel_many(self, which: Which, reason: str, by: f.Actor, terms: TermsOf | None = None) -> Iterator[Outcome]:
        """Cancel each instance; see `engine.case.operations.cancel_instance`. Raises NotAllowed before anything is done."""
        may_operate(by.role, "cancelling modules")
        return self._each(which, lambda case, number: self.cancel(case, number, reason, by, terms))

    def suspend_many(self, which: Which, reason: str, by: f.Actor) -> Iterator[Outcome]:
        may_operate(by.role, "suspending many modules")
        running = Which(which.module, which.deployment, "running")
        return self._each(running, lambda case, number: self.suspend(case, number, reason, by))

    def resume_many(self, which: Which, by: f.Actor) -> Iterator[Outcome]:
        may_operate(by.role, "resuming many modules")
        suspended = Which(which.module, which.deployment, "suspended")
        return self._each(suspended, lambda case, number: self.resume(case, number, by))

    def _each(self, which: Which, act: Callable[[str, int], Any]) -> Iterator[Outcome]:
        """In the order of cases; instances that ended meanwhile (a child with its caller) are passed by."""
        behind, after = "", 0
        while rows := self._page(which, behind, after):
            for row in rows:
                behind, after = row["case"], row["instance"]
                case = behind.removeprefix("case/")
                if after in self._open_instances(case):
                    yield _outcome(case, after, partial(act, case, after))

    def _page(self, which: Which, behind: str, after: int) -> list[dict[str, Any]]:
        with self.store.read() as reader:
            return reader.rows(
                "instances_matching",
                module=which.module,
                deployment=which.deployment,
                status=which.status,
                case=behind,
                instance=after,
                limit=PAGE,
            )

    def _open_instances(self, case: str) -> set[int]:
        with self.store.read() as reader:
            rows = reader.rows("instances_of_case", case=f"case/{case}")
        return {row["instance"] for row in rows if row["ended_at"] is None}

    def _seen(self, reader: Reader, row: dict[str, Any]) -> IncidentSeen:
        cause = next(
            (
                f.sealed(stored.fact).get("error")
                for stored in reader.facts_at(row["case"], row["raised_at"])
                if isinstance(stored.fact, f.IncidentRaised) and stored.fact.incident == row["incident"]
            ),
            None,
        )
        return IncidentSeen(
            case=row["number"],
            incident=row["incident"],
            instance=row["instance"],
            module=row["module"],
            element=row["element"],
            name=self._name(reader, row),
            code=row["code"],
            raised_at=row["raised_at"],
            cause=cause,
        )

    def _name(self, reader: Reader, row: dict[str, Any]) -> str | None:
        if row["deployment"] is None or row["element"] is None:
            return None
        try:
            graphs = self.library.pinned(reader, row["deployment"]).graphs
        except DefinitionNotFound:
            return None
        return next((g.nodes[row["element"]].name for g in graphs.values() if row["element"] in g.nodes), None)


def _outcome(case: str, number: int, act: Callable[[], Any]) -> Outcome:
    try:
        act()
    except (CommandRefused, HistoryError) as error:
        return Outcome(case, number, False, str(error))
    return Outcome(case, number, True)
