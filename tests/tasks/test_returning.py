"""Who applies again within a year after the help ended is counted over cases, without anybody's name (M10-G03)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import Person, person_by_login
from schuldhulp.tasks.figures import Period, collect, to_csv
from schuldhulp.tasks.figures.model import Returns
from schuldhulp.tasks.work import complete_with_values, open_with_values

pytestmark = pytest.mark.shows("M10-G03")

SYSTEM = Actor(account=0, role="systeem", program="test")
QUALITY = Person(4, "kim", "Kim Kwaliteit", ("kwaliteitsmedewerker",))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
APPLIES = {
    "aangemeld_op": "2026-09-01 09:00", "aangemeld_door": "Zelf", "aangemeld_door_functie": "zelf", "client_naam": "x",
    "client_adres": "Testweg 1", "client_postcode": "9999 ZZ", "client_woonplaats": "Voorbeeldstad",
    "aanmelding_reden": "Schulden", "dreiging": "geen", "vraagtype": "schuldhulp",
}  # fmt: skip


class Clock:
    now = datetime(2026, 1, 5, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    made = open_engine(Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF"), clock)
    made.deploy(read_files(), SYSTEM)
    made.put_account("saar", "Saar", ["sociaal_werker", "aanmeldmedewerker"], SYSTEM)
    yield made
    made.store.close()


def aftercare(engine: Engine, clock: Clock, **client: Any) -> str:
    """Aftercare of somebody whose help ended on 31 March, closed on 15 April."""
    saar = person_by_login(engine, "saar").actor()
    clock.now = datetime(2026, 4, 15, 9, tzinfo=UTC)
    case = open_with_values(engine, "M10", {"client_naam": client["client_naam"]}, saar).case.number
    engine.correct(case, client, "Gegevens van de cliënt", saar)

    def do(name: str, **values: Any) -> None:
        task = next(task.task for task in engine.case(case).tasks.values() if task.name == name)
        complete_with_values(engine, case, task, values, saar)

    do("Nazorg inrichten", nazorg_aanleiding="begeleiding", regeling_loopt=False, einde_dienstverlening_op="2026-03-31",
       nazorg_doelgroep=["alleen_redden"], nazorg_netwerk="sterk", stabiliserende_factoren=True)  # fmt: skip
    engine.start_optional(case, 1, "Task_StoppenKiezen", saar)
    do("Nazorg laten stoppen", nazorg_afsluiten=True, nazorg_niet_haalbaar="Verhuisd")
    do("Nazorg afsluiten", doel_stabiel="behaald", doel_hulp_zonder_traject="niet_van_toepassing",
       doel_geen_recidive="behaald", effect_client=8, tevredenheid=8)  # fmt: skip
    return case


def applies_again(engine: Engine, clock: Clock, on: datetime, **client: Any) -> str:
    clock.now = on
    saar = person_by_login(engine, "saar").actor()
    case = open_with_values(engine, "M5", {**APPLIES, "client_naam": client["client_naam"]}, saar).case.number
    engine.correct(case, client, "Gegevens van de cliënt", saar)
    return case


def returns(engine: Engine) -> Returns | None:
    return next(one for one in collect(engine, QUALITY, YEAR).modules if one.module == "M10").returns


def test_a_new_case_of_the_same_person_counts_and_that_of_another_does_not(engine: Engine, clock: Clock) -> None:
    aftercare(engine, clock, client_naam="Test Eén", client_bsn="111222333")
    aftercare(engine, clock, client_naam="Test Twee", client_geboortedatum=date(1980, 1, 2))
    aftercare(engine, clock, client_naam="Test Drie", client_geboortedatum=date(1981, 1, 2))
    clock.now = datetime(2026, 10, 1, 9, tzinfo=UTC)
    assert returns(engine) == Returns(months=12, back=0, stayed=0, early=3)
    applies_again(engine, clock, datetime(2026, 10, 1, 9, tzinfo=UTC), client_naam="Anders geschreven", client_bsn="111222333")
    applies_again(
        engine, clock, datetime(2027, 3, 31, 9, tzinfo=UTC), client_naam="test  twee", client_geboortedatum=date(1980, 1, 2)
    )
    # a day after the year, and a namesake of another age
    applies_again(
        engine, clock, datetime(2027, 4, 1, 9, tzinfo=UTC), client_naam="Test Drie", client_geboortedatum=date(1981, 1, 2)
    )
    applies_again(
        engine, clock, datetime(2027, 4, 1, 10, tzinfo=UTC), client_naam="Test Drie", client_geboortedatum=date(1990, 1, 2)
    )
    assert returns(engine) == Returns(months=12, back=2, stayed=1, early=0)


def test_a_name_that_is_put_right_is_no_longer_the_old_one(engine: Engine, clock: Clock) -> None:
    aftercare(engine, clock, client_naam="Test Eén", client_geboortedatum=date(1980, 1, 2))
    case = applies_again(
        engine, clock, datetime(2026, 6, 1, 9, tzinfo=UTC), client_naam="Test Eén", client_geboortedatum=date(1980, 1, 2)
    )
    assert returns(engine) == Returns(12, back=1, stayed=0, early=0)
    saar = person_by_login(engine, "saar").actor()
    engine.correct(case, {"client_naam": "Heel iemand anders"}, "Verkeerde naam", saar)
    assert returns(engine) == Returns(12, back=0, stayed=0, early=1)


def test_after_erasure_nobody_is_known_again(engine: Engine, clock: Clock) -> None:
    known = {"client_naam": "Test Eén", "client_bsn": "111222333"}
    aftercare(engine, clock, **known)
    case = applies_again(engine, clock, datetime(2026, 6, 1, 9, tzinfo=UTC), **known)
    engine.erase(case, ("client:dossier",), "bewaartermijn", SYSTEM)
    assert returns(engine) == Returns(12, back=0, stayed=0, early=1)


def test_the_benchmark_hides_small_numbers(engine: Engine, clock: Clock) -> None:
    aftercare(engine, clock, client_naam="Test Eén", client_bsn="111222333")
    lines = to_csv(collect(engine, QUALITY, YEAR)).splitlines()
    assert "2026-01-01;2026-12-31;M10;too_early;12 months;<5" in lines
    assert "2026-01-01;2026-12-31;M10;back;12 months;0" in lines
