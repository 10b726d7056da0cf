"""The read log: who read which case, when, in which role and what for (AVG art. 5 lid 2 and 32)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schuldhulp.engine.history.log import Log


@dataclass(frozen=True, slots=True)
class Read:
    case: str
    at: datetime
    account: int
    role: str
    purpose: str


def record(log: Log, case: str, account: int, role: str, at: datetime, purpose: str) -> None:
    """Keeps that a person reads a case. `purpose`: a code, or the reason that was given, without personal data."""
    log.wire.run("record_read", case=case, account=account, role=role, at=instant_text(at), purpose=purpose)


def of_case(reader: Reader, case: str) -> list[Read]:
    """Who read a case, in order."""
    return [_read(row) for row in reader.wire.all("reads_of_case", case=case)]


def by_account(reader: Reader, account: int, since: datetime, before: datetime) -> list[Read]:
    """What a person read from one moment up to (not with) another."""
    rows = reader.wire.all("reads_by_account", account=account, since=instant_text(since), before=instant_text(before))
    return [_read(row) for row in rows]


def _read(row: Sequence[object]) -> Read:
    case, at, account, role, purpose = row
    return Read(str(case), datetime.fromisoformat(str(at)), int(str(account)), str(role), str(purpose))
