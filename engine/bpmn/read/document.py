"""One BPMN file as a tree of XML elements with places and an index; nothing of BPMN's meaning yet."""

from __future__ import annotations

import xml.parsers.expat
from collections.abc import Iterator
from functools import cached_property

from lxml import etree

from schuldhulp.engine.bpmn.graph import Expression, Place
from schuldhulp.rules.xml import parse

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = ("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn")
"""Camunda 7's attributes, and those of Operaton, its successor, which mean the same."""

Element = etree._Element


def bpmn(name: str) -> str:
    """The full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def local(element: Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: Element) -> str:
    """The namespace of the tag, "" for none."""
    return str(element.tag)[1:].partition("}")[0] if str(element.tag).startswith("{") else ""


def own_text(element: Element) -> str:
    """The text that stands directly in *element*, comments and child elements left out."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def flag(element: Element, name: str, default: bool = False) -> bool:
    """An xsd:boolean attribute."""
    value = element.get(name)
    return default if value is None else value.strip() in ("true", "1")


def reference(text: str | None) -> str | None:
    """The id in a QName: ids hold no colon, so what stands before one is a prefix."""
    name = (text or "").strip().rpartition(":")[2]
    return name or None


def camunda(element: Element, name: str) -> str | None:
    """The value of a `camunda:` attribute, None when absent or empty."""
    for uri in CAMUNDA:
        value = element.get(f"{{{uri}}}{name}")
        if value is not None and value.strip():
            return value.strip()
    return None


def children(element: Element, *names: str) -> Iterator[Element]:
    """The BPMN child elements with these names, in document order."""
    return element.iterchildren(*(bpmn(name) for name in names))


def child(element: Element, name: str) -> Element | None:
    return next(element.iterchildren(bpmn(name)), None)


def extensions(element: Element, name: str) -> Iterator[Element]:
    """The `camunda:` elements called *name* in the extensionElements of *element*."""
    for holder in children(element, "extensionElements"):
        yield from holder.iterchildren(*(f"{{{uri}}}{name}" for uri in CAMUNDA))


class Document:
    """A parsed file.

    Raises schuldhulp.rules.xml's error when the bytes are no XML that we accept.
    """

    def __init__(self, data: bytes, file: str) -> None:
        self.file = file
        self.data = data
        self.root: Element = parse(data, name=file)
        self.elements: list[Element] = list(self.root.iter(etree.Element))
        self.ids: dict[str, Element] = {}
        self.by_tag: dict[str, list[Element]] = {}
        for element in self.elements:
            self.by_tag.setdefault(str(element.tag), []).append(element)
            name = element.get("id")
            if name and element.tag.startswith(f"{{{BPMN}}}"):
                self.ids.setdefault(name, element)

    def all(self, *names: str) -> Iterator[Element]:
        """Every BPMN element with one of these names, in document order per name."""
        for name in names:
            yield from self.by_tag.get(bpmn(name), ())

    def find(self, ref: str | None, *names: str) -> Element | None:
        """The element that a QName points to, when it is one of *names* (any BPMN element when none is given)."""
        name = reference(ref)
        found = None if name is None else self.ids.get(name)
        return None if found is None or (names and local(found) not in names) else found

    def place(self, element: Element) -> Place:
        line, column = self._start(element)
        return Place(self.file, line, column)

    def expression(self, element: Element | None, language: str | None = None) -> Expression | None:
        """The expression in the text of *element*; None when there is none."""
        if element is None or not (text := own_text(element).strip()):
            return None
        line, column = self._texts.get(element) or self._start(element)
        if text.startswith("="):
            stripped = text[1:].lstrip()
            skipped = text[: len(text) - len(stripped)]
            breaks = skipped.count("\n")
            column = column + len(skipped) if not breaks else len(skipped.rpartition("\n")[2]) + 1
            line, text = line + breaks, stripped
        said = language or (element.get("language") or "").strip() or None
        return Expression(text, Place(self.file, line, column), said)

    def inline(self, text: str | None, element: Element) -> Expression | None:
        """The expression in an attribute of *element*."""
        text = (text or "").strip()
        if text.startswith("="):
            text = text[1:].strip()
        return Expression(text, self.place(element)) if text else None

    def _start(self, element: Element) -> tuple[int, int]:
        return self._starts.get(element, (1, 0))

    @cached_property
    def _positions(self) -> tuple[list[tuple[int, int]], dict[int, tuple[int, int]]]:
        return _scan(self.data)

    @cached_property
    def _starts(self) -> dict[Element, tuple[int, int]]:
        starts = self._positions[0]
        return dict(zip(self.elements, starts, strict=True)) if len(starts) == len(self.elements) else {}

    @cached_property
    def _texts(self) -> dict[Element, tuple[int, int]]:
        if len(self._positions[0]) != len(self.elements):
            return {}
        return {self.elements[index]: place for index, place in self._positions[1].items()}


def _scan(data: bytes) -> tuple[list[tuple[int, int]], dict[int, tuple[int, int]]]:
    """Line and column (from 1) of every start tag in document order, and of the first character of every own text.

    lxml knows neither columns nor the line where a start tag begins. The bytes have already passed the hardened parser.
    """
    starts: list[tuple[int, int]] = []
    texts: dict[int, tuple[int, int]] = {}
    stack: list[int] = []
    expat = xml.parsers.expat.ParserCreate()

    def start(_tag: str, _attributes: object) -> None:
        stack.append(len(starts))
        starts.append((expat.CurrentLineNumber, expat.CurrentColumnNumber + 1))

    def end(_tag: str) -> None:
        stack.pop()

    def characters(text: str) -> None:
        if not text.isspace() and stack[-1] not in texts:
            before = text[: len(text) - len(text.lstrip())]
            line, column = expat.CurrentLineNumber + before.count("\n"), len(before.rpartition("\n")[2]) + 1
            texts[stack[-1]] = (line, column if "\n" in before else column + expat.CurrentColumnNumber)

    expat.StartElementHandler, expat.EndElementHandler, expat.CharacterDataHandler = start, end, characters
    try:
        expat.Parse(data, True)
    except (xml.parsers.expat.ExpatError, ValueError, LookupError):  # an encoding that only libxml2 knows
        return [], {}
    return starts, texts
