"""The outbox: what must happen outside after the commit, at least once, each with a key that stays the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from schuldhulp.engine.history.instants import EARLIEST, instant_text
from schuldhulp.engine.history.sealing import Cache
from schuldhulp.engine.model.rows import OutboxMessage

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

_json = msgspec.json.Encoder(order="sorted")


def post(log: Log, messages: Iterable[OutboxMessage]) -> None:
    """Adds messages; one whose key was posted before is left out."""
    for message in messages:
        payload = log.keys(message.case).seal(f"outbox {message.key}", Cache.OUTBOX, _json.encode(message.payload))
        log.wire.run(
            "post_message",
            case=message.case,
            kind=message.kind,
            key=message.key,
            payload_sealed=payload,
            due=instant_text(message.due) if message.due is not None else EARLIEST,
        )
