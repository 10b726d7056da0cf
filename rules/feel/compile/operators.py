"""Literals, arithmetic, comparison, three-valued logic, types."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.arithmetic import negate, operate
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compare import compare, equal
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.compile.typing import resolve_operand
from schuldhulp.rules.feel.errors import FeelValueError, NullResult
from schuldhulp.rules.feel.numbers import CONTEXT
from schuldhulp.rules.feel.temporal import read_temporal
from schuldhulp.rules.feel.types import instance_of
from schuldhulp.rules.feel.values import Value, brief, kind, weight


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


ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}


def comparison(compiler: Compiler, node: nodes.Comparison) -> Eval:
    left, right, fail = compiler.compile(node.left), compiler.compile(node.right), compiler.fail(node)
    if node.operator in ORDERS:
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
    holds = ORDERS[sign]

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
