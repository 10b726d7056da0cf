"""Literals, arithmetic, comparison, three-valued logic, membership, types."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.arithmetic import negate, operate
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compare import compare, equal, is_member
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.compile.typing import resolve_operand
from schuldhulp.rules.feel.errors import FeelValueError, NullResult
from schuldhulp.rules.feel.numbers import CONTEXT
from schuldhulp.rules.feel.temporal import read_temporal
from schuldhulp.rules.feel.types import instance_of
from schuldhulp.rules.feel.values import Range, Value, brief, kind, weight


def null(compiler: Compiler, _node: nodes.Null) -> Eval:
    return compiler.constant(None)


def literal(compiler: Compiler, node: nodes.Boolean | nodes.Number | nodes.Text) -> Eval:
    return compiler.constant(node.value)


def at_literal(compiler: Compiler, node: nodes.AtLiteral) -> Eval:
    try:
        return compiler.constant(read_temporal(node.value))
    except FeelValueError as error:
        fail, message = compiler.fail(node), str(error)

        def wrong(env: Env) -> Value:
            return fail(env[1], "invalid-literal", message)

        return wrong


def negation(compiler: Compiler, node: nodes.Negation) -> Eval:
    operand, fail = compiler.compile(node.operand), compiler.fail(node)

    def negation(env: Env) -> Value:
        try:
            return negate(operand(env))
        except NullResult as reason:
            return fail.because(env[1], reason)

    return compiler.folded(negation, operand)


# The operators that are one call of the decimal context; its answer stands when it is finite.
_NUMERIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply,
}


def arithmetic(compiler: Compiler, node: nodes.Arithmetic) -> Eval:
    left, right, fail = compiler.compile(node.left), compiler.compile(node.right), compiler.fail(node)
    sign = node.operator
    numeric = _NUMERIC.get(sign)
    joins = sign == "+"

    def arithmetic(env: Env) -> Value:
        a, b = left(env), right(env)
        if numeric is not None and type(a) is Decimal and type(b) is Decimal:
            number = numeric(a, b)
            if number.is_finite():
                return number
        try:
            if joins and isinstance(a, str) and isinstance(b, str):
                fail.charge(env[1], (len(a) + len(b)) >> 5)
            return operate(sign, a, b)
        except NullResult as reason:
            return fail.because(env[1], reason)

    return compiler.folded(arithmetic, left, right)


_ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}


def comparison(compiler: Compiler, node: nodes.Comparison) -> Eval:
    left, right, fail = compiler.compile(node.left), compiler.compile(node.right), compiler.fail(node)
    if node.operator in _ORDERS:
        closure = _ordering(node.operator, left, right, fail)
    else:
        closure = _equality(node.operator == "!=", left, right, fail)
    return compiler.folded(closure, left, right)


def _equality(negated: bool, left: Eval, right: Eval, fail: Fail) -> Eval:
    def equality(env: Env) -> Value:
        a, b = left(env), right(env)
        if isinstance(a, (list, dict)):
            fail.charge(env[1], weight(a))
        answer = equal(a, b)
        if answer is None:
            return incomparable(env[1], fail, a, b)
        return answer is not negated

    return equality


def _ordering(sign: str, left: Eval, right: Eval, fail: Fail) -> Eval:
    holds = _ORDERS[sign]

    def ordering(env: Env) -> Value:
        a, b = left(env), right(env)
        if type(a) is Decimal and type(b) is Decimal:
            return holds(a, b)
        order = compare(a, b)
        if order is None:
            return incomparable(env[1], fail, a, b)
        return holds(order, 0)

    return ordering


def incomparable(run: Run, fail: Fail, left: Value, right: Value) -> bool | None:
    """Null, with the remark for two values that have no order or no equality."""
    if left is None or right is None:
        return fail(run, "null-operand", "null cannot be compared in order")
    what = f"{kind(left)} {brief(left)} with {kind(right)} {brief(right)}"
    return fail(run, "type-mismatch", f"cannot compare {what}")


def between(compiler: Compiler, node: nodes.Between) -> Eval:
    operand, low, high = compiler.compile(node.operand), compiler.compile(node.low), compiler.compile(node.high)
    fail = compiler.fail(node)

    def between(env: Env) -> Value:
        value, bottom, top = operand(env), low(env), high(env)
        answers: list[bool | None] = []
        for order, end, side in ((compare(value, bottom), bottom, 1), (compare(value, top), top, -1)):
            if order is None:
                incomparable(env[1], fail, value, end)
                answers.append(None)
            else:
                answers.append(order in (0, side))
        if False in answers:
            return False
        return None if None in answers else True

    return compiler.folded(between, operand, low, high)


def conjunction(compiler: Compiler, node: nodes.Conjunction) -> Eval:
    return _junction(compiler, node, False)


def disjunction(compiler: Compiler, node: nodes.Disjunction) -> Eval:
    return _junction(compiler, node, True)


def _junction(compiler: Compiler, node: nodes.Conjunction | nodes.Disjunction, decides: bool) -> Eval:
    """and, or: the first operand that decides; null if any is not a boolean and none decides."""
    operands = compiler.all(node.operands)
    fails = [compiler.fail(part) for part in node.operands]
    word, other = "or" if decides else "and", not decides

    def junction(env: Env) -> Value:
        unsure: tuple[Eval, Value] | None = None
        for evaluate in operands:
            value = evaluate(env)
            if value is decides:
                return decides
            if value is not other and unsure is None:
                unsure = evaluate, value
        if unsure is None:
            return other
        evaluate, value = unsure
        fail = fails[operands.index(evaluate)]
        if value is None:
            return fail(env[1], "null-operand", f"null beside {word!r}")
        return fail(env[1], "type-mismatch", f"{kind(value)} {brief(value)} beside {word!r} is not a boolean")

    return compiler.folded(junction, *operands)


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
    holds = _ORDERS[sign]

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


def instance_of_type(compiler: Compiler, node: nodes.InstanceOf) -> Eval:
    operand, fail = compiler.compile(node.operand), compiler.fail(node.type)
    try:
        wanted = resolve_operand(node.type, compiler.types)
    except NullResult as error:
        message = error.message

        def unknown(env: Env) -> Value:
            return fail(env[1], "unknown-type", message)

        return unknown

    def is_instance(env: Env) -> Value:
        value = operand(env)
        if isinstance(value, (list, dict)):
            fail.charge(env[1], weight(value))
        return instance_of(value, wanted)

    return is_instance
