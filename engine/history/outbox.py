"""The outbox: what must happen outside after the commit, at least once, each with a key that stays the same.

`state`: waiting | done | failed. A worker takes messages with a lease; when it dies, the lease runs out and another takes
them, so the receiver must drop what it has seen (`key`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from schuldhulp.engine.history.instants import EARLIEST, instant_text
from schuldhulp.engine.history.sealing import BESIDE
from schuldhulp.engine.model.rows import OutboxMessage

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

_json = msgspec.json.Encoder(order="sorted")
_plain = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Taken:
    """A message in the hands of a worker. `payload` None: the case was erased, there is nothing to deliver."""

    case: str
    key: str
    kind: str
    payload: Mapping[str, Any] | None
    attempts: int


def post(log: Log, messages: Iterable[OutboxMessage]) -> None:
    """Adds messages; one whose key was posted before is left out."""
    for message in messages:
        payload = log.keys(message.case).seal(place(message.key), BESIDE, _json.encode(message.payload))
        log.wire.run(
            "post_message",
            case=message.case,
            kind=message.kind,
            key=message.key,
            sequence=log.known_sequence(message.case),
            payload_sealed=payload,
            due=instant_text(message.due) if message.due is not None else EARLIEST,
            topic=message.topic,
            instance=message.instance,
            work=message.work,
        )


def take(log: Log, worker: str, now: datetime, until: datetime, limit: int = 20) -> list[Taken]:
    """Messages that are due, for this worker alone until `until`."""
    rows = log.wire.all("lease_messages", worker=worker, now=instant_text(now), until=instant_text(until), limit=limit)
    rows.sort(key=lambda row: (row[6], row[0], row[3], row[1]))
    return [
        Taken(case, key, kind, _payload(log, case, key, sealed), attempts)
        for case, key, kind, _, sealed, attempts, _ in rows
    ]


def done(log: Log, worker: str, message: Taken) -> bool:
    """It was delivered. False when the lease had passed to another worker."""
    return bool(log.wire.run("message_done", case=message.case, key=message.key, worker=worker))


def failed(log: Log, worker: str, message: Taken, failure: str, again: datetime) -> bool:
    """It was not delivered; it is tried again from `again`. `failure` is a code or a text without personal data."""
    due = instant_text(again)
    return bool(
        log.wire.run("message_failed", case=message.case, key=message.key, worker=worker, failure=failure, due=due)
    )


def give_up(log: Log, worker: str, message: Taken, failure: str) -> bool:
    """It is not tried any more, until a person says so (`retry`)."""
    return bool(log.wire.run("message_given_up", case=message.case, key=message.key, worker=worker, failure=failure))


def retry(log: Log, case: str, key: str, now: datetime) -> bool:
    """A message that was given up is tried again. False when there is no such message."""
    return bool(log.wire.run("message_retried", case=case, key=key, due=instant_text(now)))


def place(key: str) -> str:
    """What the seal of a message is bound to."""
    return f"message {key}"


def _payload(log: Log, case: str, key: str, sealed: bytes | None) -> dict[str, Any] | None:
    if sealed is None:
        return None
    plain = log.keys(case).open(place(key), BESIDE, sealed)
    return _plain.decode(plain) if plain is not None else None
