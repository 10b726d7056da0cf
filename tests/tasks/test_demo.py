"""The demonstration: on whatever day it is made, every story comes as far as it should and nothing is in the future."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.demo import make_demo
from schuldhulp.tasks.demo.fresh import FRESH
from schuldhulp.tasks.demo.people import make_logins
from schuldhulp.tasks.demo.stories import STORIES

TODAY = datetime(2026, 11, 25, 13, 30, tzinfo=UTC)
KEPT = Kept()


def made(tmp_path: Path, today: datetime) -> tuple[Engine, list[str]]:
    settings = Settings(f"sqlite:///{tmp_path / 'demo.db'}", tmp_path / "keys", synchronous="OFF")
    said = list(make_demo(settings, tmp_path / "logins.txt", lambda: today))
    return open_engine(settings, lambda: today, KEPT), said


def check(engine: Engine, said: list[str], today: datetime) -> None:
    assert [line for line in said if "goes no further" in line] == []
    rows = engine.rows("cases_newest_first", status="open", limit=99, offset=0)
    cases = [engine.case(row["number"]) for row in rows]
    assert len(cases) == len(STORIES) + len(FRESH)
    modules = {instance.module for case in cases for instance in case.instances.values() if instance.status == "running"}
    assert modules >= {f"M{number}" for number in range(1, 11)}
    assert all(not case.incidents for case in cases)
    assert [found for _, differences in engine.verify_all() for found in differences] == []
    assert all(stored.at <= today for case in cases for stored in engine.facts(case.number))


def test_every_module_is_on_its_way_in_some_case(tmp_path: Path) -> None:
    engine, said = made(tmp_path, TODAY)

    check(engine, said, TODAY)
    engine.store.close()


@pytest.mark.endurance
@pytest.mark.parametrize("days", range(1, 400, 23))
def test_the_demonstration_can_be_made_on_any_day(days: int, tmp_path: Path) -> None:
    today = TODAY + timedelta(days=days)
    engine, said = made(tmp_path, today)

    check(engine, said, today)
    engine.store.close()


def test_a_second_time_nothing_happens(tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path / 'demo.db'}", tmp_path / "keys", synchronous="OFF")
    engine = open_engine(settings, lambda: TODAY, KEPT)
    make_logins(engine, tmp_path / "logins.txt")
    engine.store.close()

    assert list(make_demo(settings, tmp_path / "logins.txt", lambda: TODAY)) == []
