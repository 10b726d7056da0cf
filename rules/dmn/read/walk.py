"""The file under the reader's hand: elements with their places, and a list where complaints gather."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from lxml import etree

from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.model import Place, Text
from schuldhulp.rules.dmn.read.schema import DOCUMENTATION, FEEL_NAMESPACES, NAMESPACES, SHAPES

Element = etree._Element


@lru_cache(maxsize=1024)
def _split(tag: str) -> tuple[str, str]:
    """(namespace, name) of a tag as lxml writes it: {namespace}name."""
    namespace, _, name = tag.rpartition("}")
    return namespace.removeprefix("{"), name


def local(element: Element) -> str:
    """The element's name without its namespace."""
    return _split(str(element.tag))[1]


def namespace_of(element: Element) -> str:
    return _split(str(element.tag))[0]


def children(element: Element, *names: str) -> Iterator[Element]:
    """Child elements in DMN's namespace with one of these names (all of them when none is given)."""
    for child in element:
        if isinstance(child.tag, str):
            namespace, name = _split(child.tag)
            if namespace in NAMESPACES and (not names or name in names):
                yield child


def child(element: Element, *names: str) -> Element | None:
    return next(children(element, *names), None)


def line_of(element: Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def text_of(element: Element | None) -> str:
    """The text content, comments left out."""
    if element is None:
        return ""
    if not len(element):  # the common case, cheaper
        return str(element.text or "")
    return "".join(str(part) for part in element.itertext(etree.Element))


@dataclass
class Walk:
    """One file being read: where we are, and what was wrong so far."""

    file: str
    findings: list[Finding] = field(default_factory=list)

    def place(self, element: Element, within: str = "") -> Place:
        name = element.get("id") or element.get("name") or f"<{local(element)}>"
        return Place(self.file, name, line_of(element), within)

    def complain(self, element: Element, code: str, message: str, remedy: str, within: str = "") -> None:
        self.findings.append(Finding("error", code, message, remedy, self.place(element, within)))

    def text(self, element: Element | None, owner: Element, within: str) -> Text:
        """The FEEL text of *element* (a literal expression, a cell, allowed values), placed at *owner* when absent."""
        if element is None:
            return Text("", self.place(owner, within))
        language = element.get("expressionLanguage")
        if language and language not in FEEL_NAMESPACES and language.lower() != "feel":
            self.complain(
                element,
                "language",
                f"the expression language {language!r} is not supported",
                "Write the expression in FEEL and take the attribute expressionLanguage away.",
                within,
            )
        part = child(element, "text")
        place = self.place(element, within)
        if part is not None:
            place = Place(place.model, place.element, line_of(part) or place.line, within)
        return Text(text_of(part), place)

    def check_shape(self, element: Element, within: str = "") -> None:
        """Complain about every attribute and child in the tree below *element* that DMN does not know."""
        stack = [element]
        while stack:
            here = stack.pop()
            name = local(here)
            attributes, known = SHAPES[name]
            self._check_attributes(here, name, attributes, within)
            for inner in here:
                if not isinstance(inner.tag, str):
                    continue
                namespace, tag = _split(inner.tag)
                if namespace not in NAMESPACES:
                    self._foreign(inner, here, within)
                elif tag in known:
                    if len(inner) or inner.attrib:
                        stack.append(inner)
                elif tag not in DOCUMENTATION:
                    self.complain(
                        inner,
                        "element",
                        f"<{tag}> is not understood inside <{name}>{did_you_mean(tag, known)}",
                        "Take it away, or move it to where DMN allows it.",
                        within,
                    )

    def _check_attributes(self, element: Element, name: str, known: frozenset[str], within: str) -> None:
        for attribute in element.attrib:
            key = str(attribute)
            if not key.startswith("{") and key not in known:
                self.complain(
                    element,
                    "attribute",
                    f"the attribute {key!r} is not understood on <{name}>{did_you_mean(key, known)}",
                    "Take it away, or put it in a namespace of its own.",
                    within,
                )

    def _foreign(self, element: Element, parent: Element, within: str) -> None:
        if local(parent) == "definitions" and local(element) == "DMNDI":
            return  # the drawing
        self.complain(
            element,
            "element",
            f"<{local(element)}> of namespace {namespace_of(element) or '(none)'} stands outside <extensionElements>",
            "Put elements of other namespaces inside <extensionElements>.",
            within,
        )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """
    >>> did_you_mean("hitpolicy", ["hitPolicy", "aggregation"])
    '; did you mean hitPolicy?'
    """
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"; did you mean {near[0]}?" if near else ""
