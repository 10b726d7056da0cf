"""Sessions of the web: kept by the hash of their token, so that who reads the database cannot take one over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.reader import Reader

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log


@dataclass(frozen=True, slots=True)
class Session:
    account: int
    started_at: datetime
    seen_at: datetime
    until: datetime


def start(log: Log, token: str, account: int, at: datetime, until: datetime) -> None:
    """A session begins. `token`: long and random, made by the caller; only its hash is kept."""
    log.wire.run(
        "start_session", token=_hash(token), account=account, started_at=instant_text(at), until=instant_text(until)
    )


def find(reader: Reader, token: str, now: datetime) -> Session | None:
    """The session, unless it has ended or run out."""
    row = reader.wire.one("session", token=_hash(token), now=instant_text(now))
    if row is None:
        return None
    account, started_at, seen_at, until = row
    return Session(account, *(datetime.fromisoformat(text) for text in (started_at, seen_at, until)))


def extend(log: Log, token: str, now: datetime, until: datetime) -> bool:
    """The session was used. False when it has run out."""
    return bool(log.wire.run("extend_session", token=_hash(token), now=instant_text(now), until=instant_text(until)))


def end(log: Log, token: str) -> None:
    log.wire.run("end_session", token=_hash(token))


def end_all_of(log: Log, account: int) -> None:
    """All sessions of an account end: after a new password, or when it is shut."""
    log.wire.run("end_sessions_of_account", account=account)


def drop_old(log: Log, now: datetime) -> int:
    """Throws away sessions that ran out; gives how many."""
    return log.wire.run("drop_old_sessions", now=instant_text(now))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
