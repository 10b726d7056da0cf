"""Erasing: the data key is destroyed, and with it everything beside the facts that was made from what it sealed.

The facts stay, with ciphertext that no one can open; the chain still verifies.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from schuldhulp.engine.history.errors import BadName
from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.sealing import Cache, checked_subject

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

_MIXED = (Cache.SNAPSHOT, Cache.DRAFTS, Cache.OUTBOX)


def erase(log: Log, stream: str, subjects: Sequence[str], at: datetime) -> None:
    """Destroys the keys of `subjects` (keys of `personal`) in a stream. Raises BadName for one that never had a key."""
    keys = log.keys(stream)
    known = {subject for subject, _ in keys.erased()}
    for subject in subjects:
        if not keys.generations(checked_subject(subject)) and subject not in known:
            raise BadName("subject of " + stream, subject, "a subject with personal data in this stream")
    instant = instant_text(at)
    for subject in (*subjects, *_MIXED):
        for generation in keys.generations(subject):
            log.wire.run("destroy_key", stream=stream, subject=subject, generation=generation)
            log.wire.run("record_erased_key", stream=stream, subject=subject, generation=generation, at=instant)
    _clear_beside(log, stream)


def _clear_beside(log: Log, stream: str) -> None:
    for name in ("drop_snapshot", "drop_drafts", "drop_payloads", "drop_blind_keys"):
        log.wire.run(name, stream=stream)
