"""Terms that move take timers, tasks, lists and explanations with them; warnings and escalations come on their day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.rules.terms import Suspension
from schuldhulp.tasks.deadlines import explanation
from schuldhulp.tasks.scenarios import MODES
from tests.engine.case.sample import FILES

CLERK = f.Actor(account=1, role="aanmeldmedewerker")
WORKER = f.Actor(account=2, role="sociaal_werker")
SYSTEM = f.Actor(account=0, role="systeem")
PROCESS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" id="defs">
  <process id="M5" name="Intake" isExecutable="true">
    <extensionElements><camunda:properties>
      <camunda:property name="title" value="Intake"/>
      <camunda:property name="term.start" value="wgs-4a-3 from gesprek_op length 8 target date(&quot;2026-06-01&quot;)"/>
    </camunda:properties></extensionElements>
    <startEvent id="Start"/>
    <userTask id="Besluiten" name="Besluiten" camunda:candidateGroups="sociaal_werker">
      <extensionElements><camunda:properties>
        <camunda:property name="term.due" value="wgs-4a-3"/>
      </camunda:properties></extensionElements>
    </userTask>
    <boundaryEvent id="Bijna" attachedToRef="Besluiten" cancelActivity="false">
      <extensionElements><camunda:properties>
        <camunda:property name="term.timer" value="wgs-4a-3"/>
      </camunda:properties></extensionElements>
      <timerEventDefinition id="t">
        <timeDate xsi:type="tFormalExpression">werkdagen na(einde termijn("wgs-4a-3"), -3)</timeDate>
      </timerEventDefinition>
    </boundaryEvent>
    <userTask id="Bellen" name="Besluitnemer bellen" camunda:candidateGroups="sociaal_werker"/>
    <endEvent id="Gebeld"/><endEvent id="Klaar"/>
    <sequenceFlow id="f1" sourceRef="Start" targetRef="Besluiten"/>
    <sequenceFlow id="f2" sourceRef="Besluiten" targetRef="Klaar"/>
    <sequenceFlow id="f3" sourceRef="Bijna" targetRef="Bellen"/>
    <sequenceFlow id="f4" sourceRef="Bellen" targetRef="Gebeld"/>
  </process>
</definitions>
"""
DEFINITIONS = {**FILES, "processes/M5/M5.bpmn": PROCESS}


class Stage:
    """A case on a virtual day; before each look or act it is kept, reloaded or rebuilt, as the mode says."""

    def __init__(self, folder: Path, mode: str, parameters: bytes | None = None) -> None:
        self.settings = Settings(f"sqlite:///{folder / 'c.db'}", folder / "keys", synchronous="OFF")
        self.mode, self.now = mode, datetime(2026, 4, 23, 9, tzinfo=CIVIL)
        self._engine = open_engine(self.settings, lambda: self.now)
        own = {} if parameters is None else {"rules/parameters.yaml@local": parameters}
        self._engine.deploy({**DEFINITIONS, **own}, CLERK)
        start = {"client_naam": "Joris Voorbeeld", "gesprek_op": date(2026, 4, 23)}
        self.case = self._engine.open_case("M5", start, CLERK).case.number

    @property
    def engine(self) -> Engine:
        if self.mode == "reload":
            self._engine.store.close()
            self._engine = open_engine(self.settings, lambda: self.now)
        elif self.mode == "rebuild":
            with self._engine.store.begin() as log:
                kept = self._engine.kept(log, self.case)
                log.drop_snapshot(stream_of(self.case))
                assert self._engine.kept(log, self.case) == kept
        return self._engine

    def on(self, day: str, hour: int = 9) -> Engine:
        self.now = datetime.fromisoformat(day).replace(hour=hour, tzinfo=CIVIL)
        return self.engine

    def passes(self, day: str) -> list[str]:
        """Time passes until just after midnight of *day*; the names of the open tasks."""
        list(self.on(day, 0).tick(SYSTEM))
        return sorted(task.name for task in self.engine.case(self.case).tasks.values())

    @property
    def number(self) -> int:
        (term,) = self.engine.case(self.case).terms
        return term

    def agree(self, ends: date, timer: date) -> None:
        """Case, lists, timer, task and explanation say the same."""
        (term,) = self.engine.case(self.case).terms.values()
        (row,) = self.engine.rows("terms_of_case", case=stream_of(self.case))
        timers = {r["kind"]: r["due"] for r in self.engine.rows("timers_of_case", case=stream_of(self.case))}
        tasks = {r["name"]: r["fatal"] for r in self.engine.rows("tasks_of_case", case=stream_of(self.case))}
        (instance,) = self.engine.case(self.case).instances.values()
        ((_, due),) = instance.timers.values()
        midnight = datetime.combine(timer, datetime.min.time(), CIVIL).astimezone(UTC)
        assert (term.ends, row["ends"], tasks["Besluiten"]) == (ends, ends, ends)
        assert (due, timers["bpmn"]) == (midnight, midnight)
        assert any(str(ends.day) in line and str(ends.year) in line for line in explanation(self.engine, term)[-2:])
        assert self.engine.verify(self.case) == []


