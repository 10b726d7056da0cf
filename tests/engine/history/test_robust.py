"""What the log promises when things go wrong: killed writers, two writers at once, a full disk, a locked database."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event

from schuldhulp.engine.history.errors import LostRace, StorageBusy, StorageFailed, StorageFull
from schuldhulp.engine.history.store import MasterKeys, Store
from schuldhulp.engine.history.verify import verify_all

from .conftest import address_of
from .samples import CASE, NOW, step

HERE = Path(__file__).parent
SOURCE = HERE.parents[2] / "src"


def run_script(name: str, *args: object) -> dict[str, Any]:
    """Runs a program beside this file; gives the JSON line it printed."""
    paths = os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(HERE / name), *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": paths}, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.fixture
def key_file(tmp_path: Path, keys: MasterKeys) -> Path:
    return tmp_path / "master.keys"


def test_a_writer_killed_forty_times_leaves_nothing_half_and_loses_nothing(
    url: str, key_file: Path, tmp_path: Path
) -> None:
    counted = run_script("kill_loop.py", url, key_file, tmp_path, 40, 20260302)
    assert counted["kills"] == 40
    assert counted["between begin and commit"] >= 8
    assert counted["commands"] >= 40


@pytest.mark.endurance
def test_a_writer_killed_five_hundred_times_leaves_nothing_half(url: str, key_file: Path, tmp_path: Path) -> None:
    counted = run_script("kill_loop.py", url, key_file, tmp_path, 500, 1)
    print(counted)
    assert counted["between begin and commit"] >= 100


# --- two writers at once ----------------------------------------------------------------------------------------------


def write_many(store: Store, commands: int) -> int:
    """Commands that are decided outside the transaction, so that races are lost; gives how many were."""
    lost = 0
    for _ in range(commands):
        while True:
            with store.read() as reader:
                at = reader.load(CASE).sequence
            try:
                with store.begin() as log:
                    log.append(CASE, at, step(at), NOW)
                break
            except LostRace:
                lost += 1
    return lost


def together(*work: Callable[[], Any]) -> list[Any]:
    """Runs all at the same moment, each in its thread; gives what they gave, or raises what one raised."""
    barrier = threading.Barrier(len(work))
    results: list[Any] = [None] * len(work)
    errors: list[BaseException] = []

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            results[number] = job()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(work)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def test_four_threads_on_one_case_lose_races_and_no_command(store: Store) -> None:
    lost = sum(together(*[lambda: write_many(store, 25)] * 4))
    assert lost > 0
    with store.read() as log:
        assert log.load(CASE).sequence == 4 * 25 * len(step(1))
        assert list(verify_all(log)) == []


def test_two_processes_on_one_case_lose_races_and_no_command(url: str, key_file: Path, store: Store) -> None:
    answers = together(*[lambda: run_script("write_loop.py", url, key_file, 20)] * 2)
    assert sum(answer["commands"] for answer in answers) == 40
    with store.read() as log:
        assert log.load(CASE).sequence == 40 * len(step(1))
        assert list(verify_all(log)) == []


def test_the_first_command_of_a_case_has_one_winner(store: Store) -> None:
    for number in range(20):

        def first(stream: str = f"case/{number}") -> bool:
            try:
                with store.begin() as log:
                    log.append(stream, 0, step(1), NOW)
            except LostRace:
                return False
            return True

        assert sorted(together(first, first)) == [False, True]


def test_a_reader_sees_one_moment_while_others_write(store: Store) -> None:
    with store.begin() as log:
        log.append(CASE, 0, step(1), NOW)
    with store.read() as reader:
        before = reader.load(CASE)
        with store.begin() as log:
            log.append(CASE, before.sequence, step(2), NOW)
        assert reader.load(CASE) == before
        assert len(list(reader.facts(CASE))) == before.sequence
    with store.read() as reader:
        assert reader.load(CASE).sequence == 2 * before.sequence


# --- no room ----------------------------------------------------------------------------------------------------------


def limit_pages(store: Store, pages: int) -> None:
    @event.listens_for(store.database.engine, "connect")
    def _limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")


def test_a_full_database_says_so_and_keeps_what_was_there(sqlite_url: str, keys: MasterKeys) -> None:
    with Store.open(sqlite_url, keys) as store:
        limit_pages(store, 140)
        at = 0

        def fill() -> None:
            nonlocal at
            for _ in range(10_000):
                with store.begin() as log:
                    done = log.append(CASE, at, step(at), NOW)
                at = done

        with pytest.raises(StorageFull, match="Make room"):
            fill()
        assert at > 0
        with store.read() as log:
            assert log.load(CASE).sequence == at
            assert list(verify_all(log)) == []
        with pytest.raises(StorageFull), store.begin() as log:
            log.append(CASE, at, step(at), NOW)
    with Store.open(sqlite_url, keys) as roomy, roomy.begin() as log:
        assert log.append(CASE, at, step(at), NOW) == at + len(step(1))


def test_a_disk_that_runs_full_in_the_midst_of_writing_loses_nothing(
    sqlite_url: str, key_file: Path, sqlite_file: Path
) -> None:
    """The operating system refuses to let the file grow; the writer is another process."""
    answer = run_script("fill_disk.py", sqlite_url, key_file, 600_000)
    assert answer["error"] == "StorageFull"
    assert answer["acknowledged"] > 0
    with Store.open(sqlite_url, MasterKeys.read(key_file)) as store, store.begin() as log:
        at = log.load(CASE).sequence
        assert at == answer["acknowledged"]
        log.append(CASE, at, step(1), NOW)
    with Store.open(sqlite_url, MasterKeys.read(key_file)) as store, store.read() as log:
        assert list(verify_all(log)) == []


@pytest.mark.postgres
def test_a_server_without_room_is_told_in_the_same_words(postgres_url: str, keys: MasterKeys) -> None:
    with Store.open(postgres_url, keys) as store, pytest.raises(StorageFull, match="Make room"), store.begin() as log:  # noqa: PT012
        log.append(CASE, 0, step(1), NOW)
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")
    with Store.open(postgres_url, keys) as store, store.read() as reader:
        assert reader.load(CASE).sequence == 0


# --- locked, gone, not there ------------------------------------------------------------------------------------------


def test_a_database_that_stays_locked_says_so_after_the_waiting_time(
    sqlite_url: str, sqlite_file: Path, keys: MasterKeys
) -> None:
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with Store.open(sqlite_url, keys, busy_seconds=0.3) as store:
        with pytest.raises(StorageBusy, match=r"more than 0\.3 s"), store.begin():
            raise AssertionError("unreachable")
        with store.read() as reader:
            assert reader.load(CASE).sequence == 0
        other.execute("ROLLBACK")
        other.close()
        with store.begin() as log:
            log.append(CASE, 0, step(1), NOW)


def test_a_thread_that_waits_too_long_for_its_turn_is_told(sqlite_url: str, keys: MasterKeys) -> None:
    with (
        Store.open(sqlite_url, keys, busy_seconds=0.2) as store,
        store.begin(),
        pytest.raises(StorageBusy, match="another thread"),
        store.begin(),
    ):
        raise AssertionError("unreachable")


@pytest.mark.postgres
def test_a_locked_case_in_postgresql_says_so_after_the_waiting_time(postgres_url: str, keys: MasterKeys) -> None:
    with Store.open(postgres_url, keys, busy_seconds=0.3) as store:
        with store.begin() as log:
            log.append(CASE, 0, step(1), NOW)
        with store.begin() as log:
            log.lock(CASE)
            with pytest.raises(StorageBusy), store.begin() as second:
                second.append(CASE, 4, step(2), NOW)
            log.append(CASE, 4, step(2), NOW)


CLOSE_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND datname = current_database()
"""


