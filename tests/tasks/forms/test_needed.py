"""What the preconditions of a task ask for is marked on its form, and complained of at the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schuldhulp.tasks.forms import Raw, prefill, view
from schuldhulp.tasks.forms.needed import lacking, needs_of
from schuldhulp.tasks.forms.view import questions_of
from tests.tasks.forms.samples import DICTIONARY, asks, context, form

DEBT = [asks("schuldeiser"), asks("betwist", "checkbox"), asks("reden")]
LIST = {"type": "dynamiclist", "path": "schulden", "components": DEBT}
ASKED = form(asks("dreiging", "radio"), asks("ontruiming_op", "datetime"), asks("toelichting", "textarea"), LIST)
NAMES = frozenset(DICTIONARY.entries)


def marked(precondition: str, level: str = "blok", **file: Any) -> set[str]:
    """Keys of the questions that are marked as ones that must be answered."""
    needs = needs_of((f"M2-R01 | {level} | {precondition} | Dat moet.",), NAMES)
    return {one.name for one in questions_of(view(ASKED, None, (), context(**file), needs).parts) if one.required}


def complaints(precondition: str, typed: Mapping[str, Sequence[str]] | None = None) -> list[tuple[str, str]]:
    raw: Raw = {**prefill(ASKED, context()), **(typed or {})}
    needs = needs_of((f"M2-R01 | blok | {precondition} | Dat moet.",), NAMES)
    return [(one.name, one.text) for one in lacking(ASKED, needs, raw, context())]


def test_what_must_be_there_is_asked_for() -> None:
    assert marked("dreiging != null and ontruiming_op != null and ontruiming_op <= today()") == {
        "dreiging",
        "ontruiming_op",
    }
    assert complaints("toelichting != null and dreiging != null", {"toelichting": ["Brief gezien"]}) == [
        ("dreiging", "Kies bij ‘Soort dreiging’ een antwoord.")
    ]


def test_what_must_be_there_in_some_cases_is_asked_for_in_those() -> None:
    rule = 'dreiging != "ontruiming" or (ontruiming_op != null and toelichting != null)'
    assert marked(rule, dreiging="geen") == set()
    assert marked(rule) == set()
    assert marked(rule, dreiging="ontruiming") == {"ontruiming_op", "toelichting"}


def test_of_two_one_is_enough() -> None:
    rule = "ontruiming_op != null or toelichting != null"
    assert marked(rule) == {"ontruiming_op", "toelichting"}
    assert marked(rule, toelichting="Nog geen datum") == {"toelichting"}


def test_a_warning_and_a_sum_ask_for_nothing() -> None:
    assert marked("dreiging != null", level="waarschuw") == set()
    assert marked("totaal_schulden > 0") == set()


def test_rows_of_a_list_are_asked_for_each() -> None:
    each = "s.schuldeiser != null and (s.betwist != true or s.reden != null)"
    rule = f"count(schulden) > 0 and (every s in schulden satisfies ({each}))"
    file: dict[str, Any] = {"schulden": [
        {"nr": 1, "schuldeiser": "A", "saldo": None, "betwist": True, "reden": None},
        {"nr": 2, "schuldeiser": None, "saldo": None, "betwist": False, "reden": None},
    ]}  # fmt: skip
    assert marked(rule, **file) == {"schulden.1.schuldeiser", "schulden.1.reden", "schulden.2.schuldeiser"}
    assert complaints(rule) == [("schulden", "Voeg bij ‘Schulden’ een regel toe.")]
    typed = {
        "schulden": ["n1"],
        "schulden.n1.saldo": ["12"],
        "schulden.n1.betwist": ["true"],
        "schulden.n1.reden": ["Dubbel"],
    }
    assert complaints(rule, typed) == [("schulden.n1.schuldeiser", "Vul ‘Schuldeiser’ in.")]


def test_a_form_of_which_marks_hang_on_answers_is_asked_for_again_when_they_change() -> None:
    plain = form(asks("dreiging", "radio"), asks("toelichting", "textarea"))
    needs = needs_of(('M2-R01 | blok | dreiging = "geen" or toelichting != null | Dat moet.',), NAMES)
    assert not view(plain, None, (), context()).changes
    assert view(plain, None, (), context(), needs).changes
