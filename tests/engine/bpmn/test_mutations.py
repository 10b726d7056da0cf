"""Faults put into the executor are found by the histories against the token game."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.mutations import EQUIVALENT, MODULES, changes, found, histories, sampled

NUMBER, SEED = 20, 1


def test_there_is_much_to_change_and_the_count_of_changes_does_not_depend_on_chance() -> None:
    assert sum(len(changes(name)) for name in MODULES) > 300
    assert changes("flow") == changes("flow")


def test_what_is_held_to_be_equivalent_is_still_a_possible_change() -> None:
    possible = {f"{each.module}: {each.what}" for name in MODULES for each in changes(name)}
    assert EQUIVALENT.keys() <= possible


def test_the_sample_is_drawn_from_all_that_can_be_changed_and_is_the_same_each_time() -> None:
    drawn = sampled(NUMBER, SEED)
    assert drawn == sampled(NUMBER, SEED)
    assert len(set(drawn)) == NUMBER
    assert {each.module for each in sampled(1_000, SEED)} == set(MODULES)


@pytest.mark.endurance
def test_the_same_histories_find_nothing_in_the_executor_as_it_is() -> None:
    histories()


@pytest.mark.endurance
def test_twenty_sampled_mutations_of_the_executor_are_all_found_by_the_histories() -> None:
    assert [str(one) for one in sampled(NUMBER, SEED) if not (found(one) or "nothing").startswith("histories")] == []
