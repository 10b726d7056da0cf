"""What a command knows of the world outside its case: read before deciding, passed in, written into the command's fact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.terms import Calendar, Law, Readings

CIVIL = ZoneInfo("Europe/Amsterdam")
"""Dates of law and of forms are dates here."""


@dataclass(frozen=True)
class World:
    """`now` is aware; `deployment` is in force today, `pinned` gives any other by id."""

    now: datetime
    by: Actor
    deployment: Deployment
    pinned: Callable[[str], Deployment]
    law: Law
    product: str
    account_of: Callable[[str], int | None] = lambda login: None
    """The account number of a login, None when nobody has it."""
    tallied: Callable[[str, date, date], int] = lambda name, first, last: 0
    """What all cases together took of something they share, from a day to a day (both included), in cents."""
    covered: frozenset[int] = frozenset()
    """Accounts that are away today and whose cover is whoever gives the command (C-E08)."""

    @property
    def calendar(self) -> Calendar:
        """Of the deployment in force, also for what is pinned to an older one: a day is free by law, not by model."""
        return self.deployment.calendar

    @property
    def readings(self) -> Readings:
        """How the organisation reads contested points of the law now."""
        return self.deployment.readings

    @property
    def today(self) -> date:
        return self.now.astimezone(CIVIL).date()
