"""A form as frozen data: what caseworkers are asked, in the order in which they see it.

A form is written in the form-js schema (a subset, see `read.py`); what a field holds is decided here once, as a type of the
data dictionary, so that nothing that reads or shows answers looks at form-js again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from schuldhulp.engine.definitions.forms.formula import Formula, Template
from schuldhulp.rules.dictionary import Type


class Widget(StrEnum):
    """How a field is asked."""

    TEXTFIELD = "textfield"
    TEXTAREA = "textarea"
    CHECKBOX = "checkbox"
    RADIO = "radio"
    SELECT = "select"
    CHECKLIST = "checklist"
    DOCUMENT = "document"
    """A document of the case, or one that is added now."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: `value` is what is stored, `label` what is read."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must keep to. Numbers are inclusive; `pattern` must be found in the text (as in form-js)."""

    required: bool = False
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int | None = None
    pattern: str | None = None
    pattern_message: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `default` is a plain value, `default_from` proposes one by FEEL. `options_from` gives the choices by FEEL:
    a list of text, or of contexts with value and label. `reasons`: decisions whose reasons are proposed as the answer."""

    key: str
    label: Template
    type: Type
    widget: Widget
    place: str
    description: Template | None = None
    hide: Formula | None = None
    readonly: Formula | bool = False
    disabled: Formula | bool = False
    limits: Limits = Limits()
    options: tuple[Option, ...] = ()
    options_from: Formula | None = None
    default: Any = None
    default_from: Formula | None = None
    autocomplete: str = ""
    columns: int | None = None
    row: str = ""
    """Name of the row of the form that it stands in, beside the others of that row."""
    reasons: tuple[str, ...] = ()

    @property
    def is_choice(self) -> bool:
        return self.widget in (Widget.RADIO, Widget.SELECT, Widget.CHECKLIST, Widget.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Computed:
    """A value worked out by the server. `stored`: it goes along with the answers (a derived datum does not)."""

    key: str
    label: Template | None
    type: Type | None
    formula: Formula
    place: str
    hide: Formula | None = None
    stored: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together, under a legend."""

    label: Template | None
    parts: tuple[Part, ...]
    place: str
    hide: Formula | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """A list datum: the same questions for each item. Without `may_change` no item is added or taken away."""

    key: str
    label: Template
    parts: tuple[Part, ...]
    place: str
    hide: Formula | None = None
    required: bool = False
    may_change: bool = True
    at_first: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """Words for the reader, in a small part of Markdown."""

    template: Template
    place: str
    hide: Formula | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A list shown, not asked. `columns`: key of an item and heading."""

    label: Template | None
    rows: Formula
    columns: tuple[tuple[str, str], ...]
    place: str
    hide: Formula | None = None


@dataclass(frozen=True, slots=True)
class Separator:
    """A line, or room, between parts."""

    place: str
    hide: Formula | None = None
    line: bool = True


Part = Field | Computed | Group | Rows | Text | Table | Separator


@dataclass(frozen=True, slots=True)
class Form:
    """A form: `key` is its file name without the suffix, `hash` the SHA-256 of the file."""

    key: str
    title: str
    parts: tuple[Part, ...]
    hash: str

    def fields(self) -> Iterator[Field]:
        """The questions outside lists."""
        return (part for part in walk(self.parts) if isinstance(part, Field))

    def rows(self) -> Iterator[Rows]:
        return (part for part in walk(self.parts) if isinstance(part, Rows))

    def asks_documents(self) -> bool:
        """Whether a question, in a list or not, is answered with a document."""
        inside = (one for rows in self.rows() for one in walk(rows.parts))
        return any(isinstance(one, Field) and one.widget is Widget.DOCUMENT for one in (*walk(self.parts), *inside))

    def keys(self) -> tuple[str, ...]:
        """Keys of the data that the form asks for, shows as a field or works out, in its order."""
        return tuple(part.key for part in walk(self.parts) if isinstance(part, Field | Rows | Computed))


def walk(parts: tuple[Part, ...]) -> Iterator[Part]:
    """All parts in order, those of groups included, those inside lists not."""
    for part in parts:
        yield part
        if isinstance(part, Group):
            yield from walk(part.parts)
