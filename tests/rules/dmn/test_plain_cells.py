"""Cells and literals that are told by their form mean what FEEL finds by evaluating them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schuldhulp.rules.dmn.classes import NotConstant, Profile, is_constant, profile
from schuldhulp.rules.dmn.program.plain_cells import plain_literal, plain_profile
from schuldhulp.rules.dmn.program.texts import constant_value
from schuldhulp.rules.feel import FeelSyntaxError, Value, compile_expression, compile_unary_tests
from schuldhulp.rules.feel.nodes import Node

SPACE = st.sampled_from(["", " ", "  "])
NUMBER = st.sampled_from(["0", "-0", "1", "-1", "2.5", "-2.50", "007", "123456789012345", "0.000001", ".5", "1e3"])
TEXT = st.sampled_from(['"a"', '"b"', '""', '" a, b "', '"é"', '"a\\n"', '"-"', '"(other)"'])
PIECES = st.sampled_from(
    ["[", "]", "(", ")", "..", ",", "-", "<", "<=", ">", ">=", "=", "!=", "true", "false", "null", "not(", "a", "\n", "?"]
)
CELLS = st.one_of(
    st.builds(lambda *parts: "".join(parts), SPACE, st.sampled_from("[(]"), SPACE, NUMBER, SPACE, st.just(".."), SPACE, NUMBER,
              SPACE, st.sampled_from("])["), SPACE),
    st.builds(lambda *parts: "".join(parts), SPACE, st.sampled_from(["", "<", "<=", ">", ">=", "=", "!="]), SPACE, NUMBER, SPACE),
    st.builds(lambda by, texts: by.join(texts), st.sampled_from([", ", ",", " , "]), st.lists(TEXT, min_size=1, max_size=4)),
    st.lists(st.one_of(PIECES, NUMBER, TEXT), min_size=1, max_size=5).map("".join),
)


def evaluated(text: str) -> Profile | None:
    """The profile found the long way, or None when the cell has none."""
    try:
        compiled = compile_unary_tests(text)
    except FeelSyntaxError:
        return None

    def test(value: Value) -> bool:
        return compiled({"?": value}) is True

    def constant(node: Node) -> Value:
        if not is_constant(node, frozenset()):
            raise NotConstant
        return constant_value(compiled.text, node)

    try:
        return profile(compiled.tree, test, constant)
    except NotConstant:
        return None


def never(_: Value) -> bool:
    raise AssertionError("nothing is evaluated")


@settings(max_examples=400, deadline=None)
@given(CELLS)
def test_a_cell_told_by_its_form_has_the_profile_that_evaluating_gives(text: str) -> None:
    plain = plain_profile(text, never)
    if plain is not None:
        found = evaluated(text)
        assert found is not None
        assert plain == replace(found, test=never), text


@pytest.mark.parametrize("text", ["18", " >= 18", "[18..65)", '"huur", "energie"', "]0 .. 2.5]", "< -3"])
def test_the_usual_cells_are_told_by_their_form(text: str) -> None:
    assert plain_profile(text, never) is not None


@settings(max_examples=200, deadline=None)
@given(st.one_of(NUMBER, TEXT, PIECES, st.tuples(NUMBER, TEXT).map("".join)))
def test_a_literal_told_by_its_form_has_the_value_that_evaluating_gives(text: str) -> None:
    plain = plain_literal(text)
    if plain is not None:
        value = compile_expression(text)({})
        assert repr(plain[0]) == repr(value)
