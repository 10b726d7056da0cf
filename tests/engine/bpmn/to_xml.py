"""Writes a test graph of plain nodes as BPMN 2.0 XML, for a library that reads files."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from schuldhulp.engine.bpmn.graph import SCOPES, Flow, Graph, MultiInstance, Node

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:test">'
)


def bpmn_xml(graph: Graph) -> bytes:
    """The graph as a file with one process. Knows tasks, gateways, sub-processes, none events and multi-instance."""
    inside = _inside(graph, graph.process)
    return f'{HEAD}<process id="{graph.process}" isExecutable="true">{inside}</process></definitions>'.encode()


def _inside(graph: Graph, scope: str) -> str:
    nodes = "".join(_node(graph, graph.nodes[each]) for each in graph.scopes[scope].nodes)
    return nodes + "".join(_flow(flow) for flow in graph.flows.values() if flow.scope == scope)


def _node(graph: Graph, node: Node) -> str:
    default = f" default={quoteattr(node.default)}" if node.default else ""
    ends = "".join(f"<incoming>{each}</incoming>" for each in node.incoming)
    ends += "".join(f"<outgoing>{each}</outgoing>" for each in node.outgoing)
    inner = _inside(graph, node.id) if node.kind in SCOPES else ""
    return f"<{node.kind} id={quoteattr(node.id)} name={quoteattr(node.id)}{default}>{ends}{_loop(node)}{inner}</{node.kind}>"


def _loop(node: Node) -> str:
    if not isinstance(node.loop, MultiInstance) or node.loop.cardinality is None:
        return ""
    sequential = str(node.loop.sequential).lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}">'
        f'<loopCardinality xsi:type="tFormalExpression">{escape(node.loop.cardinality.text)}</loopCardinality>'
        f"</multiInstanceLoopCharacteristics>"
    )


def _flow(flow: Flow) -> str:
    guard = ""
    if flow.condition is not None:
        guard = f'<conditionExpression xsi:type="tFormalExpression">{escape(flow.condition.text)}</conditionExpression>'
    return f'<sequenceFlow id="{flow.id}" sourceRef="{flow.source}" targetRef="{flow.target}">{guard}</sequenceFlow>'
