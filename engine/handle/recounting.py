"""Use cases on the terms of all cases at once: which would end otherwise now, and counting them again."""

from __future__ import annotations

from dataclasses import dataclass

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.terms import counted_again
from schuldhulp.engine.handle.cases import CaseCommands
from schuldhulp.engine.history import notes
from schuldhulp.engine.history.errors import HistoryError
from schuldhulp.engine.history.store import Reader
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.terms import TermError, law
from schuldhulp.rules.terms.running import Counting

NOTE = "recounted-terms"


@dataclass(frozen=True, slots=True)
class Recounted:
    """What became of a batch of cases. `last`: the stream of the last one, None when there were none left."""

    last: str | None
    looked: int
    moved: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]
    """Numbers of cases that could not be counted, with the reason; they hold up nobody else."""


class Recounting(CaseCommands):
    """A case in which nothing moves is only read: no lock, no fact."""

    def recount_batch(self, after: str, limit: int, by: f.Actor) -> Recounted:
        """Count the running terms again of the next *limit* cases after stream *after* (empty: from the first)."""
        moving: list[str] = []
        failed: list[tuple[str, str]] = []
        with self.store.read() as reader:
            streams = [row["case"] for row in reader.rows("cases_with_open_terms", behind=after, limit=limit)]
            counting = self._counting(reader)
            for number in (str(stream).removeprefix("case/") for stream in streams):
                try:
                    if counted_again(self._load(reader, number)[1], counting):
                        moving.append(number)
                except (TermError, HistoryError) as error:
                    failed.append((number, str(error)))
        moved: list[str] = []
        for number in moving:
            try:
                self.recompute_terms(number, by)
                moved.append(number)
            except CommandRefused as error:
                failed.append((number, str(error)))
        return Recounted(streams[-1] if streams else None, len(streams), tuple(moved), tuple(failed))

    def cases_with_open_terms(self) -> int:
        with self.store.read() as reader:
            return int(reader.rows("count_cases_with_open_terms")[0]["cases"])

    def counting_version(self) -> str:
        """What dates are counted with now: versions of the law and the calendar, and the readings that are set."""
        with self.store.read() as reader:
            counting = self._counting(reader)
        return f"{counting.law.version[:16]} {counting.calendar.version[:16]} {counting.readings}"

    def recount_note(self) -> str | None:
        """How far counting again had come, as `note_recount` left it."""
        with self.store.read() as reader:
            return notes.read(reader, NOTE)

    def note_recount(self, text: str) -> None:
        with self.store.begin() as log:
            notes.write(log, NOTE, text)

    def _counting(self, reader: Reader) -> Counting:
        deployment = self.library.current(reader, self.clock())
        return Counting(law(), deployment.calendar, deployment.readings)
