"""FEEL functions of the engine: terms, working days and decision tables (see docs/designers.md)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.decisions import take_decision
from schuldhulp.engine.case.tallies import counted
from schuldhulp.engine.case.turn import Turn
from schuldhulp.rules.dmn import required_inputs
from schuldhulp.rules.feel import Function, NullResult, Value, to_python
from schuldhulp.rules.terms import Calendar, Readings, TermError, feel_functions


def engine_functions(turn: Turn, instance: int | None, element: str | None) -> Callable[[str], Value | None]:
    """Finds an engine function by name, made when it is asked for."""

    def end_of_term(rule: Value) -> date | None:
        ends = [term.ends for term in turn.case.terms.values() if term.rule == rule and term.ends is not None]
        return min(ends) if ends else None

    def decision_table(decision: Value, inputs: Value) -> Value:
        if not isinstance(decision, str) or not isinstance(inputs, dict):
            raise NullResult(
                "argument-type", 'beslistabel takes a name and a context, such as beslistabel("D19", {..})'
            )
        return take_decision(turn, instance, element, decision, _with_parameters(turn, instance, decision, inputs))

    def tally(name: Value, first: Value, last: Value) -> Decimal:
        begin, end = to_python(first), to_python(last)
        if not (isinstance(name, str) and type(begin) is date and type(end) is date):
            raise NullResult("argument-type", 'geteld takes a name and two dates, such as geteld("noodbudget", van, tot)')
        return Decimal(counted(turn, name, begin, end)) / 100

    def find(name: str) -> Value | None:
        if name == "beslistabel":
            return Function.of(decision_table, ("tabel", "invoer"), name=name)
        if name == "einde termijn":
            return Function.of(end_of_term, ("regel",), name=name)
        if name == "geteld":
            return Function.of(tally, ("naam", "van", "tot"), name=name)
        known = feel_functions(turn.world.calendar, turn.world.readings).get(name)
        return None if known is None else Function.of(_of_terms(known[1]), tuple(known[0]), name=name)

    return find


def _with_parameters(
    turn: Turn, instance: int | None, decision: str, inputs: Mapping[str, Value]
) -> Mapping[str, Value]:
    """*inputs*, with `p` when the table uses parameters: these are the same everywhere, so nobody passes them."""
    deployment = turn.deployment_of(instance)
    model = deployment.decisions.get(decision)
    needed = {one.name for one in required_inputs(model, decision)} if model is not None else set()
    if "p" not in needed:
        return inputs
    return {**inputs, "p": deployment.feel_parameters(turn.world.today, turn.world.deployment)}


def term_functions(calendar: Calendar, readings: Readings) -> Mapping[str, Function]:
    """The functions that need no case, such as `werkdagen na`, by name."""
    known = feel_functions(calendar, readings)
    return {name: Function.of(_of_terms(call), tuple(names), name=name) for name, (names, call) in known.items()}


def _of_terms(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of rules/terms, which takes and gives Python values; its refusal is a null with the reason."""

    def call(*arguments: Value) -> Any:
        try:
            return function(*(to_python(argument) for argument in arguments))
        except TermError as error:
            raise NullResult("term", str(error)) from error

    return call
