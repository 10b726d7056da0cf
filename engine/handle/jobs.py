"""Use cases of workers outside: ask for external work by topic, answer it, or say that it could not be done.

At least once: a worker that dies lets its lock run out and another gets the work. An answer of one that no longer has it, or
about work that the process took back, changes nothing and comes back as `late`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from schuldhulp.engine.case import jobs as deciding
from schuldhulp.engine.case.errors import BadData
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.roles import may_work
from schuldhulp.engine.case.turn import Turn, job_key
from schuldhulp.engine.case.values import decode
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.history import jobs as stored
from schuldhulp.engine.history.store import Log
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.feel import Value, feel_value, to_python

LONGEST_LOCK = 24 * 3600
"""Seconds that a worker may keep work at a time; it can ask for more."""
MOST = 1_000
"""Jobs that can be fetched at once."""


@dataclass(frozen=True, slots=True)
class Job:
    """External work in the hands of a worker until `locked_until`. `variables`: plain values of its input parameters;
    `attempts`: how often it was handed out, this time included; `retries`: how often it is still tried (None: not said yet)."""

    case: str
    instance: int
    work: int
    topic: str
    element: str
    process: str
    variables: Mapping[str, Any]
    attempts: int
    retries: int | None
    worker: str
    locked_until: datetime

    @property
    def id(self) -> str:
        return f"{self.case}/{self.instance}/{self.work}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a worker's answer. `late`: nothing changed, and why; None when it was taken."""

    late: str | None = None

    @property
    def taken(self) -> bool:
        return self.late is None


class _TooLate(Exception):
    """The worker does not have the work (any more)."""


def job_of(text: str) -> tuple[str, int, int]:
    """Case, instance and work of a job's id, such as 2026-000123/1/7. Raises BadData."""
    case, _, rest = text.partition("/")
    instance, _, work = rest.partition("/")
    if not (case and instance.isdigit() and work.isdigit()):
        raise BadData(f"{text!r} is no job; `schuldhulp jobs list` shows them, such as 2026-000123/1/7.")
    return case, int(instance), int(work)


