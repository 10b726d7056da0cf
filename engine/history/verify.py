"""Verifying the chain of the append-only history (C-E04), level 1.

Every stored byte of the facts is what was written, none is missing, none was added.

Findings are values: printing them is someone else's work. The chain can be checked without any key, also after erasure;
with the master key at hand it is also checked that the head of a stream was sealed by us, so that a chain which was
recomputed as a whole is found. Levels 2 (fold equals projections) and 3 (deciding again) are built on this above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Any

import msgspec

from schuldhulp.engine.history.encoding import (
    GENESIS,
    Envelope,
    chained,
    fact_place,
    pack_pieces,
    read_envelope,
    read_pieces,
)
from schuldhulp.engine.history.errors import DataKeyLost, HistoryError, SealBroken
from schuldhulp.engine.history.reader import Reader
from schuldhulp.engine.history.sealing import INTEGRITY


class What(StrEnum):
    """What a finding is about."""

    MISSING = "fact is missing"
    EXTRA = "fact was added"
    CHANGED = "clear part or hash was changed"
    COLUMN = "column differs from the clear part"
    SEALED = "sealed part was changed"
    HEAD = "head of the stream was changed"
    KEY = "data key is lost or was changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written. `sequence` None: the stream as a whole."""

    stream: str
    sequence: int | None
    what: What
    detail: str

    def __str__(self) -> str:
        place = self.stream if self.sequence is None else f"{self.stream}, fact {self.sequence}"
        return f"{place}: {self.what} ({self.detail})"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row as the database gives it: who tampers may have put anything anywhere."""

    sequence: Any
    at: Any
    clear: Any
    sealed: Any
    hash: Any


def verify_all(reader: Reader) -> Iterator[Finding]:
    """The findings of every stream in the database, and of streams that have facts but no head."""
    for stream in stream_names(reader):
        yield from verify_stream(reader, stream)


def verify_stream(reader: Reader, stream: str) -> Iterator[Finding]:
    """The findings of one stream; none when it is as it was written."""
    head = reader.wire.one("stream_head", stream=stream)
    last, links = 0, {GENESIS}
    for row in _rows(reader, stream):
        if not isinstance(row.sequence, int) or row.sequence < 1:
            yield Finding(stream, None, What.COLUMN, f"sequence is {row.sequence!r}")
            continue
        if row.sequence > last + 1:
            yield from _gap(stream, last + 1, row.sequence - 1)
        findings, links = _checked(reader, stream, row, links, follows=row.sequence == last + 1)
        yield from findings
        last = row.sequence
    yield from _head(reader, stream, head, last, links)


def _gap(stream: str, first: int, final: int) -> Iterator[Finding]:
    if first == final:
        yield Finding(stream, first, What.MISSING, "the next fact is there")
    else:
        yield Finding(stream, first, What.MISSING, f"up to and including {final}; later facts are there")


def _checked(
    reader: Reader, stream: str, row: _Row, links: set[bytes], *, follows: bool
) -> tuple[list[Finding], set[bytes]]:
    """The findings of a row, and the hashes that the next row may follow on.

    A row whose hash does not fit either has another clear part or another hash than was written. Both its own hash and
    the computed one are carried on, so that one changed row gives one finding and not a tail of them.
    """
    findings: list[Finding] = []
    if not isinstance(row.clear, bytes):
        row = replace(row, clear=str(row.clear).encode())
        findings.append(Finding(stream, row.sequence, What.CHANGED, "clear part is of another type"))
    computed = {chained(link, row.clear) for link in links}
    if follows and row.hash not in computed:
        findings.append(Finding(stream, row.sequence, What.CHANGED, "hash does not follow on the fact before"))
    try:
        envelope = read_envelope(row.clear)
    except (msgspec.MsgspecError, UnicodeError) as error:
        findings.append(Finding(stream, row.sequence, What.CHANGED, f"clear part is not readable: {error}"))
    else:
        findings.extend(_columns(stream, row, envelope))
        findings.extend(_pieces(reader, stream, row, envelope))
    return findings, ({row.hash} if row.hash in computed else computed | {row.hash})


def _columns(stream: str, row: _Row, envelope: Envelope) -> Iterator[Finding]:
    for name, found, written in (
        ("stream", stream, envelope.stream),
        ("sequence", row.sequence, envelope.sequence),
        ("at", row.at, envelope.at),
    ):
        if found != written:
            yield Finding(stream, row.sequence, What.COLUMN, f"{name} is {found!r}, written was {written!r}")


def _pieces(reader: Reader, stream: str, row: _Row, envelope: Envelope) -> Iterator[Finding]:
    try:
        pieces = read_pieces(row.sealed)
    except (msgspec.MsgspecError, UnicodeError, TypeError) as error:
        yield Finding(stream, row.sequence, What.SEALED, f"not readable: {error}")
        return
    hashes = {subject: sha256(piece).hexdigest() for subject, piece in pieces.items()}
    if hashes != envelope.seals:
        names = sorted(s for s in hashes.keys() | envelope.seals.keys() if hashes.get(s) != envelope.seals.get(s))
        yield Finding(stream, row.sequence, What.SEALED, f"of {', '.join(names)}")
        return
    if pack_pieces(pieces) != row.sealed:
        yield Finding(stream, row.sequence, What.SEALED, "packed in another way than it was written")
    for subject, piece in pieces.items():
        yield from _opens(reader, stream, row.sequence, subject, piece)


def _opens(reader: Reader, stream: str, sequence: int, subject: str, piece: bytes) -> Iterator[Finding]:
    try:
        reader.keys(stream).open(fact_place(sequence), subject, piece)
    except (DataKeyLost, SealBroken) as error:
        yield Finding(stream, sequence, What.KEY, f"of {subject}: {error}")
    except HistoryError:
        return  # without the master key, or under a name that is no stream: the chain alone is checked


def _head(reader: Reader, stream: str, head: Sequence[Any] | None, last: int, links: set[bytes]) -> Iterator[Finding]:
    if head is None:
        if last:
            yield Finding(stream, None, What.EXTRA, f"{last} facts of a stream without a head")
        return
    sequence, digest, sealed = head
    if last < sequence:
        yield from _cut(stream, last + 1, sequence)
    elif last > sequence:
        yield Finding(stream, sequence + 1, What.EXTRA, f"the stream ends at {sequence}")
    elif digest not in links:
        yield Finding(stream, None, What.HEAD, "it is not the hash of the last fact")
    if sequence and not _ours(reader, stream, sequence, digest, sealed):
        yield Finding(stream, None, What.HEAD, "it was not written by this product with this master key")


def _cut(stream: str, first: int, final: int) -> Iterator[Finding]:
    upto = "" if first == final else f", and all up to {final}"
    yield Finding(stream, first, What.MISSING, f"the stream was cut off: its head knows {final}{upto}")


def _ours(reader: Reader, stream: str, sequence: int, digest: bytes, sealed: bytes | None) -> bool:
    if sealed is None:
        return False
    try:
        return reader.keys(stream).open(f"head {sequence}", INTEGRITY, sealed) == digest
    except (DataKeyLost, SealBroken):
        return False
    except HistoryError:
        return True  # without the master key this cannot be told


def _rows(reader: Reader, stream: str, batch: int = 500) -> Iterator[_Row]:
    after = -(2**62)
    while rows := reader.wire.all("all_of_facts", stream=stream, after=after, batch=batch):
        yield from (_Row(*row) for row in rows)
        after = rows[-1][0]


def stream_names(reader: Reader) -> Iterator[str]:
    """Streams that have a head or facts, each once, in order."""
    heads, bodies = reader.streams(""), _with_facts(reader)
    head, body = next(heads, None), next(bodies, None)
    while head is not None or body is not None:
        if body is None or (head is not None and head <= body):
            name = head
            if head == body:
                body = next(bodies, None)
            head = next(heads, None)
        else:
            name, body = body, next(bodies, None)
        assert name is not None
        yield name


def _with_facts(reader: Reader) -> Iterator[str]:
    after = ""
    while rows := reader.wire.all("streams_of_facts", behind=after, batch=1000):
        yield from (row[0] for row in rows)
        after = rows[-1][0]
