"""Values: from Python and back, as text, and their types."""

import threading
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, getcontext, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schuldhulp.rules.feel import (
    BUILT_IN_TYPES,
    NUMBER,
    STRING,
    ContextType,
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelEvaluationError,
    FeelTime,
    FeelValueError,
    ListType,
    NamedType,
    NullResult,
    YearsMonthsDuration,
    coerce,
    compile_expression,
    equal,
    feel_value,
    instance_of,
    render,
    to_python,
    unknown_names,
)
from schuldhulp.rules.feel.values import Value

scalars = st.one_of(
    st.none(), st.booleans(), st.text(st.characters(codec="utf-8"), max_size=8),
    st.decimals(-(10**20), 10**20, allow_nan=False, allow_infinity=False, places=4),
    st.dates(), st.times(), st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.timedeltas(),
)
plain = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))


@given(plain)
def test_a_value_survives_the_way_from_python_and_back(value: object) -> None:
    assert to_python(feel_value(value)) == value


@given(plain)
def test_a_rendered_value_reads_as_the_same_value(value: object) -> None:
    given_value = feel_value(value)
    assert render(compile_expression(render(given_value))({})) == render(given_value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Decimal(3)),
        (True, True),
        (date(2024, 2, 29), FeelDate(2024, 2, 29)),
        (time(10, 30), FeelTime(10, 30, 0)),
        (datetime(2024, 2, 29, 10, tzinfo=UTC), FeelDateTime(FeelDate(2024, 2, 29), FeelTime(10, 0, 0, offset=0))),
        (timedelta(days=1), DaysTimeDuration.of_seconds(86_400)),
        ((1, "a"), [Decimal(1), "a"]),
    ],
)
def test_python_values_become_values_of_feel(value: object, expected: Value) -> None:
    assert feel_value(value) == expected


@pytest.mark.parametrize("value", [1.5, float("nan"), Decimal("NaN"), Decimal("Infinity"), object(), {1: 2}, {1, 2}, b"x", [0.1]])
def test_what_feel_has_no_kind_for_is_refused(value: object) -> None:
    with pytest.raises(FeelValueError):
        feel_value(value)


def test_a_python_number_in_the_scope_is_named_for_what_it_is() -> None:
    with pytest.raises(FeelValueError, match="int is no value of FEEL"):
        compile_expression("x + 1", ["x"])({"x": 5})  # type: ignore[dict-item]


def test_the_context_of_the_thread_does_not_matter_and_is_not_changed() -> None:
    compiled = compile_expression("[1 / 3, -x, x + 1, (1..x), @\"PT1.123456789S\".seconds, for i in (0..3) return i]", ["x"])
    scope: dict[str, Value] = {"x": Decimal("1234567890.12345678901234567890")}
    usual = render(compiled(scope))
    with localcontext() as context:
        context.prec = 3
        assert render(compiled(scope)) == usual
        assert getcontext().prec == 3


def test_one_compiled_expression_serves_many_threads() -> None:
    compiled = compile_expression("{f: function(n) if n = 0 then [] else append(f(n - 1), n * x), r: f(20)}.r", ["x"])
    wrong: list[object] = []

    def work(x: int) -> None:
        for _ in range(20):
            found = compiled({"x": Decimal(x)})
            if found != [Decimal(n * x) for n in range(1, 21)]:
                wrong.append(found)

    threads = [threading.Thread(target=work, args=(x,)) for x in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[123] instance of list<number>", True),
        ('"abc" instance of string', True),
        ("123 instance of string", False),
        ("123 instance of list", None),
        ("1 instance of unknown", None),
        ("null instance of Null", True),
        ("null instance of Any", False),
        ('["a", 1] instance of list<Any>', True),
        ('["a", 1] instance of list<string>', False),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{a: 1} instance of context<a: number, b: number>", False),
        ("[1..2] instance of range<number>", True),
        ('(>= @"2024-01-01") instance of range<date>', True),
        ("(function(x: number, y: number) x + y) instance of function<number, number>->number", True),
        ("(function(x: number) x > 1) instance of function<number>->string", False),
        ("(function(x: Any) 1) instance of function<number>->Any", True),
        ("(function(x: number) 1) instance of function<Any>->Any", False),
        ("string length instance of function<string>->number", True),
        ('@"P1Y" instance of days and time duration', False),
        ('@"2024-01-01" instance of date and time', False),
        ("-1 instance of number", True),
    ],
)
def test_instance_of_follows_the_lattice_of_types(text: str, expected: bool | None) -> None:
    assert compile_expression(text)({}) is expected


def test_item_definitions_are_types_too() -> None:
    age = NamedType("leeftijd", NUMBER, lambda value: isinstance(value, Decimal) and 0 <= value <= 120)
    person = NamedType("persoon", ContextType((("naam", STRING), ("leeftijd in jaren", age))))
    text = 'p instance of persoon and p.leeftijd in jaren > 3'
    compiled = compile_expression(text, ["p"], types={"p": person}, named_types={"persoon": person})
    assert compiled({"p": feel_value({"naam": "A", "leeftijd in jaren": 30})}) is True
    assert compiled({"p": feel_value({"naam": "A", "leeftijd in jaren": 130})}) is False


def test_conversions_between_an_item_and_a_list_of_one() -> None:
    assert coerce([Decimal(1)], NUMBER) == Decimal(1)
    assert coerce(Decimal(1), ListType(NUMBER)) == [Decimal(1)]
    assert coerce(None, NUMBER) is None
    assert str(coerce(FeelDate(2024, 1, 1), BUILT_IN_TYPES["date and time"])) == "2024-01-01T00:00:00Z"
    with pytest.raises(NullResult):
        coerce([Decimal(1), Decimal(2)], NUMBER)


def test_equality_is_three_valued_and_looks_inside() -> None:
    assert equal([Decimal(1), {"a": "x"}], [Decimal("1.0"), {"a": "x"}]) is True
    assert equal(YearsMonthsDuration(0), DaysTimeDuration(0)) is None
    assert instance_of(None, NUMBER) is False


def test_strict_evaluation_raises_at_the_place_of_the_error() -> None:
    compiled = compile_expression('if a.b > 3 then "ja" else "nee"', ["a"])
    assert compiled({"a": {}}) == "nee"
    with pytest.raises(FeelEvaluationError) as caught:
        compiled.evaluate({"a": {}}, strict=True)
    assert caught.value.remark.kind == "unknown-member"
    assert caught.value.text[caught.value.start : caught.value.end] == "a.b"


def test_strict_evaluation_lets_a_null_that_was_given_pass_when_it_does_not_matter() -> None:
    compiled = compile_expression("a > 3 or true", ["a"])
    assert compiled.evaluate({"a": None}, strict=True).value is True
    with pytest.raises(FeelEvaluationError):
        compile_expression("a > 3", ["a"]).evaluate({"a": None}, strict=True)


def test_unknown_names_are_listed_for_the_check() -> None:
    compiled = compile_expression("a + b + count(c[d = 1]) + (for i in [1] return i + j)[1] + fout woord", ["a", "c"])
    assert unknown_names(compiled) == ["b", "j", "fout woord"]


def test_a_name_with_signs_wins_from_arithmetic_however_it_is_spaced() -> None:
    scope: dict[str, Value] = {"a-b": Decimal(1), "a": Decimal(5), "b": Decimal(3)}
    assert [compile_expression(text, scope)(scope) for text in ("a-b", "a - b", "(a)-(b)")] == [1, 1, 2]
