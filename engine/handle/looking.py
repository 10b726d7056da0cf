"""Use cases that only look: a case now, its history, rows of the lists, a form or letter as it would be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from schuldhulp.engine.case import persons
from schuldhulp.engine.case.letters import write as write_letter
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.turn import StateOf, Turn
from schuldhulp.engine.handle.base import Base, NoSuchCase
from schuldhulp.engine.history import links
from schuldhulp.engine.history.store import Reader, Stored
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case

T = TypeVar("T")


class Looking(Base):
    """Nothing here changes anything."""

    # --- looking ---

    def case(self, number: str) -> Case:
        """The case as it is now."""
        with self.store.read() as reader:
            return self._load(reader, number)[1]

    def facts(self, number: str, until: datetime | None = None) -> list[Stored]:
        """The history of a case, oldest first."""
        with self.store.read() as reader:
            found = list(reader.facts(stream_of(number), until=until))
        if not found and until is None:
            raise NoSuchCase(number)
        return found

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Rows of the projections, by the name of a query in queries.sql."""
        with self.store.read() as reader:
            return reader.rows(query, **parameters)

    def cases_of_person(self, keys: Iterable[str]) -> set[str]:
        """Streams of the cases whose client is known by one of these (`persons.keys_of`)."""
        with self.store.read() as reader:
            return {stream for key in keys for stream in links.find(reader, persons.PERSON, key)}

    def look(self, number: str, by: f.Actor, see: Callable[[Turn], T]) -> T:
        """Evaluate something for a case as it is now (a form, a letter), recording nothing."""
        with self.store.read() as reader:
            _, case, states = self._load(reader, number)
            return see(self._turn(reader, case, states, self.clock(), by))

    def look_new(self, by: f.Actor, see: Callable[[Turn], T]) -> T:
        """The same for a case that is not there yet (a start form)."""
        with self.store.read() as reader:
            return see(self._turn(reader, Case(), {}, self.clock(), by))

    def preview_letter(
        self, number: str, instance: int | None, element: str | None, key: str, by: f.Actor
    ) -> tuple[str, str]:
        written = self.look(number, by, lambda turn: write_letter(turn, instance, element, key))
        return written.subject, written.text

    def kept(self, reader: Reader, number: str) -> tuple[Case, StateOf]:
        """Case and token states as the storage gives them: from the snapshot when there is one, else rebuilt."""
        _, case, states = self._load(reader, number)
        return case, states

    def name_of(self, case: Case, instance: int, element: str) -> str:
        """The name of an element of a running instance, its id when it has none."""
        running = case.instances[instance]
        with self.store.read() as reader:
            graph = self.library.pinned(reader, running.deployment).graph(running.process)
        return graph.nodes[element].name or element
