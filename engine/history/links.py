"""Which case belongs to something outside: a household, a row of a file that was taken in. Kept as blind keys only.

Who has the database but not its keys cannot tell what a key stands for, nor try a name against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from schuldhulp.engine.history.blind import blind
from schuldhulp.engine.history.reader import Reader

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log


def find(reader: Reader, kind: str, value: str) -> list[str]:
    """The cases (streams) that *value* was linked to, newest first."""
    rows = reader.wire.all("linked_cases", kind=kind, blind=blind(reader, kind, value))
    return [str(row[0]) for row in rows]


def replace(log: Log, kind: str, values: Iterable[str], case: str) -> None:
    """The links of a kind that a case has are these from now on."""
    log.wire.run("unlink_case", kind=kind, case=case)
    for value in values:
        put(log, kind, value, case)


def put(log: Log, kind: str, value: str, case: str) -> str:
    """Link *value* to a case (its stream), once; gives the blind key, which says nothing about the value."""
    key = blind(log, kind, value)
    log.wire.run("link_case", kind=kind, blind=key, case=case)
    return key
