"""A document that is added while somebody fills in a form: the draft then points to it, with what is known of it filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schuldhulp.engine.definitions.forms.model import Field, Form, Rows, Widget, walk
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.history.errors import DraftConflict
from schuldhulp.tasks.access import Person
from schuldhulp.tasks.forms import add_row, prefill, words
from schuldhulp.tasks.forms.raw import Context, fields, handles, name_in_row
from schuldhulp.tasks.work import OpenTask

FILLED = {"soort": "kind", "omschrijving": "description", "datum": "dated", "ontvangen_op": "received", "van": "sender"}
"""Fields of a list of documents, and what of an added document goes there when nothing stands there yet."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class Added:
    """A document that the case has now."""

    number: int
    kind: str = ""
    description: str = ""
    dated: date | None = None
    received: date | None = None
    sender: str = ""


def asks_document(form: Form | None, name: str) -> bool:
    """Whether *name* is an input of the form that is answered with a document."""
    return form is not None and _place(form, name) is not None


def point(engine: Engine, shown: OpenTask, who: Person, name: str, added: Sequence[Added]) -> None:
    """Put the documents in this person's draft of the task: the first at the input *name*, the others in rows of their own when
    that input is in a list. Nothing else of the draft changes, whichever window saved it last."""
    if shown.form is None or not added or not asks_document(shown.form, name):
        return
    case, task = shown.case.number, shown.task.task
    for _ in range(TRIES):
        draft = engine.draft(case, task, who.account)
        content: dict[str, Any] = dict(draft.content) if draft is not None else {"letters": {}, "seen": shown.seen}
        standing = content.get("raw") or {}
        raw = {key: list(values) for key, values in (standing or prefill(shown.form, shown.context)).items()}
        content["raw"] = _pointed(shown.form, raw, name, added, shown.context)
        try:
            engine.save_draft(case, task, who.account, draft.version if draft is not None else 0, content)
            return
        except DraftConflict:
            continue


def _place(form: Form, name: str) -> tuple[Rows | None, str, Field] | None:
    """(list, handle of the row, question) of an input."""
    key, _, rest = name.partition(".")
    handle, _, field = rest.partition(".")
    for part in walk(form.parts):
        if isinstance(part, Field) and part.key == name and part.widget is Widget.DOCUMENT:
            return None, "", part
        if isinstance(part, Rows) and part.key == key:
            for question in fields(part.parts):
                if question.key == field and question.widget is Widget.DOCUMENT:
                    return part, handle, question
    return None


def _pointed(
    form: Form, raw: dict[str, list[str]], name: str, added: Sequence[Added], context: Context
) -> dict[str, list[str]]:
    place = _place(form, name)
    assert place is not None
    rows, handle, question = place
    if rows is None:
        return {**raw, name: [str(added[0].number)]}
    for number, one in enumerate(added):
        taken = any(raw.get(name_in_row(rows, handle, question.key), ()))
        if number or taken or handle not in handles(raw, rows):
            before = set(handles(raw, rows))
            raw = add_row(form, raw, rows.key, context)
            new = [found for found in handles(raw, rows) if found not in before]
            if not new:
                break  # the list is full, or takes no rows: the documents are in the case all the same
            handle = new[0]
        raw[name_in_row(rows, handle, question.key)] = [str(one.number)]
        _fill(rows, handle, one, raw)
    return raw


def _fill(rows: Rows, handle: str, one: Added, raw: dict[str, list[str]]) -> None:
    """What is known of the document, where nothing was typed."""
    for question in fields(rows.parts):
        value = getattr(one, FILLED[question.key]) if question.key in FILLED else None
        name = name_in_row(rows, handle, question.key)
        offered = not question.options or str(value) in {option.value for option in question.options}
        if value and offered and not any(text.strip() for text in raw.get(name, ())):
            raw[name] = [words.write(question.type, value)]
