"""Accounts as a table: what logging in needs. The facts are in the stream "accounts"; the password hash is only here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schuldhulp.engine.history.blind import blind
from schuldhulp.engine.history.errors import LoginTaken
from schuldhulp.engine.history.instants import from_json, to_column
from schuldhulp.engine.history.reader import Reader, join_column

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

STREAM = "accounts"


@dataclass(frozen=True, slots=True)
class Account:
    """`login` and `name` None: erased. `password`: an argon2 hash, None when there is none yet."""

    number: int
    login: str | None
    name: str | None
    roles: tuple[str, ...]
    active: bool
    password: str | None = None


def subject(number: int) -> str:
    """Under which key login and name of an account are sealed, here and in the facts."""
    return f"account{number}:staff"


def next_number(reader: Reader) -> int:
    """The number for a new account."""
    row = reader.wire.one("newest_account")
    return int(row[0]) + 1 if row is not None else 1


def put(log: Log, number: int, login: str, name: str, roles: Sequence[str], *, active: bool = True) -> None:
    """Makes or changes an account; its password stays. Raises LoginTaken. Logins do not differ by case of letters."""
    entry = blind(log, "login", login.casefold())
    holder = log.wire.one("account_by_login", login_blind=entry)
    if holder is not None and holder[0] != number:
        raise LoginTaken(login)
    keys, under = log.keys(STREAM), subject(number)
    log.wire.run(
        "put_account",
        number=number,
        login_blind=entry,
        login_sealed=join_column(under, keys.seal("column login_sealed", under, login.encode())),
        name_sealed=join_column(under, keys.seal("column name_sealed", under, name.encode())),
        roles=to_column(tuple(roles)),
        active=int(active),
    )


def set_password(log: Log, number: int, argon2_hash: str | None) -> None:
    """Keeps the hash of a password; None shuts the account for passwords."""
    log.wire.run("set_password", number=number, password=argon2_hash)


def by_login(reader: Reader, login: str) -> Account | None:
    """The account that logs in so."""
    row = reader.wire.one("account_by_login", login_blind=blind(reader, "login", login.casefold()))
    return _account(reader, row) if row is not None else None


def by_number(reader: Reader, number: int) -> Account | None:
    row = reader.wire.one("account_by_number", number=number)
    return _account(reader, row) if row is not None else None


def everyone(reader: Reader) -> list[Account]:
    """All accounts, by number."""
    return [_account(reader, row) for row in reader.wire.all("all_accounts")]


def _account(reader: Reader, row: Sequence[object]) -> Account:
    number, login, name, password, roles, active = row
    return Account(
        number=int(str(number)),
        login=_text(reader, "login_sealed", login),
        name=_text(reader, "name_sealed", name),
        roles=from_json(str(roles)),
        active=bool(active),
        password=str(password) if password is not None else None,
    )


def _text(reader: Reader, column: str, sealed: object) -> str | None:
    return reader.open_column(STREAM, column, sealed) if isinstance(sealed, bytes) else None
