"""The data dictionary: what each datum of a case is.

Forms, tables, processes and letters refer to its keys. It also owns the only conversion between *plain values* (Decimal
euros, date, aware datetime ...) and their *storage form* (plain JSON: whole cents, ISO text), see `Entry.store` and
`Entry.load`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from types import MappingProxyType
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from schuldhulp.rules.patterns import PatternError, compile_pattern, fits
from schuldhulp.rules.yaml_reader import YamlError, read_yaml

CIVIL = ZoneInfo("Europe/Amsterdam")
"""Moments are kept in UTC and read as people live: the date of half past midnight is the new day."""


class Type(StrEnum):
    STRING = "string"
    TEXT = "text"
    ENUM = "enum"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    AMOUNT = "amount"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    LIST = "list"
    SET = "set"
    """Several of `values`, in the order of the dictionary (a checklist)."""
    DOCUMENT = "document"
    """A document of the case, by its number."""
    BSN = "bsn"
    IBAN = "iban"
    POSTCODE = "postcode"
    EMAIL = "email"
    PHONE = "phone"


_TEXTS = frozenset({Type.STRING, Type.TEXT, Type.BSN, Type.IBAN, Type.POSTCODE, Type.EMAIL, Type.PHONE})


class Privacy(StrEnum):
    NONE = "none"
    PERSONAL = "personal"
    SPECIAL = "special"
    CRIMINAL = "criminal"


class DictionaryError(ValueError):
    """The dictionary file is wrong; `problems` names each fault with its key and line."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"{file}: " + "; ".join(problems))


class NotThisType(ValueError):
    """A value does not fit its datum."""

    def __init__(self, key: str, value: object, expected: str) -> None:
        self.key, self.value, self.expected = key, value, expected
        super().__init__(f"{key}: {value!r} is not {expected}.")


Plain = Any
"""A plain value: None, bool, str, int, Decimal, date, time, aware datetime, list (of str for a set, of dict for a list)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One datum. `values`: code -> Dutch label (enum, set). `item`: fields of a list's items. `derived`: FEEL text."""

    key: str
    type: Type
    label: str
    values: Mapping[str, str] = field(default_factory=dict)
    item: Mapping[str, Entry] = field(default_factory=dict)
    privacy: Privacy = Privacy.PERSONAL
    subject: str = "client"
    scope: str = "case"
    group: str = ""
    requirement: tuple[str, ...] = ()
    derived: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    pattern: str | None = None
    help: str = ""
    retention: str = "dossier"
    goal: str = ""
    """The goal of a module (`M5-G01`) whose outcome this datum is; an enum with the codes of an outcome."""

    @property
    def sealed_under(self) -> str:
        """Key of `Fact.personal` under which values of this datum are sealed."""
        return f"{self.subject}:{self.retention}"

    def store(self, value: Plain) -> Any:
        """*value* in storage form. Raises NotThisType."""
        if value is None:
            return None
        return _STORE[self.type](self, value)

    def load(self, raw: Any) -> Plain:
        """The plain value of a storage form that `store` gave."""
        if raw is None:
            return None
        loader = _LOAD.get(self.type)
        return raw if loader is None else loader(self, raw)


def _text(entry: Entry, value: Plain) -> str:
    if not isinstance(value, str):
        raise NotThisType(entry.key, value, "text")
    limit = entry.max_length or (10_000 if entry.type is Type.TEXT else 1_000)
    if len(value) > limit:
        raise NotThisType(entry.key, value[:40] + "...", f"text of at most {limit} characters")
    if entry.pattern is not None:
        _like(entry, entry.pattern, value)
    return value


def _like(entry: Entry, pattern: str, value: str) -> None:
    try:
        if fits(pattern, value):
            return
    except TimeoutError:
        expected = f"text that {pattern} can be tried on within a second: make the pattern of the dictionary simpler"
        raise NotThisType(entry.key, value[:40], expected) from None
    raise NotThisType(entry.key, value, f"text like {pattern}")


def _enum(entry: Entry, value: Plain) -> str:
    if value not in entry.values:
        raise NotThisType(entry.key, value, "one of " + ", ".join(entry.values))
    return str(value)


def _set(entry: Entry, value: Plain) -> list[str]:
    if not isinstance(value, list | tuple | set | frozenset) or any(v not in entry.values for v in value):
        raise NotThisType(entry.key, value, "a list of " + ", ".join(entry.values))
    return [code for code in entry.values if code in value]


def _boolean(entry: Entry, value: Plain) -> bool:
    if not isinstance(value, bool):
        raise NotThisType(entry.key, value, "true or false")
    return value


