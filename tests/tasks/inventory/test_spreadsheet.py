"""The inventory as a spreadsheet: nothing is lost on the way, nothing comes in half, and no cell ever runs."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from schuldhulp.engine.case.errors import NotNow
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.history.errors import DraftConflict
from schuldhulp.tasks.access import Person, person_by_login
from schuldhulp.tasks.forms import read_values
from schuldhulp.tasks.imports.cells import FileRefused
from schuldhulp.tasks.inventory.filling import (
    SheetHasProblems,
    export_case,
    export_task,
    keep_sheet,
    kept,
    look_at_sheet,
)
from schuldhulp.tasks.inventory.reading import look
from schuldhulp.tasks.work import OpenTask, complete_with_posted, see_task
from tests.tasks.inventory.conftest import at_the_form, debts

Change = Callable[[Workbook], None]


@pytest.fixture
def shown(engine: Engine, saar: Person) -> OpenTask:
    return see_task(engine, *at_the_form(engine, saar), saar.actor())


def with_draft(engine: Engine, shown: OpenTask, who: Person, **lists: Any) -> dict[str, list[str]]:
    """These lists half filled in, as the browser keeps them."""
    assert shown.form is not None
    raw = dict(read_values(shown.form, lists, shown.context).raw)
    engine.save_draft(shown.case.number, shown.task.task, who.account, 0, {"raw": raw, "letters": {}, "seen": shown.seen})
    return raw


def out(engine: Engine, shown: OpenTask, who: Person, only: str = "") -> bytes:
    return export_task(shown, kept(engine, shown.case.number, shown.task.task, who.account).raw, only)


def changed(content: bytes, change: Change) -> bytes:
    """What somebody made of a workbook in Excel."""
    book = load_workbook(io.BytesIO(content))
    change(book)
    kept_as = io.BytesIO()
    book.save(kept_as)
    return kept_as.getvalue()


def told(engine: Engine, shown: OpenTask, who: Person, content: bytes, only: str = "") -> list[tuple[str, str, str, str]]:
    looked, _ = look_at_sheet(engine, shown, who, content, only)
    return [(one.sheet, one.column, one.place, one.what) for one in looked.problems]


def without_lists(book: Workbook) -> None:
    for number, sheet in enumerate(book.worksheets[:4]):
        sheet.title = f"Iets anders {number}"


def column(book: Workbook, sheet: str, head: str) -> int:
    return next(cell.column for cell in book[sheet][1] if cell.value == head)


@pytest.mark.shows("M6-A02")
@pytest.mark.parametrize("only", ["", "schulden"])
def test_sixty_debts_go_out_and_come_back_without_any_change(engine: Engine, saar: Person, shown: OpenTask, only: str) -> None:
    wages = {"soort": "loon", "bedrag": "1.250,55", "periode": "maand"}
    raw = with_draft(engine, shown, saar, schulden=debts(60), inkomsten=[wages])
    content = out(engine, shown, saar, only)

    looked, version = look_at_sheet(engine, shown, saar, content)

    assert (looked.problems, looked.changes, looked.ignored, version) == ((), (), (), 1)
    assert looked.raw == raw


def test_debts_of_the_file_go_out_with_their_numbers_and_changes_come_back_into_the_case(engine: Engine, saar: Person) -> None:
    case, task = at_the_form(engine, saar)
    by = saar.actor()
    shown = see_task(engine, case, task, by)
    raw = with_draft(engine, shown, saar, schulden=debts(3))

    def change(book: Workbook) -> None:
        sheet = book["Schulden"]
        sheet.cell(2, column(book, "Schulden", "Saldo nu")).value = 99.95
        sheet.delete_rows(3)
        sheet.append(["", "Nieuwe schuldeiser", None, "007", None, 12.5, date(2026, 5, 30), "CJIB"])

    content = changed(out(engine, shown, saar), change)
    looked = keep_sheet(engine, shown, saar, content)
    assert [(one.number, one.how) for one in looked.changes] == [("n1", "gewijzigd"), ("", "nieuw"), ("n2", "weg")]
    assert looked.changes[0].cells == (("Saldo nu", raw["schulden.n1.saldo"][0], "99,95"),)

    reason = "Het blad is vol genoeg om verder te gaan."
    mended = {**kept(engine, case, task, saar.account).raw, "eerder_traject": ["geen"]}
    posted = {key: [*texts] for key, texts in mended.items()}
    done = complete_with_posted(engine, case, task, posted, by, reason=reason)
    assert done.case.tasks
    again = load_workbook(io.BytesIO(export_case(engine, case, by)))["Schulden"]
    assert [[row[0].value, row[1].value] for row in again.iter_rows(min_row=2)] == [
        [1, "Schuldeiser 1"], [2, "Schuldeiser 3"], [3, "Nieuwe schuldeiser"],
    ]  # fmt: skip


def test_a_workbook_has_dutch_heads_that_stay_put_drop_downs_and_real_amounts_and_dates(
    engine: Engine, saar: Person, shown: OpenTask
) -> None:
    with_draft(engine, shown, saar, schulden=debts(2))
    book = load_workbook(io.BytesIO(out(engine, shown, saar)))
    assert book.sheetnames == ["Inkomsten", "Uitgaven", "Schulden", "Bezittingen", "Keuzes"]
    sheet = book["Schulden"]
    assert [cell.value for cell in sheet[1]][:3] == ["nr", "Schuldeiser", "Deurwaarder of incassobureau"]
    assert (sheet.freeze_panes, sheet.protection.sheet, sheet["B1"].protection.locked) == ("B2", True, True)
    assert not sheet["B2"].protection.locked
    amount: Any = sheet.cell(2, column(book, "Schulden", "Saldo nu"))
    day: Any = sheet.cell(2, column(book, "Schulden", "Datum van het saldo"))
    assert (amount.data_type, amount.number_format, day.is_date, day.number_format) == ("n", "#,##0.00", True, "dd-mm-yyyy")
    assert book["Keuzes"].sheet_state == "hidden"
    assert len(sheet.data_validations.dataValidation) == 5
    choices = sheet.data_validations.dataValidation[1].formula1
    where = choices.partition("!")[2].replace("$", "")
    assert "Vonnis" in [cell.value for row in book["Keuzes"][where] for cell in row]


def test_every_wrong_cell_is_told_with_its_place_and_nothing_is_kept(engine: Engine, saar: Person, shown: OpenTask) -> None:
    with_draft(engine, shown, saar, schulden=debts(4))

    def change(book: Workbook) -> None:
        sheet = book["Schulden"]
        sheet["F2"] = "veel"
        sheet["G3"] = "31-02-2026"
        sheet["H4"] = "gokken"
        sheet["F5"] = "=SUM(F2:F4)"
        sheet["F6"], sheet["B6"], sheet["A6"] = 10, "Iets", 77
        book["Uitgaven"]["A2"], book["Uitgaven"]["F2"] = None, 40
        book["Uitgaven"]["C2"] = 5

    content = changed(out(engine, shown, saar), change)
    assert told(engine, shown, saar, content) == [
        ("Schulden", "Saldo nu", "F2", "'veel' kunnen wij niet lezen."),
        ("Schulden", "Datum van het saldo", "G3", "'31-02-2026' kunnen wij niet lezen."),
        ("Schulden", "Soort schuld", "H4", "'gokken' kunnen wij niet lezen."),
        ("Schulden", "Saldo nu", "F5", "Hier staat een formule. Die rekenen wij niet uit."),
        ("Schulden", "nr", "A6", "Regel 77 is er niet."),
    ]
    with pytest.raises(SheetHasProblems):
        keep_sheet(engine, shown, saar, content)
    assert kept(engine, shown.case.number, shown.task.task, saar.account).version == 1


def test_what_the_form_would_refuse_is_told_at_its_cell(engine: Engine, saar: Person, shown: OpenTask) -> None:
    with_draft(engine, shown, saar, schulden=debts(1))

    def change(book: Workbook) -> None:
        book["Schulden"]["F2"] = -5
        uitgaven = book["Uitgaven"]
        uitgaven.cell(2, column(book, "Uitgaven", "Dag van betaling")).value = 40

    found = told(engine, shown, saar, changed(out(engine, shown, saar), change))
    assert sorted(place for _, _, place, _ in found) == ["F2", "F2"]
    assert {sheet for sheet, _, _, _ in found} == {"Schulden", "Uitgaven"}


def test_numbers_of_rows_are_unique_and_their_column_must_be_there(engine: Engine, saar: Person, shown: OpenTask) -> None:
    with_draft(engine, shown, saar, schulden=debts(2))

    def twice(book: Workbook) -> None:
        book["Schulden"]["A3"] = "n1"

    def without(book: Workbook) -> None:
        book["Schulden"].delete_cols(1)

    content = out(engine, shown, saar)
    assert told(engine, shown, saar, changed(content, twice)) == [("Schulden", "nr", "A3", "Regel n1 staat er twee keer.")]
    assert told(engine, shown, saar, changed(content, without)) == [("Schulden", "nr", "", "De kolom nr ontbreekt.")]


def test_a_sheet_or_column_that_is_left_out_changes_nothing(engine: Engine, saar: Person, shown: OpenTask) -> None:
    raw = with_draft(engine, shown, saar, schulden=debts(2), bezittingen=[{"soort": "auto", "waarde": "750"}])

    def change(book: Workbook) -> None:
        del book["Bezittingen"]
        book["Schulden"].delete_cols(4)
        book["Schulden"].cell(1, 20).value = "Mijn notities"
        book.create_sheet("Kladblok")

    looked, _ = look_at_sheet(engine, shown, saar, changed(out(engine, shown, saar), change))
    assert (looked.changes, looked.problems) == ((), ())
    assert looked.raw == raw
    assert {"blad Kladblok", "Schulden: kolom Mijn notities"} <= set(looked.ignored)


def test_the_sheet_of_another_case_or_a_task_of_somebody_else_is_refused(engine: Engine, saar: Person, shown: OpenTask) -> None:
    other = see_task(engine, *at_the_form(engine, saar), saar.actor())
    with pytest.raises(FileRefused, match=f"is van zaak {other.case.number}, niet van {shown.case.number}"):
        look_at_sheet(engine, shown, saar, out(engine, other, saar))
    with pytest.raises(NotNow, match="is not yours yet"):
        look_at_sheet(engine, shown, person_by_login(engine, "bas"), out(engine, shown, saar))
    with pytest.raises(FileRefused, match="niet welke lijst"):
        look_at_sheet(engine, shown, saar, b"nr;bedrag\r\n;10,00\r\n")
    with pytest.raises(FileRefused, match="geen blad met de naam"):
        look_at_sheet(engine, shown, saar, changed(out(engine, shown, saar), without_lists))


def test_a_draft_that_changed_after_the_preview_is_not_written_over(engine: Engine, saar: Person, shown: OpenTask) -> None:
    with_draft(engine, shown, saar, schulden=debts(1))
    content = out(engine, shown, saar)
    _, version = look_at_sheet(engine, shown, saar, content)
    engine.save_draft(shown.case.number, shown.task.task, saar.account, version, {"raw": {}, "letters": {}, "seen": 1})
    with pytest.raises(DraftConflict):
        keep_sheet(engine, shown, saar, content, version=version)


DANGEROUS = ["=1+1", "+31 6 1234", "-2", "@SUM(A1)", "'=1", "''", "'", '=cmd|" /C calc"!A0', "\t=1"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_becomes_a_formula_and_all_of_it_comes_back(engine: Engine, saar: Person, shown: OpenTask, text: str) -> None:
    raw = with_draft(engine, shown, saar, schulden=[{"schuldeiser": text, "saldo": "1,00"}])
    book = load_workbook(io.BytesIO(out(engine, shown, saar)))
    cell = book["Schulden"]["B2"]
    assert cell.data_type == "s"
    assert cell.quotePrefix or not text.startswith(("=", "+", "-", "@", "\t"))
    comma = out(engine, shown, saar, "schulden")
    assert not comma.decode("utf-8-sig").splitlines()[1].split(";")[1].strip('"').startswith(("=", "+", "-", "@", "\t"))
    for content in (out(engine, shown, saar), comma):
        looked, _ = look_at_sheet(engine, shown, saar, content)
        assert (looked.changes, looked.problems, looked.raw) == ((), (), raw)


def test_a_formula_in_csv_is_refused(engine: Engine, saar: Person, shown: OpenTask) -> None:
    content = b'nr;Schuldeiser;Saldo nu;Soort schuld\r\n;"=HYPERLINK(""http://x"")";10,00;Zorg\r\n'
    assert told(engine, shown, saar, content) == [
        ("Schulden", "Schuldeiser", "B2", "Hier staat een formule. Die rekenen wij niet uit.")
    ]


SIGNS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufffd\ufeff")
TEXTS = st.text(SIGNS, max_size=40)
AMOUNTS = st.decimals(min_value=0, max_value=10**10, places=2)
DEBTS = st.lists(
    st.fixed_dictionaries(
        {"schuldeiser": TEXTS.map(str.strip), "saldo": AMOUNTS},
        optional={
            "kenmerk": TEXTS.map(str.strip), "soort": st.sampled_from(["huur", "gemeente", "cjib"]), "regeling": st.booleans(),
            "saldo_op": st.dates(date(1850, 1, 1), date(2200, 1, 1)), "oorspronkelijk": AMOUNTS,
        },
    ),
    max_size=8,
)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=DEBTS, as_csv=st.booleans())
def test_whatever_is_typed_comes_back_as_it_was(shown: OpenTask, found: list[dict[str, Any]], as_csv: bool) -> None:
    assert shown.form is not None
    raw = read_values(shown.form, {"schulden": found}, shown.context).raw
    content = export_task(shown, raw, "schulden" if as_csv else "")
    looked = look(content, shown.case.number, shown.form, raw, shown.context, "schulden" if as_csv else "")
    assert (looked.problems, looked.changes) == ((), ())
    assert looked.raw == raw
