"""What an organisation settles about the law: readings of contested points, and days equated since the product shipped."""

from __future__ import annotations

from collections.abc import Mapping

import yaml

from schuldhulp.engine.definitions.parameters import ParametersError
from schuldhulp.rules.terms import (
    Calendar,
    LawFileError,
    Readings,
    UnknownReading,
    load_equated_days,
    shipped_calendar,
    shipped_equated_days,
)
from schuldhulp.rules.terms.errors import FactsContradict

READINGS = "rules/readings.yaml"
EQUATED_DAYS = "rules/terms/equated_days.yaml"
"""In the organisation's folder only: decrees that the shipped table does not have yet."""


def readings_of(files: Mapping[str, bytes]) -> Readings:
    """The shipped readings with the organisation's own over them. Raises ParametersError."""
    chosen: dict[str, object] = {}
    for path in (READINGS, f"{READINGS}@local"):
        if path in files:
            chosen |= _switches(files[path], path.replace("@local", " (own folder)"))
    return Readings.from_mapping(chosen)


def _switches(data: bytes, name: str) -> dict[str, object]:
    try:
        raw = yaml.safe_load(data)
    except yaml.YAMLError as error:
        raise ParametersError(name, [f"not YAML: {' '.join(str(error).split())}"]) from error
    if not isinstance(raw, dict | None):
        raise ParametersError(name, ["must be lines such as 'atw_on_ordinance_term: true'"])
    switches = {str(key): value for key, value in (raw or {}).items()}
    try:
        Readings.from_mapping(switches)
    except UnknownReading as error:
        raise ParametersError(name, [str(error)]) from error
    return switches


def calendar_of(files: Mapping[str, bytes]) -> Calendar:
    """The calendar of the product, with the organisation's own decrees behind it. Raises ParametersError."""
    own = files.get(f"{EQUATED_DAYS}@local")
    if own is None:
        return shipped_calendar()
    name = f"{EQUATED_DAYS} (own folder)"
    try:
        return Calendar(shipped_equated_days().extended(load_equated_days(own, name)))
    except LawFileError as error:
        raise ParametersError(name, [str(error)]) from error
    except FactsContradict as error:
        raise ParametersError(name, [str(error)]) from error
