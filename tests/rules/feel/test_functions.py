"""The built-ins, by the examples of DMN 1.5, 10.3.4: both sides of each line are the same value."""

import pytest

from schuldhulp.rules.feel import BUILT_INS, Function, NullResult, compile_expression, feel_value, render

EXAMPLES = """
date("2012-12-25") - date("2012-12-24") | duration("P1D")
date(date and time("2012-12-25T11:00:00Z")) | date("2012-12-25")
date(2012, 12, 25) | date("2012-12-25")
date and time("2012-12-24T23:59:00") | date and time(date("2012-12-24"), time("23:59:00"))
date and time("2012-12-24T23:59:00") + duration("PT1M") | date and time("2012-12-25T00:00:00")
time(date and time("2012-12-25T11:00:00Z")) | time("11:00:00Z")
time(23, 59, 0, duration("PT0H")) | time("23:59:00z")
number("1 000,0", " ", ",") | number("1,000.0", ",", ".")
number("1.000.000,01", ".", ",") | 1000000.01
string(1.1) | "1.1"
duration("P2Y2M") | duration("P26M")
years and months duration(date("2011-12-22"), date("2013-08-24")) | duration("P1Y8M")
substring("foobar", 3) | "obar"
substring("foobar", 3, 3) | "oba"
substring("foobar", -2, 1) | "a"
substring("\\U01F40Eab", 2) | "ab"
string length("\\U01F40Eab") | 3
upper case("aBc4") | "ABC4"
lower case("aBc4") | "abc4"
substring before("foobar", "bar") | "foo"
substring before("foobar", "xyz") | ""
substring after("foobar", "ob") | "ar"
substring after("", "a") | ""
replace("banana", "a", "o") | "bonono"
contains("foobar", "of") | false
starts with("foobar", "fo") | true
ends with("foobar", "r") | true
string join(["a", "b", "c"], "_and_") | "a_and_b_and_c"
string join(["a", "b", "c"], null) | "abc"
string join(["a", null, "c"], "X") | "aXc"
string join([], "X") | ""
list contains([1, 2, 3], 2) | true
list contains([1, null], null) | true
count([1, [2, 3]]) | 2
min([1, 2, 3]) | 1
max(1, 2, 3) | 3
sum([1, 2, 3]) | 6
sum(1, 2, 3) | 6
mean([1, 2, 3]) | 2
all([false, null, true]) | false
any([false, null, true]) | true
all([]) | true
any([]) | false
sublist([4, 5, 6], 1, 2) | [4, 5]
append([1], 2, 3) | [1, 2, 3]
concatenate([1, 2], [3]) | [1, 2, 3]
insert before([1, 3], 1, 2) | [2, 1, 3]
remove([1, 2, 3], 2) | [1, 3]
list replace([2, 4, 7, 8], 3, 6) | [2, 4, 6, 8]
list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5) | [5, 5, 7, 8]
reverse([1, 2, 3]) | [3, 2, 1]
index of([1, 2, 3, 2], 2) | [2, 4]
union([1, 2], [2, 3]) | [1, 2, 3]
distinct values([1, 2, 3, 2, 1]) | [1, 2, 3]
flatten([[1, 2], [[3]], 4]) | [1, 2, 3, 4]
product([2, 3, 4]) | 24
median(8, 2, 5, 3, 4) | 4
median([6, 1, 2, 3]) | 2.5
stddev(2, 4, 7, 5) | 2.081665999466132735282297706979931
mode(6, 3, 9, 6, 6) | [6]
mode([6, 1, 9, 6, 1]) | [1, 6]
decimal(1 / 3, 2) | .33
decimal(2.5, 0) | 2
floor(-1.56, 1) | -1.6
ceiling(-1.56, 1) | -1.5
round up(-1.126, 2) | -1.13
round down(-1.126, 2) | -1.12
round half up(-5.5, 0) | -6
round half down(-5.5, 0) | -5
abs(@"-PT5H") | @"PT5H"
modulo(-12, 5) | 3
modulo(12, -5) | -3
modulo(10.1, -4.5) | -3.4
sqrt(16) | 4
decimal(log(10), 8) | 2.30258509
decimal(exp(5), 8) | 148.41315910
odd(5) | true
even(5) | false
is(time("23:00:50z"), time("23:00:50+00:00")) | true
is(time("23:00:50z"), time("23:00:50")) | false
before(1, (1..10]) | true
before([1..10), [10..20]) | true
after((11..20], 11) | true
meets([1..5], [5..10]) | true
met by([5..10], [1..5)) | false
overlaps([1..5], (5..8]) | false
overlaps before([1..5), (3..8]) | true
overlaps after([3..8], [1..5]) | true
finishes(10, [1..10]) | true
finished by([1..10], [5..10]) | true
includes([1..10], (1..10)) | true
during((1..5], (1..10]) | true
starts([1..5], [1..10]) | true
started by((1..10], (1..5]) | true
coincides([1..5], (1..5]) | false
day of year(date(2019, 9, 17)) | 260
day of week(date(2019, 9, 17)) | "Tuesday"
month of year(date(2019, 9, 17)) | "September"
week of year(date(2003, 12, 29)) | 1
week of year(date(2005, 1, 1)) | 53
sort(list: [3, 1, 4, 5, 2], precedes: function(x, y) x < y) | [1, 2, 3, 4, 5]
get value({key1: "value1"}, "key1") | "value1"
get entries({key1: 1, key2: 2}) | [{key: "key1", value: 1}, {key: "key2", value: 2}]
context([{key: "a", value: 1}, {key: "b", value: 2, something: "else"}]) | {a: 1, b: 2}
context put({x: 1, y: 0, z: 0}, "y", 2) | {x: 1, y: 2, z: 0}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) | {x: 1, y: {a: 2}}
context merge([{x: 1, y: 0}, {y: 2}]) | {x: 1, y: 2}
range("[18..21)") | [18..21)
not(true) | false
"""

