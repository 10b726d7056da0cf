"""The spreadsheet of an open task: what goes out, and what comes back into the draft of who has the task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused, NoSuchThing, NotNow
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.dictionary import ORDINAL
from schuldhulp.tasks.access import Person
from schuldhulp.tasks.forms import Raw, words
from schuldhulp.tasks.forms.raw import handles, list_of, name_in_row, texts
from schuldhulp.tasks.inventory.lists import Sheet, sheets
from schuldhulp.tasks.inventory.reading import Looked, OnForm, lists_on, look, over
from schuldhulp.tasks.inventory.writing import Rows, csv_text, workbook
from schuldhulp.tasks.work import OpenTask, case_context, see_task


class SheetHasProblems(CommandRefused):
    """The file has problems, so nothing of it was put in the draft."""

    code = "file-has-problems"

    def __init__(self, looked: Looked) -> None:
        self.looked = looked
        super().__init__(f"{len(looked.problems)} problems in the file; nothing was taken in. Mend them and try again.")


@dataclass(frozen=True, slots=True)
class Kept:
    """The draft as it was when the file was looked at."""

    version: int
    raw: Raw
    letters: Mapping[str, Any]
    seen: int | None


def kept(engine: Engine, case: str, task: int, account: int) -> Kept:
    draft = engine.draft(case, task, account)
    if draft is None:
        return Kept(0, {}, {}, None)
    return Kept(draft.version, draft.content.get("raw") or {}, draft.content.get("letters") or {}, draft.content.get("seen"))


def lists_of_task(shown: OpenTask, draft: Raw) -> tuple[OnForm, ...]:
    """The lists that a spreadsheet of this task has; none for a task that does not ask for them."""
    if shown.form is None or not any(True for _ in shown.form.rows()):
        return ()
    return lists_on(shown.form, over(shown.form, draft, shown.context), shown.context)


def tasks_with_lists(engine: Engine, case: str, who: Person) -> list[int]:
    """Open tasks of the case for this person that ask for the lists, their own first."""
    found = []
    for number, task in engine.case(case).tasks.items():
        mine = task.claimed_by == who.account
        if (mine or task.claimed_by is None) and set(task.roles) & set(who.roles):
            shown = see_task(engine, case, number, who.actor(wanted=task.roles))
            if lists_of_task(shown, kept(engine, case, number, who.account).raw):
                found.append((not mine, number))
    return [number for _, number in sorted(found)]


def the_task(engine: Engine, case: str, who: Person) -> int:
    """The one task that a file goes into. Raises NotNow when there is none, or more than one."""
    found = tasks_with_lists(engine, case, who)
    if not found:
        raise NotNow("no open task of this case that is yours asks for incomes, expenses, debts or assets.")
    mine = [number for number in found if engine.case(case).tasks[number].claimed_by == who.account]
    chosen = mine or found
    if len(chosen) > 1:
        raise NotNow(f"several tasks ask for these lists: {', '.join(map(str, chosen))}. Say which with --task.")
    return chosen[0]


def export_task(shown: OpenTask, draft: Raw, only: str = "") -> bytes:
    """The lists as they stand on the form of a task: a workbook, or CSV of the list *only*. Raises NoSuchThing."""
    assert shown.form is not None
    raw = over(shown.form, draft, shown.context)
    filled = [(one.sheet, tuple(_rows(one, raw, shown))) for one in lists_of_task(shown, draft)]
    return _written(shown.case.number, filled, only)


def export_case(engine: Engine, case: str, by: Actor, only: str = "") -> bytes:
    """The lists as they are in the file, outside any task. Raises NoSuchThing."""
    context = case_context(engine, case, by)
    assert context.dictionary is not None
    filled = [
        (sheet, tuple((str(item[ORDINAL]), item) for item in list_of(context.value(sheet.key)) if ORDINAL in item))
        for sheet in sheets(context.dictionary)
    ]
    return _written(case, filled, only)


def _written(case: str, filled: Sequence[tuple[Sheet, Rows]], only: str) -> bytes:
    if not only:
        return workbook(case, filled)
    for sheet, rows in filled:
        if sheet.key == only:
            return csv_text(sheet, rows)
    raise NoSuchThing("list", only, case)


def _rows(one: OnForm, raw: Raw, shown: OpenTask) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each row with its values; what was typed and cannot be read stays as it was typed."""
    items = {str(item.get(ORDINAL)): item for item in list_of(shown.context.value(one.sheet.key))}
    questions = one.questions
    for handle in handles(raw, one.rows):
        values: dict[str, Any] = {}
        for entry in one.sheet.columns.values():
            typed = texts(raw, name_in_row(one.rows, handle, entry.key))
            if entry.key not in questions:
                values[entry.key] = items.get(handle, {}).get(entry.key)
            elif typed:
                values[entry.key] = _value(questions[entry.key].type, typed[-1])
        yield handle, values


def _value(type_: Any, text: str) -> Any:
    try:
        return words.read(type_, text)
    except words.NotRead:
        return text


def look_at_sheet(engine: Engine, shown: OpenTask, who: Person, content: bytes, only: str = "") -> tuple[Looked, int]:
    """What a file makes of the draft, and the version of the draft that it was held against. Nothing is kept.

    Raises FileRefused, NotNow.
    """
    form = _own_form(shown, who)
    draft = kept(engine, shown.case.number, shown.task.task, who.account)
    return look(content, shown.case.number, form, draft.raw or None, shown.context, only), draft.version


def keep_sheet(
    engine: Engine, shown: OpenTask, who: Person, content: bytes, only: str = "", version: int | None = None
) -> Looked:
    """Put a file into the draft: all of it, or nothing. *version*: of the draft that people saw the changes against.

    Raises FileRefused, NotNow, SheetHasProblems, DraftConflict.
    """
    form = _own_form(shown, who)
    case, task = shown.case.number, shown.task.task
    draft = kept(engine, case, task, who.account)
    looked = look(content, case, form, draft.raw or None, shown.context, only)
    if looked.problems and version in (None, draft.version):  # of another version the draft itself says so, below
        raise SheetHasProblems(looked)
    content_of_draft = {
        "raw": {name: list(values) for name, values in looked.raw.items()},
        "letters": dict(draft.letters),
        "seen": shown.seen if draft.seen is None else draft.seen,
    }
    engine.save_draft(case, task, who.account, draft.version if version is None else version, content_of_draft)
    return looked


def _own_form(shown: OpenTask, who: Person) -> Form:
    if shown.task.claimed_by != who.account:
        raise NotNow(f"task {shown.task.task} is not yours yet: take it first.")
    if shown.form is None:
        raise NotNow(f"task {shown.task.task} has no form to fill in.")
    return shown.form
