"""Numbers that count up, such as those of cases; given out in the transaction that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log


def next_number(log: Log, name: str) -> int:
    """The next of *name*, from 1. Two transactions may get the same one: the stream they begin with it decides who keeps it."""
    row = log.wire.one("read_meta", name=name)
    number = int(row[0]) + 1 if row is not None else 1
    log.wire.run("write_meta", name=name, value=str(number))
    return number
