"""Erasing: the data key is destroyed, and with it everything beside the facts that was made from what it sealed.

The facts stay, with ciphertext that no one can open; the chain still verifies. What was destroyed is listed; the list is
kept outside the database too (`erased_list`) and applied again after a backup was restored (`apply_again`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import msgspec

from schuldhulp.engine.history import accounts
from schuldhulp.engine.history.errors import BadName
from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.named import in_words_of
from schuldhulp.engine.history.projections import primary_key, sealed_columns
from schuldhulp.engine.history.reader import Reader, split_column
from schuldhulp.engine.history.sealing import BESIDE, INTEGRITY, checked_subject, parts_of

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

_STAFF = re.compile(r"account([0-9]+):staff")


class ErasedKey(msgspec.Struct, frozen=True):
    """A data key that was destroyed."""

    stream: str
    subject: str
    generation: int
    at: datetime


def erase(log: Log, stream: str, subjects: Sequence[str], at: datetime) -> None:
    """Destroys the keys of `subjects` (keys of `personal`) in a stream, those of their documents too. Raises BadName for one that
    never had a key."""
    keys = log.keys(stream)
    subjects = [*subjects, *(part for subject in subjects for part in parts_of(subject, keys.subjects()))]
    known = {subject for subject, _ in keys.erased()}
    for subject in subjects:
        if subject == INTEGRITY or not (keys.generations(checked_subject(subject)) or subject in known):
            raise BadName(f"subject of {stream}", subject, "a subject with personal data in this stream")
    for subject in (*subjects, BESIDE):
        for generation in keys.generations(subject):
            _destroy(log, ErasedKey(stream, subject, generation, at))
    _clear_beside(log, stream, frozenset(subjects))


def shred(log: Log, stream: str, subject: str, at: datetime) -> None:
    """Destroys the key of one document, and with it its bytes and its row. Nothing else of the case was made from them."""
    for generation in log.keys(stream).generations(checked_subject(subject)):
        _destroy(log, ErasedKey(stream, subject, generation, at))
    _clear_sealed(log, stream, frozenset([subject]))


def erased_list(reader: Reader) -> list[ErasedKey]:
    """Every key that was destroyed: to keep outside the database, where no restore reaches it."""
    rows = reader.wire.all("erased_keys")
    return [ErasedKey(stream, subject, number, datetime.fromisoformat(at)) for stream, subject, number, at in rows]


def apply_again(log: Log, erased: Iterable[ErasedKey]) -> int:
    """Erases once more what a restored backup has brought back; gives how many keys that were."""
    found: dict[str, set[str]] = {}
    total = 0
    for key in erased:
        total += _destroy(log, key)
        found.setdefault(key.stream, set()).add(key.subject)
    for stream, subjects in found.items():
        _clear_beside(log, stream, frozenset(subjects))
    log.forget_keys()
    return total


def _destroy(log: Log, key: ErasedKey) -> int:
    named = {"stream": key.stream, "subject": key.subject, "generation": key.generation}
    log.wire.run("record_erased_key", **named, at=instant_text(key.at))
    return log.wire.run("destroy_key", **named)


def _clear_beside(log: Log, stream: str, subjects: frozenset[str]) -> None:
    for name in ("drop_snapshot", "drop_drafts", "drop_payloads", "drop_blind_keys", "drop_links"):
        log.wire.run(name, stream=stream)
    _clear_sealed(log, stream, subjects)
    if stream == accounts.STREAM:
        for match in filter(None, map(_STAFF.fullmatch, subjects)):
            number = int(match[1])
            log.wire.run("forget_account", number=number, gone=f"erased {number}")
            log.wire.run("end_sessions_of_account", account=number)


def _clear_sealed(log: Log, stream: str, subjects: frozenset[str]) -> None:
    """Sealed columns and the bytes of documents."""
    for table, columns in sealed_columns().items():
        for column in columns:
            _clear_column(log, stream, table, column, subjects)
    for document, sealed in log.wire.all("document_files_of_case", case=stream):
        if split_column(sealed)[0] in subjects:
            log.wire.run("drop_document_file", case=stream, document=document)


def _clear_column(log: Log, stream: str, table: str, column: str, subjects: frozenset[str]) -> None:
    select, update = _statements(table, column, log.wire.dialect)
    for row in log.wire.mappings(select, {"case": stream}):
        sealed = row.pop(column)
        if sealed is not None and split_column(sealed)[0] in subjects:
            log.wire.sql(update, [row])


@cache
def _statements(table: str, column: str, dialect: str) -> tuple[str, str]:
    key = primary_key(table)
    names = ", ".join(f'"{name}"' for name in (*key, column))
    select = f'SELECT {names} FROM "{table}" WHERE "case" = :case'
    where = " AND ".join(f'"{name}" = :{name}' for name in key)
    update = f'UPDATE "{table}" SET "{column}" = NULL WHERE {where}'
    return in_words_of(dialect, select), in_words_of(dialect, update)
