"""Registers of the organisation: lists such as agreements, funds and skills, typed by rules/registers.yaml.

The entries are the list parameter of the register's name (`p.afspraken`). In every entry each field is there, null when it
was left out, so that FEEL may name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from schuldhulp.engine.definitions.parameters import ParametersError
from schuldhulp.rules.yaml_reader import YamlError, read_yaml

REGISTERS = "rules/registers.yaml"
Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the entries. `values`: codes and their Dutch labels (choice, choices)."""

    name: str
    type: str
    label: str
    required: bool = False
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """`title`: the field an entry is called by; `starts`, `ends`: fields with the days on which it counts; `checked`: when
    somebody last looked whether it is right; `one_per`: the field by which an own entry changes the shipped one."""

    key: str
    label: str
    fields: Mapping[str, Field]
    title: str
    about: str = ""
    requirement: tuple[str, ...] = ()
    starts: str | None = None
    ends: str | None = None
    checked: str | None = None
    one_per: str | None = None
    may_be_empty: bool = False
    pinned: bool = False
    """Running cases keep the entries of the deployment they started on; of any other register they see today's."""

    def name_of(self, entry: Item) -> str:
        return str(entry.get(self.title) or "(zonder naam)")

    def counts_on(self, entry: Item, day: date) -> bool:
        """Whether an entry holds on *day*; a bound that is empty does not bind."""
        start = entry.get(self.starts) if self.starts else None
        end = entry.get(self.ends) if self.ends else None
        return (start is None or start <= day) and (end is None or end >= day)

    def read(self, raw: object, problems: list[str], *, own: bool = False) -> list[dict[str, Any]]:
        """The entries as typed values; what is wrong goes to *problems* with entry and field. *own* entries of a register with
        `one_per` may be partial: they are laid over the shipped ones."""
        if not isinstance(raw, list):
            problems.append(f"{self.key}: must be a list of entries {{{', '.join(self.fields)}}}")
            return []
        partial = own and self.one_per is not None
        return [self._entry(number, one, problems, partial) for number, one in enumerate(raw, 1)]

    def _entry(self, number: int, raw: object, problems: list[str], partial: bool) -> dict[str, Any]:
        where = f"{self.key}, entry {number}"
        if not isinstance(raw, dict):
            problems.append(f"{where}: must be {{{', '.join(self.fields)}}}, not {raw!r}")
            return {}
        if raw.get(self.title):
            where = f"{where} ({raw[self.title]})"
        for name in raw:
            if name not in self.fields:
                close = get_close_matches(str(name), self.fields, n=1)
                said = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(self.fields)}."
                problems.append(f"{where}: there is no field {name!r}; {said}")
        found: dict[str, Any] = {}
        for one in self.fields.values():
            value = raw.get(one.name)
            if value is None:
                if one.required and not partial:
                    problems.append(f"{where}: field {one.name!r} is missing ({one.label})")
                if one.name in raw or not partial:
                    found[one.name] = None
                continue
            try:
                found[one.name] = _READ[one.type](value, one)
            except ValueError as error:
                problems.append(f"{where}: field {one.name!r} must be {error}, not {value!r}")
        start, end = (found.get(name) if name else None for name in (self.starts, self.ends))
        if isinstance(start, date) and isinstance(end, date) and end < start:
            problems.append(f"{where}: {self.ends} ({end}) is before {self.starts} ({start})")
        return found

    def laid_over(
        self, shipped: list[dict[str, Any]], own: list[dict[str, Any]], problems: list[str]
    ) -> list[dict[str, Any]]:
        """The shipped entries with the own ones over them, by `one_per`; an own entry of another code must be complete."""
        assert self.one_per is not None
        entries = {entry[self.one_per]: entry for entry in shipped}
        for number, entry in enumerate(own, 1):
            code = entry.get(self.one_per)
            whole = {**dict.fromkeys(self.fields), **entries.get(code, {}), **entry}
            missing = [one.name for one in self.fields.values() if one.required and whole[one.name] is None]
            if missing:
                close = get_close_matches(str(code), map(str, entries), n=1)
                hint = f"; did you mean {close[0]!r}?" if close and code not in entries else ""
                problems.append(f"{self.key}, entry {number} ({code}): {', '.join(missing)} missing{hint}")
            entries[code] = whole
        return list(entries.values())


def _text(value: object, field: Field) -> str:
    if not isinstance(value, str):
        raise ValueError("text; put it in quotes")
    return value


def _texts(value: object, field: Field) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValueError("a list of texts such as [huur, energie]")
    return value


def _choice(value: object, field: Field) -> str:
    if not isinstance(value, str) or value not in field.values:
        raise ValueError(f"one of {', '.join(field.values)}")
    return value


