"""Tree to text, so that reading the text again gives the same tree."""

from __future__ import annotations

from collections.abc import Callable

from schuldhulp.rules.feel import nodes, numbers
from schuldhulp.rules.feel.grammar import NEGATION_POWER, POWERS
from schuldhulp.rules.feel.nodes import Node, TypeNode
from schuldhulp.rules.feel.tokens import escape
from schuldhulp.rules.feel.values import render_key

_ATOM, _OPEN = 100, 5  # of what needs no brackets anywhere; of if, for, some, every and function, which run on


def print_tree(tree: Node) -> str:
    """FEEL text of a tree; names are taken to be in scope where it is read again."""
    if isinstance(tree, nodes.UnaryTests):
        tests = ", ".join(print_tree(test) for test in tree.tests) or "-"
        return f"not({tests})" if tree.negated else tests
    return _text(tree)[0]


def _text(node: Node) -> tuple[str, int]:
    """The text of a node, and how strongly it holds together."""
    match node:
        case nodes.Null():
            return "null", _ATOM
        case nodes.Boolean():
            return str(node.value).lower(), _ATOM
        case nodes.Number():
            return numbers.text(node.value), _ATOM
        case nodes.Text():
            return escape(node.value), _ATOM
        case nodes.AtLiteral():
            return f"@{escape(node.value)}", _ATOM
        case nodes.Name():
            return node.name, _ATOM
        case nodes.ListLiteral():
            return f"[{', '.join(map(print_tree, node.items))}]", _ATOM
        case nodes.ContextLiteral():
            return f"{{{', '.join(f'{_entry_key(e.key)}: {print_tree(e.value)}' for e in node.entries)}}}", _ATOM
        case nodes.Interval():
            opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
            return f"{opening}{print_tree(node.low)}..{print_tree(node.high)}{closing}", _ATOM
        case nodes.UnaryComparison():
            return f"{node.operator} {_held(node.operand, POWERS['='] + 1)}", _OPEN
        case nodes.UnaryTests():
            return print_tree(node), _OPEN
    return _postfix(node) or _infix(node) or _keyword(node)


def _held(node: Node, power: int) -> str:
    """The text of an operand, in brackets when it holds together less than `power`."""
    text, own = _text(node)
    return text if own >= power else f"({text})"


def _postfix(node: Node) -> tuple[str, int] | None:
    power = POWERS["."]
    match node:
        case nodes.Path():
            return f"{_subject(node.subject)}.{node.name}", power
        case nodes.Filter():
            return f"{_subject(node.subject)}[{print_tree(node.test)}]", power
        case nodes.Invocation():
            arguments = [print_tree(part) for part in node.positional]
            arguments += [f"{part.name}: {print_tree(part.value)}" for part in node.named]
            return f"{_subject(node.function)}({', '.join(arguments)})", power
    return None


def _subject(node: Node) -> str:
    text = _held(node, POWERS["."])
    return f"({text})" if isinstance(node, nodes.Number) else text


def _infix(node: Node) -> tuple[str, int] | None:
    match node:
        case nodes.Negation():
            return f"-{_held(node.operand, NEGATION_POWER)}", NEGATION_POWER
        case nodes.Arithmetic() | nodes.Comparison():
            power = POWERS[node.operator]
            return f"{_held(node.left, power)} {node.operator} {_held(node.right, power + 1)}", power
        case nodes.Between():
            power = POWERS["between"]
            low, high = _held(node.low, power + 1), _held(node.high, power + 1)
            return f"{_held(node.operand, power)} between {low} and {high}", power
        case nodes.In():
            power = POWERS["in"]
            return f"{_held(node.operand, power)} in ({', '.join(map(print_tree, node.tests))})", power
        case nodes.InstanceOf():
            power = POWERS["instance"]
            return f"{_held(node.operand, power)} instance of {print_type(node.type)}", power
        case nodes.Conjunction():
            return " and ".join(_held(part, POWERS["and"] + 1) for part in node.operands), POWERS["and"]
        case nodes.Disjunction():
            return " or ".join(_held(part, POWERS["or"] + 1) for part in node.operands), POWERS["or"]
    return None


def _keyword(node: Node) -> tuple[str, int]:
    match node:
        case nodes.If():
            condition, then, otherwise = map(print_tree, (node.condition, node.then, node.otherwise))
            return f"if {condition} then {then} else {otherwise}", _OPEN
        case nodes.For():
            return f"for {_domains(node.domains)} return {print_tree(node.body)}", _OPEN
        case nodes.Quantified():
            word = "every" if node.every else "some"
            return f"{word} {_domains(node.domains)} satisfies {print_tree(node.test)}", _OPEN
        case nodes.FunctionDefinition():
            external = "external " if node.external else ""
            return f"function({', '.join(map(_parameter, node.parameters))}) {external}{print_tree(node.body)}", _OPEN
    raise TypeError(f"not an expression: {node!r}")


def _domains(domains: tuple[nodes.Domain, ...]) -> str:
    def one(domain: nodes.Domain) -> str:
        last = "" if domain.last is None else f"..{print_tree(domain.last)}"
        return f"{domain.name} in {print_tree(domain.values)}{last}"

    return ", ".join(map(one, domains))


def _parameter(parameter: nodes.Parameter) -> str:
    return parameter.name if parameter.type is None else f"{parameter.name}: {print_type(parameter.type)}"


def print_type(node: TypeNode) -> str:
    """The text of a type."""
    match node:
        case nodes.NamedType():
            return node.name
        case nodes.ListOf():
            return f"list<{print_type(node.item)}>"
        case nodes.RangeOf():
            return f"range<{print_type(node.item)}>"
        case nodes.ContextOf():
            return f"context<{', '.join(map(_parameter, node.fields))}>"
    return f"function<{', '.join(map(print_type, node.parameters))}>->{print_type(node.result)}"


_entry_key: Callable[[str], str] = render_key
