"""Local parameters of the organisation: dated values, `p.<key>` in FEEL (C-L01, C-L06)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from schuldhulp.rules.yaml_reader import YamlError, read_yaml


class ParametersError(ValueError):
    """A parameters file is wrong; every fault at once."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"{file}: " + "; ".join(problems))


@dataclass(frozen=True, slots=True)
class Parameter:
    """One value of a parameter from a day on. Amounts and other decimals are text in the file, Decimal here."""

    key: str
    value: Any
    valid_from: date
    note: str = ""
    requirement: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameters:
    values: tuple[Parameter, ...]

    def on(self, day: date) -> Mapping[str, Any]:
        """The value of each parameter on *day*: the one with the latest valid_from that is not after it."""
        current: dict[str, Parameter] = {}
        for parameter in self.values:
            known = current.get(parameter.key)
            if parameter.valid_from <= day and (known is None or known.valid_from <= parameter.valid_from):
                current[parameter.key] = parameter
        return {key: parameter.value for key, parameter in current.items()}

    def keys(self) -> frozenset[str]:
        return frozenset(parameter.key for parameter in self.values)

    def since(self, key: str) -> date:
        """The first day on which *key* has a value. Raises ValueError for an unknown key."""
        return min(parameter.valid_from for parameter in self.values if parameter.key == key)

    def merged(self, local: Parameters) -> Parameters:
        """With the organisation's own values: from the first day of an own value of a key on, these alone hold; before that day
        what ships holds, so that a value may be entered ahead."""
        own: dict[str, date] = {}
        for one in local.values:
            own[one.key] = min(one.valid_from, own.get(one.key, one.valid_from))
        kept = (p for p in self.values if p.key not in own or p.valid_from < own[p.key])
        return Parameters((*kept, *local.values))


Typed = Callable[[object, list[str]], Any]
"""Gives the value of a parameter that has a form of its own (a register); what is wrong goes to the list."""


def load_parameters(data: bytes, *, name: str, typed: Mapping[str, Typed] | None = None) -> Parameters:
    """Read `- {key, value, valid_from, note, requirement}` entries. Raises ParametersError.

    *typed*: how the values of some keys are read.
    """
    try:
        raw = read_yaml(data)
    except YamlError as error:
        raise ParametersError(name, [str(error)]) from error
    if raw is None:  # nothing but comments
        return Parameters(())
    if not isinstance(raw, list):
        raise ParametersError(name, ["must be a list of {key, value, valid_from}"])
    problems: list[str] = []
    found = [_parameter(position, item, problems, typed or {}) for position, item in enumerate(raw, 1)]
    if problems:
        raise ParametersError(name, problems)
    return Parameters(tuple(item for item in found if item is not None))


def _parameter(position: int, raw: object, problems: list[str], typed: Mapping[str, Typed]) -> Parameter | None:
    where = f"entry {position}"
    if not isinstance(raw, dict) or not isinstance(raw.get("key"), str) or "value" not in raw:
        problems.append(f"{where}: needs key, value and valid_from")
        return None
    unknown = set(raw) - {"key", "value", "valid_from", "note", "requirement"}
    if unknown:
        problems.append(f"{where} ({raw['key']}): {', '.join(map(repr, sorted(unknown)))} not known here")
    day = raw.get("valid_from")
    if not isinstance(day, date):
        problems.append(f"{where} ({raw['key']}): valid_from must be a date such as 2026-01-01")
        return None
    value = typed[raw["key"]](raw["value"], problems) if raw["key"] in typed else _value(raw["value"])
    if isinstance(value, float):
        problems.append(f"{where} ({raw['key']}): write a decimal in quotes, such as '7.5'")
    requirement = raw.get("requirement", ())
    ids = tuple(requirement) if isinstance(requirement, list) else (str(requirement),) if requirement else ()
    return Parameter(raw["key"], value, day, str(raw.get("note", "")), ids)


def _value(raw: Any) -> Any:
    if isinstance(raw, list):
        return [_value(item) for item in raw]
    if isinstance(raw, dict):
        return {str(key): _value(item) for key, item in raw.items()}
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, str):
        try:
            return Decimal(raw) if raw[:1].isdigit() or raw[:1] == "-" else raw
        except ArithmeticError:
            return raw
    return raw
