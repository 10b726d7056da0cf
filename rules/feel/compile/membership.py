"""Tests of a value: `in`, the cells of decision tables, and the ranges that they are made of."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compare import compare, equal, is_member
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.compile.operators import ORDERS, incomparable
from schuldhulp.rules.feel.values import Range, Value, brief, kind, weight


def in_tests(compiler: Compiler, node: nodes.In) -> Eval:
    operand = compiler.compile(node.operand)
    fail = compiler.fail(node)
    with compiler.binding("?") as (slot,):
        tests = [test(compiler, part, slot) for part in node.tests]

    def in_tests(env: Env) -> Value:
        value = env[slot] = operand(env)
        known: bool | None = False
        for evaluate in tests:
            answer = evaluate(env, value)
            if answer is True:
                return True
            if answer is None:
                known = None
        return known if known is False else no_match(env[1], fail, value)

    return in_tests


def no_match(run: Run, fail: Fail, value: Value) -> bool | None:
    """Null, with a remark, for a value that could not be compared with a test."""
    if value is None:
        return fail(run, "null-operand", "the value under test is null")
    return fail(run, "no-match", f"{kind(value)} {brief(value)} cannot be compared with the test")


Test = Callable[[Env, Value], bool | None]


def test(compiler: Compiler, node: nodes.Node, slot: int | None) -> Test:
    """One positive unary test. `slot` holds the value under test; None when "?" comes from the caller's scope."""
    if isinstance(node, nodes.UnaryComparison):
        return _unary_test(compiler, node)
    evaluate = compiler.compile(node)
    if uses_input(node):
        return _boolean_test(evaluate)
    fixed = _fixed(compiler, node, evaluate)
    if fixed is not None:
        return fixed

    def member(env: Env, value: Value) -> bool | None:
        wanted = evaluate(env)
        if isinstance(wanted, list):
            env[1].charge(weight(wanted))
        elif wanted is True and slot is None and not isinstance(value, (bool, type(None))):
            return True  # a cell that is a condition by itself, without "?"
        elif wanted is False and slot is None and not isinstance(value, (bool, type(None))):
            return False
        return is_member(value, wanted)

    return member


def _fixed(compiler: Compiler, node: nodes.Node, evaluate: Eval) -> Test | None:
    """A test against a constant: a text, a number, an interval between numbers, or a list of constants."""
    if isinstance(node, nodes.ListLiteral):
        items = [compiler.constants.get(compiler.compile(item), _UNKNOWN) for item in node.items]
        return None if _UNKNOWN in items else _fixed_list(items)
    match compiler.constants.get(evaluate, _UNKNOWN):
        case str() | Decimal() as wanted:
            kind_of = type(wanted)
            return lambda _env, value: value == wanted if type(value) is kind_of else is_member(value, wanted)
        case Range(start=Decimal() as low, end=Decimal() as high, operator=None) as within:
            above = operator.le if within.start_included else operator.lt
            below = operator.le if within.end_included else operator.lt

            def between(_env: Env, value: Value) -> bool | None:
                if type(value) is Decimal:
                    return bool(above(low, value) and below(value, high))
                return is_member(value, within)

            return between
    return None


_UNKNOWN: Any = object()


def _fixed_list(items: list[Value]) -> Test:
    if all(isinstance(item, str) for item in items):
        texts = frozenset(item for item in items if isinstance(item, str))
        return lambda _env, value: value in texts if type(value) is str else is_member(value, items)
    return lambda _env, value: is_member(value, items)


def _boolean_test(evaluate: Eval) -> Test:
    """A test that speaks of "?" decides by itself; a range or list that it gives is still a test."""

    def boolean(env: Env, value: Value) -> bool | None:
        answer = evaluate(env)
        if isinstance(answer, bool):
            return answer
        return None if answer is None else is_member(value, answer)

    return boolean


def _unary_test(compiler: Compiler, node: nodes.UnaryComparison) -> Test:
    operand, sign, fail = compiler.compile(node.operand), node.operator, compiler.fail(node)
    if sign in ("=", "!="):

        def equality(env: Env, value: Value) -> bool | None:
            wanted = operand(env)
            answer = equal(value, wanted)
            if answer is None:
                return incomparable(env[1], fail, value, wanted)
            return answer is (sign == "=")

        return equality
    holds = ORDERS[sign]

    def ordering(env: Env, value: Value) -> bool | None:
        end = operand(env)
        if type(value) is Decimal and type(end) is Decimal:
            return holds(value, end)
        order = compare(value, end)
        if order is None:
            return incomparable(env[1], fail, value, end)
        return holds(order, 0)

    return ordering


def uses_input(node: nodes.Part) -> bool:
    """Whether a test speaks of "?" itself (not inside a nested `in`, which has its own)."""
    stack: list[nodes.Part] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, nodes.Name) and part.name == "?":
            return True
        stack.extend([part.operand] if isinstance(part, nodes.In) else nodes.parts(part))
    return False


def unary_tests(compiler: Compiler, node: nodes.UnaryTests) -> Eval:
    tests = [test(compiler, part, None) for part in node.tests]
    negated, passes_all, fail = node.negated, not node.tests, compiler.fail(node)

    def unary_tests(env: Env) -> Value:
        if passes_all:
            return True
        value = env[0].get("?")
        known: bool | None = False
        for evaluate in tests:
            answer = evaluate(env, value)
            if answer is True:
                return not negated
            if answer is None:
                known = None
        return negated if known is False else no_match(env[1], fail, value)

    return unary_tests


_OPEN: dict[str, tuple[bool, bool]] = {
    "<": (False, False), "<=": (False, True), ">": (False, False), ">=": (True, False),
}


def unary_comparison(compiler: Compiler, node: nodes.UnaryComparison) -> Eval:
    """(< 10) as a value: a range without one of its ends."""
    operand, sign, fail = compiler.compile(node.operand), node.operator, compiler.fail(node)
    if sign in ("=", "!="):
        return lambda env: Range(end := operand(env), end, sign == "=", sign == "=", sign)
    low, high = _OPEN[sign]

    def unary_range(env: Env) -> Value:
        end = operand(env)
        if end is None or compare(end, end) is None:
            return fail(env[1], "type-mismatch", f"{kind(end)} {brief(end)} has no order")
        return Range(None, end, low, high, sign) if sign[0] == "<" else Range(end, None, low, high, sign)

    return unary_range


def interval(compiler: Compiler, node: nodes.Interval) -> Eval:
    low, high, fail = compiler.compile(node.low), compiler.compile(node.high), compiler.fail(node)
    low_included, high_included = node.low_included, node.high_included

    def interval(env: Env) -> Value:
        bottom, top = low(env), high(env)
        if bottom is not None and top is not None:
            order = compare(bottom, top)
            if order is None:
                return incomparable(env[1], fail, bottom, top)
            if order > 0:
                return fail(env[1], "invalid-range", f"the interval ends at {brief(top)}, before it starts")
        return Range(bottom, top, low_included, high_included)

    return compiler.folded(interval, low, high)
