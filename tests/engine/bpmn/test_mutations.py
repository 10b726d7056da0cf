"""Faults put into the executor are found by the histories against the token game: `mutations.py` says how."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.mutations import MODULES, changes, found, sampled

NUMBER, SEED = 20, 1


def test_there_is_much_to_change_and_the_count_of_changes_does_not_depend_on_chance() -> None:
    assert sum(len(changes(name)) for name in MODULES) > 300
    assert changes("flow") == changes("flow")


@pytest.mark.endurance
def test_twenty_sampled_mutations_of_the_executor_are_found() -> None:
    survivors = [str(mutation) for mutation in sampled(NUMBER, SEED) if found(mutation) is None]
    assert survivors == []
