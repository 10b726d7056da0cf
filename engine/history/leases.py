"""Leases: which worker is busy with which case, and until when others must keep off."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from schuldhulp.engine.history.instants import instant_text

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

TIMERS = "timers"


def take_due_cases(log: Log, worker: str, now: datetime, until: datetime, limit: int = 20) -> list[str]:
    """Cases with due timers, for this worker alone until `until`; end each with `end`."""
    rows = log.wire.all("lease_due_cases", worker=worker, now=instant_text(now), until=instant_text(until), limit=limit)
    return sorted(str(row[0]) for row in rows)


def take(log: Log, case: str, kind: str, worker: str, now: datetime, until: datetime) -> bool:
    """Takes or extends a lease; False when another worker has it."""
    return bool(
        log.wire.run(
            "take_lease", case=case, kind=kind, worker=worker, now=instant_text(now), until=instant_text(until)
        )
    )


def end(log: Log, case: str, kind: str, worker: str) -> None:
    """The worker is ready."""
    log.wire.run("end_lease", case=case, kind=kind, worker=worker)
