"""Expressions through the front door: values, remarks, limits, and what is refused."""

import sys
import time
from decimal import Decimal
from subprocess import run

import pytest

from schuldhulp.rules.feel import (
    FeelSyntaxError,
    Function,
    WorkLimitExceeded,
    compile_expression,
    compile_unary_tests,
    feel_value,
    render,
)


def value_of(text: str, **scope: object) -> str:
    given = {name.replace("_", " "): feel_value(value) for name, value in scope.items()}
    return render(compile_expression(text, given)(given))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("0.1 + 0.2 = 0.3", "true"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("-2 ** 2", "4"),
        ("2 ** 3 ** 2", "64"),
        ('date("2024-02-29") + @"P1Y"', '@"2025-02-28"'),
        ("for i in 1..5 return i * i", "[1, 4, 9, 16, 25]"),
        ("{a: 1, b c: a + 1}.b c", "2"),
        ("[{n: 1}, {n: 2}][n > 1].n", "[2]"),
        ("5 in (1..10[", "true"),
        ("some x in [1, 2] satisfies x > 1", "true"),
        ("{fact: function(n) if n < 2 then 1 else n * fact(n - 1), r: fact(20)}.r", "2432902008176640000"),
    ],
)
def test_an_expression_has_its_value(text: str, expected: str) -> None:
    assert value_of(text) == expected


def test_names_with_spaces_resolve_to_the_longest_in_scope() -> None:
    assert value_of("bedrag per maand * 12", bedrag_per_maand=50, bedrag=1) == "600"


def test_a_null_from_an_error_says_why_and_where() -> None:
    result = compile_expression('"a" + 1').evaluate({})
    assert result.value is None
    (remark,) = result.remarks
    assert (remark.kind, remark.start, remark.end) == ("type-mismatch", 0, 7)


def test_endless_work_stops_at_the_limit() -> None:
    began = time.process_time()
    with pytest.raises(WorkLimitExceeded):
        compile_expression("for i in 1..10**12 return i")({})
    assert time.process_time() - began < 1


def test_a_function_from_python_is_called_by_a_name_with_spaces() -> None:
    double = Function.of(lambda bedrag: bedrag * 2, ["bedrag"], name="dubbel van")
    compiled = compile_expression("dubbel van(bedrag: 4)", functions={"dubbel van": double})
    assert compiled({}) == Decimal(8)


def test_unary_tests_read_the_value_under_test() -> None:
    cell = compile_unary_tests("[18..65), > 100")
    assert [cell({"?": Decimal(n)}) for n in (17, 18, 65, 101)] == [False, True, False, True]


@pytest.mark.parametrize("text", ["x.get('a')", "${a > 1}", "a == b", "a && b", "x if y else z", "1 +", "", "(1"])
def test_what_is_not_feel_is_refused_with_a_caret(text: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(text, ["a", "b", "x", "y", "z"])
    assert "^" in str(caught.value)


def test_an_unknown_name_is_refused_under_strict_names_with_a_suggestion() -> None:
    with pytest.raises(FeelSyntaxError, match="did you mean 'schuld'"):
        compile_expression("shculd > 1", ["schuld"], strict_names=True)


def test_importing_feel_is_quick() -> None:
    code = "import time; t = time.process_time(); import schuldhulp.rules.feel; print(time.process_time() - t)"
    command, env = [sys.executable, "-c", code], {"PYTHONPATH": "src"}
    outputs = [run(command, capture_output=True, check=True, text=True, env=env).stdout for _ in range(3)]
    assert min(map(float, outputs)) < 0.3
