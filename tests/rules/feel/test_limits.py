"""Nothing in an expression runs code, runs for ever, or takes all memory."""

import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from schuldhulp.rules.feel import (
    FeelError,
    FeelPlaceError,
    FeelSyntaxError,
    Run,
    WorkLimitExceeded,
    compile_expression,
)


@contextmanager
def quickly(seconds: float = 3, megabytes: float = 100) -> Iterator[None]:
    tracemalloc.start()
    began = time.process_time()
    try:
        yield
        assert time.process_time() - began < seconds
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1e6
    finally:
        tracemalloc.stop()


DOUBLING = "a{0}: a{1} + a{1}"
ENDLESS = [
    "for i in 1..10**12 return i",
    "for i in 1..1000, j in 1..1000, k in 1..1000 return i",
    "some i in 1..10**30 satisfies i < 0",
    "every i in [1..10**9] satisfies i > 0",
    'count(for i in @"0001-01-01"..@"999999999-01-01" return i)',
    "for i in 1..10000 return partial",
    "{f: function(x) f(x + 1), r: f(1)}.r",
    "{f: function(x) [f(x), f(x)], r: f(1)}.r",
    "{f: function(x) if x = 0 then 1 else f(x - 1) + f(x - 1), r: f(60)}.r",
    "{f: function(g, x) g(g, x), r: f(f, 1)}.r",
    "{a0: [1, 2], " + ", ".join(f"a{n + 1}: concatenate(a{n}, a{n})" for n in range(60)) + "}.a60",
    '{a0: "xx", ' + ", ".join(f"a{n + 1}: a{n} + a{n}" for n in range(60)) + "}.a60",
    '{a0: "xx", ' + ", ".join(f'a{n + 1}: string join([a{n}, a{n}], ",")' for n in range(60)) + "}.a60",
    "count(for i in 1..100000 return distinct values(for j in 1..1000 return {a: i}))",
    "{a: for i in 1..1000 return 1, r: for i in 1..10000 return a = a}.r",
    "{a: [for i in 1..1000 return 1], r: for i in 1..10000 return a[1] in a}.r",
    "{a: for i in 1..1000 return 1, r: for i in 1..10000 return a instance of list<number>}.r",
    "{a: for i in 1..1000 return 1, r: for i in 1..10000 return is(a, a)}.r",
    "{a: for i in 1..1000 return 1, r: for i in 1..10000 return list contains([a, a], a)}.r",
    "sort(for i in 1..900000 return i, function(x, y) x > y)",
]


@pytest.mark.parametrize("text", ENDLESS)
def test_endless_work_is_stopped_with_an_error(text: str) -> None:
    with quickly(megabytes=20), pytest.raises(WorkLimitExceeded) as caught:
        compile_expression(text)({}, limit=8_000)
    assert "^" in str(caught.value)


def test_the_default_limit_stops_within_a_second_or_so() -> None:
    began = time.process_time()
    with pytest.raises(WorkLimitExceeded):
        compile_expression("for i in 1..1000, j in 1..1000, k in 1..1000 return i")({})
    assert time.process_time() - began < 3


BIG = [
    "10 ** 1000000000", "9 ** 9 ** 9 ** 9", "exp(10 ** 9)", "exp(-10 ** 9)", "10 ** 6144 * 10", "decimal(1.5, 10 ** 20)",
    "decimal(1 / 3, 6176)", "modulo(10 ** 6000, 7)", "round up(10 ** 6000, -6000)", "number(\"1e999999999\")",
    "2 ** 0.5", "1.0000000001 ** 10 ** 15", "log(10 ** 6000)", "sqrt(10 ** -6000)", "string(10 ** 6000)",
    'date("2024-01-01") + duration("P999999999Y")', 'duration("P1D") * 10 ** 6000', "[1, 2][10 ** 6000]",
    "substring(\"abc\", 10 ** 6000)", "substring(\"abc\", 1, 10 ** 6000)", "odd(10 ** 6000)", "date(10 ** 6000, 1, 1)",
    "time(10 ** 100, 1, 1)", "round half up(1.5, -10 ** 30)", "stddev([10 ** 6000, 1])", "product([10 ** 6000, 10 ** 6000])",
]


@pytest.mark.parametrize("text", BIG)
def test_large_numbers_are_counted_or_refused_at_once(text: str) -> None:
    with quickly(seconds=1):
        result = compile_expression(text).evaluate({})
    assert result.value is not None or result.remarks


LONG_TEXT = "a" * 60 + "!"
SLOW = [f'matches("{LONG_TEXT}", "^(a|aa)+$")', f'replace("{LONG_TEXT}", "^(a|aa)+$", "b")', f'split("{LONG_TEXT}", "^(a|aa)+$")',
        f'matches("{"a" * 30_000}!", "(a+)+$")',
        f'replace("{"a" * 30_000}!", "(a+)+$", "b")', f'split("{"a" * 30_000}!", "(a+)+$")']


def in_little_time(text: str, *, strict: bool = False) -> object:
    run = Run(text, strict=strict)
    run.pattern_seconds = 0.05
    return compile_expression(text, ["long"]).evaluate_in(run, {"long": "a" * 30 + "!"})


@pytest.mark.parametrize("text", SLOW)
@pytest.mark.parametrize("strict", [True, False])
def test_a_pattern_that_takes_for_ever_is_an_error_and_never_a_null(text: str, strict: bool) -> None:
    with quickly(seconds=5), pytest.raises(WorkLimitExceeded, match="patterns take longer"):
        in_little_time(text, strict=strict)


