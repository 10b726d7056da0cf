"""Use cases on cases: open them, do their tasks, let the world in, correct, erase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from schuldhulp.engine.case import commands, tasks
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.handle.base import MAX_RACES, Base, Done, TooBusy, next_number
from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.rules.feel import Value


class CaseCommands(Base):
    """One method per command on a case."""

    # --- opening and modules ---

    def open_case(self, module: str, data: Mapping[str, Any], by: f.Actor) -> Done:
        """A new case that begins with *module*. The number is the year and the next ordinal."""
        for _ in range(MAX_RACES):
            try:
                with self.store.begin() as log:
                    now = self.clock()
                    number = next_number(log, now)
                    turn = self._turn(log, Case(), {}, now, by)
                    turn.record(self._given("open_case", by))
                    value = commands.open_case(turn, number, module, data)
                    return self._keep(log, 0, turn, value)
            except LostRace:
                continue
        raise TooBusy("other cases were opened at the same moment each time. Try again.")

    def start_module(self, case: str, module: str, data: Mapping[str, Any], by: f.Actor) -> Done:
        return self._command(case, "start_module", by, lambda turn: commands.start_module(turn, module, data))

    def start_optional(self, case: str, instance: int, element: str, by: f.Actor) -> Done:
        return self._command(
            case, "start_optional", by, lambda t: commands.start_optional(t, instance, element), instance=instance
        )

    def end_optional(self, case: str, instance: int, element: str, by: f.Actor) -> Done:
        return self._command(
            case, "end_optional", by, lambda t: commands.end_optional(t, instance, element), instance=instance
        )

    # --- tasks ---

    def claim(self, case: str, task: int, by: f.Actor) -> Done:
        return self._command(case, "claim", by, lambda turn: tasks.claim(turn, task), task=task)

    def release(self, case: str, task: int, by: f.Actor, reason: str = "") -> Done:
        return self._command(case, "release", by, lambda turn: tasks.release(turn, task, reason), task=task)

    def assign(self, case: str, task: int, account: int, reason: str, by: f.Actor) -> Done:
        return self._command(case, "assign", by, lambda turn: tasks.assign_to(turn, task, account, reason), task=task)

    def defer(self, case: str, task: int, until: date, reason: str, by: f.Actor) -> Done:
        return self._command(case, "defer", by, lambda turn: tasks.defer(turn, task, until, reason), task=task)

    def complete(self, case: str, task: int, given: tasks.Completion, by: f.Actor) -> Done:
        """Raises CommandRefused: TaskClosed, TaskClaimedByOther, DataChanged (conflicts), PreconditionFailed, BadData."""
        return self._command(
            case, "complete", by, lambda turn: tasks.complete(turn, task, given), task=task, seen=given.seen
        )

    def skip(self, case: str, task: int, reason: str, by: f.Actor) -> Done:
        return self._command(case, "skip", by, lambda turn: tasks.skip(turn, task, reason), task=task)

    def jump_back(self, case: str, task: int, to: str, reason: str, by: f.Actor) -> Done:
        return self._command(case, "jump_back", by, lambda turn: tasks.jump_back(turn, task, to, reason), task=task)

    # --- the world ---

    def message(self, case: str, name: str, payload: Mapping[str, Any], by: f.Actor) -> Done:
        return self._command(case, "message", by, lambda turn: commands.message(turn, name, payload))

    def signal(self, case: str, name: str, payload: Mapping[str, Any], by: f.Actor) -> Done:
        return self._command(case, "signal", by, lambda turn: commands.signal(turn, name, payload))

    def answer_work(
        self, case: str, instance: int, work: int, variables: Mapping[str, Value], by: f.Actor, error: str | None = None
    ) -> Done:
        return self._command(
            case,
            "answer_work",
            by,
            lambda turn: commands.answer_work(turn, instance, work, variables, error),
            instance=instance,
        )

    def tick(self, by: f.Actor, *, limit: int = 1_000) -> Iterator[tuple[str, Done | CommandRefused]]:
        """Fire what is due, case by case; yields each case with what happened. A case that fails gets an incident and
        does not stop the others."""
        with self.store.read() as reader:
            due = reader.rows("due_cases", now=self.clock(), limit=limit)
        for row in due:
            number = str(row["case"]).removeprefix("case/")
            try:
                yield number, self._command(number, "tick", by, lambda turn: None)
            except CommandRefused as error:
                yield number, error

    def correct(self, case: str, values: Mapping[str, Any], reason: str, by: f.Actor) -> Done:
        return self._command(case, "correct", by, lambda turn: commands.correct_data(turn, values, reason))

    def override(
        self, case: str, instance: int, variable: str, decision: str, outcome: Value, reason: str, by: f.Actor
    ) -> Done:
        return self._command(
            case,
            "override",
            by,
            lambda turn: commands.override(turn, instance, variable, decision, outcome, reason),
            instance=instance,
        )

    def suspend(self, case: str, instance: int, reason: str, by: f.Actor) -> Done:
        return self._command(
            case, "suspend", by, lambda turn: commands.set_status(turn, instance, True, reason), instance=instance
        )

    def resume(self, case: str, instance: int, by: f.Actor) -> Done:
        return self._command(
            case, "resume", by, lambda turn: commands.set_status(turn, instance, False, ""), instance=instance
        )

    def retry(self, case: str, incident: int, by: f.Actor) -> Done:
        return self._command(case, "retry", by, lambda turn: commands.resolve_incident(turn, incident))

    def erase(self, case: str, subjects: tuple[str, ...], basis: str, by: f.Actor) -> Done:
        """Destroy the data keys of *subjects* ("client:dossier"); what they sealed cannot be read again by anybody."""
        with self.store.begin() as log:
            loaded, state, states = self._load(log, case)
            turn = self._turn(log, state, states, self.clock(), by)
            turn.record(self._given("erase", by))
            turn.record(f.SubjectErased(subjects=subjects, basis=basis))
            log.append(loaded.stream, loaded.sequence, turn.facts, turn.world.now)
            log.erase(loaded.stream, subjects, turn.world.now)
            done = Done(turn.case, tuple(turn.facts))
        self.store.scrub()
        return done