def _choices(value: object, field: Field) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) and one in field.values for one in value):
        raise ValueError(f"a list with some of {', '.join(field.values)}")
    return value


def _flag(value: object, field: Field) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _number(value: object, field: Field) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("a whole number, or a decimal in quotes")
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise ValueError("a number") from None
    if not found.is_finite():
        raise ValueError("a number")
    return found


def _amount(value: object, field: Field) -> Decimal:
    found = _number(value, field)
    if found != round(found, 2):
        raise ValueError("an amount in euros with at most two decimals")
    return found


def _account(value: object, field: Field) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError("the number of an account (`schuldhulp accounts list`)")
    return Decimal(value)


def _date(value: object, field: Field) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError("a date such as 2026-01-31")
    return value


def _time(value: object, field: Field) -> time:
    try:
        return time.fromisoformat(_text(value, field))
    except ValueError:
        raise ValueError('a time in quotes such as "17:00"') from None


_READ: Mapping[str, Callable[[object, Field], Any]] = {
    "text": _text,
    "texts": _texts,
    "choice": _choice,
    "choices": _choices,
    "flag": _flag,
    "number": _number,
    "amount": _amount,
    "account": _account,
    "date": _date,
    "time": _time,
}
_KEYS = {
    "label",
    "about",
    "requirement",
    "name",
    "from",
    "until",
    "checked",
    "one_per",
    "may_be_empty",
    "pinned",
    "fields",
}
_FIELD_KEYS = {"type", "label", "required", "values"}


def load_registers(files: Iterable[tuple[str, bytes]]) -> Mapping[str, Register]:
    """The registers of *files* (path, bytes); a later file adds fields and registers to an earlier one.
    Raises ParametersError."""
    found: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    path = REGISTERS
    for path, data in files:
        try:
            raw = read_yaml(data)
        except YamlError as error:
            raise ParametersError(path, [str(error)]) from error
        if not isinstance(raw, dict | None):
            raise ParametersError(path, ["must be registers by name: `afspraken: {label: .., name: .., fields: {..}}`"])
        for key, value in (raw or {}).items():
            if not isinstance(value, dict):
                problems.append(f"{key}: must have label, name and fields")
                continue
            known = found.setdefault(str(key), {})
            fields = {**known.get("fields", {}), **(value.get("fields") or {})}
            known.update({**value, "fields": fields})
    registers = {key: _register(key, raw, problems) for key, raw in found.items()}
    if problems:
        raise ParametersError(path, problems)
    return MappingProxyType({key: one for key, one in registers.items() if one is not None})


def _register(key: str, raw: dict[str, Any], problems: list[str]) -> Register | None:
    before = len(problems)
    problems += [f"{key}: {name!r} is not known here" for name in raw if name not in _KEYS]
    fields = {str(name): _field(f"{key}.{name}", str(name), one, problems) for name, one in raw["fields"].items()}
    if not isinstance(raw.get("label"), str):
        problems.append(f"{key}: label is missing (what people read)")
    if raw.get("name") not in fields:
        problems.append(f"{key}: name must be one of the fields: {', '.join(fields)}")
    for name in ("from", "until", "checked"):
        given = fields.get(raw[name]) if raw.get(name) is not None else None
        if raw.get(name) is not None and (given is None or given.type != "date"):
            problems.append(f"{key}: {name} must be a field of type date, not {raw[name]!r}")
    if raw.get("one_per") is not None and raw["one_per"] not in fields:
        problems.append(f"{key}: one_per must be one of the fields: {', '.join(fields)}")
    if len(problems) > before:
        return None
    return Register(
        key=key,
        label=raw["label"],
        fields={name: one for name, one in fields.items() if one is not None},
        title=raw["name"],
        about=str(raw.get("about", "")),
        requirement=tuple(map(str, raw.get("requirement") or ())),
        starts=raw.get("from"),
        ends=raw.get("until"),
        checked=raw.get("checked"),
        one_per=raw.get("one_per"),
        may_be_empty=bool(raw.get("may_be_empty", False)),
        pinned=bool(raw.get("pinned", False)),
    )


def _field(where: str, name: str, raw: object, problems: list[str]) -> Field | None:
    if not isinstance(raw, dict) or raw.get("type") not in _READ or not isinstance(raw.get("label"), str):
        problems.append(f"{where}: needs a label and a type, one of {', '.join(_READ)}")
        return None
    problems += [f"{where}: {key!r} is not known here" for key in raw if key not in _FIELD_KEYS]
    values = raw.get("values", {})
    if raw["type"] in ("choice", "choices") and not (isinstance(values, dict) and values):
        problems.append(f"{where}: a {raw['type']} needs values: {{code: Label}}")
        return None
    labels = {str(code): str(label) for code, label in values.items()}
    return Field(name, raw["type"], raw["label"], bool(raw.get("required", False)), labels)
