"""Terms in a running case: what moves them, what the law refuses, and timers that follow."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import TermRefused
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.terms import Suspension
from schuldhulp.tasks import work
from tests.engine.case.sample import FILES

CLERK = Actor(account=1, role="aanmeldmedewerker")
WORKER = Actor(account=2, role="sociaal_werker")
SYSTEM = Actor(account=0, role="systeem")


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 4, 7, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Engine:
    made = open_engine(Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF"), clock)
    made.deploy(FILES, CLERK)
    return made


@pytest.fixture
def case(engine: Engine, clock: Clock) -> str:
    """A case whose decision must be taken by 18 June 2026: the conversation was held on 23 April."""
    start = {"client_naam": "Joris Voorbeeld", "dreiging": "geen", "aangemeld_op": "2026-04-07"}
    opened = work.open_with_values(engine, "M5", start, CLERK).case
    clock.now = datetime(2026, 4, 23, 8, tzinfo=UTC)
    answers = {"gesprek_op": date(2026, 4, 23)}
    task = next(t.task for t in opened.tasks.values() if t.name == "Gesprek voeren")
    work.complete_with_values(engine, opened.number, task, answers, WORKER)
    return opened.number


def decision(engine: Engine, case: str) -> tuple[int, date | None]:
    term = next(term for term in engine.case(case).terms.values() if term.rule == "wgs-4a-3")
    return term.term, term.ends


def test_an_invitation_that_is_answered_adds_the_days_it_took(engine: Engine, clock: Clock, case: str) -> None:
    number, ends = decision(engine, case)
    assert ends == date(2026, 6, 18)
    clock.now = datetime(2026, 5, 1, 8, tzinfo=UTC)
    asked = Suspension("4:15-1-a", asked=date(2026, 5, 1), set_term=date(2026, 5, 15))
    engine.suspend_term(case, number, asked, "identiteit ontbreekt", WORKER)
    clock.now = datetime(2026, 5, 11, 8, tzinfo=UTC)
    engine.resume_term(case, number, date(2026, 5, 11), WORKER)

    assert decision(engine, case) == (number, date(2026, 6, 27))  # 2 up to and including 10 May: nine days (Awb 4:15)
    assert engine.verify(case) == []


def test_an_invitation_without_a_term_for_the_answer_suspends_nothing(engine: Engine, case: str) -> None:
    number, ends = decision(engine, case)

    with pytest.raises(TermRefused, match="4:5"):
        engine.suspend_term(case, number, Suspension("4:15-1-a", asked=date(2026, 4, 24)), "mist", WORKER)
    assert decision(engine, case) == (number, ends)


def test_telling_that_it_will_be_late_moves_nothing(engine: Engine, case: str) -> None:
    number, ends = decision(engine, case)
    engine.tell_delay(case, number, date(2026, 7, 1), WORKER)

    assert decision(engine, case) == (number, ends)


def test_a_corrected_date_moves_the_term_its_timer_and_the_lists(engine: Engine, clock: Clock, case: str) -> None:
    number, _ = decision(engine, case)
    engine.correct_term(case, number, date(2026, 4, 20), "het gesprek was op de 20e", WORKER)

    assert decision(engine, case) == (number, date(2026, 6, 15))
    (row,) = [row for row in engine.rows("terms_of_case", case=f"case/{case}") if row["term"] == number]
    assert row["ends"] == date(2026, 6, 15)
    clock.now = datetime(2026, 6, 16, 1, tzinfo=UTC)
    list(engine.tick(SYSTEM))
    assert "Termijn verstreken: Besluit over plan van aanpak of weigering" in [
        task.name for task in engine.case(case).tasks.values()
    ]
    assert engine.verify(case) == []
