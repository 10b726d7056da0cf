"""The log: what is appended comes back, whole, in order, and only once."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.history.errors import BadName, LostRace, NewerDatabase, NotMigrated, UnknownAddress
from schuldhulp.engine.history.projections import rows_of_case, rows_when_written
from schuldhulp.engine.history.store import MasterKeys, Store
from schuldhulp.engine.model.facts import DOSSIER, CommandGiven
from schuldhulp.engine.model.rows import Row

from .samples import CASE, NAME, NOW, later, opening, step


def test_facts_come_back_as_they_were_with_their_personal_part(store: Store) -> None:
    with store.begin() as log:
        assert log.append(CASE, 0, opening(), NOW) == 3
    with store.begin() as log:
        assert log.append(CASE, 3, step(1), later(5)) == 7
    with store.read() as log:
        loaded = log.load(CASE)
        stored = list(log.facts(CASE))
    assert [s.fact for s in stored] == [*opening(), *step(1)]
    assert [s.sequence for s in stored] == list(range(1, 8))
    assert [s.at for s in stored] == [NOW] * 3 + [later(5)] * 4
    assert loaded.tail == tuple(stored)
    assert (loaded.sequence, loaded.head) == (7, stored[-1].hash)


def test_an_unknown_stream_is_empty(store: Store) -> None:
    with store.read() as log:
        loaded = log.load("case/unknown")
    assert (loaded.sequence, loaded.snapshot, loaded.tail) == (0, None, ())


def test_facts_are_read_after_a_number_and_until_a_moment(store: Store) -> None:
    with store.begin() as log:
        at = log.append(CASE, 0, opening(), NOW)
        log.append(CASE, at, step(1), later(5))
    with store.read() as log:
        assert [s.sequence for s in log.facts(CASE, after=2, until=later(4), batch=1)] == [3]
        assert [s.sequence for s in log.facts(CASE, batch=2)] == [1, 2, 3, 4, 5, 6, 7]


def test_an_exception_leaves_nothing_behind(store: Store) -> None:
    with pytest.raises(RuntimeError, match="halfway"), store.begin() as log:  # noqa: PT012 - the point of the test
        log.append(CASE, 0, opening(), NOW)
        log.project([Row("cases", {"case": CASE}, {"number": "2026-000123"})])
        raise RuntimeError("halfway")
    with store.read() as log:
        assert log.load(CASE).sequence == 0
        assert rows_of_case(log, CASE) == {}
        assert list(log.streams("case/")) == []


def test_who_decided_on_an_older_state_loses_the_race(store: Store) -> None:
    with store.begin() as log:
        log.append(CASE, 0, opening(), NOW)
    for expected in (0, 2, 4):
        with pytest.raises(LostRace) as lost, store.begin() as log:
            log.append(CASE, expected, step(1), NOW)
        assert (lost.value.stream, lost.value.expected, lost.value.actual) == (CASE, expected, 3)
    with pytest.raises(LostRace), store.begin() as log:
        log.append("case/other", 1, step(1), NOW)


def test_a_snapshot_shortens_the_tail_and_may_be_dropped(store: Store) -> None:
    with store.begin() as log:
        at = log.append(CASE, 0, opening(), NOW)
        log.save_snapshot(CASE, at, b"state of the case")
        log.append(CASE, at, step(1), NOW)
    with store.read() as log:
        loaded = log.load(CASE)
    assert (loaded.snapshot, loaded.snapshot_sequence) == (b"state of the case", 3)
    assert [s.sequence for s in loaded.tail] == [4, 5, 6, 7]
    with store.begin() as log:
        log.drop_snapshot(CASE)
    with store.read() as log:
        assert (log.load(CASE).snapshot, len(log.load(CASE).tail)) == (None, 7)


def test_streams_are_listed_by_prefix(store: Store) -> None:
    names = ["case/2026-000001", "case/2026-000002", "case/2027-000001", "deployments"]
    for name in names:
        with store.begin() as log:
            log.append(name, 0, step(1), NOW)
    with store.read() as log:
        assert list(log.streams("case/2026")) == names[:2]
        assert list(log.streams("")) == names


def test_projected_rows_are_set_changed_and_removed_in_order(store: Store) -> None:
    rows = [
        Row("cases", {"case": CASE}, {"number": "1", "opened_at": NOW}, {"title_sealed": (DOSSIER, NAME)}),
        Row("tasks", {"case": CASE, "task": 1}, {"status": "open", "roles": ("consulent", "jurist"), "priority": 50}),
        Row("tasks", {"case": CASE, "task": 2}, {"status": "open", "fatal": date(2026, 3, 30), "target": later(60)}),
        Row("tasks", {"case": CASE, "task": 1}, {"status": "done", "ended_at": later(1), "priority": None}),
        Row("tasks", {"case": CASE, "task": 2}, None),
        Row("terms", {"case": CASE, "term": 1}, {"ends": date(2026, 3, 30), "status": "running"}),
    ]
    with store.begin() as log:
        log.project(rows)
    with store.read() as log:
        found = rows_of_case(log, CASE)
    assert found == rows_when_written(rows)
    assert found["tasks", (CASE, 1)] == {"status": "done", "roles": ("consulent", "jurist"), "ended_at": later(1)}
    assert found["cases", (CASE,)] == {"number": "1", "opened_at": NOW, "title_sealed": NAME}
    assert ("tasks", (CASE, 2)) not in found


@pytest.mark.parametrize(
    "row",
    [
        Row("nothing", {"case": CASE}, {}),
        Row("cases", {"case": CASE}, {"colour": "red"}),
        Row("tasks", {"case": CASE}, {"status": "open"}),
    ],
)
def test_a_row_for_a_table_or_column_that_is_not_there_is_refused(store: Store, row: Row) -> None:
    with pytest.raises(BadName), store.begin() as log:
        log.project([row])


@pytest.mark.parametrize("stream", ["", "Case/1", "case/", "case/a b", "case/a\nb", "case/" + "x" * 81])
def test_a_name_that_is_no_stream_is_refused(store: Store, stream: str) -> None:
    with pytest.raises(BadName), store.begin() as log:
        log.append(stream, 0, step(1), NOW)


def test_an_instant_without_zone_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="time zone"), store.begin() as log:
        log.append(CASE, 0, opening(), datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_subject_must_name_a_retention_class(store: Store) -> None:
    fact = CommandGiven(command="x", by=opening()[0].by, product="1", law="1", personal={"client": {"a": 1}})  # type: ignore[attr-defined]
    with pytest.raises(BadName, match="retention"), store.begin() as log:
        log.append(CASE, 0, [fact], NOW)


def test_an_empty_database_says_how_to_make_its_schema(empty_url: str, keys: MasterKeys) -> None:
    with Store.open(empty_url, keys) as store:
        with pytest.raises(NotMigrated, match="schuldhulp upgrade"):
            store.check_schema()
        store.migrate()
        store.check_schema()
        store.migrate()


def test_a_database_of_a_newer_product_is_left_alone(empty_url: str, keys: MasterKeys) -> None:
    store = Store.open(empty_url, keys)
    store.migrate()
    with store.database.schema_change() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="9999"):
        store.migrate()
    with pytest.raises(NewerDatabase, match="newer"):
        store.check_schema()


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_an_address_we_do_not_work_with_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownAddress, match="sqlite:///path"):
        Store.open(url, MasterKeys.read_or_make(tmp_path / "k"))
