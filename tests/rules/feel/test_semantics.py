"""Values and nulls that chapter 10 of DMN 1.5 gives, function by function and operator by operator."""

import pytest

from schuldhulp.rules.feel import compile_expression, render

VALUES = r"""
date(date and time("2012-12-25T11:00:00")).day | 25
time("23:59:00z") | @"23:59:00Z"
time("11:59:45.123456789@Europe/Amsterdam") | @"11:59:45.123456789@Europe/Amsterdam"
time(12, 30, 15.25) | @"12:30:15.25"
time(12, 30, 15, null) | @"12:30:15"
time(12, 30, 15, duration("-PT2H")) | @"12:30:15-02:00"
time(@"2021-03-04").hour | 0
time(date("2021-03-04")) | @"00:00:00Z"
date and time("2012-12-24") | @"2012-12-24T00:00:00"
duration("-P1Y2M") | @"-P1Y2M"
duration("P3DT26H").days | 4
duration("PT26H").hours | 2
duration("P14M").years | 1
duration("P14M").months | 2
@"2024-02-29".weekday | 4
@"2024-02-29T10:00:00".weekday | 4
@"2024-02-29T10:00:00+02:00".time offset | @"PT2H"
@"2024-02-29T10:00:00@Europe/Amsterdam".timezone | "Europe/Amsterdam"
[1..10).start included | true
[1..10).end included | false
[1..10).start | 1
(< 5).end | 5
(< 5).start included | false
(>= 5).start included | true
years and months duration(date("2012-03-31"), date("2012-02-29")) | @"-P1M"
years and months duration(date and time("2011-12-22T00:00:00"), date("2013-08-24")) | @"P1Y8M"
string(@"PT0S") | "PT0S"
string(@"P0M") | "P0M"
string(duration("P1Y2M")) | "P1Y2M"
string([1, "a", {b: true}]) | "[1, \"a\", {b: true}]"
string("a") | "a"
string(1.50) | "1.5"
string(1e3) | "1000"
string(@"2024-01-02T03:04:05.60Z") | "2024-01-02T03:04:05.6Z"
number("1.000,5", ".", ",") | 1000.5
number("1 000.5", " ", ".") | 1000.5
number("1,000", ",", null) | 1000
number("1000.5", null, ".") | 1000.5
number("-5", null, null) | -5
number("1e3", null, null) | 1000
number(from: "1.5", grouping separator: null, decimal separator: null) | 1.5
number("1.5") | 1.5
decimal(0.505, 2) | 0.5
decimal(n: 1.125, scale: 2) | 1.12
round up(5.5, 0) | 6
round up(-5.5, 0) | -6
round up(1.121, 2) | 1.13
round down(5.5, 0) | 5
round half up(1.126, 2) | 1.13
round half down(5.5, 0) | 5
round half down(1.126, 2) | 1.13
round up(123, -1) | 130
floor(1.5) | 1
ceiling(-1.5) | -1
abs(@"-P1Y") | @"P1Y"
modulo(10, -4.5) | -3.5
sqrt(2) > 1.41 | true
exp(0) | 1
even(0) | true
is(@"2012-12-25", time("23:00:50")) | false
is(1, 1.0) | true
is([1], [1]) | true
is(@"2012-12-25T23:00:50z", @"2012-12-25T23:00:50+00:00") | true
is(@"10:00:00@Europe/Amsterdam", @"10:00:00+01:00") | false
overlaps([1..5], [3..8]) | true
overlaps([1..5), [5..8]) | false
overlaps before([3..4], [1..5]) | false
overlaps before([1..5], (1..5]) | true
overlaps before([1..5), (1..5]) | true
overlaps after((1..5], [1..5)) | true
overlaps after((1..5], [1..6]) | false
overlaps after((2..6), [1..5]) | true
finishes([5..10], [1..10]) | true
finishes((1..10], [1..10]) | true
finishes([5..10), [1..10]) | false
finished by([1..10], 10) | true
includes([1..10], 5) | true
includes([1..10], [1..10]) | true
during(5, [1..10]) | true
during([4..6], [1..10)) | true
starts(1, [1..10]) | true
starts((1..5), (1..10)) | true
started by([1..10], 1) | true
coincides(5, 5) | true
coincides(5, 4) | false
before([1..5), 5) | true
before([1..10], 10) | false
after(10, [1..10)) | true
after([5..10], [1..5)) | true
meets([1..5), [5..10]) | false
met by([5..10], [1..5]) | true
before(@"2024-01-01", @"2024-01-02") | true
day of week(@"2019-09-17T00:00:00") | "Tuesday"
day of year(@"2020-12-31") | 366
week of year(date(2005, 1, 3)) | 1
week of year(date(2005, 1, 9)) | 1
week of year(date(2003, 12, 29)) | 1
month of year(@"2024-02-29T00:00:00Z") | "February"
range("(1..2)") | (1..2)
range("[\"a\"..\"c\"]") | ["a".."c"]
range("]1..2[") | (1..2)
range("[@\"2024-01-01\"..@\"2024-01-31\"]") | [@"2024-01-01"..@"2024-01-31"]
range("[date(\"2024-01-01\")..date(\"2024-01-31\")]") | [@"2024-01-01"..@"2024-01-31"]
context({key: "a", value: 1}) | {a: 1}
context([]) | {}
context put({x: 1}, "y", 2) | {x: 1, y: 2}
context put({x: 1, y: {a: 0}}, ["y"], 2) | {x: 1, y: 2}
context put({x: 1}, [""], 2) | {x: 1, "": 2}
context put({x: 1}, "x", null) | {x: null}
context put(context: {x: 1}, key: "y", value: 2) | {x: 1, y: 2}
context put(context: {x: 1}, keys: ["y"], value: 2) | {x: 1, y: 2}
context merge([]) | {}
context merge({x: 1}) | {x: 1}
context merge(contexts: [{a: 1}]) | {a: 1}
get entries({}) | []
get value(m: {a: 1}, key: "a") | 1
list replace([1, 2, 3], -1, 9) | [1, 2, 9]
list replace(list: [1, 2], position: 1, newItem: 5) | [5, 2]
list replace(list: [1, 2], match: function(i, n) i = 2, newItem: 5) | [1, 5]
insert before([1, 2], -1, 3) | [1, 3, 2]
remove([1, 2], -1) | [1]
sublist([1, 2, 3], -2) | [2, 3]
append([], null) | [null]
append(1, 2) | [1, 2]
index of([1, null], null) | [2]
union([1, null], [null]) | [1, null]
distinct values([1, "1", null, null]) | [1, "1", null]
flatten(1) | [1]
count([]) | 0
mean(1) | 1
mode([]) | []
all(true, false) | false
any(null, true) | true
min("a", "b") | "a"
max(@"P1D", @"P2D") | @"P2D"
sum(@"P1D", @"P2D") | @"P3D"
sort([3, 1, 2], function(x, y) x > y) | [3, 2, 1]
sort(list: [{a: 2}, {a: 1}], precedes: function(x, y) x.a < y.a) | [{a: 1}, {a: 2}]
split("John Doe", "\\s") | ["John", "Doe"]
split("", ",") | [""]
string join(["a", "b"]) | "ab"
string join([null, "a"], ",") | "a"
string join("a", ",") | "a"
string join(list: ["a", "b"], delimiter: "-") | "a-b"
string length("") | 0
substring before("foobar", "") | ""
substring after("foobar", "") | "foobar"
contains("", "") | true
matches("foobar", "^Fo*b", "i") | true
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") | "[1=ab][2=]cd"
not(negand: true) | false
if null then 1 else 2 | 2
if "a" then 1 else 2 | 2
1 in [1..3] | true
1 in ([2..3], < 2) | true
1 in (1) | true
5 in > 3 | true
[1, 2] in [[1, 2], 3] | true
"a" in "a" | true
1 between 0 and 2 | true
1 = null | false
null = null | true
1 != null | true
{a: 1} = {a: 1} | true
{a: 1, b: 2} = {b: 2, a: 1} | true
[1, null] = [1, null] | true
@"P1Y" = @"P12M" | true
"a" < "b" | true
[1..2] = [1..2] | true
[1..2] = [1..2) | false
false and "a" | false
true or "a" | true
[1, 2, 3][-1] | 3
1[1] | 1
[{a: 1}, {b: 2}].a | [1, null]
[{a: 1}, {a: 2}][a > 1] | [{a: 2}]
[{item: 1}][item = 1] | [{item: 1}]
[1, 2, 3][item >= 2] | [2, 3]
[1, 2][null] | []
{a: 1}[a = 1] | [{a: 1}]
for i in 1..3 return i * 2 | [2, 4, 6]
for i in 3..1 return i | [3, 2, 1]
for i in [1..3] return i | [1, 2, 3]
for i in (1..3) return i | [2]
for i in 1..3, j in [1, 2] return i * j | [1, 2, 2, 4, 3, 6]
for i in 1..4 return if i = 1 then 1 else partial[-1] * i | [1, 2, 6, 24]
for i in @"2024-01-30"..@"2024-02-01" return i.day | [30, 31, 1]
for i in 5 return i | [5]
for i in {a: 1} return i.a | [1]
some x in [1, 2] satisfies x > 1 | true
every x in [] satisfies false | true
some x in [null, true] satisfies x | true
every x in [1, 2] satisfies x > 1 | false
some x in [1, "a"] satisfies x > 0 | true
1 instance of number | true
null instance of number | false
null instance of Null | true
[1] instance of list<number> | true
[1, "a"] instance of list<number> | false
{a: 1} instance of context<a: number> | true
[1..2] instance of range<number> | true
@"P1D" instance of days and time duration | true
@"P1Y" instance of years and months duration | true
@"2024-01-01T00:00:00" instance of date and time | true
(function(x: number) x) instance of function<number> -> Any | true
abs instance of function<number> -> number | true
[] instance of list<string> | true
{f: function(a: number, b) a + b, r: f(1, 2)}.r | 3
{f: function(a, b) a - b, r: f(b: 1, a: 3)}.r | 2
(function(x) x + 1)(2) | 3
{a: 1, b: a + 1} | {a: 1, b: 2}
{"a b": 1}.a b | 1
-2 ** 2 | 4
2 - -2 | 4
"a" + "b" | "ab"
@"2024-01-31" + @"P1M" | @"2024-02-29"
@"2024-01-31" - @"P1D" | @"2024-01-30"
@"2024-03-01" - @"2024-02-28" | @"P2D"
@"10:00:00" - @"09:30:00" | @"PT30M"
@"23:00:00" + @"PT2H" | @"01:00:00"
@"2024-01-01T00:00:00" - @"2023-12-31T00:00:00" | @"P1D"
@"2024-01-01" - @"2023-12-31T00:00:00Z" | @"P1D"
@"P1Y" * 2 | @"P2Y"
@"P1Y" / @"P1M" | 12
@"P1D" / @"PT1H" | 24
@"P1D" / 2 | @"PT12H"
2 * @"P1D" | @"P2D"
@"P1Y" + @"P1M" | @"P1Y1M"
@"10:00:00Z" = @"11:00:00+01:00" | true
@"10:00:00" < @"11:00:00" | true
-@"P1D" | @"-P1D"
[1, 2, 3] = [1, 2] | false
string(1/3) | "0.3333333333333333333333333333333333"
0.1 + 0.2 | 0.3
"""

