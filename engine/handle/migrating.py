"""Use cases of moving running cases to another deployment (C-L04): count, try, do.

A case is one transaction. What was moved is no longer on the list, so a run that stops is simply started again; one that cannot
move stays where it is, with every reason, and does not stop the others. A dry run decides exactly what a run would, due timers
included, and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schuldhulp.engine.case import migration
from schuldhulp.engine.case.commands import fire_due
from schuldhulp.engine.case.errors import BadData, CommandRefused
from schuldhulp.engine.case.migration import CannotMove, Move, Target
from schuldhulp.engine.case.roles import may_operate
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.history.errors import HistoryError
from schuldhulp.engine.model import facts as f

BATCH = 500
SHORTEST = 6
"""Characters of a deployment's id that are enough, when they name one."""


@dataclass(frozen=True, slots=True)
class CaseMove:
    """A case: its instances with where their tokens go. `why` is empty when it was moved (or would be, in a dry run)."""

    case: str
    moves: tuple[Move, ...]
    why: str = ""

    @property
    def moved(self) -> bool:
        return not self.why


class Migrating(CaseCommands):
    """Running cases stay on their definitions; this moves them."""

    def deployment_named(self, text: str) -> str:
        """The id of a deployment by its first characters, or `current`. Raises BadData."""
        with self.store.read() as reader:
            if text == "current":
                return self.library.current(reader, self.clock()).id
            found = {key for key in self.library.ids(reader) if key.startswith(text)}
        if len(text) < SHORTEST or len(found) != 1:
            raise BadData(
                f"{text!r} names {len(found) if len(text) >= SHORTEST else 'no'} deployment: give at least {SHORTEST} "
                f"characters of its id (`schuldhulp deployments` lists them), or `current`."
            )
        return found.pop()

    def migration(
        self, to: str, *, source: str = "", module: str = "", mapping: Mapping[str, str] | None = None
    ) -> Target:
        """What is asked, checked: deployments by the beginning of their id. Raises BadData, also for a mapping that names
        elements that are in no process concerned."""
        target = self.deployment_named(to)
        source = self.deployment_named(source) if source else ""
        mapping = dict(mapping or {})
        with self.store.read() as reader:
            deployment = self.library.pinned(reader, target)
            rows = reader.rows("processes_running", module=module, deployment=source, status="")
            graphs = [
                self.library.pinned(reader, row["deployment"]).graph(row["process"])
                for row in rows
                if row["deployment"] != target
            ]
        known = {name for graph in graphs for name in (*graph.nodes, *graph.flows, graph.process)}
        there = {name for graph in deployment.graphs.values() for name in (*graph.nodes, *graph.flows, graph.process)}
        wrong = [f"{old} is in no running process" for old in mapping if graphs and old not in known]
        wrong += [f"{new} is not in the new deployment" for new in mapping.values() if new not in there]
        if wrong:
            raise BadData(f"the mapping cannot be right: {'; '.join(wrong)}.")
        return Target(deployment, source, module, mapping)

    def count_to_migrate(self, target: Target) -> tuple[int, int]:
        """How many instances are not there yet, and in how many cases."""
        with self.store.read() as reader:
            (row,) = reader.rows(
                "count_to_migrate",
                target=target.deployment.id,
                deployment=target.source,
                module=target.module,
                status="",
            )
        return int(row["instances"]), int(row["cases"])

    def try_migration(self, target: Target, by: f.Actor) -> Iterator[CaseMove]:
        """The dry run: what would become of each case. Raises NotAllowed before anything is read."""
        may_operate(by.role, "moving cases to another deployment")
        return (self._tried(case, target, by) for case in self._cases(target))

    def migrate(self, target: Target, by: f.Actor) -> Iterator[CaseMove]:
        """Move each case; yields it when it is done. Raises NotAllowed before anything is done."""
        may_operate(by.role, "moving cases to another deployment")
        return (self._migrated(case, target, by) for case in self._cases(target))

    def _cases(self, target: Target) -> Iterator[str]:
        behind = ""
        while True:
            with self.store.read() as reader:
                rows = reader.rows(
                    "cases_to_migrate",
                    target=target.deployment.id,
                    deployment=target.source,
                    module=target.module,
                    status="",
                    case=behind,
                    limit=BATCH,
                )
            if not rows:
                return
            for row in rows:
                behind = row["case"]
                yield behind.removeprefix("case/")

    def _migrated(self, case: str, target: Target, by: f.Actor) -> CaseMove:
        try:
            done = self._command(case, "migrate", by, lambda turn: migration.move(turn, target))
        except CannotMove as error:
            return CaseMove(case, error.moves, str(error))
        except (CommandRefused, HistoryError) as error:
            return CaseMove(case, (), str(error))
        return CaseMove(case, done.value)

    def _tried(self, case: str, target: Target, by: f.Actor) -> CaseMove:
        try:
            with self.store.read() as reader:
                _, known, states = self._load(reader, case)
                turn = self._turn(reader, known, states, self.clock(), by)
                turn.record(self._given("migrate", by))
                fire_due(turn)
                return CaseMove(case, migration.move(turn, target))
        except CannotMove as error:
            return CaseMove(case, error.moves, str(error))
        except (CommandRefused, HistoryError) as error:
            return CaseMove(case, (), str(error))
