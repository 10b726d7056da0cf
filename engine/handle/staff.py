"""Use cases on accounts, sessions, drafts and the read log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.handle.base import Base
from schuldhulp.engine.history import accounts as table
from schuldhulp.engine.history import drafts, read_log
from schuldhulp.engine.history.accounts import Account
from schuldhulp.engine.model import facts as f


class Staff(Base):
    """The people who work here, and what they left half done."""

    def put_account(
        self,
        login: str,
        name: str,
        roles: Sequence[str],
        by: f.Actor,
        *,
        number: int | None = None,
        active: bool = True,
        password: str | None = None,
    ) -> int:
        """Make or change an account; *password* is an argon2 hash. Gives its number. Raises LoginTaken."""
        with self.store.begin() as log:
            chosen = table.next_number(log) if number is None else number
            table.put(log, chosen, login, name, roles, active=active)
            if password is not None:
                table.set_password(log, chosen, password)
            loaded = log.load(table.STREAM)
            given = f.CommandGiven(command="put_account", by=by, product=self.product, law="")
            changed = f.AccountChanged(
                account=chosen,
                roles=tuple(roles),
                active=active,
                personal={table.subject(chosen): {"login": login, "name": name}},
            )
            log.append(table.STREAM, loaded.sequence, [given, changed], self.clock())
        return chosen

    def account(self, number: int) -> Account | None:
        with self.store.read() as reader:
            return table.by_number(reader, number)

    def account_by_login(self, login: str) -> Account | None:
        with self.store.read() as reader:
            return table.by_login(reader, login)

    def accounts(self) -> list[Account]:
        with self.store.read() as reader:
            return list(table.everyone(reader))

    def save_draft(self, case: str, task: int, account: int, version: int, content: dict[str, Any]) -> int:
        """Keep what a person typed; gives the new version. Raises DraftConflict when another version was saved."""
        with self.store.begin() as log:
            return drafts.save(log, stream_of(case), task, account, content, version, account, self.clock())

    def draft(self, case: str, task: int, account: int) -> Any:
        with self.store.read() as reader:
            return drafts.load(reader, stream_of(case), task, account)

    def drop_draft(self, case: str, task: int, account: int) -> None:
        with self.store.begin() as log:
            drafts.discard(log, stream_of(case), task, account)

    def record_read(self, case: str, by: f.Actor, purpose: str) -> None:
        """Somebody read personal data of a case, and why."""
        with self.store.begin() as log:
            read_log.record(log, stream_of(case), by.account, by.role, self.clock(), purpose)

    def reads(self, case: str) -> list[Any]:
        with self.store.read() as reader:
            return list(read_log.of_case(reader, stream_of(case)))
