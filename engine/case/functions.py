"""FEEL functions of the engine: terms, working days and decision tables (see docs/designers.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from schuldhulp.engine.case.decisions import take_decision
from schuldhulp.engine.case.turn import Turn
from schuldhulp.rules.feel import Function, Value, feel_value, python_function
from schuldhulp.rules.terms import feel_functions


def engine_functions(turn: Turn, instance: int | None, element: str | None) -> Callable[[str], Value | None]:
    """Finds an engine function by name, made when it is asked for."""

    def end_of_term(rule: str) -> date | None:
        ends = [term.ends for term in turn.case.terms.values() if term.rule == rule]
        return min(ends) if ends else None

    def decision_table(decision: str, inputs: dict[str, Any]) -> Value:
        return take_decision(turn, instance, element, decision, {key: feel_value(v) for key, v in inputs.items()})

    def find(name: str) -> Value | None:
        if name == "beslistabel":
            return python_function(("tabel", "invoer"), decision_table, raw=True)
        if name == "einde termijn":
            return python_function(("regel",), end_of_term)
        known = feel_functions(turn.world.calendar, turn.world.readings).get(name)
        return None if known is None else python_function(tuple(known[0]), known[1])

    return find


__all__ = ["Function", "engine_functions"]
