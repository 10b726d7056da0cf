"""Reading the log: a stream with its snapshot, its facts in order, the projections by named query. One moment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schuldhulp.engine.history.database import Wire
from schuldhulp.engine.history.encoding import GENESIS, decode
from schuldhulp.engine.history.errors import BadName, HistoryError, UnreadableFact
from schuldhulp.engine.history.instants import from_json, from_temporal, instant_text, to_column
from schuldhulp.engine.history.master_keys import MasterKeys
from schuldhulp.engine.history.schema import JSON, TEMPORAL
from schuldhulp.engine.history.sealing import BESIDE, Keyring, OpenedKeys
from schuldhulp.engine.model.facts import Fact

_STREAM = re.compile(r"[a-z]{1,40}(?:/[A-Za-z0-9._-]{1,80})?")
_END_OF_TIME = "9999-12-31T23:59:59.999999Z"
_WHOLE_STREAM = 2**62


@dataclass(frozen=True, slots=True)
class Stored:
    """A fact as it stands in the log. `erased`: keys of `personal` whose data key was destroyed."""

    stream: str
    sequence: int
    at: datetime
    fact: Fact
    erased: tuple[str, ...]
    hash: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A stream: where it is, the newest snapshot that can be used, and the facts after that snapshot.

    `sequence` 0: there is nothing yet. `snapshot` None: the tail holds every fact.
    """

    stream: str
    sequence: int
    head: bytes
    snapshot: bytes | None
    snapshot_sequence: int
    tail: tuple[Stored, ...]


def checked_stream(stream: str) -> str:
    """The name of a stream: "case/<number>", "deployments", "accounts"."""
    if _STREAM.fullmatch(stream) is None:
        raise BadName("stream", stream, 'a word, or a word and a number such as "case/2026-000123"')
    return stream


class Reader:
    """Reads inside one transaction; sees one moment."""

    writes = False

    def __init__(self, wire: Wire, masters: MasterKeys, opened: OpenedKeys) -> None:
        self.wire, self.masters, self.opened = wire, masters, opened
        self._rings: dict[str, Keyring] = {}
        self._heads: dict[str, tuple[int, bytes]] = {}

    def keys(self, stream: str) -> Keyring:
        """The data keys of a stream, as this transaction sees them."""
        ring = self._rings.get(stream)
        if ring is None:
            ring = self._rings[stream] = Keyring(self.wire, self.masters, checked_stream(stream), self.opened)
        return ring

    def known_sequence(self, stream: str) -> int:
        """Where this transaction saw the stream last; 0 when it did not look."""
        held = self._heads.get(stream)
        return held[0] if held is not None else 0

    def sequence(self, stream: str) -> int:
        """Where a stream is: the sequence number of its last fact, 0 when there is none."""
        row = self.wire.one("stream_head", stream=checked_stream(stream))
        return int(row[0]) if row is not None else 0

    def load(self, stream: str) -> Loaded:
        """What a command needs to decide on a stream."""
        row = self.wire.one("head_of_stream", stream=checked_stream(stream))
        if row is None or row[0] == 0:
            self._heads[stream] = (0, GENESIS)
            return Loaded(stream, 0, GENESIS, None, 0, ())
        sequence, head, at_snapshot, content = row
        self._heads[stream] = (sequence, head)
        snapshot = None
        if content is not None and at_snapshot <= sequence:
            snapshot = self._snapshot(stream, at_snapshot, content)
        start = at_snapshot if snapshot is not None else 0
        tail = tuple(self._piece(stream, start, sequence, _END_OF_TIME)) if start < sequence else ()
        return Loaded(stream, sequence, head, snapshot, start, tail)

    def facts(
        self, stream: str, *, after: int = 0, until: datetime | None = None, batch: int = 500
    ) -> Iterator[Stored]:
        """The facts of a stream in order, after a sequence number, no later than an instant; read `batch` at a time."""
        end = instant_text(until) if until is not None else _END_OF_TIME
        yield from self._piece(checked_stream(stream), after, _WHOLE_STREAM, end, batch)

    def facts_at(self, stream: str, at: datetime) -> Iterator[Stored]:
        """The facts of a stream that were recorded at one instant: of one command, mostly."""
        keys = self.keys(stream)
        for sequence, moment, clear, sealed, digest in self.wire.all("facts_at", stream=stream, at=instant_text(at)):
            fact, erased = decode(stream, sequence, clear, sealed, keys)
            yield Stored(stream, sequence, _moment(stream, sequence, moment), fact, erased, digest)

    def streams(self, prefix: str) -> Iterator[str]:
        """The names of all streams that begin so, in order."""
        after, last = "", prefix + "\U0010ffff"
        while rows := self.wire.all("streams_between", behind=after, first=prefix, last=last, batch=1000):
            yield from (row[0] for row in rows)
            after = rows[-1][0]

    def rows(self, query_name: str, **params: Any) -> list[dict[str, Any]]:
        """The rows that a named query gives, by column name.

        Dates, instants and JSON come back as Python values; a column `..._sealed` as its text, or None when it is
        empty or its key was erased (the query must give "case" beside it).
        """
        query = self.wire.query(query_name)
        missing = query.parameters - params.keys()
        if missing:
            raise BadName("full set of parameters", ", ".join(sorted(params)), ", ".join(sorted(query.parameters)))
        rows = self.wire.mappings(query.sql, {name: to_column(value) for name, value in params.items()})
        return [self.as_values(row) for row in rows]

    def as_values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row of the database as Python values."""
        values: dict[str, Any] = {}
        for name, value in row.items():
            if value is None:
                values[name] = None
            elif name in TEMPORAL:
                values[name] = from_temporal(value)
            elif name in JSON:
                values[name] = from_json(value)
            elif name.endswith("_sealed"):
                values[name] = self.open_column(str(row["case"]), name, value)
            else:
                values[name] = value
        return values

    def open_column(self, stream: str, column: str, content: bytes) -> str | None:
        """The text of a sealed column; None when its key was erased."""
        subject, piece = split_column(content)
        plain = self.keys(stream).open(f"column {column}", subject, piece)
        return plain.decode() if plain is not None else None

    def _piece(self, stream: str, after: int, upto: int, until: str, batch: int = 500) -> Iterator[Stored]:
        while rows := self.wire.all("facts_after", stream=stream, after=after, upto=upto, until=until, batch=batch):
            keys = self.keys(stream)
            for sequence, at, clear, sealed, digest in rows:
                fact, erased = decode(stream, sequence, clear, sealed, keys)
                yield Stored(stream, sequence, _moment(stream, sequence, at), fact, erased, digest)
            after = rows[-1][0]
            if len(rows) < batch:
                return

    def _snapshot(self, stream: str, sequence: int, content: bytes) -> bytes | None:
        """A snapshot is a cache: one that does not open is as good as none."""
        with suppress(HistoryError):
            return self.keys(stream).open(f"snapshot {sequence}", BESIDE, content)
        return None


def _moment(stream: str, sequence: int, at: str) -> datetime:
    try:
        return datetime.fromisoformat(at)
    except ValueError as error:
        raise UnreadableFact(stream, sequence, f"its time is {at!r}") from error


def join_column(subject: str, piece: bytes) -> bytes:
    """A sealed column says under whose key it is."""
    name = subject.encode()
    return bytes([len(name)]) + name + piece


def split_column(content: bytes) -> tuple[str, bytes]:
    """(subject, sealed piece) of a sealed column."""
    end = 1 + content[0]
    return content[1:end].decode(), content[end:]


__all__ = ["Loaded", "Reader", "Stored", "checked_stream", "join_column", "split_column"]
