"""A step in the making: a private copy of the state, the facts so far and what is still to be done.

Nothing here knows BPMN. The modules beside it put work on the agenda by name (see `step.VERBS`) instead of calling each
other, so an activity's end, the next turn of its loop and what follows never stand on top of each other on the stack.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec

from schuldhulp.engine.bpmn.graph import Expression, Graph, Node
from schuldhulp.engine.bpmn.run.contract import Answered, Evaluate, Fact, Purpose, Question, TimerAnswer
from schuldhulp.engine.bpmn.run.errors import BudgetExceeded, InvalidAnswer, StepError
from schuldhulp.engine.bpmn.run.plan import Plan, plan_of
from schuldhulp.engine.bpmn.run.state import (
    AnyRecord,
    Compensation,
    Scope,
    State,
    Token,
    Wait,
    Work,
    armed_key,
)
from schuldhulp.engine.bpmn.run.table import Table


class Draft:
    """The working copy of one step."""

    def __init__(self, graph: Graph, state: State, at: datetime, evaluate: Evaluate, budget: int) -> None:
        self.graph: Graph = graph
        self.plan: Plan = plan_of(graph)
        self.at = at
        self.facts: list[Fact] = []
        self.soon: deque[tuple[str, int, str]] = deque()
        self.later: deque[tuple[str, int, str]] = deque()
        self.touched: deque[int] = deque()
        """Scopes in which tokens moved: their inclusive and complex gateways are looked at when all else rests."""
        self.data_changed = False
        self.status = state.status
        self.root = state.root
        self._touched: set[int] = set()
        self._evaluate = evaluate
        self._budget = self._left = budget
        self._seq = state.seq
        self._records = state.records.copy()
        self._below = state.below.copy()
        self._own_below: set[int] = set()
        self._armed = dict(state.armed)
        self._own_armed: set[str] = set()

    def state(self) -> State:
        """The state as it is now."""
        return State(self._seq, self.status, self.root, self._records, self._below, self._armed)

    # --- records ----------------------------------------------------------------------------------------------------

    def new_id(self) -> int:
        self._seq += 1
        return self._seq

    def get(self, ident: int) -> AnyRecord | None:
        return self._records.get(ident)

    def scope(self, ident: int) -> Scope | None:
        found = self.get(ident)
        return found if isinstance(found, Scope) else None

    def token(self, ident: int) -> Token | None:
        found = self.get(ident)
        return found if isinstance(found, Token) else None

    def wait(self, ident: int) -> Wait | None:
        found = self.get(ident)
        return found if isinstance(found, Wait) else None

    def work(self, ident: int) -> Work | None:
        found = self.get(ident)
        return found if isinstance(found, Work) else None

    def node_of(self, token: Token) -> Node:
        return self.graph.nodes[token.node]

    def below(self, owner: int) -> list[int]:
        """Ids of the records right below *owner*, oldest first."""
        children = self._below.get(owner)
        return [] if children is None else list(children)

    def add(self, record: AnyRecord) -> int:
        """Put in a new record; a token, scope or compensation keeps the scope above it alive."""
        ident = self.new_id()
        self.insert(ident, record)
        if record.owner and isinstance(record, Token | Scope | Compensation):
            self.count(record.owner, 1)
        return ident

    def remove(self, ident: int) -> None:
        """Take a record away. Its scope ends when this was the last thing alive in it."""
        record = self._records.get(ident)
        if record is None:
            return
        self.extract(ident, record)
        if record.owner and isinstance(record, Token | Scope | Compensation):
            self.count(record.owner, -1)

    def count(self, owner: int, change: int) -> None:
        """Change how much is alive in scope *owner* (nothing for other owners)."""
        scope = self.scope(owner)
        if scope is None:
            return
        live = scope.live + change
        self.put(owner, msgspec.structs.replace(scope, live=live))
        self.touch(owner)
        if live == 0:
            self.soon_do("end_scope", owner)

    def touch(self, scope: int) -> None:
        """Note that tokens moved in *scope*."""
        if self.plan.has_joins and scope not in self._touched:
            self._touched.add(scope)
            self.touched.append(scope)

    def settled(self) -> None:
        """The first touched scope has no gateway that can go on."""
        self._touched.discard(self.touched.popleft())

    def put(self, ident: int, record: AnyRecord) -> None:
        """Replace a record that keeps its owner."""
        before = self._records.get(ident)
        if isinstance(before, Wait):
            old, new = armed_key(before), armed_key(record)
            if old != new:
                self._disarm(old, ident)
                self._arm(new, ident)
        self._records.put(ident, record)

    def insert(self, ident: int, record: AnyRecord) -> None:
        """Put a record in without counting it."""
        self._records.put(ident, record)
        if record.owner:
            self._children(record.owner).put(ident, None)
        self._arm(armed_key(record), ident)

    def extract(self, ident: int, record: AnyRecord) -> None:
        """Take a record out without counting it."""
        self._records.drop(ident)
        if record.owner and record.owner in self._below:
            children = self._children(record.owner)
            children.drop(ident)
            if not len(children):
                self._below.drop(record.owner)
                self._own_below.discard(record.owner)
        self._disarm(armed_key(record), ident)

    def armed(self, key: str) -> list[int]:
        """Ids of the waits under *key* (see `state.armed_key`), oldest first."""
        table = self._armed.get(key)
        return [] if table is None else list(table)

    def _children(self, owner: int) -> Table[None]:
        children = self._below.get(owner)
        if children is None or owner not in self._own_below:
            children = Table() if children is None else children.copy()
            self._below.put(owner, children)
            self._own_below.add(owner)
        return children

    def _arm(self, key: str | None, ident: int) -> None:
        if key is not None:
            self._armed_table(key).put(ident, None)

    def _disarm(self, key: str | None, ident: int) -> None:
        if key is None or key not in self._armed:
            return
        table = self._armed_table(key)
        table.drop(ident)
        if not len(table):
            del self._armed[key]
            self._own_armed.discard(key)

    def _armed_table(self, key: str) -> Table[None]:
        table = self._armed.get(key)
        if table is None or key not in self._own_armed:
            table = Table() if table is None else table.copy()
            self._armed[key] = table
            self._own_armed.add(key)
        return table

    # --- agenda and facts -------------------------------------------------------------------------------------------

    def say(self, fact: Fact) -> None:
        self.facts.append(fact)

    def soon_do(self, verb: str, ident: int, what: str = "") -> None:
        self.soon.append((verb, ident, what))

    def spend(self, element: str) -> None:
        """Count one move. Raises BudgetExceeded."""
        self._left -= 1
        if self._left < 0:
            raise BudgetExceeded(element, self._budget)

    # --- questions --------------------------------------------------------------------------------------------------

    def ask(self, element: str, purpose: Purpose, expression: Expression, local: Mapping[str, Any]) -> Any:
        """The answer of whoever evaluates, checked and recorded. Raises InvalidAnswer and what `evaluate` raises."""
        answer = _checked(element, purpose, self._evaluate(Question(element, purpose, expression, local)))
        self.say(Answered(element, purpose, answer))
        return answer

    def holds(self, element: str, expression: Expression, local: Mapping[str, Any]) -> bool:
        """Whether a condition is true."""
        return self.ask(element, Purpose.CONDITION, expression, local) is True


def _checked(element: str, purpose: Purpose, answer: Any) -> Any:
    match purpose:
        case Purpose.CONDITION:
            if not isinstance(answer, bool):
                raise InvalidAnswer(element, purpose, answer, "true or false")
        case Purpose.COUNT:
            whole = isinstance(answer, int | Decimal) and not isinstance(answer, bool) and answer == int(answer)
            if not whole or answer < 0:
                raise InvalidAnswer(element, purpose, answer, "a whole number of at least 0")
            return int(answer)
        case Purpose.ITEMS:
            if not isinstance(answer, list | tuple):
                raise InvalidAnswer(element, purpose, answer, "a list")
            return list(answer)
        case Purpose.TIMER:
            return _timer(element, answer)
        case _:
            pass
    return answer


def _timer(element: str, answer: Any) -> TimerAnswer:
    if isinstance(answer, Mapping):  # a recorded answer that went through JSON
        answer = msgspec.convert(answer, TimerAnswer)
    elif isinstance(answer, datetime):
        answer = TimerAnswer(answer)
    if not isinstance(answer, TimerAnswer) or answer.first.tzinfo is None:
        raise InvalidAnswer(element, Purpose.TIMER, answer, "a moment with a time zone")
    if answer.repeats is not None and answer.repeats < 1:
        raise InvalidAnswer(element, Purpose.TIMER, answer, "at least one repetition")
    return TimerAnswer(answer.first.astimezone(UTC), answer.period, answer.repeats)


def scope_id_of(draft: Draft, owner: int) -> int:
    """Id of the nearest scope at or above record *owner*."""
    while owner:
        record = draft.get(owner)
        if isinstance(record, Scope):
            return owner
        owner = 0 if record is None else record.owner
    raise StepError(None, "the state is damaged: a record hangs below nothing")