@pytest.mark.parametrize("text", ["if {} then 1 else 2", "some x in [1] satisfies {}", "[{}, true][1]", "is({}, null)"])
def test_no_expression_around_it_hides_a_pattern_that_takes_too_long(text: str) -> None:
    with pytest.raises(WorkLimitExceeded):
        in_little_time(text.format(SLOW[0]))


def test_many_slow_patterns_together_are_stopped_too() -> None:
    with pytest.raises(WorkLimitExceeded):
        in_little_time('for i in 1..100000 return matches(long, "^(a|aa)+$")')


@pytest.mark.parametrize("text", [f'matches(long, "{"(" * 5}a?{"){50}" * 5}")', 'split(long, "((a{99}){99}){99}")'])
def test_a_pattern_whose_repetitions_fill_the_memory_is_refused(text: str) -> None:
    with quickly(seconds=1, megabytes=20):
        result = compile_expression(text, ["long"]).evaluate({"long": "a" * 30})
    assert result.remarks[0].kind == "invalid-pattern"
    assert "written out" in result.remarks[0].message


def test_a_strict_evaluation_shows_where_the_slow_pattern_stands() -> None:
    text = f'1 + count(split("{LONG_TEXT}", "(a|aa)+$"))'
    run = Run(text, strict=True)
    run.pattern_seconds = 0.05
    with pytest.raises(WorkLimitExceeded) as caught:
        compile_expression(text).evaluate_in(run, {})
    assert text[caught.value.start : caught.value.end].startswith("split(")


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("(", ")"), ("[", "]"), ("-", ""), ("{a: ", "}"), ("if 1 then ", " else 1"), ("abs(", ")"), ("function() ", ""),
     ("for i in ", " return i"), ("1 in (", ")"), ("a[", "]"), ("not(", ")"), ("1 + ", "")],
)
@pytest.mark.parametrize("depth", [90, 1_000, 5_000])
def test_nesting_is_evaluated_or_refused_but_never_crashes(opening: str, closing: str, depth: int) -> None:
    text = opening * depth + "1" + closing * depth
    with quickly(seconds=5):
        outcome = refusal_of(text)
    assert outcome == "" or (depth > 90 and ("nested" in outcome or "longer than" in outcome))


def refusal_of(text: str) -> str:
    try:
        compile_expression(text, ["a"])({"a": []})
    except FeelPlaceError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("text", ["+".join("1" * 5_000), "a" + ".a" * 5_000, "a" + "[1]" * 5_000, "a" + "(1)" * 5_000,
                                  " = ".join("1" * 5_000), "1 in " * 5_000 + "1"])
def test_long_chains_are_refused_or_evaluated(text: str) -> None:
    with quickly(seconds=5), pytest.raises(FeelSyntaxError, match="nested"):
        compile_expression(text, ["a"])


@pytest.mark.parametrize("text", [" or ".join(["false"] * 5_000), " and ".join(["true"] * 5_000)])
def test_a_long_row_of_conditions_is_no_nesting(text: str) -> None:
    assert compile_expression(text)({}) is (" and " in text)


def test_a_text_beyond_the_limit_is_refused() -> None:
    with pytest.raises(FeelSyntaxError, match="longer than"):
        compile_expression('"' + "x" * 200_000 + '"')


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')", "().__class__.__bases__", "lambda: 1", "[x for x in y]", "x if y else z",
        "${x > 1}", "#{x}", "x == 1 && y", "!x", "x ? 1 : 2", "f'{x}'", "import os", "x := 1", "x += 1", "x % 2", "x ^ 2",
        "x; y", "'x'", "x is not None and", "{{x}}",
    ],
)
def test_python_juel_and_other_languages_are_refused(text: str) -> None:
    with pytest.raises(FeelSyntaxError):
        compile_expression(text, ["x", "y", "z"], strict_names=True)


@pytest.mark.parametrize(
    "text", ["x.__class__", "x.upper", "[1].append", "(function(a) a).signatures", "abs.name", "x.total_months"]
)
def test_a_path_reaches_no_attribute_of_python(text: str) -> None:
    result = compile_expression(text, ["x"]).evaluate({"x": "tekst"})
    assert result.value in (None, [None])
    assert result.remarks[0].kind == "unknown-member"


EXTERNAL = 'function(a) external {java: {class: "java.lang.Math", method signature: "abs(double)"}}'


def test_an_external_function_is_null_without_a_registry() -> None:
    result = compile_expression(f"({EXTERNAL})(-1)").evaluate({})
    assert result.value is None
    assert result.remarks[0].kind == "external"


def test_an_external_function_comes_from_the_registry_of_the_caller() -> None:
    registry = {"java.lang.Math.abs(double)": abs}
    assert compile_expression(f"({EXTERNAL})(-1)").evaluate({}, external=registry).value == 1


def test_an_error_of_an_external_function_becomes_null_with_its_text() -> None:
    def fails(_value: object) -> None:
        raise ValueError("geen getal")

    result = compile_expression(f"({EXTERNAL})(-1)").evaluate({}, external={"java.lang.Math.abs(double)": fails})
    assert "geen getal" in result.remarks[0].message


def test_remarks_are_bounded() -> None:
    result = compile_expression("for i in 1..10000 return i + {n: i}.m").evaluate({})
    assert len(result.remarks) <= 100


def test_every_error_is_a_feel_error() -> None:
    assert issubclass(WorkLimitExceeded, FeelError)
    assert issubclass(FeelSyntaxError, FeelError)
