"""What every peer measures: start, then restore, complete one task and save, over and over, until done or out of time."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable

LIMIT = 10.0
"""Seconds of processor time that one row may take; what was done by then counts. Other work on the machine does not."""


def measure(start: Callable[[], bytes], once: Callable[[bytes], bytes | None]) -> dict[str, object]:
    """*start* gives the first saved state; *once* takes a saved state a task further, None at the end."""
    begin = time.process_time()
    state: bytes | None = start()
    begun = time.process_time() - begin
    assert state is not None
    times: list[float] = []
    sizes = [len(state)]
    while state is not None and time.process_time() - begin < LIMIT:
        before = time.process_time()
        state = once(state)
        times.append(time.process_time() - before)
        if state is not None:
            sizes.append(len(state))
    tenth = max(1, len(times) // 10)
    return {
        "start_ms": begun * 1000,
        "steps": len(times),
        "finished": state is None,
        "median_ms": statistics.median(times) * 1000 if times else None,
        "first_ms": statistics.median(times[:tenth]) * 1000 if times else None,
        "last_ms": statistics.median(times[-tenth:]) * 1000 if times else None,
        "largest_bytes": max(sizes),
        "last_bytes": sizes[-1],
    }


def report(figures: dict[str, object]) -> None:
    json.dump(figures, sys.stdout)
