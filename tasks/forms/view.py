"""A form as it is shown: plain data for a template, everything worked out, nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.definitions.forms.formula import FormulaError, Template
from schuldhulp.engine.definitions.forms.model import (
    Computed,
    Field,
    Form,
    Group,
    Part,
    Rows,
    Separator,
    Table,
    Text,
    Widget,
)
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.forms import markdown, words
from schuldhulp.tasks.forms.interpret import Standing, interpret
from schuldhulp.tasks.forms.raw import Context, Raw, handles, name_in_row, prefill, texts
from schuldhulp.tasks.forms.read import Complaint

TABLE_LIMIT = 500


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


@dataclass(frozen=True, slots=True)
class GroupView:
    kind = "group"
    label: str
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """One item of a list; `number` counts from 1 on this page, `handle` stays with the item."""

    handle: str
    number: int
    parts: tuple[PartView, ...]


@dataclass(frozen=True, slots=True)
class RowsView:
    kind = "rows"
    name: str
    id: str
    label: str
    rows: tuple[RowView, ...]
    may_change: bool
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class TextView:
    """HTML made from Markdown, with everything from data escaped."""

    kind = "text"
    html: str


@dataclass(frozen=True, slots=True)
class TableView:
    kind = "table"
    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class SeparatorView:
    kind = "separator"
    line: bool


PartView = FieldView | OutputView | GroupView | RowsView | TextView | TableView | SeparatorView


@dataclass(frozen=True, slots=True)
class FormView:
    """`complaints`: id of the input (or fieldset) to go to, its label, and what is wrong. `changes`: answers change which
    questions are shown or what is computed, so the page asks the server again when one changes."""

    key: str
    title: str
    parts: tuple[PartView, ...]
    complaints: tuple[tuple[str, str, str], ...]
    changes: bool


def view(form: Form, raw: Raw | None, complaints: Iterable[Complaint], context: Context) -> FormView:
    """*form* as it stands with *raw* typed in; None is the form as it is opened, with data of the file."""
    typed = prefill(form, context) if raw is None else raw
    found = tuple(complaints)
    drawing = _Drawing(interpret(form, typed, context), typed, {one.name: one.text for one in found})
    return FormView(
        form.key,
        form.title,
        tuple(drawing.parts(form.parts)),
        tuple((_id(one.name), one.label, one.text) for one in found),
        _changes(form.parts),
    )


def questions_of(parts: tuple[PartView, ...]) -> Iterator[FieldView]:
    """Every question that is shown, those of groups and rows too, in order."""
    for part in parts:
        if isinstance(part, FieldView):
            yield part
        elif isinstance(part, GroupView):
            yield from questions_of(part.parts)
        elif isinstance(part, RowsView):
            for row in part.rows:
                yield from questions_of(row.parts)


def _changes(parts: tuple[Part, ...]) -> bool:
    """Whether anything on the form depends on answers."""
    return any(
        part.hide is not None
        or isinstance(part, Computed)
        or (isinstance(part, Field) and (part.options_from is not None or not isinstance(part.readonly, bool)))
        or (isinstance(part, Text) and part.template.formulas)
        or (isinstance(part, Group | Rows) and _changes(part.parts))
        for part in parts
    )


def _id(name: str) -> str:
    return "v-" + name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class _Drawing:
    standing: Standing
    raw: Raw
    complaints: Mapping[str, str]

    def parts(self, parts: tuple[Part, ...], rows: Rows | None = None, handle: str = "") -> Iterator[PartView]:
        prefix = f"{rows.key}.{handle}" if rows else ""
        scope = self.standing.scope_of(rows, handle)
        for part in parts:
            if self.standing.shows(part, prefix):
                drawn = self._part(part, rows, handle, scope)
                if drawn is not None:
                    yield drawn

    def _part(self, part: Part, rows: Rows | None, handle: str, scope: Mapping[str, Any]) -> PartView | None:
        match part:
            case Field():
                return self._field(part, name_in_row(rows, handle, part.key) if rows else part.key, scope)
            case Computed():
                return self._output(part, name_in_row(rows, handle, part.key) if rows else part.key, scope)
            case Group():
                inside = tuple(self.parts(part.parts, rows, handle))
                return GroupView(self._words(part.label, scope), inside) if inside else None
            case Rows():
                return self._rows(part, scope)
            case Text():
                return TextView(markdown.html(self._words(part.template, scope, markdown.escape)))
            case Table():
                return self._table(part, scope)
            case Separator():
                return SeparatorView(part.line)

    def _words(self, template: Template | None, scope: Mapping[str, Any], quote: Any = None) -> str:
        return template.text(scope, self.standing.context.now, quote) if template else ""

    def _field(self, part: Field, name: str, scope: Mapping[str, Any]) -> FieldView | OutputView:
        typed = texts(self.raw, name)
        label = self._words(part.label, scope)
        options = self.standing.options(part, scope)
        if self.standing.is_on(part.readonly, scope):
            shown = self._in_words(part, scope.get(part.key), {one.value: one.label for one in options})
            return OutputView(name, _id(name), label, shown, self.complaints.get(name, ""))
        identity = _id(name)
        return FieldView(
            widget=str(part.widget),
            name=name,
            id=identity,
            label=label,
            text=typed[-1] if typed else "",
            required=part.limits.required,
            locked=self.standing.is_on(part.disabled, scope),
            description=self._words(part.description, scope),
            example=EXAMPLES.get(part.type, "") if part.widget is Widget.TEXTFIELD else "",
            complaint=self.complaints.get(name, ""),
            options=tuple(
                OptionView(f"{identity}-{number}", one.value, one.label, one.value in typed)
                for number, one in enumerate(options, 1)
            ),
            autocomplete=part.autocomplete or "off",
            inputmode=INPUT_MODES.get(part.type, ""),
            max_length=part.limits.max_length,
            euro=part.type is Type.AMOUNT,
            width=WIDTHS.get(part.type, ""),
        )

    def _in_words(self, part: Field, value: Any, labels: Mapping[str, str]) -> str:
        if value is None:
            return "niet ingevuld"
        if isinstance(value, list | tuple):
            return ", ".join(labels.get(str(code), str(code)) for code in value) or "geen"
        if part.is_choice and not isinstance(value, bool):
            return labels.get(str(value), str(value))
        return dutch.euro(value) if part.type is Type.AMOUNT else words.write(part.type, value)

    def _output(self, part: Computed, name: str, scope: Mapping[str, Any]) -> OutputView | None:
        if part.label is None:
            return None
        value = self.standing.computed.get(name)
        text = "nog niet te berekenen" if value is None else words.write(part.type, value)
        if value is not None and part.type is Type.AMOUNT:
            text = dutch.euro(value)
        entry = self.standing.context.dictionary
        if value is not None and part.type is Type.ENUM and entry is not None and part.key in entry:
            text = entry[part.key].values.get(str(value), str(value))
        return OutputView(name, _id(name), self._words(part.label, scope), text, self.complaints.get(name, ""))

    def _rows(self, part: Rows, scope: Mapping[str, Any]) -> RowsView:
        rows = tuple(
            RowView(handle, number, tuple(self.parts(part.parts, part, handle)))
            for number, handle in enumerate(handles(self.raw, part), 1)
        )
        label = self._words(part.label, scope)
        return RowsView(part.key, _id(part.key), label, rows, part.may_change, self.complaints.get(part.key, ""))

    def _table(self, part: Table, scope: Mapping[str, Any]) -> TableView | None:
        try:
            found = self.standing.value(part.rows, scope)
        except FormulaError:
            found = None
        items = [item for item in (found if isinstance(found, list) else []) if isinstance(item, Mapping)]
        cells = tuple(tuple(words.write(None, item.get(key)) for key, _ in part.columns) for item in items[:TABLE_LIMIT])
        return TableView(self._words(part.label, scope), tuple(heading for _, heading in part.columns), cells)


EXAMPLES: Mapping[Type, str] = {
    Type.AMOUNT: "Bijvoorbeeld 1.250,50",
    Type.DATE: "Bijvoorbeeld 16-03-2026",
    Type.TIME: "Bijvoorbeeld 14:30",
    Type.DATETIME: "Bijvoorbeeld 16-03-2026 14:30",
    Type.IBAN: "Bijvoorbeeld NL91 ABNA 0417 1643 00",
    Type.POSTCODE: "Bijvoorbeeld 1234 AB",
}
INPUT_MODES: Mapping[Type, str] = {
    Type.AMOUNT: "decimal",
    Type.DECIMAL: "decimal",
    Type.INTEGER: "numeric",
    Type.BSN: "numeric",
    Type.EMAIL: "email",
    Type.PHONE: "tel",
}
WIDTHS: Mapping[Type, str] = {
    Type.AMOUNT: "s", Type.DECIMAL: "s", Type.INTEGER: "xs", Type.DATE: "s", Type.TIME: "xs", Type.DATETIME: "m",
    Type.BSN: "s", Type.POSTCODE: "xs", Type.PHONE: "m", Type.IBAN: "m",
}  # fmt: skip
