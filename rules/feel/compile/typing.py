"""Type nodes to types."""

from __future__ import annotations

from collections.abc import Mapping

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.names import did_you_mean
from schuldhulp.rules.feel.types import (
    BUILT_IN_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
)

_EXAMPLES = {
    "list": "list<number>", "context": "context<a: number>", "range": "range<number>",
    "function": "function<number>->string",
}


def resolve(node: nodes.TypeNode, types: Mapping[str, FeelType]) -> FeelType:
    """The type that a type expression means. Raises NullResult for a name that is not known."""
    match node:
        case nodes.NamedType():
            found = types.get(node.name) or BUILT_IN_TYPES.get(node.name)
            if found is None:
                hint = did_you_mean(node.name, (*types, *BUILT_IN_TYPES))
                raise NullResult("unknown-type", f"there is no type {node.name!r}{hint}")
            return found
        case nodes.ListOf():
            return ListType(resolve(node.item, types))
        case nodes.RangeOf():
            return RangeType(resolve(node.item, types))
        case nodes.ContextOf():
            inner = [(part.name, resolve(part.type, types)) for part in node.fields if part.type is not None]
            return ContextType(tuple(inner))
    return FunctionType(tuple(resolve(part, types) for part in node.parameters), resolve(node.result, types))


def resolve_operand(node: nodes.TypeNode, types: Mapping[str, FeelType]) -> FeelType:
    """The type behind `instance of`, where list, context, range and function need parameters (Table 61)."""
    if isinstance(node, nodes.NamedType) and node.name in _EXAMPLES and node.name not in types:
        raise NullResult("unknown-type", f"the type {node.name} needs parameters, such as {_EXAMPLES[node.name]}")
    return resolve(node, types)
