"""A day as it is typed on the command line."""

from __future__ import annotations

from datetime import date, datetime

import click


def day_typed(value: str) -> date:
    """2026-04-21 or 21-04-2026. Raises UsageError."""
    for form in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(value, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise click.UsageError(f"{value!r} is not a day. Write it as 2026-04-21 or 21-04-2026.")
