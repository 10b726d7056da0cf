"""Tree to closures: one function per kind of node, all in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.callables import Function
from schuldhulp.rules.feel.compile import calls, control, membership, names, operators, structures
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.types import FeelType


def _name(compiler: Compiler, node: nodes.Name) -> Eval:
    read = names.name(compiler, node)
    return structures.partial(compiler, node, read) if node.name == "partial" else read


_TABLE: dict[type, Callable[[Compiler, Any], Eval]] = {
    nodes.Null: operators.null,
    nodes.Boolean: operators.literal,
    nodes.Number: operators.literal,
    nodes.Text: operators.literal,
    nodes.AtLiteral: operators.at_literal,
    nodes.Name: _name,
    nodes.Path: structures.path,
    nodes.Filter: structures.filter_list,
    nodes.Invocation: calls.invocation,
    nodes.Negation: operators.negation,
    nodes.Arithmetic: operators.arithmetic,
    nodes.Comparison: operators.comparison,
    nodes.Between: operators.between,
    nodes.In: membership.in_tests,
    nodes.Conjunction: operators.conjunction,
    nodes.Disjunction: operators.disjunction,
    nodes.If: control.if_then_else,
    nodes.For: control.for_in,
    nodes.Quantified: control.quantified,
    nodes.InstanceOf: operators.instance_of_type,
    nodes.FunctionDefinition: calls.function_definition,
    nodes.ListLiteral: structures.list_literal,
    nodes.ContextLiteral: structures.context_literal,
    nodes.Interval: membership.interval,
    nodes.UnaryComparison: membership.unary_comparison,
    nodes.UnaryTests: membership.unary_tests,
}


def compile_tree(
    text: str, tree: Node, names: frozenset[str], functions: Mapping[str, Function], types: Mapping[str, FeelType]
) -> tuple[Eval, int]:
    """The closure of a tree and the number of places its environment has (scope and run included)."""
    compiler = Compiler(text, names, functions, types, _TABLE)
    closure = compiler.compile(tree)
    return closure, compiler.size


__all__ = ["Env", "Eval", "compile_tree"]
