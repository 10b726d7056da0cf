"""What stands beside the facts and is sealed: whether it still opens, and rows of which the case is not there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from schuldhulp.engine.history import drafts, files, outbox
from schuldhulp.engine.history.errors import HistoryError
from schuldhulp.engine.history.named import in_words_of
from schuldhulp.engine.history.reader import Reader, split_column
from schuldhulp.engine.history.schema import metadata
from schuldhulp.engine.history.sealing import BESIDE, unwrap


def broken(reader: Reader, case: str) -> Iterator[str]:
    """Messages, drafts and documents of a case (a stream) that do not open, each with why. Erased ones are no fault."""
    for key, sealed in reader.wire.all("payloads_of_case", case=case):
        if sealed is not None:
            yield from _opens(reader, case, f"message {key}", outbox.place(key), BESIDE, sealed)
    for task, account, sealed in reader.wire.all("draft_contents_of_case", case=case):
        yield from _opens(reader, case, f"draft of task {task}", drafts.place(task, account), BESIDE, sealed)
    for document, sealed in reader.wire.all("document_files_of_case", case=case):
        try:
            subject, piece = split_column(sealed)
        except (UnicodeError, IndexError):
            yield f"document {document} was changed"
            continue
        yield from _opens(reader, case, f"document {document}", files.place(document), subject, piece)


def lost_keys(reader: Reader, stream: str) -> Iterator[str]:
    """The data keys of a stream that their master key does not open, each with why."""
    for subject, generation, master, wrapped in reader.wire.all("keys_of_stream", stream=stream):
        try:
            unwrap(reader.masters, master, wrapped, stream, subject, generation)
        except HistoryError as error:
            yield f"the data key of {subject}: {error}"


def message_keys(reader: Reader, case: str) -> frozenset[str]:
    """The keys of all messages that a case posted, delivered ones too."""
    return frozenset(key for key, _ in reader.wire.all("payloads_of_case", case=case))


def strays(reader: Reader) -> Iterator[tuple[str, str]]:
    """(table, case) of rows that belong to a case which is not in the log."""
    for table in metadata.tables.values():
        if "case" in table.columns and table.name != "leases":
            for row in reader.wire.mappings(_strays(table.name, reader.wire.dialect), {}):
                yield table.name, str(row["case"])


def _opens(reader: Reader, case: str, what: str, place: str, subject: str, piece: bytes) -> Iterator[str]:
    try:
        reader.keys(case).open(place, subject, piece)
    except HistoryError as error:
        yield f"{what} does not open: {error}"


@cache
def _strays(table: str, dialect: str) -> str:
    return in_words_of(
        dialect, f'SELECT DISTINCT "case" FROM "{table}" WHERE "case" NOT IN (SELECT stream FROM streams)'
    )
