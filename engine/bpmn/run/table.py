"""A table by ordinal id whose copies share what did not change.

A step copies the tables it was given and changes the copy. Rows lie in shards of 64 ids, so a copy costs one pointer
per shard and a change copies one shard: completing 5,000 parallel tasks one by one stays linear, which plain dict
copies would not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

T = TypeVar("T")

_BITS = 6


class Table(Generic[T]):
    """Rows by int id, iterated in order of id. Only the step that made a copy may change it."""

    __slots__ = ("_own", "_shards", "_size")

    def __init__(self) -> None:
        self._shards: dict[int, dict[int, T]] = {}
        self._own: set[int] = set()
        self._size = 0

    @classmethod
    def of(cls, rows: Iterable[tuple[int, T]]) -> Table[T]:
        """A table with these rows."""
        table = cls()
        shards, number = table._shards, -1
        shard: dict[int, T] = {}
        for key, row in rows:
            if key >> _BITS != number:
                number = key >> _BITS
                shard = shards.setdefault(number, {})
            shard[key] = row
        table._size = sum(map(len, shards.values()))
        return table

    @classmethod
    def of_keys(cls, keys: Iterable[int]) -> Table[None]:
        """A table that only says which ids there are."""
        table: Table[None] = Table()
        shards, number = table._shards, -1
        shard: dict[int, None] = {}
        for key in keys:
            if key >> _BITS != number:
                number = key >> _BITS
                shard = shards.setdefault(number, {})
            shard[key] = None
        table._size = sum(map(len, shards.values()))
        return table

    def copy(self) -> Table[T]:
        """A table with the same rows; changes to it do not show here."""
        twin: Table[T] = Table()
        twin._shards = self._shards.copy()
        twin._size = self._size
        return twin

    def get(self, key: int) -> T | None:
        shard = self._shards.get(key >> _BITS)
        return None if shard is None else shard.get(key)

    def __contains__(self, key: int) -> bool:
        shard = self._shards.get(key >> _BITS)
        return shard is not None and key in shard

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[int]:
        for number in sorted(self._shards):
            yield from sorted(self._shards[number])

    def items(self) -> Iterator[tuple[int, T]]:
        for number in sorted(self._shards):
            yield from sorted(self._shards[number].items(), key=_first)

    def put(self, key: int, row: T) -> None:
        number = key >> _BITS
        shard = self._shards.get(number)
        if number not in self._own:
            shard = {} if shard is None else shard.copy()
            self._shards[number] = shard
            self._own.add(number)
        assert shard is not None
        if key not in shard:
            self._size += 1
        shard[key] = row

    def drop(self, key: int) -> None:
        """Take the row away; nothing happens when there is none."""
        number = key >> _BITS
        shard = self._shards.get(number)
        if shard is None or key not in shard:
            return
        if number not in self._own:
            shard = shard.copy()
            self._shards[number] = shard
            self._own.add(number)
        del shard[key]
        self._size -= 1
        if not shard:
            del self._shards[number]
            self._own.discard(number)


def _first(pair: tuple[int, T]) -> int:
    return pair[0]
