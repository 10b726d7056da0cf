"""The schema: what the migrations make is what `schema.py` says, in both kinds of database."""

from __future__ import annotations

import warnings

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from schuldhulp.engine.history.migrate import FOLDER, known
from schuldhulp.engine.history.named import queries
from schuldhulp.engine.history.schema import JSON, NEWEST, PROJECTIONS, TEMPORAL, metadata
from schuldhulp.engine.history.store import Store


def test_migrated_is_what_the_schema_says(store: Store) -> None:
    with store.database.connection() as connection, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # expression indexes cannot be compared: they are looked at below
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_every_index_is_there(store: Store) -> None:
    declared = {index.name for table in metadata.tables.values() for index in table.indexes}
    catalogue = "sqlite_master WHERE type = 'index'" if store.database.dialect == "sqlite" else "pg_indexes"
    name = "name" if store.database.dialect == "sqlite" else "indexname"
    with store.database.connection() as connection:
        assert declared <= {row[0] for row in connection.execute(text(f"SELECT {name} FROM {catalogue}"))}


def test_small_tables_of_sqlite_lie_in_their_key(sqlite_store: Store) -> None:
    with sqlite_store.database.connection() as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    made = {str(name): str(sql) for name, sql in rows}
    for name, table in metadata.tables.items():
        assert ("WITHOUT ROWID" in made[name]) == (table.dialect_options["sqlite"]["with_rowid"] is False), name


def test_the_newest_version_is_the_head_of_the_migrations() -> None:
    assert ScriptDirectory(str(FOLDER)).get_heads() == [NEWEST]
    assert NEWEST in known()


def test_the_key_of_every_table_of_a_case_starts_with_the_case() -> None:
    for table in metadata.tables.values():
        key = [column.name for column in table.primary_key]
        if "case" in table.columns:
            assert key[0] == "case", table.name
        if "stream" in table.columns:
            assert key[0] == "stream", table.name


def test_what_is_read_as_a_date_or_as_json_is_so_in_every_table() -> None:
    names = {column.name for table in PROJECTIONS.values() for column in table.columns}
    dated = {name for name in names if name.endswith(("_at", "_on"))}
    assert dated <= TEMPORAL
    assert names >= JSON


def test_text_of_postgresql_sorts_by_code_point(store: Store) -> None:
    if store.database.dialect == "sqlite":
        return
    with store.database.connection() as connection:
        for table in metadata.tables:
            for column in inspect(connection).get_columns(table):
                collation = getattr(column["type"], "collation", None)
                assert "CHAR" not in str(column["type"]).upper()
                assert not str(column["type"]).startswith("TEXT") or collation in (None, "C")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_every_query_has_a_sentence_and_no_table_is_made_of_text(dialect: str) -> None:
    for query in queries(dialect).values():
        assert len(query.purpose.split()) >= 3, query.name
        assert "{" not in query.sql


def test_the_same_queries_are_there_for_both_databases() -> None:
    assert queries("sqlite").keys() == queries("postgresql").keys()


def test_inbox_and_timers_are_found_by_index_not_by_looking_at_everything(sqlite_store: Store) -> None:
    """SQLite's own plan: no list of the faces scans a table of all cases."""
    wanted = {
        "my_tasks": "open_tasks_by_person",
        "group_tasks": "open_tasks_by_person",
        "visible_tasks": "open_tasks_by_urgency",
        "task_counts": "open_tasks_by_person",
        "due_timers": "timers_by_due",
        "overdue_terms": "running_terms_by_end",
        "open_incidents": "open_incidents",
        "lease_messages": "outbox_waiting",
        "lease_jobs": "outbox_jobs",
    }
    with sqlite_store.read() as log:
        for name, index in wanted.items():
            query = log.wire.query(name)
            plan = log.wire.mappings(f"EXPLAIN QUERY PLAN {query.sql}", dict.fromkeys(query.parameters, "1"))
            steps = [step["detail"] for step in plan]
            assert any(index in step for step in steps), (name, steps)
            if name in FROM_INDEX:
                assert any("COVERING INDEX" in step for step in steps), (name, steps)
            if name in SORTED:
                assert not any("TEMP B-TREE FOR" in step for step in steps), (name, steps)


FROM_INDEX = {"my_tasks", "group_tasks", "visible_tasks", "task_counts"}
"""Picked from an index without looking at the tasks themselves."""
SORTED = {"due_timers", "overdue_terms"}
"""Lists that come out of the index in order: a first page costs the same however many rows follow."""
