"""Writing the log: one transaction in which a command leaves facts, projections, a snapshot and messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from schuldhulp.engine.history import erasing, jobs, outbox, projections
from schuldhulp.engine.history.encoding import GENESIS, encode
from schuldhulp.engine.history.errors import LostRace
from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.reader import Reader, checked_stream
from schuldhulp.engine.history.sealing import BESIDE, INTEGRITY
from schuldhulp.engine.model.facts import Fact
from schuldhulp.engine.model.rows import JobChange, OutboxMessage, Row


class Log(Reader):
    """Everything that is written here is kept together, or not at all."""

    writes = True

    def append(self, stream: str, expected: int, facts: Sequence[Fact], at: datetime) -> int:
        """Adds facts to the end of a stream and gives its new sequence number.

        `expected`: the sequence number that was decided on (0: a new stream). Raises LostRace when another was first.
        """
        if not facts:
            return expected
        head = self._held(stream, expected)
        keys = self.keys(stream)
        rows = encode(facts, stream, expected + 1, instant_text(at), head, keys)
        self.wire.many("append_fact", rows)
        sequence, head = expected + len(rows), rows[-1].hash
        sealed = keys.seal(f"head {sequence}", INTEGRITY, head)
        self.wire.run("advance_stream", stream=stream, sequence=sequence, head=head, head_sealed=sealed)
        self._heads[stream] = (sequence, head)
        return sequence

    def save_snapshot(self, stream: str, sequence: int, blob: bytes) -> None:
        """Keeps the state of a stream, which must have facts, as of a sequence number: sealed, a cache that may be lost."""
        content = self.keys(stream).seal(f"snapshot {sequence}", BESIDE, blob)
        self.wire.run("save_snapshot", stream=stream, sequence=sequence, content=content)

    def drop_snapshot(self, stream: str) -> None:
        """Throws the snapshot away: the next load reads every fact."""
        self.wire.run("drop_snapshot", stream=checked_stream(stream))

    def project(self, rows: Iterable[Row]) -> None:
        """Writes rows of the projections, in order."""
        projections.write(self, rows)

    def post(self, messages: Iterable[OutboxMessage]) -> None:
        """Messages for the outside, delivered after the commit; one whose key is there already is left out."""
        outbox.post(self, messages)

    def change_jobs(self, changes: Iterable[JobChange], at: datetime) -> None:
        """External tasks that were done, called off, given up or are tried again."""
        jobs.change(self, changes, at)

    def erase(self, stream: str, subjects: Sequence[str], at: datetime) -> None:
        """Destroys the data keys of subjects in a stream and everything beside the facts that was made from them.

        The caller appends `SubjectErased` in the same transaction; `Store.scrub` then clears the database's free space.
        """
        self.lock(stream)
        erasing.erase(self, stream, subjects, at)
        self.forget_keys()

    def shred(self, stream: str, subject: str, at: datetime) -> None:
        """Destroys the data key of one document with what it sealed. The caller appends the fact that says so."""
        self.lock(stream)
        erasing.shred(self, stream, subject, at)
        self.forget_keys()

    def forget_keys(self) -> None:
        """Data keys were destroyed: those still held in this transaction are no longer used."""
        self._rings.clear()
        self.opened.forget()

    def lock(self, stream: str) -> tuple[int, bytes] | None:
        """Where the stream is now (None: nowhere); no other transaction changes that until this one ends."""
        row = self.wire.one("lock_stream", stream=checked_stream(stream))
        return (row[0], row[1]) if row is not None else None

    def _held(self, stream: str, expected: int) -> bytes:
        """The hash at `expected`, with the stream held until the transaction ends."""
        held = self._heads.get(stream) if self.wire.dialect == "sqlite" else None
        if held is None:
            held = self.lock(stream)
        if held is None or held[0] == 0:
            if expected != 0:
                raise LostRace(stream, expected, 0)
            if not self.wire.run("begin_stream", stream=checked_stream(stream), head=GENESIS) and held is None:
                held = self.lock(stream)
        if held is not None and held[0] != expected:
            raise LostRace(stream, expected, held[0])
        return held[1] if held is not None else GENESIS
