"""Why a running term ends when it does, in Dutch."""

from __future__ import annotations

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Term
from schuldhulp.rules.terms import TermError, compute, explain_dutch, law


def name(term: Term) -> str:
    """What people call the term."""
    return law().rule(term.rule, term.trigger).name


def explanation(engine: Engine, term: Term) -> tuple[str, ...]:
    """The count of the days, line by line; nothing when the term was stopped, extended or counted under another law since,
    so that no explanation is shown that leads to another date."""
    try:
        rule = law().rule(term.rule, term.trigger)
        found = compute(rule, term.trigger, calendar=engine.calendar, readings=engine.readings, length=term.length)
    except TermError:
        return ()
    return tuple(explain_dutch(found.explanation).split("\n")) if found.ends == term.ends else ()
