"""Models made by others, played at random: whatever happens, the executor gives an answer and can rebuild it.

Expressions are answered at random, so this judges the executor alone. Every step is done a second time from the stored
state and the recorded answers and must give the same bytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from schuldhulp.engine.bpmn.graph import Graph, Kind, Severity
from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.bpmn.run import (
    EMPTY,
    StepError,
    dumps,
    is_ended,
    loads,
    offers,
    open_subscriptions,
    open_timers,
    open_work,
    replaying,
    step,
)
from schuldhulp.engine.bpmn.run.contract import (
    AdHocEnd,
    AdHocStart,
    DataChanged,
    MessageArrived,
    Purpose,
    Question,
    SignalArrived,
    Skip,
    Start,
    Stimulus,
    TimerAnswer,
    TimerDue,
    WorkDone,
    WorkEscalated,
    WorkFailed,
)
from tests.conformance import execution_suite as suite

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
BUDGET = 3000


class Walk:
    """One instance of a graph, pushed about at random."""

    def __init__(self, graph: Graph, seed: int) -> None:
        self.graph, self.random, self.state, self.at = graph, Random(seed), EMPTY, BEGIN

    def answer(self, question: Question) -> Any:
        match question.purpose:
            case Purpose.CONDITION:
                return self.random.random() < 0.5
            case Purpose.COUNT:
                return self.random.randint(0, 3)
            case Purpose.ITEMS:
                return [1, "two"]
            case Purpose.TIMER:
                cycle = self.random.random() < 0.3
                return TimerAnswer(self.at + timedelta(hours=1), "PT1H" if cycle else None, 3 if cycle else None)
        return "x"

    def send(self, stimulus: Stimulus) -> None:
        outcome = step(self.graph, self.state, stimulus, self.at, self.answer, budget=BUDGET)
        again = step(self.graph, loads(dumps(self.state)), stimulus, self.at, replaying(outcome.facts), budget=BUDGET)
        assert again.facts == outcome.facts
        assert dumps(again.state) == dumps(outcome.state)
        self.state = outcome.state

    def possible(self) -> Iterator[Stimulus]:
        for work in open_work(self.state):
            yield WorkDone(work.id)
            rare = self.random.random()
            if rare < 0.15:
                yield (WorkFailed, WorkEscalated, Skip)[int(rare * 20)](work.id)
        for each in open_subscriptions(self.state):
            yield MessageArrived(each.id) if each.kind == "message" else SignalArrived(each.name)
        for timer in open_timers(self.state):
            yield TimerDue(timer.id)
        for offer in offers(self.state, self.graph):
            yield from (AdHocStart(offer.scope, node) for node in offer.nodes)
            yield AdHocEnd(offer.scope, cancel=True)

    def go(self, steps: int = 25) -> str:
        """How it ended: a status, "stuck", "going", or the name of the refusal."""
        try:
            self.send(Start(self._entry()))
            for _ in range(steps):
                if is_ended(self.state):
                    return self.state.status
                choices = list(self.possible())
                if not choices:
                    return "stuck"
                chosen = DataChanged() if self.random.random() < 0.1 else self.random.choice(choices)
                if isinstance(chosen, TimerDue):
                    due = next(timer.due for timer in open_timers(self.state) if timer.id == chosen.timer)
                    self.at = max(self.at, due)
                self.send(chosen)
        except StepError as error:
            return type(error).__name__ if error.element is not None and str(error) else "nameless"
        return "going"

    def _entry(self) -> str | None:
        if self.graph.root.starts or not self.graph.startable:
            return None
        node = self.graph.nodes[self.graph.startable[0]]
        return self.graph.flows[node.outgoing[0]].target if node.kind is Kind.EVENT_BASED else node.id


def walk(every: int, seeds: range) -> Counter[str]:
    ends: Counter[str] = Counter()
    for path in sorted(suite.SUITE.rglob("*.bpmn*"))[::every]:
        model, findings = read(path.read_bytes(), file=path.name)
        if model is None or any(each.severity is Severity.ERROR for each in findings):
            continue
        for graph in model.graphs.values():
            ends.update(Walk(graph, seed).go() for seed in seeds)
    return ends


@pytest.mark.skipif(not suite.here(), reason="the models lie outside the project")
def test_models_of_others_never_crash_the_executor() -> None:
    ends = walk(25, range(1))
    assert ends["completed"] > sum(ends.values()) * 0.7, ends
    assert not ends["nameless"], "every refusal names its element"


@pytest.mark.endurance
@pytest.mark.skipif(not suite.here(), reason="the models lie outside the project")
def test_no_model_of_others_ever_crashes_the_executor() -> None:
    ends = walk(1, range(3))
    assert ends["completed"] > sum(ends.values()) * 0.7, ends
    assert not ends["nameless"], "every refusal names its element"
