"""What cases share and each may take from, such as a budget, counted over all cases.

`geteld(name, first, last)` in FEEL gives what all cases together took, in euros. Whoever keeps a command that took something
makes sure that nobody else took meanwhile (engine/handle/base.py).
"""

from __future__ import annotations

from datetime import date

from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.model import facts as f


def year_of(day: date) -> tuple[date, date]:
    """The first and the last day of the year of *day*."""
    return date(day.year, 1, 1), date(day.year, 12, 31)


def counted(turn: Turn, name: str, first: date, last: date) -> int:
    """Cents that all cases took from *first* to *last*, what this command took included."""
    own = (fact for fact in turn.facts if isinstance(fact, f.Tallied))
    mine = sum(fact.cents for fact in own if fact.name == name and first <= fact.on <= last)
    return turn.world.tallied(name, first, last) + mine
