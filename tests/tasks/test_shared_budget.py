"""The own emergency budget is one for all cases: what one case was granted is not there for another (M3-A04)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import PreconditionFailed
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine, base
from schuldhulp.engine.history.reader import Reader
from schuldhulp.engine.model import facts as f
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.audit import history
from schuldhulp.tasks.work import complete_with_values, open_with_values

SYSTEM = f.Actor(account=0, role="systeem", program="test")
BUDGET = """
- key: budgetten
  value: [{budget: noodbudget, bedrag: 150, van: 2026-01-01, tot: 2026-12-31}]
  valid_from: 2026-01-01
"""
GIVE = "Uit eigen budget geven"
REASON = "De teamleider weet dat het budget bijna op is."
STEPS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Probleem in kaart brengen", {
        "noodhulp_doel": "levensonderhoud", "noodhulp_probleem": "Geen eten", "noodhulp_vraag_op": "2026-04-07",
        "noodhulp_bedrag": 80, "noodhulp_urgent": True, "noodhulp_gevolg": "Honger"}),
    ("Andere regelingen nagaan", {"voorzieningen": [{"voorziening": "voorschot", "beschikbaar": False}],
                                  "participatiewet_aanvraag": False}),
    ("Nut en noodzaak beoordelen", {"nut_noodzaak": True, "nut_noodzaak_uitleg": "Geen eten", "noodhulp_traject": "M5"}),
    ("Bron kiezen", {"noodhulp_bron": "eigen_noodbudget"}),
    ("Gegevens verzamelen", {"noodhulp_bewijzen": ["identiteitsbewijs", "offerte"]}),
)  # fmt: skip


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = open_engine(
        Settings(f"sqlite:///{tmp_path / 'proef.db'}", tmp_path / "proef.keys", synchronous="OFF"),
        lambda: datetime(2026, 4, 7, 8, 0, tzinfo=UTC),
    )
    made.deploy({**read_files(), "rules/parameters/99-proef.yaml": BUDGET.encode()}, SYSTEM)
    made.put_account("saar", "Saar", ["sociaal_werker"], SYSTEM)
    return made


def saar(engine: Engine) -> f.Actor:
    return person_by_login(engine, "saar").actor()


def ready_to_give(engine: Engine) -> str:
    case = open_with_values(engine, "M3", {}, saar(engine)).case.number
    for name, values in STEPS:
        complete_with_values(engine, case, task_of(engine, case, name), values, saar(engine))
    return case


def task_of(engine: Engine, case: str, name: str) -> int:
    return next(task.task for task in engine.case(case).tasks.values() if task.name == name)


def give(engine: Engine, case: str, amount: int = 80) -> None:
    task = task_of(engine, case, GIVE)
    complete_with_values(engine, case, task, {"noodhulp_toegekend": Decimal(amount)}, saar(engine), reason=REASON)


def spent(engine: Engine) -> int:
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31), "before": base.NEVER}
    return int(engine.rows("tallied", name="noodbudget", **year)[0]["cents"])


def test_what_one_case_was_granted_is_not_there_for_another(engine: Engine) -> None:
    first, second = ready_to_give(engine), ready_to_give(engine)
    give(engine, first)
    with pytest.raises(PreconditionFailed, match=r"M3-A04.*in andere dossiers is intussen toegekend"):
        give(engine, second)
    give(engine, second, 70)
    assert spent(engine) == 150_00
    told = [one.text for one in history(engine, second) if one.kind == "Tallied"]
    assert told == ["€ 70,00 afgeschreven van noodbudget op 07-04-2026"]
    taken = [one.fact for one in engine.facts(second) if isinstance(one.fact, f.Tallied)]
    assert [(fact.cents, fact.used) for fact in taken] == [(70_00, 80_00)]


def test_the_source_that_is_proposed_follows_what_is_over_in_all_cases(engine: Engine) -> None:
    give(engine, ready_to_give(engine))
    case = open_with_values(engine, "M3", {}, saar(engine)).case.number
    for name, values in STEPS[:3]:
        complete_with_values(engine, case, task_of(engine, case, name), values, saar(engine))
    instance = next(one for one in engine.case(case).instances.values() if one.module == "M3")
    assert instance.data["noodhulp_bron_voorstel"] == "particulier_noodfonds"


def test_of_two_grants_at_once_only_one_passes(engine: Engine) -> None:
    cases = [ready_to_give(engine) for _ in range(3)]

    def attempt(case: str) -> bool:
        try:
            give(engine, case)
        except PreconditionFailed:
            return False
        return True

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(attempt, cases)) == [False, False, True]
    assert spent(engine) == 80_00


def test_who_looked_before_another_took_is_decided_again(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """As between two machines: the sum that was read is old by the time the grant is kept."""
    first, second = ready_to_give(engine), ready_to_give(engine)
    give(engine, first)
    real, stale = base.tallied, ["deciding"]

    def read(reader: Reader, name: str, begin: date, end: date, before: datetime = base.NEVER) -> int:
        if reader.writes and stale:
            return 0
        return real(reader, name, begin, end, before)

    holds = base._hold_tallies

    def hold(log: Any, taken: list[f.Tallied]) -> None:
        stale.clear()
        holds(log, taken)

    monkeypatch.setattr(base, "tallied", read)
    monkeypatch.setattr(base, "_hold_tallies", hold)
    with pytest.raises(PreconditionFailed, match="M3-A04"):
        give(engine, second)
    assert spent(engine) == 80_00


def test_folding_a_case_anew_gives_the_same_rows(engine: Engine) -> None:
    case = ready_to_give(engine)
    give(engine, case)
    assert engine.verify(case) == []
