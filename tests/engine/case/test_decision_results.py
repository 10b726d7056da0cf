"""camunda:mapDecisionResult: the outcome of a decision in the form that the designer chose."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from schuldhulp.engine.case.decision_results import as_mapped
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.rules.dmn import DmnModel, evaluate, read_model


def table(hit_policy: str, outputs: int) -> DmnModel:
    """Rules for numbers from 1 and from 5."""
    heads = "".join(f'<output id="o{n}" name="{name}"/>' for n, name in enumerate("ab"[:outputs]))
    rules = "".join(
        f'<rule id="r{start}"><inputEntry id="i{start}"><text>&gt;= {start}</text></inputEntry>'
        + "".join(f'<outputEntry id="u{start}{n}"><text>{start + n}</text></outputEntry>' for n in range(outputs))
        + "</rule>"
        for start in (1, 5)
    )
    return read_model(
        f"""<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="d" namespace="urn:test">
        <inputData id="x" name="x"><variable name="x" typeRef="number"/></inputData>
        <decision id="D" name="D"><variable name="D"/><informationRequirement id="v"><requiredInput href="#x"/>
        </informationRequirement><decisionTable id="t" hitPolicy="{hit_policy}"><input id="i"><inputExpression id="e"
        typeRef="number"><text>x</text></inputExpression></input>{heads}{rules}</decisionTable></decision></definitions>""".encode(),
        name="d.dmn",
    )


def mapped(hit_policy: str, outputs: int, how: str | None, x: int) -> Any:
    model = table(hit_policy, outputs)
    return as_mapped(model, "D", how, evaluate(model, "D", {"x": Decimal(x)}), "Beslis")


@pytest.mark.parametrize(
    ("hit_policy", "outputs", "how", "x", "expected"),
    [
        ("FIRST", 1, None, 7, 1),
        ("FIRST", 1, "singleEntry", 7, 1),
        ("COLLECT", 1, "singleEntry", 0, None),
        ("FIRST", 1, "singleResult", 7, {"a": 1}),
        ("FIRST", 2, "singleResult", 7, {"a": 1, "b": 2}),
        ("FIRST", 2, "resultList", 7, [{"a": 1, "b": 2}]),
        ("COLLECT", 1, "resultList", 0, []),
        ("COLLECT", 1, None, 7, [1, 5]),
        ("COLLECT", 1, "singleEntry", 3, 1),
        ("COLLECT", 1, "collectEntries", 7, [1, 5]),
        ("COLLECT", 1, "collectEntries", 0, []),
        ("COLLECT", 1, "resultList", 7, [{"a": 1}, {"a": 5}]),
        ("COLLECT", 2, "resultList", 7, [{"a": 1, "b": 2}, {"a": 5, "b": 6}]),
        ("COLLECT", 2, "singleResult", 3, {"a": 1, "b": 2}),
    ],
)
def test_the_outcome_takes_the_form_that_was_chosen(
    hit_policy: str, outputs: int, how: str | None, x: int, expected: Any
) -> None:
    assert mapped(hit_policy, outputs, how, x) == expected


@pytest.mark.parametrize(
    ("outputs", "how", "said"),
    [
        (1, "singleEntry", "2 rules match, and there is room for one"),
        (1, "singleResult", "2 rules match"),
        (2, "collectEntries", r"several outputs \(a, b\)"),
    ],
)
def test_what_does_not_fit_is_an_error_and_nothing_is_left_out(outputs: int, how: str, said: str) -> None:
    with pytest.raises(ExpressionFailed, match=said):
        mapped("COLLECT", outputs, how, 7)
