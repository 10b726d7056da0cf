"""Figures of the modules: numbers, lead times, hours, goals and terms of a period; and who is threatened with what."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.access import NotYourRole, Person
from schuldhulp.tasks.audit import history
from schuldhulp.tasks.dossier import file_in_words
from schuldhulp.tasks.figures import Period, collect, quarters, to_csv
from schuldhulp.tasks.figures.gaps import gaps
from schuldhulp.tasks.figures.model import spread
from schuldhulp.tasks.threats import running_threats, state_of_threats
from tests.engine.case.sample import DICTIONARY, FILES, PROCESS

CLERK = Actor(account=1, role="aanmeldmedewerker")
WORKER = Actor(account=2, role="sociaal_werker")
QUALITY = Person(4, "kim", "Kim Kwaliteit", ("kwaliteitsmedewerker",))
CRISIS = Person(5, "karim", "Karim Crisis", ("crisismedewerker",))
SECOND_QUARTER = Period(date(2026, 4, 1), date(2026, 6, 30))

OWN = """
doel: {type: enum, label: Werkbare vraag, values: {behaald: Behaald, niet: Niet behaald}, scope: instance, goal: M5-G01}
contactmomenten:
  type: list
  label: Contacten
  item:
    op: {type: datetime, label: Wanneer}
    module: {type: string, label: Module}
    minuten: {type: integer, label: Minuten}
uitvoering_op: {type: datetime, label: Uitvoering op}
schuldoorzaken: {type: set, label: Oorzaken, values: {scheiding: Scheiding, ziekte: Ziekte}}
leefgebieden:
  type: list
  label: Leefgebieden
  item: {gebied: {type: string, label: Gebied}, probleem: {type: boolean, label: Probleem}}
