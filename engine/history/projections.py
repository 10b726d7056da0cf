"""Projections: tables that are folded from the facts, written in the same transaction, and may be thrown away.

The statements are made from the schema, once per table and set of columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from schuldhulp.engine.history.errors import BadName, listed
from schuldhulp.engine.history.instants import from_json, from_temporal, to_column
from schuldhulp.engine.history.named import by_position, in_words_of
from schuldhulp.engine.history.reader import Reader, join_column
from schuldhulp.engine.history.schema import JSON, PROJECTIONS, TEMPORAL
from schuldhulp.engine.model.rows import Row

if TYPE_CHECKING:
    from schuldhulp.engine.history.log import Log

Key = tuple[Any, ...]
Rows = dict[tuple[str, Key], dict[str, Any]]
"""(table, values of its primary key in the order of the schema) -> its other columns, those that are NULL left out."""


def write(log: Log, rows: Iterable[Row]) -> None:
    """Sets or removes rows, in order. Raises BadName for a table or column that is not there."""
    rows = list(rows)
    prepared = ((_statement(row, log.wire.dialect), _values(log, row)) for row in rows)
    for statement, group in groupby(prepared, key=lambda pair: pair[0]):
        log.wire.sql(statement, [values for _, values in group])
    for roles in {to_column(row.values["roles"]) for row in rows if row.values is not None and "roles" in row.values}:
        if roles is not None:
            log.wire.run("note_roles", roles=roles)


def rows_of_case(reader: Reader, case: str) -> Rows:
    """Everything the projections hold about a case, sealed columns as their text (left out once erased)."""
    found: Rows = {}
    for name in PROJECTIONS:
        key_columns = primary_key(name)
        for row in reader.wire.mappings(_select(name, reader.wire.dialect), {"case": case}):
            values = reader.as_values(row)
            key = tuple(values.pop(column) for column in key_columns)
            found[name, key] = {column: value for column, value in values.items() if value is not None}
    return found


def rows_when_written(rows: Iterable[Row]) -> Rows:
    """What `rows_of_case` gives after these rows were written in this order on empty tables: to compare with it."""
    found: Rows = {}
    for row in rows:
        key = (row.table, tuple(_as_read(column, row.key[column]) for column in primary_key(row.table)))
        if row.values is None:
            found.pop(key, None)
            continue
        values = {**row.values, **{column: text for column, (_, text) in row.sealed.items()}}
        held = found.setdefault(key, {})
        held.update({column: _as_read(column, value) for column, value in values.items()})
    return {key: {c: v for c, v in values.items() if v is not None} for key, values in found.items()}


def clear_case(log: Log, case: str) -> None:
    """Throws away the projections of a case, to write them anew."""
    for name in PROJECTIONS:
        log.wire.sql(_delete_of_case(name, log.wire.dialect), [{"case": case}])


@cache
def primary_key(table: str) -> tuple[str, ...]:
    """The columns of the primary key of a projection, in order."""
    if table not in PROJECTIONS:
        raise BadName("projection", table, listed(list(PROJECTIONS)))
    return tuple(column.name for column in PROJECTIONS[table].primary_key)


def _as_read(column: str, value: Any) -> Any:
    stored = to_column(value)
    if stored is None:
        return None
    if column in TEMPORAL:
        return from_temporal(stored)
    return from_json(stored) if column in JSON else stored


def _values(log: Log, row: Row) -> list[Any]:
    """What the statement of a row takes, in its order: key, values, sealed."""
    values = [to_column(value) for value in row.key.values()]
    if row.values is not None:
        values.extend(to_column(value) for value in row.values.values())
        for name, (subject, text) in row.sealed.items():
            piece = log.keys(row.key["case"]).seal(f"column {name}", subject, text.encode())
            values.append(join_column(subject, piece))
    return values


def _statement(row: Row, dialect: str) -> str:
    if row.values is None:
        return _delete(row.table, tuple(row.key), dialect)
    return _upsert(row.table, tuple(row.key), (*row.values, *row.sealed), dialect)


def _checked(table: str, key: tuple[str, ...], values: Iterable[str]) -> None:
    needed = primary_key(table)
    if set(key) != set(needed):
        raise BadName(f"key of {table}", ", ".join(key), ", ".join(needed))
    others = [column.name for column in PROJECTIONS[table].columns if column.name not in needed]
    for name in values:
        if name not in others:
            raise BadName(f"column of {table}", name, listed(others))


def _quoted(names: Iterable[str]) -> Iterator[str]:
    return (f'"{name}"' for name in names)


@cache
def _upsert(table: str, key: tuple[str, ...], values: tuple[str, ...], dialect: str) -> str:
    _checked(table, key, values)
    names = (*key, *values)
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in values)
    statement = (
        f'INSERT INTO "{table}" ({", ".join(_quoted(names))}) VALUES ({", ".join(f":{name}" for name in names)}) '
        f"ON CONFLICT ({', '.join(_quoted(key))}) DO {f'UPDATE SET {sets}' if sets else 'NOTHING'}"
    )
    return by_position(dialect, statement)


@cache
def _delete(table: str, key: tuple[str, ...], dialect: str) -> str:
    _checked(table, key, ())
    return by_position(dialect, f'DELETE FROM "{table}" WHERE ' + " AND ".join(f'"{name}" = :{name}' for name in key))


@cache
def _delete_of_case(table: str, dialect: str) -> str:
    return in_words_of(dialect, f'DELETE FROM "{table}" WHERE "case" = :case')


@cache
def _select(table: str, dialect: str) -> str:
    names = ", ".join(_quoted(column.name for column in PROJECTIONS[table].columns))
    return in_words_of(dialect, f'SELECT {names} FROM "{table}" WHERE "case" = :case')


def sealed_columns() -> Mapping[str, tuple[str, ...]]:
    """The columns of each projection that hold sealed text."""
    return {
        name: tuple(column.name for column in table.columns if column.name.endswith("_sealed"))
        for name, table in PROJECTIONS.items()
    }
