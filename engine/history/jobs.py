"""External tasks: messages of the outbox that workers of others come and ask for by topic.

A worker has a task until `leased_until`; when it dies, the lock runs out and another gets the task. `state`: waiting | failed
(given up) | done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.outbox import place
from schuldhulp.engine.history.sealing import BESIDE
from schuldhulp.engine.model.rows import JobChange

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log
    from schuldhulp.engine.history.reader import Reader

_json = msgspec.json.Encoder(order="sorted")
_plain = msgspec.json.Decoder(dict[str, Any])
_CHANGES = {"done": "job_done", "failed": "job_given_up"}


@dataclass(frozen=True, slots=True)
class Locked:
    """An external task in the hands of a worker. `payload` None: the case was erased."""

    case: str
    key: str
    instance: int
    work: int
    topic: str
    payload: Mapping[str, Any] | None
    attempts: int
    retries: int | None


@dataclass(frozen=True, slots=True)
class Holder:
    """How a task stands and who has it, `until` when."""

    state: str
    worker: str | None
    until: datetime | None


def lock(log: Log, topics: Sequence[str], worker: str, now: datetime, until: datetime, limit: int) -> list[Locked]:
    """Tasks of *topics* that are due, for this worker alone until `until`; the longest waiting first."""
    names = _json.encode(sorted(set(topics))).decode()
    rows = log.wire.all(
        "lease_jobs", worker=worker, topics=names, now=instant_text(now), until=instant_text(until), limit=limit
    )
    rows.sort(key=lambda row: (row[8], row[0], row[9], row[1]))
    return [
        Locked(case, key, instance, work, topic, _opened(log, case, key, sealed), attempts, retries)
        for case, key, instance, work, topic, sealed, attempts, retries, *_ in rows
    ]


def holder(log: Log, case: str, key: str) -> Holder | None:
    """Who has a task, held until the transaction ends; None when there is no such task."""
    row = log.wire.one("job_holder", case=case, key=key)
    if row is None:
        return None
    return Holder(row[0], row[1], None if row[2] is None else datetime.fromisoformat(row[2]))


def topic(reader: Reader, case: str, key: str) -> tuple[str, str | None, str] | None:
    """Topic, worker and state of a task; None when there is no such task."""
    row = reader.wire.one("job_topic", case=case, key=key)
    return None if row is None or row[0] is None else (str(row[0]), row[1], str(row[2]))


def failed(log: Log, worker: str, case: str, key: str, text: str, retries: int, again: datetime) -> bool:
    """The worker could not do it; it is handed out again from `again`, *retries* times more. What the worker said is sealed
    with the task. False when the worker does not have it."""
    row = log.wire.one("job_payload", case=case, key=key)
    payload = None if row is None else _opened(log, case, key, row[0])
    sealed = None
    if payload is not None:
        said = _json.encode({**payload, "failure": text})
        sealed = log.keys(case).seal(place(key), BESIDE, said)
    return bool(
        log.wire.run(
            "job_failed",
            case=case,
            key=key,
            worker=worker,
            retries=retries,
            due=instant_text(again),
            payload_sealed=sealed,
        )
    )


def failure(reader: Reader, case: str, key: str) -> str | None:
    """What the last worker said when it could not do the task."""
    row = reader.wire.one("job_payload", case=case, key=key)
    payload = None if row is None else _opened(reader, case, key, row[0])
    said = None if payload is None else payload.get("failure")
    return None if said is None else str(said)


def extend(log: Log, worker: str, case: str, key: str, until: datetime) -> bool:
    """The worker keeps it until `until`. False when the worker does not have it."""
    return bool(log.wire.run("extend_job", case=case, key=key, worker=worker, until=instant_text(until)))


def unlock(log: Log, worker: str, case: str, key: str) -> bool:
    """The worker gives it back. False when the worker does not have it."""
    return bool(log.wire.run("unlock_job", case=case, key=key, worker=worker))


def change(log: Log, changes: Iterable[JobChange], now: datetime) -> None:
    """What a command did to tasks, in its own transaction."""
    for one in changes:
        if one.to == "waiting":
            log.wire.run("job_retried", case=one.case, key=one.key, due=instant_text(now))
        else:
            log.wire.run(_CHANGES[one.to], case=one.case, key=one.key)


def _opened(reader: Reader, case: str, key: str, sealed: bytes | None) -> dict[str, Any] | None:
    if sealed is None:
        return None
    plain = reader.keys(case).open(place(key), BESIDE, sealed)
    return _plain.decode(plain) if plain is not None else None
