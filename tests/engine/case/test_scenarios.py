"""The engine from the outside: small scenarios, in three modes."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.scenarios import MODES, load_scenario, play
from schuldhulp.tasks.scenarios.load import ScenarioError
from tests.engine.case.sample import FILES

CLERK = Actor(account=1, role="aanmeldmedewerker")
WORKER = Actor(account=2, role="sociaal_werker")
JORIS = {"client_naam": "Joris Voorbeeld", "dreiging": "geen", "aangemeld_op": "2026-04-07"}

REGULAR = b"""
scenario: Een gewone aanmelding
people: {saar: [aanmeldmedewerker], karim: [sociaal_werker, crisismedewerker]}
steps:
  - at: 2026-04-07 10:00
    by: saar
    open: M5
    with: {client_naam: Joris Voorbeeld, dreiging: geen, aangemeld_op: 2026-04-07}
    expect:
      tasks: [Gesprek voeren]
      decisions: {D01: {urgentie: regulier, termijn: 4w}}
      terms: {wgs-4-1-a: 2026-05-06}
      letters: [L01]
  - at: 2026-04-13 23:00
    tick: true
    expect: {tasks: [Gesprek voeren]}
  - at: 2026-04-14 10:00
    tick: true
    expect: {tasks: [Gesprek voeren, "Cli\xc3\xabnt bellen"]}
  - at: 2026-04-20 09:00
    by: saar
    complete: Gesprek voeren
    refused: not-allowed
  - at: 2026-04-20 09:00
    by: karim
    complete: Gesprek voeren
    with: {gesprek_op: 2026-04-20, inkomen: 12.345}
    refused: form
  - at: 2026-04-23 09:00
    by: karim
    complete: Gesprek voeren
    with:
      gesprek_op: 2026-04-23
      inkomen: 2490.00
      vtlb: 2250.00
      schulden: [{schuldeiser: Energie, saldo: 612.40}, {schuldeiser: Zorg, saldo: 389.25}]
    expect:
      tasks: ["Cli\xc3\xabnt bellen"]
      terms: {wgs-4a-3: 2026-06-18, wgs-4-1-a: null}
      met: [wgs-4-1-a]
      data: {afloscapaciteit: 240.00, totaal: 1001.65}
  - at: 2026-06-19 00:05
    tick: true
    expect:
      tasks: ["Cli\xc3\xabnt bellen", "Termijn verstreken: Besluit over plan van aanpak of weigering"]
      missed: [wgs-4a-3]
"""

CRISIS = b"""
scenario: Een ontruiming
people: {saar: [aanmeldmedewerker], karim: [crisismedewerker]}
steps:
  - at: 2026-03-16 09:40
    by: saar
    open: M5
    with: {client_naam: Fenna Testema, dreiging: ontruiming, aangemeld_op: 2026-03-16}
    expect: {tasks: [Crisis verhelpen], decisions: {D01: {urgentie: crisis}}}
  - at: 2026-03-16 10:00
    by: karim
    complete: Crisis verhelpen
    refused: M2-R05
  - at: 2026-03-16 10:05
    by: karim
    correct: {machtiging: mondeling}
    reason: per telefoon gegeven
  - at: 2026-03-16 10:06
    by: karim
    copy: true
    complete: Crisis verhelpen
    expect: {tasks: []}
  - at: 2026-03-16 10:10
    by: karim
    complete: Crisis verhelpen
    expect: {tasks: [], instances: {M5: completed}}
"""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("text", [REGULAR, CRISIS], ids=["regular", "crisis"])
def test_a_case_goes_from_report_to_the_end_to_the_day_and_the_cent(text: bytes, mode: str) -> None:
    report = play(load_scenario(text, name="sample.yaml"), FILES, mode)

    assert report.passed, [f"{step.step}: {problem}" for step in report.steps for problem in step.problems]


def test_a_case_that_was_only_worked_on_verifies_at_every_level(tmp_path: Path) -> None:
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'case.db'}", tmp_path / "keys", synchronous="OFF"))
    engine.deploy(FILES, CLERK)
    case = work.open_with_values(engine, "M5", JORIS, CLERK).case
    answers = {"gesprek_op": engine.clock().date(), "schulden": [{"schuldeiser": "Energie", "saldo": "612,40"}]}
    work.complete_with_values(engine, case.number, next(iter(case.tasks)), answers, WORKER)

    assert engine.verify(case.number) == []


def test_a_changed_list_is_named_by_verify(tmp_path: Path) -> None:
    database = tmp_path / "case.db"
    engine = open_engine(Settings(f"sqlite:///{database}", tmp_path / "keys", synchronous="OFF"))
    engine.deploy(FILES, CLERK)
    case = work.open_with_values(engine, "M5", JORIS, CLERK).case
    engine.store.close()
    with sqlite3.connect(database) as raw:
        raw.execute("UPDATE terms SET ends = '2030-01-01'")

    engine = open_engine(Settings(f"sqlite:///{database}", tmp_path / "keys"))
    (found,) = engine.verify(case.number)

    assert found.level == 2
    assert "ends" in found.message


BY_HAND = b"""
scenario: Uitgesteld en anders besloten
people: {saar: [aanmeldmedewerker], karim: [sociaal_werker, crisismedewerker]}
steps:
  - {at: 2026-04-07 10:00, by: saar, open: M5, with: {client_naam: Joris Voorbeeld, dreiging: geen, aangemeld_op: 2026-04-07}}
  - {by: karim, defer: Gesprek voeren, until: 2026-04-06, reason: is op reis, refused: not-now}
  - {by: karim, defer: Gesprek voeren, until: 2026-04-10, reason: is op reis}
  - {by: karim, override: {D01: {urgentie: crisis, termijn: 3wd}}, refused: reason-needed}
  - {by: karim, override: {D01: {urgentie: crisis, termijn: 3wd}}, reason: deurwaarder belde}
  - {by: karim, override: {D99: 1}, reason: bestaat niet, refused: not-found}
"""


@pytest.mark.parametrize("mode", MODES)
def test_a_task_is_put_off_and_an_outcome_is_replaced_by_hand(mode: str) -> None:
    report = play(load_scenario(BY_HAND, name="met de hand"), FILES, mode)
    assert [problem for step in report.steps for problem in step.problems] == []
    assert {line.split()[-1] for line in report.log} >= {"TaskDeferred", "DecisionOverridden"}


def test_a_scenario_that_puts_off_without_a_day_is_refused_when_it_is_read() -> None:
    wrong = BY_HAND.replace(b", until: 2026-04-10", b"").replace(b"{D01: {urgentie: crisis, termijn: 3wd}}", b"D01")
    with pytest.raises(ScenarioError, match=r"step 3: until.*is missing; step 4: override: name one decision"):
        load_scenario(wrong, name="x")
