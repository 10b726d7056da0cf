"""One difference, and how values are written in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, TypeVar

from schuldhulp.engine.bpmn.graph import Expression, Place

AREAS = (
    "organisation", "reading", "parameter", "register", "dictionary", "table", "process", "form", "letter", "examples",
)  # fmt: skip
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Difference:
    """`what`: added | removed | changed. `key`: of what, within the file at `path` ("" when it stands in several files). `before`
    and `after` are plain values; `part` says which side of the thing changed; `valid_from` of a dated value."""

    area: str
    what: str
    key: str
    before: Any = None
    after: Any = None
    path: str = ""
    part: str = ""
    name: str = ""
    valid_from: date | None = None


def pairs(old: Mapping[str, T], new: Mapping[str, T]) -> Iterator[tuple[str, str, T | None, T | None]]:
    """(what, key, before, after) of each key that is not the same on both sides, in the order of *new* and then *old*."""
    for key in dict.fromkeys([*new, *old]):
        before, after = old.get(key), new.get(key)
        if before != after:
            yield ("added" if key not in old else "removed" if key not in new else "changed"), key, before, after


def plain(value: Any) -> Any:
    """A frozen structure as plain data, without the places in the file."""
    if isinstance(value, Expression):
        return value.text
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: plain(getattr(value, one.name))
            for one in fields(value)
            if getattr(value, one.name) not in (None, (), "") and not isinstance(getattr(value, one.name), Place)
        }
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value if not isinstance(one, Place)]
    return value


def said(value: Any) -> str:
    """A value on one line, for people."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal | date):
        return str(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {said(one)}" for key, one in value.items() if one is not None) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(said, value)) + "]"
    return " ".join(str(value).split())