NULLS = r"""
date("2012-12-25T11:00:00")
date and time(date("2012-12-24"), time("T23:59:00"))
time("11:00:00+01:00@Europe/Paris")
duration("P1Y2M3DT4H")
duration("P14M").days
number("1000", "x", ".")
number("")
number(" 1")
round up(5.5)
floor(@"PT5H")
odd("a")
before(1, "a")
day of year("2019-09-17")
range("[1..2")
range("[2..1]")
range("[1+1..3]")
context([{key: "a", value: 1}, {key: "a", value: 2}])
context([{key: null, value: 1}])
context([{key: 1, value: 1}])
context put(null, "a", 1)
context put({x: 1}, null, 1)
context merge([{x: 1}, null])
get entries("a")
list replace([1, 2, 3], 0, 9)
list replace([1, 2, 3], 4, 9)
list replace([1, 2], function(i) true, 5)
insert before([1], 2, 3)
sublist([1, 2, 3], 2, 5)
concatenate([1], null)
reverse(null)
median([])
stddev([1])
all(null, true)
any("a")
all([true, 1])
mean([@"P1D", @"P3D"])
sort([3, 1, 2])
string join(["a", 1], ",")
substring("abc", -4)
substring("", 1)
not("a")
not(null)
null in [1..2]
null between 0 and 2
1 between null and 2
1 = "1"
[1] = 1
1 < null
@"P0D" = @"P0Y"
true < false
true and "a"
"a" or false
[1, 2, 3][4]
[1, 2, 3][0]
1[2]
null[1]
[1, 2]["a"]
for i in null return i
for i in 1.5..3 return i
every x in [null, true] satisfies x
{f: function(a: number) a, r: f("x")}.r
{f: function(a) a, r: f(b: 1)}.r
{a: 1, a: 2}
1 / 0
"a" - "b"
@"P1Y" + @"P1D"
@"P1M" / 0
@"2024-01-01" < @"2024-01-01T00:00:00"
-"a"
"""

@pytest.mark.parametrize("line", VALUES.strip().splitlines())
def test_an_expression_has_the_value_of_the_specification(line: str) -> None:
    text, value = line.split(" | ")
    assert render(compile_expression(text)({})) == render(compile_expression(value)({}))


@pytest.mark.parametrize("text", NULLS.strip().splitlines())
def test_an_expression_outside_its_domain_is_null_and_says_where(text: str) -> None:
    result = compile_expression(text).evaluate({})
    assert result.value is None
    assert all(0 <= remark.start < remark.end <= len(text) and remark.message for remark in result.remarks)
    assert result.remarks
