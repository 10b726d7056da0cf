"""What a form is shown as: plain data for a template."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OptionView:
    id: str
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """One question. `widget`: textfield | textarea | checkbox | radio | select | checklist; `text` is what stands in it.

    `locked`: shown and not to be changed. `example` is a hint such as "Bijvoorbeeld 1.250,50".
    """

    kind = "field"
    widget: str
    name: str
    id: str
    label: str
    text: str
    required: bool
    locked: bool
    description: str = ""
    example: str = ""
    complaint: str = ""
    options: tuple[OptionView, ...] = ()
    autocomplete: str = ""
    inputmode: str = ""
    max_length: int | None = None
    euro: bool = False
    width: str = ""
    row: str = ""
    """Questions that follow each other with the same one stand beside each other where there is room."""

    @property
    def described_by(self) -> str:
        """Ids for aria-describedby."""
        marks = ((self.description, "uitleg"), (self.example, "voorbeeld"), (self.complaint, "fout"))
        return " ".join(f"{self.id}-{suffix}" for words_, suffix in marks if words_)


@dataclass(frozen=True, slots=True)
class OutputView:
    """A value shown in words."""

    kind = "output"
    name: str
    id: str
    label: str
    text: str
    complaint: str = ""
    number: bool = False
    row: str = ""


@dataclass(frozen=True, slots=True)
class BesideView:
    """Questions beside each other."""

    kind = "beside"
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    kind = "group"
    label: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """One item of a list; `number` counts from 1 on this page, `handle` stays with the item. `summary`: what it is about, for
    when it is not `open`."""

    handle: str
    number: int
    parts: tuple[PartView, ...]
    summary: str = ""
    open: bool = True


@dataclass(frozen=True, slots=True)
class RowsView:
    kind = "rows"
    name: str
    id: str
    label: str
    rows: tuple[RowView, ...]
    may_change: bool
    complaint: str = ""
    named_above: bool = False
    """The group around it has the same name, which is read once."""


@dataclass(frozen=True, slots=True)
class TextView:
    """HTML made from Markdown, with everything from data escaped."""

    kind = "text"
    html: str


@dataclass(frozen=True, slots=True)
class TableView:
    """`numbers`: for each column whether it holds numbers."""

    kind = "table"
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class SeparatorView:
    kind = "separator"
    line: bool


PartView = FieldView | OutputView | BesideView | GroupView | RowsView | TextView | TableView | SeparatorView


@dataclass(frozen=True, slots=True)
class FormView:
    """`complaints`: id of the input (or fieldset) to go to, where that is when the
    text does not say so, and what is wrong. `changes`: answers change which
    questions are shown or what is computed, so the page asks the server again when one changes."""

    key: str
    title: str
    parts: tuple[PartView, ...]
    complaints: tuple[tuple[str, str, str], ...]
    changes: bool
