"""Named SQL: reads `queries.sql`, once, into statements for one kind of database.

A query is a line `-- name --`, a sentence of comment that says what it gives, and one statement with `:parameters`.
`-- name (postgresql) --` or `-- name (sqlite) --` is the variant for that database where one statement cannot serve
both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schuldhulp.engine.history.errors import HistoryError, listed

_HEADING = re.compile(r"^-- (?P<name>[a-z0-9_]+)(?: \((?P<only>sqlite|postgresql)\))? --$", re.MULTILINE)
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


class UnknownQuery(HistoryError):
    """No query of that name in queries.sql."""

    def __init__(self, name: str, known: list[str]) -> None:
        self.name = name
        super().__init__(f"no query named {name!r} in queries.sql. There are: {listed(known)}.")


@dataclass(frozen=True, slots=True)
class Query:
    name: str
    purpose: str
    sql: str
    parameters: frozenset[str]


@cache
def queries(dialect: str) -> dict[str, Query]:
    """All queries in the words of `dialect` (sqlite | postgresql)."""
    text = files("schuldhulp.engine.history").joinpath("queries.sql").read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    found: dict[str, Query] = {}
    for heading, following in zip(headings, [*headings[1:], None], strict=True):
        name, only = heading["name"], heading["only"]
        if only is not None and only != dialect:
            continue
        if name in found and only is None:
            continue
        body = text[heading.end() : following.start() if following else len(text)]
        found[name] = _query(name, body, dialect)
    return found


def _query(name: str, body: str, dialect: str) -> Query:
    lines = [line.strip() for line in body.strip().splitlines() if line.strip()]
    sentence = [line.removeprefix("--").strip() for line in lines if line.startswith("--")]
    statement = " ".join(line for line in lines if not line.startswith("--"))
    if not sentence or not statement:
        raise ValueError(f"queries.sql, {name}: needs a sentence and a statement")
    return Query(name, " ".join(sentence), in_words_of(dialect, statement), frozenset(_PARAMETER.findall(statement)))


def in_words_of(dialect: str, statement: str) -> str:
    """`:name` stays for sqlite3; psycopg wants `%(name)s` and doubled per cent signs."""
    if dialect == "sqlite":
        return statement
    return _PARAMETER.sub(r"%(\1)s", statement.replace("%", "%%"))
