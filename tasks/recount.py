"""Counting all running terms again after the calendar, the law or a reading changed: in batches, and going on where it
stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor

BATCH = 500


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come. `under`: what is counted with; `after`: the last case that was looked at."""

    under: str
    after: str = ""
    looked: int = 0
    moved: int = 0
    failed: int = 0
    finished: bool = False


def begun(engine: Engine) -> Progress:
    """Where counting with today's law, calendar and readings stands: at the beginning when it was not begun."""
    under, note = engine.counting_version(), engine.recount_note()
    if note is not None:
        known = json.loads(note)
        if known["under"] == under:
            return Progress(**known)
    return Progress(under)


def recount(
    engine: Engine, by: Actor, *, again: bool = False, batch: int = BATCH
) -> Iterator[tuple[Progress, tuple[tuple[str, str], ...]]]:
    """Go on (or begin anew when *again*); yields the progress after each batch with the cases that failed in it."""
    now = Progress(engine.counting_version()) if again else begun(engine)
    while not now.finished:
        done = engine.recount_batch(now.after, batch, by)
        now = replace(
            now,
            after=done.last or now.after,
            looked=now.looked + done.looked,
            moved=now.moved + len(done.moved),
            failed=now.failed + len(done.failed),
            finished=done.looked < batch,
        )
        engine.note_recount(json.dumps(asdict(now)))
        yield now, done.failed