class Jobs(CaseCommands):
    """Service tasks as jobs."""

    def fetch_and_lock(
        self, topics: Sequence[str], worker: str, *, limit: int = 10, lock_seconds: int = 300
    ) -> list[Job]:
        """Work of *topics* that waits, for this worker alone during *lock_seconds*; the longest waiting first. Not of suspended
        instances. Raises BadData."""
        _check(worker, lock_seconds)
        if not 0 < limit <= MOST:
            raise BadData(f"between 1 and {MOST} jobs can be fetched at once, not {limit}.")
        if not topics:
            return []
        now = self.clock()
        until = now + timedelta(seconds=lock_seconds)
        with self.store.begin() as log:
            locked = stored.lock(log, topics, worker, now, until, limit)
        return [_job(one, worker, until) for one in locked if one.payload is not None]

    def complete_external(
        self, case: str, instance: int, work: int, worker: str, variables: Mapping[str, Any], by: f.Actor
    ) -> Answer:
        """The work is done; *variables* (plain values) go to the file or the instance, and the process goes on.

        Raises BadData, NotNow (suspended), ModelFailed: the worker keeps the work until its lock runs out.
        """
        values = {name: feel_value(value) for name, value in variables.items()}
        return self._answer("complete_external", case, instance, work, worker, by, values, None)

    def bpmn_error(
        self, case: str, instance: int, work: int, worker: str, code: str, variables: Mapping[str, Any], by: f.Actor
    ) -> Answer:
        """The work ended in a BPMN error, which an error event may catch; uncaught it ends the instance."""
        values = {name: feel_value(value) for name, value in variables.items()}
        return self._answer("bpmn_error", case, instance, work, worker, by, values, code)

    def _answer(
        self,
        command: str,
        case: str,
        instance: int,
        work: int,
        worker: str,
        by: f.Actor,
        values: Mapping[str, Value],
        error: str | None,
    ) -> Answer:
        def decide(turn: Turn) -> bool:
            return deciding.answer(turn, instance, work, values, error)

        return self._in_hand(command, case, instance, work, worker, by, decide)

    def fail_external(
        self,
        case: str,
        instance: int,
        work: int,
        worker: str,
        error: str,
        by: f.Actor,
        *,
        retries: int,
        retry_after: timedelta = timedelta(0),
    ) -> Answer:
        """The work could not be done. It is handed out again after *retry_after*, *retries* times more; at 0 it becomes an
        incident, with *error* as its cause (sealed: it may be about a person)."""
        may_work(by.role)
        if retries > 0:
            again = self.clock() + max(retry_after, timedelta(0))
            stream = stream_of(case)
            with self.store.begin() as log:
                key = job_key(stream, instance, work)
                kept = stored.failed(log, worker, stream, key, error, retries, again)
            return Answer(None if kept else _late(worker))

        def decide(turn: Turn) -> bool:
            return deciding.give_up(turn, instance, work, error)

        return self._in_hand("fail_external", case, instance, work, worker, by, decide)

    def extend_lock(self, case: str, instance: int, work: int, worker: str, lock_seconds: int) -> Answer:
        """The worker needs longer: until *lock_seconds* from now."""
        _check(worker, lock_seconds)
        until = self.clock() + timedelta(seconds=lock_seconds)
        stream = stream_of(case)
        with self.store.begin() as log:
            kept = stored.extend(log, worker, stream, job_key(stream, instance, work), until)
        return Answer(None if kept else _late(worker))

    def unlock(self, case: str, instance: int, work: int, worker: str) -> Answer:
        """The worker gives the work back: the next who asks gets it."""
        stream = stream_of(case)
        with self.store.begin() as log:
            kept = stored.unlock(log, worker, stream, job_key(stream, instance, work))
        return Answer(None if kept else _late(worker))

    def job_at(self, case: str, instance: int, work: int) -> tuple[str, str | None] | None:
        """Topic of external work that waits or was given up, and the worker who has it; None when it is done or never was."""
        stream = stream_of(case)
        with self.store.read() as reader:
            found = stored.topic(reader, stream, job_key(stream, instance, work))
        return None if found is None or found[2] == "done" else found[:2]

    def jobs(self, *, topic: str = "", state: str = "", limit: int = 100, offset: int = 0) -> list[dict[str, Any]]:
        """External work that is not done, as rows: case number, instance, work, topic, state (waiting | failed), attempts,
        retries, due, leased_by, leased_until, and `said`: what the last worker said when it failed."""
        with self.store.read() as reader:
            rows = reader.rows("jobs_matching", topic=topic, state=state, limit=limit, offset=offset)
            for row in rows:
                row["said"] = stored.failure(reader, row["case"], row["key"]) if row["failure"] else None
        return rows

    def _in_hand(
        self,
        command: str,
        case: str,
        instance: int,
        work: int,
        worker: str,
        by: f.Actor,
        decide: Callable[[Turn], bool],
    ) -> Answer:
        """A command about work that this worker has, checked in the same transaction."""

        def has_it(log: Log) -> None:
            stream = stream_of(case)
            found = stored.holder(log, stream, job_key(stream, instance, work))
            if found is None or found.state != "waiting":
                raise _TooLate("nobody waits for this work (any more).")
            if found.worker != worker:
                raise _TooLate(_late(worker))

        try:
            done = self._command(case, command, by, decide, instance=instance, first=has_it)
        except _TooLate as late:
            return Answer(str(late))
        return Answer(None if done.value else "nobody waits for this work any more.")


def _late(worker: str) -> str:
    return (
        f"worker {worker!r} does not have this work (any more): its lock ran out, or the work was done or called off."
    )


def _check(worker: str, lock_seconds: int) -> None:
    if not worker.strip():
        raise BadData("a worker needs a name, so that its work can be told from that of others.")
    if not 0 < lock_seconds <= LONGEST_LOCK:
        raise BadData(f"work can be locked for 1 to {LONGEST_LOCK} seconds at a time, not {lock_seconds}.")


def _job(one: stored.Locked, worker: str, until: datetime) -> Job:
    payload = one.payload or {}
    values = to_python(decode(payload["variables"]))
    return Job(
        case=one.case.removeprefix("case/"),
        instance=one.instance,
        work=one.work,
        topic=one.topic,
        element=str(payload.get("element", "")),
        process=str(payload.get("process", "")),
        variables=values if isinstance(values, dict) else {},
        attempts=one.attempts,
        retries=one.retries,
        worker=worker,
        locked_until=until,
    )
