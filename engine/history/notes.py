"""Short notes of the database about itself, such as how far a long piece of work has come. Never personal data."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log
    from schuldhulp.engine.history.reader import Reader


def read(reader: Reader, name: str) -> str | None:
    row = reader.wire.one("read_meta", name=name)
    return None if row is None else str(row[0])


def write(log: Log, name: str, value: str) -> None:
    log.wire.run("write_meta", name=name, value=value)
