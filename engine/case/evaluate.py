"""Evaluating the expressions of a model for a case; a failure is an `ExpressionFailed` that names element and text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from schuldhulp.engine.bpmn.graph import Expression, TimerKind
from schuldhulp.engine.bpmn.run import timers
from schuldhulp.engine.bpmn.run.contract import Evaluate, Purpose, Question, TimerAnswer
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.case.functions import engine_functions
from schuldhulp.engine.case.scope import Locals, Scope, compiled, evaluate_within
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import decode, encode
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.rules.feel import FeelError, Value, to_python


def scope_of(turn: Turn, instance: int | None, extra: Locals | None = None, element: str | None = None) -> Scope:
    """What an expression at *element* of *instance* sees now: answers that live only in this turn go first."""
    own = turn.local.get((instance, element))
    extra = {**own, **(extra or {})} if own else extra
    return Scope(
        turn.case,
        instance,
        turn.deployment_of(instance),
        turn.world.now,
        current=turn.world.deployment,
        extra=extra,
        functions=engine_functions(turn, instance, element),
        budget=turn.budget,
    )


def value_of(turn: Turn, instance: int | None, element: str, text: str, extra: Locals | None = None) -> Value:
    """The value of FEEL *text*; strict: a null that stems from an error is an ExpressionFailed."""
    try:
        expression = compiled(turn.deployment_of(instance), text)
        scope = scope_of(turn, instance, extra, element)
        now = turn.world.now.astimezone(CIVIL)
        return evaluate_within(expression, scope, now, turn.budget, element, instance)
    except FeelError as error:
        raise ExpressionFailed(element, text, str(error), instance) from error


def holds(turn: Turn, instance: int | None, element: str, text: str, extra: Locals | None = None) -> bool:
    """Whether FEEL *text* is true. Anything but true or false is an ExpressionFailed."""
    value = value_of(turn, instance, element, text, extra)
    if not isinstance(value, bool):
        raise ExpressionFailed(element, text, f"a condition must be true or false, not {value!r}.")
    return value


def date_of(turn: Turn, instance: int | None, element: str, text: str) -> date | None:
    """A date from FEEL *text* (of a moment: its civil date), or None."""
    value = to_python(value_of(turn, instance, element, text))
    if isinstance(value, datetime):
        return value.astimezone(CIVIL).date()
    if value is None or isinstance(value, date):
        return value
    raise ExpressionFailed(element, text, f"must give a date, not {value!r}.")


def whole_of(element: str, text: str, value: Value) -> int:
    """A whole number that FEEL *text* gave. Raises ExpressionFailed."""
    if not isinstance(value, Decimal) or value != value.to_integral_value():
        raise ExpressionFailed(element, text, f"must give a whole number, not {value!r}.")
    return int(value)


def moment_of(
    turn: Turn, instance: int | None, element: str, text: str, extra: Locals | None = None
) -> datetime | None:
    """A moment from FEEL *text*; a date is the first moment of that day. *extra*: local variables."""
    value = to_python(value_of(turn, instance, element, text, extra or {}))
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CIVIL)
    if isinstance(value, date):
        return datetime.combine(value, time(), CIVIL)
    if value is None:
        return None
    raise ExpressionFailed(element, text, f"must give a date or a date and time, not {value!r}.")


def answering(turn: Turn, instance: int) -> Evaluate:
    """How the executor's questions about *instance* are answered. Values go in and out in storage form."""

    def answer(question: Question) -> Any:
        extra = {name: decode(value) for name, value in question.locals.items()}
        return _ANSWERS[question.purpose](turn, instance, question.element, question.expression, extra)

    return answer


def _condition(turn: Turn, instance: int, element: str, expression: Expression, extra: Locals) -> bool:
    return holds(turn, instance, element, expression.text, extra)


def _timer(turn: Turn, instance: int, element: str, expression: Expression, extra: Locals) -> TimerAnswer:
    """Plain ISO 8601 text, or FEEL that gives a date, a moment, a duration or such a text."""
    kind = _timer_kind(turn, instance, element, expression)
    try:
        return timers.parse(expression.text, kind, turn.world.now)
    except timers.TimerTextError:
        value = value_of(turn, instance, element, expression.text, extra)
    try:
        return _timer_from(value, kind, turn.world.now)
    except (timers.TimerTextError, TypeError) as error:
        raise ExpressionFailed(element, expression.text, str(error), instance) from error


def _timer_kind(turn: Turn, instance: int, element: str, expression: Expression) -> TimerKind:
    graph = turn.deployment_of(instance).graph(turn.case.instances[instance].process)
    kinds = [d.timer for d in graph.nodes[element].definitions if d.expression == expression and d.timer is not None]
    return kinds[0] if kinds else TimerKind.DATE


def _timer_from(value: Value, kind: TimerKind, now: datetime) -> TimerAnswer:
    python = to_python(value)
    if isinstance(python, datetime):
        return TimerAnswer(first=python if python.tzinfo else python.replace(tzinfo=CIVIL))
    if isinstance(python, date):
        return TimerAnswer(first=datetime.combine(python, time(), CIVIL))
    if isinstance(value, str):
        return timers.parse(value, kind, now)
    if value is None:
        raise TypeError("a timer must give a date, a moment or a duration, not null.")
    return timers.parse(str(value), kind, now)


def _items(turn: Turn, instance: int, element: str, expression: Expression, extra: Locals) -> list[Any]:
    value = value_of(turn, instance, element, expression.text, extra)
    return [encode(item) for item in (value if isinstance(value, list) else [] if value is None else [value])]


def _count(turn: Turn, instance: int, element: str, expression: Expression, extra: Locals) -> int:
    value = value_of(turn, instance, element, expression.text, extra)
    if not isinstance(value, Decimal) or value != value.to_integral_value() or value < 0:
        raise ExpressionFailed(element, expression.text, f"must give a whole number from 0, not {value!r}.")
    return int(value)


def _value(turn: Turn, instance: int, element: str, expression: Expression, extra: Locals) -> Any:
    return encode(value_of(turn, instance, element, expression.text, extra))


_ANSWERS: dict[Purpose, Callable[[Turn, int, str, Expression, Locals], Any]] = {
    Purpose.CONDITION: _condition,
    Purpose.TIMER: _timer,
    Purpose.ITEMS: _items,
    Purpose.COUNT: _count,
    Purpose.KEY: _value,
    Purpose.PAYLOAD: _value,
    Purpose.VALUE: _value,
    Purpose.TEXT: _value,
}
