"""Choices inside random models: which event, which loop, what a piece of work sees."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from schuldhulp.engine.bpmn.graph import Behavior, DataMapping, EventDefinition, MultiInstance, StandardLoop
from tests.engine.bpmn.build import condition, feel, loop, message, multi, signal, timer, when

CONDITIONS = tuple(f"c{number}" for number in range(6))
COUNTS = tuple(f"n{number}" for number in range(3))
LISTS = tuple(f"l{number}" for number in range(2))


def random_data(random: Random) -> dict[str, Any]:
    """A value for every name that the expressions of a random model can mention."""
    data: dict[str, Any] = {name: random.random() < 0.5 for name in CONDITIONS}
    data |= {name: random.randint(0, 3) for name in COUNTS}
    return data | {name: [random.randint(1, 4) for _ in range(random.randint(0, 3))] for name in LISTS}


@dataclass
class Event:
    """What a catch, boundary or start event waits for."""

    definitions: tuple[EventDefinition, ...]
    fields: dict[str, Any] = field(default_factory=dict)


def event(random: Random, name: str, *, stays: bool = False, multiple: bool = True) -> Event:
    """A message mostly; or time, a cycle (of an event that *stays* armed), a condition, several messages together."""
    dice = random.random()
    if dice < 0.12:
        return Event((timer("PT1H"),))
    if dice < 0.24 and stays:
        return Event((timer(random.choice(("R2/PT1H", "R3/PT1H", "R/PT1H"))),))
    if dice < 0.45:
        return Event((condition(random.choice(CONDITIONS)),))
    if dice < 0.55 and multiple:
        return Event((message(f"{name}x"), message(f"{name}y")), {"parallel_multiple": random.random() < 0.8})
    return Event((message(name, variable="told" if random.random() < 0.3 else None),))


@dataclass
class Many:
    """A multi-instance: how many, until when, and the signals for its boundary."""

    loop: MultiInstance
    signals: tuple[str | None, ...] = ()


def many(random: Random, name: str) -> Many:
    """Of a count or over a list; some end early, some gather results, some throw at every, the first or a chosen end."""
    over = random.random() < 0.5
    until = random.choice((None, None, "numberOfCompletedInstances >= 2", "loopCounter == 2", random.choice(CONDITIONS)))
    if over and random.random() < 0.2:
        until = "item > 2"
    more: dict[str, Any] = {}
    if over:
        more["element"] = "item"
    if random.random() < 0.4:
        more |= {"output_collection": "results", "output_element": feel("item" if over else "loopCounter")}
    behavior = random.choice((Behavior.ALL, Behavior.ALL, Behavior.NONE, Behavior.ONE, Behavior.COMPLEX))
    first, second = signal(f"{name}first"), signal(f"{name}second")
    if behavior is Behavior.NONE:
        more["none_event"] = random.choice((None, first))
    elif behavior is Behavior.ONE:
        more["one_event"] = random.choice((None, first))
    elif behavior is Behavior.COMPLEX:
        more["complex"] = (
            when(random.choice(CONDITIONS), first),
            when(random.choice(("numberOfActiveInstances == 1", "numberOfCompletedInstances >= 2")), second),
        )
    source = {"over": random.choice(LISTS)} if over else {"count": random.choice(COUNTS)}
    made = multi(**source, sequential=random.random() < 0.5, until=until, behavior=behavior, **more)  # type: ignore[arg-type]
    names = (first.name, second.name, None)
    return Many(made, () if behavior is Behavior.ALL else tuple(each for each in names if random.random() < 0.6))


def turns(random: Random) -> StandardLoop:
    """Again while a condition holds, sometimes looked at before, sometimes no more than so often."""
    maximum = random.choice((None, None, *COUNTS))
    return loop(random.choice(CONDITIONS), test_before=random.random() < 0.3, maximum=maximum)


def given(random: Random) -> tuple[DataMapping, ...]:
    """Input parameters of a piece of work."""
    return (DataMapping("given", feel(random.choice(COUNTS))), DataMapping("more", feel("given + 1")))
