"""Values as text for people."""

from __future__ import annotations

from schuldhulp.rules.feel.temporal import FeelDate
from schuldhulp.rules.feel.values import Value, render


def show(value: Value) -> str:
    """A value in FEEL's own notation, dates as 2026-03-16.

    >>> show(["spoed", None, True])
    '["spoed", null, true]'
    """
    return str(value) if isinstance(value, FeelDate) else render(value)
