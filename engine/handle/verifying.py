"""Proof: nothing was changed (1), the lists say what the facts say (2), and the engine would decide the same again (3)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.run import EMPTY, StepError, step
from schuldhulp.engine.case.advance import advanced, restored
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.evaluate import answering
from schuldhulp.engine.case.projecting import project, stream_of
from schuldhulp.engine.case.restore import rebuild
from schuldhulp.engine.case.turn import StateOf, Turn
from schuldhulp.engine.case.values import decode, encode
from schuldhulp.engine.case.world import CIVIL, World
from schuldhulp.engine.definitions.deployment import DefinitionNotFound, Deployment
from schuldhulp.engine.handle.base import Base, tallied
from schuldhulp.engine.handle.beside import of_case, of_deployments, of_staff
from schuldhulp.engine.handle.library import DEPLOYMENTS
from schuldhulp.engine.history import accounts
from schuldhulp.engine.history.errors import HistoryError
from schuldhulp.engine.history.opening import lost_keys, strays
from schuldhulp.engine.history.projections import rows_of_case, rows_when_written
from schuldhulp.engine.history.store import Reader, Stored
from schuldhulp.engine.history.verify import stream_names, verify_stream
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.apply import apply
from schuldhulp.engine.model.case import Case
from schuldhulp.rules.dmn import DecisionError, decide
from schuldhulp.rules.feel import FeelError
from schuldhulp.rules.terms import law

LEVELS = {1: "chain", 2: "lists", 3: "decisions"}
SYSTEM = f.Actor(account=0, role="systeem", program="verify")


@dataclass(frozen=True, slots=True)
class Difference:
    """A finding. `level`: 1 chain, 2 lists, 3 decisions; `note`: it is explained (another version, erased) and no tampering."""

    level: int
    sequence: int | None
    message: str
    note: bool = False

    def __str__(self) -> str:
        place = f"fact {self.sequence}: " if self.sequence is not None else ""
        return f"level {self.level} ({LEVELS[self.level]}): {place}{self.message}"


class Verifying(Base):
    """Each level is reported by itself; the chain can always be verified, also after erasure."""

    def verify(self, number: str) -> list[Difference]:
        """Every difference in one case; none is proof."""
        with self.store.read() as reader:
            return list(self._case(reader, stream_of(number)))

    def verify_all(self) -> Iterator[tuple[str, list[Difference]]]:
        """Every stream in turn: cases, deployments, accounts; then rows of the lists that belong to no case."""
        with self.store.read() as reader:
            names = list(stream_names(reader))
        for stream in names:
            with self.store.read() as reader:
                look = self._case if stream.startswith("case/") else self._other
                yield stream, list(look(reader, stream))
        with self.store.read() as reader:
            found = [Difference(2, None, f"{table} holds rows of {case!r}") for table, case in strays(reader)]
        if found:
            yield "rows without a case", found

    def _case(self, reader: Reader, stream: str) -> Iterator[Difference]:
        facts = yield from _chain(reader, stream)
        if facts is None:
            return
        yield from self._lists(reader, stream, facts)

        def pinned(key: str) -> Deployment:
            return self.library.pinned(reader, key)

        try:
            yield from _files_of(reader, facts)
            yield from (Difference(2, None, text) for text in of_case(reader, stream, facts, pinned))
            yield from self._decisions(reader, facts)
        except (HistoryError, DefinitionNotFound) as error:
            yield Difference(3, None, f"cannot be decided again: {error}")

    def _other(self, reader: Reader, stream: str) -> Iterator[Difference]:
        """Deployments and accounts: the chain, and what was made from it."""
        facts = yield from _chain(reader, stream)
        look = {DEPLOYMENTS: of_deployments, accounts.STREAM: of_staff}.get(stream)
        if facts is not None and look is not None:
            yield from (Difference(2, None, text) for text in look(reader, facts))

    def _lists(self, reader: Reader, stream: str, facts: list[Stored]) -> Iterator[Difference]:
        """Fold the facts, make the rows again, compare with what stands in the tables."""
        case, by, rows = Case(), SYSTEM, []
        for stored in facts:
            before, case = case, apply(case, stored.fact, stored.at)
            by = stored.fact.by if isinstance(stored.fact, f.CommandGiven) else by
            rows += project(before, case, stored.fact, by)
        try:
            expected, actual = rows_when_written(rows), rows_of_case(reader, stream)
        except (HistoryError, ValueError, IndexError) as error:
            yield Difference(2, None, f"the lists of {stream} cannot be read: {error}")
            return
        for key in sorted(expected.keys() | actual.keys(), key=str):
            name = f"{key[0]} {key[1]}"
            if key not in actual:
                yield Difference(2, None, f"{name} is missing from the lists")
            elif key not in expected:
                yield Difference(2, None, f"{name} stands in the lists, but no fact put it there")
            else:
                yield from _columns(name, expected[key], actual[key])

    def _decisions(self, reader: Reader, facts: list[Stored]) -> Iterator[Difference]:
        """Decide again with the pinned definitions and the recorded inputs; take every branch again."""
        case, states, given = Case(), dict[int, Any](), None
        local: dict[tuple[int | None, str | None], dict[str, Any]] = {}
        gone = False
        for stored in facts:
            fact = stored.fact
            gone = gone or bool(stored.erased)
            if isinstance(fact, f.CommandGiven):
                given, local = fact, {}
            if stored.erased and isinstance(fact, f.DecisionTaken | f.Advanced):
                yield Difference(
                    3, stored.sequence, "cannot be decided again: its personal data were erased", note=True
                )
            elif isinstance(fact, f.DecisionTaken):
                yield from _excused(self._decide_again(reader, case, stored, fact), given, self.product, gone)
            elif isinstance(fact, f.Advanced):
                turn = self._again(reader, case, states, stored, given, local)
                yield from _excused(_step_again(turn, stored, fact), given, self.product, gone)
            elif isinstance(fact, f.TaskCompleted):
                task = case.tasks[fact.task]
                answers = f.sealed(fact).get("local", {})
                local[(task.instance, task.element)] = {name: decode(value) for name, value in answers.items()}
            case, states = rebuild([(fact, stored.at)], lambda key: self.library.pinned(reader, key), case, states)

    def _decide_again(self, reader: Reader, case: Case, stored: Stored, fact: f.DecisionTaken) -> Iterator[Difference]:
        running = case.instances.get(fact.instance) if fact.instance is not None else None
        deployment = (
            self.library.current(reader, stored.at)
            if running is None
            else self.library.pinned(reader, running.deployment)
        )
        kept = f.sealed(fact)
        inputs = {name: decode(value) for name, value in kept["inputs"].items()}
        model = deployment.decision(fact.decision)
        if model.hash != fact.hash:
            yield Difference(
                3, stored.sequence, f"{fact.decision}: the table has another hash than the one that decided"
            )
            return
        now = stored.at.astimezone(CIVIL)
        parameters = deployment.feel_parameters(now.date(), self.library.current(reader, stored.at))
        try:
            decided = decide(model, fact.decision, {**inputs, "p": parameters}, now=now, strict=True)
        except (DecisionError, FeelError) as error:
            yield Difference(3, stored.sequence, f"{fact.decision}: can no longer be decided: {error}")
            return
        if encode(decided.outputs) != kept["outputs"]:
            yield Difference(
                3,
                stored.sequence,
                f"{fact.decision}: {kept['outputs']} was recorded, {encode(decided.outputs)} follows",
            )
        if tuple(decided.why.matched) != fact.matched:
            yield Difference(
                3, stored.sequence, f"{fact.decision}: rules {fact.matched} were recorded, {decided.why.matched} match"
            )

    def _again(
        self,
        reader: Reader,
        case: Case,
        states: StateOf,
        stored: Stored,
        given: f.CommandGiven | None,
        local: dict[Any, Any],
    ) -> Turn:
        """The case as it stood when a step was taken, with the clock and the person of then."""
        world = World(
            now=stored.at,
            by=given.by if given is not None else SYSTEM,
            deployment=self.library.current(reader, stored.at),
            pinned=lambda key: self.library.pinned(reader, key),
            law=law(),
            product=self.product,
            tallied=lambda name, first, last: tallied(reader, name, first, last, stored.at),
        )
        return Turn(case, dict(states), world, local=dict(local))


def _chain(reader: Reader, stream: str) -> Generator[Difference, None, list[Stored] | None]:
    """Level 1; gives the facts when they are as they were written."""
    found = [Difference(1, one.sequence, f"{one.what}: {one.detail}") for one in verify_stream(reader, stream)]
    found += [Difference(1, None, text) for text in lost_keys(reader, stream)]
    yield from found
    if found:
        return None
    try:
        return list(reader.facts(stream))
    except HistoryError as error:
        yield Difference(1, None, f"the facts cannot be read: {error}")
        return None


def _files_of(reader: Reader, facts: list[Stored]) -> Iterator[Difference]:
    """The definitions to which the instances of a case are pinned are the bytes that were deployed."""
    pinned = {s.fact.deployment for s in facts if isinstance(s.fact, f.InstanceStarted | f.InstanceMigrated)}
    registered = [
        stored
        for stored in reader.facts(DEPLOYMENTS)
        if isinstance(stored.fact, f.DeploymentRegistered) and stored.fact.deployment in pinned
    ]
    yield from (Difference(2, None, text) for text in of_deployments(reader, registered))


def _step_again(turn: Turn, stored: Stored, fact: f.Advanced) -> Iterator[Difference]:
    instance = turn.case.instances[fact.instance]
    stimulus, _ = restored(fact)
    try:
        graph = turn.deployment_of(fact.instance).graph(instance.process)
        outcome = step(
            graph, turn.states.get(fact.instance, EMPTY), stimulus, stored.at, answering(turn, fact.instance)
        )
    except (CommandRefused, StepError, FeelError) as error:
        yield Difference(3, stored.sequence, f"the step can no longer be taken: {error}")
        return
    subject = next(iter(fact.personal), f.DOSSIER)
    again = _plain(advanced(fact.instance, stimulus, outcome.facts, subject))
    recorded = _plain(fact)
    for number, (one, other) in enumerate(zip(recorded["facts"], again["facts"], strict=False)):
        if one != other:
            yield Difference(3, stored.sequence, f"movement {number}: {one} was recorded, {other} follows")
            return
    if len(recorded["facts"]) != len(again["facts"]) or recorded.get("personal") != again.get("personal"):
        yield Difference(3, stored.sequence, "the process would move otherwise now")


def _plain(fact: f.Fact) -> dict[str, Any]:
    """A fact as it would be read back from storage."""
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(fact))
    return plain


def _excused(
    found: Iterator[Difference], given: f.CommandGiven | None, product: str, gone: bool
) -> Iterator[Difference]:
    """A difference under another version of product or law, or after data it may rest on were erased (*gone*), is said as such:
    it is no sign of tampering."""
    for one in found:
        if gone:
            yield replace(one, note=True, message=f"{one.message} (personal data before this were erased)")
        elif given is not None and (given.product != product or given.law not in ("", law().version)):
            yield replace(
                one, note=True, message=f"{one.message} (recorded under {given.product}, law {given.law[:12]})"
            )
        else:
            yield one


def _columns(name: str, expected: Any, actual: Any) -> Iterator[Difference]:
    for column in sorted(expected.keys() | actual.keys()):
        if expected.get(column) != actual.get(column):
            message = f"{name}: {column} is {actual.get(column)!r}, the facts say {expected.get(column)!r}"
            yield Difference(2, None, message)