@pytest.mark.postgres
def test_connections_that_the_server_closed_are_passed_by(postgres_url: str, keys: MasterKeys) -> None:
    with Store.open(postgres_url, keys) as store:
        with store.read(), store.read():
            pass  # two connections are at hand now
        with psycopg.connect(address_of(postgres_url), autocommit=True) as other:
            other.execute(CLOSE_OTHERS)
        with store.begin() as log:
            log.append(CASE, 0, step(1), NOW)
        with pytest.raises(StorageFailed), store.begin() as log:  # noqa: PT012
            log.append(CASE, 4, step(2), NOW)
            with psycopg.connect(address_of(postgres_url), autocommit=True) as other:
                other.execute(CLOSE_OTHERS)
            log.load(CASE)
        with store.read() as reader:
            assert reader.load(CASE).sequence == 4


def test_a_file_that_is_no_database_is_named(tmp_path: Path, keys: MasterKeys) -> None:
    file = tmp_path / "letter.txt"
    file.write_text("Geachte mevrouw, " * 200, encoding="utf-8")
    with (
        Store.open(f"sqlite:///{file}", keys) as store,
        pytest.raises(StorageFailed, match=r"letter\.txt.*not a database"),
    ):
        store.check_schema()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, keys: MasterKeys) -> None:
    with (
        Store.open(f"sqlite:///{tmp_path / 'nowhere' / 'log.db'}", keys) as store,
        pytest.raises(StorageFailed, match="nowhere"),
    ):
        store.check_schema()


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_named_without_its_password(keys: MasterKeys) -> None:
    url = "postgresql+psycopg://someone:secret@127.0.0.1:1/nothing"
    with Store.open(url, keys) as store, pytest.raises(StorageFailed, match=r"127\.0\.0\.1") as failed:
        store.check_schema()
    assert "secret" not in str(failed.value)
