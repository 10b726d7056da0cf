"""What the reader could not make sense of, gathered while it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.bpmn.read.document import Document, Element, local


@dataclass
class Report:
    """Findings of one file, in the order in which they were met."""

    document: Document
    findings: list[Finding] = field(default_factory=list)

    def error(self, code: str, element: Element, message: str, remedy: str) -> None:
        self._add(Severity.ERROR, code, element, message, remedy)

    def warning(self, code: str, element: Element, message: str, remedy: str) -> None:
        self._add(Severity.WARNING, code, element, message, remedy)

    def _add(self, severity: Severity, code: str, element: Element, message: str, remedy: str) -> None:
        self.findings.append(finding(self.document, severity, code, element, message, remedy))


def finding(document: Document, severity: Severity, code: str, element: Element, message: str, remedy: str) -> Finding:
    """A finding about *element*, or about the closest one around it with an id; without any, its tag is named."""
    owner = nearest_with_id(element)
    name = owner.get("name") or None
    return Finding(
        severity, code, message, remedy, document.place(element), owner.get("id") or f"<{local(element)}>", name
    )


def nearest_with_id(element: Element) -> Element:
    """The element itself or the closest one around it that has an id: what a designer can find in the diagram."""
    found: Element | None = element
    while found is not None and not found.get("id"):
        found = found.getparent()
    return element if found is None else found
