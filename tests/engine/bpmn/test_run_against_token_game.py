"""The executor and an independent token game must enable the same things, whatever happens, on random models.

The executor's state is saved and loaded at every step, and every step is done again from the recorded answers. Now and then
everything in memory is lost and made anew from the record alone. `pytest -m endurance` plays over five thousand histories.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

import pytest

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import dumps, open_subscriptions, open_timers, open_work
from schuldhulp.engine.bpmn.run.contract import (
    Assigned,
    Caught,
    DataChanged,
    Entered,
    Fact,
    Left,
    MessageArrived,
    ScopeClosed,
    ScopeOpened,
    Stale,
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
from tests.engine.bpmn.random_models import sound, unstructured
from tests.engine.bpmn.random_parts import random_data
from tests.engine.bpmn.token_game import Game

CHANGES = 0.12
"""How often nothing happens but a change of data."""
LATE = 0.1
"""How often, before a step, something is reported that is no longer open or that nobody waits for in that way."""
CRASHES = 0.08
"""How often, before a step, all is lost and restored from the record."""


def enabled(play: Play) -> Counter[tuple[str, str]]:
    seen = Counter(("work", each.element) for each in open_work(play.state))
    seen.update(("event", each.element) for each in open_timers(play.state))
    for each in open_subscriptions(play.state):
        several = len(play.graph.nodes[each.element].definitions) > 1
        seen[("signal" if each.kind == "signal" else "event", f"{each.element}/{each.name}" if several else each.element)] += 1
    return seen


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


def told_rightly(play: Play, game: Game) -> None:
    """What the facts of the last step say beside what is open: they must say it as the token game saw it happen.

    Work begins with the local variables in its reach (a handler with those of what it undoes: the game does not keep them),
    variables are set, an error is told as caught unless the instance ends with it, and of what is no longer waited for it is
    told whether it happened: what was sent did, and nothing else.
    """
    gone = lost(play)
    works = [each for each in play.last if isinstance(each, WorkCreated) and each.scope not in gone]
    assert Counter(told(play.graph, each.element, each.locals) for each in works) == (
        Counter(told(play.graph, element, seen) for frame, element, seen in game.begun if not frame.lost)
    )
    assigned = [each for each in play.last if isinstance(each, Assigned) and each.scope not in gone]
    assert Counter((each.variable, repr(each.value)) for each in assigned) == (
        Counter((variable, repr(value)) for frame, variable, value in game.set if not frame.lost)
    )
    sent = play.record[-1][0]
    happened = sent.subscription if isinstance(sent, MessageArrived) else sent.timer if isinstance(sent, TimerDue) else None
    for fact in play.last:
        if isinstance(fact, Thrown) and fact.trigger == "error":
            assert fact.handled == (play.ended != "error")
        if isinstance(fact, TimerEnded):
            assert fact.fired is (fact.timer == happened)
        if isinstance(fact, Unsubscribed):
            assert fact.hit is (fact.subscription == happened)


def lost(play: Play) -> set[int]:
    """Scopes that the last step took away, with what is inside: how far it had come there nobody can tell, for of parallel
    instances that need nobody it is open which goes first."""
    gone = {each.scope for each in play.last if isinstance(each, ScopeClosed) and each.how == "cancelled"}
    if gone:
        for each in play.facts:  # a scope is opened after the one around it
            if isinstance(each, ScopeOpened) and each.parent in gone:
                gone.add(each.scope)
    return gone


def told(graph: Graph, element: str, seen: Mapping[str, Any]) -> tuple[str, str]:
    return element, "" if graph.nodes[element].for_compensation else repr(sorted(seen.items()))


def happening(play: Play, what: str, payload: object) -> MessageArrived | TimerDue:
    """That the event *what* happens; the clock moves to when its timer is due."""
    element, _, part = what.partition("/")
    for timer in open_timers(play.state):
        if timer.element == element:
            play.at = max(play.at, timer.due)
            return TimerDue(timer.id)
    waiting = (each for each in open_subscriptions(play.state) if each.element == element and part in ("", each.name))
    return MessageArrived(next(each.id for each in waiting), payload)


def interchangeable(play: Play, what: tuple[str, str]) -> bool:
    """Whether it makes no difference which work there is meant: of one activity, or of plain tasks of one scope."""
    kind, element = what
    if kind != "work":
        return False
    records = play.state.records
    owners = {records.get(each.id).owner for each in open_work(play.state) if each.element == element}  # type: ignore[union-attr]
    node = play.graph.nodes[element]
    plain = node.loop is None and not node.boundary and len({records.get(each).owner for each in owners}) == 1  # type: ignore[union-attr]
    return len(owners) == 1 or plain


def compare(graph: Graph, seed: int, steps: int) -> str | None:
    """Play a random history on both; gives how it ended (None: stuck or still running)."""
    random = Random(seed)
    data = random_data(random)

    def shuffle() -> None:
        data.update(random_data(random))

    def decide(text: str, seen: Mapping[str, Any]) -> Any:
        return eval(text, {"__builtins__": {}}, {**data, **seen})

    play = Play(graph)
    play.data = data
    play.start()
    game = Game(graph, decide)
    record = Told()
    for number in range(steps):
        record.agrees(play)
        told_rightly(play, game)
        seen = enabled(play)
        assert seen == game.enabled(), f"seed {seed}, step {number}"
        assert play.ended == game.over, f"seed {seed}, step {number}"
        if not seen or sum(seen.values()) > 60:
            break
        # Two pieces of work at one element in different scopes: both players must mean the same one.
        clear = sorted(each for each, number in seen.items() if number == 1 or interchangeable(play, each))
        clear = [each for each in clear if each[0] != "signal"]  # those come from inside
        if random.random() < CRASHES:
            play.crash()
        if random.random() < LATE:
            too_late(play, random)
        if not clear or random.random() < CHANGES:
            data.update(random_data(random))
            play.send(DataChanged())
            game.change()
        else:
            advance(play, game, random, random.choice(clear), shuffle)
    return play.ended


def too_late(play: Play, random: Random) -> None:
    """Something over or not due is reported as happened: the state stays, and one fact tells of it."""
    reports: list[WorkDone | MessageArrived | TimerDue] = [TimerDue(each.id) for each in open_subscriptions(play.state)]
    for timer in open_timers(play.state):
        reports += [MessageArrived(timer.id), *([TimerDue(timer.id)] if timer.due > play.at else [])]
    for fact in play.facts:
        if isinstance(fact, WorkEnded):
            reports.append(WorkDone(fact.work))
        elif isinstance(fact, Unsubscribed):
            reports.append(MessageArrived(fact.subscription))
    if reports:
        before = dumps(play.state)
        play.send(random.choice(reports))
        assert [type(fact) for fact in play.last] == [Stale]
        assert dumps(play.state) == before


def advance(play: Play, game: Game, random: Random, what: tuple[str, str], shuffle: Callable[[], None]) -> None:
    """One thing happens on both: an event, work that fails, or work that is done (with other data than before)."""
    kind, element = what
    if kind == "event":
        payload = random.randint(0, 9)
        play.send(happening(play, element, payload))
        assert any(isinstance(fact, Caught) and fact.element == element.partition("/")[0] for fact in play.last)
        game.happen(element, payload)
        return
    work = next(each.id for each in open_work(play.state) if each.element == element)
    if random.random() < 0.04:
        play.send(WorkFailed(work, "E"))
        game.fail(element, "E")
    else:
        shuffle()
        play.send(WorkDone(work))
        game.complete(element)


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
