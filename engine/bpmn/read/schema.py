"""The shape of a BPMN file by the XML schema of BPMN 2.0, which SpiffWorkflow ships."""

from __future__ import annotations

import re
from functools import cache
from itertools import islice
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import XSD_PATH

from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.bpmn.read.document import BPMN, Document, Element
from schuldhulp.engine.bpmn.read.report import finding

MOST = 50
"""Violations told per file: one misplaced element can cause very many."""
_CLASHES = re.compile(r"not a valid value of the atomic type 'xs:ID'")
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    (r"Element '(\S+)': This element is not expected", "<{0}> does not belong here.",
     "Remove it or move it to its place: the schema of BPMN 2.0 fixes which elements stand where and in what order."),
    (r"Element '(\S+)': Missing child element", "<{0}> is not complete.", "Add what it must hold, or remove it."),
    (r"Element '(\S+)': The attribute '(\S+)' is required", '<{0}> has no {1}.', "Fill in {1}."),
    (r"Element '(\S+)', attribute '(\S+)': The attribute '\S+' is not allowed", "<{0}> cannot have {1}.", "Remove {1}."),
    (r"Element '(\S+)', attribute '(\S+)': (?:\[.*\] )?(?:The QName value )?'(.*?)' (?:is not|has no)",
     '"{2}" is no value for {1} of <{0}>.', "Correct {1}."),
    (r"Element '(\S+)': Character content", "<{0}> holds text that does not belong there.", "Remove the text."),
)  # fmt: skip


def shape(document: Document) -> list[Finding]:
    """What in the file is not as the schema says. Ids that occur twice are told with both places."""
    schema = _schema()
    if schema.validate(document.root):
        return []
    findings = []
    entries: Any = schema.error_log  # the stubs do not know that it can be iterated
    for entry in islice(entries, MOST):
        message = entry.message.replace(f"{{{BPMN}}}", "")
        findings.append(_finding(document, _element(document.root, entry.path), message))
    return findings


def _element(root: Element, path: str | None) -> Element:
    """The element at libxml2's path; the root when the path cannot be followed."""
    prefixes = {prefix: uri for prefix, uri in root.nsmap.items() if prefix}
    try:
        found = root.xpath(path, namespaces=prefixes) if path else []
    except etree.XPathEvalError:  # a prefix that is declared further down
        found = []
    first = found[0] if isinstance(found, list) and found else root
    return first if isinstance(first, etree._Element) else root


def _finding(document: Document, element: Element, message: str) -> Finding:
    sentence, remedy = message, "Open and save the diagram in a modeler, or correct the element."
    if _CLASHES.search(message):
        given = element.get("id")
        first = next(one for one in document.elements if one.get("id") == given)
        if first is not element:
            return finding(
                document, Severity.ERROR, "id-twice", element,
                f'The id "{given}" is used twice, first at {document.place(first)}.', "Give one of the two another id.",
            )  # fmt: skip
    for pattern, text, advice in _SENTENCES:
        match = re.match(pattern, message)
        if match:
            names = [re.sub(r"^\{http[^}]*\}", "", group) for group in match.groups()]
            sentence, remedy = text.format(*names), advice.format(*names)
            break
    return finding(document, Severity.ERROR, "schema", element, sentence, remedy)


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD_PATH))
