"""The analysis of tables, confirmed by a checker that only evaluates cells one by one."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings

from schuldhulp.rules.dmn import DmnModel, Finding, analyse, read_model
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.feel import Value
from tests.rules.dmn.build import decision, input_data, item, model, table
from tests.rules.dmn.random_tables import Made, tables


def made(
    rules: Sequence[Sequence[str]],
    policy: str = "UNIQUE",
    types: Mapping[str, tuple[str, str]] | None = None,
    **more: object,
) -> DmnModel:
    """A table over kleur (red, green, blue), dagen (a number from 0) and vlag (a boolean)."""
    columns = types or {
        "kleur": ("string", '"rood", "groen", "blauw"'),
        "dagen": ("number", ">= 0"),
        "vlag": ("boolean", ""),
    }
    declared = [item(f"t_{name}", base, allowed) for name, (base, allowed) in columns.items()]
    inputs = [input_data(name, f"t_{name}") for name in columns]
    logic = table(list(columns), ["uit"], rules, policy=policy, **more)  # type: ignore[arg-type]
    data = model(*declared, *inputs, input_data("p"), decision("d", logic, inputs=[*columns, "p"]))
    return read_model(data, name="tabel.dmn")


def codes(findings: Sequence[Finding]) -> list[tuple[str, tuple[int, ...]]]:
    return [(finding.code, finding.rules) for finding in findings]


def matching(of: DmnModel, values: Mapping[str, Value], scope: Mapping[str, Value]) -> list[int]:
    """The independent checker: each cell of each rule evaluated by FEEL, nothing else."""
    compiled = of.compiled(of.decisions["d"].table)  # type: ignore[arg-type]
    row = [values[one.clause.expression.text.text] for one in compiled.inputs]
    return compiled.plain_matching(row, {**scope, **values}, Session(strict=False))


def test_a_complete_table_without_overlap_has_no_findings() -> None:
    rules = [
        ['"rood"', "-", "-", "1"],
        ['not("rood")', "< 5", "true", "2"],
        ['not("rood")', "< 5", "false", "3"],
        ['"groen", "blauw"', ">= 5", "-", "4"],
    ]
    assert analyse(made(rules), "d") == ()


def test_a_gap_comes_with_inputs_that_no_rule_matches_and_says_what_does_not_matter() -> None:
    table_ = made([['"rood"', "-", "-", "1"], ['"groen"', "-", "-", "2"], ['"blauw"', "< 10, > 10", "-", "3"]])
    (gap,) = analyse(table_, "d")
    assert gap.code == "gap"
    assert gap.severity == "error"
    assert dict(gap.counter_example or {}) == {"kleur": "blauw", "dagen": 10, "vlag": True}
    assert "whatever vlag is" in gap.message
    assert matching(table_, gap.counter_example, {}) == []  # type: ignore[arg-type]


def test_a_default_output_closes_all_gaps() -> None:
    assert analyse(made([['"rood"', "-", "-", "1"]], defaults={"uit": "0"}), "d") == ()


def test_an_overlap_names_both_rules_and_inputs_that_both_match() -> None:
    findings = analyse(made([["-", "<= 5", "-", "1"], ["-", ">= 5", "-", "2"]]), "d")
    assert codes(findings) == [("overlap", (1, 2))]
    assert (findings[0].counter_example or {})["dagen"] == 5


def test_under_any_only_rules_that_disagree_overlap() -> None:
    assert analyse(made([["-", "<= 5", "-", "1"], ["-", ">= 5", "-", "1"]], "ANY"), "d") == ()
    assert codes(analyse(made([["-", "<= 5", "-", "1"], ["-", ">= 5", "-", "2"]], "ANY"), "d")) == [("overlap", (1, 2))]


def test_a_rule_below_its_betters_is_masked_under_first() -> None:
    rules = [['"rood"', "-", "-", "1"], ['not("rood")', "-", "true", "2"], ["-", "< 3", "true", "3"], ["-", "-", "-", "4"]]
    findings = analyse(made(rules, "FIRST"), "d")
    assert codes(findings) == [("masked", (3,))]
    assert findings[0].severity == "warning"


def test_a_rule_of_lower_priority_is_masked_under_priority() -> None:
    rules = [["-", "-", "-", '"laag"'], ["-", "< 3", "-", '"laag"'], ["-", "< 5", "-", '"hoog"']]
    findings = analyse(made(rules, "PRIORITY", output_values={"uit": '"hoog", "laag"'}), "d")
    assert codes(findings) == [("masked", (2,))]


def test_a_rule_that_no_allowed_value_reaches_is_an_error() -> None:
    rules = [["-", "-", "-", "1"], ["-", "< 0", "-", "2"], ["-", "(5..5)", "-", "3"]]
    assert codes(analyse(made(rules, "FIRST"), "d")) == [("unreachable", (2,)), ("unreachable", (3,))]


def test_a_duplicate_is_found_whatever_its_spelling() -> None:
    rules = [['"rood", "groen"', "<= 5", "-", "1"], ['not("blauw")', "[0..5]", "-", "2"], ["-", "-", "-", "3"]]
    findings = analyse(made(rules, "FIRST"), "d")
    assert codes(findings) == [("duplicate", (1, 2))]


def test_a_slip_of_the_pen_gets_a_suggestion_at_its_cell() -> None:
    findings = analyse(made([['"rod"', "-", "-", "1"], ["-", "-", "-", "2"]], "FIRST"), "d")
    slip = next(finding for finding in findings if finding.code == "value-not-allowed")
    assert "did you mean rood?" in slip.message
    assert 'rule 1, column "kleur"' in str(slip.place)


def test_an_output_outside_its_values_is_an_error() -> None:
    findings = analyse(made([["-", "-", "-", '"crisus"']], output_values={"uit": '"crisis", "spoed"'}), "d")
    assert [(f.code, "did you mean crisis?" in f.message) for f in findings] == [("output-not-allowed", True)]


def test_whole_numbers_leave_no_gap_between_them() -> None:
    whole = {"dagen": ("number", "? >= 0 and floor(?) = ?")}
    rules = [["0", "1"], ["1", "2"], [">= 2", "3"]]
    assert analyse(made(rules, types=whole), "d") == ()
    assert [one.code for one in analyse(made(rules, types={"dagen": ("number", ">= 0")}), "d")] == ["gap"]


def test_null_counts_where_the_allowed_values_name_it() -> None:
    rules = [["< 5", "1"], [">= 5", "2"]]
    (gap,) = analyse(made(rules, types={"dagen": ("number", ">= 0, null")}), "d")
    assert dict(gap.counter_example or {}) == {"dagen": None}
    assert analyse(made(rules, types={"dagen": ("number", ">= 0")}), "d") == ()


def test_two_columns_on_one_input_are_one_question() -> None:
    rules = [["< 5", "-", "1"], ["-", ">= 5", "2"]]
    data = model(
        input_data("x", "number"), decision("d", table(["x", "x"], ["uit"], rules), inputs=["x"])
    )
    assert analyse(read_model(data, name="t.dmn"), "d") == ()


def test_a_parameter_may_stand_anywhere() -> None:
    complete = [["-", "<= p.grens", "-", "1"], ["-", "> p.grens", "-", "2"]]
    assert analyse(made(complete), "d") == ()
    open_end = [["-", "< p.grens", "-", "1"], ["-", "> p.grens", "-", "2"]]
    (gap,) = analyse(made(open_end), "d", given={"p": {"grens": 7}})
    assert (gap.severity, dict(gap.counter_example or {})["dagen"]) == ("error", 7)
    (warned,) = analyse(made(open_end), "d")
    assert warned.severity == "warning"
    assert "when p.grens = " in warned.message


def test_two_parameters_in_the_wrong_order_are_a_warning_that_says_when() -> None:
    rules = [["-", "< p.laag", "-", "1"], ["-", "[p.laag..p.hoog)", "-", "2"], ["-", ">= p.hoog", "-", "3"]]
    findings = analyse(made(rules), "d")
    assert {finding.code for finding in findings} == {"overlap"}
    assert all(finding.severity == "warning" for finding in findings)
    assert analyse(made(rules), "d", given={"p": {"laag": 3, "hoog": 9}}) == ()


def test_a_cell_with_a_calculation_is_left_out_and_said() -> None:
    findings = analyse(made([["-", "? * 2 > 9", "-", "1"], ["-", "< 5", "-", "2"]]), "d")
    assert ("not-analysed", (1,)) in codes(findings)
    assert {finding.severity for finding in findings} == {"warning"}


def test_two_hundred_rules_by_eight_columns_take_less_than_two_seconds() -> None:
    choice = Random(1)
    types = {f"n{n}": ("number", ">= 0") for n in range(4)} | {
        f"s{n}": ("string", '"a", "b", "c", "d"') for n in range(4)
    }
    rules = []
    for n in range(200):
        numbers = [choice.choice(["-", f"< {choice.randrange(1, 100)}", f"[{k}..{k + 30}]"]) for k in range(4)]
        texts = [choice.choice(["-", '"a", "b"', 'not("c")', '"d"']) for _ in range(4)]
        rules.append([*numbers, *texts, str(n)])
    large = made(rules, "FIRST", types=types)
    start = time.process_time()
    findings = analyse(large, "d")
    assert time.process_time() - start < 2
    assert any(finding.code == "gap" for finding in findings)


@settings(max_examples=80, deadline=None)
@given(tables(policies=("UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT")))
def test_random_sampling_never_contradicts_the_analysis(random: Made) -> None:
    findings = analyse(random.model, "d")
    policy = random.model.decisions["d"].table.hit_policy  # type: ignore[union-attr]
    _confirm(random.model, policy, findings)
    tests_null = {
        one.clause.expression.text.text: any(cell.profile and cell.profile.tests_null for cell in one.cells)
        for one in random.model.compiled(random.model.decisions["d"].table).inputs  # type: ignore[arg-type]
    }
    gaps = any(finding.code == "gap" for finding in findings)
    dead = {finding.rules[0] for finding in findings if finding.code == "unreachable"}
    masked = {finding.rules[0] for finding in findings if finding.code == "masked"}
    samples = [[v for v in one.samples if v is not None or tests_null[one.name]] for one in random.columns]
    for values in product(*samples):
        row = dict(zip((one.name for one in random.columns), values, strict=True))
        found = matching(random.model, row, {})
        assert not dead & set(found)
        if policy != "C" and not found:
            assert gaps, row
        if policy == "U" and len(found) > 1:
            assert any(f.code in ("overlap", "duplicate") for f in findings), row
        if policy == "F" and found:
            assert found[0] not in masked


def _confirm(of: DmnModel, policy: str, findings: Sequence[Finding]) -> None:
    """Each counter-example shows what its finding says."""
    for finding in findings:
        if finding.counter_example is None or not finding.counter_example:
            continue
        found = matching(of, finding.counter_example, {})  # type: ignore[arg-type]
        match finding.code:
            case "gap":
                assert found == []
            case "overlap" | "duplicate":
                assert set(finding.rules) <= set(found)
            case "masked":
                assert finding.rules[0] in found
                assert policy != "F" or found[0] < finding.rules[0]
            case code:
                pytest.fail(f"a counter-example with {code}")


def partition(choice: Random, rules: int) -> tuple[dict[str, tuple[str, str]], list[list[str]]]:
    """A table that is complete and without overlap by construction: one box, cut in two again and again."""
    types = {f"n{n}": ("number", "") for n in range(5)} | {f"s{n}": ("string", '"a", "b", "c", "d"') for n in range(3)}
    boxes: list[list[object]] = [[(0, 1000)] * 5 + ["abcd"] * 3]
    while len(boxes) < rules:
        box = boxes.pop(choice.randrange(len(boxes)))
        axis = choice.randrange(8)
        part = box[axis]
        if isinstance(part, tuple):
            if part[1] - part[0] < 2:
                boxes.append(box)
                continue
            cut = choice.randrange(part[0] + 1, part[1])
            halves: list[object] = [(part[0], cut), (cut, part[1])]
        else:
            assert isinstance(part, str)
            if len(part) < 2:
                boxes.append(box)
                continue
            at = choice.randrange(1, len(part))
            halves = [part[:at], part[at:]]
        boxes += [[*box[:axis], half, *box[axis + 1 :]] for half in halves]
    return types, [[*map(_cell, box), str(n)] for n, box in enumerate(boxes)]


def _cell(part: object) -> str:
    if isinstance(part, str):
        return "-" if part == "abcd" else ", ".join(f'"{letter}"' for letter in part)
    assert isinstance(part, tuple)
    low, high = part
    if low == 0:
        return "-" if high == 1000 else f"< {high}"
    return f">= {low}" if high == 1000 else f"[{low}..{high})"


def test_a_complete_table_of_two_hundred_rules_is_proved_complete_and_one_missing_rule_is_found() -> None:
    types, rules = partition(Random(7), 200)
    start = time.process_time()
    assert analyse(made(rules, types=types), "d") == ()
    assert time.process_time() - start < 2
    missing = made(rules[:99] + rules[100:], types=types)
    gaps = analyse(missing, "d")
    assert {gap.code for gap in gaps} == {"gap"}
    for gap in gaps:
        example: Any = gap.counter_example
        assert matching(missing, example, {}) == []
