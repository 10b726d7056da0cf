"""Who comes back (M10-G03): a new application, in this or another case of the same person, soon after the help ended.

The help ended on the day the file says (`einde_dienstverlening_op`), else on the day the aftercare was closed. An application is
a start of module 5, also one to which the aftercare itself hands over. A person is known again by blind keys only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.rules.terms.arithmetic import add_months
from schuldhulp.tasks.figures.model import Figures, Returns, Run

AFTERCARE, APPLICATION = "M10", "M5"
HELP_ENDED = "einde_dienstverlening_op"
MONTHS = "recidive_maanden"
"""The parameter of the organisation."""


def completed_aftercare(run: Run, last: date) -> bool:
    """Whether *run* is aftercare that was completed not after *last*."""
    return run.module == AFTERCARE and run.status == "completed" and run.ended is not None and run.ended <= last


def day_of(raw: Any) -> date | None:
    """A stored date of the file."""
    return date.fromisoformat(raw) if isinstance(raw, str) and raw else None


def returns_of(engine: Engine, aftercare: Sequence[tuple[str, Run]]) -> Returns | None:
    """Of completed aftercare (case number and run): how many came back within the months that the organisation set; None when
    it set none."""
    today = engine.clock().astimezone(CIVIL).date()
    months = int(engine.deployment().parameters.on(today).get(MONTHS, 0))
    if not months:
        return None
    back = stayed = early = 0
    for number, run in aftercare:
        since = run.help_ended or run.ended
        assert since is not None
        until = add_months(since, months)
        if any(since < day <= until for day in _applications(engine, number, run)):
            back += 1
        elif until >= today:
            early += 1
        else:
            stayed += 1
    return Returns(months, back, stayed, early)


def _applications(engine: Engine, number: str, run: Run) -> list[date]:
    streams = {stream_of(number)} | engine.cases_of_person(run.persons)
    rows = [row for stream in sorted(streams) for row in engine.rows("starts_of_module", case=stream, module=APPLICATION)]
    return [row["started_at"].astimezone(CIVIL).date() for row in rows]


def with_returns(figures: Figures, returns: Returns | None) -> Figures:
    """The same figures, with those of the aftercare."""
    modules = (replace(one, returns=returns) if one.module == AFTERCARE else one for one in figures.modules)
    return replace(figures, modules=tuple(modules))
