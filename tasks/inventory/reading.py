"""A spreadsheet looked at against what stands on the form: what it changes, and every problem with its place.

Nothing is kept here. A sheet, or a column, that is not in the file leaves what there is alone; a row that is not in a sheet goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from schuldhulp.engine.definitions.forms.model import Field, Form, Widget
from schuldhulp.engine.definitions.forms.model import Rows as FormRows
from schuldhulp.rules.dictionary import Entry
from schuldhulp.tasks.forms import Context, Raw, prefill, read_posted, words
from schuldhulp.tasks.forms.interpret import interpret
from schuldhulp.tasks.forms.raw import ROW_LIMIT, fields, handles, name_in_row, texts, written
from schuldhulp.tasks.imports.cells import FORMULA, FileRefused, Row, Rows, read_rows, sheet_names, workbook_title
from schuldhulp.tasks.inventory.lists import LISTS, NUMBER, Sheet, bare_of, sheets, shown, understood
from schuldhulp.tasks.inventory.writing import TITLE, as_written


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the file is not taken: sheet, line and cell (as far as there is one), what is wrong, and what to do."""

    sheet: str
    line: int
    column: str
    place: str
    what: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a row. `how`: nieuw | gewijzigd | weg; `cells`: head, what it was, what it becomes."""

    sheet: str
    number: str
    how: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Looked:
    """`raw`: the form as it becomes, only to be kept when there are no problems."""

    raw: Mapping[str, list[str]]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnForm:
    """A list as it stands on a form."""

    sheet: Sheet
    rows: FormRows

    @property
    def questions(self) -> dict[str, Field]:
        """What can be filled in, by key."""
        return {one.key: one for one in fields(self.rows.parts) if one.readonly is False and one.disabled is False}


def lists_on(form: Form | None, raw: Raw, context: Context) -> tuple[OnForm, ...]:
    """The lists of a spreadsheet that the form asks for as it stands."""
    if form is None or context.dictionary is None:
        return ()
    standing = interpret(form, dict(raw), context)
    asked = {rows.key: rows for rows in form.rows() if rows.key in LISTS and rows.may_change and standing.shows(rows)}
    return tuple(OnForm(sheet, asked[sheet.key]) for sheet in sheets(context.dictionary, tuple(asked)))


def over(form: Form, draft: Raw | None, context: Context) -> dict[str, list[str]]:
    """What stands on the form: the draft, and where it says nothing of a list, the file."""
    opened = prefill(form, context)
    if not draft:
        return opened
    typed = {name: list(values) for name, values in draft.items()}
    missing = {key for key in LISTS if key not in typed}
    return {**{name: values for name, values in opened.items() if name.partition(".")[0] in missing}, **typed}


@dataclass
class _Found:
    raw: dict[str, list[str]]
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    places: dict[str, tuple[str, int, str, str]] = field(default_factory=dict)
    """Name of an input -> sheet, line, head and cell that it came from."""


def look(content: bytes, case: str, form: Form, draft: Raw | None, context: Context, only: str = "") -> Looked:
    """What *content* (XLSX with a sheet per list, or CSV or JSON of one list) makes of the form. *only*: the list that a file
    of one list is. Raises FileRefused."""
    base = over(form, draft, context)
    present = lists_on(form, base, context)
    found = _Found({name: list(values) for name, values in base.items()})
    for one, rows in _tables(content, case, present, only, found):
        _take(one, rows, base, found)
    if not found.problems:
        _ask_the_form(form, context, present, found)
    return Looked(found.raw, tuple(found.changes), tuple(found.problems), tuple(found.ignored))


def _tables(
    content: bytes, case: str, present: Sequence[OnForm], only: str, found: _Found
) -> Iterator[tuple[OnForm, Rows]]:
    """The lists in a file with their rows."""
    if not present:
        raise FileRefused("Deze taak vraagt geen inkomsten, uitgaven, schulden of bezittingen.")
    if content[:2] != b"PK":
        rows = read_rows(content)
        yield _list_of(rows, present, only), rows
        return
    title = workbook_title(content)
    if title.startswith(TITLE) and title != f"{TITLE}{case}":
        other = title.removeprefix(TITLE)
        raise FileRefused(f"Dit bestand is van zaak {other}, niet van {case}. Kies het bestand van deze zaak.")
    by_name = {bare_of(one.sheet.title): one for one in present}
    hit = False
    for name in sheet_names(content):
        one = by_name.get(bare_of(name))
        if one is not None:
            hit = True
            yield one, read_rows(content, name)
        elif bare_of(name) != "keuzes":
            found.ignored.append(f"blad {name}")
    if not hit:
        raise FileRefused(f"Er is geen blad met de naam {_or(present)}. Haal het bestand hier op en vul dat in.")


def _or(present: Sequence[OnForm]) -> str:
    return " of ".join(one.sheet.title for one in present)


def _list_of(rows: Rows, present: Sequence[OnForm], only: str) -> OnForm:
    """Which list a file of one list is: as it was said, else the one that knows most of its heads."""
    if only:
        said = next((one for one in present if one.sheet.key == only), None)
        if said is None:
            raise FileRefused(f"Deze taak vraagt geen {only}. Kies uit: {', '.join(one.sheet.key for one in present)}.")
        return said
    known = sorted(((sum(one.sheet.head_of(head) is not None for head in rows.columns), one) for one in present),
                   key=lambda pair: -pair[0])  # fmt: skip
    if known[0][0] == 0 or (len(known) > 1 and known[0][0] == known[1][0]):
        remedy = "Kies de lijst, of gebruik de koppen van het bestand dat u hier ophaalt."
        raise FileRefused(f"Wij zien niet welke lijst dit is: {_or(present)}. {remedy}")
    return known[0][1]


def _take(one: OnForm, rows: Rows, base: Raw, found: _Found) -> None:
    """The rows of a sheet over those of the form."""
    sheet, title = one.sheet, one.sheet.title
    number_head = next((head for head in rows.columns if bare_of(head) == NUMBER), None)
    heads = {head: sheet.head_of(head) for head in rows.columns if head != number_head}
    known = {head: sheet.columns[found_] for head, found_ in heads.items() if found_ is not None}
    twice = [entry.label for entry in known.values() if list(known.values()).count(entry) > 1]
    found.ignored += [f"{title}: kolom {head}" for head, meant in heads.items() if meant is None]
    standing = handles(base, one.rows)
    if twice:
        found.problems.append(Problem(title, 1, twice[0], "", "Deze kolom staat er twee keer.", "Laat een van de twee weg."))
    if number_head is None and standing:
        remedy = "Zet de kolom nr terug, met het nummer van elke regel. Laat nr leeg bij een nieuwe regel."
        found.problems.append(Problem(title, 1, NUMBER, "", "De kolom nr ontbreekt.", remedy))
    if len(rows.rows) > ROW_LIMIT:
        what = f"Er zijn meer dan {ROW_LIMIT} regels."
        found.problems.append(Problem(title, 0, "", "", what, "Voeg regels samen of laat er weg."))
    if any(problem.sheet == title for problem in found.problems):
        return
    order: list[str] = []
    fresh = max((int(handle[1:]) for handle in standing if handle.startswith("n")), default=0)
    for row in rows.rows:
        number = row.cells.get(number_head, "") if number_head else ""
        if not number:
            fresh += 1
        handle = number or f"n{fresh}"
        problem = _wrong_number(title, row, number_head or NUMBER, number, standing, order)
        if problem is not None:
            found.problems.append(problem)
            continue
        order.append(handle)
        _take_row(one, row, handle, known, base, found, new=not number, from_csv=rows.kind == "csv")
    found.raw[sheet.key] = order
    for handle in standing:
        if handle not in order:
            found.changes.append(Change(title, handle, "weg", tuple(_standing(one, handle, base))))
            prefix = f"{sheet.key}.{handle}."
            found.raw = {name: values for name, values in found.raw.items() if not name.startswith(prefix)}


def _wrong_number(
    title: str, row: Row, head: str, number: str, standing: Sequence[str], before: Sequence[str]
) -> Problem | None:
    place = row.places.get(head, "")
    if not any(name != head for name in row.cells):
        return Problem(title, row.line, head, place, "Deze regel is leeg.", "Verwijder de hele regel, of vul hem in.")
    if not number:
        return None
    if number == FORMULA:
        return Problem(title, row.line, head, place, "Hier staat een formule.", "Vul het nummer in.")
    if number not in standing:
        remedy = "Laat nr leeg bij een nieuwe regel. Is de regel intussen weg? Haal het bestand dan opnieuw op."
        return Problem(title, row.line, head, place, f"Regel {number[:20]} is er niet.", remedy)
    if number in before:
        return Problem(title, row.line, head, place, f"Regel {number} staat er twee keer.", "Laat nr leeg bij de nieuwe regel.")
    return None


def _take_row(
    one: OnForm, row: Row, handle: str, known: Mapping[str, Entry], base: Raw, found: _Found, *, new: bool, from_csv: bool
) -> None:
    """The cells of a row; a new row begins with what the form proposes."""
    title = one.sheet.title
    cells: list[tuple[str, str, str]] = []
    questions = one.questions
    if new:
        filled = {entry.key for entry in known.values()}
        for key, asked in questions.items():
            found.raw[name_in_row(one.rows, handle, key)] = [] if key in filled else written(asked, asked.default)
    for head, entry in known.items():
        question = questions.get(entry.key)
        if question is None:
            continue
        name = name_in_row(one.rows, handle, entry.key)
        text, place = row.cells.get(head, ""), row.places.get(head, "")
        found.places[name] = (title, row.line, head, place)
        if text == FORMULA or (from_csv and text.startswith("=")):
            what = "Hier staat een formule. Die rekenen wij niet uit."
            found.problems.append(Problem(title, row.line, head, place, what, "Vul de uitkomst in."))
            continue
        try:
            typed = [] if not text else written(question, understood(entry, as_written(text) if from_csv else text))
        except words.NotRead as error:
            found.problems.append(Problem(title, row.line, head, place, f"'{text[:40]}' kunnen wij niet lezen.", str(error)))
            continue
        was, now = ("" if new else _seen(question, entry, base, name)), _in_words(question, entry, typed)
        if was != now:
            found.raw[name] = typed
            if not new or now != "nee":
                cells.append((entry.label, was, now))
    if new or cells:
        found.changes.append(Change(title, "" if new else handle, "nieuw" if new else "gewijzigd", tuple(cells)))


def _standing(one: OnForm, handle: str, base: Raw) -> Iterator[tuple[str, str, str]]:
    questions = one.questions
    for entry in one.sheet.columns.values():
        if entry.key in questions:
            was = _seen(questions[entry.key], entry, base, name_in_row(one.rows, handle, entry.key))
            if was and was != "nee":
                yield entry.label, was, ""


def _seen(question: Field, entry: Entry, raw: Raw, name: str) -> str:
    return _in_words(question, entry, texts(raw, name))


def _in_words(question: Field, entry: Entry, typed: Sequence[str]) -> str:
    """What stands in an input, as a cell would have it. A box without a tick is no."""
    if not typed:
        return "nee" if question.widget is Widget.CHECKBOX else ""
    try:
        said = shown(entry, words.read(question.type, typed[-1]))
    except words.NotRead:
        said = typed[-1]
    return said.replace("\r\n", "\n").strip()


def _ask_the_form(form: Form, context: Context, present: Sequence[OnForm], found: _Found) -> None:
    """What the form itself has against the cells: limits, choices, rows that are gone."""
    titles = {one.sheet.key: one.sheet.title for one in present}
    for complaint in read_posted(form, found.raw, context).complaints:
        key = complaint.name.partition(".")[0]
        if complaint.name in found.places:
            found.problems.append(Problem(*found.places[complaint.name], "Dit antwoord past niet.", complaint.text))
        elif key in titles and "." not in complaint.name:
            found.problems.append(Problem(titles[key], 0, "", "", "Deze lijst past niet.", complaint.text))
