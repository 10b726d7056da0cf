"""The columns of a table as axes: classes of values, a witness for each, and the rules that accept it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schuldhulp.rules.dmn.classes import ORDERED, NotConstant, Profile, constants, is_constant, profile, unlike
from schuldhulp.rules.dmn.index import build_column
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.session import Scope, Session
from schuldhulp.rules.dmn.program.table import CompiledInput, CompiledTable
from schuldhulp.rules.dmn.program.texts import Cell, constant_value
from schuldhulp.rules.feel import (
    BOOLEAN,
    DATE,
    DAYS_TIME_DURATION,
    NUMBER,
    STRING,
    YEARS_MONTHS_DURATION,
    DaysTimeDuration,
    FeelDate,
    FeelType,
    NamedType,
    Value,
    YearsMonthsDuration,
    compile_expression,
    conforms,
    nodes,
)
from schuldhulp.rules.feel.nodes import Node
from schuldhulp.rules.feel.types import ANY, bare

_KINDS: dict[FeelType, type] = {
    NUMBER: Decimal,
    STRING: str,
    BOOLEAN: bool,
    DATE: FeelDate,
    YEARS_MONTHS_DURATION: YearsMonthsDuration,
    DAYS_TIME_DURATION: DaysTimeDuration,
}


@dataclass(frozen=True, slots=True)
class Domain:
    """What the values of a column may be: the kinds with classes, the type and the tests of allowed values."""

    kinds: tuple[type, ...] | None  # None: as the cells have them
    type: FeelType
    tests: tuple[Callable[[Value], bool], ...]
    mentioned: tuple[Value, ...]  # the constants of the allowed values, which bound classes too

    def holds(self, value: Value) -> bool:
        return (value is None or conforms(value, self.type)) and all(test(value) for test in self.tests)

    @property
    def limited(self) -> bool:
        return bool(self.tests)


@dataclass(frozen=True, slots=True)
class Axis:
    """One input: its expression, a witness per class of values, and per rule the classes it accepts."""

    name: str
    columns: tuple[int, ...]
    witnesses: tuple[Value, ...]
    accepts: tuple[int, ...]


def opaque_cells(table: CompiledTable, scope: Scope) -> Iterator[tuple[int, int, Cell]]:
    """The cells (rule index, column, cell) that even with *scope* depend on more than the value."""
    for column, one in enumerate(table.inputs):
        for rule, cell in enumerate(one.cells):
            if cell.profile is None and cell_profile(cell, table.model.rules[rule].tests[column].text, scope) is None:
                yield rule, column, cell


def cell_profile(cell: Cell, text: str, scope: Scope) -> Profile | None:
    """The profile of a cell when the names in *scope* have these values; None when it still depends on more."""
    if cell.profile is not None:
        return cell.profile
    if cell.tree is None:
        return None
    session = Session(strict=False)

    def test(value: Value) -> bool:
        return cell.evaluate({**scope, "?": value}, session) is True

    def constant(node: Node) -> Value:
        if is_constant(node, frozenset()):
            return constant_value(text, node)
        if symbol(node) is None:
            raise NotConstant
        found = compile_expression(text[node.start : node.end], scope).evaluate(scope)
        if found.value is None:
            raise NotConstant
        return found.value

    try:
        return profile(cell.tree, test, constant)
    except NotConstant:
        return None


def symbol(node: Node) -> tuple[str, ...] | None:
    """`p.spoed_dagen` as ("p", "spoed_dagen"); None for anything but a name or a path of names."""
    match node:
        case nodes.Name(name) if name != "?":
            return (name,)
        case nodes.Path(subject, name):
            inner = symbol(subject)
            return None if inner is None else (*inner, name)
    return None


def symbols(cell: Cell, text: str) -> set[tuple[str, ...]]:
    """The parameters that a cell compares the value with."""
    found: set[tuple[str, ...]] = set()

    def constant(node: Node) -> Value:
        path = symbol(node)
        if path is not None:
            found.add(path)
            return None
        if is_constant(node, frozenset()):
            return constant_value(text, node)
        raise NotConstant

    if cell.tree is None:
        return set()
    try:
        list(constants(cell.tree, constant))
    except NotConstant:
        return set()
    return found


def domain_of(model: DmnModel, table: CompiledTable, column: int, types: Mapping[str, FeelType]) -> Domain:
    """The domain of a column: its own type or that of the input it names, its input values and the type's."""
    one = table.inputs[column]
    stated = one.kind if one.kind is not ANY else _named_type(one, types)
    kinds = None if stated is ANY else ((_KINDS[bare(stated)],) if bare(stated) in _KINDS else ())
    tests: list[Callable[[Value], bool]] = list(_type_tests(stated))
    mentioned: list[Value] = []
    known = _named_type(one, types)
    if known is not stated:
        tests += _type_tests(known)
    if one.allowed is not None:
        allowed, session = one.allowed, Session(strict=False)
        tests.append(lambda value: allowed({"?": value}, session) is True)
    texts = [one.clause.allowed.text] if one.clause.allowed is not None else []
    for kind in (stated, known):
        texts += model.graph.compiler.types.texts_of(kind)
    for text in dict.fromkeys(texts):
        mentioned += literals(text)
    return Domain(kinds, stated, tuple(tests), tuple(mentioned))


