"""Deciding through the front door: read_model, decide, the reason why."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from schuldhulp.rules.dmn import (
    DmnErrors,
    DmnModel,
    ExpressionFailed,
    InputErrors,
    NoRuleMatches,
    NoSuchDecision,
    RulesDiffer,
    SeveralRulesMatch,
    Why,
    WorkExceeded,
    decide,
    evaluate,
    output_info,
    read_model,
    render_dutch,
    render_text,
    required_inputs,
)
from tests.rules.dmn.build import decision, input_data, item, literal, model, table

P = {"spoed_dagen": 7}


@pytest.fixture(scope="module")
def triage() -> DmnModel:
    rules = [
        ['"ontruiming"', "-", '"crisis"', "3", "Wgs 4(2)"],
        ['not("geen")', "<= p.spoed_dagen", '"spoed"', "3", ""],
        ["-", "-", '"regulier"', "28", ""],
    ]
    data = model(
        item("dreiging", "string", '"geen", "ontruiming", "afsluiting_water"'),
        input_data("dreiging", "dreiging"),
        input_data("dagen", "number"),
        input_data("p"),
        decision(
            "urgentie",
            table(["dreiging", "dagen"], ["urgentie", "termijn"], rules, policy="FIRST"),
            inputs=["dreiging", "dagen", "p"],
        ),
    )
    return read_model(data, name="urgentie.dmn")


def test_the_first_rule_that_matches_gives_all_outputs_by_name(triage: DmnModel) -> None:
    decided = decide(triage, "urgentie", {"dreiging": "ontruiming", "dagen": 30, "p": P})
    assert decided.outputs == {"urgentie": "crisis", "termijn": Decimal(3)}
    assert decided.why.matched == (1,)
    assert decided.remarks == ()


def test_a_parameter_of_the_municipality_takes_part_in_a_cell(triage: DmnModel) -> None:
    inputs = {"dreiging": "afsluiting_water", "dagen": 10}
    assert decide(triage, "urgentie", {**inputs, "p": P}).why.matched == (3,)
    assert decide(triage, "urgentie", {**inputs, "p": {"spoed_dagen": 14}}).why.matched == (2,)


def test_an_unknown_number_of_days_is_never_within_a_limit(triage: DmnModel) -> None:
    decided = decide(triage, "urgentie", {"dreiging": "afsluiting_water", "dagen": None, "p": P})
    assert decided.why.matched == (3,)


def test_missing_and_forbidden_inputs_are_refused_together_before_anything_runs(triage: DmnModel) -> None:
    with pytest.raises(InputErrors) as caught:
        decide(triage, "urgentie", {"dreiging": "brand", "dagen": 3})
    assert set(caught.value.problems) == {"dreiging", "p"}
    assert '"afsluiting_water"' in str(caught.value)


def test_null_is_refused_where_the_allowed_values_do_not_name_it(triage: DmnModel) -> None:
    with pytest.raises(InputErrors, match="null is not an allowed value"):
        decide(triage, "urgentie", {"dreiging": None, "dagen": 3, "p": P})


def test_a_float_is_refused_as_an_input(triage: DmnModel) -> None:
    with pytest.raises(InputErrors, match="float"):
        decide(triage, "urgentie", {"dreiging": "geen", "dagen": 1.5, "p": P})


def test_a_missing_parameter_is_an_error_with_the_rule_the_column_and_a_caret(triage: DmnModel) -> None:
    with pytest.raises(ExpressionFailed) as caught:
        decide(triage, "urgentie", {"dreiging": "afsluiting_water", "dagen": 3, "p": {}})
    assert 'rule 2, column "dagen"' in str(caught.value)
    assert "^^^" in str(caught.value)


def test_the_same_null_is_a_remark_when_not_deciding_strictly(triage: DmnModel) -> None:
    decided = decide(triage, "urgentie", {"dreiging": "afsluiting_water", "dagen": 3, "p": {}}, strict=False)
    assert decided.why.matched == (3,)
    assert "no 'spoed_dagen'" in decided.remarks[0].message
    assert all('rule 2, column "dagen"' in str(remark.place) for remark in decided.remarks)


def test_the_reason_survives_json_and_names_cells_rules_and_notes(triage: DmnModel) -> None:
    why = decide(triage, "urgentie", {"dreiging": "ontruiming", "dagen": Decimal("2.50"), "p": P}).why
    again = Why.from_json(json.loads(json.dumps(why.to_json())))
    assert again == why
    assert str(dict(again.inputs)["dagen"]) == "2.50"
    text = render_text(why)
    assert "rule 1  (bron: Wgs 4(2))" in text
    assert 'because dreiging = "ontruiming" passes "ontruiming"' in text
    assert why.hash == triage.hash


def test_the_reason_in_plain_dutch_uses_the_labels(triage: DmnModel) -> None:
    why = decide(triage, "urgentie", {"dreiging": "afsluiting_water", "dagen": 5, "p": P}).why
    labels = {
        "urgentie": "Urgentie",
        "dreiging": "De dreiging",
        "dreiging.afsluiting_water": "het water wordt afgesloten",
        "dagen": "Het aantal dagen",
        "p.spoed_dagen": "de grens voor spoed",
    }
    text = render_dutch(why, labels)
    assert "Regel 2 geldt." in text
    assert "De dreiging is het water wordt afgesloten" in text
    assert "Het aantal dagen is 5 (hoogstens de grens voor spoed)" in text


def test_what_goes_in_and_comes_out_can_be_asked(triage: DmnModel) -> None:
    inputs = {info.name: (info.type, info.allowed) for info in required_inputs(triage, "urgentie")}
    assert inputs["dreiging"] == ("dreiging", '"geen", "ontruiming", "afsluiting_water"')
    assert inputs["dagen"] == ("number", None)
    assert [info.name for info in output_info(triage, "urgentie")] == ["urgentie", "termijn"]


def test_the_outputs_alone_are_the_same(triage: DmnModel) -> None:
    inputs = {"dreiging": "ontruiming", "dagen": 30, "p": P}
    assert evaluate(triage, "urgentie", inputs) == decide(triage, "urgentie", inputs).outputs


def test_an_unknown_decision_gets_a_suggestion(triage: DmnModel) -> None:
    with pytest.raises(NoSuchDecision, match="did you mean urgentie"):
        decide(triage, "urgenti", {})


def one_table(rules: list[list[str]], policy: str = "UNIQUE", **more: object) -> DmnModel:
    logic = table([("x", "number")], ["uit"], rules, policy=policy, **more)  # type: ignore[arg-type]
    return read_model(model(input_data("x", "number"), decision("d", logic, inputs=["x"])), name="t.dmn")


def test_two_rules_of_a_unique_table_are_an_error_with_their_numbers() -> None:
    unique = one_table([["< 5", '"a"'], ["> 3", '"b"'], ["> 100", '"c"']])
    with pytest.raises(SeveralRulesMatch) as caught:
        decide(unique, "d", {"x": 4})
    assert caught.value.rules == (1, 2)
    assert decide(unique, "d", {"x": 4}, strict=False).outputs is None


def test_a_table_without_a_matching_rule_or_default_is_an_error() -> None:
    with pytest.raises(NoRuleMatches, match="x = 7"):
        decide(one_table([["< 5", '"a"']]), "d", {"x": 7})


def test_a_default_output_stands_in_for_a_missing_rule() -> None:
    decided = decide(one_table([["< 5", '"a"']], defaults={"uit": '"anders"'}), "d", {"x": 7})
    assert decided.outputs == "anders"
    assert decided.why.tables[-1].used_default


def test_rules_of_an_any_table_must_agree() -> None:
    same = one_table([["< 5", '"a"'], ["> 3", '"a"']], "ANY")
    assert decide(same, "d", {"x": 4}).why.matched == (1, 2)
    with pytest.raises(RulesDiffer):
        decide(one_table([["< 5", '"a"'], ["> 3", '"b"']], "ANY"), "d", {"x": 4})


@pytest.mark.parametrize(
    ("policy", "aggregation", "outcome"),
    [
        ("RULE ORDER", "", [Decimal(2), Decimal(9), Decimal(4)]),
        ("OUTPUT ORDER", "", [Decimal(9), Decimal(4), Decimal(2)]),
        ("PRIORITY", "", Decimal(9)),
        ("FIRST", "", Decimal(2)),
        ("COLLECT", "", [Decimal(2), Decimal(9), Decimal(4)]),
        ("COLLECT", "SUM", Decimal(15)),
        ("COLLECT", "COUNT", Decimal(3)),
        ("COLLECT", "MIN", Decimal(2)),
        ("COLLECT", "MAX", Decimal(9)),
    ],
)
def test_each_hit_policy_makes_its_own_result(policy: str, aggregation: str, outcome: object) -> None:
    rules = [["> 1", "2"], ["> 2", "9"], ["> 3", "4"], ["> 99", "5"]]
    several = one_table(rules, policy, aggregation=aggregation, output_values={"uit": "9, 5, 4, 2"})
    assert decide(several, "d", {"x": 10}).outputs == outcome


def test_collecting_nothing_is_an_empty_list() -> None:
    assert decide(one_table([["> 1", "2"]], "COLLECT"), "d", {"x": 0}).outputs == []


def test_a_deep_graph_of_decisions_does_not_exhaust_the_stack() -> None:
    chain = [decision("d0", literal("x"), inputs=["x"])]
    chain += [decision(f"d{n}", literal(f"d{n - 1} + 1"), decisions=[f"d{n - 1}"]) for n in range(1, 1500)]
    deep = read_model(model(input_data("x", "number"), *chain), name="deep.dmn")
    assert evaluate(deep, "d1499", {"x": 1}) == Decimal(1500)


def test_a_value_given_for_a_decision_replaces_it_and_what_it_needs() -> None:
    data = model(
        input_data("x", "number"),
        decision("helft", literal("x / 2"), inputs=["x"]),
        decision("d", literal("helft + 1"), decisions=["helft"]),
    )
    both = read_model(data, name="t.dmn")
    assert decide(both, "d", {"x": 4}).outputs == Decimal(3)
    assert decide(both, "d", {"helft": 10}).outputs == Decimal(11)


def test_the_reason_holds_the_required_decisions() -> None:
    data = model(
        input_data("x", "number"),
        decision("soort", table(["x"], ["soort"], [["< 5", '"klein"'], [">= 5", '"groot"']]), inputs=["x"]),
        decision("d", table(["soort"], ["d"], [['"klein"', "1"], ['"groot"', "2"]]), decisions=["soort"]),
    )
    why = decide(read_model(data, name="t.dmn"), "d", {"x": 7}).why
    assert why.matched == (2,)
    assert [(below.decision, below.matched) for below in why.requires] == [("soort", (2,))]


def test_work_is_limited() -> None:
    endless = model(decision("d", literal("count(for i in 1..100000000 return i)")))
    with pytest.raises(WorkExceeded, match="steps"):
        decide(read_model(endless, name="t.dmn"), "d", {}, limit=10_000)


@pytest.mark.parametrize("strict", [True, False])
def test_a_pattern_out_of_time_is_an_error_with_its_place_and_never_a_recorded_null(strict: bool) -> None:
    endless = 'matches(?, "^(a|aa)+$")'
    logic = table(["x"], ["uit"], [[endless, "1"]])
    cell = model(input_data("x", "string"), decision("d", logic, inputs=["x"]))
    allowed = model(item("t", "string", endless), input_data("x", "t"), decision("d", literal("x"), inputs=["x"]))
    for data in (cell, allowed):
        with pytest.raises(WorkExceeded, match="patterns take longer") as error:
            decide(read_model(data, name="t.dmn"), "d", {"x": "a" * 60 + "!"}, strict=strict)
        assert error.value.place.line


def test_external_functions_do_nothing_unless_they_are_given() -> None:
    text = '{f: function(x) external {java: {class: "os", method signature: "system(java.lang.String)"}}, r: f("true")}.r'
    with pytest.raises(ExpressionFailed, match="registered"):
        decide(read_model(model(decision("d", literal(text))), name="t.dmn"), "d", {})


def test_all_errors_of_a_file_come_at_once_with_place_and_caret() -> None:
    data = model(
        input_data("x", "nummer"),
        decision("d", table(["xx"], ["uit"], [["> > 1", "2"], ["1", '"a" +']]), inputs=["x"]),
        decision("e", literal("1"), decisions=["nergens"]),
    )
    with pytest.raises(DmnErrors) as caught:
        read_model(data, name="fout.dmn")
    text = str(caught.value)
    assert "'nummer' is not known; did you mean number?" in text
    assert 'rule 1, column "xx"' in text
    assert 'rule 2, column "uit"' in text
    assert "nothing has the id 'nergens'" in text
    assert all(finding.place.line and finding.remedy for finding in caught.value.findings)
