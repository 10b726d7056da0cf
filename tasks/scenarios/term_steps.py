"""The step `term` of a scenario: what people do to a term. `term: {suspend: wgs-4a-3, asked: 2026-05-01, set_term: ...}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from schuldhulp.engine.case.errors import NoSuchThing
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.terms import Suspension

INVITATION = "4:15-1-a"
KEYS: Mapping[str, Mapping[str, type]] = {
    "start": {"trigger": date, "length": int, "committee": bool, "accepted": date, "target": date},
    "meet": {"on": date},
    "suspend": {"ground": str, "asked": date, "set_term": date, "from": date, "until": date},
    "resume": {"on": date, "ground": str},
    "adjourn": {"length": int, "unit": str, "consent": bool},
    "delay": {"expected": date},
    "correct": {"trigger": date},
    "recompute": {},
}
"""What each verb takes beside the rule, and of which kind."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "start": ("trigger",),
    "meet": ("on",),
    "resume": ("on",),
    "adjourn": ("length",),
    "delay": ("expected",),
    "correct": ("trigger",),
}


def problems_in(what: Any) -> list[str]:
    """What is wrong with the value of a `term` step."""
    if not isinstance(what, Mapping):
        return ["term: write {suspend: RULE, ...}"]
    what = _named(what)
    verbs = [key for key in what if key in KEYS]
    if len(verbs) != 1:
        return [f"term: needs exactly one of {', '.join(KEYS)}; has {', '.join(verbs) or 'none'}"]
    known, verb = KEYS[verbs[0]], verbs[0]
    found = [
        f"term: {verb} takes no {key!r}, only {', '.join(known) or 'the rule'}"
        for key in what
        if key not in {verb, *known}
    ]
    found += [f"term: {verb} needs {key}" for key in NEEDED.get(verb, ()) if key not in what]
    return found + [
        f"term: {key}: {what[key]!r} is no {kind.__name__}"
        for key, kind in known.items()
        if key in what and type(what[key]) is not kind
    ]


def move(engine: Engine, case: str, what: Mapping[str, Any], reason: str, by: Actor) -> Done:
    """Do it. Raises NoSuchThing when no such term runs, and what the law forbids (TermRefused)."""
    what = _named(what)
    verb = next(key for key in what if key in KEYS)
    return _VERBS[verb](engine, case, str(what[verb]), what, reason, by)


def _named(what: Mapping[Any, Any]) -> Mapping[str, Any]:
    """YAML reads a bare `on` as true."""
    return {"on" if key is True else str(key): value for key, value in what.items()}


def _number(engine: Engine, case: str, rule: str) -> int:
    """The newest running term under that rule."""
    found = [term.term for term in engine.case(case).terms.values() if term.rule == rule]
    if not found:
        raise NoSuchThing("term", rule, case)
    return max(found)


def _start(engine: Engine, case: str, rule: str, what: Mapping[str, Any], reason: str, by: Actor) -> Done:
    given = {key: what[key] for key in ("length", "accepted", "target") if key in what}
    return engine.start_term(case, rule, what["trigger"], by, committee=what.get("committee", False), **given)


def _suspend(engine: Engine, case: str, rule: str, what: Mapping[str, Any], reason: str, by: Actor) -> Done:
    suspension = Suspension(
        what.get("ground", INVITATION),
        asked=what.get("asked"),
        set_term=what.get("set_term"),
        from_=what.get("from"),
        until=what.get("until"),
    )
    return engine.suspend_term(case, _number(engine, case, rule), suspension, reason, by)


def _adjourn(engine: Engine, case: str, rule: str, what: Mapping[str, Any], reason: str, by: Actor) -> Done:
    number, unit = _number(engine, case, rule), str(what.get("unit", "weeks"))
    return engine.adjourn_term(case, number, what["length"], unit, reason, by, consent=what.get("consent", False))


_Verb = Callable[[Engine, str, str, Mapping[str, Any], str, Actor], Done]
_VERBS: Mapping[str, _Verb] = {
    "start": _start,
    "meet": lambda engine, case, rule, what, reason, by: engine.meet_term(case, rule, what["on"], by),
    "suspend": _suspend,
    "resume": lambda engine, case, rule, what, reason, by: engine.resume_term(
        case, _number(engine, case, rule), what["on"], by, what.get("ground")
    ),
    "adjourn": _adjourn,
    "delay": lambda engine, case, rule, what, reason, by: engine.tell_delay(
        case, _number(engine, case, rule), what["expected"], by
    ),
    "correct": lambda engine, case, rule, what, reason, by: engine.correct_term(
        case, _number(engine, case, rule), what["trigger"], reason, by
    ),
    "recompute": lambda engine, case, rule, what, reason, by: engine.recompute_terms(case, by),
}
