"""Terms on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Term
from schuldhulp.tasks import deadlines
from schuldhulp.tasks.cases import TermLine
from schuldhulp.web.words import Countdown, countdown

STATES = {
    "met": "gehaald",
    "late": "te laat gehaald",
    "cancelled": "geldt niet meer",
    "expired": "voorbij",
    "suspended": "staat stil",
}


@dataclass(frozen=True, slots=True)
class TermView:
    """`left`: how long is left, for a term that runs; else `state` says how it ended. `why`: the count, line by line."""

    name: str
    article: str
    left: Countdown | None
    state: str
    other: str
    why: tuple[str, ...]


def running(engine: Engine, terms: Iterable[Term], today: date) -> tuple[TermView, ...]:
    """Terms that run, the first to end on top."""
    return tuple(_running(engine, term, today) for term in sorted(terms, key=lambda term: (term.ends or date.max, term.term)))


def all_of(engine: Engine, lines: Iterable[TermLine], terms: Mapping[int, Term], today: date) -> tuple[TermView, ...]:
    """Every term of a case: those that run first, then the others, last begun on top."""
    ended = [line for line in lines if line.term not in terms]
    past = (TermView(line.name, line.article, None, STATES.get(line.status, line.status), "", ()) for line in ended[::-1])
    return (*running(engine, terms.values(), today), *past)


def _running(engine: Engine, term: Term, today: date) -> TermView:
    return TermView(
        name=deadlines.name(term),
        article=term.article,
        left=countdown(term.ends, today, engine.calendar) if term.ends else None,
        state="staat stil",
        other=dutch.weekday_date(term.other) if term.other else "",
        why=deadlines.explanation(engine, term),
    )
