"""The three changes of docs/designers.md, section 8, made in a fresh folder; cases that run stay on what they started with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.bpmn.graph import Severity
from schuldhulp.engine.case.evaluate import value_of
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.organisation import make_folder
from schuldhulp.tasks.scenarios import load_scenario, play

NOW = datetime(2026, 3, 16, 9, tzinfo=UTC)
DESIGNER = Actor(account=9, role="procesontwerper", program="test")
REPORTER = Actor(account=1, role="aanmeldmedewerker", program="test")
CRISIS = Actor(account=2, role="crisismedewerker", program="test")
KEPT = Kept()
CRISIS_CASE = {
    "dreiging": "ontruiming",
    "aangemeld_door": "Woonstichting De Proefhof (verzonnen)",
    "aangemeld_op": NOW,
    "client_naam": "Nora Nepnaam",
}
ROUTE = """beslistabel("D09", {schuld: 3600, afloscapaciteit: 150, maanden: 24, regeling: "niet_geprobeerd",
  herfinanciering: "niet_onderzocht"}).route"""
NO_CRISIS = {"verificatie": "geen_crisis", "contact_kanaal": "telefoon", "contact_minuten": 15}


@dataclass
class Office:
    """An engine on which the shipped definitions are in force."""

    engine: Engine
    folder: Path

    def deploy(self) -> None:
        self.engine.deploy(read_files(self.folder), DESIGNER)

    def crisis(self) -> str:
        return work.open_with_values(self.engine, "M2", CRISIS_CASE, REPORTER).case.number

    def verify(self, case: str) -> list[str]:
        """Finds that there is no crisis; gives the tasks that are open then."""
        (task,) = self.engine.case(case).tasks.values()
        work.complete_with_values(self.engine, case, task.task, NO_CRISIS, CRISIS)
        return [one.name for one in self.engine.case(case).tasks.values()]

    def route(self, case: str) -> object:
        """What D09 says in this case of a debt that is paid off in 24 months."""
        return self.engine.look(case, CRISIS, lambda turn: value_of(turn, 1, "test", ROUTE))


@pytest.fixture
def office(tmp_path: Path) -> Callable[[str | None], Office]:
    def make(example: str | None) -> Office:
        settings = Settings(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "keys", synchronous="OFF")
        engine = open_engine(settings, lambda: NOW, KEPT)
        engine.deploy(read_files(), DESIGNER)
        make_folder(tmp_path / "ours", example)
        return Office(engine, tmp_path / "ours")

    return make


@pytest.mark.shows("C-L01")
def test_a_threshold_is_changed_by_a_parameter_alone(office: Callable[[str | None], Office]) -> None:
    here = office(None)
    old = here.crisis()
    own = here.folder / "rules" / "parameters" / "own.yaml"
    own.write_text("- {key: max_maanden, value: 18, valid_from: 2026-01-01}\n")

    here.deploy()

    new = here.crisis()
    assert (here.route(old), here.route(new)) == ("betalingsregeling", "schuldregeling")
    assert not [one for one in check_files(read_files(here.folder)) if one.severity is Severity.ERROR]


def test_an_extra_step_in_the_crisis_process_is_for_new_cases(office: Callable[[str | None], Office]) -> None:
    here = office("vroeg-eropaf")
    old = here.crisis()

    here.deploy()

    new = here.crisis()
    assert here.verify(old) == ["Crisis afronden"]
    assert here.verify(new) == ["Corporatie bellen"]
    (task,) = here.engine.case(new).tasks.values()
    answers = {"corporatie_gesproken_op": NOW.date(), "corporatie_afspraak": "Wij bellen elkaar elke maand."}
    work.complete_with_values(here.engine, new, task.task, answers, CRISIS)
    assert [one.name for one in here.engine.case(new).tasks.values()] == ["Crisis afronden"]
    assert here.engine.verify(old) == here.engine.verify(new) == []


INTAKE = """
scenario: een vraag van de organisatie zelf in de intake
people: {{vera: [aanmeldmedewerker], saar: [sociaal_werker]}}
steps:
  - at: 2026-06-01 09:00
    by: vera
    open: M5
    with: {{aangemeld_op: 2026-06-01 09:00, aangemeld_door: Uma Uitgedacht, aangemeld_door_functie: zelf,
      client_naam: Uma Uitgedacht,
      client_adres: Testweg 1, client_postcode: 9999 ZZ, client_woonplaats: Voorbeeldstad,
      aanmelding_reden: Schulden, dreiging: geen,
      vraagtype: schuldhulp}}
  - at: 2026-06-01 09:10
    by: vera
    complete: Aanmelding afronden
    with: {{behandelaar: Saar, afspraak_op: 2026-06-08 10:00, afspraak_plaats: Kantoor, vervolgstappen: Gesprek,
      wachttijd_weken: 1}}
  - at: 2026-06-08 11:00
    by: saar
    complete: Intakegesprek voeren
    with: {{verschenen: true, contact_op: 2026-06-08 10:00, contact_kanaal: kantoor, contact_minuten: 60,
      contact_eerste_gesprek: true,
      doorlooptijd_weken: 8, vraag_wie: Uma, vraag_wat: Schulden, vraag_betreft: Uma, vraag_geprobeerd: Niets,
      vraag_doel: Rust{asked}}}
  - at: 2026-06-08 12:00
    by: saar
    complete: Vraag verhelderen
    with: {{werkbare_vraag: Hoe krijg ik rust, screening_instrument: nibud, screening_op: 2026-06-01,
      screening_uitkomst: Voldoende, schuldhulpvraag: true,
      administratie_op_orde: true, disciplines: 0}}
    expect: {{decisions: {{D04: {modules}}}}}
