"""Dates and instants as text that sorts: the one converter between Python's values and the columns of the database.

An instant is stored in UTC as "2026-11-25T13:21:40.123456Z", a date of law as "2026-11-25": of fixed width, the same in
SQLite and PostgreSQL, readable in any tool.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import msgspec

_sorted_json = msgspec.json.Encoder(order="sorted")
_any_json = msgspec.json.Decoder()

EARLIEST = "0001-01-01T00:00:00.000000Z"
"""An instant before every other."""


def instant_text(instant: datetime) -> str:
    """
    >>> instant_text(datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    '2026-01-02T03:04:00.000000Z'
    """
    if instant.tzinfo is None:
        raise ValueError(f"{instant.isoformat()} has no time zone: instants in the log are aware datetimes")
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def to_column(value: Any) -> Any:
    """The form in which a value stands in a column."""
    kind = value.__class__
    if kind is str or kind is int or value is None or kind is bytes:
        return value
    if kind is bool:
        return int(value)
    if isinstance(value, (str, int, bytes)):
        return value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return _sorted_json.encode(value).decode()


def from_temporal(text: str) -> date | datetime:
    """A date (10 characters) or an instant (27), as written by `to_column`. Raises ValueError for any other spelling."""
    if len(text) == 10:
        return date.fromisoformat(text)
    if (text[10:11], text[19:20], text[26:]) != ("T", ".", "Z"):  # Python reads other signs there too
        raise ValueError(f"{text!r} is no instant as it is written here")
    return datetime.fromisoformat(text)


def from_json(text: str) -> Any:
    """A JSON column; lists come back as tuples, as facts have them."""
    value = _any_json.decode(text)
    return tuple(value) if isinstance(value, list) else value
