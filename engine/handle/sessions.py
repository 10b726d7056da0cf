"""Use cases on sessions of the web: who is logged in, until when."""

from __future__ import annotations

from datetime import timedelta

from schuldhulp.engine.handle.base import Base
from schuldhulp.engine.history import sessions as table
from schuldhulp.engine.history.sessions import Session

IDLE = timedelta(hours=2)
"""A session that is not used for so long is over."""
LONGEST = timedelta(hours=12)
REFRESH = timedelta(minutes=5)
"""Use of a session is noted at most so often, so that looking around writes little."""


class Sessions(Base):
    """Tokens are long and random, made by the caller; only their hash is kept."""

    def start_session(self, token: str, account: int) -> None:
        with self.store.begin() as log:
            now = self.clock()
            table.drop_old(log, now)
            table.start(log, token, account, now, now + IDLE)

    def session(self, token: str) -> Session | None:
        """The session of *token*, which goes on by being used; None when it is over."""
        now = self.clock()
        with self.store.read() as reader:
            found = table.find(reader, token, now)
        if found is None or now > found.started_at + LONGEST:
            return None
        if now - found.seen_at >= REFRESH:
            with self.store.begin() as log:
                table.extend(log, token, now, now + IDLE)
        return found

    def end_session(self, token: str) -> None:
        with self.store.begin() as log:
            table.end(log, token)
