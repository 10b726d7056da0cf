"""Story 3, steps 1 to 4: the first conversation counts from the signal, or from acceptance where that is the reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from schuldhulp.tasks.scenarios import MODES
from tests.journeys.playing import plays

STORY = (Path(__file__).parents[2] / "processes/M1/scenarios/verhaal-3-amira.yaml").read_text(encoding="utf-8")
FROM_SIGNAL = "terms: {wgs-4-1-b: 2026-03-09, wgs-4-1-a: null}"
REQUESTED_ON_SIGNAL = 'data: {aangemeld_op: "2026-02-09"}'


@pytest.mark.parametrize("mode", MODES)
def test_where_the_organisation_reads_it_so_they_run_from_acceptance(mode: str) -> None:
    assert FROM_SIGNAL in STORY
    assert REQUESTED_ON_SIGNAL in STORY
    text = STORY.replace("steps:", "readings: {signal_term_from_acceptance: true}\nsteps:", 1)
    text = text.replace(FROM_SIGNAL, "terms: {wgs-4-1-b: 2026-03-13, wgs-4-1-a: null}")

    plays(text.replace(REQUESTED_ON_SIGNAL, 'data: {aangemeld_op: "2026-02-13"}'), mode)


def test_the_switch_makes_the_difference() -> None:
    with pytest.raises(AssertionError, match="2026-03-13"):
        plays(STORY.replace("steps:", "readings: {signal_term_from_acceptance: true}\nsteps:", 1), "straight")
