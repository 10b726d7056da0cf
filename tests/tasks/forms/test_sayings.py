"""What formulas among words give is written as people read it; long lists show what each row is about."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from schuldhulp.tasks.forms import Complaint, view
from schuldhulp.tasks.forms.views import BesideView, RowsView, TableView, TextView
from tests.tasks.forms.samples import asks, context, debts, form


def text(words: str, **file: Any) -> str:
    shown, _ = view(form({"type": "text", "text": words}, asks("naam")), None, (), context(**file)).parts
    assert isinstance(shown, TextView)
    return shown.html.removeprefix("<p>").removesuffix("</p>")


def test_a_choice_is_said_with_its_label_and_an_amount_as_an_amount() -> None:
    assert "Ontruiming" in text("Het gaat om {{dreiging}}.", dreiging="ontruiming")
    assert "Budgetbeheer, Zorg" in text("Hulp: {{hulp}}", hulp=["budget", "zorg"])
    assert "€ 1.300,00 per maand" in text("Inkomen: € {{inkomen}} per maand", inkomen=Decimal(1300))
    assert "€ 2.600,00" in text("Twee maanden: € {{inkomen * 2}}", inkomen=Decimal(1300))
    assert "€ 10,00" in text("Saldo: € {{schulden[nr = 1][1].saldo}}", schulden=[{"nr": 1, "saldo": Decimal(10)}])


def test_a_code_that_comes_out_of_a_formula_is_said_with_its_label() -> None:
    assert "Eerst: Afsluiting." in text(
        'Eerst: {{if inkomen > 0 then dreiging else "x"}}.', dreiging="afsluiting", inkomen=Decimal(1)
    )
    assert "Akkoord: ja." in text('Akkoord: {{if inkomen > 0 then "ja" else "nee"}}.', inkomen=Decimal(1))


def test_what_is_not_there_is_not_known_yet() -> None:
    assert "Inkomen: nog niet bekend" in text("Inkomen: € {{inkomen}}")


def test_a_table_writes_what_the_dictionary_knows_and_puts_numbers_right() -> None:
    columns = [{"key": "schuldeiser", "label": "Schuldeiser"}, {"key": "saldo", "label": "Saldo"}]
    asked = form(asks("naam"), {"type": "table", "label": "Overzicht", "dataSource": "=schulden[saldo > 5]", "columns": columns})
    _, table = view(asked, None, (), context(schulden=[{"schuldeiser": "A", "saldo": Decimal(1200)}])).parts
    assert isinstance(table, TableView)
    assert table.rows == (("A", "1.200,00"),)
    assert table.numbers == (False, True)


def rows(count: int, *complaints: Complaint) -> RowsView:
    items = [
        {"nr": n, "schuldeiser": f"Winkel {n}", "saldo": Decimal(n), "betwist": False, "reden": None}
        for n in range(1, count + 1)
    ]
    (shown,) = view(form(debts()), None, complaints, context(schulden=items)).parts
    assert isinstance(shown, RowsView)
    return shown


def test_rows_of_a_long_list_are_closed_and_say_what_they_are_about() -> None:
    assert all(row.open for row in rows(3).rows)
    long = rows(25, Complaint("schulden.7.saldo", "Saldo", "Vul een bedrag in."))
    assert [row.number for row in long.rows if row.open] == [7]
    assert long.rows[11].summary == "Winkel 12 · € 12,00"


def test_questions_of_one_row_of_the_form_stand_beside_each_other() -> None:
    layout: dict[str, Any] = {"layout": {"row": "Rij_1", "columns": 8}}
    first, second, third = (
        asks("postcode", **layout),
        asks("telefoon", **layout),
        asks("email", layout={"row": "Rij_2"}),
    )
    beside, alone = view(form(first, second, third), None, (), context()).parts
    assert isinstance(beside, BesideView)
    assert [part.kind for part in beside.parts] == ["field", "field"]
    assert alone.kind == "field"


def test_a_table_worked_out_of_a_list_knows_where_its_columns_come_from() -> None:
    rows = "=for s in schulden return {wie: s.schuldeiser, bedrag: s.saldo, soort: dreiging}"
    columns = [{"key": key, "label": key} for key in ("wie", "bedrag", "soort")]
    asked = form(asks("naam"), {"type": "table", "label": "Overzicht", "dataSource": rows, "columns": columns})
    file = context(schulden=[{"schuldeiser": "A", "saldo": Decimal(1200)}], dreiging="afsluiting")
    _, table = view(asked, None, (), file).parts
    assert isinstance(table, TableView)
    assert table.rows == (("A", "1.200,00", "Afsluiting"),)
