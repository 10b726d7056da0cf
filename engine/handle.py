"""The use cases: one method per command, and the only place where a transaction opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from schuldhulp.engine.case import commands, tasks
from schuldhulp.engine.case.errors import CommandRefused, ExpressionFailed, NoSuchThing, TaskClosed
from schuldhulp.engine.case.letters import write as write_letter
from schuldhulp.engine.case.projecting import project, stream_of
from schuldhulp.engine.case.restore import read_snapshot, rebuild, write_snapshot
from schuldhulp.engine.case.turn import StateOf, Turn
from schuldhulp.engine.case.world import CIVIL, World
from schuldhulp.engine.definitions.library import Library
from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.history.store import Loaded, Log, Reader, Store, Stored
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.rows import Row
from schuldhulp.rules.feel import Value
from schuldhulp.rules.terms import Calendar, Readings, law

MAX_RACES = 20
"""How often a command is decided again after another was first, before it gives up."""
CLOCK_SLACK = timedelta(minutes=5)
"""Clocks of machines may differ so much; a command is then recorded at the time of the case's last fact."""

T = TypeVar("T")


class NoSuchCase(CommandRefused):
    """There is no case with this number."""

    code = "no-such-case"

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(f"there is no case {number!r}. `schuldhulp inbox` and `schuldhulp cases` list what there is.")


class TooBusy(CommandRefused):
    """Others kept changing the case."""

    code = "busy"


@dataclass(frozen=True)
class Done:
    """What a command did: the case afterwards, its facts, and what the use case gives."""

    case: Case
    facts: tuple[f.Fact, ...]
    value: Any = None


