"""Who does a task, by when, and what a task is given: the `camunda:` attributes and BPMN's own resource roles."""

from __future__ import annotations

import re

from schuldhulp.engine.bpmn.graph import DataMapping, DecisionRef, Expression, Place
from schuldhulp.engine.bpmn.read.document import (
    Document,
    Element,
    camunda,
    child,
    children,
    extensions,
    local,
    own_text,
)

_FOREIGN = re.compile(r"[$#]\{")


def literal(text: str, place: Place) -> Expression:
    """A value of which plain text means itself: "=" begins FEEL, anything else becomes a FEEL string.

    A JUEL expression stays as it is, so that the check can refuse it by its own words.
    """
    if text.startswith("="):
        return Expression(text[1:].strip(), place)
    if _FOREIGN.search(text):
        return Expression(text, place)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return Expression(f'"{escaped}"', place)


def names(text: str | None) -> tuple[str, ...]:
    """A comma-separated list of names; one FEEL or JUEL expression stays in one piece."""
    text = (text or "").strip()
    if text.startswith("=") or _FOREIGN.search(text):
        return (text,)
    return tuple(part.strip() for part in text.split(",") if part.strip())


def assignee(task: Element, document: Document) -> Expression | None:
    """camunda:assignee, else BPMN's humanPerformer or performer."""
    given = camunda(task, "assignee")
    if given is not None:
        return literal(given, document.place(task))
    for role in children(task, "humanPerformer", "performer"):
        text = _resource(role, document)
        if text:
            return literal(text, document.place(role))
    return None


def candidates(task: Element, document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(groups, users): camunda:candidateGroups and candidateUsers, and BPMN's potentialOwner.

    A potentialOwner says `group(a)`, `user(b)`, a plain name (a group), or a list of these.
    """
    groups, users = list(names(camunda(task, "candidateGroups"))), list(names(camunda(task, "candidateUsers")))
    for role in children(task, "potentialOwner"):
        for part in names(_resource(role, document)):
            match = re.fullmatch(r"(user|group)\((.*)\)", part)
            if match is None:
                groups.append(part)
            else:
                (users if match[1] == "user" else groups).append(match[2].strip())
    return tuple(groups), tuple(users)


def _resource(role: Element, document: Document) -> str:
    ref = child(role, "resourceRef")
    if ref is not None:
        found = document.find(own_text(ref), "resource")
        return "" if found is None else (found.get("name") or "").strip() or found.get("id") or ""
    holder = child(role, "resourceAssignmentExpression")
    expression = None if holder is None else next(children(holder, "formalExpression", "expression"), None)
    return "" if expression is None else own_text(expression).strip()


def decision(task: Element) -> DecisionRef | None:
    ref = camunda(task, "decisionRef")
    if ref is None:
        return None
    return DecisionRef(ref, camunda(task, "resultVariable"), camunda(task, "mapDecisionResult"))


def properties(element: Element, document: Document) -> tuple[tuple[str, str, Place], ...]:
    """camunda:properties, in document order; names may repeat."""
    return tuple(
        (part.get("name") or "", part.get("value") or "", document.place(part))
        for holder in extensions(element, "properties")
        for part in holder
        if local(part) == "property"
    )


def parameters(activity: Element, name: str, document: Document) -> tuple[DataMapping, ...]:
    """camunda:inputParameter or outputParameter elements of camunda:inputOutput: text, list or map of texts."""
    return tuple(
        DataMapping(part.get("name") or None, _value(part, document))
        for holder in extensions(activity, "inputOutput")
        for part in holder
        if local(part) == name
    )


def call_mappings(activity: Element, name: str, document: Document) -> tuple[DataMapping, ...]:
    """camunda:in or camunda:out of a call activity; the business key is not data and is left out."""
    found = []
    for part in extensions(activity, name):
        place = document.place(part)
        if (part.get("variables") or "").strip() == "all":
            found.append(DataMapping(None, None, all=True))
        elif part.get("target"):
            source = (part.get("source") or "").strip()
            expression = Expression(source, place) if source else document.inline(part.get("sourceExpression"), part)
            found.append(DataMapping((part.get("target") or "").strip(), expression))
    return tuple(found)


def _value(part: Element, document: Document) -> Expression | None:
    """The FEEL for a parameter: a text, a camunda:list of FEEL texts or a camunda:map of named ones."""
    place = document.place(part)
    for inner in part:
        if local(inner) == "list":
            return Expression("[" + ", ".join(_item_text(item) for item in inner) + "]", place)
        if local(inner) == "map":
            entries = [f'"{item.get("key") or ""}": {_item_text(item)}' for item in inner]
            return Expression("{" + ", ".join(entries) + "}", place)
    return document.expression(part)


def _item_text(item: Element) -> str:
    return own_text(item).strip().removeprefix("=").strip() or "null"
