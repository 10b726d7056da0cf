"""The list of cases: who has work in a case sees it by name; who oversees sees all; nobody else sees a name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.access import Person
from schuldhulp.tasks.caselist import list_cases
from tests.engine.case.sample import FILES

CLERK = Actor(account=1, role="aanmeldmedewerker")
WORKER = Person(1, "saar", "Saar", ("sociaal_werker",))
AUDITOR = Person(2, "aart", "Aart", ("auditor",))
LAWYER = Person(3, "bob", "Bob", ("bezwaarbehandelaar",))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    settings = Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF")
    made = open_engine(settings, lambda: datetime(2026, 4, 1, 8, tzinfo=UTC))
    made.deploy(FILES, CLERK)
    for name in ("Joris Voorbeeld", "Amira Fictief", "Bram Proefstra"):
        work.open_with_values(made, "M5", {"client_naam": name, "dreiging": "geen", "aangemeld_op": "2026-04-01"}, CLERK)
    yield made
    made.store.close()


def names(engine: Engine, who: Person, search: str = "", limit: int = 50, offset: int = 0) -> list[str]:
    return [line.client for line in list_cases(engine, who, search, limit=limit, offset=offset)]


@pytest.mark.shows("C-P01")
def test_who_has_no_work_in_a_case_does_not_see_whose_it_is(engine: Engine) -> None:
    assert names(engine, WORKER) == ["Bram Proefstra", "Amira Fictief", "Joris Voorbeeld"]
    assert names(engine, AUDITOR) == ["Bram Proefstra", "Amira Fictief", "Joris Voorbeeld"]
    assert names(engine, LAWYER) == []
    assert names(engine, LAWYER, "amira") == []


def test_a_case_is_found_by_name_number_and_module_together(engine: Engine) -> None:
    (line,) = list_cases(engine, WORKER, "amira")

    assert line.client == "Amira Fictief"
    assert names(engine, WORKER, f"{line.number} fictief {line.modules[0]}") == ["Amira Fictief"]
    assert names(engine, WORKER, "amira proefstra") == []


def test_pages_of_the_list_follow_on_each_other(engine: Engine) -> None:
    assert names(engine, WORKER, limit=2) == ["Bram Proefstra", "Amira Fictief"]
    assert names(engine, WORKER, limit=2, offset=2) == ["Joris Voorbeeld"]
    assert names(engine, WORKER, "a", limit=1, offset=1) == ["Amira Fictief"]
