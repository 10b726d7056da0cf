"""The screen of running threats, over the definitions that ship: a row for each threat of a case (C-E09)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.access import Person
from schuldhulp.tasks.threats import Threat, running_threats
from tests.journeys.playing import part

CLERK = Actor(account=1, role="aanmeldmedewerker")
KARIM = Actor(account=2, role="crisismedewerker")
CRISIS = Person(2, "karim", "Karim Crisis", ("crisismedewerker",))
WATER = {"soort": "afsluiting_water", "uitvoering_op": "2026-04-20T09:00+02:00", "partij": "Waterbedrijf Voorbeeld"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    settings = Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF")
    made = open_engine(settings, lambda: datetime(2026, 4, 1, 8, tzinfo=UTC))
    made.deploy(part("M2"), CLERK)
    yield made
    made.store.close()


@pytest.fixture
def case(engine: Engine) -> str:
    start = {
        "client_naam": "Dora Dreiging",
        "dreiging": "gijzeling",
        "aangemeld_door": "Wim Wijk",
        "andere_dreigingen": [WATER],
    }
    return work.open_with_values(engine, "M2", start, CLERK).case.number


def by_kind(engine: Engine) -> dict[str, Threat]:
    return {one.kind: one for one in running_threats(engine, CRISIS)}


@pytest.mark.shows("C-E09")
def test_each_threat_has_a_row_with_its_own_urgency_and_last_day(engine: Engine, case: str) -> None:
    seen = by_kind(engine)

    assert {one.case for one in seen.values()} == {case}
    first, other = seen["Afsluiting van water"], seen["Gijzeling"]
    assert (first.leads, first.urgency, first.talk_by, first.party) == (
        True,
        "Crisis",
        date(2026, 4, 8),
        WATER["partij"],
    )
    assert (other.leads, other.urgency, other.talk_by, other.at, other.party) == (
        False,
        "Crisis",
        date(2026, 4, 29),
        None,
        "",
    )


@pytest.mark.shows("C-E09")
def test_a_threat_that_turned_out_not_to_exist_goes_from_the_screen(engine: Engine, case: str) -> None:
    task = next(number for number, task in engine.case(case).tasks.items() if task.name == "Crisis verifiëren")
    engine.claim(case, task, KARIM)
    rows = [{"nr": 1, "verificatie": "bevestigd"}, {"nr": 2}]
    values = {"verificatie": "geen_crisis", "contact_kanaal": "telefoon", "contact_minuten": 10, "dreigingen": rows}
    work.complete_with_values(engine, case, task, values, KARIM)

    (left,) = running_threats(engine, CRISIS)

    assert (left.kind, left.leads, left.verified) == ("Gijzeling", True, "De dreiging is bevestigd")


def test_a_corrected_hour_shows_with_the_leading_threat(engine: Engine, case: str) -> None:
    engine.correct(case, {"uitvoering_op": datetime.fromisoformat("2026-04-15T08:00+02:00")}, "vervroegd", KARIM)

    assert by_kind(engine)["Afsluiting van water"].at == datetime.fromisoformat("2026-04-15T08:00+02:00")
