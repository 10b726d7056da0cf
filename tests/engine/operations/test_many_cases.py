"""An intake is changed while very many cases run: a dry run that is exact, a run that is stopped and goes on, sums that agree."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.migrating import CaseMove
from schuldhulp.engine.model.facts import Actor
from tests.engine.case.sample import FILES, PROCESS

from .sample import DESIGNER, Clock, assert_proved

INTAKER = Actor(account=1, role="aanmeldmedewerker")
CHANGED = (
    PROCESS.replace(b'"Gesprek"', b'"Kennismaking"')
    .replace(b"Gesprek voeren", b"Kennismaken")
    .replace(b'"Herinnering"', b'"Aansporing"')
    .replace(b'<userTask id="Crisis"', b'<manualTask id="Crisis"')
    .replace(b"</userTask>\n    <sendTask", b"</manualTask>\n    <sendTask")
)
"""The conversation is called an acquaintance, its reminder is another event, and a crisis is no task of the inbox any more."""


def open_many(engine: Engine, number: int) -> Counter[str]:
    """Intakes, one in ten a crisis."""
    chance, found = Random(4), Counter[str]()
    for each in range(number):
        threat = "ontruiming" if chance.random() < 0.1 else "geen"
        data = {"client_naam": f"Client {each}", "dreiging": threat, "aangemeld_op": date(2026, 3, 2)}
        engine.open_case("M5", data, INTAKER)
        found[threat] += 1
    return found


Sums = tuple[int, int, Counter[tuple[str, str]], Counter[str], Counter[str], Counter[str]]


def sums(moves: list[CaseMove]) -> Sums:
    """Cases that move, cases that stay, tokens, lost events, new events, reasons."""
    tokens, lost, armed, reasons = Counter[tuple[str, str]](), Counter[str](), Counter[str](), Counter[str]()
    for case in moves:
        for move in case.moves:
            tokens.update({(before, after): count for before, after, count in move.moves})
            lost.update(move.lost)
            armed.update(move.armed)
            reasons.update(move.reasons)
    return sum(one.moved for one in moves), sum(not one.moved for one in moves), tokens, lost, armed, reasons


def migrate_many(engine: Engine, number: int) -> dict[str, float]:
    engine.deploy(FILES, DESIGNER)
    began = time.perf_counter()
    opened = open_many(engine, number)
    seconds = {"open": time.perf_counter() - began}
    engine.deploy({**FILES, "processes/M5/M5.bpmn": CHANGED}, DESIGNER)
    target = engine.migration("current", module="M5", mapping={"Gesprek": "Kennismaking"})
    assert engine.count_to_migrate(target) == (number, number)

    began = time.perf_counter()
    tried = list(engine.try_migration(target, DESIGNER))
    seconds["dry run"] = time.perf_counter() - began
    moved, stay, tokens, lost, armed, reasons = sums(tried)
    assert (moved, stay) == (opened["geen"], opened["ontruiming"])
    assert tokens == {("Gesprek", "Kennismaking"): opened["geen"]}
    assert lost == {"Herinnering": opened["geen"]}
    assert armed == {"Aansporing": opened["geen"]}
    assert list(reasons.values()) == [opened["ontruiming"]]
    assert engine.count_to_migrate(target) == (number, number)

    began = time.perf_counter()
    running = engine.migrate(target, DESIGNER)
    first = [next(running) for _ in range(number // 3)]
    del running  # the program is stopped
    rest = list(engine.migrate(target, DESIGNER))
    seconds["run"] = time.perf_counter() - began
    again = {one.case for one in first if not one.moved}  # they cannot move, and are looked at again
    done = [one for one in first if one.case not in again] + rest
    assert sorted(done, key=lambda one: one.case) == tried
    assert engine.count_to_migrate(target) == (opened["ontruiming"], opened["ontruiming"])

    names = Counter(row["name"] for row in engine.rows("visible_tasks", **_everything(engine)))
    assert names == {"Kennismaken": opened["geen"], "Crisis verhelpen": opened["ontruiming"]}
    for one in Random(5).sample(tried, min(20, number)):
        assert_proved(engine, engine.case(one.case))
    return seconds


def _everything(engine: Engine) -> dict[str, object]:
    roles = ("sociaal_werker", "crisismedewerker")
    return {"account": 1, "roles": roles, "now": engine.clock(), "limit": 100_000, "offset": 0}


def test_sixty_cases_with_a_changed_intake_are_moved_and_the_sums_agree(engine: Engine, clock: Clock) -> None:
    migrate_many(engine, 60)


@pytest.mark.endurance
def test_ten_thousand_cases_with_a_changed_intake_are_moved_and_the_sums_agree(tmp_path: Path, clock: Clock) -> None:
    """Every case is safe against a power cut when it is done, as in production."""
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'many.db'}", tmp_path / "keys", synchronous="FULL"), clock)
    print({name: round(seconds, 1) for name, seconds in migrate_many(engine, 10_000).items()})
    engine.store.close()
