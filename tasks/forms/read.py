"""Reading a form that someone sends in: answers, or complaints beside what was typed.

    read_posted(form, posted, context)   what a browser posts
    read_values(form, values, context)   values by key, from a file or a command line

Both check alike: only questions that are shown are asked, required ones must be answered, and every complaint comes at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from schuldhulp.engine.definitions.forms.model import Computed, Field, Form, Rows
from schuldhulp.rules.dictionary import ORDINAL
from schuldhulp.tasks.forms import raw as inputs
from schuldhulp.tasks.forms.check import complaint_about
from schuldhulp.tasks.forms.interpret import Standing, interpret
from schuldhulp.tasks.forms.raw import Context, Raw, groups, handles, list_of, name_in_row
from schuldhulp.tasks.forms.values import spread


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why an answer was not taken. `name` is the input (`schulden.n1.saldo`), `label` its question, `text` Dutch for people."""

    name: str
    label: str
    text: str

    def __str__(self) -> str:
        return f"{self.name} ({self.label}): {self.text}"


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading. `answers` (key to plain value) only when nothing is wrong; `raw` is what was typed, always.

    `appeared`: questions that these answers made visible and that the sender has not seen; the form must be shown again.
    """

    answers: Mapping[str, Any] | None
    complaints: tuple[Complaint, ...]
    raw: Mapping[str, list[str]]
    appeared: tuple[str, ...] = ()


def read_posted(form: Form, posted: Raw, context: Context) -> Read:
    """Answers from the inputs that a browser posts; inputs that are not of the form are left alone."""
    return _read(form, inputs.of_form(form, posted), context, ())


def read_values(form: Form, values: Mapping[str, Any], context: Context) -> Read:
    """Answers from values by key over what the file holds already.

    A value is a plain value, or text as one would type it; a list datum is a list of mappings, with `nr` for an item that is
    there already. A key that the form does not ask, or does not ask now, is a complaint.
    """
    raw, refused = spread(form, values, context)
    strange = tuple(Complaint(name, name, text) for name, text in refused.items())
    read = _read(form, raw, context, strange)
    standing = interpret(form, raw, context)
    unasked = tuple(
        Complaint(part.key, _label(part, standing), "Deze vraag hoort niet bij de andere antwoorden. Laat hem weg.")
        for part, _ in groups(form.parts)
        if isinstance(part, Field | Rows) and part.key in values and not standing.shows(part)
    )
    return Read(None, (*read.complaints, *unasked), read.raw) if unasked else read


def _read(form: Form, raw: dict[str, list[str]], context: Context, before: tuple[Complaint, ...]) -> Read:
    standing = interpret(form, raw, context)
    refused = {complaint.name for complaint in before}
    complaints = (*before, *(one for one in _complaints(form, raw, standing) if one.name not in refused))
    appeared = tuple(_appeared(form, raw, standing))
    answers = None if complaints or appeared else _answers(form, raw, standing)
    return Read(answers, complaints, raw, appeared)


def _complaints(form: Form, raw: Raw, standing: Standing) -> Iterator[Complaint]:
    for part, _ in groups(form.parts):
        if not standing.shows(part):
            continue
        if isinstance(part, Field) and part.key in raw:
            yield from _about(part, part.key, standing, standing.scope)
        elif isinstance(part, Computed) and part.key in standing.faults:
            yield Complaint(part.key, _label(part, standing), "Dit kan niet worden berekend. Meld het aan de beheerder.")
        elif isinstance(part, Rows) and part.key in raw:
            yield from _about_rows(part, raw, standing)


def _about(question: Field, name: str, standing: Standing, scope: Mapping[str, Any]) -> Iterator[Complaint]:
    if standing.is_on(question.readonly, scope) or standing.is_on(question.disabled, scope):
        return
    label = question.label.text(scope, standing.context.now)
    text = standing.unread.get(name)
    if text is None:
        text = complaint_about(question, label, standing.values.get(name), standing.options(question, scope))
    if text is not None:
        yield Complaint(name, label, text)


def _about_rows(rows: Rows, raw: Raw, standing: Standing) -> Iterator[Complaint]:
    label = _label(rows, standing)
    shown = handles(raw, rows)
    known = {str(item.get(ORDINAL)) for item in list_of(standing.context.value(rows.key))}
    gone = [handle for handle in shown if not handle.startswith("n") and handle not in known]
    if gone:
        text = f"Regel {', '.join(gone)} is intussen weggehaald. Haal de regel hier ook weg, of voeg hem opnieuw toe."
        yield Complaint(rows.key, label, text)
    if not rows.may_change and set(shown) != known:
        yield Complaint(rows.key, label, "Aan deze lijst kunt u geen regels toevoegen, en er ook geen weghalen.")
    if rows.required and not shown:
        yield Complaint(rows.key, label, f"Voeg bij ‘{label}’ een regel toe.")
    for handle in shown:
        for part, _ in groups(rows.parts):
            if isinstance(part, Field) and standing.shows(part, f"{rows.key}.{handle}"):
                yield from _about(part, name_in_row(rows, handle, part.key), standing, standing.scope_of(rows, handle))


def _appeared(form: Form, raw: Raw, standing: Standing) -> Iterator[str]:
    """Questions shown now of which nothing at all was posted: an input that is on a page always posts something."""
    for part, _ in groups(form.parts):
        if not standing.shows(part):
            continue
        if isinstance(part, Field) and _may_answer(part, standing, standing.scope) and part.key not in raw:
            yield part.key
        if isinstance(part, Rows):
            yield from [part.key] if part.key not in raw else _appeared_in(part, raw, standing)


def _appeared_in(rows: Rows, raw: Raw, standing: Standing) -> Iterator[str]:
    for handle in handles(raw, rows):
        scope = standing.scope_of(rows, handle)
        for part, _ in groups(rows.parts):
            if isinstance(part, Field) and standing.shows(part, f"{rows.key}.{handle}"):
                name = name_in_row(rows, handle, part.key)
                if name not in raw and _may_answer(part, standing, scope):
                    yield name


def _answers(form: Form, raw: Raw, standing: Standing) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for part, _ in groups(form.parts):
        if not standing.shows(part):
            continue
        if isinstance(part, Field) and _may_answer(part, standing, standing.scope):
            answers[part.key] = standing.values[part.key]
        elif isinstance(part, Computed) and part.stored:
            answers[part.key] = standing.computed[part.key]
        elif isinstance(part, Rows):
            answers[part.key] = [_item(part, handle, standing) for handle in handles(raw, part)]
    return answers


def _item(rows: Rows, handle: str, standing: Standing) -> dict[str, Any]:
    """The answers in one row, with its number when the file has it already."""
    item: dict[str, Any] = {} if handle.startswith("n") else {ORDINAL: int(handle)}
    scope = standing.scope_of(rows, handle)
    for part, _ in groups(rows.parts):
        if not standing.shows(part, f"{rows.key}.{handle}"):
            continue
        if isinstance(part, Field) and _may_answer(part, standing, scope):
            item[part.key] = standing.values[name_in_row(rows, handle, part.key)]
        elif isinstance(part, Computed) and part.stored:
            item[part.key] = standing.computed[name_in_row(rows, handle, part.key)]
    return item


def _may_answer(question: Field, standing: Standing, scope: Mapping[str, Any]) -> bool:
    return not (standing.is_on(question.readonly, scope) or standing.is_on(question.disabled, scope))


def _label(part: Field | Rows | Computed, standing: Standing) -> str:
    return part.label.text(standing.scope, standing.context.now) if part.label else part.key
