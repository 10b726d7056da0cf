"""Reading what people send in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from schuldhulp.tasks.forms import add_row, prefill, read_posted, read_values, remove_row
from tests.tasks.forms.samples import REQUIRED, asks, context, debts, form

CRISIS = form(
    asks("dreiging", "radio", **REQUIRED),
    asks("ontruiming_op", "datetime", conditional={"hide": '=dreiging != "ontruiming"'}, **REQUIRED),
    asks("toelichting", "textarea"),
)


def one(type_: str, key: str, text: str) -> tuple[Any, str]:
    """What a single question makes of a text: the answer, or the complaint."""
    subtype = {"datetime": {"gebeld_om": "datetime", "tijd": "time"}.get(key, "date")} if type_ == "datetime" else {}
    read = read_posted(form(asks(key, type_, **({"subtype": subtype["datetime"]} if subtype else {}))), {key: [text]}, context())
    assert read.raw[key] == [text], "what was typed is kept"
    return (read.answers[key], "") if read.answers is not None else (None, read.complaints[0].text)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1.250,50", "1250.50"), ("1250,5", "1250.50"), ("€ 1.250", "1250.00"), ("12,-", "12.00"), ("1234.56", "1234.56"),
     ("-5", "-5.00"), (" 728,17 ", "728.17")],
)  # fmt: skip
def test_an_amount_is_read_in_the_dutch_way(text: str, amount: str) -> None:
    assert one("number", "inkomen", text) == (Decimal(amount), "")


@pytest.mark.parametrize("text", ["1,250.50", "12,345", "veel", "1.25.0", "1e5", "12,5 euro of zo"])
def test_an_amount_that_is_none_gets_an_example(text: str) -> None:
    assert one("number", "inkomen", text) == (
        None,
        "Een bedrag heeft hooguit twee cijfers achter de komma, bijvoorbeeld 1.250,50."
        if text == "12,345"
        else "Vul een bedrag in, bijvoorbeeld 1.250,50.",
    )


def test_a_number_that_could_mean_two_things_is_not_guessed() -> None:
    assert one("number", "uren", "1.234")[1] == "Dit kan twee dingen betekenen. Typ 1234 of 1,234."
    assert one("number", "uren", "1,25") == (Decimal("1.25"), "")


def test_dates_are_dutch_or_iso_and_must_exist() -> None:
    assert one("datetime", "ontruiming_op", "26-3-2026") == (date(2026, 3, 26), "")
    assert one("datetime", "ontruiming_op", "2026-03-26") == (date(2026, 3, 26), "")
    assert one("datetime", "ontruiming_op", "30-02-2026")[1].startswith("Deze datum bestaat niet.")
    assert one("datetime", "ontruiming_op", "26-03-26")[1].startswith("Vul een datum in")


def test_a_moment_is_civil_time_and_an_hour_that_was_skipped_is_refused() -> None:
    moment, _ = one("datetime", "gebeld_om", "26-03-2026 10:00")
    assert moment == datetime(2026, 3, 26, 9, 0, tzinfo=UTC)
    assert one("datetime", "gebeld_om", "29-03-2026 02:30")[1].startswith("Deze tijd bestaat niet")


@pytest.mark.parametrize(
    ("key", "right", "stored", "wrong"),
    [
        ("bsn", "1112 22 333", "111222333", "111222334"),
        ("bsn", "11122233-3", "111222333", "000000000"),
        ("rekening", "nl91 abna 0417 1643 00", "NL91ABNA0417164300", "NL92ABNA0417164300"),
        ("postcode", "1234ab", "1234 AB", "0234 AB"),
        ("postcode", "9999 zz", "9999 ZZ", "1234 SS"),
        ("email", "fenna@voorbeeld.nl", "fenna@voorbeeld.nl", "fenna@voorbeeld"),
        ("telefoon", "06 12 34 56 78", "06 12 34 56 78", "twaalf"),
    ],
)
def test_numbers_and_addresses_of_people_are_checked(key: str, right: str, stored: str, wrong: str) -> None:
    assert one("textfield", key, right) == (stored, "")
    answer, complaint = one("textfield", key, wrong)
    assert answer is None
    assert complaint


def test_every_complaint_comes_at_once_and_nothing_typed_is_lost() -> None:
    posted = {"dreiging": ["ontruiming"], "ontruiming_op": ["gisteren"], "toelichting": ["x" * 10_001]}
    read = read_posted(CRISIS, posted, context())
    assert read.answers is None
    assert [complaint.name for complaint in read.complaints] == ["ontruiming_op", "toelichting"]
    assert read.raw == posted


def test_only_questions_that_are_shown_are_asked() -> None:
    read = read_posted(CRISIS, {"dreiging": ["geen"], "ontruiming_op": [""], "toelichting": [""]}, context())
    assert read.answers == {"dreiging": "geen", "toelichting": None}


def test_a_question_that_appears_by_an_answer_is_shown_before_it_is_demanded() -> None:
    read = read_posted(CRISIS, {"dreiging": ["ontruiming"], "toelichting": [""]}, context())
    assert read.answers is None
    assert read.complaints == ()
    assert read.appeared == ("ontruiming_op",)


def test_a_choice_that_is_not_offered_is_refused() -> None:
    read = read_posted(CRISIS, {"dreiging": ["anders"], "toelichting": [""]}, context())
    assert read.complaints[0].text == "Kies een van deze antwoorden: Geen, Ontruiming, Afsluiting."


def test_bounds_of_the_dictionary_hold_on_the_form() -> None:
    assert one("number", "kinderen", "21")[1] == "Vul een heel getal in van 20 of lager."
    assert one("textfield", "naam", "x" * 41)[1] == "Gebruik hooguit 40 tekens. Het zijn er nu 41."


def test_a_required_tick_must_be_there_and_a_checklist_keeps_its_ticks() -> None:
    asked = form(asks("akkoord", "checkbox", **REQUIRED), asks("hulp", "checklist"))
    read = read_posted(asked, {"akkoord": [""], "hulp": ["", "werk", "zorg"]}, context())
    assert [str(complaint) for complaint in read.complaints] == ["akkoord (Akkoord): Zet een vinkje bij ‘Akkoord’."]
    read = read_posted(asked, {"akkoord": ["", "true"], "hulp": ["", "werk", "zorg"]}, context())
    assert read.answers == {"akkoord": True, "hulp": ["werk", "zorg"]}


def test_yes_and_no_and_no_answer_are_three_things() -> None:
    asked = form(asks("partner", "radio"))
    answers = [read_posted(asked, {"partner": [text]}, context()).answers for text in ("true", "false", "")]
    assert answers == [{"partner": True}, {"partner": False}, {"partner": None}]


def test_rows_keep_their_number_when_another_is_removed() -> None:
    first = {"nr": 1, "schuldeiser": "A", "saldo": Decimal(10), "betwist": False, "reden": None}
    third = {"nr": 3, "schuldeiser": "B", "saldo": Decimal("20.5"), "betwist": True, "reden": "te veel"}
    file = context(schulden=[first, third])
    asked = form(debts())
    raw = add_row(asked, remove_row(asked, prefill(asked, file), "schulden", "1"), "schulden", file)
    assert raw["schulden"] == ["3", "n1"]
    raw |= {"schulden.n1.schuldeiser": ["C"], "schulden.n1.saldo": ["1.000,10"]}
    read = read_posted(asked, raw, file)
    assert read.answers == {
        "schulden": [
            {"nr": 3, "schuldeiser": "B", "saldo": Decimal("20.50"), "betwist": True, "reden": "te veel"},
            {"schuldeiser": "C", "saldo": Decimal("1000.10"), "betwist": False},
        ]
    }


def test_a_complaint_in_a_row_names_its_row() -> None:
    asked = form(debts())
    read = read_posted(asked, {"schulden": ["n1", "n2"], "schulden.n1.schuldeiser": ["A"], "schulden.n1.saldo": ["1"],
                               "schulden.n1.betwist": [""], "schulden.n2.schuldeiser": [""], "schulden.n2.saldo": ["x"],
                               "schulden.n2.betwist": ["true"], "schulden.n2.reden": [""]}, context())  # fmt: skip
    assert [one.name for one in read.complaints] == ["schulden.n2.schuldeiser", "schulden.n2.saldo", "schulden.n2.reden"]


def test_a_row_that_another_took_away_is_told() -> None:
    asked = form(debts())
    raw = {"schulden": ["7"], "schulden.7.schuldeiser": ["A"], "schulden.7.saldo": ["1"], "schulden.7.betwist": [""]}
    assert "Regel 7 is intussen weggehaald." in read_posted(asked, raw, context()).complaints[0].text


def test_computed_values_follow_the_answers_and_go_along() -> None:
    total = asks("totaal_schulden", "expression", expression="=sum(schulden.saldo)")
    whole = asks("eindtotaal", "expression", expression="=totaal_schulden + inkomen")
    asked = form(debts(), total, whole, asks("inkomen", "number"))
    read = read_values(asked, {"schulden": [{"schuldeiser": "A", "saldo": "10,50"}], "inkomen": "1,50"}, context())
    assert read.answers is not None
    assert read.answers["eindtotaal"] == Decimal("12.00")
    assert "totaal_schulden" not in read.answers, "a derived datum is worked out by the file itself"


def test_a_derived_datum_in_a_condition_follows_what_is_typed() -> None:
    asked = form(debts(), asks("toelichting", "textarea", conditional={"hide": "=totaal_schulden < 100"}, **REQUIRED))
    file = context(schulden=[], totaal_schulden=Decimal(0))
    few = read_values(asked, {"schulden": [{"schuldeiser": "A", "saldo": 99}]}, file)
    many = read_values(asked, {"schulden": [{"schuldeiser": "A", "saldo": 100}]}, file)
    assert few.answers is not None
    assert [one.name for one in many.complaints] == ["toelichting"]


def test_readonly_and_disabled_questions_take_no_answer() -> None:
    asked = form(asks("naam", readonly=True), asks("email", disabled='=naam = "Fenna"'), asks("telefoon"))
    read = read_posted(asked, {"naam": ["Ander"], "email": ["a@b.nl"], "telefoon": [""]}, context(naam="Fenna"))
    assert read.answers == {"telefoon": None}


def test_conditions_that_turn_in_a_circle_show_both_questions() -> None:
    asked = form(asks("naam", conditional={"hide": "=email != null"}), asks("email", conditional={"hide": "=naam != null"}))
    read = read_posted(asked, {"naam": ["Fenna"], "email": ["a@b.nl"]}, context())
    assert read.answers == {"naam": "Fenna", "email": "a@b.nl"}


def test_values_from_a_file_are_read_as_a_form_is() -> None:
    read = read_values(CRISIS, {"dreiging": "ontruiming", "ontruiming_op": date(2026, 3, 26)}, context())
    assert read.answers == {"dreiging": "ontruiming", "ontruiming_op": date(2026, 3, 26), "toelichting": None}


def test_what_the_file_holds_stands_when_no_value_is_given() -> None:
    read = read_values(CRISIS, {}, context(dreiging="geen", toelichting="rustig"))
    assert read.answers == {"dreiging": "geen", "toelichting": "rustig"}


def test_a_value_that_is_not_asked_is_a_complaint() -> None:
    unknown = read_values(CRISIS, {"dreiging": "geen", "kleur": "rood"}, context())
    hidden = read_values(CRISIS, {"dreiging": "geen", "ontruiming_op": "26-03-2026"}, context())
    assert "Dit formulier vraagt dit niet." in unknown.complaints[0].text
    assert hidden.complaints[0].name == "ontruiming_op"


def test_a_binary_fraction_is_refused() -> None:
    read = read_values(form(asks("inkomen", "number")), {"inkomen": 0.1}, context())
    assert read.complaints[0].text == "0.1 is hier geen antwoord. Nodig is: een bedrag."


def test_a_pattern_without_end_is_cut_off() -> None:
    asked = form(asks("naam", validate={"pattern": "^(a+)+$"}))
    read = read_posted(asked, {"naam": ["a" * 39 + "!"]}, context())
    assert read.answers is None
    assert read.complaints


def test_a_condition_without_end_is_cut_off_and_the_question_shown() -> None:
    endless = "=count(for i in 1..9999999, j in 1..9999999 return i) = 1"
    asked = form(asks("naam", conditional={"hide": endless}))
    assert read_posted(asked, {"naam": ["Fenna"]}, context()).answers == {"naam": "Fenna"}


def test_the_browser_cannot_add_inputs_of_its_own() -> None:
    read = read_posted(CRISIS, {"dreiging": ["geen"], "toelichting": [""], "besluit": ["ja"]}, context())
    assert read.answers == {"dreiging": "geen", "toelichting": None}
    assert "besluit" not in read.raw
