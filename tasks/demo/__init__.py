"""A demonstration: an organisation with logins and invented cases in every state, made through the ordinary use cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.demo.fresh import FRESH, Invented, office_hours, open_fresh
from schuldhulp.tasks.demo.people import cast_for, make_logins
from schuldhulp.tasks.demo.stories import STORIES, Story, script
from schuldhulp.tasks.scenarios.load import Step
from schuldhulp.tasks.scenarios.stage import Stage, perform

SYSTEM = Actor(account=0, role="systeem", program="demo")


@dataclass
class _Clock:
    """Time that is moved by hand while the past is being made."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class _Telling:
    """A story that is being played; `stopped`: why it goes no further."""

    story: Story
    stage: Stage
    steps: tuple[Step, ...]
    stopped: str | None = None


def make_demo(settings: Settings, passwords: Path, clock: Callable[[], datetime]) -> Iterator[str]:
    """Fill an empty database: definitions, logins and cases. Yields what it does. Does nothing when there are accounts.

    The passwords are written to *passwords*, readable for the owner alone. A story that the definitions in force do not
    allow (a module is off in the organisation's folder) is told up to there, and that is said.
    """
    today = clock()
    moved = _Clock(today - timedelta(days=400))
    kept = Kept()
    engine = open_engine(settings, moved, kept)
    try:
        if engine.accounts():
            return
        yield "deploying the modules"
        engine.deploy(read_files(settings.folder), Actor(account=0, role="beheerder", program="demo"))
        yield "making logins"
        accounts = make_logins(engine, passwords)
        tellings = [_telling(story, engine, settings, kept, accounts, today) for story in STORIES]
        for day, happenings in groupby(_in_order(tellings, today), key=lambda each: each[0].date()):
            if day.day == 1 or day >= today.date() - timedelta(days=1):
                yield f"living through {day:%d-%m-%Y}"
            for at, what, step in happenings:
                moved.now = at
                if what is not None:
                    _happen(engine, what, step)
                _time_passes(engine)
        yield from _told(tellings)
    finally:
        engine.store.close()


def _telling(
    story: Story, engine: Engine, settings: Settings, kept: Kept, accounts: dict[str, int], today: datetime
) -> _Telling:
    scenario, steps = script(story, today.date())
    stage = Stage(scenario, settings, engine, "straight", kept, cast=cast_for(scenario.people, accounts))
    return _Telling(story, stage, steps)


_Happening = tuple[datetime, _Telling | Invented | None, Step | None]


def _in_order(tellings: list[_Telling], today: datetime) -> list[_Happening]:
    """All that happens in all cases, oldest first, and the start of every day; nothing is later than *today*."""
    found: list[_Happening] = []
    for telling in tellings:
        found += [(min(step.at, today), telling, step) for step in telling.steps if step.at is not None]
    found += [(office_hours(today, invented.days_ago), invented, None) for invented in FRESH]
    first = min(at for at, _, _ in found).astimezone(CIVIL).replace(hour=0, minute=10)
    nights = ((today - first).days + 1) if first < today else 0
    found += [(min(first + timedelta(days=n), today), None, None) for n in range(nights + 1)]
    return sorted(found, key=lambda each: each[0])


def _happen(engine: Engine, what: _Telling | Invented, step: Step | None) -> None:
    if isinstance(what, Invented):
        open_fresh(engine, what, engine.clock())
    elif step is not None and what.stopped is None:
        try:
            perform(what.stage, step)
        except CommandRefused as error:
            what.stopped = f"{step}: {error}"


def _time_passes(engine: Engine) -> None:
    for _ in engine.tick(SYSTEM):
        pass


def _told(tellings: list[_Telling]) -> Iterator[str]:
    for telling in tellings:
        if telling.stopped is not None:
            yield f"{telling.story.file} goes no further than {telling.stopped}"
    yield f"{len(tellings) + len(FRESH)} cases of invented clients"
