"""The executor and an independent token game must enable the same things, whatever happens, on random models.

The executor's state is saved and loaded at every step, and every step is done again from the recorded answers. Now and then
everything in memory is lost and made anew from the record alone. `pytest -m endurance` plays over five thousand histories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import open_subscriptions, open_timers, open_work
from schuldhulp.engine.bpmn.run.contract import (
    Caught,
    Entered,
    Fact,
    Left,
    MessageArrived,
    Subscribed,
    Thrown,
    TimerDue,
    TimerEnded,
    TimerSet,
    Unsubscribed,
    Withdrawn,
    WorkCreated,
    WorkDone,
    WorkEnded,
    WorkFailed,
)
from tests.engine.bpmn.driver import Play
from tests.engine.bpmn.random_models import CONDITIONS, COUNTS, sound, unstructured
from tests.engine.bpmn.token_game import Game

CRASHES = 0.08
"""How often, before a step, all is lost and restored from the record."""


def enabled(play: Play) -> Counter[tuple[str, str]]:
    events = [each.element for each in (*open_subscriptions(play.state), *open_timers(play.state))]
    return Counter(("work", each.element) for each in open_work(play.state)) + Counter(
        ("event", each) for each in events
    )


class Told:
    """What the facts alone say is open: what every list and every replay is folded from."""

    def __init__(self) -> None:
        self.read = 0
        self.tokens: dict[int, str] = {}
        self.open: dict[str, dict[int, str]] = {"work": {}, "timer": {}, "subscription": {}}

    def agrees(self, play: Play) -> None:
        """Raises AssertionError when the state holds something else."""
        for fact in play.facts[self.read :]:
            self._take(fact)
        self.read = len(play.facts)
        if play.ended is not None:
            assert not self.tokens
            assert not any(self.open.values()), "it is over, and something is told as open"
            return
        assert Counter(self.tokens.values()) == play.where
        assert self.open["work"] == {each.id: each.element for each in open_work(play.state)}
        assert self.open["timer"] == {each.id: each.element for each in open_timers(play.state)}
        assert self.open["subscription"] == {each.id: each.element for each in open_subscriptions(play.state)}

    def _take(self, fact: Fact) -> None:
        match fact:
            case Entered(token=token, element=element):
                self.tokens[token] = element
            case Left(token=token) | Withdrawn(token=token):
                assert self.tokens.pop(token, None) is not None, "a token left that was nowhere"
            case WorkCreated(work=ident, element=element):
                self.open["work"][ident] = element
            case TimerSet(timer=ident, element=element):
                self.open["timer"][ident] = element
            case Subscribed(subscription=ident, element=element):
                self.open["subscription"][ident] = element
            case WorkEnded(work=ident):
                del self.open["work"][ident]
            case TimerEnded(timer=ident):
                del self.open["timer"][ident]
            case Unsubscribed(subscription=ident):
                del self.open["subscription"][ident]


def told_rightly(play: Play) -> None:
    """An error is told as caught unless the instance ends with it; work has the inputs that its activity maps."""
    for fact in play.last:
        if isinstance(fact, WorkCreated):
            assert {each.target for each in play.graph.nodes[fact.element].inputs} <= fact.locals.keys()
        if isinstance(fact, Thrown) and fact.trigger == "error":
            assert fact.handled == (play.ended != "error")


def happening(play: Play, element: str) -> MessageArrived | TimerDue:
    """That the event *element* happens; the clock moves to when its timer is due."""
    for timer in open_timers(play.state):
        if timer.element == element:
            play.at = max(play.at, timer.due)
            return TimerDue(timer.id)
    return MessageArrived(next(each.id for each in open_subscriptions(play.state) if each.element == element))


def interchangeable(play: Play, what: tuple[str, str]) -> bool:
    """Whether it makes no difference which work there is meant: of one activity, or of plain tasks of one scope."""
    kind, element = what
    records = play.state.records
    owners = {records.get(each.id).owner for each in open_work(play.state) if each.element == element}  # type: ignore[union-attr]
    node = play.graph.nodes[element]
    plain = node.loop is None and not node.boundary and len({records.get(each).owner for each in owners}) == 1  # type: ignore[union-attr]
    return kind == "work" and (len(owners) == 1 or plain)


def compare(graph: Graph, seed: int, steps: int) -> str | None:
    """Play a random history on both; gives how it ended (None: stuck or still running)."""
    random = Random(seed)
    data: dict[str, object] = {}

    def shuffle() -> None:
        data.update({name: random.random() < 0.5 for name in CONDITIONS})
        data.update({name: random.randint(0, 3) for name in COUNTS})

    shuffle()
    play = Play(graph)
    play.data = data
    play.start()
    game = Game(graph, lambda text: data[text])
    told = Told()
    for number in range(steps):
        told.agrees(play)
        told_rightly(play)
        seen = enabled(play)
        assert seen == game.enabled(), f"seed {seed}, step {number}"
        assert play.ended == game.over, f"seed {seed}, step {number}"
        if not seen or sum(seen.values()) > 60:
            break
        # Two pieces of work at one element in different scopes: both players must mean the same one.
        clear = sorted(each for each, number in seen.items() if number == 1 or interchangeable(play, each))
        if not clear:
            break
        kind, element = random.choice(clear)
        shuffle()
        if random.random() < CRASHES:
            play.crash()
        if kind == "event":
            play.send(happening(play, element))
            assert any(isinstance(fact, Caught) and fact.element == element for fact in play.last)
            game.happen(element)
            continue
        work = next(each.id for each in open_work(play.state) if each.element == element)
        if random.random() < 0.04:
            play.send(WorkFailed(work, "E"))
            game.fail(element, "E")
        else:
            play.send(WorkDone(work))
            game.complete(element)
    return play.ended


def run(make: Callable[[int], Graph], seeds: range, steps: int) -> Counter[str | None]:
    return Counter(compare(make(seed), seed, steps) for seed in seeds)


def test_on_random_sound_models_both_enable_the_same() -> None:
    ends = run(sound, range(150), 60)
    assert ends["completed"] > 75, ends


def test_on_random_unstructured_models_both_enable_the_same() -> None:
    run(unstructured, range(100), 25)


@pytest.mark.endurance
def test_on_three_thousand_random_sound_models_both_enable_the_same() -> None:
    ends = run(sound, range(10_000, 13_000), 120)
    assert ends["completed"] > 1_500, ends


@pytest.mark.endurance
def test_on_two_thousand_random_unstructured_models_both_enable_the_same() -> None:
    run(unstructured, range(10_000, 12_000), 40)
