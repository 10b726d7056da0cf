"""Story 3, steps 1 to 4: the first conversation counts from the signal, or from acceptance where that is the reading."""

from __future__ import annotations

import pytest

from schuldhulp.tasks.scenarios import MODES
from tests.journeys.playing import plays, story

STORY = story("amira.yaml")


@pytest.mark.parametrize("mode", MODES)
def test_by_default_four_weeks_run_from_the_signal(mode: str) -> None:
    text = STORY.replace("READINGS", "{}").replace("DUE", "2026-03-09").replace("MISSED", "2026-03-10")
    plays(text, mode)


@pytest.mark.parametrize("mode", MODES)
def test_where_the_organisation_reads_it_so_they_run_from_acceptance(mode: str) -> None:
    text = STORY.replace("READINGS", "{signal_term_from_acceptance: true}")
    plays(text.replace("DUE", "2026-03-13").replace("MISSED", "2026-03-14"), mode)
