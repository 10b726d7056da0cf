"""Cases of the demonstration that are on their way: client stories moved to these days and played up to a point."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

from schuldhulp.tasks.scenarios import Scenario, Step, load_scenario

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})( \d{2}:\d{2})?")
_NEAR = timedelta(days=3 * 365)
"""Dates farther from the story than this are no part of it: a date of birth stays what it is."""


@dataclass(frozen=True, slots=True)
class Story:
    """The scenario *file* up to and with step *steps*, which happened about *days_ago*. `client`: another name for the client."""

    file: str
    steps: int
    days_ago: int
    client: str | None = None


STORIES = (
    Story("M2/scenarios/verhaal-1-fenna.yaml", 41, 2),
    Story("M5/scenarios/verhaal-2-joris.yaml", 34, 6),
    Story("M1/scenarios/verhaal-3-amira.yaml", 52, 3),
    Story("bezwaar/scenarios/verhaal-4b-bram-houdt-vol.yaml", 30, 4),
    Story("M9/scenarios/verhaal-5-denkbeeld.yaml", 45, 1),
    Story("M6/scenarios/groep-niet-gekomen.yaml", 7, 5),
    Story("M8/scenarios/voorrang-en-tegenvoorstel.yaml", 24, 8),
    Story("M4/scenarios/vrijwilliger-zonder-begeleider.yaml", 17, 10),
    Story("M7/scenarios/doelgroep-2-niet-verschenen.yaml", 20, 2),
    Story("M1/scenarios/niet-bereikt.yaml", 8, 1),
    Story("M10/scenarios/contact-en-stoppen.yaml", 2, 175, "Tom Testpersoon"),
    Story("klacht/scenarios/gegrond-na-horen.yaml", 8, 3, "Ina Ingebeeld"),
    Story("M3/scenarios/gemeente-stuurt.yaml", 5, 1, "Gea Gefingeerd"),
    Story("M2/scenarios/vroeg-klaar.yaml", 9, 12),
    Story("M5/scenarios/geen-contact-afwijzing.yaml", 11, 14),
)
"""All clients are invented."""


def scenario_of(story: Story) -> Scenario:
    """The shipped scenario that a story follows."""
    return load_scenario(files("schuldhulp.processes").joinpath(story.file).read_bytes(), name=story.file)


def script(story: Story, today: date) -> tuple[Scenario, tuple[Step, ...]]:
    """The scenario, and its steps up to the point with every moment set and moved by whole weeks. Steps that only look or
    that show a refusal are left out."""
    scenario = scenario_of(story)
    timed = list(_timed(scenario.steps[: story.steps]))
    first, last = _day(timed[0]), _day(timed[-1])
    shift = timedelta(weeks=((today - last).days - story.days_ago) // 7)
    played = [step for step in timed if step.action not in ("check", "tick") and not step.refused and not step.copy]
    moved = [
        replace(
            step,
            at=_shifted(step.at, shift, first),
            values=_named(_shifted(step.values, shift, first), story.client),
            payload=_shifted(step.payload, shift, first),
            what=_shifted(step.what, shift, first),
            until=_shifted(step.until, shift, first),
        )
        for step in played
    ]
    return scenario, tuple(moved)


def _timed(steps: tuple[Step, ...]) -> Iterator[Step]:
    """A step without a moment is of the moment of the one before."""
    at = steps[0].at
    for step in steps:
        at = step.at or at
        yield replace(step, at=at)


def _day(step: Step) -> date:
    assert step.at is not None  # the first step of a scenario of the demonstration has a moment, so all have
    return step.at.date()


def _named(values: Mapping[str, Any], client: str | None) -> Mapping[str, Any]:
    return {**values, "client_naam": client} if client and "client_naam" in values else values


def _shifted(value: Any, by: timedelta, near: date) -> Any:
    """The same value with every date that belongs to the story moved."""
    if isinstance(value, Mapping):
        return {key: _shifted(item, by, near) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shifted(item, by, near) for item in value]
    if isinstance(value, datetime):
        return value + by if abs(value.date() - near) < _NEAR else value
    if isinstance(value, date):
        return value + by if abs(value - near) < _NEAR else value
    if isinstance(value, str) and (found := _DAY.fullmatch(value)):
        day = date.fromisoformat(found[1])
        return f"{_shifted(day, by, near)}{found[2] or ''}"
    return value
