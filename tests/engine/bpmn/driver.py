"""Plays a process in tests: answers questions from a dict, remembers facts, saves and reloads after every step."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import (
    EMPTY,
    State,
    dumps,
    is_ended,
    loads,
    offers,
    open_subscriptions,
    open_timers,
    open_work,
    replaying,
    step,
    where,
)
from schuldhulp.engine.bpmn.run.contract import (
    AdHocEnd,
    AdHocStart,
    Completed,
    DataChanged,
    Fact,
    MessageArrived,
    Purpose,
    Question,
    SignalArrived,
    Start,
    Stimulus,
    TimerDue,
    WorkDone,
    WorkEscalated,
    WorkFailed,
)
from schuldhulp.engine.bpmn.run.timers import parse

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Play:
    """One instance. Every step is also done again from the recorded answers, and must give the same bytes."""

    def __init__(self, graph: Graph, *, at: datetime = MONDAY, reload: bool = True, **data: Any) -> None:
        self.graph = graph
        self.at = at
        self.data: dict[str, Any] = data
        self.state: State = EMPTY
        self.facts: list[Fact] = []
        self.last: tuple[Fact, ...] = ()
        self.reload = reload
        self.record: list[tuple[Stimulus, datetime, tuple[Fact, ...]]] = []

    def crash(self) -> Play:
        """All that was in memory is gone: the state is made anew from what was recorded, and must be the same."""
        state = EMPTY
        for stimulus, at, facts in self.record:
            outcome = step(self.graph, state, stimulus, at, replaying(facts))
            assert outcome.facts == facts
            state = loads(dumps(outcome.state))
        assert dumps(state) == dumps(self.state), "rebuilt from its record it is another"
        self.state = state
        return self

    # what happens

    def send(self, stimulus: Stimulus, **more: Any) -> Play:
        before = dumps(self.state)
        outcome = step(self.graph, self.state, stimulus, self.at, self.evaluate, **more)
        assert dumps(self.state) == before, "the state given was changed"
        if self.reload:
            same = step(self.graph, self.state, stimulus, self.at, replaying(outcome.facts), **more)
            assert same.facts == outcome.facts, "the state given was changed where it is not stored"
            assert dumps(same.state) == dumps(outcome.state)
            again = step(self.graph, loads(before), stimulus, self.at, replaying(outcome.facts), **more)
            assert dumps(again.state) == dumps(outcome.state)
            assert again.facts == outcome.facts
            assert dumps(loads(dumps(outcome.state))) == dumps(outcome.state)
        self.state = outcome.state
        self.record.append((stimulus, self.at, outcome.facts))
        self.last = outcome.facts
        self.facts.extend(outcome.facts)
        return self

    def start(self, node: str | None = None, payload: Any = None) -> Play:
        return self.send(Start(node, payload))

    def done(self, *elements: str, **data: Any) -> Play:
        """Complete the oldest open work of each element in turn."""
        self.data.update(data)
        for element in elements:
            self.send(WorkDone(self.work(element)))
        return self

    def fail(self, element: str, code: str | None = None) -> Play:
        return self.send(WorkFailed(self.work(element), code))

    def escalate(self, element: str, code: str | None = None) -> Play:
        return self.send(WorkEscalated(self.work(element), code))

    def change(self, **data: Any) -> Play:
        self.data.update(data)
        return self.send(DataChanged())

    def message(self, name: str, payload: Any = None) -> Play:
        ident = next(each.id for each in open_subscriptions(self.state) if each.name == name and each.kind == "message")
        return self.send(MessageArrived(ident, payload))

    def signal(self, name: str, payload: Any = None) -> Play:
        return self.send(SignalArrived(name, payload))

    def wait(self, **time: float) -> Play:
        """Let time pass; timers go off one by one at their due instant."""
        until = self.at + timedelta(**time)
        while not is_ended(self.state):
            due = sorted((each.due, each.id) for each in open_timers(self.state))
            if not due or due[0][0] > until:
                break
            self.at = max(self.at, due[0][0])
            self.send(TimerDue(due[0][1]))
        self.at = until
        return self

    def pick(self, node: str) -> Play:
        return self.send(AdHocStart(self.adhoc(), node))

    def close(self, *, cancel: bool = False) -> Play:
        return self.send(AdHocEnd(self.adhoc(), cancel))

    # what one sees

    def work(self, element: str) -> int:
        return next(each.id for each in open_work(self.state) if each.element == element)

    def adhoc(self) -> int:
        return next(
            ident
            for ident, record in self.state.records.items()
            if type(record).__name__ == "Scope" and self.graph.scopes[record.element].kind == "adHocSubProcess"  # type: ignore[union-attr]
        )

    @property
    def open(self) -> list[str]:
        """Elements with open work, sorted, one entry per piece of work."""
        return sorted(each.element for each in open_work(self.state))

    @property
    def where(self) -> dict[str, int]:
        return where(self.state)

    @property
    def offered(self) -> list[str]:
        return [node for offer in offers(self.state, self.graph) for node in offer.nodes]

    @property
    def ended(self) -> str | None:
        """How the instance ended; None while it runs."""
        return self.state.status if is_ended(self.state) else None

    @property
    def code(self) -> str | None:
        return next(fact.code for fact in self.facts if isinstance(fact, Completed))

    def of(self, kind: type[Fact]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]

    def evaluate(self, question: Question) -> Any:
        """Expressions in tests are names, literals, `not x`, or Python over the data; timers are ISO texts."""
        text = question.expression.text
        if question.purpose is Purpose.TIMER:
            definition = next(
                each
                for each in self.graph.nodes[question.element].definitions
                if each.expression is not None and each.expression.text == text
            )
            assert definition.timer is not None
            return parse(text, definition.timer, self.at)
        return eval(text, {"__builtins__": {"len": len, "not": None}}, {**self.data, **question.locals})
