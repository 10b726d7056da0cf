"""What is wrong with a form is told at once: the place, what is wrong, what to do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schuldhulp.engine.definitions.forms import load_form
from tests.tasks.forms.samples import DICTIONARY, asks, debts, faults, form, source


def test_all_faults_of_a_form_come_together() -> None:
    found = faults(
        asks("naam"), asks("naam"), asks("kleur"), asks("inkomen", "checkbox"), {"type": "html", "content": "<b>"},
        asks("email", conditional={"hide": "=dreging = 1"}),
    )  # fmt: skip
    assert len(found) == 5
    assert any("'kleur' is not in the dictionary" in fault for fault in found)
    assert any("'inkomen' is of type amount, which a checkbox cannot ask. Use a textfield or a number." in f for f in found)
    assert any("a component of type 'html' is not supported. Use a text (Markdown)" in fault for fault in found)
    assert any("did you mean 'dreiging'" in fault for fault in found)
    assert any("'naam' is asked twice" in fault for fault in found)


def test_a_fault_names_the_line_of_the_component() -> None:
    found = faults(asks("naam"), asks("kleur", label="Kleur"))
    assert found[0].startswith("tasks/forms/proef.form:12: error: components[1] (kleur):")


@pytest.mark.parametrize(
    ("component", "words"),
    [
        ({"type": "filepicker", "key": "naam"}, "'naam' is of type string, which a filepicker cannot ask"),
        ({"type": "group", "path": "x", "components": []}, "a group may not have a path"),
        ({"type": "dynamiclist", "path": "naam", "components": []}, "'naam' is of type string, not a list"),
        ({"type": "textfield"}, "the field has no key"),
        (asks("hulp", "textfield"), "Use a checklist or a taglist"),
        (asks("dreiging", "radio", values=[{"value": "brand", "label": "Brand"}]), "brand is not a value of 'dreiging'"),
        (asks("naam", validate={"pattern": "(("}), "'((' is not a regular expression"),
        (asks("naam", validate={"custom": 1}), "'custom' is not supported"),
        (asks("naam", conditional={"hide": "=if"}), "conditional.hide"),
        (asks("naam", description="{{#if x}}a{{/if}}"), "use two texts"),
        (asks("totaal_schulden", "number"), "'totaal_schulden' is computed from other data"),
        (asks("ontruiming_op", "datetime", subtype="time"), "of type date, which a datetime (time) cannot ask"),
        (asks("kinderen", "number", defaultValue="veel"), "'veel' is not a value of type integer"),
        ({"type": "expression", "key": "eindtotaal", "expression": "1 +"}, "expression"),
        ({"type": "table", "dataSource": "=schulden", "columns": [{"label": "x"}]}, "each column needs a key and a label"),
        (debts(components=[debts()]), "a list inside a list is not supported"),
        (debts(components=[asks("naam")]), "'naam' is not in the dictionary"),
        (5, "a component must be an object with a type"),
    ],
)
def test_each_fault_says_what_to_do(component: Any, words: str) -> None:
    assert any(words in fault for fault in faults(component))


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff", b"[]", b"{", b'{"type":"default"}', b'{"type":"default","components":[],"x":NaN}', b"[" * 100_000,
     b" " * 1_000_001, json.dumps({"type": "default", "components": [asks("naam")] * 1_001}).encode()],
)  # fmt: skip
def test_what_is_no_form_at_all_is_refused_with_a_finding(data: bytes) -> None:
    found, findings = load_form(data, name="x.form", dictionary=DICTIONARY)
    assert found is None
    assert findings


def test_without_a_dictionary_a_form_still_knows_its_types() -> None:
    euro = asks("a", "number", label="A", properties={"nl.euro": ""})
    email = asks("b", "textfield", label="B", validate={"validationType": "email"})
    found, findings = load_form(source(euro, email), name="x.form")
    assert findings == []
    assert found is not None
    assert [str(field.type) for field in found.fields()] == ["amount", "email"]


def test_labels_and_choices_come_from_the_dictionary_when_the_form_has_none() -> None:
    field = next(form(asks("dreiging", "radio")).fields())
    assert field.label.pieces == ("Soort dreiging",)
    assert [option.label for option in field.options] == ["Geen", "Ontruiming", "Afsluiting"]


def test_what_the_form_editor_puts_in_for_choices_left_out_stands_for_those_of_the_dictionary() -> None:
    field = next(form(asks("dreiging", "radio", values=[{"label": "Value", "value": "value"}])).fields())
    assert [option.label for option in field.options] == ["Geen", "Ontruiming", "Afsluiting"]