NULLS = """
string(null)
number("1,5", ",", ",")
max([])
sum([])
mean([])
all(0)
median([])
stddev([47])
product([])
substring("abc", 0)
substring("abc", 1, 4)
sublist([1], 1, 2)
remove([1], 0)
list replace([1], 2, 1)
context([{key: "a", value: 1}, {key: "b"}])
context put({x: 1}, [], 2)
modulo(1, 0)
sqrt(-1)
log(0)
decimal(1, 6177)
duration("P1Y1D")
date(2023, 2, 29)
date("2023-02-29")
time(24, 0, 0)
years and months duration(1, 2)
sort([1, "a"], function(x, y) x < y)
sort([2, 1], function(x) x)
list replace([1], function(a, b) 1, 2)
range("[1..]")
range("[3..1]")
before([1..2], "a")
abs("1")
count(null)
lower case(1)
substring(string: "abc", begin: 1)
substring()
min(1, "a")
"""


@pytest.mark.parametrize("line", EXAMPLES.strip().splitlines())
def test_an_example_of_the_specification_holds(line: str) -> None:
    left, right = (compile_expression(text.replace("\\\\", "\\"))({}) for text in line.split(" | "))
    assert render(left) == render(right)
    assert left is not None


@pytest.mark.parametrize("text", NULLS.strip().splitlines())
def test_what_lies_outside_the_domain_is_null_with_a_reason(text: str) -> None:
    result = compile_expression(text).evaluate({})
    assert result.value is None
    assert result.remarks


def test_every_built_in_of_the_specification_is_there() -> None:
    names = """
        abs; after; all; any; append; before; ceiling; coincides; concatenate; contains; context; context merge; context put;
        count; date; date and time; day of week; day of year; decimal; distinct values; duration; during; ends with; even; exp;
        finished by; finishes; flatten; floor; get entries; get value; includes; index of; insert before; is; list contains;
        list replace; log; lower case; matches; max; mean; median; meets; met by; min; mode; modulo; month of year; not; now;
        number; odd; overlaps; overlaps after; overlaps before; product; range; remove; replace; reverse; round down;
        round half down; round half up; round up; sort; split; sqrt; started by; starts; starts with; stddev; string;
        string join; string length; sublist; substring; substring after; substring before; sum; time; today; union; upper case;
        week of year; years and months duration"""
    assert set(BUILT_INS) == {name.strip() for name in names.split(";")}


def test_arguments_by_name_may_come_in_any_order_and_a_missing_one_is_null() -> None:
    assert compile_expression('substring(start position: 2, string: "abc")')({}) == "bc"
    assert compile_expression("is(value1: null)")({}) is True


def test_a_list_of_one_counts_as_its_item_and_an_item_as_a_list_of_one() -> None:
    assert compile_expression('contains(["foobar"], "of")')({}) is False
    assert render(compile_expression("[count(1), sum(2), 3[item > 2]]")({})) == "[1, 2, [3]]"


def test_a_python_function_may_answer_null_with_its_own_reason() -> None:
    def days_after(start: object, _count: object) -> object:
        raise NullResult("no-calendar", f"there is no calendar for {start}")

    added = {"werkdagen na": Function.of(days_after, ["datum", "aantal"], name="werkdagen na")}
    result = compile_expression('werkdagen na(datum: "x", aantal: 3)', functions=added).evaluate({})
    assert result.value is None
    assert [(remark.kind, remark.message) for remark in result.remarks] == [("no-calendar", "there is no calendar for x")]


def test_data_with_the_name_of_a_built_in_does_not_hide_the_function() -> None:
    scope = {"date": feel_value("2024-02-29")}
    assert render(compile_expression("date(date).year", scope)(scope)) == "2024"