@pytest.fixture(params=MODES)
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    return Stage(tmp_path, request.param)


INVITATION = Suspension("4:15-1-a", asked=date(2026, 5, 1), set_term=date(2026, 5, 15))


def test_a_bound_timer_moves_in_the_same_command_as_its_term(stage: Stage) -> None:
    stage.agree(date(2026, 6, 18), timer=date(2026, 6, 15))

    stage.on("2026-05-01").suspend_term(stage.case, stage.number, INVITATION, "identiteit ontbreekt", WORKER)
    stage.agree(date(2026, 7, 1), timer=date(2026, 6, 26))

    stage.on("2026-05-11").resume_term(stage.case, stage.number, date(2026, 5, 11), WORKER)
    stage.agree(date(2026, 6, 27), timer=date(2026, 6, 24))

    assert "Besluitnemer bellen" not in stage.passes("2026-06-15")
    assert "Besluitnemer bellen" not in stage.passes("2026-06-23")
    assert "Besluitnemer bellen" in stage.passes("2026-06-24")


def test_a_corrected_trigger_moves_timer_task_lists_and_explanation(stage: Stage) -> None:
    stage.on("2026-05-01").suspend_term(stage.case, stage.number, INVITATION, "identiteit ontbreekt", WORKER)
    stage.on("2026-05-11").resume_term(stage.case, stage.number, date(2026, 5, 11), WORKER)

    stage.on("2026-05-12").correct_term(stage.case, stage.number, date(2026, 4, 20), "het was de 20e", WORKER)

    stage.agree(date(2026, 6, 24), timer=date(2026, 6, 19))
    assert "Besluitnemer bellen" not in stage.passes("2026-06-18")
    assert "Besluitnemer bellen" in stage.passes("2026-06-19")
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" not in stage.passes("2026-06-24")
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" in stage.passes("2026-06-25")


def test_a_correction_to_a_later_day_takes_back_what_was_said_of_the_old_one(stage: Stage) -> None:
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" in stage.passes("2026-06-19")

    stage.on("2026-06-19").correct_term(stage.case, stage.number, date(2026, 4, 28), "het was de 28e", WORKER)

    (row,) = stage.engine.rows("terms_of_case", case=stream_of(stage.case))
    assert (row["ends"], row["status"]) == (date(2026, 6, 23), "running")
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" not in stage.passes("2026-06-23")
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" in stage.passes("2026-06-24")


def test_the_team_leader_hears_of_the_target_date_and_of_the_last_day(stage: Stage) -> None:
    assert stage.passes("2026-06-01") == ["Besluiten"]
    assert stage.passes("2026-06-02") == ["Besluiten", "Streefdatum voorbij: Besluit over plan van aanpak of weigering"]
    task = next(t for t in stage.engine.case(stage.case).tasks.values() if t.kind == "escalation")
    assert task.roles == ("teamleider",)
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" not in stage.passes("2026-06-18")
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" in stage.passes("2026-06-19")

    stage.on("2026-06-19").meet_term(stage.case, "wgs-4a-3", date(2026, 6, 19), WORKER)

    assert not [t for t in stage.engine.case(stage.case).tasks.values() if t.kind == "escalation"]
    (row,) = stage.engine.rows("terms_of_case", case=stream_of(stage.case))
    assert row["status"] == "late"


@pytest.mark.parametrize(
    ("parameters", "warned_on"),
    [(None, "2026-06-11"), (b"- {key: termijn_waarschuwing, value: 10, valid_from: 2026-01-01}\n", "2026-06-04")],
    ids=["five working days", "as the organisation says"],
)
def test_a_warning_comes_some_working_days_before(tmp_path: Path, parameters: bytes | None, warned_on: str) -> None:
    stage = Stage(tmp_path, "straight", parameters)
    day_before = date.fromisoformat(warned_on) - timedelta(days=1)

    def warned() -> list[date]:
        facts = [stored.fact for stored in stage.engine.facts(stage.case)]
        return [fact.on for fact in facts if isinstance(fact, f.TermWarned) and fact.about == "warning"]

    stage.passes(str(day_before))
    assert warned() == []
    stage.passes(warned_on)
    assert warned() == [date.fromisoformat(warned_on)]


@pytest.mark.parametrize(
    ("act", "article"),
    [
        (lambda e, c, n: e.suspend_term(c, n, Suspension("4:15-1-a", asked=date(2026, 4, 24)), "x", WORKER), "4:5"),
        (lambda e, c, n: e.adjourn_term(c, n, 2, "weeks", "druk", WORKER), "4:14"),
        (lambda e, c, n: e.resume_term(c, n, date(2026, 5, 1), WORKER), "4:15"),
    ],
    ids=["no term for the answer", "no adjournment of this term", "nothing stands still"],
)
def test_what_the_law_forbids_is_refused_with_the_article_and_moves_nothing(
    stage: Stage, act: Callable[[Engine, str, int], object], article: str
) -> None:
    with pytest.raises(Exception, match=article):
        act(stage.engine, stage.case, stage.number)

    stage.agree(date(2026, 6, 18), timer=date(2026, 6, 15))
