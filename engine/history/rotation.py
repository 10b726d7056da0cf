"""Rotating the master key: every data key is wrapped anew under the current one. The facts are not touched."""

from __future__ import annotations

from collections.abc import Callable

from schuldhulp.engine.history.sealing import unwrap, wrap
from schuldhulp.engine.history.store import Store


def rewrap(store: Store, *, batch: int = 500, progress: Callable[[int], None] | None = None) -> int:
    """Wraps all data keys under the current master key, a batch per transaction; gives how many.

    It may be stopped and started again. Afterwards no data key needs an older line of the key file (`masters_in_use`).
    Raises MasterKeyMissing when a key that is in use is not in the key file.
    """
    total = 0
    while done := _some(store, batch):
        total += done
        if progress is not None:
            progress(total)
    return total


def masters_in_use(store: Store) -> list[str]:
    """The ids of the master keys that data keys are wrapped with."""
    with store.read() as reader:
        return [str(row[0]) for row in reader.wire.all("masters_in_use")]


def _some(store: Store, batch: int) -> int:
    masters = store.masters
    with store.begin() as log:
        rows = log.wire.all("keys_under_another_master", master=masters.current, batch=batch)
        for stream, subject, generation, master, wrapped in rows:
            key = unwrap(masters, master, wrapped, stream, subject, generation)
            log.wire.run(
                "rewrap_key",
                stream=stream,
                subject=subject,
                generation=generation,
                master=masters.current,
                wrapped=wrap(masters, masters.current, key, stream, subject, generation),
            )
    return len(rows)