"""


@pytest.mark.parametrize(
    ("asked", "modules"),
    [(", moeite_met_lezen: true", "[M5, M6, M4]"), (", moeite_met_lezen: false", "[M5, M6]"), ("", "[M5, M6]")],
)
def test_a_new_question_in_the_intake_is_used_by_a_table(tmp_path: Path, asked: str, modules: str) -> None:
    make_folder(tmp_path / "ours", "straatkubus")
    story = load_scenario(INTAKE.format(asked=asked, modules=modules).encode(), name="story.yaml")
    report = play(story, read_files(tmp_path / "ours"), "rebuild", KEPT)
    assert report.passed, [problem for step in report.steps for problem in step.problems]


def test_what_only_the_organisation_asks_is_unknown_elsewhere() -> None:
    story = load_scenario(
        INTAKE.format(asked=", moeite_met_lezen: true", modules="[M5, M6]").encode(), name="story.yaml"
    )
    report = play(story, read_files(), "straight", KEPT)
    assert not report.passed


@pytest.mark.shows("C-L02")
def test_a_call_to_a_module_that_is_switched_off_is_a_task_to_refer(office: Callable[[str | None], Office]) -> None:
    here = office(None)
    (here.folder / "organisation.yaml").write_text("modules: {M5: false}\n")
    here.deploy()
    case = here.crisis()
    here.verify(case)
    (task,) = here.engine.case(case).tasks.values()
    done = {
        "acute_problemen_aangepakt": "niet_van_toepassing",
        "spanning_hanteerbaar": "behaald",
        "vervolg": "aanbod_vervolghulp",
        "overdracht_van": "Karim",
        "overdracht_aan": "Saar",
        "overdracht_inhoud": "Wel schulden.",
    }
    work.complete_with_values(here.engine, case, task.task, done, CRISIS)
    (task,) = here.engine.case(case).tasks.values()
    work.complete_with_values(here.engine, case, task.task, {}, Actor(account=3, role="sociaal_werker", program="test"))

    assert [(one.kind, one.name) for one in here.engine.case(case).tasks.values()] == [("referral", "Verwijzen: M5")]
    assert "M5" not in here.engine.deployment().modules
