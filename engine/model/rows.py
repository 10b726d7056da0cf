"""What a command leaves beside its facts: rows of the projections, and messages for the world outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

NOTHING: Mapping[str, Any] = {}


class Row(msgspec.Struct, frozen=True, kw_only=False):
    """One row of a projection table, to be written or removed.

    `key` holds all columns of the primary key (of `case` tables always "case", the name of the stream). `values` None
    removes the row; otherwise the named columns are set, on a new row or on the one that is there, and other columns
    stay as they are. Give dates, aware datetimes and tuples as they are: storage converts. `sealed` maps a column
    (`..._sealed`) to (subject, text), such as ("client:dossier", "Jansen"); the text is stored encrypted.
    """

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any] | None
    sealed: Mapping[str, tuple[str, str]] = NOTHING


class OutboxMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must happen outside after the commit, at least once: `key` lets the receiver drop a repetition.

    `kind` such as letter | mail | external_task | signal | message. `payload`: plain JSON, stored encrypted. `due`: not
    before this instant (None = at once). Two messages with the same `key` are one: the first stays. `topic`, `instance`
    and `work`: of external tasks only, by which workers ask for them.
    """

    case: str
    kind: str
    key: str
    payload: Mapping[str, Any]
    due: datetime | None = None
    topic: str | None = None
    instance: int | None = None
    work: int | None = None


class JobChange(msgspec.Struct, frozen=True):
    """What a command does to an external task (`key` of its message): `to` done | failed | waiting."""

    case: str
    key: str
    to: str
