"""From the bytes of a file to a Model and findings: the front door of the reader."""

from __future__ import annotations

import hashlib

from schuldhulp.engine.bpmn.graph import Finding, Graph, Model, Place, Severity
from schuldhulp.engine.bpmn.read import people
from schuldhulp.engine.bpmn.read.document import (
    Document,
    Element,
    bpmn,
    camunda,
    children,
    flag,
    reference,
)
from schuldhulp.engine.bpmn.read.draft import Draft, startable
from schuldhulp.engine.bpmn.read.nodes import documentation, text_or_none
from schuldhulp.engine.bpmn.read.parser import ModelParser
from schuldhulp.engine.bpmn.read.report import Report
from schuldhulp.engine.bpmn.read.schema import shape
from schuldhulp.rules.xml import XmlError


def read(data: bytes, *, file: str) -> tuple[Model | None, tuple[Finding, ...]]:
    """The model in *data* and what the reader could not make sense of; *file* is what findings call it.

    The model is None when the bytes are no BPMN document at all. Findings of severity error mean that the model must
    not run. Raises nothing: whatever is wrong with the file is a finding.
    """
    try:
        document = Document(data, file)
    except XmlError as error:
        place = Place(file, error.line or 1, error.column)
        message = f"{error.message[:1].upper()}{error.message[1:]}."
        return None, (Finding(Severity.ERROR, "xml", message, f"{error.remedy}.", place),)
    if document.root.tag != bpmn("definitions"):
        return None, (_not_bpmn(document),)
    report = Report(document)
    parser = ModelParser(document, report)
    digest = hashlib.sha256(data)
    graphs = {draft.id: _graph(element, draft, parser) for element, draft in parser.drafts()}
    model = Model(file, digest.hexdigest(), graphs, documentation(document.root), data)
    told = {(finding.place, finding.element) for finding in report.findings}
    shapes = [finding for finding in shape(document) if (finding.place, finding.element) not in told]
    return model, (*report.findings, *shapes)


def _not_bpmn(document: Document) -> Finding:
    return Finding(
        Severity.ERROR, "not-bpmn", f"The file begins with <{document.root.tag}>, not with BPMN 2.0's <definitions>.",
        "Export the diagram as BPMN 2.0 XML.", document.place(document.root),
    )  # fmt: skip


def _graph(element: Element, draft: Draft, parser: ModelParser) -> Graph:
    document, nodes = parser.document, draft.process.nodes
    return Graph(
        process=draft.id, name=text_or_none(element.get("name")), file=document.file,
        hash=hashlib.sha256(document.data + b"\0" + draft.id.encode()).hexdigest(),
        executable=flag(element, "isExecutable", True), scopes=draft.process.scopes, nodes=nodes,
        flows={flow.id: flow for flow in parser.tables.flows.by_id.values() if flow.source in nodes},
        place=document.place(element), version_tag=camunda(element, "versionTag"), pool=_pool(draft.id, document),
        properties=people.properties(element, document), documentation=documentation(element),
        startable=startable(draft.own),
    ).frozen()  # fmt: skip


def _pool(process: str, document: Document) -> str | None:
    """The name of the participant that the process fills."""
    for collaboration in document.all("collaboration"):
        for participant in children(collaboration, "participant"):
            if reference(participant.get("processRef")) == process:
                return text_or_none(participant.get("name"))
    return None
