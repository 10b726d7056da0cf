"""Every FEEL text of a model with the element it belongs to, and the names that it may use."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields

from schuldhulp.engine.bpmn.check.subject import Subject
from schuldhulp.engine.bpmn.graph import (
    DataMapping,
    EventDefinition,
    Expression,
    Flow,
    Graph,
    MultiInstance,
    Node,
    StandardLoop,
)

_ASSIGNMENT = re.compile(r"\s*([^\W\d][\w. ]*?)\s*=(?!=)\s*(.*)", re.DOTALL)
_LITERAL = frozenset({"called"})
ALWAYS = frozenset({"loopCounter", "p", "zaak", "herkomst", "uitvoerder", "rol"})


@dataclass(frozen=True, slots=True)
class Written:
    """An expression of a model: what it is for (in words), and whose it is."""

    expression: Expression
    what: str
    element: str
    name: str | None
    graph: Graph

    def texts(self) -> Iterator[str]:
        """The FEEL in it: the text itself, or the right sides of a script's lines."""
        if self.what != "script":
            yield self.expression.text
            return
        for _, text in assignments(self.expression.text):
            yield text


def written(subject: Subject) -> Iterator[Written]:
    for graph in subject.model.graphs.values():
        if not graph.executable:
            continue
        for flow in graph.flows.values():
            yield from _of_flow(flow, graph)
        for node in graph.nodes.values():
            for what, expression in (*_of_node(node), *_of_properties(node)):
                yield Written(expression, what, node.id, node.name, graph)
        for what, expression in _of_properties(graph):
            yield Written(expression, what, graph.process, graph.name, graph)


def _of_flow(flow: Flow, graph: Graph) -> Iterator[Written]:
    if flow.condition is not None:
        yield Written(flow.condition, "condition", flow.id, flow.name, graph)


def _of_node(node: Node) -> Iterator[tuple[str, Expression]]:
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, Expression) and field.name not in _LITERAL:
            yield field.name.replace("_", " "), value
        elif isinstance(value, (StandardLoop, MultiInstance)):
            yield from _of_loop(value)
        elif isinstance(value, EventDefinition):
            yield from _of_definition(value)
        elif isinstance(value, tuple):
            for one in value:
                if isinstance(one, EventDefinition):
                    yield from _of_definition(one)
                elif isinstance(one, DataMapping) and one.source is not None:
                    yield "mapping", one.source
    for text in (*node.candidate_groups, *node.candidate_users):
        if "{" in text or text.startswith("="):
            yield "candidates", Expression(text.removeprefix("=").strip(), node.place)


_TERM_WORDS = "amount|from|on|to|target|length|unit|ground|committee|accepted|consent|reason|when"
_TERM_PARTS = re.compile(rf"\s({_TERM_WORDS})\s+(.+?)(?=\s(?:{_TERM_WORDS})\s|$)", re.DOTALL)


_ENDED = re.compile(r"\sreason\s+(.+?)(?:\s+when\s+(.+))?$", re.DOTALL)


def _of_properties(owner: Node | Graph) -> Iterator[tuple[str, Expression]]:
    """FEEL in properties of the dialect: preconditions, terms, letters and handovers (docs/designers.md section 2)."""
    for key, value, place in owner.properties:
        if key.startswith("precondition"):
            parts = value.split("|")
            texts = [parts[2].strip()] if len(parts) == 4 else []
        elif key == "tally" or key.startswith("term."):
            texts = [match[2].strip() for match in _TERM_PARTS.finditer(value) if match[1] not in ("ground", "unit")]
        elif key == "modules.end":
            written = _ENDED.search(value)
            texts = [text.strip() for text in written.groups() if text is not None] if written else []
        elif key == "letter":
            texts = [value.partition(" when ")[2].strip()] if " when " in value else []
        else:
            texts = [value[1:].strip()] if key == "handover" and value.startswith("=") else []
        for text in texts:
            yield f"property {key}", Expression(text, place)


def _of_loop(loop: StandardLoop | MultiInstance) -> Iterator[tuple[str, Expression]]:
    names = ("condition", "maximum", "cardinality", "collection", "completion", "output_element")
    for name in names:
        value = getattr(loop, name, None)
        if isinstance(value, Expression):
            yield f"loop {name.replace('_', ' ')}", value
    if isinstance(loop, MultiInstance):
        for part in loop.complex:
            yield "loop condition", part.condition


def _of_definition(definition: EventDefinition) -> Iterator[tuple[str, Expression]]:
    if definition.expression is not None:
        yield definition.timer.value if definition.timer else "condition", definition.expression
    if definition.payload is not None:
        yield "payload", definition.payload
    for key in definition.keys:
        yield "correlation key", key.from_process


def assignments(script: str) -> list[tuple[str, str]]:
    """(name, expression) of each line of a script; a line that begins with white space goes on with the one before."""
    lines: list[str] = []
    for line in script.splitlines():
        if not line.strip():
            continue
        if lines and line[:1].isspace() and _ASSIGNMENT.fullmatch(line) is None:
            lines[-1] += f"\n{line}"
        else:
            lines.append(line)
    matches = [_ASSIGNMENT.fullmatch(line) for line in lines]
    return [(match[1], match[2]) if match else ("", line.strip()) for match, line in zip(matches, lines, strict=True)]


def known_names(subject: Subject, one: Written) -> Collection[str] | None:
    """The names of the dictionary and of everything that the process sets; None when the dictionary is not known."""
    if subject.context.names is None:
        return None
    return frozenset(subject.context.names) | ALWAYS | shared(subject)


def shared(subject: Subject) -> frozenset[str]:
    """Variables of every process of the file: a process that calls another of the same file shares its variables."""
    return frozenset(name for graph in subject.model.graphs.values() for name in variables(graph))


def variables(graph: Graph) -> frozenset[str]:
    """What nodes of the graph give a value."""
    found: set[str] = {data.name for scope in graph.scopes.values() for data in scope.data}
    for node in graph.nodes.values():
        if node.script is not None:
            found |= {name for name, _ in assignments(node.script.text) if name}
        if node.decision is not None:
            found.add(node.decision.result_variable or node.decision.decision)
        if isinstance(node.loop, MultiInstance):
            found |= {name for name in (node.loop.element, node.loop.output_collection) if name}
        found |= {mapping.target for mapping in (*node.inputs, *node.outputs) if mapping.target}
        found |= {one.variable for one in (*node.definitions, node.message) if one is not None and one.variable}
        if node.result_variable:
            found.add(node.result_variable)
    return frozenset(found)
