"""Numbers that count up, such as those of cases; given out in the transaction that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log


def next_number(log: Log, name: str) -> int:
    """The next of *name*, from 1. A number whose transaction is rolled back is given out again."""
    row = log.wire.one("next_number", name=name)
    assert row is not None
    return int(row[0])
