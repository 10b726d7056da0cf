"""Item definitions, services and conditionals as DMN 1.5 has them (7.3.2, 10.4, 7.3.14)."""

from decimal import Decimal

import pytest

from schuldhulp.rules.dmn import DecisionError, DmnModel, InputErrors, decide, read_model
from tests.rules.dmn.build import decision, input_data, literal, model, table


def collection(name: str, *, allowed: str = "", constraint: str = "") -> str:
    tests = f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    tests += f"<typeConstraint><text>{constraint}</text></typeConstraint>" if constraint else ""
    return f'<itemDefinition name="{name}" isCollection="true"><typeRef>number</typeRef>{tests}</itemDefinition>'


def of(*elements: str) -> DmnModel:
    return read_model(model(*elements), name="m.dmn")


def test_allowed_values_of_a_collection_hold_for_each_item_and_the_constraint_for_the_whole() -> None:
    made = of(
        collection("bedragen", allowed="&gt;= 0", constraint="count(?) &lt;= 2"),
        input_data("x", "bedragen"),
        decision("d", literal("sum(x)"), inputs=["x"]),
    )
    assert decide(made, "d", {"x": [1, 2]}).outputs == Decimal(3)
    for wrong in ([1, -2], [1, 2, 3]):
        with pytest.raises(InputErrors, match="bedragen"):
            decide(made, "d", {"x": wrong})


def test_a_component_is_checked_where_it_stands() -> None:
    made = of(
        '<itemDefinition name="schuld"><itemComponent name="saldo"><typeRef>number</typeRef>'
        "<allowedValues><text>&gt;= 0</text></allowedValues></itemComponent></itemDefinition>",
        input_data("x", "schuld"),
        decision("d", literal("x.saldo"), inputs=["x"]),
    )
    assert decide(made, "d", {"x": {"saldo": 5, "soort": "huur"}}).outputs == Decimal(5)
    with pytest.raises(InputErrors):
        decide(made, "d", {"x": {"saldo": -5}})


def test_a_result_that_is_not_of_the_decisions_type_is_null_with_a_reason_and_an_error_when_strict() -> None:
    made = of(decision("d", literal('"tekst"'), type_ref="number"))
    lenient = decide(made, "d", {}, strict=False)
    assert lenient.outputs is None
    assert "does not conform to number" in lenient.remarks[0].message
    with pytest.raises(DecisionError, match="does not conform to number"):
        decide(made, "d", {})


def test_a_list_of_one_becomes_its_item_and_a_date_the_start_of_its_day() -> None:
    made = of(
        decision("een", literal("[5]"), type_ref="number"),
        decision("lijst", literal("5"), type_ref="bedragen"),
        collection("bedragen"),
        decision("moment", literal('date("2026-03-16")'), type_ref="dateTime"),
    )
    assert decide(made, "een", {}).outputs == Decimal(5)
    assert decide(made, "lijst", {}).outputs == [Decimal(5)]
    assert str(decide(made, "moment", {}).outputs) == "2026-03-16T00:00:00Z"


SERVICE = """<decisionService id="s" name="dienst"><variable name="dienst"/>{outputs}
    <encapsulatedDecision href="#basis"/><inputData href="#i_x"/><inputData href="#i_y"/></decisionService>"""
PARTS = (
    input_data("x", "number"),
    input_data("y", "number"),
    decision("basis", literal("x * 2"), inputs=["x"]),
    decision("som", literal("basis + y"), inputs=["y"], decisions=["basis"]),
    decision("verschil", literal("basis - y"), inputs=["y"], decisions=["basis"]),
)


@pytest.mark.parametrize("text", ["dienst(3, 1)", "dienst(x: 3, y: 1)", "dienst(y: 1, x: 3)"])
def test_a_service_with_one_output_gives_its_value_by_position_or_by_name(text: str) -> None:
    service = SERVICE.format(outputs='<outputDecision href="#som"/>')
    made = of(*PARTS, service, decision("d", literal(text), knowledge=["s"]))
    assert decide(made, "d", {}).outputs == Decimal(7)


def test_a_service_with_several_outputs_gives_a_context_of_them() -> None:
    service = SERVICE.format(outputs='<outputDecision href="#som"/><outputDecision href="#verschil"/>')
    made = of(*PARTS, service, decision("d", literal("dienst(3, 1)"), knowledge=["s"]))
    expected = {"som": Decimal(7), "verschil": Decimal(5)}
    assert decide(made, "d", {}).outputs == decide(made, "s", {"x": 3, "y": 1}).outputs == expected


@pytest.mark.parametrize("text", ["dienst(3)", "dienst(3, 1, 2)", "dienst(x: 3, z: 1)", 'dienst("a", 1)'])
def test_a_service_called_wrongly_is_null_with_a_reason(text: str) -> None:
    service = SERVICE.format(outputs='<outputDecision href="#som"/>')
    made = of(*PARTS, service, decision("d", literal(text), knowledge=["s"]))
    lenient = decide(made, "d", {}, strict=False)
    assert lenient.outputs is None
    assert lenient.remarks
    with pytest.raises(DecisionError):
        decide(made, "d", {})


@pytest.mark.parametrize(("condition", "expected"), [("true", 1), ("false", 2), ("null", 2), ("1 = null", 2)])
def test_a_boxed_conditional_takes_then_only_for_true(condition: str, expected: int) -> None:
    boxed = "<conditional>" + "".join(
        f"<{part}><literalExpression><text>{text}</text></literalExpression></{part}>"
        for part, text in (("if", condition), ("then", "1"), ("else", "2"))
    )
    assert decide(of(decision("d", boxed + "</conditional>")), "d", {}).outputs == Decimal(expected)


def test_sums_and_extremes_work_on_durations_and_texts_too() -> None:
    rules = [["-", 'duration("P1D")'], ["-", 'duration("P2D")']]
    for aggregation, value in (("SUM", "P3D"), ("MIN", "P1D"), ("MAX", "P2D")):
        made = of(
            input_data("x"), decision("d", table(["x"], ["uit"], rules, policy="COLLECT", aggregation=aggregation), inputs=["x"])
        )
        assert str(decide(made, "d", {"x": 1}).outputs) == value


def test_aggregating_what_cannot_be_added_is_null_with_a_reason_and_an_error_when_strict() -> None:
    rules = [["-", '"a"'], ["-", "1"]]
    made = of(input_data("x"), decision("d", table(["x"], ["uit"], rules, policy="COLLECT", aggregation="SUM"), inputs=["x"]))
    lenient = decide(made, "d", {"x": 1}, strict=False)
    assert lenient.outputs is None
    assert lenient.remarks
    with pytest.raises(DecisionError):
        decide(made, "d", {"x": 1})
