"""A step that takes from what all cases share: property `tally` = `NAME amount FEEL [on FEEL] [when FEEL]`."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schuldhulp.engine.bpmn.graph import Node
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.case.evaluate import date_of, holds, value_of
from schuldhulp.engine.case.tallies import counted, year_of
from schuldhulp.engine.case.terms import Binding
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.model import facts as f

CENT = Decimal("0.01")


def take(turn: Turn, instance: int, element: str, node: Node) -> None:
    """Carry out the `tally` properties of a node that was completed. An amount of null or nothing takes nothing."""
    for text in node.all_properties("tally"):
        binding = Binding.read(text)
        when, amount = binding.parts.get("when"), binding.parts.get("amount")
        if amount is None:
            raise ExpressionFailed(element, text, "a tally needs an amount: `NAME amount FEEL`.", instance)
        if when is not None and not holds(turn, instance, element, when):
            continue
        cents = _cents(element, amount, value_of(turn, instance, element, amount), instance)
        on = turn.world.today if binding.on is None else date_of(turn, instance, element, binding.on)
        if on is None:
            raise ExpressionFailed(element, text, "the day of a tally is not known.", instance)
        if not cents:
            continue
        first, last = year_of(on)
        turn.record(
            f.Tallied(
                tally=turn.case.next("tally"),
                name=binding.rule,
                on=on,
                cents=cents,
                used=counted(turn, binding.rule, first, last),
                instance=instance,
                element=element,
            )
        )


def _cents(element: str, text: str, value: Any, instance: int) -> int:
    if value is None:
        return 0
    if not isinstance(value, Decimal) or value != value.quantize(CENT):
        raise ExpressionFailed(element, text, f"must give an amount in whole cents, not {value!r}.", instance)
    return int(value * 100)
