"""The chain: whatever is changed in a stored fact is named; what was not changed is not."""

from __future__ import annotations

import random
import sqlite3
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schuldhulp.engine.history.store import MasterKeys, Store
from schuldhulp.engine.history.verify import Finding, What, verify_all, verify_stream
from schuldhulp.engine.model.facts import DOSSIER, DataRecorded, Fact, TaskCompleted

from .samples import CASE, NOW, later, opening, step

OTHER = "case/2026-000124"


def filled(store: Store) -> None:
    with store.begin() as log:
        at = log.append(CASE, 0, opening(), NOW)
        log.append(OTHER, 0, opening("2026-000124"), NOW)
        log.append(CASE, at, step(1), later(1))
        log.append("deployments", 0, [TaskCompleted(task=1)], NOW)


def findings(store: Store) -> list[Finding]:
    with store.read() as log:
        return list(verify_all(log))


def places(store: Store) -> set[tuple[str, int | None]]:
    return {(finding.stream, finding.sequence) for finding in findings(store)}


def change(store: Store, statement: str, *values: Any) -> None:
    """What someone does who has the database in his hands."""
    with store.database.schema_change() as connection:
        connection.exec_driver_sql(
            statement if store.database.dialect == "sqlite" else statement.replace("?", "%s"), values
        )


def test_an_untouched_log_has_no_findings(store: Store) -> None:
    filled(store)
    assert findings(store) == []


def test_an_empty_log_has_no_findings(store: Store) -> None:
    assert findings(store) == []


