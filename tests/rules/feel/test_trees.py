"""Any tree can be written and read again, and any text ends in a value or a FEEL error with a place."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schuldhulp.rules.feel import (
    Compiled,
    FeelPlaceError,
    FeelSyntaxError,
    Remark,
    compile_expression,
    compile_unary_tests,
    feel_value,
    print_tree,
    render,
)
from schuldhulp.rules.feel.nodes import Name, Node, Null, Part, UnaryTests, parts
from tests.rules.feel.trees import NAMES, SHAPES, trees

SCOPE = {
    "a": feel_value(3), "b": feel_value([1, "twee", None, {"a": 4, "veld een": [5]}]), "x": feel_value("tekst"),
    "bedrag per maand": feel_value(Decimal("12.50")), "net-to loon": None, "?": feel_value(2),
}
NOW = datetime(2026, 5, 5, 12, tzinfo=UTC)
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@relaxed
@given(trees)
def test_a_printed_tree_reads_as_the_same_tree(tree: Node) -> None:
    assert compile_expression(print_tree(tree), NAMES).tree == tree


@pytest.mark.parametrize("outer", range(len(SHAPES)), ids=[shape.__name__ for shape in SHAPES])
def test_every_kind_of_node_reads_back_within_every_other_and_at_every_place(outer: int) -> None:
    leaves = [Name("a"), Name("b"), Name("x")]
    for shape in SHAPES:
        for place in range(3):
            held = [*leaves[:place], shape(*leaves), *leaves[place + 1 :]]
            tree = SHAPES[outer](*held)
            assert compile_expression(print_tree(tree), NAMES).tree == tree, print_tree(tree)


@relaxed
@given(st.lists(trees, min_size=1, max_size=3), st.booleans())
def test_printed_unary_tests_read_as_the_same_tests(tests: list[Node], negated: bool) -> None:
    tree = UnaryTests(tuple(tests), negated)
    assert compile_unary_tests(print_tree(tree), NAMES).tree == tree


def outcome(compiled: Compiled) -> tuple[str, tuple[Remark, ...]]:
    """What comes of an evaluation, as text; every error and every remark must have a place in the text."""
    try:
        result = compiled.evaluate(SCOPE, now=NOW, limit=20_000)
    except FeelPlaceError as error:
        places = [(error.start, error.end, error.text)]
        outcome: tuple[str, tuple[Remark, ...]] = (str(error), ())
    else:
        places = [(remark.start, remark.end, remark.text) for remark in result.remarks]
        outcome = render(result.value), result.remarks
    assert all(0 <= start < end <= len(text) for start, end, text in places)
    return outcome


@relaxed
@given(trees)
def test_any_expression_ends_in_a_value_or_an_error_with_a_place_and_always_the_same(tree: Node) -> None:
    compiled = compile_expression(print_tree(tree), NAMES)
    assert outcome(compiled) == outcome(compiled)


@relaxed
@given(trees)
def test_a_null_where_none_was_given_has_a_reason(tree: Node) -> None:
    compiled = compile_expression(print_tree(tree), NAMES)
    text, remarks = outcome(compiled)
    assert text != "null" or remarks or may_give_null(tree)


def may_give_null(tree: Node) -> bool:
    """Whether a null of the expression can be one that was put in, and not the outcome of an error."""
    stack: list[Part] = [tree]
    while stack:
        part = stack.pop()
        if isinstance(part, Null) or (isinstance(part, Name) and part.name in ("net-to loon", "b", "get value")):
            return True
        stack.extend(parts(part))
    return False


PIECES = st.sampled_from((
    "a", "b", "x", "?", "1", ".5", "2e3", '"t"', "@", '"P1D"', "(", ")", "[", "]", "{", "}", ",", ":", ".", "..", "+", "-",
    "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or", "not", "if", "then", "else", "for", "in", "return", "some",
    "every", "satisfies", "between", "instance", "of", "function", "external", "list", "date", "time", "null", "true",
    "partial", "item", "//", "/*", "*/", "'", "$", "#", "\\",
))


@pytest.mark.endurance
@settings(relaxed, max_examples=3_000)
@given(trees)
def test_thousands_of_expressions_read_back_and_end_well(tree: Node) -> None:
    compiled = compile_expression(print_tree(tree), NAMES)
    assert compiled.tree == tree
    assert outcome(compiled) == outcome(compiled)


@relaxed
@given(st.lists(PIECES, max_size=25), st.booleans())
def test_any_sequence_of_tokens_is_read_or_refused_with_a_place(pieces: list[str], unary: bool) -> None:
    read_or_refused(" ".join(pieces), unary)


@relaxed
@given(st.text(max_size=40), st.booleans())
def test_any_text_is_read_or_refused_with_a_place(text: str, unary: bool) -> None:
    read_or_refused(text, unary)


def read_or_refused(text: str, unary: bool) -> None:
    try:
        compiled = (compile_unary_tests if unary else compile_expression)(text, NAMES)
    except FeelSyntaxError as error:
        place = error.start, str(error)
    else:
        place = 0, "^" if outcome(compiled) else ""
    assert 0 <= place[0] <= len(text)
    assert "^" in place[1]
