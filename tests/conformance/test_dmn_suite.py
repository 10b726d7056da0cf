"""No case of the DMN conformance suite that once passed may be lost."""

from __future__ import annotations

import pytest

from tests.conformance import dmn_suite
from tests.conformance.scores import PAGE

OUTSIDE = "the suite lies outside the project; what it asks is also tested in tests/rules"


@pytest.mark.skipif(not dmn_suite.here(), reason=OUTSIDE)
def test_every_recorded_case_still_passes() -> None:
    cases = dmn_suite.run()
    recorded = dmn_suite.recorded()
    assert [f"{case.name}: {case.detail}" for case in cases if not case.passed and case.name in recorded] == []
    assert recorded <= {case.name for case in cases}, "recorded cases are gone from the suite"


def test_the_page_says_what_the_record_holds() -> None:
    page = PAGE.read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| together |"))
    assert int(row.split("|")[3]) == len(dmn_suite.recorded())
