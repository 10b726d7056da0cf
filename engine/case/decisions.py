"""Taking a decision: a table is evaluated and the outcome, with why, becomes a fact."""

from __future__ import annotations

from collections.abc import Mapping

from schuldhulp.engine.case.budget import PER_EXPRESSION
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.case.seals import seal_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import encode
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.model.facts import DecisionTaken
from schuldhulp.rules.dmn import DecisionError, decide
from schuldhulp.rules.feel import FeelError, Value


def take_decision(
    turn: Turn, instance: int | None, element: str | None, decision: str, inputs: Mapping[str, Value]
) -> Value:
    """The outcome of *decision* over *inputs*, recorded as `DecisionTaken`. Raises ExpressionFailed when the table has
    no answer: no rule matches, an input is missing or not allowed."""
    model = turn.deployment_of(instance).decision(decision)
    try:
        decided = decide(
            model, decision, inputs, now=turn.world.now.astimezone(CIVIL), strict=True, limit=turn.budget.one()
        )
    except (DecisionError, FeelError) as error:
        raise ExpressionFailed(element or decision, decision, str(error)) from error
    turn.budget.spend(decided.work + PER_EXPRESSION, element or decision, instance)
    turn.record(
        DecisionTaken(
            instance=instance,
            element=element,
            decision=decision,
            hash=model.hash,
            matched=tuple(decided.why.matched),
            personal={
                seal_of(turn, instance): {
                    "inputs": {name: encode(value) for name, value in inputs.items() if name != "p"},
                    "outputs": encode(decided.outputs),
                    "why": decided.why.to_json(),
                }
            },
        )
    )
    return decided.outputs
