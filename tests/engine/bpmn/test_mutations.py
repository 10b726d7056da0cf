"""Faults put into the executor are found by the histories against the token game, or by the tests by example."""

from __future__ import annotations

import pytest

from tests.engine.bpmn.mutations import MODULES, changes, found, sampled

NUMBER, SEED = 20, 1
EQUIVALENT = {
    "throwing: if draft.node_of(token).kind is Kind.END -> never": "leaving a node without flows is ending there",
    "compensation: if wanted is not None and targets -> never": "an activity stands in one scope: looking on finds nothing more",
    "activities: node.start_quantity > 1 and draft.scope(token.owner) is not None -> Or": "one that waits for none goes on",
    "gateways: if token.flow is None or len(node.incoming) < 2 -> never": "a short way: waiting for one flow is waiting for none",
}
"""Changes after which the executor does the same; nothing can find these."""


def test_there_is_much_to_change_and_the_count_of_changes_does_not_depend_on_chance() -> None:
    assert sum(len(changes(name)) for name in MODULES) > 300
    assert changes("flow") == changes("flow")


@pytest.mark.endurance
def test_twenty_sampled_mutations_of_the_executor_are_found() -> None:
    survivors = [f"{one.module}: {one.what}" for one in sampled(NUMBER, SEED) if found(one) is None]
    assert [text for text in survivors if text not in EQUIVALENT] == []
    assert len(survivors) <= len(EQUIVALENT)
