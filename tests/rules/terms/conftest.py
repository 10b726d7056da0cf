from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from schuldhulp.rules.terms import Calendar, Computed, compute, law, shipped_calendar


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    return shipped_calendar()


@pytest.fixture(scope="session")
def due(calendar: Calendar) -> Callable[..., Computed]:
    """``due("awb-6-7", "2026-06-01")`` computes a rule from a date written as text."""

    def compute_rule(rule_id: str, trigger: str, **more: Any) -> Computed:
        day = date.fromisoformat(trigger)
        return compute(law().rule(rule_id, more.get("version_on") or day), day, calendar=calendar, **more)

    return compute_rule
