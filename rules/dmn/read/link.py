"""A model with all that it imports: files found, references resolved, cycles refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from schuldhulp.rules.dmn.findings import Excerpt, Finding
from schuldhulp.rules.dmn.model import (
    Decision,
    Definitions,
    DrgElement,
    Import,
    InputData,
    Key,
    KnowledgeModel,
    Place,
    Service,
)
from schuldhulp.rules.dmn.read.drg import read_definitions
from schuldhulp.rules.dmn.read.walk import Walk, did_you_mean
from schuldhulp.rules.xml import XmlError, parse

Imports = Callable[[str], bytes]  # namespace of a model -> its bytes; raises LookupError when it is not there
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Linked:
    """All files of a model by namespace, the main one first, and all their elements by key."""

    main: Definitions
    files: Mapping[str, Definitions]
    elements: Mapping[Key, DrgElement]


def load(data: bytes, name: str, imports: Imports | None) -> tuple[Linked | None, list[Finding]]:
    """Read the file and, by way of *imports*, whatever it imports; None when the file itself cannot be read."""
    findings: list[Finding] = []
    main = _read(data, name, findings)
    if main is None:
        return None, findings
    files: dict[str, Definitions] = {main.namespace: main}
    waiting: list[Import] = list(main.imports)
    while waiting:
        wanted = waiting.pop(0)
        if wanted.namespace in files:
            continue
        found = _fetch(wanted, imports, findings)
        if found is None:
            continue
        if len(files) >= _MOST_FILES:
            findings.append(_import_error(wanted, f"the model imports more than {_MOST_FILES} files"))
            break
        files[wanted.namespace] = found
        waiting.extend(found.imports)
    elements: dict[Key, DrgElement] = {}
    for file in files.values():
        _collect(file, elements, findings)
    linked = Linked(main, files, elements)
    findings.extend(_dangling(linked))
    findings.extend(_cycles(linked))
    return linked, findings


def _read(data: bytes, name: str, findings: list[Finding]) -> Definitions | None:
    try:
        root = parse(data, name=name)
    except XmlError as error:
        place = Place(name, line=error.line, within=f"column {error.column}" if error.line else "")
        findings.append(Finding("error", "xml", error.message, error.remedy, place))
        return None
    walk = Walk(name)
    read = read_definitions(walk, root, data)
    findings.extend(sorted(walk.findings, key=lambda finding: finding.place.line))
    return read


def _fetch(wanted: Import, imports: Imports | None, findings: list[Finding]) -> Definitions | None:
    if imports is None:
        findings.append(_import_error(wanted, f"the model {wanted.namespace!r} is not at hand"))
        return None
    try:
        data = imports(wanted.namespace)
    except LookupError:
        findings.append(_import_error(wanted, f"no model with the namespace {wanted.namespace!r} was found"))
        return None
    found = _read(data, wanted.name or wanted.namespace, findings)
    if found is not None and found.namespace != wanted.namespace:
        findings.append(_import_error(wanted, f"the model found has the namespace {found.namespace!r}"))
        return None
    return found


def _import_error(wanted: Import, message: str) -> Finding:
    return Finding("error", "import", message, "Put the imported model beside this one, or correct it.", wanted.place)


def _elements(file: Definitions) -> Iterator[DrgElement]:
    yield from file.inputs
    yield from file.decisions
    yield from file.knowledge
    yield from file.services


def _collect(file: Definitions, elements: dict[Key, DrgElement], findings: list[Finding]) -> None:
    """Gather the file's elements by key; complain about an id or a name that stands twice."""
    names: dict[str, DrgElement] = {}
    for element in _elements(file):
        if element.key in elements:
            findings.append(_twice(element, f"the id {element.key[1]!r}", elements[element.key]))
        elements[element.key] = element
        if element.variable.name in names:
            findings.append(_twice(element, f"the name {element.name!r}", names[element.variable.name]))
        names[element.variable.name] = element


