"""The type of an expression as far as it shows without evaluating: what a function definition gives back.

Used where a type has to be told of a function value, as in `f instance of function<number>->number` (10.3.2.9, Table
43: the type of `function(x: number, y: number) x + y` is (number, number) -> number). Any where it does not show.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.arithmetic import OPERATIONS
from schuldhulp.rules.feel.callables import Function
from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.temporal import (
    DaysTimeDuration,
    FeelDate,
    FeelDateTime,
    FeelTime,
    YearsMonthsDuration,
    read_temporal,
)
from schuldhulp.rules.feel.types import (
    ANY,
    BOOLEAN,
    BUILT_IN_TYPES,
    NUMBER,
    STRING,
    ContextType,
    FeelType,
    ListType,
    RangeType,
    bare,
)
from schuldhulp.rules.feel.values import kind

Types = Mapping[str, FeelType]
_TRUTHS = (
    nodes.Boolean, nodes.Comparison, nodes.Between, nodes.In, nodes.Conjunction, nodes.Disjunction, nodes.Quantified,
    nodes.InstanceOf,
)


def infer(node: Node, types: Types, functions: Mapping[str, Function]) -> FeelType:
    """The type of the node's values, given the types of names."""
    if isinstance(node, _TRUTHS):
        return BOOLEAN
    match node:
        case nodes.Number():
            return NUMBER
        case nodes.Text():
            return STRING
        case nodes.AtLiteral():
            return _literal(node.value)
        case nodes.Name():
            return types.get(node.name, ANY)
        case nodes.Negation():
            return infer(node.operand, types, functions)
        case nodes.Arithmetic():
            return _arithmetic(node, types, functions)
        case nodes.If():
            then, otherwise = infer(node.then, types, functions), infer(node.otherwise, types, functions)
            return then if then == otherwise else ANY
        case nodes.Interval():
            return RangeType(infer(node.low, types, functions))
        case nodes.UnaryComparison():
            return RangeType(infer(node.operand, types, functions))
        case nodes.Invocation(function=nodes.Name(name)) if name in functions and name not in types:
            return functions[name].signatures[0].result
    return _structure(node, types, functions)


def _structure(node: Node, types: Types, functions: Mapping[str, Function]) -> FeelType:
    match node:
        case nodes.ListLiteral():
            found = {infer(item, types, functions) for item in node.items}
            return ListType(found.pop() if len(found) == 1 else ANY)
        case nodes.ContextLiteral():
            inner = dict(types)
            for entry in node.entries:
                inner[entry.key] = infer(entry.value, inner, functions)
            return ContextType(tuple((entry.key, inner[entry.key]) for entry in node.entries))
        case nodes.For():
            inner = dict(types)
            for domain in node.domains:
                inner[domain.name] = _item(infer(domain.values, inner, functions), domain.last is not None)
            return ListType(infer(node.body, inner, functions))
        case nodes.Path():
            subject = bare(infer(node.subject, types, functions))
            return dict(subject.fields).get(node.name, ANY) if isinstance(subject, ContextType) else ANY
    return ANY


def _item(values: FeelType, counted: bool) -> FeelType:
    values = bare(values)
    if counted:
        return values
    return values.item if isinstance(values, (ListType, RangeType)) else ANY


def _literal(text: str) -> FeelType:
    try:
        return BUILT_IN_TYPES[kind(read_temporal(text))]
    except FeelValueError:
        return ANY


def _arithmetic(node: nodes.Arithmetic, types: Types, functions: Mapping[str, Function]) -> FeelType:
    left, right = bare(infer(node.left, types, functions)), bare(infer(node.right, types, functions))
    return _results().get((node.operator, left, right), ANY)


_SAMPLES: tuple[Any, ...] = (
    Decimal(1), "a", YearsMonthsDuration(1), DaysTimeDuration(1), FeelDate(2000, 1, 1), FeelTime(0, 0, 0),
    FeelDateTime(FeelDate(2000, 1, 1), FeelTime(0, 0, 0, offset=0)),
)


@cache
def _results() -> dict[tuple[str, FeelType, FeelType], FeelType]:
    """The result type of every operation that the tables of arithmetic have, found by doing it once."""
    found: dict[tuple[str, FeelType, FeelType], FeelType] = {}
    for sign, table in OPERATIONS.items():
        for left, right in product(_SAMPLES, _SAMPLES):
            operation = table.get((type(left), type(right)))
            if operation is not None:
                result = BUILT_IN_TYPES[kind(operation(left, right))]
                found[sign, BUILT_IN_TYPES[kind(left)], BUILT_IN_TYPES[kind(right)]] = result
    return found
