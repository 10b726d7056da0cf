"""The deploy and import suites: scores never fall, nothing breaks, nothing is dropped in silence."""

from __future__ import annotations

import pytest

from tests.conformance.bpmn_scores import Import, deploy, imports, recorded
from tests.engine.bpmn.shared import suite

pytestmark = pytest.mark.skipif(
    not suite("import"), reason="the suites lie outside the project; tests/engine/bpmn has models of its own"
)


def nothing_new(score: Import) -> None:
    assert {f"import/{name}" for name in score.failing} <= set(recorded()), (score.poor, score.dropped, score.differing)


def test_the_deploy_suite_fails_no_more_cases_than_recorded() -> None:
    score = deploy()
    assert {f"deploy/{name}" for name in score.failing} <= set(recorded())
    assert len(score.accepted_bad) <= 0.15 * score.bad
    assert len(score.refused_good) <= 0.03 * score.good


def test_a_sample_of_the_import_suite_is_loaded_or_refused_with_its_reasons() -> None:
    nothing_new(imports(suite("import")[5::40]))


@pytest.mark.endurance
def test_every_model_of_the_import_suite_is_loaded_or_refused_with_its_reasons() -> None:
    score = imports(suite("import"))
    nothing_new(score)
    assert score.loaded + score.refused == len(suite("import"))