def _number(entry: Entry, value: Plain, expected: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise NotThisType(entry.key, value, expected)
    number = Decimal(value)
    if not number.is_finite():
        raise NotThisType(entry.key, value, expected)
    if entry.minimum is not None and number < entry.minimum:
        raise NotThisType(entry.key, value, f"at least {entry.minimum}")
    if entry.maximum is not None and number > entry.maximum:
        raise NotThisType(entry.key, value, f"at most {entry.maximum}")
    return number


def _integer(entry: Entry, value: Plain) -> int:
    number = _number(entry, value, "a whole number")
    if number != number.to_integral_value():
        raise NotThisType(entry.key, value, "a whole number")
    return int(number)


def _document(entry: Entry, value: Plain) -> int:
    number = _integer(entry, value)
    if number < 1:
        raise NotThisType(entry.key, value, "the number of a document")
    return number


def _decimal(entry: Entry, value: Plain) -> str:
    return format(_number(entry, value, "a number"), "f")


def _amount(entry: Entry, value: Plain) -> int:
    """Whole cents. An amount with more than two decimals is refused, never rounded (C-D11)."""
    cents = _number(entry, value, "an amount in euros") * 100
    if cents != cents.to_integral_value():
        raise NotThisType(entry.key, value, "an amount with at most two decimals")
    return int(cents)


def _date(entry: Entry, value: Plain) -> str:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise NotThisType(entry.key, value, "a date")
    return value.isoformat()


def _time(entry: Entry, value: Plain) -> str:
    if not isinstance(value, time):
        raise NotThisType(entry.key, value, "a time")
    return value.isoformat()


def _datetime(entry: Entry, value: Plain) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise NotThisType(entry.key, value, "a moment with its time zone")
    return value.astimezone(UTC).isoformat()


def _list(entry: Entry, value: Plain) -> list[dict[str, Any]]:
    if not isinstance(value, list | tuple) or not all(isinstance(item, Mapping) for item in value):
        raise NotThisType(entry.key, value, "a list of items")
    return [store_item(entry, item) for item in value]


def store_item(entry: Entry, item: Mapping[str, Plain]) -> dict[str, Any]:
    """One item of a list datum in storage form. Raises NotThisType for an unknown field as well."""
    unknown = [name for name in item if name not in entry.item and name != ORDINAL]
    if unknown:
        raise NotThisType(entry.key, unknown[0], "a field of its items: " + ", ".join(entry.item))
    return {name: entry.item[name].store(value) for name, value in item.items() if name != ORDINAL}


ORDINAL = "nr"
"""The stable number of a list item, present in every item that is read from the file."""

_STORE: Mapping[Type, Callable[[Entry, Plain], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    Type.ENUM: _enum,
    Type.SET: _set,
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.AMOUNT: _amount,
    Type.DATE: _date,
    Type.TIME: _time,
    Type.DATETIME: _datetime,
    Type.DOCUMENT: _document,
    Type.LIST: _list,
}

_LOAD: Mapping[Type, Callable[[Entry, Any], Plain]] = {
    Type.INTEGER: lambda _, raw: Decimal(raw),
    Type.DECIMAL: lambda _, raw: Decimal(raw),
    Type.AMOUNT: lambda _, raw: Decimal(raw).scaleb(-2),
    Type.DOCUMENT: lambda _, raw: Decimal(raw),
    Type.DATE: lambda _, raw: date.fromisoformat(raw),
    Type.TIME: lambda _, raw: time.fromisoformat(raw),
    Type.DATETIME: lambda _, raw: datetime.fromisoformat(raw).astimezone(CIVIL),
    Type.LIST: lambda entry, raw: [_load_item(entry, item) for item in raw],
}


def _load_item(entry: Entry, item: Mapping[str, Any]) -> dict[str, Plain]:
    """An item with all its fields: one that was left out is None, so that an expression may always ask for it."""
    held = {name: (entry.item[name].load(value) if name in entry.item else value) for name, value in item.items()}
    return {**held, **{name: None for name in entry.item if name not in held}}


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All data by key."""

    entries: Mapping[str, Entry]

    def __getitem__(self, key: str) -> Entry:
        return self.entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def derived(self) -> Mapping[str, Entry]:
        """The data that are computed from others, in the order of the file."""
        return {key: entry for key, entry in self.entries.items() if entry.derived is not None}

    def with_(self, other: Dictionary) -> Dictionary:
        """The data of both; of a key that stands in both, what *other* says of it."""
        return Dictionary(MappingProxyType({**self.entries, **other.entries}))


OUTCOMES = ("behaald", "deels", "niet", "niet_van_toepassing")
"""Codes of the outcome of a goal, assessed when a module closes."""
_FIELDS = {
    "type", "label", "values", "item", "privacy", "subject", "scope", "group", "requirement", "derived", "minimum",
    "maximum", "max_length", "pattern", "help", "retention", "goal",
}  # fmt: skip
_NAME = re.compile(r"[a-z][a-z0-9_]*")


def load_dictionary(data: bytes, *, name: str = "dictionary.yaml") -> Dictionary:
    """Read a dictionary file. Raises DictionaryError with every fault at once."""
    try:
        raw = read_yaml(data)
    except YamlError as error:
        raise DictionaryError(name, [str(error)]) from error
    if raw is None:  # nothing but comments
        return Dictionary(MappingProxyType({}))
    if not isinstance(raw, dict):
        raise DictionaryError(name, ["must be a mapping from keys to data"])
    problems: list[str] = []
    entries = {str(key): _entry(str(key), value, problems) for key, value in raw.items()}
    if problems:
        raise DictionaryError(name, problems)
    return Dictionary(MappingProxyType({key: entry for key, entry in entries.items() if entry is not None}))


def _entry(key: str, raw: object, problems: list[str], inherited: Entry | None = None) -> Entry | None:
    if not isinstance(raw, dict):
        problems.append(f"{key}: must be a mapping with type and label")
        return None
    before = len(problems)
    short = key.rpartition(".")[2]
    if not _NAME.fullmatch(short) or short == ORDINAL:
        problems.append(f"{key}: a key has small letters, digits and _, and is not '{ORDINAL}'")
    problems += [f"{key}: '{field}' is not known here" for field in raw if field not in _FIELDS]
    kind = _one_of(key, "type", raw.get("type"), Type, problems)
    privacy = _one_of(key, "privacy", raw.get("privacy", "personal"), Privacy, problems)
    if not isinstance(raw.get("label"), str):
        problems.append(f"{key}: label is missing (what caseworkers read)")
    if raw.get("scope", "case") not in ("case", "instance", "local"):
        problems.append(f"{key}: scope must be case, instance or local")
    values = raw.get("values", {})
    if kind in (Type.ENUM, Type.SET) and not (isinstance(values, dict) and values):
        problems.append(f"{key}: an {kind} needs values: {{code: Label}}")
        values = {}
    fields = raw.get("item", {})
    if kind is Type.LIST and not (isinstance(fields, dict) and fields):
        problems.append(f"{key}: a list needs item: the fields of each item")
        fields = {}
    if "goal" in raw and not set(values) <= set(OUTCOMES):
        problems.append(f"{key}: the outcome of a goal is one of {', '.join(OUTCOMES)}")
    requirement = raw.get("requirement", [])
    derived = raw.get("derived")
    if derived is not None and not isinstance(derived, str):
        problems.append(f"{key}: derived is a FEEL expression, as a text, not {derived!r}")
    if len(problems) > before or kind is None or privacy is None:
        return None
    entry = Entry(
        key=key,
        type=kind,
        label=raw["label"],
        values={str(code): str(label) for code, label in values.items()},
        privacy=privacy,
        subject=str(raw.get("subject", inherited.subject if inherited else "client")),
        scope=str(raw.get("scope", "case")),
        group=str(raw.get("group", "")),
        requirement=tuple(requirement) if isinstance(requirement, list) else (str(requirement),),
        derived=derived,
        minimum=_bound(key, raw.get("minimum"), problems),
        maximum=_bound(key, raw.get("maximum"), problems),
        max_length=_max_length(key, raw.get("max_length"), problems),
        pattern=_pattern(key, raw.get("pattern"), problems),
        help=str(raw.get("help", "")),
        retention=str(raw.get("retention", inherited.retention if inherited else "dossier")),
        goal=str(raw.get("goal", "")),
    )
    items = {str(name): _entry(f"{key}.{name}", value, problems, entry) for name, value in fields.items()}
    return replace(entry, item={name: item for name, item in items.items() if item is not None})


def _bound(key: str, value: object, problems: list[str]) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str):
        problems.append(f"{key}: a bound is a whole number, or a decimal in quotes")
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        problems.append(f"{key}: the bound {value!r} is not a number; write 10 or \"0.50\"")
        return None
    return found


def _max_length(key: str, value: object, problems: list[str]) -> int | None:
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0):
        return value
    problems.append(f"{key}: max_length is a whole number above 0, not {value!r}")
    return None


def _pattern(key: str, value: object, problems: list[str]) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        problems.append(f"{key}: a pattern is a text, not {value!r}; put it in quotes")
        return None
    try:
        compile_pattern(value)
    except PatternError as error:
        problems.append(f"{key}: the pattern {value[:60]!r} cannot be used: {error}")
        return None
    return value


_E = TypeVar("_E", bound=StrEnum)


def _one_of(key: str, name: str, value: object, kind: type[_E], problems: list[str]) -> _E | None:
    try:
        return kind(str(value))
    except ValueError:
        problems.append(f"{key}: {name} must be one of {', '.join(kind)}, not {value!r}")
        return None
