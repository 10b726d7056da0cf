"""Without a date of sending no term starts (Awb 3:41, 6:8; C-W19)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.model.facts import Actor
from tests.engine.case.sample import FILES, PROCESS

WORKER = Actor(account=1, role="sociaal_werker", program="test")
CLERK = Actor(account=1, role="aanmeldmedewerker", program="test")
SENDS = PROCESS.replace(
    b'<camunda:property name="term.due" value="wgs-4-1-a"/>',
    b'<camunda:property name="term.due" value="wgs-4-1-a"/><camunda:property name="letter" value="L01"/>'
    b'<camunda:property name="term.start" value="awb-6-7"/>',
)


@pytest.mark.shows("C-W19")
def test_the_term_for_objection_starts_with_the_day_of_sending_and_not_before(tmp_path: Path) -> None:
    now = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
    engine = open_engine(Settings(f"sqlite:///{tmp_path / 'p.db'}", tmp_path / "p.keys", synchronous="OFF"), lambda: now)
    engine.deploy({**FILES, "processes/M5/M5.bpmn": SENDS}, CLERK)
    data = {"client_naam": "Bram Proefstra", "dreiging": "geen", "aangemeld_op": date(2026, 3, 2)}
    number = engine.open_case("M5", data, CLERK).case.number
    assert "awb-6-7" not in {term.rule for term in engine.case(number).terms.values()}

    engine.claim(number, 1, WORKER)
    engine.complete(number, 1, Completion(answers={"gesprek_op": date(2026, 3, 16)}), WORKER)

    sent = engine.letter(number, 2)
    (term,) = [term for term in engine.case(number).terms.values() if term.rule == "awb-6-7"]
    assert sent.sent_on == term.trigger == date(2026, 3, 16)
    assert term.ends == date(2026, 4, 28)  # 27 April is King's Day
    engine.store.close()
