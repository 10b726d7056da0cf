"""A form as it is shown: plain data for a template, everything worked out, nothing left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
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
    walk,
)
from schuldhulp.rules.dictionary import Entry, Type
from schuldhulp.tasks.forms import markdown, words
from schuldhulp.tasks.forms.interpret import Standing, interpret
from schuldhulp.tasks.forms.needed import Need, needed_now
from schuldhulp.tasks.forms.raw import Context, Raw, handles, name_in_row, prefill, texts, with_unasked
from schuldhulp.tasks.forms.read import Complaint
from schuldhulp.tasks.forms.sayings import columns_of, in_words, is_known, is_number, said, with_label
from schuldhulp.tasks.forms.views import (
    BesideView,
    FieldView,
    FormView,
    GroupView,
    OptionView,
    OutputView,
    PartView,
    RowsView,
    RowView,
    SeparatorView,
    TableView,
    TextView,
)

TABLE_LIMIT = 500


def view(
    form: Form, raw: Raw | None, complaints: Iterable[Complaint], context: Context, needs: tuple[Need, ...] = ()
) -> FormView:
    """*form* as it stands with *raw* typed in; None is the form as it is opened, with data of the file. *needs*: what the task
    cannot do without."""
    typed = prefill(form, context) if raw is None else with_unasked(form, raw, context)
    found = tuple(complaints)
    drawing = _Drawing(interpret(form, typed, context), typed, {one.name: one.text for one in found}, needs)
    asked = {part.key for part in walk(form.parts) if isinstance(part, Field | Rows)}
    return FormView(
        form.key,
        form.title,
        tuple(drawing.parts(form.parts)),
        tuple((_id(one.name), _where(form, typed, one, drawing.standing), one.text) for one in found),
        _changes(form.parts) or any(need.unless and (need.rows or need.key) in asked for need in needs),
    )


def _group(label: str, inside: tuple[PartView, ...]) -> GroupView:
    return GroupView(label, tuple(_named_once(one, label) for one in inside))


def _named_once(part: PartView, label: str) -> PartView:
    return replace(part, named_above=True) if isinstance(part, RowsView) and part.label == label else part


def _where(form: Form, raw: Raw, complaint: Complaint, standing: Standing) -> str:
    """The question that a complaint is about, as the summary names it: nothing when the complaint does so itself. In a row of a
    list with its number; with the name of the list when there are more."""
    about = "" if f"‘{complaint.label}’" in complaint.text or complaint.label == complaint.name else complaint.label
    key, _, rest = complaint.name.partition(".")
    lists = list(form.rows())
    for rows in lists:
        there = handles(raw, rows)
        if rows.key == key and (handle := rest.partition(".")[0]) in there:
            name = rows.label.text(standing.scope, standing.context.now) if len(lists) > 1 else ""
            return ", ".join(part for part in (name, f"regel {there.index(handle) + 1}", about) if part)
    return about


def questions_of(parts: tuple[PartView, ...]) -> Iterator[FieldView]:
    """Every question that is shown, those of groups and rows too, in order."""
    for part in parts:
        if isinstance(part, FieldView):
            yield part
        elif isinstance(part, GroupView | BesideView):
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
    needs: tuple[Need, ...] = ()

    def parts(self, parts: tuple[Part, ...], rows: Rows | None = None, handle: str = "") -> Iterator[PartView]:
        """What is shown; questions of one row of the form beside each other (in a list all of them are already)."""
        drawn = self._drawn(parts, rows, handle)
        for row, beside in groupby(drawn, lambda one: "" if rows else getattr(one, "row", "")):
            found = tuple(beside)
            yield from (BesideView(found),) if row and len(found) > 1 else found

    def _drawn(self, parts: tuple[Part, ...], rows: Rows | None, handle: str) -> Iterator[PartView]:
        prefix = f"{rows.key}.{handle}" if rows else ""
        scope = self.standing.scope_of(rows, handle)
        needed = needed_now(self.needs, self.standing, rows, handle)
        for part in parts:
            if self.standing.shows(part, prefix):
                drawn = self._part(part, rows, handle, scope, needed)
                if drawn is not None:
                    yield drawn

    def _part(
        self, part: Part, rows: Rows | None, handle: str, scope: Mapping[str, Any], needed: frozenset[str]
    ) -> PartView | None:
        match part:
            case Field():
                name = name_in_row(rows, handle, part.key) if rows else part.key
                return self._field(part, name, scope, part.limits.required or part.key in needed)
            case Computed():
                return self._output(part, name_in_row(rows, handle, part.key) if rows else part.key, scope)
            case Group():
                inside = tuple(self.parts(part.parts, rows, handle))
                return _group(self._words(part.label, scope), inside) if inside else None
            case Rows():
                return self._rows(part, scope)
            case Text():
                return TextView(markdown.html(self._words(part.template, scope, markdown.escape)))
            case Table():
                return self._table(part, scope)
            case Separator():
                return SeparatorView(part.line)

    def _words(self, template: Template | None, scope: Mapping[str, Any], quote: Any = None) -> str:
        if template is None:
            return ""
        dictionary = self.standing.context.dictionary
        return template.text(scope, self.standing.context.now, quote, lambda formula, value: said(formula, value, dictionary))

    def _field(self, part: Field, name: str, scope: Mapping[str, Any], required: bool) -> FieldView | OutputView:
        typed = texts(self.raw, name)
        label = self._words(part.label, scope)
        options = self.standing.options(part, scope)
        if self.standing.is_on(part.readonly, scope):
            shown = self._in_words(part, scope.get(part.key), {one.value: one.label for one in options})
            return OutputView(name, _id(name), label, shown, self.complaints.get(name, ""), row=part.row)
        identity = _id(name)
        return FieldView(
            widget=str(part.widget),
            name=name,
            id=identity,
            label=label,
            text=typed[-1] if typed else "",
            required=required,
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
            row=part.row,
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
        if value is not None and entry is not None and part.key in entry and entry[part.key].values:
            text = in_words(entry[part.key], value)
        label = self._words(part.label, scope)
        number = part.type in (Type.AMOUNT, Type.DECIMAL, Type.INTEGER)
        return OutputView(name, _id(name), label, text, self.complaints.get(name, ""), number)

    def _rows(self, part: Rows, scope: Mapping[str, Any]) -> RowsView:
        there = handles(self.raw, part)
        rows = tuple(self._row(part, handle, number, len(there)) for number, handle in enumerate(there, 1))
        label = self._words(part.label, scope)
        return RowsView(part.key, _id(part.key), label, rows, part.may_change, self.complaints.get(part.key, ""))

    def _row(self, part: Rows, handle: str, number: int, among: int) -> RowView:
        """Of a long list only rows that need looking at are open: a new one, and one with something wrong."""
        drawn = tuple(self.parts(part.parts, part, handle))
        summary = " · ".join(self._about(part, handle))
        wrong = any(name.startswith(f"{part.key}.{handle}.") for name in self.complaints)
        last_new = handle.startswith("n") and number == among
        return RowView(handle, number, drawn, summary, among <= OPEN_ROWS or wrong or last_new or not summary)

    def _about(self, part: Rows, handle: str) -> list[str]:
        """The first answers of a row in words: two at most, and the first amount."""
        scope = self.standing.scope_of(part, handle)
        said_: list[str] = []
        amounts: list[str] = []
        for question in (one for one in walk(part.parts) if isinstance(one, Field) and one.widget is not Widget.CHECKBOX):
            value = self.standing.items[part.key][handle].get(question.key)
            if value in (None, [], "") or not self.standing.shows(question, f"{part.key}.{handle}"):
                continue
            labels = {one.value: one.label for one in self.standing.options(question, scope)}
            (amounts if question.type is Type.AMOUNT else said_).append(self._in_words(question, value, labels))
        return [*said_[:2], *amounts[:1]]

    def _table(self, part: Table, scope: Mapping[str, Any]) -> TableView | None:
        try:
            found = self.standing.value(part.rows, scope)
        except FormulaError:
            found = None
        items = [item for item in (found if isinstance(found, list) else []) if isinstance(item, Mapping)][:TABLE_LIMIT]
        known = columns_of(part.rows, [key for key, _ in part.columns], self.standing.context.dictionary)
        cells = tuple(tuple(self._cell(known.get(key), item.get(key)) for key, _ in part.columns) for item in items)
        numbers = tuple(
            any(is_number(known.get(key), item.get(key)) for item in items) for key, _ in part.columns
        )
        return TableView(self._words(part.label, scope), tuple(heading for _, heading in part.columns), cells, numbers)

    def _cell(self, entry: Entry | None, value: Any) -> str:
        if value is None:
            return ""
        if entry is not None and is_known(entry):
            return in_words(entry, value)
        return with_label(value, self.standing.context.dictionary) or words.write(None, value)


OPEN_ROWS = 3
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
