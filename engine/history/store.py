"""The store of the log: opens a database, brings its schema up to date, and gives transactions.

store = Store.open("sqlite:///var/schuldhulp.db", MasterKeys.read_or_make(Path("var/schuldhulp.keys")))
store.migrate()
with store.begin() as log:
    loaded = log.load("case/2026-000123")
    log.append("case/2026-000123", loaded.sequence, facts, at=now)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from schuldhulp.engine.history import migrate
from schuldhulp.engine.history.database import Database
from schuldhulp.engine.history.log import Log
from schuldhulp.engine.history.master_keys import MasterKeys
from schuldhulp.engine.history.reader import Loaded, Reader, Stored
from schuldhulp.engine.history.sealing import OpenedKeys


class Store:
    """One database, for as many threads and processes as there are."""

    def __init__(self, database: Database, keys: MasterKeys) -> None:
        self.database, self.masters = database, keys
        self._opened = OpenedKeys()

    @classmethod
    def open(cls, url: str, keys: MasterKeys, *, synchronous: str = "FULL", busy_seconds: float = 10.0) -> Store:
        """The store behind `sqlite:///path` or `postgresql+psycopg://...`.

        `synchronous`: FULL (an acknowledged command survives a power cut), NORMAL or OFF (for measurements and tests).
        `busy_seconds`: how long to wait for another writer before StorageBusy. Raises UnknownAddress.
        """
        return cls(Database(url, synchronous, busy_seconds), keys)

    def migrate(self) -> None:
        """Brings the database to the newest schema. Raises NewerDatabase when a newer product has written it."""
        migrate.to_newest(self.database)

    def check_schema(self) -> None:
        """Raises NotMigrated or NewerDatabase unless the schema is the one this version works with."""
        migrate.check(self.database)

    def schema_version(self) -> str | None:
        """The schema version of the database, None when it is empty."""
        return migrate.version(self.database)

    @contextmanager
    def begin(self) -> Iterator[Log]:
        """One write transaction: committed at the end, rolled back on any exception."""
        with self.database.transaction(write=True) as wire:
            yield Log(wire, self.masters, self._opened)

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """A read-only transaction that sees one moment."""
        with self.database.transaction(write=False) as wire:
            yield Reader(wire, self.masters, self._opened)

    def scrub(self) -> None:
        """Clears what erased rows left in the database's files: free space and the write-ahead log."""
        self.database.scrub()

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


__all__ = ["Loaded", "Log", "MasterKeys", "Reader", "Store", "Stored"]