@pytest.mark.shows("C-E04")
@pytest.mark.parametrize("column", ["clear", "sealed", "hash"])
def test_one_changed_byte_is_named(store: Store, column: str) -> None:
    filled(store)
    with store.read() as log:
        row = next(r for r in log.wire.all("all_of_facts", stream=CASE, after=3, batch=1))
    content = bytearray({"clear": row[2], "sealed": row[3], "hash": row[4]}[column])
    content[len(content) // 2] ^= 1
    change(store, f"UPDATE facts SET {column} = ? WHERE stream = ? AND sequence = 4", bytes(content), CASE)
    assert places(store) == {(CASE, 4)}


def test_a_changed_time_is_named_with_both_values(store: Store) -> None:
    filled(store)
    change(store, "UPDATE facts SET at = '2026-03-02T09:31:00.000001Z' WHERE stream = ? AND sequence = 5", CASE)
    (found,) = findings(store)
    assert (found.stream, found.sequence, found.what) == (CASE, 5, What.COLUMN)
    assert "09:31:00.000001" in found.detail
    assert "09:31:00.000000" in found.detail


def test_a_removed_fact_is_named(store: Store) -> None:
    filled(store)
    change(store, "DELETE FROM facts WHERE stream = ? AND sequence = 2", CASE)
    assert [(f.sequence, f.what) for f in findings(store)] == [(2, What.MISSING)]


def test_a_cut_off_tail_is_named(store: Store) -> None:
    filled(store)
    change(store, "DELETE FROM facts WHERE stream = ? AND sequence > 5", CASE)
    (found,) = findings(store)
    assert (found.sequence, found.what) == (6, What.MISSING)
    assert "all up to 7" in found.detail


def test_an_added_fact_is_named(store: Store) -> None:
    filled(store)
    change(
        store,
        "INSERT INTO facts SELECT stream, 8, at, clear, sealed, hash FROM facts WHERE stream = ? AND sequence = 7",
        CASE,
    )
    assert (CASE, 8) in places(store)


def test_a_fact_moved_to_another_stream_is_named_in_both(store: Store) -> None:
    filled(store)
    change(store, "UPDATE facts SET stream = ?, sequence = 4 WHERE stream = ? AND sequence = 7", OTHER, CASE)
    assert places(store) == {(CASE, 7), (OTHER, 4)}


def test_a_stream_without_a_head_and_a_head_without_facts_are_named(store: Store) -> None:
    filled(store)
    change(store, "DELETE FROM streams WHERE stream = ?", OTHER)
    change(store, "DELETE FROM facts WHERE stream = 'deployments'")
    assert {(f.stream, f.what) for f in findings(store)} == {(OTHER, What.EXTRA), ("deployments", What.MISSING)}


def test_a_whole_chain_computed_anew_without_the_master_key_is_found(store: Store, keys: MasterKeys) -> None:
    """Who knows the format can make a chain that fits; the sealed head tells that it is not ours."""
    from schuldhulp.engine.history.encoding import GENESIS, chained

    filled(store)
    with store.read() as log:
        rows = log.wire.all("all_of_facts", stream=CASE, after=0, batch=100)
    link = GENESIS
    for sequence, _, clear, _, _ in rows:
        forged = clear.replace(b'"account":7', b'"account":8')
        link = chained(link, forged)
        change(
            store,
            "UPDATE facts SET clear = ?, hash = ? WHERE stream = ? AND sequence = ?",
            forged,
            link,
            CASE,
            sequence,
        )
    change(store, "UPDATE streams SET head = ? WHERE stream = ?", link, CASE)
    assert [(f.stream, f.sequence, f.what) for f in findings(store)] == [(CASE, None, What.HEAD)]


def test_a_lost_data_key_is_named_as_lost_and_not_as_erased(store: Store) -> None:
    filled(store)
    change(store, "DELETE FROM data_keys WHERE stream = ? AND subject = ?", OTHER, DOSSIER)
    assert {(f.stream, f.sequence, f.what) for f in findings(store)} == {(OTHER, 1, What.KEY), (OTHER, 3, What.KEY)}


def test_the_chain_is_checked_without_the_master_key_too(url: str, store: Store) -> None:
    filled(store)
    with Store.open(url, MasterKeys({"another": bytes(32)})) as blind:
        assert findings(blind) == []
        change(store, "UPDATE facts SET hash = clear WHERE stream = ? AND sequence = 1", CASE)
        assert places(blind) == {(CASE, 1)}


numbers = count(1)
values = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=40))
personal = st.dictionaries(
    st.sampled_from([DOSSIER, "partner:dossier", "child1:health"]),
    st.dictionaries(st.text(max_size=8), values, max_size=3),
    max_size=2,
)
some_facts = st.one_of(
    st.builds(TaskCompleted, task=st.integers(0, 2**40), personal=personal),
    st.builds(
        DataRecorded,
        instance=st.none() | st.integers(1, 9),
        paths=st.lists(st.text(max_size=12), max_size=3).map(tuple),
        why=st.sampled_from(["form", "import"]),
        personal=personal,
    ),
)
batches_of_facts = st.lists(st.lists(some_facts, min_size=1, max_size=4), min_size=1, max_size=4)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=batches_of_facts, data=st.data())
def test_any_batches_come_back_and_any_flipped_byte_is_named(
    sqlite_store: Store, sqlite_file: Path, batches: list[list[Fact]], data: st.DataObject
) -> None:
    stream, at = f"case/{next(numbers)}", 0
    with sqlite_store.begin() as log:
        for batch in batches:
            at = log.append(stream, at, batch, NOW)
    with sqlite_store.read() as log:
        assert [stored.fact for stored in log.facts(stream)] == [fact for batch in batches for fact in batch]
        assert list(verify_stream(log, stream)) == []
    sequence = data.draw(st.integers(1, at))
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    select = "SELECT at, clear, sealed, hash FROM facts WHERE stream = ? AND sequence = ?"
    row = other.execute(select, (stream, sequence)).fetchone()
    columns = {name: value for name, value in zip(("at", "clear", "sealed", "hash"), row, strict=True) if value}
    column = data.draw(st.sampled_from(sorted(columns)))
    flipped = flip(columns[column], data.draw(st.integers(0, 10**6)), data.draw(st.integers(1, 255)))
    update = f"UPDATE facts SET {column} = ? WHERE stream = ? AND sequence = ?"
    other.execute(update, (flipped, stream, sequence))
    with sqlite_store.read() as log:
        assert {f.sequence for f in verify_stream(log, stream)} == {sequence}
    other.execute(update, (columns[column], stream, sequence))
    other.close()
    with sqlite_store.read() as log:
        assert list(verify_stream(log, stream)) == []


def flip(value: str | bytes, place: int, mask: int) -> str | bytes:
    content = bytearray(value.encode() if isinstance(value, str) else value)
    content[place % len(content)] ^= mask & 0x7F or 1 if isinstance(value, str) else mask
    return content.decode() if isinstance(value, str) else bytes(content)


def test_every_byte_of_every_column_of_a_log_counts(sqlite_store: Store, sqlite_file: Path) -> None:
    """All bytes of one case, one after the other, each with a random other value."""
    chance = random.Random(20260302)
    filled(sqlite_store)
    other = sqlite3.connect(sqlite_file)
    missed = []
    rows = other.execute("SELECT sequence, clear, sealed, hash FROM facts WHERE stream = ?", (CASE,)).fetchall()
    for sequence, *values in rows:
        for column, value in zip(("clear", "sealed", "hash"), values, strict=True):
            for place in range(0, len(value or b""), 7):
                changed = bytearray(value)
                changed[place] ^= chance.randrange(1, 256)
                statement = f"UPDATE facts SET {column} = ? WHERE stream = ? AND sequence = ?"
                other.execute(statement, (bytes(changed), CASE, sequence))
                other.commit()
                with sqlite_store.read() as log:
                    if not any(f.sequence == sequence for f in verify_stream(log, CASE)):
                        missed.append((sequence, column, place))
                other.execute(statement, (value, CASE, sequence))
                other.commit()
    other.close()
    assert missed == []
