"""Named SQL: reads `queries.sql` and `lists.sql`, once, into statements for one kind of database.

A query is a line `-- name --`, a sentence of comment that says what it gives, and one statement with `:parameters`.
`-- name (postgresql) --` or `-- name (sqlite) --` is the variant for that database, where one statement cannot serve
both. A name that ends in `_condition` is a piece that later statements take in as `{name}`, so that a list and its
count cannot disagree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schuldhulp.engine.history.errors import HistoryError, listed

FILES = ("queries.sql", "lists.sql")

_HEADING = re.compile(r"^-- (?P<name>[a-z0-9_]+)(?: \((?P<only>sqlite|postgresql)\))? --$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
_PIECE = re.compile(r"\{([a-z_]+)\}")


class UnknownQuery(HistoryError):
    """No query of that name."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        super().__init__(f"no query named {name!r}. There are: {listed(known)}.")


@dataclass(frozen=True, slots=True)
class Query:
    name: str
    purpose: str
    sql: str
    positional: str
    parameters: frozenset[str]


@cache
def queries(dialect: str) -> dict[str, Query]:
    """All queries in the words of `dialect` (sqlite | postgresql)."""
    found: dict[str, Query] = {}
    pieces: dict[str, str] = {}
    for file in FILES:
        text = files("schuldhulp.engine.history").joinpath(file).read_text(encoding="utf-8")
        for name, only, body in _sections(text):
            if only not in (None, dialect):
                continue
            if name in found or name in pieces:
                raise ValueError(f"{file}: {name} stands there twice")
            purpose, statement = _parts(file, name, body)
            statement = _PIECE.sub(lambda piece: pieces[piece[1]], statement)
            if name.endswith("_condition"):
                pieces[name] = statement
            else:
                parameters = frozenset(_PARAMETER.findall(statement))
                found[name] = Query(
                    name, purpose, in_words_of(dialect, statement), by_position(dialect, statement), parameters
                )
    return found


def in_words_of(dialect: str, statement: str) -> str:
    """`:name` stays for sqlite3; psycopg wants `%(name)s` and doubled per cent signs."""
    if dialect == "sqlite":
        return statement
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))


def by_position(dialect: str, statement: str) -> str:
    """The same with nameless parameters, for values in order: much faster for the driver."""
    if dialect == "sqlite":
        return _PARAMETER.sub("?", statement)
    return _PARAMETER.sub("%s", statement.replace("%", "%%"))


def _sections(text: str) -> list[tuple[str, str | None, str]]:
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return [(h["name"], h["only"], text[h.end() : end]) for h, end in zip(headings, ends, strict=True)]


def _parts(file: str, name: str, body: str) -> tuple[str, str]:
    lines = [line.strip() for line in body.strip().splitlines() if line.strip()]
    sentence = " ".join(line.removeprefix("--").strip() for line in lines if line.startswith("--"))
    statement = " ".join(line for line in lines if not line.startswith("--"))
    if not sentence or not statement:
        raise ValueError(f"{file}, {name}: needs a sentence and a statement")
    return sentence, statement
