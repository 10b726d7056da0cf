"""Tables against the data dictionary and the parameters: a column that takes or fills a datum is of its kind.

Which datum that is, the processes say: an input parameter that is nothing but a key (or an input that no parameter gives
and that bears the name of a key) takes the datum; an output parameter that is nothing but `<table>.<output>` fills the datum
of its name. A value of an enumerated datum in a cell must be one that the dictionary knows, and a list of allowed values
must hold them all. Every `p.x` must be a parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass

from schuldhulp.engine.bpmn.graph import Finding, Graph, Place, Severity
from schuldhulp.rules.dictionary import Dictionary, Entry, Type
from schuldhulp.rules.dmn import Decision, DmnModel, required_inputs
from schuldhulp.rules.dmn import Place as InModel
from schuldhulp.rules.dmn.model import InputClause, Text
from schuldhulp.rules.dmn.program.table import CompiledInput
from schuldhulp.rules.feel import (
    ANY,
    BOOLEAN,
    DATE,
    DATE_TIME,
    NUMBER,
    STRING,
    TIME,
    FeelError,
    FeelType,
    ListType,
    compile_expression,
    compile_unary_tests,
    did_you_mean,
    nodes,
)
from schuldhulp.rules.feel.types import bare
from schuldhulp.rules.xml import parse

FEEL_TYPES: dict[Type, FeelType] = {
    **dict.fromkeys(Type, STRING),
    Type.BOOLEAN: BOOLEAN,
    Type.INTEGER: NUMBER,
    Type.DECIMAL: NUMBER,
    Type.AMOUNT: NUMBER,
    Type.DOCUMENT: NUMBER,
    Type.DATE: DATE,
    Type.TIME: TIME,
    Type.DATETIME: DATE_TIME,
    Type.LIST: ListType(ANY),
    Type.SET: ListType(STRING),
}


@dataclass(frozen=True, slots=True)
class Wiring:
    """Which data a decision takes and fills: pairs of (name of an input or output, key of the datum)."""

    inputs: Set[tuple[str, str]]
    outputs: Set[tuple[str, str]]


def wiring(graphs: Iterable[Graph], models: Mapping[str, DmnModel], dictionary: Dictionary) -> dict[str, Wiring]:
    """By decision, over every task of every process that takes it."""
    found: dict[str, Wiring] = {}
    for graph in graphs:
        for node in graph.nodes.values():
            if node.decision is None or node.decision.decision not in models:
                continue
            decision = node.decision.decision
            given = {one.target: one.source for one in node.inputs if one.target and one.source is not None}
            asked = [one.name for one in required_inputs(models[decision], decision)]
            inputs = {(name, given[name].text.strip() if name in given else name) for name in asked}
            result = node.decision.result_variable or decision
            outputs = {
                (one.source.text.strip().removeprefix(f"{result}."), one.target)
                for one in node.outputs
                if one.target and one.source is not None and one.source.text.strip().startswith(f"{result}.")
            }
            known = found.get(decision, Wiring(frozenset(), frozenset()))
            found[decision] = Wiring(
                known.inputs | {pair for pair in inputs if pair[1] in dictionary},
                known.outputs | {pair for pair in outputs if pair[1] in dictionary},
            )
    return found


def type_findings(path: str, model: DmnModel, dictionary: Dictionary, wired: Mapping[str, Wiring]) -> Iterator[Finding]:
    """What a table says otherwise than the dictionary does."""
    for name, decision in model.decisions.items():
        if decision.table is not None and name in wired:
            yield from _Columns(path, model, decision, dictionary).findings(wired[name])


@dataclass(frozen=True, slots=True)
class _Columns:
    path: str
    model: DmnModel
    decision: Decision
    dictionary: Dictionary

    def findings(self, wired: Wiring) -> Iterator[Finding]:
        assert self.decision.table is not None
        table = self.model.compiled(self.decision.table)
        variables = {self.model.linked.elements[key].variable.name: key for key in self.decision.requires}
        for column in table.inputs:
            name = " ".join(column.clause.expression.text.text.split())
            for entry in (self.dictionary[key] for of, key in sorted(wired.inputs) if of == name and of in variables):
                stated = column.kind if column.kind is not ANY else self.model.graph.kinds[variables[name]]
                yield from self._kind(entry, stated, column.clause.place)
                yield from self._cells(entry, column)
                yield from self._allowed(entry, column.clause)
        for output in table.outputs:
            name = output.clause.name or ""
            for entry in (self.dictionary[key] for of, key in sorted(wired.outputs) if of == name):
                yield from self._kind(entry, output.kind, output.clause.place)
                texts = [rule.outputs[output.at].text for rule in table.model.rules] if entry.type is Type.ENUM else []
                for text in texts:
                    yield from self._values(entry, _literals(text), text.place)

    def _kind(self, entry: Entry, stated: FeelType, place: InModel) -> Iterator[Finding]:
        wanted, found = FEEL_TYPES[entry.type], bare(stated)
        if found is ANY or found == wanted or (isinstance(found, ListType) and isinstance(wanted, ListType)):
            return
        message = f"{entry.key} is a {entry.type} in the dictionary, that is {wanted} in a table, and {found} here"
        yield self._error("type", place, message, f"Make the type {wanted}.")

    def _cells(self, entry: Entry, column: CompiledInput) -> Iterator[Finding]:
        if entry.type is not Type.ENUM:
            return
        assert self.decision.table is not None
        for cell, rule in zip(column.cells, self.decision.table.rules, strict=True):
            known = () if cell.profile is None else cell.profile.texts
            at = rule.tests[column_number(self.decision, column.clause)].place
            yield from self._values(entry, known, at)

    def _allowed(self, entry: Entry, clause: InputClause) -> Iterator[Finding]:
        listed = None if clause.allowed is None else self.model.graph.compiler.listed(clause.allowed)
        if entry.type is not Type.ENUM or listed is None or clause.allowed is None:
            return
        texts = [value for value in listed if isinstance(value, str)]
        yield from self._values(entry, texts, clause.allowed.place)
        missing = [value for value in entry.values if value not in texts]
        if missing:
            message = f"the input values leave out {', '.join(missing)}, which the dictionary allows for {entry.key}"
            yield self._error("input-values", clause.allowed.place, message, "Add them, and rules for them.")

    def _values(self, entry: Entry, texts: Iterable[str], place: InModel) -> Iterator[Finding]:
        for text in texts:
            if text not in entry.values:
                message = f'"{text}" is no value of {entry.key}{did_you_mean(text, entry.values)}'
                known = ", ".join(entry.values)
                yield self._error("value", place, message, f"Choose among {known}, or add it to the dictionary.")

    def _error(self, code: str, place: InModel, message: str, remedy: str) -> Finding:
        where = f"{place.within}: {message}" if place.within else message
        return Finding(Severity.ERROR, f"dictionary-{code}", where, remedy, Place(self.path, place.line or 1), place.element)


def column_number(decision: Decision, clause: InputClause) -> int:
    assert decision.table is not None
    return next(at for at, one in enumerate(decision.table.inputs) if one is clause)


def _literals(text: Text) -> list[str]:
    """The text that an output gives, if it is a literal."""
    try:
        tree = compile_expression(text.text).tree
    except FeelError:
        return []
    return [tree.value] if isinstance(tree, nodes.Text) else []


def parameter_findings(path: str, data: bytes, known: Set[str]) -> Iterator[Finding]:
    """Every `p.x` of a table that is no parameter."""
    for element in parse(data, name=path).iter("{*}text"):
        text = element.text or ""
        for name in _parameters_in(text):
            if name not in known:
                line = element.sourceline
                yield Finding(
                    Severity.ERROR,
                    "parameter-unknown",
                    f"there is no parameter {name!r}{did_you_mean(name, known)}: {text.strip()[:80]}",
                    "Name a parameter of rules/parameters, or add it there.",
                    Place(path, line if isinstance(line, int) else 1),
                )


def _parameters_in(text: str) -> list[str]:
    """Every x of a `p.x` in an expression or cell."""
    if "p" not in text:
        return []
    for read in (compile_expression, compile_unary_tests):
        try:
            waiting: list[nodes.Part] = [read(text, ["p"]).tree]
        except FeelError:  # the reader of tables says so, with its place
            continue
        found: list[str] = []
        while waiting:
            part = waiting.pop()
            if isinstance(part, nodes.Path) and part.subject == nodes.Name("p", start=part.start, end=part.start + 1):
                found.append(part.name)
            waiting.extend(nodes.parts(part))
        return found
    return []
