"""The database itself: opening it, the state each connection must be in, transactions, and its errors in our words.

SQLite runs in WAL mode with `synchronous=FULL` and takes a write transaction from the start; PostgreSQL is used through
psycopg with the same statements. SQLAlchemy gives address, pool and schema; statements go to the driver as they stand
in `queries.sql`.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.engine import URL, make_url

from schuldhulp.engine.history.errors import StorageBusy, StorageFailed, StorageFull, UnknownAddress
from schuldhulp.engine.history.named import Query, UnknownQuery, queries

SYNCHRONOUS = {"FULL": "on", "NORMAL": "off", "OFF": "off"}
"""SQLite's word -> PostgreSQL's synchronous_commit. Only FULL survives a power cut."""

_WITH_ERASED_ROWS = ("data_keys", "streams", "drafts", "outbox", "cases", "document_files", "subscriptions", "accounts")

_BEGIN = {
    ("sqlite", "write"): "BEGIN IMMEDIATE",
    ("sqlite", "read"): "BEGIN",
    ("postgresql", "write"): "BEGIN ISOLATION LEVEL READ COMMITTED",
    ("postgresql", "read"): "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
}
_AT_HAND = 16

_FULL = {sqlite3.SQLITE_FULL}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Wire:
    """One driver connection inside one transaction: runs statements by name."""

    __slots__ = ("_cursor", "_queries", "dialect")

    def __init__(self, cursor: Any, dialect: str) -> None:
        self._cursor = cursor
        self._queries = queries(dialect)
        self.dialect = dialect

    def query(self, name: str) -> Query:
        found = self._queries.get(name)
        if found is None:
            raise UnknownQuery(name, list(self._queries))
        return found

    def one(self, name: str, /, **params: Any) -> Sequence[Any] | None:
        """The first row, or None."""
        row: Sequence[Any] | None = self._cursor.execute(self._queries[name].sql, params).fetchone()
        return row

    def all(self, name: str, /, **params: Any) -> list[Sequence[Any]]:
        rows: list[Sequence[Any]] = self._cursor.execute(self._queries[name].sql, params).fetchall()
        return rows

    def run(self, name: str, /, **params: Any) -> int:
        """Carries the statement out; gives how many rows it touched."""
        count: int = self._cursor.execute(self._queries[name].sql, params).rowcount
        return count

    def many(self, name: str, rows: Sequence[Sequence[Any]]) -> None:
        """Carries the statement out for each row of values, given in the order in which it names its parameters."""
        self._cursor.executemany(self._queries[name].positional, rows)

    def sql(self, statement: str, rows: Sequence[Sequence[Any]] | Sequence[Mapping[str, Any]]) -> None:
        """A statement that was made once from the schema (of projections), for each row of values."""
        if len(rows) == 1:
            self._cursor.execute(statement, rows[0])
        else:
            self._cursor.executemany(statement, rows)

    def mappings(self, statement: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows, by column name."""
        cursor = self._cursor.execute(statement, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


class Database:
    """The database behind a URL, open for transactions from several threads."""

    def __init__(self, url: str, synchronous: str, busy_seconds: float) -> None:
        self.url = _checked(url)
        if synchronous not in SYNCHRONOUS:
            raise ValueError(f"synchronous={synchronous!r}: choose one of {', '.join(SYNCHRONOUS)}")
        self.dialect = self.url.get_backend_name()
        self.place = self.url.render_as_string(hide_password=True)
        self.busy_seconds = busy_seconds
        # Writers of one process queue here, fairly, and not in SQLite's polling.
        self._turn = threading.Lock() if self.dialect == "sqlite" else None
        self._resting: list[Any] = []
        self.engine = self._sqlite(synchronous) if self.dialect == "sqlite" else self._postgresql(synchronous)

    def close(self) -> None:
        while self._resting:
            self._resting.pop().close()
        self.engine.dispose()

    @contextmanager
    def transaction(self, *, write: bool) -> Iterator[Wire]:
        """One transaction: committed at the end, rolled back on any exception."""
        if not write or self._turn is None:
            with self._transaction(write=write) as wire:
                yield wire
            return
        if not self._turn.acquire(timeout=self.busy_seconds):
            raise StorageBusy(self.place, self.busy_seconds, "another thread of this program is writing")
        try:
            with self._transaction(write=write) as wire:
                yield wire
        finally:
            self._turn.release()

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Wire]:
        connection: Any = None
        try:
            connection, cursor = self._begun("write" if write else "read")
            yield Wire(cursor, self.dialect)
            cursor.execute("COMMIT")
        except BaseException as error:
            if connection is not None and not _rolled_back(connection):
                connection = None
            if isinstance(error, Exception):
                self._translated(error)
            raise
        finally:
            if connection is not None:
                self._rest(connection)

    def _begun(self, kind: str) -> tuple[Any, Any]:
        """A connection and a cursor in a transaction. One that the server has closed meanwhile is passed by."""
        while True:
            rested = bool(self._resting)
            connection: Any = self._resting.pop() if rested else self.engine.raw_connection()
            try:
                cursor = connection.driver_connection.cursor()
                cursor.execute(_BEGIN[self.dialect, kind])
            except Exception:
                gone = getattr(connection.driver_connection, "closed", False)
                self._rest(connection)
                if not (gone and rested):
                    raise
            else:
                return connection, cursor

    def _rest(self, connection: Any) -> None:
        """Keeps a connection at hand: taking one from SQLAlchemy's pool costs a tenth of a command."""
        if getattr(connection.driver_connection, "closed", False):
            connection.invalidate()
        elif len(self._resting) < _AT_HAND:
            self._resting.append(connection)
        else:
            connection.close()

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """SQLAlchemy's own connection, for looking at the schema."""
        try:
            with self.engine.connect() as connection:
                yield connection
        except Exception as error:
            self._translated(error)
            raise

    @contextmanager
    def schema_change(self) -> Iterator[Connection]:
        """One transaction in which nobody else changes the schema; all of it or nothing."""
        with self.connection() as connection:
            if self.dialect == "sqlite":
                connection.exec_driver_sql("BEGIN EXCLUSIVE")
            else:
                connection.exec_driver_sql("BEGIN")
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7355608)")
            try:
                yield connection
            except BaseException:
                connection.exec_driver_sql("ROLLBACK")
                raise
            connection.exec_driver_sql("COMMIT")

    def scrub(self) -> None:
        """Clears what erased rows left behind, outside a transaction.

        SQLite has overwritten them (secure_delete): its write-ahead log is emptied. PostgreSQL keeps them as dead rows:
        the tables are written anew; its own write-ahead log goes when it is recycled.
        """
        with self.connection() as connection:
            if self.dialect == "sqlite":
                busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one()
                if busy:
                    raise StorageBusy(self.place, self.busy_seconds, "a reader holds the write-ahead log")
            else:
                for table in _WITH_ERASED_ROWS:
                    connection.exec_driver_sql(f"VACUUM FULL {table}")

    def _sqlite(self, synchronous: str) -> Engine:
        engine = create_engine(self.url, pool_size=32, max_overflow=-1, connect_args={"timeout": self.busy_seconds})

        @event.listens_for(engine, "connect")
        def _prepare(connection: Any, _record: object) -> None:
            connection.isolation_level = None  # transactions begin where we say so
            for pragma in (
                "journal_mode=WAL",
                f"synchronous={synchronous}",
                "foreign_keys=ON",
                "secure_delete=ON",
                "trusted_schema=OFF",
                "cache_size=-16384",
            ):
                connection.execute(f"PRAGMA {pragma}")

        return engine

    def _postgresql(self, synchronous: str) -> Engine:
        options = f"-c synchronous_commit={SYNCHRONOUS[synchronous]} -c lock_timeout={int(self.busy_seconds * 1000)}"
        connect = {"options": options, "autocommit": True, "connect_timeout": 10}
        return create_engine(self.url, pool_size=16, max_overflow=16, connect_args=connect)

    def _translated(self, error: Exception) -> None:
        """Raises what we call the error of a driver; an error that is none comes back untouched."""
        original = error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error
        if isinstance(original, sqlite3.Error):
            self._from_sqlite(original, error)
        module = type(original).__module__.partition(".")[0]
        if module == "psycopg":
            self._from_postgresql(original, error)

    def _from_sqlite(self, error: sqlite3.Error, cause: Exception) -> NoReturn:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _FULL:
            raise StorageFull(self.place, str(error)) from cause
        if code in _BUSY:
            raise StorageBusy(self.place, self.busy_seconds, str(error)) from cause
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        if name in ("SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_TRUNCATE", "SQLITE_IOERR_SHMSIZE"):
            raise StorageFull(self.place, f"{error}, {name}") from cause
        raise StorageFailed(self.place, f"{error} ({name})") from cause

    def _from_postgresql(self, error: Exception, cause: Exception) -> NoReturn:
        state = getattr(error, "sqlstate", None) or ""
        if state in ("53100", "53200"):
            raise StorageFull(self.place, str(error).strip()) from cause
        if state in ("55P03", "40P01", "40001", "57014"):
            raise StorageBusy(self.place, self.busy_seconds, str(error).strip()) from cause
        raise StorageFailed(self.place, f"{str(error).strip()} ({state or type(error).__name__})") from cause


def _rolled_back(connection: Any) -> bool:
    """Whether the connection can be used again. The error that brought us here is the one to tell, not another."""
    try:
        connection.driver_connection.rollback()
    except Exception:
        connection.invalidate()
        return False
    return True


def _checked(url: str) -> URL:
    try:
        parsed = make_url(url)
    except exc.ArgumentError as error:
        raise UnknownAddress(url, "not a database URL") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            raise UnknownAddress(url, "the log needs a file, not memory")
        return parsed
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise UnknownAddress(url, f"{backend} is not supported")