class Engine:
    """Cases of one organisation: commands in, facts out. Made by `bootstrap.open_engine`."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Callable[[], datetime],
        *,
        calendar: Calendar,
        readings: Readings,
        product: str,
    ) -> None:
        self.store, self.library, self.clock = store, library, clock
        self.calendar, self.readings, self.product = calendar, readings, product

    # --- opening and modules ---

    def open_case(self, module: str, data: Mapping[str, Any], by: f.Actor) -> Done:
        """A new case that begins with *module*. The number is the year and the next ordinal."""
        for _ in range(MAX_RACES):
            try:
                with self.store.begin() as log:
                    now = self.clock()
                    number = _next_number(log, now)
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

    # --- looking ---

    def case(self, number: str) -> Case:
        """The case as it is now."""
        with self.store.read() as reader:
            return self._load(reader, number)[1]

    def facts(self, number: str, until: datetime | None = None) -> list[Stored]:
        """The history of a case, oldest first."""
        with self.store.read() as reader:
            found = list(reader.facts(stream_of(number), until=until))
        if not found and until is None:
            raise NoSuchCase(number)
        return found

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of the projections, by the name of a query in queries.sql."""
        with self.store.read() as reader:
            return reader.rows(query, **parameters)

    def look(self, number: str, by: f.Actor, see: Callable[[Turn], T]) -> T:
        """Evaluate something for a case as it is now (a form, a letter), recording nothing."""
        with self.store.read() as reader:
            _, case, states = self._load(reader, number)
            return see(self._turn(reader, case, states, self.clock(), by))

    def look_new(self, by: f.Actor, see: Callable[[Turn], T]) -> T:
        """The same for a case that is not there yet (a start form)."""
        with self.store.read() as reader:
            return see(self._turn(reader, Case(), {}, self.clock(), by))

    def preview_letter(
        self, number: str, instance: int | None, element: str | None, key: str, by: f.Actor
    ) -> tuple[str, str]:
        return self.look(number, by, lambda turn: write_letter(turn, instance, element, key))

    # --- how ---

    def _command(
        self,
        number: str,
        command: str,
        by: f.Actor,
        decide: Callable[[Turn], Any],
        *,
        task: int | None = None,
        instance: int | None = None,
        seen: int | None = None,
    ) -> Done:
        for _ in range(MAX_RACES):
            try:
                with self.store.begin() as log:
                    loaded, case, states = self._load(log, number)
                    turn = self._turn(log, case, states, self.clock(), by)
                    turn.record(self._given(command, by, task, instance, seen))
                    commands.fire_due(turn)
                    value = decide(turn)
                    return self._keep(log, loaded.sequence, turn, value)
            except LostRace:
                continue
            except NoSuchThing as error:
                raise self._who_closed(number, error) from error
            except ExpressionFailed as error:
                self._incident(number, by, command, error, instance)
                raise
        raise TooBusy(f"case {number} was changed by others each time. Try again.")

    def _load(self, reader: Reader, number: str) -> tuple[Loaded, Case, StateOf]:
        loaded = reader.load(stream_of(number))
        if loaded.sequence == 0:
            raise NoSuchCase(number)
        kept = read_snapshot(loaded.snapshot) if loaded.snapshot is not None else None
        if kept is None and loaded.snapshot is not None:
            tail = ((stored.fact, stored.at) for stored in reader.facts(loaded.stream))
        else:
            tail = ((stored.fact, stored.at) for stored in loaded.tail)
        case, states = rebuild(tail, lambda key: self.library.pinned(reader, key), *(kept or (None, None)))
        return loaded, case, states

    def _turn(self, reader: Reader, case: Case, states: StateOf, now: datetime, by: f.Actor) -> Turn:
        if case.at is not None and case.at - CLOCK_SLACK < now < case.at:
            now = case.at
        world = World(
            now=now,
            by=by,
            deployment=self.library.current(reader, now),
            pinned=lambda key: self.library.pinned(reader, key),
            law=law(),
            calendar=self.calendar,
            readings=self.readings,
            product=self.product,
        )
        return Turn(case, dict(states), world)

    def _given(
        self, command: str, by: f.Actor, task: int | None = None, instance: int | None = None, seen: int | None = None
    ) -> f.CommandGiven:
        return f.CommandGiven(
            command=command,
            by=by,
            product=self.product,
            law=law().version,
            task=task,
            instance=instance,
            seen=seen,
        )

    def _keep(self, log: Log, expected: int, turn: Turn, value: Any) -> Done:
        """Everything in one transaction: facts, projections, snapshot, outbox. A command that changed nothing is not kept."""
        if len(turn.trail) == 1:
            return Done(turn.trail[0][0], (), value)
        stream = stream_of(turn.case.number)
        sequence = log.append(stream, expected, turn.facts, turn.world.now)
        log.project(
            _merged(row for before, after, fact in turn.trail for row in project(before, after, fact, turn.world.by))
        )
        log.save_snapshot(stream, sequence, write_snapshot(turn.case, turn.states))
        if turn.outgoing:
            log.post(turn.outgoing)
        return Done(turn.case, tuple(turn.facts), value)

    def _incident(self, number: str, by: f.Actor, command: str, error: ExpressionFailed, instance: int | None) -> None:
        """What failed was rolled back; that it failed is a fact of its own, so somebody sees to it."""
        with self.store.begin() as log:
            loaded, case, states = self._load(log, number)
            turn = self._turn(log, case, states, self.clock(), by)
            turn.record(self._given(command, by, None, instance, None))
            turn.record(
                f.IncidentRaised(
                    incident=case.next("incident"),
                    instance=instance if instance is not None else error.instance,
                    element=error.element,
                    code=error.code,
                    personal={f.DOSSIER: {"error": str(error)}},
                )
            )
            self._keep(log, loaded.sequence, turn, None)

    def _who_closed(self, number: str, error: NoSuchThing) -> CommandRefused:
        if error.what != "task":
            return error
        rows = [row for row in self.rows("tasks_of_case", case=stream_of(number)) if row["task"] == error.number]
        if not rows:
            return error
        row = rows[0]
        return TaskClosed(row["task"], row["status"], row.get("ended_by"), row.get("ended_at"))


def _merged(rows: Iterator[Row]) -> list[Row]:
    """One row per key: later values over earlier ones."""
    found: dict[tuple[str, tuple[Any, ...]], Row] = {}
    for row in rows:
        key = (row.table, tuple(row.key.values()))
        known = found.pop(key, None)
        if known is not None and known.values is not None and row.values is not None:
            row = Row(row.table, row.key, {**known.values, **row.values}, {**known.sealed, **row.sealed})
        found[key] = row
    return list(found.values())


def _next_number(log: Log, now: datetime) -> str:
    year = now.astimezone(CIVIL).year
    name = f"case-number/{year}"
    number = int(log.read_meta(name) or 0) + 1
    log.write_meta(name, str(number))
    return f"{year}-{number:06d}"
