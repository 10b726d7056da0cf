"""Answers as they stand on a form: what was typed, by the name of each input.

`schulden` holds the rows of a list (the stable number of an item, or n1, n2 ... for new ones); `schulden.3.saldo` is a
question of one row. Drafts keep answers in this shape, so that nothing typed is lost, however wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from schuldhulp.engine.definitions.forms.formula import Formula, FormulaError
from schuldhulp.engine.definitions.forms.model import Field, Form, Group, Option, Part, Rows, walk
from schuldhulp.rules.dictionary import ORDINAL, Dictionary, Type
from schuldhulp.rules.feel import to_python
from schuldhulp.tasks.forms import words

Raw = Mapping[str, Sequence[str]]
ROW_LIMIT = 200
_HANDLE = re.compile(r"[1-9]\d{0,8}|n[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Context:
    """What surrounds a form: the names in scope of FEEL (data of the file, p, zaak ...), and the clock of the command.

    Values of `data` may be plain or FEEL's own; each is looked up when it is needed.
    """

    data: Mapping[str, Any]
    now: datetime
    dictionary: Dictionary | None = None
    documents: tuple[Option, ...] = ()
    """The documents of the case, to choose from: number and name."""

    def value(self, key: str) -> Any:
        """The plain value of *key* in the file; None when it has none."""
        return to_python(self.data.get(key))


def texts(raw: Raw, name: str) -> list[str]:
    """What stands in the input *name*, blanks left out."""
    return [text for text in raw.get(name, ()) if text.strip()]


def handles(raw: Raw, rows: Rows) -> list[str]:
    """The rows of a list on the form, in their order."""
    return list(dict.fromkeys(text for text in texts(raw, rows.key) if _HANDLE.fullmatch(text)))[:ROW_LIMIT]


def name_in_row(rows: Rows, handle: str, key: str) -> str:
    return f"{rows.key}.{handle}.{key}"


def prefill(form: Form, context: Context) -> dict[str, list[str]]:
    """The form as it is opened: data of the file, else the defaults."""
    return dict(_prefill(form.parts, context))


def _prefill(parts: tuple[Part, ...], context: Context) -> Iterator[tuple[str, list[str]]]:
    for part in walk(parts):
        match part:
            case Field():
                yield part.key, _written(part, context.value(part.key), context)
            case Rows():
                items = list_of(context.value(part.key))
                found = [str(item[ORDINAL]) for item in items if ORDINAL in item]
                new = [f"n{number}" for number in range(1, part.at_first + 1)] if not found else []
                yield part.key, [*found, *new]
                by_number = {str(item.get(ORDINAL)): item for item in items}
                for handle in (*found, *new):
                    for field in fields(part.parts):
                        value = by_number.get(handle, {}).get(field.key)
                        yield name_in_row(part, handle, field.key), _written(field, value, context)


def fields(parts: tuple[Part, ...]) -> Iterator[Field]:
    return (part for part in walk(parts) if isinstance(part, Field))


def list_of(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def _written(field: Field, value: Any, context: Context) -> list[str]:
    if value is not None:
        return written(field, value)
    return written(field, field.default if field.default_from is None else _preset(field, field.default_from, context))


def _preset(field: Field, formula: Formula, context: Context) -> Any:
    """What a formula proposes, when that is a value of the field's type; moments to the minute."""
    try:
        value = formula.value(context.data, context.now)
    except FormulaError:
        return None
    if isinstance(value, datetime):
        value = value.replace(second=0, microsecond=0)
    if isinstance(value, datetime) and value.tzinfo is None:
        return None
    return value if type(value) in _PRESETS.get(field.type, (str,)) else None


_PRESETS: Mapping[Type, tuple[type, ...]] = {
    Type.BOOLEAN: (bool,), Type.INTEGER: (Decimal,), Type.DECIMAL: (Decimal,), Type.AMOUNT: (Decimal,), Type.DATE: (date,),
    Type.DOCUMENT: (Decimal,),
    Type.TIME: (time,), Type.DATETIME: (datetime,), Type.SET: (list,),
}  # fmt: skip


def written(field: Field, value: Any) -> list[str]:
    """*value* as it stands in the input of *field*; reading it gives the same value again."""
    if value is None:
        return []
    if field.type is Type.SET:
        return [str(code) for code in value]
    if field.type is Type.BOOLEAN:
        return ["true" if value else "false"]
    text = words.write(field.type, value)
    try:
        if words.read(field.type, text) == value:
            return [text]
    except words.NotRead:
        pass
    return [_exactly(value)]


def _exactly(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", ",")
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def of_form(form: Form, posted: Raw) -> dict[str, list[str]]:
    """The part of *posted* that belongs to the form: the inputs it has, whether shown or not."""
    kept: dict[str, list[str]] = {}
    for name in _names(form, posted):
        if name in posted:
            kept[name] = list(posted[name])
    return kept


def _names(form: Form, raw: Raw) -> Iterable[str]:
    for part in walk(form.parts):
        if isinstance(part, Field):
            yield part.key
        elif isinstance(part, Rows):
            yield part.key
            for handle in handles(raw, part):
                yield from (name_in_row(part, handle, field.key) for field in fields(part.parts))


def with_unasked(form: Form, raw: Raw, context: Context) -> dict[str, Sequence[str]]:
    """*raw* with what the form would be opened with in inputs that were not on the page: a question that appears because of an
    answer shows what the file knows already."""
    added = {name: texts for name, texts in prefill(form, context).items() if name not in raw and _belongs(name, raw)}
    return {**raw, **added}


def _belongs(name: str, raw: Raw) -> bool:
    """Whether the row of an input is there, or the whole list was not on the page."""
    key, dot, rest = name.partition(".")
    return not dot or key not in raw or rest.partition(".")[0] in raw[key]


def add_row(form: Form, raw: Raw, key: str, context: Context) -> dict[str, list[str]]:
    """The same answers with a new row, holding no more than what the form proposes, at the end of the list *key*."""
    changed = {name: list(values) for name, values in raw.items()}
    for rows in _changeable(form, key):
        present = handles(raw, rows)
        if len(present) < ROW_LIMIT:
            used = [int(handle[1:]) for handle in present if handle.startswith("n")]
            handle = f"n{max(used, default=0) + 1}"
            changed[key] = [*present, handle]
            for field in fields(rows.parts):
                changed[name_in_row(rows, handle, field.key)] = _written(field, None, context)
    return changed


def remove_row(form: Form, raw: Raw, key: str, handle: str) -> dict[str, list[str]]:
    """The same answers without one row; other rows keep their number."""
    changed = {name: list(values) for name, values in raw.items()}
    for rows in _changeable(form, key):
        changed[key] = [other for other in handles(raw, rows) if other != handle]
        changed = {name: values for name, values in changed.items() if not name.startswith(f"{key}.{handle}.")}
    return changed


def _changeable(form: Form, key: str) -> Iterator[Rows]:
    return (rows for rows in form.rows() if rows.key == key and rows.may_change)


def groups(parts: tuple[Part, ...]) -> Iterator[tuple[Part, tuple[Part, ...]]]:
    """Each part with the groups around it, outermost first; a list is one part."""
    for part in parts:
        yield part, ()
        if isinstance(part, Group):
            for inner, around in groups(part.parts):
                yield inner, (part, *around)
