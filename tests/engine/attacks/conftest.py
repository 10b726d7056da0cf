"""An engine for models that nobody checked, and a watched place on disk that they must never reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, now, open_engine
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor

WORKER = Actor(account=3, role="sociaal_werker")


@pytest.fixture
def marker(tmp_path: Path) -> Path:
    """What each attack tries to make."""
    return tmp_path / "taken-over"


class Later:
    """A clock that can be put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> object:
        return now() + self.ahead


@pytest.fixture
def open_unchecked(tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    engines: list[Engine] = []

    def opened() -> Engine:
        folder = tmp_path / f"engine{len(engines)}"
        settings = Settings(f"sqlite:///{folder / 'case.db'}", folder / "keys", synchronous="OFF")
        engines.append(open_engine(settings, Later()))  # type: ignore[arg-type]
        return engines[-1]

    yield opened
    for engine in engines:
        engine.store.close()


def live(engine: Engine, files: Mapping[str, bytes], rounds: int = 3) -> list[CommandRefused]:
    """Deploys *files* without any check, runs a case through everything that can be done, gives what was refused.

    Any other error fails the test: it would be a fault of ours.
    """
    refused: list[CommandRefused] = []
    engine.deploy(files, WORKER)
    try:
        case = engine.open_case("P", {"client_naam": "Joris"}, WORKER).case
    except CommandRefused as error:
        return [error]
    for _ in range(rounds):
        for task in list(engine.case(case.number).tasks.values()):
            try:
                engine.complete(case.number, task.task, Completion({}, reason="het moet"), WORKER)
            except CommandRefused as error:
                refused.append(error)
        for act in (
            lambda: engine.message(case.number, "Antwoord", {"inkomen": 3}, WORKER),
            lambda: engine.correct(case.number, {"inkomen": 1000}, "verkeerd ingevoerd", WORKER),
        ):
            try:
                act()
            except CommandRefused as error:
                refused.append(error)
        engine.clock.ahead += timedelta(days=30)  # type: ignore[attr-defined]
        refused += [outcome for _, outcome in engine.tick(WORKER) if isinstance(outcome, CommandRefused)]
    return refused
