"""Absence cover (waarneming, C-E08): who takes over for whom on which days, and tasks handed to another."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from schuldhulp.engine.case import tasks
from schuldhulp.engine.case.errors import CommandRefused, NotAllowed
from schuldhulp.engine.case.roles import COORDINATOR
from schuldhulp.engine.handle.base import Base, Cover, Done
from schuldhulp.engine.history import accounts
from schuldhulp.engine.model import facts as f


class BadCover(CommandRefused):
    """The cover cannot be named so."""

    code = "bad-cover"


def on_day(covers: Iterable[Cover], day: date) -> dict[int, int]:
    """Who is covered by whom on *day*: what was said last goes before what was said earlier."""
    found = {cover.account: cover.by for cover in covers if cover.first <= day <= cover.last}
    return {account: by for account, by in found.items() if by is not None}


class Covering(Base):
    """A cover may take over what an absent colleague has; the coordinator may hand over everything at once."""

    def name_cover(self, account: int, cover: int | None, first: date, last: date, by: f.Actor) -> None:
        """Say who covers *account* on these days; None takes back what was said of them. For oneself, or by the coordinator.
        Raises NotAllowed, BadCover."""
        if by.account not in (account, 0) and by.role != COORDINATOR:
            raise NotAllowed("naming the cover of another", by.role, (COORDINATOR,))
        if last < first:
            raise BadCover(f"the last day ({last}) is before the first ({first}).")
        with self.store.begin() as log:
            for number in (account, *((cover,) if cover is not None else ())):
                known = accounts.by_number(log, number)
                if known is None or not known.active:
                    raise BadCover(f"there is no active account {number}.")
            if cover == account:
                raise BadCover("nobody covers for themselves; name a colleague.")
            loaded = log.load(accounts.STREAM)
            given = f.CommandGiven(command="name_cover", by=by, product=self.product, law="")
            named = f.CoverNamed(account=account, cover=cover, first=first, last=last)
            log.append(accounts.STREAM, loaded.sequence, [given, named], self.clock())

    def covers(self, since: date | None = None) -> tuple[Cover, ...]:
        """Every arrangement that reaches to *since* or later, in the order in which they were made."""
        with self.store.read() as reader:
            return tuple(one for one in self._covers(reader) if since is None or one.last >= since)

    def reassign(self, case: str, holder: int, account: int, reason: str, by: f.Actor, *, tell: bool = True) -> Done:
        """Everything that *holder* has in a case goes to *account*; gives how many tasks. *tell*: a task is opened to tell the
        client who the contact person is now. Raises NotAllowed for who is no coordinator."""
        return self._command(
            case, "reassign", by, lambda turn: tasks.reassign(turn, holder, account, reason, tell=tell)
        )
