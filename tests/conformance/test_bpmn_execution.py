"""No test of the BPMN execution suite that once passed may be lost, in any of the three modes."""

from __future__ import annotations

import pytest

from tests.conformance import execution_suite as suite
from tests.conformance.scores import PAGE

OUTSIDE = "the suite lies outside the project; what it asks is also tested in tests/engine/bpmn"


@pytest.mark.skipif(not suite.here(), reason=OUTSIDE)
@pytest.mark.parametrize("mode", suite.MODES)
def test_every_recorded_test_still_passes(mode: str) -> None:
    tests = suite.run(mode)
    recorded = suite.recorded()
    assert [f"{test.name}: {test.detail}" for test in tests if not test.passed and test.name in recorded] == []
    assert recorded <= {test.name for test in tests}, "recorded tests are gone from the suite"


@pytest.mark.skipif(not suite.here(), reason=OUTSIDE)
def test_what_is_called_a_contradiction_is_one() -> None:
    for name in suite.CONTRADICTIONS:
        text = (suite.SUITE / "execution" / f"{name}.bpmn").read_text(encoding="utf-8")
        assert "SCRIPT_task3" not in text


def test_the_page_says_what_the_record_holds() -> None:
    row = next(
        line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| all of execution |")
    )
    assert {int(cell) for cell in row.split("|")[3:6]} == {len(suite.recorded())}
