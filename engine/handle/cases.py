"""Use cases on cases: open them, do their tasks, let the world in, correct, erase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from schuldhulp.engine.case import commands, jobs, operations, tasks, terms
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.handle.base import MAX_RACES, Base, Done, TooBusy, next_number
from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.rules.feel import Value
from schuldhulp.rules.terms import Suspension


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

    def message(self, case: str, name: str, payload: Mapping[str, Any], by: f.Actor, key: str | None = None) -> Done:
        return self._command(case, "message", by, lambda turn: commands.message(turn, name, payload, key))

    def signal(self, case: str, name: str, payload: Mapping[str, Any], by: f.Actor, key: str | None = None) -> Done:
        return self._command(case, "signal", by, lambda turn: commands.signal(turn, name, payload, key))

    def answer_work(
        self, case: str, instance: int, work: int, variables: Mapping[str, Value], by: f.Actor, error: str | None = None
    ) -> Done:
        """External work came back; `value` is False when nobody waits for it any more, and then nothing changed."""
        return self._command(
            case,
            "answer_work",
            by,
            lambda turn: jobs.answer(turn, instance, work, variables, error),
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

    # --- terms ---

    def suspend_term(self, case: str, term: int, suspension: Suspension, reason: str, by: f.Actor) -> Done:
        """Opschorting (Awb 4:15, 7:10 lid 2). Raises TermRefused with the article that forbids."""
        return self._on_term(case, "suspend_term", by, lambda turn: terms.suspend(turn, term, suspension, reason))

    def resume_term(self, case: str, term: int, on: date, by: f.Actor, ground: str | None = None) -> Done:
        return self._on_term(case, "resume_term", by, lambda turn: terms.resume(turn, term, on, ground))

    def adjourn_term(
        self, case: str, term: int, length: int, unit: str, reason: str, by: f.Actor, *, consent: bool = False
    ) -> Done:
        """Verdaging, within the maximum that the law sets."""
        return self._on_term(
            case, "adjourn_term", by, lambda turn: terms.adjourn(turn, term, length, unit, reason, consent)
        )

    def tell_delay(self, case: str, term: int, expected: date, by: f.Actor) -> Done:
        """Termijnbericht (Awb 4:14 lid 1): it moves nothing."""
        return self._on_term(case, "tell_delay", by, lambda turn: terms.tell_delay(turn, term, expected))

    def correct_term(self, case: str, term: int, trigger: date, reason: str, by: f.Actor) -> Done:
        """The date of the fact was wrong: the term, what hangs on it, timers and explanations follow the right one."""
        return self._on_term(case, "correct_term", by, lambda turn: terms.correct(turn, term, trigger, reason))

    def start_term(
        self,
        case: str,
        rule: str,
        trigger: date,
        by: f.Actor,
        length: int | None = None,
        *,
        committee: bool = False,
        accepted: date | None = None,
        target: date | None = None,
    ) -> Done:
        """A term that no process starts (a complaint, a request under the GDPR)."""

        def act(turn: Turn) -> None:
            terms.start(turn, rule, trigger, length=length, committee=committee, accepted=accepted, target=target)

        return self._on_term(case, "start_term", by, act)

    def meet_term(self, case: str, rule: str, on: date, by: f.Actor) -> Done:
        return self._on_term(case, "meet_term", by, lambda turn: terms.meet(turn, rule, on))

    def recompute_terms(self, case: str, by: f.Actor) -> Done:
        """Count the running terms of a case again, after the calendar or the law data changed."""
        return self._on_term(case, "recompute_terms", by, lambda turn: terms.recompute(turn))

    def _on_term(self, case: str, command: str, by: f.Actor, act: Callable[[Turn], Any]) -> Done:
        return self._command(case, command, by, lambda turn: commands.on_term(turn, lambda: act(turn)))

    def suspend(self, case: str, instance: int, reason: str, by: f.Actor) -> Done:
        return self._command(
            case, "suspend", by, lambda turn: operations.suspend(turn, instance, reason), instance=instance
        )

    def resume(self, case: str, instance: int, by: f.Actor) -> Done:
        """The instance moves again; what happened to it meanwhile, and what became due, follows."""
        return self._command(case, "resume", by, lambda turn: operations.resume(turn, instance), instance=instance)

    def cancel(
        self, case: str, instance: int, reason: str, by: f.Actor, terms: operations.TermsOf | None = None
    ) -> Done:
        """End a module instance before its time; see `engine.case.operations.cancel_instance`."""
        return self._command(
            case,
            "cancel",
            by,
            lambda turn: operations.cancel_instance(turn, instance, reason, terms),
            instance=instance,
        )

    def retry(self, case: str, incident: int, by: f.Actor) -> Done:
        """Try again what failed. When it fails again, a new incident takes the place of the old one."""
        return self._command(case, "retry", by, lambda turn: operations.retry(turn, incident), replaces=incident)

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
