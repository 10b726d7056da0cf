"""matches, replace and split follow the regular expressions of XPath and XQuery, not those of Python."""

import pytest

from schuldhulp.rules.feel import compile_expression
from schuldhulp.rules.feel.tokens import escape
from schuldhulp.rules.feel.values import Value


def called(function: str, *arguments: str) -> Value:
    return compile_expression(f"{function}({', '.join(map(escape, arguments))})")({})


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "expected"),
    [
        ("foobar", "^fo*b", "", True),
        ("a\nb", "^b$", "m", True),
        ("a\nb", "^b$", "", False),
        ("a\n", "a$", "", False),
        ("a\nb", "a.b", "", False),
        ("a\rb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("helloworld", "hello world", "x", True),
        ("hello world", "hello[ ]world", "x", True),
        ("hello world", "hello\\ sworld", "x", True),
        ("AbCabc", "(abc)\\1", "i", True),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("A.B", "a.b", "qi", True),
        ("e", "[a-z-[aeiou]]", "", False),
        ("f", "[a-z-[aeiou]]", "", True),
        ("d", "[^a-c-[d]]", "", False),
        ("\u0663", "\\d", "", True),
        ("\u0663", "[0-9]", "", False),
        ("_", "\\w", "", False),
        ("$", "\\w", "", True),
        ("$", "[\\w]", "", True),
        ("\u00a0", "\\s", "", False),
        ("a:b", "^\\i\\c+$", "", True),
        ("\u03b1", "\\p{IsGreek}", "", True),
        ("A", "\\P{Ll}", "", True),
        ("\U0001f40e", "^.$", "", True),
        ("aab", "^a+?b", "", True),
        ("a", "", "", True),
    ],
)
def test_a_pattern_matches_as_in_xpath(text: str, pattern: str, flags: str, expected: bool) -> None:
    assert called("matches", text, pattern, flags) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        "[", "*a", "a{2,1}", "\\q", "(?=a)", "(?!a)", "(?<=a)", "\\1", "(a)\\2", "\\b", "\\Z", "a++", "(", "a)", "[]", "[z-a]",
        "a**", "{1}", "a{", "\\", "(?i)a", "(?P<n>a)", "[[:alpha:]]", "\\x41", "\\A", "\\G", "\\p{IsFoo}", "\\p{Xx}",
    ],
)
def test_what_xpath_does_not_have_gives_null_with_a_reason(pattern: str) -> None:
    result = compile_expression(f'matches("a", {escape(pattern)})').evaluate({})
    assert result.value is None
    assert result.remarks[0].kind == "invalid-pattern"


@pytest.mark.parametrize("flags", ["z", " ", "iz"])
def test_unknown_flags_give_null(flags: str) -> None:
    assert called("matches", "a", "a", flags) is None


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "flags", "expected"),
    [
        ("abracadabra", "bra", "*", "", "a*cada*"),
        ("abracadabra", "a.*?a", "*", "", "*c*bra"),
        ("abracadabra", "a(.)", "a$1$1", "", "abbraccaddabbra"),
        ("abracadabra", ".*?", "$1", "", None),
        ("AAAA", "A+?", "b", "", "bbbb"),
        ("darted", "^(.*?)d(.*)$", "$1c$2", "", "carted"),
        ("abcd", "(ab)|(a)", "[1=$1][2=$2]", "", "[1=ab][2=]cd"),
        ("abc", "(b)", "$12", "", "ab2c"),
        ("abc", "b", "$0$0", "", "abbc"),
        ("abc", "b", "\\$", "", "a$c"),
        ("abc", "b", "$", "", None),
        ("abc", "b", "\\", "", None),
        ("a/b", "/", "$", "q", "a$b"),
    ],
)
def test_replacing_follows_xpath(text: str, pattern: str, replacement: str, flags: str, expected: str | None) -> None:
    assert called("replace", text, pattern, replacement, flags) == expected


def test_splitting_is_by_a_pattern() -> None:
    assert called("split", "John Doe", "\\s") == ["John", "Doe"]
    assert called("split", "a;b;c;;", ";") == ["a", "b", "c", "", ""]
    assert called("split", "abc", "x*") is None
