"""Use cases on tokens: which programs may call the API, as which account, and for what.

A scope is `jobs:TOPIC` or `messages:NAME` (`*` for any), `documents:add`, `documents:read`, or `deploy`. A token gives no more
than its account has: it holds while the account is open, and acts in the role that the scope needs, which the account must have.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from schuldhulp.engine.case.errors import BadData, CommandRefused
from schuldhulp.engine.handle.base import Base
from schuldhulp.engine.history import accounts
from schuldhulp.engine.history import tokens as table
from schuldhulp.engine.history.tokens import Token
from schuldhulp.engine.model import facts as f

ROLE_FOR = {"jobs": "koppeling", "messages": "koppeling", "documents": "koppeling", "deploy": "procesontwerper"}
"""The role that a scope acts in."""
PREFIX = "sht_"
"""How tokens begin, so that a leaked one is recognised for what it is."""
NOTED = timedelta(hours=1)
"""Use of a token is noted at most so often."""
_SCOPE = re.compile(r"deploy|documents:(?:add|read|\*)|(?:jobs|messages):(?:\*|\S(?:.*\S)?)")


class NotScope(BadData):
    """A token is not made for what cannot be."""

    code = "not-a-scope"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"{scope!r} is no scope. Scopes are jobs:TOPIC, messages:NAME (or jobs:*, messages:*), documents:add, documents:read "
            "and deploy."
        )


class OutOfScope(CommandRefused):
    """The token is not for this."""

    code = "out-of-scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"this token is not for {scope}. `schuldhulp token create` makes one that is.")


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that calls, behind a token that holds."""

    token: int
    account: int
    roles: tuple[str, ...]
    scopes: tuple[str, ...]

    def actor(self, kind: str, name: str = "") -> f.Actor:
        """Who acts, for something of a scope. Raises OutOfScope when the token, or its account, is not for it."""
        wanted = f"{kind}:{name}" if name else kind
        if not {wanted, f"{kind}:*"} & set(self.scopes) or ROLE_FOR[kind] not in self.roles:
            raise OutOfScope(wanted)
        return f.Actor(account=self.account, role=ROLE_FOR[kind], program=f"api/token {self.token}")


class Tokens(Base):
    """A token is shown once, when it is made."""

    def make_token(
        self, account: int, scopes: Sequence[str], by: f.Actor, *, until: datetime | None = None
    ) -> tuple[int, str]:
        """A new token of *account*: its number, and its text, which is kept nowhere. Raises BadData."""
        for scope in scopes:
            if not _SCOPE.fullmatch(scope):
                raise NotScope(scope)
        if not scopes:
            raise BadData("a token needs a scope: what it may be used for.")
        text = PREFIX + secrets.token_urlsafe(32)
        with self.store.begin() as log:
            now = self.clock()
            if until is not None and until <= now:
                raise BadData(f"a token that runs out at {until:%Y-%m-%d %H:%M} would be of no use.")
            holder = accounts.by_number(log, account)
            if holder is None or not holder.active:
                raise BadData(f"there is no open account {account}.")
            for role in dict.fromkeys(ROLE_FOR[scope.partition(":")[0]] for scope in scopes):
                if role not in holder.roles:
                    raise BadData(
                        f"account {account} needs the role {role} for these scopes; it has {', '.join(holder.roles)}."
                    )
            chosen, digest = tuple(dict.fromkeys(scopes)), table.hash_of(text)
            number = table.add(log, digest, account, chosen, now, until)
            made = f.TokenMade(token=number, account=account, hash=digest, scopes=chosen, until=until)
            loaded = log.load(accounts.STREAM)
            given = f.CommandGiven(command="make_token", by=by, product=self.product, law="")
            log.append(accounts.STREAM, loaded.sequence, [given, made], now)
        return number, text

    def tokens(self) -> list[Token]:
        """Every token that was ever made, in order."""
        with self.store.read() as reader:
            return table.everything(reader)

    def withdraw_token(self, number: int, by: f.Actor) -> None:
        """The token is of no use from now on. Raises BadData when there is none; one withdrawn before stays so."""
        with self.store.begin() as log:
            now = self.clock()
            if not any(token.number == number for token in table.everything(log)):
                raise BadData(f"there is no token {number}; `schuldhulp token list` shows them.")
            if table.withdraw(log, number, now):
                loaded = log.load(accounts.STREAM)
                given = f.CommandGiven(command="withdraw_token", by=by, product=self.product, law="")
                log.append(accounts.STREAM, loaded.sequence, [given, f.TokenWithdrawn(token=number)], now)

    def caller(self, text: str) -> Caller | None:
        """Who calls with this token; None when it does not hold (any more), whatever the reason."""
        if not text.startswith(PREFIX):
            return None
        now = self.clock()
        with self.store.read() as reader:
            token = table.find(reader, text)
            holder = None if token is None else accounts.by_number(reader, token.account)
        if token is None or holder is None or not holder.active or not token.holds(now):
            return None
        if token.used_at is None or now - token.used_at >= NOTED:
            with self.store.begin() as log:
                table.used(log, token.number, now)
        return Caller(token.number, token.account, holder.roles, token.scopes)
