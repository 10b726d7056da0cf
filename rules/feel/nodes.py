"""The tree of an expression: frozen, typed, with positions that do not take part in equality.

The names follow the grammar of DMN 1.5, 10.3.1.2. `start` and `end` are offsets into the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands in the text."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Null(Place):
    pass


@dataclass(frozen=True, slots=True)
class Boolean(Place):
    value: bool


@dataclass(frozen=True, slots=True)
class Number(Place):
    value: Decimal


@dataclass(frozen=True, slots=True)
class Text(Place):
    value: str


@dataclass(frozen=True, slots=True)
class AtLiteral(Place):
    """@"2024-02-29": a temporal literal."""

    value: str


@dataclass(frozen=True, slots=True)
class Name(Place):
    name: str


@dataclass(frozen=True, slots=True)
class Path(Place):
    subject: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter(Place):
    subject: Node
    test: Node


@dataclass(frozen=True, slots=True)
class NamedArgument(Place):
    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Invocation(Place):
    """f(1, 2) or f(a: 1, b: 2); one of the two tuples is empty."""

    function: Node
    positional: tuple[Node, ...] = ()
    named: tuple[NamedArgument, ...] = ()


@dataclass(frozen=True, slots=True)
class Negation(Place):
    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Place):
    operator: str  # + - * / **
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Place):
    operator: str  # = != < <= > >=
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Place):
    operand: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class In(Place):
    """x in test, or x in (test, test)."""

    operand: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conjunction(Place):
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Place):
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Place):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Domain(Place):
    """One `name in list` or `name in first..last` of a for, some or every."""

    name: str
    values: Node
    last: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Place):
    domains: tuple[Domain, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Place):
    every: bool
    domains: tuple[Domain, ...]
    test: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Place):
    operand: Node
    type: TypeNode


@dataclass(frozen=True, slots=True)
class Parameter(Place):
    name: str
    type: TypeNode | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Place):
    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class ListLiteral(Place):
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry(Place):
    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextLiteral(Place):
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Interval(Place):
    """[1..10], (1..10], ]1..10[ and so on."""

    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class UnaryComparison(Place):
    """< 10, >= x: a test of `?`, or between brackets a range without one of its ends."""

    operator: str  # = != < <= > >=
    operand: Node


@dataclass(frozen=True, slots=True)
class UnaryTests(Place):
    """The text of a decision table's cell. No tests and not negated is "-", which everything passes."""

    tests: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class NamedType(Place):
    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Place):
    item: TypeNode


@dataclass(frozen=True, slots=True)
class RangeOf(Place):
    item: TypeNode


@dataclass(frozen=True, slots=True)
class ContextOf(Place):
    fields: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class FunctionOf(Place):
    parameters: tuple[TypeNode, ...]
    result: TypeNode


TypeNode = NamedType | ListOf | RangeOf | ContextOf | FunctionOf
Node = (
    Null | Boolean | Number | Text | AtLiteral | Name | Path | Filter | Invocation | Negation | Arithmetic | Comparison
    | Between | In | Conjunction | Disjunction | If | For | Quantified | InstanceOf | FunctionDefinition | ListLiteral
    | ContextLiteral | Interval | UnaryComparison | UnaryTests
)
Part = Node | TypeNode | NamedArgument | Domain | Parameter | Entry


def parts(node: Part) -> Iterator[Part]:
    """The direct parts of a node, in the order of the text."""
    for name in node.__dataclass_fields__:
        value = getattr(node, name)
        if isinstance(value, Place):
            yield value  # type: ignore[misc]  # every subclass of Place is a Part
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Place))  # type: ignore[misc]


def depth(node: Part) -> int:
    """How deep the tree is, counted without recursion so that it is safe for any tree."""
    deepest = 0
    stack: list[tuple[Part, int]] = [(node, 1)]
    while stack:
        current, level = stack.pop()
        deepest = max(deepest, level)
        stack.extend((part, level + 1) for part in parts(current))
    return deepest
