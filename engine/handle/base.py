"""How every use case is carried out: load, decide, keep, in one transaction; and again when another was first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from schuldhulp.engine.case import commands, persons
from schuldhulp.engine.case.errors import CommandRefused, ModelFailed, NoSuchThing, TaskClosed
from schuldhulp.engine.case.projecting import project, stream_of
from schuldhulp.engine.case.restore import read_snapshot, rebuild, write_snapshot
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.tallies import year_of
from schuldhulp.engine.case.turn import StateOf, Turn
from schuldhulp.engine.case.world import CIVIL, World
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle.library import Library
from schuldhulp.engine.history import accounts, links, numbers
from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.history.store import Loaded, Log, Reader, Store
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.rows import Row
from schuldhulp.rules.terms import Calendar, Readings, law, shipped_calendar

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


@dataclass(frozen=True, slots=True)
class Cover:
    """*account* is away from *first* to *last*, both included; *by* covers, None when the arrangement was taken back."""

    account: int
    by: int | None
    first: date
    last: date


class Base:
    """The parts that every use case needs."""

    def __init__(
        self,
        store: Store,
        library: Library,
        clock: Callable[[], datetime],
        *,
        product: str,
    ) -> None:
        self.store, self.library, self.clock = store, library, clock
        self.product = product
        self._covers_known: tuple[int, tuple[Cover, ...]] = (0, ())

    @property
    def calendar(self) -> Calendar:
        """The calendar of the deployment in force; read it once for a page."""
        found = self._in_force()
        return found.calendar if found is not None else shipped_calendar()

    @property
    def readings(self) -> Readings:
        """The readings of the law of the deployment in force."""
        found = self._in_force()
        return found.readings if found is not None else Readings()

    def _in_force(self) -> Deployment | None:
        with self.store.read() as reader:
            key = self.library.current_id(reader, self.clock())
            return None if key is None else self.library.pinned(reader, key)

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
        replaces: int | None = None,
        first: Callable[[Log], None] | None = None,
        last: Callable[[Log, Done], None] | None = None,
    ) -> Done:
        """*first*: what must hold in the same transaction, beside the case; it raises when it does not. *last*: what is kept
        beside the facts once they are there, in the same transaction. *replaces*: the incident whose place is taken when
        this fails."""
        for _ in range(MAX_RACES):
            try:
                with self.store.begin() as log:
                    loaded, case, states = self._load(log, number)
                    if first is not None:
                        first(log)
                    turn = self._turn(log, case, states, self.clock(), by)
                    turn.record(self._given(command, by, task, instance, seen))
                    commands.fire_due(turn)
                    value = decide(turn)
                    done = self._keep(log, loaded.sequence, turn, value)
                    if last is not None:
                        last(log, done)
                    return done
            except LostRace:
                continue
            except NoSuchThing as error:
                raise self._who_closed(number, error) from error
            except ModelFailed as error:
                self._incident(number, by, command, error, instance, replaces)
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
            product=self.product,
            account_of=lambda login: _account_of(reader, login),
            tallied=lambda name, first, last: tallied(reader, name, first, last),
            covered=self._covered(reader, by.account, now.astimezone(CIVIL).date()),
        )
        return Turn(case, dict(states), world)

    def _covered(self, reader: Reader, account: int, day: date) -> frozenset[int]:
        found = {one.account: one.by for one in self._covers(reader) if one.first <= day <= one.last}
        return frozenset(absent for absent, cover in found.items() if cover == account)

    def _covers(self, reader: Reader) -> tuple[Cover, ...]:
        """Every arrangement of cover; read again only when the stream of accounts has grown."""
        upto, known = self._covers_known
        sequence = reader.sequence(accounts.STREAM)
        if sequence != upto:
            facts = (stored.fact for stored in reader.facts(accounts.STREAM))
            named = (fact for fact in facts if isinstance(fact, f.CoverNamed))
            known = tuple(Cover(one.account, one.cover, one.first, one.last) for one in named)
            self._covers_known = (sequence, known)
        return known

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
        _hold_tallies(log, [fact for fact in turn.facts if isinstance(fact, f.Tallied)])
        sequence = log.append(stream, expected, turn.facts, turn.world.now)
        log.project(
            merged(row for before, after, fact in turn.trail for row in project(before, after, fact, turn.world.by))
        )
        log.save_snapshot(stream, sequence, write_snapshot(turn.case, turn.states))
        if persons.touched(turn.facts):
            links.replace(log, persons.PERSON, persons.keys_of(turn.case), stream)
        if turn.outgoing:
            log.post(turn.outgoing)
        if turn.jobs:
            log.change_jobs(turn.jobs, turn.world.now)
        return Done(turn.case, tuple(turn.facts), value)

    def _incident(
        self,
        number: str,
        by: f.Actor,
        command: str,
        error: ModelFailed,
        instance: int | None,
        replaces: int | None = None,
    ) -> None:
        """What failed was rolled back; that it failed is a fact of its own, so somebody sees to it. One about the same thing
        takes the place of an earlier one: trying ten times leaves one incident."""
        with self.store.begin() as log:
            loaded, case, states = self._load(log, number)
            turn = self._turn(log, case, states, self.clock(), by)
            turn.record(self._given(command, by, None, instance, None))
            about = (instance if instance is not None else error.instance, error.element, error.code)
            for known in case.incidents.values():
                if known.incident == replaces or (known.instance, known.element, known.code) == about:
                    turn.record(f.IncidentResolved(incident=known.incident))
            turn.record(
                f.IncidentRaised(
                    incident=case.next("incident"),
                    instance=about[0],
                    element=about[1],
                    code=about[2],
                    personal={seal_of(turn, about[0]): {"error": str(error)}},
                )
            )
            self._keep(log, loaded.sequence, turn, None)

    def _who_closed(self, number: str, error: NoSuchThing) -> CommandRefused:
        if error.what != "task":
            return error
        with self.store.read() as reader:
            found = reader.rows("tasks_of_case", case=stream_of(number))
        rows = [row for row in found if row["task"] == error.number]
        if not rows:
            return error
        row = rows[0]
        return TaskClosed(row["task"], row["status"], row.get("ended_by"), row.get("ended_at"))


def _account_of(reader: Reader, login: str) -> int | None:
    found = accounts.by_login(reader, login)
    return found.number if found is not None and found.active else None


NEVER = datetime(9999, 12, 31, tzinfo=UTC)


def tallied(reader: Reader, name: str, first: date, last: date, before: datetime = NEVER) -> int:
    """Cents that all cases took of *name* in these days, as it stood *before* a moment."""
    return int(reader.rows("tallied", name=name, first=first, last=last, before=before)[0]["cents"])


def _hold_tallies(log: Log, taken: list[f.Tallied]) -> None:
    """Whoever takes from the same thing waits here for the other; when another was first, LostRace: it is decided again."""
    seen: set[str] = set()
    for fact in taken:
        if fact.name in seen:  # the first of this command is what was compared with others
            continue
        seen.add(fact.name)
        numbers.next_number(log, f"tally/{fact.name}")
        first, last = year_of(fact.on)
        used = tallied(log, fact.name, first, last)
        if used != fact.used:
            raise LostRace(f"tally/{fact.name}", fact.used, used)


def merged(rows: Iterator[Row]) -> list[Row]:
    """One row per key: later values over earlier ones."""
    found: dict[tuple[str, tuple[Any, ...]], Row] = {}
    for row in rows:
        key = (row.table, tuple(row.key.values()))
        known = found.pop(key, None)
        if known is not None and known.values is not None and row.values is not None:
            row = Row(row.table, row.key, {**known.values, **row.values}, {**known.sealed, **row.sealed})
        found[key] = row
    return list(found.values())


def next_number(log: Log, now: datetime) -> str:
    """The number of a new case: the year and the next ordinal, "2026-000123"."""
    year = now.astimezone(CIVIL).year
    return f"{year}-{numbers.next_number(log, f'case-number/{year}'):06d}"