def _twice(element: DrgElement, what: str, first: DrgElement) -> Finding:
    return Finding(
        "error",
        "twice",
        f"{what} is used a second time (first: {first.place.within}, line {first.place.line})",
        "Give each element its own id and name.",
        element.place,
    )


def _references(element: DrgElement) -> list[tuple[Key, type | tuple[type, ...], str]]:
    """What *element* refers to: key, the kinds of element allowed there, and the words for it."""
    match element:
        case Decision():
            return [
                *((key, (Decision, InputData), "a decision or input") for key in element.requires),
                *((key, (KnowledgeModel, Service), "a knowledge model or service") for key in element.knowledge),
            ]
        case KnowledgeModel():
            return [(key, (KnowledgeModel, Service), "a knowledge model or service") for key in element.knowledge]
        case Service():
            decisions = (*element.outputs, *element.encapsulated, *element.input_decisions)
            return [
                *((key, Decision, "a decision") for key in decisions),
                *((key, InputData, "an input") for key in element.input_data),
            ]
        case _:
            return []


def _dangling(linked: Linked) -> Iterator[Finding]:
    for element in linked.elements.values():
        for key, kinds, words in _references(element):
            found = linked.elements.get(key)
            if found is None:
                ids = [one[1] for one in linked.elements if one[0] == key[0]]
                yield Finding(
                    "error",
                    "reference",
                    f"nothing has the id {key[1]!r}{did_you_mean(key[1], ids)}",
                    f"Let the reference name {words}.",
                    element.place,
                    excerpt=Excerpt(f"#{key[1]}", 1, len(key[1]) + 1),
                )
            elif not isinstance(found, kinds):
                yield Finding(
                    "error",
                    "reference",
                    f"{found.place.within} is not {words}",
                    f"Let the reference name {words}.",
                    element.place,
                )


def _cycles(linked: Linked) -> Iterator[Finding]:
    """What needs itself, directly or by a long way round. A knowledge model that calls itself may stay."""
    for loop in strong_components({key: _needs(one) for key, one in linked.elements.items()}):
        members = [linked.elements[key] for key in loop]
        if len(members) == 1 and isinstance(members[0], KnowledgeModel):
            continue
        decisions = [one for one in members if isinstance(one, Decision)] or members
        names = " -> ".join(one.name for one in (*decisions, decisions[0]))
        yield Finding(
            "error", "cycle", f"it needs itself: {names}", "Take one of the requirements away.", decisions[0].place
        )


def _needs(element: DrgElement) -> tuple[Key, ...]:
    match element:
        case Decision():
            return (*element.requires, *element.knowledge)
        case KnowledgeModel():
            return element.knowledge
        case Service():
            given = set(element.input_decisions)
            return tuple(key for key in (*element.outputs, *element.encapsulated) if key not in given)
        case _:
            return ()


def strong_components(graph: Mapping[Key, Iterable[Key]]) -> list[list[Key]]:
    """The cycles of a graph: strongly connected components of two or more, or one that points at itself.

    Tarjan's algorithm without recursion, so that a deep graph cannot exhaust the stack.
    """
    order: dict[Key, int] = {}
    low: dict[Key, int] = {}
    path: list[Key] = []
    on_path: set[Key] = set()
    found: list[list[Key]] = []
    for start in graph:
        if start in order:
            continue
        work: list[tuple[Key, Iterator[Key]]] = [(start, iter(graph[start]))]
        order[start] = low[start] = len(order)
        path.append(start)
        on_path.add(start)
        while work:
            node, following = work[-1]
            for other in following:
                if other not in graph:
                    continue
                if other not in order:
                    order[other] = low[other] = len(order)
                    path.append(other)
                    on_path.add(other)
                    work.append((other, iter(graph[other])))
                    break
                if other in on_path:
                    low[node] = min(low[node], order[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    component = [path.pop()]
                    while component[-1] != node:
                        component.append(path.pop())
                    on_path.difference_update(component)
                    if len(component) > 1 or node in graph[node]:
                        found.append(component[::-1])
    return found
