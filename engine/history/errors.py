"""What can go wrong with the log. Every error says what, where and what to do, and carries its data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime


class HistoryError(Exception):
    """Base of all errors of the log."""


class LostRace(HistoryError):
    """Another command was first on this stream: decide again on what it left."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        self.stream, self.expected, self.actual = stream, expected, actual
        super().__init__(
            f"{stream}: expected to be at {expected}, but the log is at {actual}. Decide again from there."
        )


class StorageError(HistoryError):
    """The database refused or failed; nothing of the transaction was kept."""


class StorageFull(StorageError):
    """No room for the transaction."""

    def __init__(self, place: str, detail: str) -> None:
        self.place = place
        super().__init__(
            f"{place}: no room left ({detail}). Nothing of this command was stored and nothing earlier was lost. "
            f"Make room on the disk, then try again."
        )


class StorageBusy(StorageError):
    """Another process kept the database locked for longer than the waiting time."""

    def __init__(self, place: str, seconds: float, detail: str) -> None:
        self.place, self.seconds = place, seconds
        super().__init__(
            f"{place}: locked by another transaction for more than {seconds:g} s ({detail}). "
            f"Nothing was stored. Try again; if it stays so, look for a program that keeps the database open, "
            f"such as a backup or a database browser."
        )


class StorageFailed(StorageError):
    """The database could not be reached, read or written."""

    def __init__(self, place: str, detail: str) -> None:
        self.place = place
        super().__init__(f"{place}: {detail}. Nothing of this transaction was stored.")


class UnknownAddress(HistoryError):
    """A database URL that the product does not work with."""

    def __init__(self, url: str, why: str) -> None:
        super().__init__(f"{url}: {why}. Use sqlite:///path/to/file.db or postgresql+psycopg://user@host/database.")


class NotMigrated(HistoryError):
    """The database has an older schema, or none."""

    def __init__(self, place: str, found: str | None, needed: str) -> None:
        self.found, self.needed = found, needed
        has = f"schema {found}" if found else "no schema"
        super().__init__(f"{place}: has {has}, this version needs {needed}. Run: schuldhulp upgrade")


class NewerDatabase(HistoryError):
    """A newer version of the product has written this database."""

    def __init__(self, place: str, found: str, known: str) -> None:
        self.found, self.known = found, known
        super().__init__(
            f"{place}: has schema {found}, this version knows no further than {known}. "
            f"Install the version of the product that wrote it, or a newer one; nothing was changed."
        )


class KeyFileError(HistoryError):
    """The file with master keys is missing, unreadable, or open to others."""


class MasterKeyMissing(HistoryError):
    """A data key is wrapped by a master key that is not in the key file."""

    def __init__(self, master: str, stream: str) -> None:
        self.master, self.stream = master, stream
        super().__init__(
            f"{stream}: sealed under master key {master}, which is not in the key file. "
            f"Put back the key file that belongs to this database; without it the personal data cannot be read."
        )


class DataKeyLost(HistoryError):
    """A data key is gone though no erasure was recorded."""

    def __init__(self, stream: str, subject: str, generation: int) -> None:
        self.stream, self.subject, self.generation = stream, subject, generation
        super().__init__(
            f"{stream}: the data key of {subject} (generation {generation}) is missing and no erasure is recorded. "
            f"Run: schuldhulp verify {stream.partition('/')[2] or stream}; then restore the key table from a backup."
        )


class SealBroken(HistoryError):
    """Sealed text does not open with its key: changed, or moved from another place."""

    def __init__(self, place: str, subject: str) -> None:
        self.place, self.subject = place, subject
        super().__init__(f"{place}: the sealed part of {subject} was changed or moved. Run: schuldhulp verify")


class UnreadableFact(HistoryError):
    """A stored fact is of a type or form that this version does not know."""

    def __init__(self, stream: str, sequence: int, detail: str) -> None:
        self.stream, self.sequence = stream, sequence
        super().__init__(
            f"{stream}, fact {sequence}: {detail}. A newer version of the product may have written it; "
            f"else run: schuldhulp verify"
        )


class BadName(HistoryError):
    """A stream, subject, table or column name that cannot be."""

    def __init__(self, kind: str, name: str, allowed: str) -> None:
        self.kind, self.name = kind, name
        super().__init__(f"{name!r} is not a {kind}. Allowed: {allowed}.")


class DraftConflict(HistoryError):
    """Another version of this draft was saved in the meantime."""

    def __init__(self, case: str, task: int, expected: int, actual: int, author: int, saved_at: datetime) -> None:
        self.case, self.task, self.expected, self.actual = case, task, expected, actual
        self.author, self.saved_at = author, saved_at
        super().__init__(
            f"{case}, task {task}: the draft is at version {actual} (saved {saved_at:%Y-%m-%d %H:%M} UTC "
            f"by account {author}), you had version {expected}. Load it, compare, and save again."
        )


class FileMissing(HistoryError):
    """No file with this hash in the database."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        super().__init__(
            f"no definition file with hash {digest}: the database is not complete. Restore it from a backup."
        )


class FileChanged(HistoryError):
    """The bytes of a file are no longer those of its hash."""

    def __init__(self, digest: str) -> None:
        self.digest = digest
        super().__init__(f"definition file {digest} was changed in the database. Restore it from a backup.")


class LoginTaken(HistoryError):
    """Two accounts cannot share a login."""

    def __init__(self, login: str) -> None:
        self.login = login
        super().__init__(f"login {login!r} is in use by another account. Choose another login.")


def listed(names: Sequence[str]) -> str:
    """Names for the end of an error text."""
    return ", ".join(sorted(names))
