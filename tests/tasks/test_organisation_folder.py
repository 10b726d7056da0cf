"""The organisation's folder: made, taken into, compared, checked; users; modules that are switched off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.bpmn.graph import Severity
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.difference import differences
from schuldhulp.engine.definitions.find import FolderFileWrong, read_files
from schuldhulp.engine.definitions.organisation import load_organisation
from schuldhulp.engine.definitions.overlay import base_findings, replaced, take
from schuldhulp.engine.definitions.parameters import ParametersError
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.organisation import EXAMPLES, FolderNotEmpty, UsersError, load_users, make_folder
from schuldhulp.tasks.organisation.patching import PatchFails, patched
from schuldhulp.tasks.registers import registers

ADMIN = Actor(account=0, role="beheerder", program="test")


@pytest.fixture(scope="module")
def shipped() -> Mapping[str, bytes]:
    return read_files()


@pytest.mark.parametrize("example", [None, *EXAMPLES])
def test_a_new_folder_can_be_deployed_as_it_is(tmp_path: Path, example: str | None) -> None:
    folder = tmp_path / "ours"
    assert "organisation.yaml" in make_folder(folder, example)

    errors = [one for one in check_files(read_files(folder)) if one.severity is Severity.ERROR]

    assert errors == []
    assert base_findings(folder) == ()


def test_nothing_is_made_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("of somebody")
    with pytest.raises(FolderNotEmpty):
        make_folder(tmp_path)
    assert [one.name for one in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_changes_nothing(tmp_path: Path, shipped: Mapping[str, bytes]) -> None:
    make_folder(tmp_path / "ours")
    settings = tmp_path / "ours" / "organisation.yaml"
    settings.write_text("\n".join(line for line in settings.read_text().splitlines() if not line.startswith("naam:")))
    assert differences(shipped, read_files(tmp_path / "ours")) == ()


def test_the_first_example_shows_what_it_says(tmp_path: Path, shipped: Mapping[str, bytes]) -> None:
    make_folder(tmp_path / "ours", "straatkubus")
    found = differences(shipped, read_files(tmp_path / "ours"))
    told = {(one.area, one.what, one.key, one.part): one for one in found}

    number = told["parameter", "changed", "uren_max", ""]
    assert (number.before, number.after, number.valid_from) == (8, 6, date(2026, 1, 1))
    assert told["register", "changed", "varianten: straatkubus", "aan"].after is True
    assert told["dictionary", "added", "moeite_met_lezen", ""].name == "De cliënt heeft moeite met lezen of schrijven"
    assert told["table", "added", "D04", "column in: moeite_met_lezen"]
    assert told["form", "added", "M5-intakegesprek", "moeite_met_lezen"]
    (rule,) = [one for one in found if one.area == "table" and one.part.startswith("rule")]
    assert rule.what == "added"
    assert rule.after["out: module"] == '"M4"'


def test_the_second_example_shows_an_extra_step_and_a_module_that_is_off(
    tmp_path: Path, shipped: Mapping[str, bytes]
) -> None:
    make_folder(tmp_path / "ours", "vroeg-eropaf")
    found = differences(shipped, read_files(tmp_path / "ours"))
    process = {(one.what, one.key): one for one in found if one.area == "process"}

    assert process["added", "Task_CorporatieBellen"].name == "Corporatie bellen"
    assert process["removed", "Flow_GatewayNaarAfronden_TaskCrisisAfronden"].before.endswith("-> Crisis afronden")
    assert not [key for what, key in process if what == "changed"]


def test_rules_fields_and_lines_that_change_are_told_one_by_one(shipped: Mapping[str, bytes]) -> None:
    letter, form, table = "tasks/letters/L01.md.j2", "tasks/forms/contact.form", "rules/tables/D23.dmn"
    own = {
        **shipped,
        letter: shipped[letter].replace(b"Beste", b"Geachte", 1),
        form: shipped[form]
        .replace(b'"title": "Contact vastleggen"', b'"title": "Contact"')
        .replace(b"Op kantoor", b"Kantoor"),
        table: shipped[table].replace(b"p.uren_max", b"p.uren_max - 1", 1),
    }
    found = {one.area: one for one in differences(shipped, own)}
    assert "-Beste" in found["letter"].after
    assert found["form"].part == "contact_kanaal, values"
    assert (found["table"].key, found["table"].what) == ("D23", "changed")


@pytest.mark.shows("C-L06")
def test_a_value_entered_ahead_leaves_the_shipped_one_until_its_day(shipped: Mapping[str, bytes]) -> None:
    own = {**shipped, "rules/parameters/own.yaml@local": b"- {key: uren_max, value: 6, valid_from: 2027-01-01}\n"}
    parameters = Deployment(own).parameters
    assert parameters.on(date(2026, 12, 31))["uren_max"] == 8
    assert parameters.on(date(2027, 1, 1))["uren_max"] == 6


def test_a_shipped_file_is_taken_changed_and_followed_when_the_product_renews_it(tmp_path: Path) -> None:
    folder = tmp_path / "ours"
    make_folder(folder)
    path = "tasks/letters/L01.md.j2"
    own = take(folder, path)
    own.write_text(own.read_text().replace("Beste", "Geachte"))
    (one,) = replaced(folder)
    assert one.path == path
    assert not one.renewed

    (folder / ".base" / path).write_text("an earlier version")  # as after an update of the product
    (finding,) = base_findings(folder)
    assert finding.code == "base-changed"
    assert "--renew" in finding.remedy
    take(folder, path, renew=True)
    assert base_findings(folder) == ()
    assert "Geachte" in own.read_text()


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("tasks/letters/L99.md.j2", "nothing ships as"),
        ("rules/parameters/50-registers.yaml", "rules/parameters/own.yaml of your folder"),
        ("../etc/passwd", "nothing ships as"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_what_to_do(tmp_path: Path, path: str, says: str) -> None:
    make_folder(tmp_path / "ours")
    with pytest.raises(FolderFileWrong, match=says):
        take(tmp_path / "ours", path)


def test_a_patch_fits_where_its_lines_stand_and_says_when_they_are_gone() -> None:
    patch = "--- a\n+++ b\n@@ -1,2 +1,2 @@\n one\n-two\n+zwei\n"
    assert patched(b"new\none\ntwo\n", patch, "x") == b"new\none\nzwei\n"
    with pytest.raises(PatchFails, match="part 1 no longer fits"):
        patched(b"one\nthree\n", patch, "x")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("naem: x", "'naem' is not known here"),
        ("modules: {M8: nee}", "modules: M8 must be true or false"),
        ("varianten: straatkubus", "varianten: must be a list"),
        ("thema: {hoofdkleur: blauw}", "hoofdkleur must be a colour"),
        ("thema: {logo: ../../geheim.svg}", "logo must be a file of the folder"),
        ("afzender: {fax: '1'}", "afzender: 'fax' is not known"),
    ],
)
def test_a_wrong_setting_is_named(text: str, says: str) -> None:
    with pytest.raises(ParametersError, match=says):
        load_organisation(text.encode())


def test_an_unknown_variant_or_module_is_found_by_the_check(shipped: Mapping[str, bytes]) -> None:
    files = {**shipped, "organisation.yaml@local": b"varianten: [straatkubes]\n"}
    assert any("did you mean 'straatkubus'" in one.message for one in check_files(files))
    files = {**shipped, "organisation.yaml@local": b"modules: {M22: false}\n"}
    assert any("there is no module 'M22'" in one.message for one in check_files(files))


def test_users_get_the_roles_of_their_function_and_nobody_when_a_line_is_wrong(tmp_path: Path) -> None:
    settings = Settings(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "keys", synchronous="OFF")
    engine = open_engine(settings, lambda: datetime(2026, 3, 2, 9, tzinfo=UTC))
    jobs = {"consulent": ("aanmeldmedewerker", "sociaal_werker")}
    good = b"gebruikers: [{login: sanne, naam: Sanne Voorbeeld, functies: [consulent], rollen: [casemanager]}]"
    wrong = b"gebruikers: [{login: bo, naam: Bo, rollen: [baas]}, {login: bo, naam: Bo, functies: [chef]}]"
    with pytest.raises(UsersError) as refused:
        load_users(engine, wrong, jobs, ADMIN)
    assert all(part in str(refused.value) for part in ("no role 'baas'", "no function 'chef'", "stands twice"))
    assert engine.accounts() == []
    (made,) = load_users(engine, good, jobs, ADMIN)
    assert made.roles == ("aanmeldmedewerker", "sociaal_werker", "casemanager")
    assert made.password
    (again,) = load_users(engine, good, jobs, ADMIN)
    assert (again.what, again.password) == ("same", None)


@pytest.mark.shows("C-Q05", "M1-R03")
def test_registers_say_what_is_over_old_or_nearly_over_and_what_is_missing(shipped: Mapping[str, bytes]) -> None:
    text = """
- key: afspraken
  value:
    - {partner: Voorbij, soort: gas, afspraak: A, van: 2020-01-01, tot: 2026-02-28}
    - {partner: Bijna, soort: gas, afspraak: A, van: 2020-01-01, tot: 2026-04-15}
    - {partner: Straks, soort: gas, afspraak: A, van: 2026-05-01}
    - {partner: Goed, soort: gas, afspraak: A, van: 2020-01-01}
  valid_from: 2020-01-01
- {key: fondsen, value: [], valid_from: 2020-01-01}
- {key: sociale_kaart, value: [{naam: Oud, aanbod: A, bijgewerkt_op: 2025-02-28}], valid_from: 2020-01-01}
"""
    deployment = Deployment({**shipped, "rules/parameters/own.yaml@local": text.encode()})
    found = {one.register.key: one for one in registers(deployment, date(2026, 3, 2), 60)}
    assert {entry.name: entry.state for entry in found["afspraken"].entries} == {
        "Voorbij": "over",
        "Bijna": "soon",
        "Goed": "good",
        "Straks": "later",
    }
    assert found["fondsen"].missing
    assert not found["mandaten"].missing
    assert [entry.state for entry in found["sociale_kaart"].entries] == ["old"]
