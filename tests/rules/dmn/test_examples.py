"""Examples beside tables: YAML without floats, outcomes and coverage."""

from __future__ import annotations

from decimal import Decimal

import pytest

from schuldhulp.rules.dmn import DmnModel, ExampleError, load_examples, read_model, run_examples
from schuldhulp.rules.dmn.yaml_values import YamlValueError, load_yaml
from schuldhulp.rules.feel import FeelDate
from tests.rules.dmn.build import decision, input_data, model, table


@pytest.fixture(scope="module")
def grens() -> DmnModel:
    rules = [["< 10.00", '"laag"', "false"], [">= 10.00", '"hoog"', "true"]]
    data = model(input_data("bedrag", "number"),
                 decision("grens", table(["bedrag"], ["hoogte", "melden"], rules), inputs=["bedrag"]))
    return read_model(data, name="grens.dmn")


EXAMPLES = b"""
- name: net eronder
  given: {bedrag: 9.99}
  then: {hoogte: laag, melden: false}
  because: beleid 2
- name: fout voorbeeld
  given: {bedrag: 9.999}
  then: {hoogte: hoog}
"""


def test_outcomes_say_what_differs_and_which_rules_nobody_reaches(grens: DmnModel) -> None:
    report = run_examples(grens, load_examples(EXAMPLES, "grens.yaml"))
    assert [outcome.passed for outcome in report.outcomes] == [True, False]
    assert report.outcomes[1].problem == 'hoogte is "laag", expected "hoog"'
    assert report.covered["grens"] == (1,)
    assert report.uncovered["grens"] == (2,)


def test_an_example_that_cannot_be_decided_fails_with_the_reason(grens: DmnModel) -> None:
    examples = load_examples(b"- {name: leeg, given: {}, then: {hoogte: laag}}", "grens.yaml")
    (outcome,) = run_examples(grens, examples).outcomes
    assert not outcome.passed
    assert "bedrag: it is missing" in outcome.problem


def test_one_output_may_be_written_by_its_name_or_bare() -> None:
    data = model(input_data("x", "number"),
                 decision("d", table(["x"], ["module"], [["> 1", '"M2"'], ["> 2", '"M4"']], policy="COLLECT"),
                          inputs=["x"]))
    made = read_model(data, name="d.dmn")
    examples = load_examples(
        b"- {name: a, given: {x: 3}, then: {module: [M2, M4]}}\n- {name: b, given: {x: 2}, then: [M2]}\n"
        b"- {name: c, given: {x: 2}, then: {d: [M2]}}\n", "d.yaml")
    assert [outcome.problem for outcome in run_examples(made, examples).outcomes] == ["", "", ""]


def test_yaml_numbers_are_exact_and_words_stay_words() -> None:
    text = b"a: 1.10\nb: 2026-03-16\nc: no\nd: 0612345678\ne: null\nf: true\ng: 1e3\nh: -5\ni: 12:30:00\nj: [1, x]"
    assert load_yaml(text) == {
        "a": Decimal("1.10"), "b": FeelDate(2026, 3, 16), "c": "no", "d": "0612345678", "e": None, "f": True,
        "g": Decimal(1000), "h": Decimal(-5), "i": "12:30:00", "j": [Decimal(1), "x"],
    }
    assert str(load_yaml(text)["a"]) == "1.10"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (b"a: 1\na: 2", 2, "twice"),
        (b"a: &x 1\nb: *x", 1, "anchors"),
        (b"a: [", 1, "expected"),
        (b"a: 2026-02-30", 1, "looks like a date"),
        (b"? [a]\n: b", 1, "key"),
        (b"[" * 100, 1, "deep"),
        (b"a: !!python/object:os.system x", 1, "constructor"),
        (b"\xff", 1, "UTF-8"),
    ],
)
def test_yaml_that_could_surprise_is_refused_with_its_line(text: bytes, line: int, words: str) -> None:
    with pytest.raises(YamlValueError, match=words) as caught:
        load_yaml(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"name: x", "a list of examples"),
        (b"- {given: {}, then: 1}", "give the example a name"),
        (b"- {name: x, given: 1, then: 1}", "'given' must hold"),
        (b"- {name: x, given: {}}", "what should come out"),
        (b"- {name: x, given: {}, then: 1, whne: 2}", "whne is not known"),
    ],
)
def test_examples_that_are_not_complete_are_refused(text: bytes, words: str) -> None:
    with pytest.raises(ExampleError, match=words):
        load_examples(text, "voorbeelden.yaml")
