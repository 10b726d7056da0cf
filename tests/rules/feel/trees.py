"""Random trees of FEEL expressions over a small scope."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.nodes import Node

NAMES = ("a", "b", "bedrag per maand", "net-to loon", "x", "?")
FIELDS = ("a", "veld een", "year", "start included")
FUNCTIONS = (
    "count", "sum", "min", "string length", "substring", "append", "matches", "date", "duration", "not", "sort", "decimal",
    "string", "list replace", "get value", "context put", "number", "flatten", "range", "before", "split", "exp", "remove",
)
TEMPORALS = ("2024-02-29", "10:30:00@Europe/Amsterdam", "2024-02-29T10:30:00Z", "P1Y2M", "-P1DT2H", "nonsense", "-0044-03-15")

numbers = st.one_of(
    st.integers(0, 5).map(Decimal),
    st.decimals(0, 10**12, allow_nan=False, allow_infinity=False, places=3),
    st.sampled_from([Decimal("1e6144"), Decimal("1e-6100"), Decimal(10**18)]),
).map(lambda value: nodes.Number(value))
texts = st.text(st.characters(codec="utf-8"), max_size=6).map(lambda value: nodes.Text(value))
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(nodes.Null),
    st.booleans().map(lambda value: nodes.Boolean(value)),
    numbers,
    texts,
    st.sampled_from(TEMPORALS).map(lambda text: nodes.AtLiteral(text)),
    st.sampled_from(NAMES).map(lambda name: nodes.Name(name)),
)
types = st.recursive(
    st.sampled_from(["number", "string", "date and time", "Any", "days and time duration"]).map(
        lambda name: nodes.NamedType(name)
    ),
    lambda inner: st.one_of(
        inner.map(lambda item: nodes.ListOf(item)),
        inner.map(lambda item: nodes.RangeOf(item)),
        inner.map(lambda item: nodes.ContextOf((nodes.Parameter("veld een", item),))),
        st.builds(lambda taken, given: nodes.FunctionOf(tuple(taken), given), st.lists(inner, max_size=2), inner),
    ),
    max_leaves=4,
)


def _compound(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    """Every kind of node over smaller ones."""
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    few = st.lists(inner, max_size=3).map(tuple)
    names = st.sampled_from(NAMES[:-1])
    domains = st.lists(st.builds(nodes.Domain, names, inner, st.none() | inner), min_size=1, max_size=2).map(tuple)
    parameters = st.lists(st.builds(nodes.Parameter, names, st.none() | types), max_size=2, unique_by=lambda p: p.name)
    entries = st.lists(st.builds(nodes.Entry, st.sampled_from((*FIELDS, "({!", "")), inner), max_size=3)
    named = st.lists(st.builds(nodes.NamedArgument, st.sampled_from(("list", "from", "n")), inner), min_size=1, max_size=2)
    functions = st.sampled_from(FUNCTIONS).map(lambda name: nodes.Name(name)) | inner
    orders = st.sampled_from(("=", "!=", "<", "<=", ">", ">="))
    return st.one_of(
        st.builds(nodes.Path, inner, st.sampled_from(FIELDS)),
        st.builds(nodes.Filter, inner, inner),
        st.builds(nodes.Invocation, functions, few),
        st.builds(nodes.Invocation, functions, st.just(()), named.map(tuple)),
        st.builds(nodes.Negation, inner),
        st.builds(nodes.Arithmetic, st.sampled_from(("+", "-", "*", "/", "**")), inner, inner),
        st.builds(nodes.Comparison, orders, inner, inner),
        st.builds(nodes.Between, inner, inner, inner),
        st.builds(nodes.In, inner, st.lists(inner | st.builds(nodes.UnaryComparison, orders, inner), min_size=1).map(tuple)),
        st.builds(nodes.Conjunction, some),
        st.builds(nodes.Disjunction, some),
        st.builds(nodes.If, inner, inner, inner),
        st.builds(nodes.For, domains, inner),
        st.builds(nodes.Quantified, st.booleans(), domains, inner),
        st.builds(nodes.InstanceOf, inner, types),
        st.builds(nodes.FunctionDefinition, parameters.map(tuple), inner),
        st.builds(nodes.ListLiteral, few),
        st.builds(nodes.ContextLiteral, entries.map(tuple)),
        st.builds(nodes.Interval, inner, inner, st.booleans(), st.booleans()),
        st.builds(nodes.UnaryComparison, orders, inner),
    )


trees: st.SearchStrategy[Node] = st.recursive(leaves, _compound, max_leaves=12)


def _operators() -> list[Callable[[Node, Node, Node], Node]]:
    """Arithmetic and comparison with each operator, of the first two of three nodes."""

    def of(kind: type[nodes.Arithmetic] | type[nodes.Comparison], sign: str) -> Callable[[Node, Node, Node], Node]:
        def shape(a: Node, b: Node, c: Node) -> Node:
            return kind(sign, a, b)

        shape.__name__ = sign
        return shape

    arithmetic = [of(nodes.Arithmetic, sign) for sign in ("+", "-", "*", "/", "**")]
    return arithmetic + [of(nodes.Comparison, sign) for sign in ("=", "!=", "<", ">=")]


def path(a: Node, b: Node, c: Node) -> Node:
    return nodes.Path(a, "year")


def filtered(a: Node, b: Node, c: Node) -> Node:
    return nodes.Filter(a, b)


def called(a: Node, b: Node, c: Node) -> Node:
    return nodes.Invocation(a, (b, c))


def negated(a: Node, b: Node, c: Node) -> Node:
    return nodes.Negation(a)


def between(a: Node, b: Node, c: Node) -> Node:
    return nodes.Between(a, b, c)


def among(a: Node, b: Node, c: Node) -> Node:
    return nodes.In(a, (b, nodes.UnaryComparison("<", c)))


def both(a: Node, b: Node, c: Node) -> Node:
    return nodes.Conjunction((a, b, c))


def either(a: Node, b: Node, c: Node) -> Node:
    return nodes.Disjunction((a, b, c))


def choice(a: Node, b: Node, c: Node) -> Node:
    return nodes.If(a, b, c)


def loop(a: Node, b: Node, c: Node) -> Node:
    return nodes.For((nodes.Domain("x", a, b),), c)


def some(a: Node, b: Node, c: Node) -> Node:
    return nodes.Quantified(False, (nodes.Domain("x", a, None),), b)


def typed(a: Node, b: Node, c: Node) -> Node:
    return nodes.InstanceOf(a, nodes.NamedType("number"))


def function(a: Node, b: Node, c: Node) -> Node:
    return nodes.FunctionDefinition((nodes.Parameter("x", None),), a)


def listed(a: Node, b: Node, c: Node) -> Node:
    return nodes.ListLiteral((a, b, c))


def context(a: Node, b: Node, c: Node) -> Node:
    return nodes.ContextLiteral((nodes.Entry("a", a), nodes.Entry("veld een", b)))


def interval(a: Node, b: Node, c: Node) -> Node:
    return nodes.Interval(a, b, True, False)


def below(a: Node, b: Node, c: Node) -> Node:
    return nodes.UnaryComparison("<", a)


SHAPES = (
    *_operators(), path, filtered, called, negated, between, among, both, either, choice, loop, some, typed, function,
    listed, context, interval, below,
)
