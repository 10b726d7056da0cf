"""What stands beside the facts and must agree with them: the snapshot, messages, drafts, documents, accounts, definitions.

Each function gives sentences about what does not; none when all is as it should be.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

from schuldhulp.engine.case.restore import read_snapshot, rebuild
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.history import accounts, tokens
from schuldhulp.engine.history.accounts import Account
from schuldhulp.engine.history.errors import FileChanged, FileMissing, HistoryError
from schuldhulp.engine.history.files import load_definition, load_document
from schuldhulp.engine.history.opening import broken, message_keys
from schuldhulp.engine.history.store import Reader, Stored
from schuldhulp.engine.model import facts as f


def of_case(reader: Reader, stream: str, facts: Sequence[Stored], pinned: Callable[[str], Deployment]) -> Iterator[str]:
    """The snapshot against the facts; sealed things that do not open; files that are not what the facts say; letters that never
    left."""
    yield from _snapshot(reader, stream, facts, pinned)
    yield from broken(reader, stream)
    yield from _strange_files(reader, stream, facts)
    posted = message_keys(reader, stream)
    for stored in facts:
        if isinstance(stored.fact, f.LetterFiled):
            yield from _letter_file(reader, stream, stored.fact)
        if isinstance(stored.fact, f.DocumentAdded):
            yield from _added_file(reader, stream, stored.fact)
        if isinstance(stored.fact, f.LetterSent) and f"{stream}/letter/{stored.fact.document}" not in posted:
            yield f"letter {stored.fact.document} was sent (fact {stored.sequence}), but its message is not in the outbox"


def _added_file(reader: Reader, stream: str, fact: f.DocumentAdded) -> Iterator[str]:
    """The bytes of a document against the hash that was sealed when it was added; an erased or removed one has neither."""
    for details in fact.personal.values():
        what = f"the file of document {fact.document}"
        yield from _bytes_of(reader, stream, what, fact.document, details.get("sha256"), "added", fact.media_type)


def _letter_file(reader: Reader, stream: str, fact: f.LetterFiled) -> Iterator[str]:
    """The PDF of a letter against the hash that was sealed when it was filed; an erased one has neither."""
    expected = f.sealed(fact).get("sha256")
    what = f"the PDF of letter {fact.document}"
    yield from _bytes_of(reader, stream, what, fact.document, expected, "filed", "application/pdf")


def _bytes_of(
    reader: Reader, stream: str, what: str, document: int, expected: str | None, how: str, media_type: str
) -> Iterator[str]:
    if expected is None:
        return
    try:
        kept = load_document(reader, stream, document)
    except (HistoryError, UnicodeError, IndexError):
        return  # what does not open is told by `broken`
    if kept is None or kept.content is None:
        yield f"{what} is missing"
    elif hashlib.sha256(kept.content).hexdigest() != expected:
        yield f"{what} is not the one that was {how}"
    elif kept.media_type != media_type:
        yield f"{what} is said to be {kept.media_type}, it was {how} as {media_type}"


def _strange_files(reader: Reader, stream: str, facts: Sequence[Stored]) -> Iterator[str]:
    """Files that no fact put there, or that should be gone."""
    known: set[int] = set()
    for stored in facts:
        match stored.fact:
            case f.LetterFiled() | f.DocumentAdded():
                known.add(stored.fact.document)
            case f.DocumentRemoved():
                known.discard(stored.fact.document)
    for document, _ in reader.wire.all("document_files_of_case", case=stream):
        if document not in known:
            yield f"document {document} has a file, but no fact put it there"


def _snapshot(
    reader: Reader, stream: str, facts: Sequence[Stored], pinned: Callable[[str], Deployment]
) -> Iterator[str]:
    row = reader.wire.one("head_of_stream", stream=stream)
    if row is None or (row[2] is None and row[3] is None):
        return  # thrown away, as after an erasure: the next command makes another
    loaded = reader.load(stream)
    if loaded.snapshot is None:
        yield f"the snapshot at {row[2]} does not open"
        return
    kept = read_snapshot(loaded.snapshot)
    if kept is None:
        return  # of another version of the product: never used, and made anew by the next command
    upto = ((stored.fact, stored.at) for stored in facts if stored.sequence <= loaded.snapshot_sequence)
    if kept != rebuild(upto, pinned):
        yield f"the snapshot at {loaded.snapshot_sequence} is not what the facts give"


def of_accounts(reader: Reader, facts: Sequence[Stored]) -> Iterator[str]:
    """The table of accounts against the facts, and whether each can still be found by its login."""
    expected: dict[int, tuple[str | None, str | None, tuple[str, ...], bool]] = {}
    for stored in facts:
        if isinstance(stored.fact, f.AccountChanged):
            known = stored.fact.personal.get(accounts.subject(stored.fact.account), {})
            active = stored.fact.active and bool(known)
            expected[stored.fact.account] = (known.get("login"), known.get("name"), stored.fact.roles, active)
    try:
        actual = {account.number: account for account in accounts.everyone(reader)}
    except (HistoryError, ValueError, IndexError) as error:
        yield f"the accounts cannot be read: {error}"
        return
    for number in sorted(expected.keys() | actual.keys()):
        account = actual.get(number)
        if account is None:
            yield f"account {number} is missing from the list"
        elif number not in expected:
            yield f"account {number} stands in the list, but no fact put it there"
        elif (account.login, account.name, account.roles, account.active) != expected[number]:
            yield f"account {number} is {_told(account)}, the facts say {expected[number]}"
        elif account.login is not None and not _found_by(reader, account):
            yield f"account {number} cannot be found by its login"


def of_tokens(reader: Reader, facts: Sequence[Stored]) -> Iterator[str]:
    """The tokens of programs against the facts: one that no fact made would let somebody in."""
    expected: dict[int, tuple[str, int, tuple[str, ...], object, bool]] = {}
    for stored in facts:
        match stored.fact:
            case f.TokenMade() as made:
                expected[made.token] = (made.hash, made.account, made.scopes, made.until, False)
            case f.TokenWithdrawn() as over:
                expected[over.token] = (*expected[over.token][:4], True)
    try:
        actual = {
            one.number: (one.digest, one.account, one.scopes, one.until, one.withdrawn_at is not None)
            for one in tokens.everything(reader)
        }
    except (HistoryError, ValueError) as error:
        yield f"the tokens cannot be read: {error}"
        return
    for number in sorted(expected.keys() | actual.keys()):
        if number not in actual:
            yield f"token {number} is missing from the list"
        elif number not in expected:
            yield f"token {number} stands in the list, but no fact put it there"
        elif actual[number] != expected[number]:
            yield f"token {number} is not what the facts say"


def of_staff(reader: Reader, facts: Sequence[Stored]) -> Iterator[str]:
    """Who may come in: people and programs."""
    yield from of_accounts(reader, facts)
    yield from of_tokens(reader, facts)


def _found_by(reader: Reader, account: Account) -> bool:
    try:
        return accounts.by_login(reader, account.login or "") == account
    except HistoryError:
        return False


def _told(account: Account) -> tuple[str | None, str | None, tuple[str, ...], bool]:
    return account.login, account.name, account.roles, account.active


def of_deployments(reader: Reader, facts: Sequence[Stored]) -> Iterator[str]:
    """The bytes of every definition that was ever deployed, against their hash."""
    looked_at: set[str] = set()
    for stored in facts:
        for path, digest in stored.fact.files.items() if isinstance(stored.fact, f.DeploymentRegistered) else ():
            if digest in looked_at:
                continue
            looked_at.add(digest)
            try:
                load_definition(reader, digest)
            except (FileMissing, FileChanged) as error:
                yield f"{path}: {error}"
