"""Boxed expressions: XML to model (DMN 1.5 chapter 10.2)."""

from __future__ import annotations

from schuldhulp.rules.dmn.model import (
    Binding,
    Conditional,
    Context,
    Entry,
    Expression,
    Filter,
    FunctionDefinition,
    Invocation,
    Iteration,
    ListOf,
    Literal,
    Relation,
    Variable,
)
from schuldhulp.rules.dmn.read.names import read_name, type_ref
from schuldhulp.rules.dmn.read.schema import EXPRESSIONS
from schuldhulp.rules.dmn.read.tables import read_table
from schuldhulp.rules.dmn.read.walk import Element, Walk, child, children, local


def read_expression(walk: Walk, element: Element, within: str) -> Expression:
    """The model of one boxed expression; *element* is one of EXPRESSIONS."""
    match local(element):
        case "literalExpression":
            return read_literal(walk, element, within)
        case "decisionTable":
            return read_table(walk, element, within)
        case "context":
            return _context(walk, element, within)
        case "relation":
            return _relation(walk, element, within)
        case "list":
            items = [read_expression(walk, item, within) for item in children(element, *EXPRESSIONS)]
            return ListOf(tuple(items), walk.place(element, within), type_ref(element))
        case "functionDefinition":
            return read_function(walk, element, within)
        case "invocation":
            return _invocation(walk, element, within)
        case "conditional":
            return _conditional(walk, element, within)
        case "filter":
            source, match = _part(walk, element, "in", within), _part(walk, element, "match", within)
            return Filter(source, match, walk.place(element, within), type_ref(element))
        case _:
            return _iteration(walk, element, within)


def read_literal(walk: Walk, element: Element, within: str) -> Literal:
    return Literal(walk.text(element, element, within), type_ref(element))


def only_expression(walk: Walk, element: Element, within: str) -> Expression | None:
    """The one boxed expression in *element*; None when there is none, a complaint when there are several."""
    found = list(children(element, *EXPRESSIONS))
    if len(found) > 1:
        walk.complain(
            found[1],
            "several-expressions",
            f"<{local(element)}> holds {len(found)} expressions",
            "Keep one of them.",
            within,
        )
    return read_expression(walk, found[0], within) if found else None


def _needed(walk: Walk, element: Element, within: str) -> Expression:
    expression = only_expression(walk, element, within)
    if expression is None:
        walk.complain(
            element, "no-expression", f"<{local(element)}> holds no expression", "Give it an expression.", within
        )
        return Literal(walk.text(None, element, within))
    return expression


def _part(walk: Walk, element: Element, name: str, within: str) -> Expression:
    part = child(element, name)
    if part is None:
        walk.complain(element, "part", f"<{local(element)}> has no <{name}>", f"Add <{name}>.", within)
        return Literal(walk.text(None, element, within))
    return _needed(walk, part, within)


def _context(walk: Walk, element: Element, within: str) -> Context:
    entries: list[Entry] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        named = None if variable is None else read_variable(walk, variable, within)
        inside = within if named is None else f'{within}, entry "{named.name}"'
        entries.append(Entry(named, _needed(walk, entry, inside)))
    for made in entries[:-1]:
        if made.variable is None:
            walk.complain(
                element,
                "context-result",
                "an entry without a name is not the last entry of its context",
                "Name the entry, or move it to the end, where it is the result.",
                within,
            )
    return Context(tuple(entries), walk.place(element, within), type_ref(element))


def _relation(walk: Walk, element: Element, within: str) -> Relation:
    columns = tuple(read_variable(walk, column, within) for column in children(element, "column"))
    rows: list[tuple[Expression, ...]] = []
    for number, row in enumerate(children(element, "row"), 1):
        cells = tuple(read_expression(walk, cell, f"{within}, row {number}") for cell in children(row, *EXPRESSIONS))
        if len(cells) != len(columns):
            walk.complain(
                row,
                "row-length",
                f"row {number} has {len(cells)} cells for {len(columns)} columns",
                "Give each column one cell.",
                within,
            )
        rows.append(cells)
    return Relation(columns, tuple(rows), walk.place(element, within), type_ref(element))


def read_function(walk: Walk, element: Element, within: str) -> FunctionDefinition:
    """A boxed function or the logic of a business knowledge model."""
    kind = {"F": "FEEL", "J": "Java", "P": "PMML"}.get(element.get("kind", "FEEL"), element.get("kind", "FEEL"))
    if kind not in ("FEEL", "Java"):
        walk.complain(
            element,
            "function-kind",
            f"functions of kind {kind!r} are not supported",
            "Write the function in FEEL.",
            within,
        )
    parameters = tuple(read_variable(walk, one, within) for one in children(element, "formalParameter"))
    body = only_expression(walk, element, within)
    return FunctionDefinition(parameters, body, walk.place(element, within), kind, type_ref(element))


def _invocation(walk: Walk, element: Element, within: str) -> Invocation:
    bindings: list[Binding] = []
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        if parameter is None:
            walk.complain(binding, "part", "<binding> has no <parameter>", "Name the parameter.", within)
            continue
        variable = read_variable(walk, parameter, within)
        bindings.append(Binding(variable, only_expression(walk, binding, f'{within}, parameter "{variable.name}"')))
    return Invocation(_needed(walk, element, within), tuple(bindings), walk.place(element, within), type_ref(element))


def _conditional(walk: Walk, element: Element, within: str) -> Conditional:
    parts = [_part(walk, element, name, f"{within}, {name}") for name in ("if", "then", "else")]
    return Conditional(parts[0], parts[1], parts[2], walk.place(element, within), type_ref(element))


def _iteration(walk: Walk, element: Element, within: str) -> Iteration:
    kind = local(element)
    variable = element.get("iteratorVariable", "")
    if not variable.strip():
        walk.complain(element, "iterator", f"<{kind}> has no iteratorVariable", "Name the iterator variable.", within)
    source = _part(walk, element, "in", within)
    body = _part(walk, element, "return" if kind == "for" else "satisfies", within)
    place = walk.place(element, within)
    name = " ".join(variable.split())
    match kind:
        case "some":
            return Iteration("some", name, source, body, place, type_ref(element))
        case "every":
            return Iteration("every", name, source, body, place, type_ref(element))
        case _:
            return Iteration("for", name, source, body, place, type_ref(element))


def read_variable(walk: Walk, element: Element, within: str) -> Variable:
    return Variable(read_name(walk, element, within), type_ref(element), walk.place(element, within))
