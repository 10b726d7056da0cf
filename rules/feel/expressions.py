"""Compiled expressions: made once per text and scope, cached, evaluated any number of times from any thread."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from schuldhulp.rules.feel import free, grammar
from schuldhulp.rules.feel.callables import DEFAULT_LIMIT, External, Function, Param, Run, Signature
from schuldhulp.rules.feel.compile import Eval, compile_tree
from schuldhulp.rules.feel.errors import FeelEvaluationError, FeelSyntaxError, Remark, UnknownName, WorkLimitExceeded
from schuldhulp.rules.feel.names import built_in_names, did_you_mean
from schuldhulp.rules.feel.nodes import Name, Node
from schuldhulp.rules.feel.types import ANY, FeelType, coerce, member_names
from schuldhulp.rules.feel.values import Value


@dataclass(frozen=True, slots=True)
class Result:
    """A value, and why any null in the evaluation came about."""

    value: Value
    remarks: tuple[Remark, ...]


class Compiled:
    """An expression or unary tests, ready to evaluate. Immutable; share it between threads."""

    __slots__ = ("_blank", "_closure", "functions", "names", "text", "tree")

    def __init__(
        self, text: str, tree: Node, names: frozenset[str], functions: Mapping[str, Function], closure: Eval, size: int
    ) -> None:
        self.text, self.tree, self.names, self.functions = text, tree, names, functions
        self._closure = closure
        self._blank: list[Value] = [None] * size

    def evaluate(
        self, scope: Mapping[str, Value], *, now: datetime | None = None, limit: int = DEFAULT_LIMIT,
        external: External | None = None, strict: bool = False,
    ) -> Result:
        """The value in a scope of FEEL values (see `feel_value`), with remarks.

        `now` is what now() and today() answer; without it they are null. `limit` bounds the work in steps (loop turns,
        calls, items, 32 characters). `external` holds the functions that `function(...) external {...}` may reach.
        Unary tests read the value under test from "?". Raises WorkLimitExceeded; under `strict` FeelEvaluationError for
        an error anywhere in the evaluation, or for a null that has a reason.
        """
        run = Run(self.text, now, limit, external, strict)
        value = self.evaluate_in(run, scope)
        if strict and value is None and run.remarks:
            raise FeelEvaluationError(run.remarks[0])
        return Result(value, tuple(run.remarks))

    def __call__(self, scope: Mapping[str, Value], *, now: datetime | None = None, limit: int = DEFAULT_LIMIT) -> Value:
        """The value alone."""
        return self.evaluate_in(Run(self.text, now, limit), scope)

    def evaluate_in(self, run: Run, scope: Mapping[str, Value]) -> Value:
        """The value, as part of a larger evaluation: same clock, limits and remarks."""
        try:
            return self._closure([scope, run, *self._blank])
        except RecursionError:
            message = "the evaluation nests too deep"
            raise WorkLimitExceeded(self.text, 0, len(self.text), message) from None

    def as_function(
        self, name: str, parameters: Sequence[tuple[str, FeelType]], scope: Mapping[str, Value] | None = None, *,
        result: FeelType = ANY,
    ) -> Function:
        """The expression as a function of some of its names; the other names come from `scope`."""
        outer = {} if scope is None else scope
        names = [parameter for parameter, _ in parameters]

        def body(run: Run, arguments: list[Value]) -> Value:
            inner = {**outer, **dict(zip(names, arguments, strict=True))}
            return coerce(self.evaluate_in(run, inner), result)

        params = tuple(Param(parameter, kind) for parameter, kind in parameters)
        return Function(name, [Signature(params, body, result)])

    def __repr__(self) -> str:
        return f"Compiled({self.text!r})"


def compile_expression(
    text: str, names: Iterable[str] = (), *, functions: Mapping[str, Function] | None = None,
    types: Mapping[str, FeelType] | None = None, named_types: Mapping[str, FeelType] | None = None,
    strict_names: bool = False,
) -> Compiled:
    """A textual expression, compiled for a scope that has `names`.

    `functions` are added to the built-ins. `types` gives the types of names where they are known: the names of their
    fields are then recognised behind a dot and in filters even when they hold signs. `named_types` are the item
    definitions, for `instance of` and typed parameters. A name that is nowhere evaluates to null with a remark; with
    `strict_names` it is a FeelSyntaxError. Raises FeelSyntaxError.
    """
    return _compile("expression", text, names, functions, types, named_types, strict_names)


def compile_unary_tests(
    text: str, names: Iterable[str] = (), *, functions: Mapping[str, Function] | None = None,
    types: Mapping[str, FeelType] | None = None, named_types: Mapping[str, FeelType] | None = None,
    strict_names: bool = False,
) -> Compiled:
    """The cell of a decision table; evaluate it with "?" in the scope. True, false, or null when it cannot be told."""
    return _compile("unary tests", text, names, functions, types, named_types, strict_names)


def _compile(
    kind: str, text: str, names: Iterable[str], functions: Mapping[str, Function] | None,
    types: Mapping[str, FeelType] | None, named_types: Mapping[str, FeelType] | None, strict_names: bool,
) -> Compiled:
    compiled = _cached(
        kind, text, frozenset(names), frozenset((functions or {}).items()), frozenset((types or {}).items()),
        frozenset((named_types or {}).items()),
    )
    if strict_names:
        _refuse_unknown(compiled)
    return compiled


@lru_cache(maxsize=8192)
def _cached(
    kind: str, text: str, names: frozenset[str], functions: frozenset[tuple[str, Function]],
    types: frozenset[tuple[str, FeelType]], named_types: frozenset[tuple[str, FeelType]],
) -> Compiled:
    added = dict(functions)
    known_types = dict(named_types)
    members = _members(types | named_types)
    parse = grammar.parse_unary_tests if kind == "unary tests" else grammar.parse_expression
    own = names | {"?"} if kind == "unary tests" else names
    try:
        tree = parse(text, _in_scope(names, frozenset(added)), members, frozenset(known_types))
        closure, size = compile_tree(text, tree, own, added, known_types)
    except RecursionError:  # the limits on nesting come first, unless the caller's own stack is deep already
        raise FeelSyntaxError(text, 0, len(text), "the expression is nested too deep; split it") from None
    return Compiled(text, tree, own, added, closure, size)


@lru_cache(maxsize=256)
def _in_scope(names: frozenset[str], functions: frozenset[str]) -> frozenset[str]:
    return names | functions | built_in_names()


@lru_cache(maxsize=256)
def _members(types: frozenset[tuple[str, FeelType]]) -> frozenset[str]:
    return frozenset(name for _, kind in types for name in member_names(kind))


def unknown_names(compiled: Compiled) -> list[str]:
    """Names that are neither in scope, nor local, nor functions, in the order of the text; each once.

    A name inside a filter is left out, since it may be an entry of the items.
    """
    return list(dict.fromkeys(node.name for node in _unknown(compiled)))


def _unknown(compiled: Compiled) -> list[Name]:
    known = compiled.names | set(compiled.functions) | built_in_names()
    return [node for node in free.free_name_nodes(compiled.tree, in_filters=False) if node.name not in known]


def _refuse_unknown(compiled: Compiled) -> None:
    for node in _unknown(compiled):
        hint = did_you_mean(node.name, compiled.names | set(compiled.functions) | built_in_names())
        raise UnknownName(compiled.text, node.start, node.end, f"there is no {node.name!r} here{hint}")
