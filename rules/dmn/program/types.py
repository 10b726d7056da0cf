"""Item definitions to FEEL types, file by file; names that lead nowhere become findings."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.model import Definitions, ItemDefinition, Place, Text, Variable
from schuldhulp.rules.dmn.read.link import Linked
from schuldhulp.rules.dmn.read.walk import did_you_mean
from schuldhulp.rules.feel.types import (
    ANY,
    BUILT_IN_TYPES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    NamedType,
)
from schuldhulp.rules.feel.values import Value

Check = Callable[[Value], bool]


class Types:
    """The types of a model and all that it imports. `compile_check` makes the test of allowed values."""

    def __init__(
        self, linked: Linked, compile_check: Callable[[Text], Check], findings: list[Finding]
    ) -> None:
        self.linked = linked
        self.compile_check = compile_check
        self.findings = findings
        self.definitions: dict[tuple[str, str], ItemDefinition] = {
            (namespace, one.name): one for namespace, file in linked.files.items() for one in file.types
        }
        self._texts: dict[Check, str] = {}
        self._done: dict[tuple[str, str], FeelType] = {}
        self._open: set[tuple[str, str]] = set()
        for namespace, name in self.definitions:
            self._declared(namespace, name)

    def find(self, type_ref: str | None, file: Definitions, place: Place) -> FeelType:
        """The type of that name as *file* sees it; Any when none is named, or (with a finding) when it is unknown."""
        if type_ref is None:
            return ANY
        where = self.locate(type_ref, file)
        if where is not None:
            return self._declared(*where)
        if type_ref in BUILT_IN_TYPES:
            return BUILT_IN_TYPES[type_ref]
        known = [*(name for namespace, name in self.definitions if namespace == file.namespace), *BUILT_IN_TYPES]
        self._complain(
            place,
            f"the type {type_ref!r} is not known{did_you_mean(type_ref, known)}",
            "Name a type of FEEL, or declare it as an item definition.",
        )
        return ANY

    def of(self, variable: Variable, file: Definitions) -> FeelType:
        return self.find(variable.type_ref, file, variable.place)

    def names(self, file: Definitions) -> Mapping[str, FeelType]:
        """Every declared type that an expression in *file* may name, by the name used there."""
        found = {one.name: self._declared(file.namespace, one.name) for one in file.types}
        for one in file.imports:
            imported = self.linked.files.get(one.namespace)
            for definition in imported.types if imported else ():
                name = f"{one.name}.{definition.name}" if one.name else definition.name
                found[name] = self._declared(one.namespace, definition.name)
        return found

    def locate(self, type_ref: str, file: Definitions) -> tuple[str, str] | None:
        """Namespace and name of the declared type that *file* calls *type_ref*."""
        if type_ref.startswith("{"):
            namespace, _, name = type_ref[1:].partition("}")
            return (namespace, name) if (namespace, name) in self.definitions else None
        if (file.namespace, type_ref) in self.definitions:
            return file.namespace, type_ref
        for one in file.imports:
            name = type_ref.removeprefix(f"{one.name}.") if one.name else type_ref
            if (name != type_ref or not one.name) and (one.namespace, name) in self.definitions:
                return one.namespace, name
        return None

    def texts_of(self, kind: FeelType) -> list[str]:
        """The unary tests that the values of a type must pass, as written."""
        found: list[str] = []
        while isinstance(kind, NamedType):
            if kind.allows in self._texts:
                found.append(self._texts[kind.allows])
            kind = kind.base
        return found

    def _check(self, text: Text | None) -> Check | None:
        if text is None:
            return None
        check = self.compile_check(text)
        self._texts[check] = text.text
        return check

    def _complain(self, place: Place, message: str, remedy: str) -> None:
        self.findings.append(Finding("error", "type", message, remedy, place))

    def _declared(self, namespace: str, name: str) -> FeelType:
        key = (namespace, name)
        if key in self._done:
            return self._done[key]
        definition = self.definitions[key]
        if key in self._open:
            self._complain(
                definition.place, f"the type {name!r} is made of itself", "Let it end in a type of FEEL."
            )
            return ANY
        self._open.add(key)
        self._done[key] = self._build(definition, self.linked.files[namespace])
        self._open.discard(key)
        return self._done[key]

    def _build(self, definition: ItemDefinition, file: Definitions) -> FeelType:
        base: FeelType
        if definition.components:
            base = ContextType(tuple((one.name, self._build(one, file)) for one in definition.components))
        elif definition.function is not None:
            parameters = tuple(self.of(one, file) for one in definition.function.parameters)
            base = FunctionType(parameters, self.find(definition.function.output, file, definition.place))
        else:
            base = self.find(definition.type_ref, file, definition.place)
        allowed, constraint = self._check(definition.allowed), self._check(definition.constraint)
        if definition.collection:  # allowed values hold for each item, the constraint for the whole (7.3.2)
            item = base if allowed is None else NamedType(f"an item of {definition.name}", base, allowed)
            return NamedType(definition.name, ListType(item), constraint)
        return NamedType(definition.name, NamedType(definition.name, base, allowed), constraint)
