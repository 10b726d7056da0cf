"""Small DMN files for tests, written as Python data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(*elements: str, namespace: str = "urn:test", dmn: str = NAMESPACE) -> bytes:
    """A DMN file of these elements."""
    head = f'<definitions xmlns="{dmn}" id="defs" name="test" namespace="{namespace}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *elements, "</definitions>"]).encode()


def input_data(name: str, type_ref: str | None = None) -> str:
    kind = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    return f'<inputData id="i_{name}" name="{name}"><variable name="{name}"{kind}/></inputData>'


def item(name: str, base: str, allowed: str = "") -> str:
    tests = f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    return f'<itemDefinition name="{name}"><typeRef>{base}</typeRef>{tests}</itemDefinition>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(
    name: str,
    logic: str,
    *,
    inputs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    knowledge: Sequence[str] = (),
    type_ref: str | None = None,
) -> str:
    kind = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    needs = [f'<informationRequirement><requiredInput href="#i_{one}"/></informationRequirement>' for one in inputs]
    for one in decisions:
        needs.append(f'<informationRequirement><requiredDecision href="#{one}"/></informationRequirement>')
    needs += [f'<knowledgeRequirement><requiredKnowledge href="#{one}"/></knowledgeRequirement>' for one in knowledge]
    return f'<decision id="{name}" name="{name}"><variable name="{name}"{kind}/>{"".join(needs)}{logic}</decision>'


def table(
    inputs: Sequence[str | tuple[str, str]],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    policy: str = "UNIQUE",
    aggregation: str = "",
    input_values: Mapping[str, str] | None = None,
    output_values: Mapping[str, str] | None = None,
    defaults: Mapping[str, str] | None = None,
) -> str:
    """A decision table; an input is its expression or (expression, type); a rule is a row, perhaps with a note."""
    parts = [f'<decisionTable hitPolicy="{policy}"' + (f' aggregation="{aggregation}"' if aggregation else "") + ">"]
    for one in inputs:
        text, kind = (one, "") if isinstance(one, str) else (one[0], f' typeRef="{one[1]}"')
        values = (input_values or {}).get(text)
        allowed = f"<inputValues><text>{escape(values)}</text></inputValues>" if values else ""
        parts.append(f"<input><inputExpression{kind}><text>{escape(text)}</text></inputExpression>{allowed}</input>")
    for name in outputs:
        values, default = (output_values or {}).get(name), (defaults or {}).get(name)
        inner = f"<outputValues><text>{escape(values)}</text></outputValues>" if values else ""
        inner += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        parts.append(f'<output name="{name}">{inner}</output>')
    parts.append('<annotation name="bron"/>')
    for row in rules:
        cells = [f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[: len(inputs)]]
        results = row[len(inputs) : len(inputs) + len(outputs)]
        cells += [f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in results]
        notes = row[len(inputs) + len(outputs) :]
        cells += [f"<annotationEntry><text>{escape(note)}</text></annotationEntry>" for note in notes]
        parts.append(f"<rule>{''.join(cells)}</rule>\n")
    return "".join([*parts, "</decisionTable>"])
