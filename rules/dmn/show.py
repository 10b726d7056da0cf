"""Values as text for people."""

from __future__ import annotations

from typing import Any

from schuldhulp.rules.feel.temporal import FeelDate
from schuldhulp.rules.feel.values import render


def show(value: Any) -> str:
    """A value in FEEL's own notation, dates as 2026-03-16.

    >>> show(["spoed", None, True])
    '["spoed", null, true]'
    """
    if is_date(value):
        return str(value)
    return render(value)


def is_date(value: Any) -> bool:
    return isinstance(value, FeelDate)
