"""The index of a table gives exactly the rules that evaluating every cell gives."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schuldhulp.rules.dmn import DecisionError, DmnModel, InputErrors, decide, evaluate, prepare, read_model
from schuldhulp.rules.dmn.program.session import Session
from schuldhulp.rules.feel import FeelDate, FeelTime, Value, compile_unary_tests, feel_value
from tests.rules.dmn.build import decision, input_data, model, table
from tests.rules.dmn.random_tables import Made, tables

STRANGE: list[Value] = [Decimal(1), "rood", True, None, FeelDate(2024, 2, 29), [Decimal(1)], ["rood"], {"a": Decimal(1)}]


@settings(max_examples=80, deadline=None)
@given(tables(), st.data())
def test_the_index_agrees_with_plain_evaluation(made: Made, data: st.DataObject) -> None:
    compiled = made.model.compiled(made.model.decisions["d"].table)  # type: ignore[arg-type]
    for _ in range(10):
        values = [data.draw(st.sampled_from([*one.samples, *STRANGE])) for one in made.columns]
        fast = compiled.matching(values, {}, Session(strict=False))
        slow = compiled.plain_matching(values, {}, Session(strict=False))
        assert fast == slow, values


CELLS = ["1", "< 2", ">= 1, null", "not(1)", '"a"', 'not("a", "b")', "true", "[0..3)", '@"2024-02-29"', "null", "-",
         "< y", "? * 2 > 3", "count([?]) = 1", '@"10:00:00"', '> "a"', "[1, 2]", "? in [1..2]", "not(null)"]
VALUES: list[Value] = [None, True, False, Decimal(0), Decimal(1), Decimal("1.5"), Decimal(3), "a", "b", "c",
                       FeelDate(2024, 2, 29), FeelTime(10, 0, 0), [], [Decimal(1), Decimal(2)], {"y": Decimal(1)}]


def test_every_kind_of_cell_meets_every_kind_of_value() -> None:
    logic = table(["x"], ["uit"], [[cell, str(n)] for n, cell in enumerate(CELLS)], policy="COLLECT")
    data = model(input_data("x"), input_data("y", "number"), decision("d", logic, inputs=["x", "y"]))
    made = read_model(data, name="cells.dmn")
    compiled = made.compiled(made.decisions["d"].table)  # type: ignore[arg-type]
    for value, y in product(VALUES, [None, Decimal(1), Decimal(2)]):
        fast = compiled.matching([value], {"y": y}, Session(strict=False))
        assert fast == compiled.plain_matching([value], {"y": y}, Session(strict=False)), (value, y)


@pytest.mark.parametrize("rules", [200, 2000])
def test_a_large_table_finds_its_rule_by_the_index(rules: int) -> None:
    rows = [[f"[{n * 10}..{n * 10 + 10})", f'"{n % 7}"', str(n)] for n in range(rules)]
    data = model(input_data("x", "number"), input_data("s", "string"),
                 decision("d", table(["x", "s"], ["uit"], rows), inputs=["x", "s"]))
    compiled_model = read_model(data, name="large.dmn")
    compiled = compiled_model.compiled(compiled_model.decisions["d"].table)  # type: ignore[arg-type]
    session = Session()
    at = rules - 1
    assert compiled.matching([Decimal(at * 10 + 5), str(at % 7)], {}, session) == [rules]
    assert compiled.matching([Decimal(at * 10 + 5), "x"], {}, session) == []


def prepared_pair() -> tuple[DmnModel, DmnModel]:
    rows = [["[1..5)", '"rood"', "true", '"a"', "1"], ["<= 5", 'not("rood")', "-", '"b"', "2"], ["> 5", "-", "false", '"c"', "3"]]
    columns = [("bedrag", "number"), ("kleur", "string"), ("vlag", "boolean")]
    inputs = [input_data(name, kind) for name, kind in columns]
    unique, first = (
        read_model(
            model(*inputs, decision("d", table(columns, ["uit", "n"], rows, policy=policy), inputs=[c[0] for c in columns])),
            name="p.dmn",
        )
        for policy in ("UNIQUE", "COLLECT")
    )
    return unique, first


ODD: list[object] = [None, True, 1, Decimal("NaN"), Decimal("Infinity"), 3, 3.0, Decimal("5.0"), "rood", "paars", ["rood"],
                     Decimal(1), Decimal(0), Decimal(7), date(2024, 1, 1)]


@pytest.mark.parametrize("of", prepared_pair(), ids=["unique", "collect"])
def test_a_prepared_decision_gives_and_refuses_exactly_what_deciding_does(of: DmnModel) -> None:
    quick = prepare(of, "d")
    for bedrag, kleur, vlag in product(ODD, ODD, ODD):
        inputs = {"bedrag": bedrag, "kleur": kleur, "vlag": vlag}
        try:
            expected = decide(of, "d", inputs).outputs  # the long way: evaluate() takes the short one too
        except DecisionError as error:
            with pytest.raises(type(error)):
                quick(inputs)
            continue
        assert quick(inputs) == evaluate(of, "d", inputs) == expected, inputs
    with pytest.raises(InputErrors):
        quick({"bedrag": 1})


NUMBER_CELLS = ["-", "1", "[1..5]", "[1..5)", "(1..5]", "(1..5)", "<= 5", ">= 2.5", "< 1", "> 5", "not(3)", "1, 4", "null",
                "[1..2], > 6", "? > 2 and ? < 3"]
TEXT_CELLS = ["-", '"rood"', '"rood", "geel"', 'not("rood")', "null"]
FLAG_CELLS = ["-", "true", "false", "true, false"]
EDGES: list[object] = [Decimal(n) for n in ("-1E+40", "0", "1", "1.0", "2.5", "2.75", "3", "4", "5", "5.00001", "7")]


@st.composite
def plain_tables(draw: st.DrawFn) -> DmnModel:
    """Tables that take the short way: typed inputs, constants only; enough rules for the index to be asked."""
    cells = {"bedrag": NUMBER_CELLS, "dagen": NUMBER_CELLS, "kleur": TEXT_CELLS, "vlag": FLAG_CELLS}
    kinds = {"bedrag": "number", "dagen": "number", "kleur": "string", "vlag": "boolean"}
    names = draw(st.lists(st.sampled_from(sorted(cells)), min_size=1, max_size=4, unique=True))
    rows = draw(st.lists(st.tuples(*(st.sampled_from(cells[name]) for name in names)), min_size=1, max_size=14))
    outputs = draw(st.sampled_from([["uit"], ["uit", "ook"]]))
    logic = table([(name, kinds[name]) for name in names], outputs,
                  [[*row, *(str(n) for _ in outputs)] for n, row in enumerate(rows)],
                  policy=draw(st.sampled_from(["FIRST", "UNIQUE", "COLLECT", "RULE ORDER"])))
    inputs = [input_data(name, kinds[name]) for name in names]
    return read_model(model(*inputs, decision("d", logic, inputs=names)), name="plain.dmn")


@settings(max_examples=60, deadline=None)
@given(plain_tables(), st.data())
def test_the_short_way_agrees_with_deciding_and_with_every_cell_tried(made: DmnModel, data: st.DataObject) -> None:
    quick, compiled = prepare(made, "d"), made.compiled(made.decisions["d"].table)  # type: ignore[arg-type]
    assert made.graph.short_plans, "the table is plain"
    names = [one.clause.expression.text.text for one in compiled.inputs]
    usual: dict[str, list[object]] = {"kleur": ["rood", "geel", "blauw"], "vlag": [True, False]}
    for _ in range(12):
        inputs = {name: data.draw(st.sampled_from([*usual.get(name, EDGES), *usual.get(name, EDGES), *ODD])) for name in names}
        try:
            expected = decide(made, "d", inputs).outputs
        except DecisionError as error:
            for _ in range(2):  # the second time finds what the first left behind
                with pytest.raises(type(error), match=f"^{re.escape(str(error))}$"):
                    quick(inputs)
            continue
        alone = [value[0] if isinstance(value, list) else value for value in (inputs[name] for name in names)]
        values = [feel_value(value) for value in alone]
        plain = compiled.plain_matching(values, {}, Session(strict=False))
        rows = [compiled.row(rule, {}, Session()) for rule in plain]
        shown = [dict(zip(compiled.names, row, strict=True)) if compiled.names else row[0] for row in rows]
        assert expected == (shown if compiled.model.hit_policy in "CR" else shown[0])
        assert quick(inputs) == quick(inputs) == expected, inputs


@pytest.mark.parametrize("cell", NUMBER_CELLS)
def test_the_short_way_is_exact_at_every_bound(cell: str) -> None:
    """Each kind of cell beside each other one, at every edge, against the cells tried by themselves."""
    passes = {one: compile_unary_tests(one) for one in NUMBER_CELLS}
    expected = {(one, edge): passes[one]({"?": edge}) is True for one in NUMBER_CELLS for edge in EDGES}  # type: ignore[dict-item]
    columns = [("bedrag", "number"), ("dagen", "number")]
    for other in NUMBER_CELLS:
        logic = table(columns, ["uit"], [[cell, other, "1"], ["-", "-", "2"]], policy="FIRST")
        inputs = [input_data(name, kind) for name, kind in columns]
        made = read_model(model(*inputs, decision("d", logic, inputs=["bedrag", "dagen"])), name="edges.dmn")
        quick = prepare(made, "d")
        assert made.graph.short_plans
        for first, second in product(EDGES, EDGES):
            found = quick({"bedrag": first, "dagen": second})
            assert (found == Decimal(1)) is (expected[cell, first] and expected[other, second]), (other, first, second)


def test_what_a_prepared_decision_gives_belongs_to_the_caller() -> None:
    for of in prepared_pair():
        quick, inputs = prepare(of, "d"), {"bedrag": Decimal(1), "kleur": "rood", "vlag": True}
        first = quick(inputs)
        (first[0] if isinstance(first, list) else first)["uit"] = "veranderd"  # type: ignore[index,call-overload]
        assert "veranderd" not in str(quick(inputs))
