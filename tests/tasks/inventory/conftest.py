"""A case in which somebody has the inventory form of module 6 in front of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import Person, person_by_login
from schuldhulp.tasks.work import complete_with_values, open_with_values

SYSTEM = Actor(account=0, role="systeem", program="test")
NOW = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
START = {
    "client_naam": "Otto Opzet", "client_adres": "Testlaan 2", "client_postcode": "9999 ZZ",
    "client_woonplaats": "Voorbeeldstad", "werkbare_vraag": "Hoeveel kan ik aflossen",
}  # fmt: skip
SORTED = {
    "inventarisatie_start": "2026-06-01", "inventarisatie_plaats": "thuis", "ordening": "niet", "contact_op": "2026-06-01 09:00",
    "contact_kanaal": "huisbezoek", "contact_minuten": 120, "contact_notitie": "Drie tassen",
}  # fmt: skip


def with_people(folder: Path) -> Engine:
    """An engine in *folder* (proef.db, proef.keys) with two social workers, saar and bas."""
    engine = open_engine(Settings(f"sqlite:///{folder / 'proef.db'}", folder / "proef.keys", synchronous="OFF"), lambda: NOW)
    engine.deploy(read_files(), SYSTEM)
    for login in ("saar", "bas"):
        engine.put_account(login, login.title(), ["sociaal_werker"], SYSTEM)
    return engine


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = with_people(tmp_path_factory.mktemp("inventaris"))
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def saar(engine: Engine) -> Person:
    return person_by_login(engine, "saar")


def at_the_form(engine: Engine, who: Person) -> tuple[str, int]:
    """A new case, and its task "Gegevens invoeren", taken by this person."""
    by = who.actor("sociaal_werker")
    case = open_with_values(engine, "M6", START, by).case
    (first,) = [task.task for task in case.tasks.values() if task.name == "Papieren ordenen"]
    done = complete_with_values(engine, case.number, first, SORTED, by)
    (second,) = [task.task for task in done.case.tasks.values() if task.name == "Gegevens invoeren"]
    engine.claim(case.number, second, by)
    return case.number, second


def debts(how_many: int) -> list[dict[str, Any]]:
    return [
        {"schuldeiser": f"Schuldeiser {at}", "kenmerk": f"000{at}", "saldo": f"{at}.{at:03},{at % 100:02}",
         "soort": "zorg" if at % 2 else "cjib", "stadium": "vonnis", "saldo_op": f"{at % 28 + 1:02}-01-2026",
         "regeling": at % 3 == 0}
        for at in range(1, how_many + 1)
    ]  # fmt: skip
