"""Differences of decision tables (rule by rule) and processes (element by element)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from schuldhulp.engine.bpmn.graph import Graph, Node
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.difference.kinds import Difference, pairs, plain
from schuldhulp.rules.dmn.sheet import ID, SheetError, to_csv

_LAID_OUT = frozenset({"incoming", "outgoing", "boundary", "place", "scope", "lanes"})
"""What follows from the flows and the drawing: told there."""


def tables(old: Deployment, new: Deployment) -> Iterator[Difference]:
    """Rules by their id; a table whose columns changed is told as such, and a decision without a table as a whole."""
    for path in changed_paths(old, new, "rules/tables/", ".dmn"):
        decisions = [key for side in (new, old) for key, model in side.decisions.items() if model.name == path]
        for decision in dict.fromkeys(decisions):
            before, after = (_rules(side, path, decision) for side in (old, new))
            if before is None or after is None:
                what = "added" if before is None else "removed"
                yield Difference("table", what, decision, path=path, part="table")
                continue
            yield from _rule_by_rule(path, decision, before, after)


_Rules = tuple[list[str], dict[str, dict[str, str]]]


def _rules(side: Deployment, path: str, decision: str) -> _Rules | None:
    """Columns, and the rules by id with their number; None when the decision is not there."""
    if path not in side.files or decision not in side.decisions:
        return None
    try:
        rows = list(csv.reader(io.StringIO(to_csv(side.files[path], decision, name=path))))
    except SheetError:  # no table: its text is all there is to compare
        return ["logic"], {decision: {"logic": side.files[path].decode("utf-8", "replace")}}
    head, body = rows[0], rows[1:]
    return head, {row[head.index(ID)]: dict(zip(head, row, strict=False)) for row in body}


def _rule_by_rule(path: str, decision: str, before: _Rules, after: _Rules) -> Iterator[Difference]:
    for what, column, _, _ in pairs(dict.fromkeys(before[0], True), dict.fromkeys(after[0], True)):
        yield Difference("table", what, decision, path=path, part=f"column {column}")
    numbers = {key: place for side in (before, after) for place, key in enumerate(side[1], 1)}
    for what, rule, old, new in pairs(before[1], after[1]):
        part = "logic" if rule == decision else f"rule {numbers[rule]}"
        if old is None or new is None:
            yield Difference("table", what, decision, _cells(old), _cells(new), path=path, part=part)
            continue
        if part == "logic":
            yield Difference("table", "changed", decision, path=path, part=part)
            continue
        for _, column, was, now in pairs(old, new):
            if column in before[0] and column in after[0]:
                yield Difference("table", "changed", decision, was, now, path=path, part=f"{part}, {column}")
    kept = [rule for rule in before[1] if rule in after[1]]
    if kept != [rule for rule in after[1] if rule in before[1]]:
        yield Difference("table", "changed", decision, path=path, part="order of the rules")


def _cells(rule: dict[str, str] | None) -> dict[str, str] | None:
    return None if rule is None else {name: text for name, text in rule.items() if name != ID and text not in ("", "-")}


def processes(old: Deployment, new: Deployment) -> Iterator[Difference]:
    for what, process, before, after in pairs(_hashes(old), _hashes(new)):
        one = after or before
        assert one is not None
        graph = (new if after is not None else old).graphs[process]
        if before is None or after is None:
            yield Difference("process", what, process, path=graph.file, part="process", name=graph.name or "")
        else:
            yield from _element_by_element(old.graphs[process], graph)


def _hashes(side: Deployment) -> dict[str, str]:
    return {key: graph.hash for key, graph in side.graphs.items()}


def _element_by_element(old: Graph, new: Graph) -> Iterator[Difference]:
    path = new.file
    for what, key, before, after in pairs(_nodes(old), _nodes(new)):
        node = (new if after is not None else old).nodes[key]
        name, kind = node.name or "", node.kind.value
        if before is None or after is None:
            yield Difference("process", what, key, path=path, part=kind, name=name)
            continue
        for _, part, was, now in pairs(before, after):
            yield Difference("process", "changed", key, was, now, path=path, part=f"{kind}, {part}", name=name)
    for what, key, flow, other in pairs(_flows(old), _flows(new)):
        yield Difference("process", what, key, flow, other, path=path, part="flow")
    if _properties(old) != _properties(new):
        yield Difference("process", "changed", new.process, _properties(old), _properties(new), path=path, part="properties")
    if old.documentation != new.documentation:
        yield Difference(
            "process", "changed", new.process, old.documentation, new.documentation, path=path, part="documentation"
        )


def _nodes(graph: Graph) -> dict[str, dict[str, Any]]:
    return {key: _node(node) for key, node in graph.nodes.items()}


def _node(node: Node) -> dict[str, Any]:
    found = {
        one.name: plain(getattr(node, one.name))
        for one in fields(node)
        if one.name not in _LAID_OUT and one.name != "properties" and getattr(node, one.name) not in (None, (), "")
    }
    return found | {"properties": [f"{name} = {value}" for name, value, _ in node.properties]}


def _flows(graph: Graph) -> dict[str, str]:
    """Each flow as "from -> to when condition", by id."""
    found = {}
    for key, flow in graph.flows.items():
        ends = (graph.nodes[end].name or end for end in (flow.source, flow.target))
        found[key] = " -> ".join(ends) + (f" when {flow.condition.text}" if flow.condition else "")
    return found


def _properties(graph: Graph) -> list[str]:
    return [f"{name} = {value}" for name, value, _ in graph.properties]


def changed_paths(old: Deployment, new: Deployment, prefix: str, suffix: str) -> list[str]:
    """Files of one kind that are not the same on both sides."""
    named = {path for side in (old, new) for path in side.files if path.startswith(prefix) and path.endswith(suffix)}
    return sorted(path for path in named if old.files.get(path) != new.files.get(path))
