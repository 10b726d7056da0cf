"""Registers: typed entries, faults named with file, entry and field, own entries over the shipped ones."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.definitions.parameters import ParametersError
from schuldhulp.rules.feel import to_python

DAY = date(2026, 3, 2)
OWN = "rules/parameters/own.yaml@local"


@pytest.fixture(scope="module")
def shipped() -> Mapping[str, bytes]:
    return read_files()


def with_own(shipped: Mapping[str, bytes], text: str, path: str = OWN) -> Deployment:
    return Deployment({**shipped, path: text.encode()})


def test_every_register_ships_with_a_list_and_every_field_is_there(shipped: Mapping[str, bytes]) -> None:
    found = Deployment(shipped)
    values = found.parameters.on(DAY)
    for key, register in found.registers.items():
        assert isinstance(values[key], list), key
        assert values[key] or register.may_be_empty, key
        for entry in values[key]:
            assert list(entry) == list(register.fields)


def test_values_are_typed_so_that_feel_can_compare_them(shipped: Mapping[str, bytes]) -> None:
    text = """
- key: crisisbereikbaarheid
  value: [{partner: Dienst, telefoon: "0800", van_uur: "17:00", tot_uur: "09:00", werkwijze: Bellen}]
  valid_from: 2026-01-01
- key: mandaten
  value: [{medewerker: 7, besluit: afwijzing, grondslag: Mandaatbesluit art. 3, van: 2026-01-01}]
  valid_from: 2026-01-01
"""
    found = with_own(shipped, text).parameters.on(DAY)
    assert found["crisisbereikbaarheid"][0]["telefoon"] == "0800"
    assert found["crisisbereikbaarheid"][0]["van_uur"] == time(17)
    assert found["mandaten"][0]["medewerker"] == Decimal(7)
    assert found["mandaten"][0]["tot"] is None
    seen: Any = to_python(with_own(shipped, text).feel_parameters(DAY))
    assert seen["mandaten"][0]["van"] == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{medewerker: saar, besluit: alle, grondslag: b, van: 2026-01-01}", "entry 1 (alle): field 'medewerker' must be"),
        ("{medewerker: 7, besluit: alle, grondslag: b}", "field 'van' is missing (Vanaf)"),
        ("{medewerker: 7, besluit: alle, grondslag: b, van: morgen}", "a date such as 2026-01-31, not 'morgen'"),
        ("{medewerker: 7, besluit: alle, grondslg: b, van: 2026-01-01}", "no field 'grondslg'; did you mean 'grondslag'?"),
        ("{medewerker: 7, besluit: alle, grondslag: b, van: 2026-02-01, tot: 2026-01-01}", "tot (2026-01-01) is before van"),
        ("zomaar", "mandaten, entry 1: must be {medewerker"),
    ],
)
def test_a_fault_is_named_with_file_entry_and_field(shipped: Mapping[str, bytes], entry: str, says: str) -> None:
    text = f"- {{key: mandaten, value: [{entry}], valid_from: 2026-01-01}}\n"
    with pytest.raises(ParametersError) as refused:
        _ = with_own(shipped, text).parameters
    assert says in str(refused.value)
    assert "rules/parameters/own.yaml (own folder)" in str(refused.value)
    findings = check_files({**shipped, OWN: text.encode()})
    assert any(says in finding.message and finding.code == "parameters" for finding in findings)


def test_an_own_list_takes_the_place_of_the_shipped_one_except_where_entries_go_one_by_one(
    shipped: Mapping[str, bytes],
) -> None:
    text = """
- {key: sociale_kaart, value: [{naam: Repair Cafe, aanbod: Reparatie, bijgewerkt_op: 2026-02-01}], valid_from: 2026-01-01}
- {key: varianten, value: [{variant: straatkubus, aan: true}], valid_from: 2026-02-01}
"""
    before, after = Deployment(shipped), with_own(shipped, text)
    assert [entry["naam"] for entry in after.parameters.on(DAY)["sociale_kaart"]] == ["Repair Cafe"]
    own = after.parameters.on(DAY)["varianten"]
    assert len(own) == len(before.parameters.on(DAY)["varianten"])
    assert [entry["variant"] for entry in own if entry["aan"]] == ["straatkubus"]
    assert next(entry for entry in own if entry["aan"])["naam"] == "Straatkubus"


def test_a_variant_that_does_not_ship_is_refused_with_the_one_that_is_meant(shipped: Mapping[str, bytes]) -> None:
    text = "- {key: varianten, value: [{variant: straatcubus, aan: true}], valid_from: 2026-02-01}\n"
    with pytest.raises(ParametersError, match="did you mean 'straatkubus'"):
        _ = with_own(shipped, text).parameters


def test_an_organisation_adds_a_register_and_a_field_of_its_own(shipped: Mapping[str, bytes]) -> None:
    schema = """
