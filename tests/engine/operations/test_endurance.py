"""An old case costs what a young one costs, and a worker that dies in the middle of a command loses nothing.

Costs are counts and bytes, never the clock of this machine.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.handle.jobs import job_of
from schuldhulp.engine.history import reader as reading
from schuldhulp.engine.history.store import Log
from schuldhulp.engine.model.case import Case
from tests.engine.robust import sample as rounds

from .sample import CLERK, DESIGNER, ROBOT, Clock, assert_proved, elements, open_case


class Costs:
    """What each round of a case cost: facts written and read, bytes of its snapshot."""

    def __init__(self, engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.engine, self.clock, self.read = engine, clock, 0
        decode = reading.decode  # type: ignore[attr-defined]

        def counted(*given: Any) -> Any:
            self.read += 1
            return decode(*given)

        monkeypatch.setattr(reading, "decode", counted)

    def of_round(self, case: Case, number: int) -> tuple[int, int, int]:
        """One round: a call with another income, its letter, the timer. (facts written, facts read, bytes)"""
        before, self.read = self.engine.case(case.number).sequence, 0
        rounds.call(self.engine, self.engine.case(case.number), rounds.SAAR, inkomen=Decimal(1000 + number % 7))
        self.clock.on(seconds=1)
        for _, done in self.engine.tick(CLERK):
            assert isinstance(done, Done)
        read = self.read
        with self.engine.store.read() as reader:
            loaded = reader.load(stream_of(case.number))
        assert loaded.snapshot is not None
        return loaded.sequence - before, read, len(loaded.snapshot)


def walk(engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch, turns: int) -> None:
    engine.deploy(rounds.FILES, DESIGNER)
    case = rounds.open_case(engine)
    costs = Costs(engine, clock, monkeypatch)
    found = [costs.of_round(case, number) for number in range(turns)]
    written, read, sizes = zip(*found, strict=True)
    assert set(written[1:]) == {written[1]}
    assert set(read[1:]) == {0}, "a command reads the snapshot and no facts"
    young, old = max(sizes[1:9]), max(sizes[-8:])
    assert old <= young + 60, (young, old)  # ordinals became longer, nothing else
    assert engine.case(case.number).sequence > turns * 10


def test_the_cost_of_a_step_is_flat_over_the_age_of_an_instance(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(engine, clock, monkeypatch, 40)


@pytest.mark.endurance
def test_the_cost_of_a_step_is_flat_over_three_thousand_rounds(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(engine, clock, monkeypatch, 3000)


def die_while_answering(settings: Settings, clock: Clock, job: str, worker: str) -> None:
    """A worker of its own that is killed after everything was written and before it is committed."""
    child = os.fork()
    if child == 0:
        try:
            engine = open_engine(settings, clock)
            begin = engine.store.begin

            @contextmanager
            def dying() -> Iterator[Log]:
                with begin() as log:
                    yield log
                    os.kill(os.getpid(), signal.SIGKILL)

            engine.store.begin = dying  # type: ignore[method-assign]
            engine.complete_external(*job_of(job), worker, {"inkomen": Decimal(9)}, ROBOT)
        finally:
            os._exit(1)  # it should not have come here
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL


def test_a_worker_that_dies_in_the_middle_of_its_answer_loses_nothing(
    either: Engine, url: str, tmp_path: Path, clock: Clock
) -> None:
    case = open_case(either, "M1")
    settings = Settings(url, tmp_path / "keys", synchronous="OFF")
    before = either.facts(case.number)
    for turn in range(3):
        (job,) = either.fetch_and_lock(["inkomen"], f"w{turn}", lock_seconds=60)
        die_while_answering(settings, clock, job.id, f"w{turn}")
        assert either.facts(case.number) == before
        assert either.fetch_and_lock(["inkomen"], "other") == []  # its lock still stands
        clock.on(seconds=61)
    (job,) = either.fetch_and_lock(["inkomen"], "alive")
    assert job.attempts == 4
    assert either.complete_external(*job_of(job.id), "alive", {"inkomen": Decimal(7)}, ROBOT).taken
    assert elements(either, case) == ["Bekijken"]
    assert either.case(case.number).data["inkomen"] == 700
    assert_proved(either, case)
