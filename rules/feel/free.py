"""Free names of a tree: those that no iterator, parameter or context entry of the tree itself binds."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.nodes import Name, Node, Part, parts


def free_names(tree: Node) -> frozenset[str]:
    """All names that must come from outside (data, functions, built-ins); inside a filter, that may."""
    return frozenset(node.name for node in free_name_nodes(tree))


def free_name_nodes(tree: Part, bound: frozenset[str] = frozenset(), *, in_filters: bool = True) -> Iterator[Name]:
    """The nodes of the free names, in the order of the text."""
    match tree:
        case nodes.Name():
            if tree.name not in bound:
                yield tree
            return
        case nodes.Filter():
            yield from free_name_nodes(tree.subject, bound, in_filters=in_filters)
            if in_filters:
                yield from free_name_nodes(tree.test, bound | {"item"})
            return
        case nodes.For() | nodes.Quantified():
            yield from _domains(tree, bound, in_filters)
            return
        case nodes.FunctionDefinition():
            inner = bound | {parameter.name for parameter in tree.parameters}
            yield from free_name_nodes(tree.body, inner, in_filters=in_filters)
            return
        case nodes.ContextLiteral():
            for entry in tree.entries:
                own = bound | {entry.key} if isinstance(entry.value, nodes.FunctionDefinition) else bound
                yield from free_name_nodes(entry.value, own, in_filters=in_filters)
                bound = bound | {entry.key}
            return
        case nodes.In():
            yield from free_name_nodes(tree.operand, bound, in_filters=in_filters)
            for test in tree.tests:
                yield from free_name_nodes(test, bound | {"?"}, in_filters=in_filters)
            return
    for part in parts(tree):
        yield from free_name_nodes(part, bound, in_filters=in_filters)


def _domains(tree: nodes.For | nodes.Quantified, bound: frozenset[str], in_filters: bool) -> Iterator[Name]:
    for domain in tree.domains:
        yield from free_name_nodes(domain.values, bound, in_filters=in_filters)
        if domain.last is not None:
            yield from free_name_nodes(domain.last, bound, in_filters=in_filters)
        bound = bound | {domain.name}
    if isinstance(tree, nodes.For):
        yield from free_name_nodes(tree.body, bound | {"partial"}, in_filters=in_filters)
    else:
        yield from free_name_nodes(tree.test, bound, in_filters=in_filters)