client_bsn: {type: bsn, label: BSN}
"""
MAPPED = b"""<userTask id="Gesprek" name="Gesprek voeren" camunda:candidateGroups="sociaal_werker" camunda:formRef="gesprek">
      <extensionElements><camunda:inputOutput>
        <camunda:outputParameter name="doel">if inkomen = null then "niet" else "behaald"</camunda:outputParameter>
        <camunda:outputParameter name="contactmomenten">
          append(contactmomenten, {op: now(), module: "M5", minuten: 90})</camunda:outputParameter>
      </camunda:inputOutput>"""


class Clock:
    now = datetime(2026, 4, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    made = open_engine(Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF"), clock)
    opening = PROCESS[PROCESS.index(b'<userTask id="Gesprek"') :].partition(b"<extensionElements>")[0]
    process = PROCESS.replace(opening + b"<extensionElements>", MAPPED, 1).replace(b"P7D", b"P900D")
    crisis = process.replace(b'id="M5"', b'id="M2"').replace(b'"defs"', b'"crisis"')
    files = {**FILES, "processes/M5/M5.bpmn": process, "processes/M2/M2.bpmn": crisis}
    made.deploy({**files, "rules/dictionary.yaml": DICTIONARY + OWN.encode()}, CLERK)
    yield made
    made.store.close()


def opened(engine: Engine, on: str, module: str = "M5", threat: str = "geen") -> str:
    start = {"client_naam": "Joris Voorbeeld", "dreiging": threat, "aangemeld_op": on}
    return work.open_with_values(engine, module, start, CLERK).case.number


def talked(engine: Engine, clock: Clock, case: str, on: datetime, income: str | None = None) -> None:
    clock.now = on
    task = next(number for number, task in engine.case(case).tasks.items() if task.name == "Gesprek voeren")
    engine.claim(case, task, WORKER)
    values = {"gesprek_op": on.date(), **({"inkomen": Decimal(income)} if income else {})}
    work.complete_with_values(engine, case, task, values, WORKER)


@pytest.mark.shows("C-Q01", "C-Q02")
def test_a_period_has_what_began_ran_and_ended_in_it_with_days_hours_and_goals(engine: Engine, clock: Clock) -> None:
    first, second, third = (opened(engine, "2026-04-01") for _ in range(3))
    talked(engine, clock, first, datetime(2026, 4, 11, 8, tzinfo=UTC), "1500.00")
    talked(engine, clock, second, datetime(2026, 5, 21, 8, tzinfo=UTC))
    talked(engine, clock, third, datetime(2026, 7, 10, 8, tzinfo=UTC))

    (intake,) = collect(engine, QUALITY, SECOND_QUARTER).modules

    assert (intake.started, intake.running, dict(intake.ended)) == (3, 1, {"completed": 2})
    assert intake.days is not None
    assert (intake.days.median, intake.days.p90, intake.days.mean) == (Decimal("30.0"), Decimal("50.0"), Decimal("30.0"))
    assert intake.hours_total == Decimal("3.0"), "an hour and a half for each of the two that ended"
    assert [(goal.goal, goal.outcomes["behaald"], goal.outcomes["niet"]) for goal in intake.goals] == [("M5-G01", 1, 1)]
    assert intake.months == {date(2026, 4, 1): (3, 1), date(2026, 5, 1): (0, 1), date(2026, 6, 1): (0, 0)}
    (conversation,) = (term for term in intake.terms if term.rule == "wgs-4-1-a")
    assert (conversation.met, conversation.late) == (1, 1), "four weeks from 1 April; the second came on 21 May"


def test_a_period_without_cases_is_empty(engine: Engine) -> None:
    opened(engine, "2026-04-01")

    assert collect(engine, QUALITY, Period(date(2020, 1, 1), date(2020, 3, 31))).empty


@pytest.mark.shows("C-Q02")
def test_the_benchmark_hides_counts_so_small_that_they_point_at_somebody(engine: Engine, clock: Clock) -> None:
    for _ in range(5):
        talked(engine, clock, opened(engine, "2026-04-01"), clock.now)

    lines = to_csv(collect(engine, QUALITY, SECOND_QUARTER)).splitlines()
    one = to_csv(collect(engine, QUALITY, SECOND_QUARTER), minimum=6)

    assert "2026-04-01;2026-06-30;M5;started;;5" in lines
    assert "2026-04-01;2026-06-30;M5;days;median;0.0" in lines
    assert "started;;<6" in one
    assert "days" not in one
    assert "Joris" not in one


def test_figures_are_for_who_looks_over_all_cases(engine: Engine) -> None:
    with pytest.raises(NotYourRole):
        collect(engine, CRISIS, SECOND_QUARTER)


@pytest.mark.shows("C-E09")
def test_the_threats_stand_by_day_and_hour_and_change_when_their_case_does(engine: Engine, clock: Clock) -> None:
    later, unknown, sooner = (opened(engine, "2026-04-01", "M2", "ontruiming") for _ in range(3))
    opened(engine, "2026-04-01")
    for case, moment in ((later, "2026-04-09T10:00+02:00"), (sooner, "2026-04-09T08:30+02:00")):
        engine.correct(case, {"uitvoering_op": datetime.fromisoformat(moment)}, "dag en uur bekend", WORKER)
    before = state_of_threats(engine)

    seen = running_threats(engine, CRISIS)

    assert [one.case for one in seen] == [unknown, sooner, later], "not known yet is looked at first"
    assert {one.kind for one in seen} == {"Ontruiming"}
    assert state_of_threats(engine) == before
    engine.claim(sooner, next(iter(engine.case(sooner).tasks)), Actor(account=5, role="crisismedewerker"))
    assert state_of_threats(engine) != before
    assert [read.purpose for read in engine.reads(unknown)] == ["dreigingen"]


def test_threats_are_for_crisis_workers_and_team_leaders(engine: Engine) -> None:
    with pytest.raises(NotYourRole):
        running_threats(engine, QUALITY)


@given(st.lists(st.decimals(min_value=0, max_value=10_000, places=1), min_size=1, max_size=60))
def test_half_of_the_numbers_lie_on_each_side_of_the_middle_and_nine_tenths_below_the_other(values: list[Decimal]) -> None:
    found = spread(values)

    assert found is not None
    assert sum(value <= found.median + Decimal("0.05") for value in values) * 2 >= len(values)
    assert sum(value >= found.median - Decimal("0.05") for value in values) * 2 >= len(values)
    assert sum(value <= found.p90 for value in values) * 10 >= len(values) * 9
    assert min(values) <= found.mean + Decimal("0.05") <= max(values) + Decimal("0.1")


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_quarters_follow_on_each_other_and_the_first_holds_today(today: date) -> None:
    found = quarters(today)

    assert found[0].first <= today <= found[0].last
    assert all((newer.first - older.last).days == 1 for newer, older in pairwise(found))
    assert {one.first.month for one in found} == {1, 4, 7, 10}


@pytest.mark.shows("C-Q04")
def test_what_a_module_lacks_when_it_ends_is_listed_with_where_to_look(engine: Engine, clock: Clock) -> None:
    judged, late = opened(engine, "2026-04-01"), opened(engine, "2026-04-01")
    talked(engine, clock, judged, datetime(2026, 4, 11, 8, tzinfo=UTC), "1500.00")
    clock.now = datetime(2026, 5, 20, 8, tzinfo=UTC)
    list(engine.tick(Actor(account=0, role="systeem")))
    talked(engine, clock, late, datetime(2026, 5, 21, 8, tzinfo=UTC))

    found = gaps(engine, QUALITY, SECOND_QUARTER)

    assert {(one.case, one.kind) for one in found} == {(late, "term")}
    with pytest.raises(NotYourRole):
        gaps(engine, CRISIS, SECOND_QUARTER)


@pytest.mark.shows("C-Q03")
def test_causes_and_domains_are_counted_without_names(engine: Engine, clock: Clock) -> None:
    case = opened(engine, "2026-04-01")
    engine.correct(case, {"schuldoorzaken": ["scheiding", "ziekte"]}, "uit het gesprek", WORKER)
    engine.correct(case, {"leefgebieden": [{"gebied": "financien", "probleem": True}]}, "uit het gesprek", WORKER)
    talked(engine, clock, case, datetime(2026, 4, 11, 8, tzinfo=UTC))

    (intake,) = collect(engine, QUALITY, SECOND_QUARTER).modules

    assert intake.topics == {"leefgebieden": {"financien": 1}, "schuldoorzaken": {"scheiding": 1, "ziekte": 1}}


@pytest.mark.shows("C-P03")
def test_a_bsn_is_masked_wherever_a_file_is_looked_at(engine: Engine) -> None:
    case = opened(engine, "2026-04-01")
    engine.correct(case, {"client_bsn": "111222333"}, "van het paspoort", WORKER)

    texts = [line.text for line in history(engine, case)]
    shown = file_in_words(engine, case)

    assert "•••••• 333".replace(" ", "") in "".join(texts)
    assert ("client_bsn", "BSN", "••••••333") in shown
    assert "111222333" not in repr((texts, shown))


@pytest.mark.shows("C-Q04")
def test_a_goal_that_nobody_judged_and_a_module_without_a_contact_are_gaps(engine: Engine, clock: Clock) -> None:
    engine.deploy({**FILES, "rules/dictionary.yaml": DICTIONARY + OWN.encode()}, CLERK)
    case = opened(engine, "2026-04-01")
    talked(engine, clock, case, datetime(2026, 4, 3, 8, tzinfo=UTC), "1500.00")

    found = gaps(engine, QUALITY, SECOND_QUARTER)

    assert {(one.case, one.kind, one.what) for one in found} == {
        (case, "goal", "M5-G01 Werkbare vraag"),
        (case, "contact", "geen contact vastgelegd"),
    }
