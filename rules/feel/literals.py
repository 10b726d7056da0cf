"""The text of an interval between literals, for the function range()."""

from __future__ import annotations

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compile import compile_tree
from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.grammar import parse_expression
from schuldhulp.rules.feel.names import built_in_names
from schuldhulp.rules.feel.values import Range, Value

_LITERAL_FUNCTIONS = frozenset(("date", "time", "date and time", "duration"))


def read_interval(text: str, run: Run) -> Value:
    """The range that "[1..10]" means; ends are literals. Raises FeelError."""
    run.charge(len(text) // 8 + 1)
    tree = parse_expression(text, built_in_names())
    if not isinstance(tree, nodes.Interval) or not (_is_literal(tree.low) and _is_literal(tree.high)):
        raise FeelValueError('an interval between two literals is expected, such as "[1..10]"')
    closure, size = compile_tree(text, tree, frozenset(), {}, {})
    quiet = Run(text, limit=1000)
    found = closure([{}, quiet, *([None] * size)])
    if quiet.remarks:
        raise FeelValueError(quiet.remarks[0].message)
    if isinstance(found, Range) and found.start is None and found.end is None:
        raise FeelValueError("an interval needs an end that is not null")
    return found


def _is_literal(node: nodes.Node) -> bool:
    match node:
        case nodes.Null() | nodes.Number() | nodes.Text() | nodes.AtLiteral():
            return True
        case nodes.Negation(operand=nodes.Number()):
            return True
        case nodes.Invocation(function=nodes.Name(name), positional=positional, named=()):
            return name in _LITERAL_FUNCTIONS and len(positional) == 1 and isinstance(positional[0], nodes.Text)
    return False