sociale_kaart: {fields: {wijk: {type: text, label: Wijk}}}
tolken: {label: Tolken, name: taal, fields: {taal: {type: text, label: Taal, required: true}}}
"""
    text = """
- {key: tolken, value: [{taal: Tigrinya}], valid_from: 2026-01-01}
- {key: sociale_kaart, value: [{naam: N, aanbod: A, wijk: West, bijgewerkt_op: 2026-02-01}], valid_from: 2026-01-01}
"""
    files = {**shipped, OWN: text.encode(), "rules/registers.yaml@local": schema.encode()}
    found = Deployment(files).parameters.on(DAY)
    assert found["tolken"] == [{"taal": "Tigrinya"}]
    assert found["sociale_kaart"][0]["wijk"] == "West"


def test_running_cases_see_the_registers_of_today_and_the_numbers_and_variants_they_started_with(
    shipped: Mapping[str, bytes],
) -> None:
    old = Deployment(shipped)
    new = with_own(
        shipped,
        """
- {key: mandaten, value: [{medewerker: 7, besluit: alle, grondslag: b, van: 2026-01-01}], valid_from: 2026-01-01}
- {key: varianten, value: [{variant: straatkubus, aan: true}], valid_from: 2026-01-01}
- {key: uren_max, value: 6, valid_from: 2026-01-01}
""",
    )
    seen: Any = to_python(old.feel_parameters(DAY, new))
    assert [one["medewerker"] for one in seen["mandaten"]] == [7]
    assert not [one for one in seen["varianten"] if one["aan"]]
    assert seen["uren_max"] == 8


def test_the_same_value_in_two_files_is_refused(shipped: Mapping[str, bytes]) -> None:
    line = b"- {key: uren_max, value: 6, valid_from: 2026-01-01}\n"
    files = {**shipped, OWN: line, "rules/parameters/other.yaml@local": line}
    with pytest.raises(ParametersError, match="uren_max from 2026-01-01 stands in"):
        _ = Deployment(files).parameters


def test_a_schema_that_is_wrong_is_refused_with_every_fault(shipped: Mapping[str, bytes]) -> None:
    schema = "tolken: {label: Tolken, name: naam, until: taal, fields: {taal: {type: tekst, label: Taal}}}"
    with pytest.raises(ParametersError) as refused:
        _ = with_own(shipped, schema, "rules/registers.yaml@local").registers
    assert "tolken.taal: needs a label and a type" in str(refused.value)
    assert "tolken: name must be one of the fields" in str(refused.value)


@pytest.mark.parametrize(
    ("term", "parameter", "says"),
    [
        ("wgs-4a-3 from date(contact_op) length p.beslistermijn_weken", "9", "from 1 to 8 may be chosen"),
        ("wgs-4a-3 from date(contact_op) length 10", "8", "10 is not allowed"),
        ("awb-6-7 from today() target today()", "8", "is fixed"),
        ("wgs-4-1-a from today() length 5", "8", "it may only be shorter"),
    ],
)
def test_a_term_of_the_law_is_not_lengthened(shipped: Mapping[str, bytes], term: str, parameter: str, says: str) -> None:
    path = "processes/M5/M5.bpmn"
    kept = b'value="wgs-4-1-a from date(aangemeld_op) target streefdatum when'
    assert kept in shipped[path]
    files = {
        **shipped,
        path: shipped[path].replace(kept, f'value="{term} when'.encode()),
        OWN: f"- {{key: beslistermijn_weken, value: {parameter}, valid_from: 2026-01-01}}\n".encode(),
    }
    found = [one for one in check_files(files) if one.code == "term-limit"]
    assert found
    assert any(one.place.file == path for one in found)
    assert all(one.place.line > 1 and one.element for one in found)
    assert any(says in one.message for one in found)
    assert not [one for one in check_files(shipped) if one.code == "term-limit"]
