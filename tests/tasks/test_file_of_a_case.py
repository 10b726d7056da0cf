"""What the page of a case shows of its file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.dossier import file_in_words
from tests.engine.case.sample import FILES

CLERK = Actor(account=1, role="aanmeldmedewerker")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    settings = Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF")
    made = open_engine(settings, lambda: datetime(2026, 4, 1, 8, tzinfo=UTC))
    made.deploy(FILES, CLERK)
    yield made
    made.store.close()


def test_a_total_is_shown_once_there_is_something_to_add_up(engine: Engine) -> None:
    start = {"client_naam": "Joris Voorbeeld", "dreiging": "geen", "aangemeld_op": "2026-04-01"}
    case = work.open_with_values(engine, "M5", start, CLERK).case.number
    shown = {key for key, _, _ in file_in_words(engine, case)}
    assert "client_naam" in shown
    assert "totaal" not in shown, "nobody said that there are no debts"

    engine.correct(case, {"schulden": [{"schuldeiser": "Energie", "saldo": Decimal("12.50")}]}, "uit het gesprek", CLERK)

    assert ("totaal", "Totaal", "€ 12,50") in file_in_words(engine, case)
