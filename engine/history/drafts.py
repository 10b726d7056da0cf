"""Drafts: what a person has filled in and not sent yet. Kept without checks, sealed, one per person and task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from schuldhulp.engine.history.errors import DraftConflict
from schuldhulp.engine.history.instants import instant_text
from schuldhulp.engine.history.reader import Reader
from schuldhulp.engine.history.sealing import BESIDE

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

_json = msgspec.json.Encoder(order="sorted")
_plain = msgspec.json.Decoder(dict[str, Any])


@dataclass(frozen=True, slots=True)
class Draft:
    case: str
    task: int
    account: int
    version: int
    content: Mapping[str, Any]
    author: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class DraftNote:
    """That there is a draft, without its content."""

    account: int
    version: int
    author: int
    saved_at: datetime


def save(
    log: Log, case: str, task: int, account: int, content: Mapping[str, Any], expected: int, author: int, at: datetime
) -> int:
    """Keeps a draft and gives its version.

    `expected`: the version it was made from, 0 for the first. `author` is who typed, mostly `account` itself. Raises
    DraftConflict when another version was saved in the meantime (another window, or a colleague).
    """
    sealed = log.keys(case).seal(place(task, account), BESIDE, _json.encode(content))
    values = {"content_sealed": sealed, "author": author, "saved_at": instant_text(at)}
    if expected == 0:
        saved = log.wire.run("new_draft", case=case, task=task, account=account, **values)
    else:
        saved = log.wire.run("next_draft", case=case, task=task, account=account, expected=expected, **values)
    if not saved:
        held = load(log, case, task, account)
        if held is None:
            raise DraftConflict(case, task, expected, 0, author, at)
        raise DraftConflict(case, task, expected, held.version, held.author, held.saved_at)
    return expected + 1


def load(reader: Reader, case: str, task: int, account: int) -> Draft | None:
    """The draft of a person on a task."""
    row = reader.wire.one("draft", case=case, task=task, account=account)
    if row is None:
        return None
    version, sealed, author, saved_at = row
    plain = reader.keys(case).open(place(task, account), BESIDE, sealed)
    if plain is None:
        return None
    return Draft(case, task, account, version, _plain.decode(plain), author, datetime.fromisoformat(saved_at))


def of_task(reader: Reader, case: str, task: int) -> list[DraftNote]:
    """Whose drafts there are of a task."""
    rows = reader.wire.all("drafts_of_task", case=case, task=task)
    return [DraftNote(account, version, author, datetime.fromisoformat(at)) for account, version, author, at in rows]


def discard(log: Log, case: str, task: int, account: int | None = None) -> None:
    """Throws away the draft of a person, or all drafts of a task."""
    if account is None:
        log.wire.run("drop_drafts_of_task", case=case, task=task)
    else:
        log.wire.run("drop_draft", case=case, task=task, account=account)


def place(task: int, account: int) -> str:
    """What the seal of a draft is bound to."""
    return f"draft {task} {account}"
