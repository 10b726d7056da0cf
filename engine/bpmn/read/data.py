"""Data of a process as variables: data objects, properties, inputs and outputs, and what associations copy."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.bpmn.graph import DataMapping, DataObject, Expression
from schuldhulp.engine.bpmn.read.document import (
    Document,
    Element,
    child,
    children,
    flag,
    local,
    own_text,
    reference,
)

OBJECTS = ("dataObject", "dataObjectReference", "dataStoreReference", "property")
PLACEHOLDER = "__targetRef_placeholder"
"""bpmn-js draws an association to a task as one to a property of this name: it says "is read here", no more."""


class Data:
    """The variable that each data element of a file stands for."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._named: dict[str, str] = {}
        for ref in document.all("dataObjectReference"):
            target, name = reference(ref.get("dataObjectRef")), (ref.get("name") or "").strip()
            if target and name:
                self._named.setdefault(target, name)

    def name(self, element: Element) -> str:
        """The variable: its name; a data object without one takes that of its first reference; else the id.

        All references of one data object are the same variable.
        """
        if local(element) == "dataObjectReference":
            target = self.document.find(element.get("dataObjectRef"), "dataObject")
            if target is not None:
                return self.name(target)
        given, name = element.get("id") or "", (element.get("name") or "").strip()
        return name or self._named.get(given) or given

    def variable(self, ref: str | None) -> str | None:
        """The variable that a sourceRef or targetRef points to."""
        found = self.document.find(ref)
        if found is None or found.get("name") == PLACEHOLDER:
            return None
        return self.name(found)

    def objects(self, scope: Element, owner: str) -> tuple[DataObject, ...]:
        """What stands in *scope*, in document order."""
        return tuple(self._object(element, owner) for element in children(scope, *OBJECTS) if element.get("id"))

    def _object(self, element: Element, owner: str) -> DataObject:
        target = self.document.find(element.get("dataObjectRef"), "dataObject")
        source = element if target is None else target
        return DataObject(
            id=element.get("id") or "", name=self.name(element), scope=owner, place=self.document.place(element),
            collection=flag(source, "isCollection"), item_type=(source.get("itemSubjectRef") or "").strip() or None,
        )  # fmt: skip

    def associated(self, association: Element) -> Iterator[tuple[str, Expression]]:
        """(target variable, source expression) of a data association; nothing when it only draws a line."""
        assigned = False
        for assignment in children(association, "assignment"):
            target = self.document.expression(child(assignment, "to"))
            source = self.document.expression(child(assignment, "from"))
            assigned = True
            if target is not None and source is not None:
                yield target.text, source
        ends = [child(association, "sourceRef"), child(association, "targetRef")]
        source_name, target_name = (self.variable(None if end is None else own_text(end)) for end in ends)
        transformation = self.document.expression(child(association, "transformation"))
        if target_name is None or assigned:
            return
        if transformation is not None:
            yield target_name, transformation
        elif source_name is not None:
            yield target_name, Expression(source_name, self.document.place(association))

    def mappings(self, activity: Element, name: str) -> tuple[DataMapping, ...]:
        """The dataInputAssociation or dataOutputAssociation elements of an activity."""
        return tuple(
            DataMapping(target, source)
            for association in children(activity, name)
            for target, source in self.associated(association)
        )

    def loop_collection(self, activity: Element, ref: str) -> str | None:
        """The variable that a loopDataInputRef means: what is copied into the data input, when something is."""
        for association in children(activity, "dataInputAssociation"):
            target, source = child(association, "targetRef"), child(association, "sourceRef")
            if target is not None and source is not None and reference(own_text(target)) == reference(ref):
                return self.variable(own_text(source)) or self.variable(ref)
        return self.variable(ref)

    def loop_output(self, activity: Element, ref: str) -> str | None:
        """The variable that a loopDataOutputRef means: where the data output is copied to, when it is."""
        for association in children(activity, "dataOutputAssociation"):
            target, source = child(association, "targetRef"), child(association, "sourceRef")
            if target is not None and source is not None and reference(own_text(source)) == reference(ref):
                return self.variable(own_text(target)) or self.variable(ref)
        return self.variable(ref)
