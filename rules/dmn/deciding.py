"""Deciding: (model, decision, inputs) -> outputs, the reason why, and remarks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from schuldhulp.rules.dmn.errors import InputErrors, Remark
from schuldhulp.rules.dmn.inputs import take_inputs
from schuldhulp.rules.dmn.model import Key, Service
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.graph import Made
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.dmn.short_steps import Call
from schuldhulp.rules.dmn.short_way import short_way
from schuldhulp.rules.dmn.why import Why
from schuldhulp.rules.dmn.why_from_trace import explain
from schuldhulp.rules.feel.callables import DEFAULT_LIMIT, External
from schuldhulp.rules.feel.values import Value


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided. `outputs` is the value, for several outputs a dict by name; `remarks` tells of every null
    that came from an error (none when deciding strictly: an error then is raised)."""

    decision: str
    outputs: Value
    why: Why
    remarks: tuple[Remark, ...] = ()
    work: int = field(default=0, compare=False)
    """Steps that it took (see *limit* of `decide`)."""


def decide(
    model: DmnModel,
    decision: str,
    inputs: Mapping[str, object],
    *,
    now: datetime | None = None,
    strict: bool = True,
    limit: int = DEFAULT_LIMIT,
    external: External | None = None,
) -> Decided:
    """Decide, with the reason why.

    *decision* is the id or name of a decision or service; *inputs* are by name, those of an imported model in a dict
    under the import's name; more than is needed may be given, and a value for a decision replaces it. *now* is the
    clock of FEEL's now() and today(); *limit* bounds the work in steps; *external* maps names to functions for
    `external` definitions (none by default). Strict deciding raises DecisionError (InputErrors, NoRuleMatches,
    SeveralRulesMatch, ExpressionFailed ...) where the standard would give null.
    """
    key = model.key(decision)
    session = Session(now=now, strict=strict, limit=limit, external=external)
    values, problems = take_inputs(model, key, inputs)
    if problems:
        place = model.linked.elements[key].place
        if strict:
            raise InputErrors(place, problems)
        session.remarks.extend(Remark(place, "input", f"{name}: {said}") for name, said in problems.items())
    made: list[Made] = []
    given = dict(values)
    element = model.linked.elements[key]
    if isinstance(element, Service):
        outputs = model.graph.serve(element, values, session, made)
    else:
        outputs = model.graph.make(key, values, session, made)
    why, work = explain(model, key, given, values, made, outputs), session.run.limit - session.run.left
    return Decided(key[1], outputs, why, tuple(session.remarks), work)


def evaluate(
    model: DmnModel,
    decision: str,
    inputs: Mapping[str, object],
    *,
    now: datetime | None = None,
    strict: bool = True,
    limit: int = DEFAULT_LIMIT,
    external: External | None = None,
) -> Value:
    """The outputs alone, without the reason: the same rules, checks and errors as `decide`, in less time."""
    if strict and now is None and external is None and limit == DEFAULT_LIMIT:
        prepared = model.graph.prepared
        call = prepared.get(decision)
        if call is None:
            call = prepared[decision] = prepare(model, decision)
        return call(inputs)
    if strict:
        return prepare(model, decision, now=now, limit=limit, external=external)(inputs)
    return _long_way(model, model.key(decision), inputs, Session(now=now, strict=strict, limit=limit, external=external))


def prepare(
    model: DmnModel,
    decision: str,
    *,
    now: datetime | None = None,
    limit: int = DEFAULT_LIMIT,
    external: External | None = None,
) -> Call:
    """`evaluate` as a function of the inputs, made ready for many calls; it decides strictly. Raises NoSuchDecision."""
    key = model.key(decision)

    def long_way(inputs: Mapping[str, object]) -> Value:
        return _long_way(model, key, inputs, Session(now=now, strict=True, limit=limit, external=external))

    return short_way(model, key, long_way) or long_way


def _long_way(model: DmnModel, key: Key, inputs: Mapping[str, object], session: Session) -> Value:
    values, problems = take_inputs(model, key, inputs)
    element = model.linked.elements[key]
    if problems and session.strict:
        raise InputErrors(element.place, problems)
    if isinstance(element, Service):
        return model.graph.serve(element, values, session)
    return model.graph.make(key, values, session)
