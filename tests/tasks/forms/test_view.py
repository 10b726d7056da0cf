"""What a form shows."""

from __future__ import annotations

from decimal import Decimal

from schuldhulp.tasks.forms import prefill, read_posted, view
from schuldhulp.tasks.forms.markdown import escape, html
from schuldhulp.tasks.forms.views import FieldView, GroupView, OutputView, RowsView, TableView, TextView
from tests.tasks.forms.samples import REQUIRED, asks, context, debts, form


def test_a_form_opens_with_what_the_file_holds() -> None:
    shown = view(form(asks("naam"), asks("inkomen", "number"), asks("dreiging", "radio")), None, (),
                 context(naam="Fenna", inkomen=Decimal("1250.5"), dreiging="geen"))  # fmt: skip
    naam, inkomen, dreiging = (part for part in shown.parts if isinstance(part, FieldView))
    assert (naam.text, inkomen.text, inkomen.euro) == ("Fenna", "1.250,50", True)
    assert [option.label for option in dreiging.options if option.chosen] == ["Geen"]


def test_complaints_stand_at_their_question_and_in_the_summary() -> None:
    asked = form({"type": "group", "label": "Wie", "components": [asks("naam", **REQUIRED)]})
    read = read_posted(asked, {"naam": [""]}, context())
    shown = view(asked, read.raw, read.complaints, context())
    assert shown.complaints == (("v-naam", "", "Vul ‘Naam’ in."),)
    group = shown.parts[0]
    assert isinstance(group, GroupView)
    field = group.parts[0]
    assert isinstance(field, FieldView)
    assert (field.complaint, field.described_by) == ("Vul ‘Naam’ in.", "v-naam-fout")


def test_hidden_parts_are_not_on_the_page_and_empty_groups_neither() -> None:
    group = {"type": "group", "label": "Partner", "components": [asks("email", conditional={"hide": "=partner != true"})]}
    asked = form(asks("partner", "radio"), group)
    assert len(view(asked, {"partner": ["false"]}, (), context()).parts) == 1
    assert len(view(asked, {"partner": ["true"]}, (), context()).parts) == 2


def test_rows_show_their_number_on_the_page_and_keep_their_handle() -> None:
    file = context(schulden=[{"nr": 4, "schuldeiser": "A", "saldo": Decimal(1), "betwist": False, "reden": None}])
    asked = form(debts())
    rows = view(asked, prefill(asked, file), (), file).parts[0]
    assert isinstance(rows, RowsView)
    assert [(row.handle, row.number) for row in rows.rows] == [("4", 1)]
    assert [part.name for part in rows.rows[0].parts if isinstance(part, FieldView)] == [
        "schulden.4.schuldeiser", "schulden.4.saldo", "schulden.4.betwist",
    ]  # fmt: skip


def test_computed_values_and_tables_are_shown_in_words() -> None:
    asked = form(
        debts(),
        asks("totaal_schulden", "expression", expression="=sum(schulden.saldo)"),
        {"type": "table", "label": "Overzicht", "dataSource": "=schulden", "columns": [{"key": "saldo", "label": "Saldo"}]},
    )
    file = context(schulden=[{"nr": 1, "schuldeiser": "A", "saldo": Decimal("2184.51"), "betwist": False, "reden": None}])
    _, total, table = view(asked, None, (), file).parts
    assert isinstance(total, OutputView)
    assert total.text == "€ 2.184,51"
    assert isinstance(table, TableView)
    assert table.rows == (("2.184,51",),)
    assert table.numbers == (True,)


def test_words_of_people_never_become_markup() -> None:
    asked = form(asks("naam"), {"type": "text", "text": "## Over {{naam}}\n\n**Let op** [uitleg](https://x.nl/_a_b)"})
    text = view(asked, None, (), context(naam="<script>alert(1)</script> **vet** [x](javascript:1)")).parts[1]
    assert isinstance(text, TextView)
    assert "<script>" not in text.html
    assert "<strong>vet" not in text.html
    assert "<strong>Let op</strong>" in text.html
    assert 'href="https://x.nl/_a_b"' in text.html
    assert "javascript" not in html("[x](javascript:alert(1))").split("href=")[-1] or "href" not in html("[x](javascript:1)")


def test_escaped_words_come_out_as_they_are() -> None:
    assert html(escape("*a* _b_ [c](d) # - `e` <f> & \\")) == (
        '<p class="utrecht-paragraph">*a* _b_ [c](d) # - `e` &lt;f&gt; &amp; \\</p>'
    )


def test_a_form_can_propose_a_value_by_feel() -> None:
    asked = form(
        asks("ontruiming_op", "datetime", properties={"nl.default": "=today()"}),
        asks("gebeld_om", "datetime", subtype="datetime", properties={"nl.default": "=now()"}),
        asks("naam", properties={"nl.default": "=1 + 1"}),
    )
    assert prefill(asked, context()) == {"ontruiming_op": ["16-03-2026"], "gebeld_om": ["16-03-2026 09:40"], "naam": []}
    assert prefill(asked, context(naam="Fenna"))["naam"] == ["Fenna"]


def test_a_question_that_appears_shows_what_the_file_knows_already() -> None:
    asked = form(asks("dreiging", "radio"), asks("toelichting", "textarea", conditional={"hide": '=dreiging != "ontruiming"'}))
    file = context(toelichting="Staat in het dossier")
    (_, appeared) = view(asked, {"dreiging": ["ontruiming"]}, (), file).parts
    assert isinstance(appeared, FieldView)
    assert appeared.text == "Staat in het dossier"
    (_, emptied) = view(asked, {"dreiging": ["ontruiming"], "toelichting": [""]}, (), file).parts
    assert isinstance(emptied, FieldView)
    assert emptied.text == ""


def test_a_list_under_a_heading_of_the_same_name_is_named_once() -> None:
    (group,) = view(form({"type": "group", "label": "Schulden", "components": [debts()]}), None, (), context()).parts
    assert isinstance(group, GroupView)
    (rows,) = group.parts
    assert isinstance(rows, RowsView)
    assert rows.named_above


def test_the_summary_names_the_row_that_is_wrong() -> None:
    asked, file = form(debts()), context(schulden=[{"nr": 4, "schuldeiser": "A", "saldo": None, "betwist": False, "reden": None}])
    read = read_posted(asked, {**prefill(asked, file), "schulden.4.saldo": ["twaalf"]}, file)
    assert [where for _, where, _ in view(asked, read.raw, read.complaints, file).complaints] == ["regel 1, Saldo"]
