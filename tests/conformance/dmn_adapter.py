"""The DMN conformance suite's way in: `evaluate(dmn_path, name, inputs)`, contract at the head of its runner.

Reads tolerantly and decides tolerantly, as the standard has it: an error is null. A small set of functions stands in
for a few methods of Java's standard library, here only; the product has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from lxml import etree

from schuldhulp.rules.dmn.model import Key, Service
from schuldhulp.rules.dmn.program import DmnModel, read_model
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.feel import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    NullResult,
    YearsMonthsDuration,
    coerce,
    feel_value,
)
from tests.conformance.java_stand_in import JAVA


def evaluate(dmn_path: str, name: str, inputs: Mapping[str, Any]) -> Any:
    """The value of a decision or service of the model, in Python's own types where they can hold it."""
    model = model_at(dmn_path)
    session = Session(now=datetime.now(UTC), strict=False, external=JAVA)
    values = _values(model, inputs)
    key = _named(model, name)
    element = model.linked.elements[key]
    if isinstance(element, Service):
        return outside(model.graph.serve(element, values, session))
    values.pop(key, None)
    return outside(model.graph.make(key, values, session))


def _named(model: DmnModel, name: str) -> Key:
    """The decision or service of that name; ids may be anything in the suite, also another's name."""
    both = [(one.name, one.key) for one in model.decisions.values()]
    both += [(one.name, one.key) for one in model.services.values()]
    for known, key in both:
        if known == name:
            return key
    return model.key(name)


@lru_cache(maxsize=64)
def model_at(path: str) -> DmnModel:
    file = Path(path)

    def imported(namespace: str) -> bytes:
        for other in sorted(file.parent.glob("*.dmn")):
            data = other.read_bytes()
            if etree.fromstring(data).get("namespace") == namespace:
                return data
        raise LookupError(namespace)

    return read_model(file.read_bytes(), name=file.name, imports=imported, tolerant=True)


def _values(model: DmnModel, inputs: Mapping[str, Any]) -> dict[Key, Any]:
    """Inputs by key: by name in the model itself, or in the imported model whose namespace the name carries."""
    found: dict[Key, Any] = {}
    for name, given in inputs.items():
        namespace = getattr(name, "namespace", None) or model.namespace
        for key, element in model.linked.elements.items():
            if key[0] == namespace and element.name == name and not isinstance(element, Service):
                try:
                    found[key] = coerce(inside(given), model.graph.kinds[key])
                except NullResult:
                    found[key] = None
    return found


def inside(value: Any) -> Any:
    """The runner's value as a FEEL value."""
    if isinstance(value, list | tuple):
        return [inside(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): inside(item) for key, item in value.items()}
    if isinstance(value, bool | str | date | time | datetime | timedelta | Decimal | int) or value is None:
        return feel_value(value)
    if hasattr(value, "total_months"):
        return YearsMonthsDuration(value.total_months)
    if hasattr(value, "seconds_total"):
        return DaysTimeDuration(int(value.seconds_total * 1_000_000_000))
    return _wide(value)


def _wide(value: Any) -> Any:
    """A date, time or date and time that Python's own types cannot hold."""
    day = f"{value.year:05d}" if hasattr(value, "year") and value.year < 0 else f"{getattr(value, 'year', 0):04d}"
    text_date = f"{day}-{value.month:02d}-{value.day:02d}" if hasattr(value, "year") else ""
    if not hasattr(value, "hour"):
        return FeelDate.read(text_date)
    fraction = f".{value.nanosecond:09d}" if value.nanosecond else ""
    clock = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}{fraction}{_offset(value.utcoffset())}"
    return FeelDateTime.read(f"{text_date}T{clock}") if text_date else FeelTime.read(clock)


def _offset(offset: timedelta | None) -> str:
    if offset is None:
        return ""
    seconds = int(offset.total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    return f"{'-' if seconds < 0 else '+'}{hours:02d}:{rest // 60:02d}"


class Moment:
    """A temporal value with the attributes that the runner looks at."""

    def __init__(self, offset: timedelta | None, **parts: int) -> None:
        self.__dict__.update(parts)
        self._offset = offset

    def utcoffset(self, *_: Any) -> timedelta | None:
        return self._offset


def outside(value: Any) -> Any:
    """A FEEL value as the runner takes it."""
    if isinstance(value, list):
        return [outside(item) for item in value]
    if isinstance(value, dict):
        return {key: outside(item) for key, item in value.items()}
    if isinstance(value, FeelTime):
        return _moment(value, {})
    if isinstance(value, FeelDateTime):
        day = value.date
        return _moment(value.time, {"year": day.year, "month": day.month, "day": day.day}, value.offset)
    return value


def _moment(clock: FeelTime, parts: dict[str, int], offset: int | None = None) -> Moment:
    second = clock.second_of_day
    nanos = clock.nano_of_day - second * 1_000_000_000
    parts |= {"hour": second // 3600, "minute": second // 60 % 60, "second": second % 60, "nanosecond": nanos}
    if offset is None and clock.zoned:
        offset = clock.utc_offset
    return Moment(None if offset is None else timedelta(seconds=offset), **parts)
