"""Why a running term ends when it does, in Dutch."""

from __future__ import annotations

from schuldhulp.engine.case.terms import running_of
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Term
from schuldhulp.rules.terms import TermError, explain_dutch, law, running
from schuldhulp.rules.terms.running import Counting


def name(term: Term) -> str:
    """What people call the term."""
    return law().rule(term.rule, term.trigger).name


def explanation(engine: Engine, term: Term) -> tuple[str, ...]:
    """The count of the days, line by line; nothing when it stands still without a known end, or when the law or calendar in
    use now would count another date, so that no explanation is shown that leads to a date other than the one above it."""
    try:
        counted = running.computed(running_of(term), Counting(law(), engine.calendar, engine.readings))
    except TermError:
        return ()
    if counted is None or counted.ends != term.ends:
        return ()
    return tuple(explain_dutch(counted.explanation).split("\n"))
