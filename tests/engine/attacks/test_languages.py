"""Python, JUEL, JavaScript or anything but FEEL in a model: refused by the check, and harmless where nobody checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.deployment import NotDeployable
from schuldhulp.engine.handle import Engine
from tests.engine.attacks.conftest import live
from tests.engine.attacks.models import (
    DICTIONARY,
    FOREIGN,
    PLACES,
    RULE,
    TABLE_PLACES,
    files,
    foreign,
    line,
    process,
    prop,
    task,
)

NEVER_FEEL: tuple[str, ...] = ("script-javascript", "script-python", "script-groovy", "listener")
NEVER_FEEL += ("service-expression", "service-class", "service-delegate")
"""Places that are refused whatever stands in them."""
GOOD = {
    "timer-date": 'date("2026-01-01")',
    "timer-duration": "P3D",
    "timer-cycle": "R3/P1D",
    "script-assignment": "3",
    "multi-instance-collection": "schulden",
    "correlation": "inkomen",
}
"""FEEL for the places where `inkomen > 3` would be of the wrong type."""
Open = Callable[[], Engine]


def errors(given: dict[str, bytes]) -> list[Finding]:
    return [finding for finding in check_files(given) if finding.severity is Severity.ERROR]


@pytest.mark.parametrize("place", PLACES)
def test_only_feel_passes_the_check_in_a_process(place: str, marker: Path) -> None:
    for name in FOREIGN:
        found = errors(files(PLACES[place](foreign(name, marker))))
        assert found, f"{name} was not refused"
        assert all(finding.place.file == "processes/P/P.bpmn" and finding.place.line > 1 for finding in found), found
        assert all(finding.remedy for finding in found)
    if place not in NEVER_FEEL:
        assert errors(files(PLACES[place](GOOD.get(place, "inkomen > 3")))) == [], "FEEL is refused as well"
    assert not marker.exists()


@pytest.mark.parametrize("place", TABLE_PLACES)
def test_only_feel_passes_the_check_in_a_table(place: str, marker: Path) -> None:
    for name in FOREIGN:
        found = errors(files(RULE, table=TABLE_PLACES[place](foreign(name, marker))))
        assert any(finding.place.file == "rules/tables/D90.dmn" for finding in found), f"{name} was not refused"
    assert errors(files(RULE, table=TABLE_PLACES[place]("inkomen"))) == [], "FEEL is refused as well"
    assert not marker.exists()


@pytest.mark.parametrize("name", FOREIGN)
def test_only_feel_passes_the_check_in_a_form_and_in_the_dictionary(name: str, marker: Path) -> None:
    text = foreign(name, marker)
    field = {"type": "textfield", "key": "client_naam", "label": "Naam", "conditional": {"hide": f"={text}"}}
    form = json.dumps({"type": "default", "id": "f", "schemaVersion": 16, "components": [field]}).encode()
    derived = DICTIONARY + f"afgeleid: {{type: amount, label: Afgeleid, derived: {json.dumps(text)}}}\n"
    plain = process(task(""))

    assert any(f.place.file == "tasks/forms/f.form" for f in errors(files(plain, form=form)))
    assert any(f.place.file == "rules/dictionary.yaml" for f in errors(files(plain, dictionary=derived.encode())))
    assert not marker.exists()


@pytest.mark.parametrize("place", PLACES)
def test_what_slipped_past_the_check_touches_no_file(place: str, marker: Path, open_unchecked: Open) -> None:
    names = [*FOREIGN] if place in ("condition", "script-assignment") else ["python", "juel", "javascript"]
    for name in names:
        engine = open_unchecked()
        try:
            live(engine, files(PLACES[place](foreign(name, marker))))
        except NotDeployable as error:
            assert error.findings
        assert not marker.exists(), f"{name} was run"


@pytest.mark.parametrize("place", TABLE_PLACES)
def test_a_table_that_slipped_past_the_check_touches_no_file(place: str, marker: Path, open_unchecked: Open) -> None:
    for name in ("python", "juel", "groovy"):
        engine = open_unchecked()
        try:
            refused = live(engine, files(RULE, table=TABLE_PLACES[place](foreign(name, marker))))
            assert refused
        except NotDeployable as error:
            assert error.findings
        assert not marker.exists(), f"{name} was run"


def test_a_foreign_text_that_fails_at_run_time_is_an_incident_that_names_its_place(
    marker: Path, open_unchecked: Open
) -> None:
    body = f"""<userTask id="A" name="A" camunda:candidateGroups="sociaal_werker"/>
      <scriptTask id="B" name="B" scriptFormat="feel"><script>inkomen = {FOREIGN["groovy"].format(marker=marker)}</script>
      </scriptTask><sequenceFlow id="f1" sourceRef="Start" targetRef="A"/>
      <sequenceFlow id="f2" sourceRef="A" targetRef="B"/><sequenceFlow id="f3" sourceRef="B" targetRef="Klaar"/>"""
    engine = open_unchecked()
    refused = live(engine, files(process(body)), rounds=1)

    assert [error.code for error in refused][:1] == ["expression"]
    (incident,) = engine.case("2026-000001").incidents.values()
    assert (incident.element, incident.code) == ("B", "expression")
    assert engine.verify("2026-000001") == []


def test_a_letter_condition_and_a_handover_are_feel_or_refused(marker: Path) -> None:
    for name in FOREIGN:
        text = foreign(name, marker)
        for key, value in (("letter", f"L90 when {text}"), ("handover", f"={text}")):
            found = errors(files(process(line(f'<sendTask id="X" name="X">{prop(key, value)}</sendTask>'))))
            assert any("FEEL" in f.message or "JUEL" in f.message for f in found), (key, name, found)
