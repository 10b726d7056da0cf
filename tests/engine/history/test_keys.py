"""Master keys: a file for its owner's eyes, made once, rotated without touching a fact."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from schuldhulp.engine.history.errors import KeyFileError, MasterKeyMissing, SealBroken
from schuldhulp.engine.history.master_keys import MasterKeys, add_master_key
from schuldhulp.engine.history.rotation import masters_in_use, rewrap
from schuldhulp.engine.history.store import Store
from schuldhulp.engine.history.verify import verify_all

from .samples import CASE, NAME, NOW, opening


def test_the_key_file_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "down" / "keys"
    first = MasterKeys.read_or_make(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert MasterKeys.read_or_make(file).current == first.current
    assert list(file.parent.iterdir()) == [file]
    assert first.get(first.current) != MasterKeys.read_or_make(tmp_path / "other").get(first.current)
    assert str(first.get(first.current)) not in repr(first)


def test_two_programs_that_make_the_file_at_once_get_the_same_keys(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda: found.append(MasterKeys.read_or_make(tmp_path / "keys").current))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "holds no key"),
        ("# only a remark\n", "holds no key"),
        ("m1\n", "line 1: expected an id and a key"),
        ("m1 AAAA\n", "has 3 bytes, needed are 32"),
        ("m1 " + "A" * 43 + "=\nm1 " + "B" * 43 + "=\n", "line 2: id m1 stands there twice"),
        ("m1 A=A\n", "line 1: the key is not base64"),
        ("sleutel één\n", "cannot be read as a key file"),
    ],
)
def test_a_key_file_that_is_wrong_is_refused_with_its_place(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "keys"
    file.write_text(content, encoding="utf-8")
    file.chmod(0o600)
    with pytest.raises(KeyFileError, match=says):
        MasterKeys.read(file)


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    MasterKeys.read_or_make(file)
    file.chmod(0o640)
    with pytest.raises(KeyFileError, match=r"chmod 600"):
        MasterKeys.read(file)


def test_a_key_file_that_is_gone_is_not_replaced_by_reading(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="no such key file"):
        MasterKeys.read(tmp_path / "keys")
    assert not os.listdir(tmp_path)
    with pytest.raises(KeyFileError):
        MasterKeys({})


def test_after_rotation_the_old_line_is_no_longer_needed(store: Store, url: str, tmp_path: Path) -> None:
    file = tmp_path / "master.keys"
    for number in range(5):
        with store.begin() as log:
            log.append(f"case/{number}", 0, opening(), NOW)
    old = store.masters
    both = add_master_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert old.current in both
    assert both.current != old.current
    seen: list[int] = []
    with Store.open(url, both) as rotating:
        assert masters_in_use(rotating) == [old.current]
        assert rewrap(rotating, batch=4, progress=seen.append) == 15  # client, partner and head of five cases
        assert seen == [4, 8, 12, 15]
        assert masters_in_use(rotating) == [both.current]
        assert rewrap(rotating) == 0
    key = both.get(both.current)
    assert key is not None
    with Store.open(url, MasterKeys({both.current: key})) as rotated, rotated.read() as log:
        assert NAME in str(list(log.facts("case/3")))
        assert list(verify_all(log)) == []
    with store.read() as log, pytest.raises(MasterKeyMissing, match=both.current):
        list(log.facts("case/3"))


def test_another_key_under_the_same_name_opens_nothing(store: Store, url: str) -> None:
    with store.begin() as log:
        log.append(CASE, 0, opening(), NOW)
    with (
        Store.open(url, MasterKeys({store.masters.current: bytes(32)})) as wrong,
        wrong.read() as log,
        pytest.raises(SealBroken),
    ):
        list(log.facts(CASE))


def test_a_sealed_part_that_was_moved_to_another_fact_does_not_open(store: Store) -> None:
    with store.begin() as log:
        log.append(CASE, log.append(CASE, 0, opening(), NOW), opening(), NOW)
    with store.database.schema_change() as connection:
        connection.exec_driver_sql(
            "UPDATE facts SET sealed = (SELECT sealed FROM facts WHERE sequence = 1), clear = clear WHERE sequence = 4"
        )
    with store.read() as log, pytest.raises(SealBroken, match="fact 4"):
        list(log.facts(CASE))
