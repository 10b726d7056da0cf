"""Tokens of programs that call the API: kept by their hash, so that who reads the database cannot use one.

The facts (`TokenMade`, `TokenWithdrawn`) are in the stream "accounts". A token is 256 random bits, so a plain hash will do.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from schuldhulp.engine.history.instants import from_json, instant_text, to_column

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log
    from schuldhulp.engine.history.reader import Reader


@dataclass(frozen=True, slots=True)
class Token:
    """`until`: after which it is of no use (None: it does not run out); `used_at`: about when it was last used."""

    number: int
    digest: str
    account: int
    scopes: tuple[str, ...]
    made_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None
    used_at: datetime | None

    def holds(self, now: datetime) -> bool:
        return self.withdrawn_at is None and (self.until is None or now < self.until)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def add(log: Log, digest: str, account: int, scopes: Sequence[str], now: datetime, until: datetime | None) -> int:
    """Keep a new token by its hash; gives its number."""
    newest = log.wire.one("newest_token")
    number = 1 if newest is None else int(newest[0]) + 1
    log.wire.run(
        "add_token",
        number=number,
        digest=digest,
        account=account,
        scopes=to_column(tuple(scopes)),
        made_at=instant_text(now),
        until=None if until is None else instant_text(until),
    )
    return number


def find(reader: Reader, token: str) -> Token | None:
    """The token with this text, whether or not it still holds."""
    row = reader.wire.one("token_by_digest", digest=hash_of(token))
    return None if row is None else _token(row)


def everything(reader: Reader) -> list[Token]:
    return [_token(row) for row in reader.wire.all("all_tokens")]


def withdraw(log: Log, number: int, now: datetime) -> bool:
    """False when there is none, or it was withdrawn already."""
    return bool(log.wire.run("withdraw_token", number=number, now=instant_text(now)))


def used(log: Log, number: int, now: datetime) -> None:
    log.wire.run("use_token", number=number, now=instant_text(now))


def _token(row: Sequence[Any]) -> Token:
    number, digest, account, scopes, *moments = row
    made, until, withdrawn, last = (None if each is None else datetime.fromisoformat(each) for each in moments)
    assert made is not None
    return Token(int(number), str(digest), int(account), from_json(str(scopes)), made, until, withdrawn, last)