def _type_tests(kind: FeelType) -> Iterator[Callable[[Value], bool]]:
    while isinstance(kind, NamedType):
        if kind.allows is not None:
            yield kind.allows
        kind = kind.base


def _named_type(one: CompiledInput, types: Mapping[str, FeelType]) -> FeelType:
    """The type of an input expression that is a name, or a path into a context."""
    text = one.clause.expression.text.text
    path = symbol(compile_expression(text, types).tree)
    if path is None or path[0] not in types:
        return ANY
    kind = types[path[0]]
    for name in path[1:]:
        inner = bare(kind)
        fields = dict(inner.fields) if hasattr(inner, "fields") else {}
        kind = fields.get(name, ANY)
    return kind


def literals(text: str) -> list[Value]:
    """Every literal in a text of unary tests: the values at which what is allowed may change."""
    from schuldhulp.rules.feel import FeelSyntaxError, compile_unary_tests
    from schuldhulp.rules.feel.nodes import Part, parts

    try:
        waiting: list[Part] = [compile_unary_tests(text).tree]
    except FeelSyntaxError:
        return []
    found: list[Value] = []
    while waiting:
        node = waiting.pop()
        if not isinstance(node, nodes.Entry | nodes.Parameter | nodes.NamedArgument | nodes.Domain) and is_constant(
            node, frozenset()  # type: ignore[arg-type]
        ):
            try:
                found.append(constant_value(text, node))  # type: ignore[arg-type]
            except NotConstant:
                continue
        else:
            waiting.extend(reversed(list(parts(node))))
    return found


def build_axis(
    name: str, columns: Sequence[int], profiles: Sequence[Sequence[Profile | None]], domains: Sequence[Domain]
) -> Axis:
    """The axis of the columns that test one and the same expression. A cell without a profile accepts nothing."""
    known = [profile for column in profiles for profile in column if profile is not None]
    witnesses = tuple(_witnesses(known, domains))
    lookups = [build_column(column).lookup for column in profiles]
    rules = len(profiles[0])
    dynamic = sum(1 << n for n in range(rules) if any(column[n] is None for column in profiles))
    accepts = [0] * rules
    for at, witness in enumerate(witnesses):
        mask = ~dynamic
        for lookup in lookups:
            mask &= lookup(witness)
        for rule in range(rules):
            if mask >> rule & 1:
                accepts[rule] |= 1 << at
    return Axis(name, tuple(columns), witnesses, tuple(accepts))


def _witnesses(known: Sequence[Profile], domains: Sequence[Domain]) -> Iterator[Value]:
    """One value per class that all domains hold, the plain ones first."""

    def holds(value: Value) -> bool:
        return all(domain.holds(value) for domain in domains)

    mentioned = [value for domain in domains for value in domain.mentioned]
    kinds = next((domain.kinds for domain in domains if domain.kinds is not None), None)
    if kinds is None:
        kinds = tuple(_kinds_seen(known, mentioned))
    if str in kinds:
        texts = sorted({text for one in known for text in one.texts} | {m for m in mentioned if isinstance(m, str)})
        yield from (text for text in (*texts, unlike(texts)) if holds(text))
    if bool in kinds:
        yield from (value for value in (True, False) if holds(value))
    for kind in ORDERED:
        if kind in kinds:
            values = [value for one in known for value in one.steps[kind].constants]
            yield from _ordered_witnesses(kind, [*values, *(m for m in mentioned if type(m) is kind)], holds)
    if _null_counts(known, domains) and holds(None):
        yield None


def _kinds_seen(known: Sequence[Profile], mentioned: Sequence[Value]) -> Iterator[type]:
    """Without a type the cells tell what kinds of values there are; numbers when they tell nothing."""
    found = [type(value) for value in mentioned if type(value) in (*ORDERED, str, bool)]
    for one in known:
        if one.texts:
            found.append(str)
        if one.true != one.false:
            found.append(bool)
        found += [kind for kind in ORDERED if one.steps[kind].constants]
    yield from dict.fromkeys(found or [Decimal])


def _null_counts(known: Sequence[Profile], domains: Sequence[Domain]) -> bool:
    """Null is a value to reckon with where the allowed values name it, or a cell tests for it."""
    if any(domain.limited for domain in domains):
        return True
    return any(one.tests_null for one in known)


def _ordered_witnesses(kind: type, values: list[Value], holds: Callable[[Value], bool]) -> Iterator[Value]:
    ordered = ORDERED[kind]
    row = [value for _, value in sorted({ordered.order(value): value for value in values}.items())]
    for at, high in enumerate([*row, None]):
        low = row[at - 1] if at else None
        yield from _first_held(_candidates(kind, low, high), holds)
        if high is not None and holds(high):
            yield high


def _first_held(candidates: Iterator[Value], holds: Callable[[Value], bool]) -> Iterator[Value]:
    for value in candidates:
        if holds(value):
            yield value
            return


def _candidates(kind: type, low: Value, high: Value) -> Iterator[Value]:
    """Values between two neighbours: a whole number first, then cents, then the middle."""
    value = ORDERED[kind].between(low, high)
    if value is None:
        return
    yield value
    if isinstance(low, Decimal):
        cent = (low + Decimal("0.01")).quantize(Decimal("0.01"))
        if high is None or (isinstance(high, Decimal) and low < cent < high):
            yield cent
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        yield (low + high) / 2
