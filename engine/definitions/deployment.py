"""A deployment: every definition at once, frozen and content-hashed; what it holds is read once and kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from types import MappingProxyType
from typing import TypeVar

from schuldhulp.engine.bpmn.graph import Finding, Graph, Place, Severity
from schuldhulp.engine.bpmn.read import read
from schuldhulp.engine.definitions import law_settings
from schuldhulp.engine.definitions.forms import Form, load_form
from schuldhulp.engine.definitions.letters import Letter, load_letter
from schuldhulp.engine.definitions.limits import bounded
from schuldhulp.engine.definitions.organisation import ORGANISATION, Organisation, load_organisation
from schuldhulp.engine.definitions.parameters import Parameter, Parameters, ParametersError, Typed, load_parameters
from schuldhulp.engine.definitions.registers import REGISTERS, Register, load_registers
from schuldhulp.rules.dictionary import Dictionary, DictionaryError, load_dictionary
from schuldhulp.rules.dmn import DmnErrors, DmnModel, read_model
from schuldhulp.rules.dmn import Finding as DmnFinding
from schuldhulp.rules.feel import Compiled, Value, feel_value
from schuldhulp.rules.terms import Calendar, Readings

_T = TypeVar("_T")
DICTIONARY = "rules/dictionary.yaml"
PARAMETERS = "rules/parameters.yaml"
TRIAL = "@trial"
"""What a scenario changes for itself; it goes before the organisation's own."""
LAYERS = ("", "@local", TRIAL)
"""Endings of the paths of merged files: what ships, the organisation's own folder, a trial."""
DAYS_KEPT = 64
"""Days of which the parameters stay at hand as FEEL values."""


class DefinitionNotFound(LookupError):
    """A deployment has no such process, table, form or letter."""

    def __init__(self, kind: str, name: str, known: list[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        listed = ", ".join(sorted(known)[:40]) or "none"
        super().__init__(f"there is no {kind} {name!r} in this deployment; there are: {listed}.")


class NotDeployable(ValueError):
    """A definition cannot be read; the findings say what, where and what to do."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        super().__init__("\n".join(str(finding) for finding in findings))


def hash_of(files: Mapping[str, bytes]) -> str:
    """sha256 (hex) over the sorted paths and the hashes of their bytes."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path}\0{hashlib.sha256(files[path]).hexdigest()}\n".encode())
    return whole.hexdigest()


@dataclass(frozen=True)
class Deployment:
    """Definitions by path, and what they mean. Reading is lazy and kept; a fault raises NotDeployable."""

    files: Mapping[str, bytes] = field(repr=False)
    compiled: dict[str, Compiled] = field(default_factory=dict, repr=False, compare=False)
    """Expressions that were read already, by text; filled by whoever evaluates."""
    _days: dict[date, dict[str, Value]] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def id(self) -> str:
        return hash_of(self.files)

    @cached_property
    def dictionary(self) -> Dictionary:
        """Raises DictionaryError: with every fault of all its files, and for a key that stands in two of them."""
        whole = Dictionary(MappingProxyType({}))
        problems: list[str] = []
        for own in (False, True):
            layer = Dictionary(MappingProxyType({}))
            for path, data in self._files_of(DICTIONARY, "@local" if own else ""):
                try:
                    read = load_dictionary(data, name=path)
                except DictionaryError as error:
                    problems += [f"{problem} ({path})" for problem in error.problems]
                    continue
                problems += [f"{key}: stands in two files, also in {path}" for key in read if key in layer]
                layer = layer.with_(read)
            whole = whole.with_(layer)
        if problems:
            raise DictionaryError(DICTIONARY, problems)
        return whole

    @cached_property
    def own_keys(self) -> frozenset[str]:
        """The data that the organisation adds to the dictionary. Raises DictionaryError."""
        shipped = {key for _, data in self._files_of(DICTIONARY, "") for key in load_dictionary(data)}
        return frozenset(self.dictionary.entries.keys() - shipped)

    @cached_property
    def registers(self) -> Mapping[str, Register]:
        """The registers of the organisation by key, those it adds itself included. Raises ParametersError."""
        paths = [f"{REGISTERS}{layer}" for layer in LAYERS]
        return load_registers((path, self.files[path]) for path in paths if path in self.files)

    @cached_property
    def parameters(self) -> Parameters:
        """What ships, and over it layer by layer what is the organisation's own. Raises ParametersError."""
        whole = Parameters(())
        for layer in LAYERS:
            own = self._parameters_of(layer)
            if layer == "@local":
                own = self._with_settings(own, whole)
            whole = whole.merged(self._laid_over(whole, own))
        return whole

    def _parameters_of(self, layer: str) -> Parameters:
        found: list[Parameter] = []
        twice: dict[tuple[str, date], str] = {}
        for path, data in self._files_of(PARAMETERS, layer):
            name = path.replace("@local", " (own folder)").replace(TRIAL, " (scenario)")
            read = load_parameters(data, name=name, typed=self._typed(own=bool(layer))).values
            for one in read:
                other = twice.setdefault((one.key, one.valid_from), name)
                if other != name:
                    text = f"{one.key} from {one.valid_from} stands in {other} as well; remove one of the two"
                    raise ParametersError(name, [text])
            found += read
        return Parameters(tuple(found))

    def _with_settings(self, own: Parameters, shipped: Parameters) -> Parameters:
        """What organisation.yaml says, from the day on which the shipped value begins; a dated own value goes before it."""
        known = shipped.keys()
        found = (
            replace(one, valid_from=shipped.since(one.key)) if one.key in known else one
            for one in self.organisation.parameters()
        )
        dated = {(one.key, one.valid_from) for one in own.values}
        return Parameters((*(one for one in found if (one.key, one.valid_from) not in dated), *own.values))

    @cached_property
    def organisation(self) -> Organisation:
        """What the organisation's folder says of itself; nothing without one. Raises ParametersError."""
        data = self.files.get(f"{ORGANISATION}@local")
        return Organisation() if data is None else load_organisation(data)

    def _typed(self, *, own: bool) -> dict[str, Typed]:
        return {**bounded(), **{key: partial(register.read, own=own) for key, register in self.registers.items()}}

    def _laid_over(self, below: Parameters, own: Parameters) -> Parameters:
        """Own values; entries of a register that are changed one by one are completed from what is below."""
        problems: list[str] = []
        values, known = [], below.keys()
        for one in own.values:
            register = self.registers.get(one.key)
            if register is not None and register.one_per is not None and one.key in known:
                under = below.on(max(one.valid_from, below.since(one.key)))[one.key]
                one = replace(one, value=register.laid_over(under, one.value, problems))
            values.append(one)
        if problems:
            raise ParametersError(PARAMETERS, problems)
        return Parameters(tuple(values))

    @cached_property
    def readings(self) -> Readings:
        """How the organisation reads contested points of the law. Raises ParametersError."""
        return law_settings.readings_of(self.files)

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar of the Atw, with days equated since the product shipped. Raises ParametersError."""
        return law_settings.calendar_of(self.files)

    @cached_property
    def read_processes(self) -> tuple[Mapping[str, Graph], tuple[Finding, ...]]:
        """Every process by id, and every finding of the reader; a process id that stands twice is a finding."""
        graphs: dict[str, Graph] = {}
        findings: list[Finding] = []
        for path, data in self._of("processes/", ".bpmn"):
            model, found = read(data, file=path)
            findings += found
            for process, graph in (model.graphs if model else {}).items():
                if process in graphs:
                    findings.append(_twice(graph, graphs[process].file))
                graphs[process] = graph
        return graphs, tuple(findings)

    @cached_property
    def graphs(self) -> Mapping[str, Graph]:
        graphs, findings = self.read_processes
        _refuse(findings)
        return graphs

    @cached_property
    def modules(self) -> Mapping[str, Graph]:
        """The processes that are modules here: those with a `title`, but for those that the organisation switched off."""
        off = self.organisation.off
        return {key: graph for key, graph in self.all_modules.items() if key not in off}

    @cached_property
    def all_modules(self) -> Mapping[str, Graph]:
        """The modules that are switched off included."""
        return {
            key: graph for key, graph in self.graphs.items() if any(name == "title" for name, _, _ in graph.properties)
        }

    @cached_property
    def decisions(self) -> Mapping[str, DmnModel]:
        """The model that holds each decision, by the decision's id."""
        found: dict[str, DmnModel] = {}
        for path, data in self._of("rules/tables/", ".dmn"):
            try:
                model = read_model(data, name=path)
            except DmnErrors as error:
                raise NotDeployable(tuple(of_dmn(finding) for finding in error.findings)) from error
            found.update(dict.fromkeys(model.decisions, model))
        return found

    @cached_property
    def forms(self) -> Mapping[str, Form]:
        found: dict[str, Form] = {}
        for path, data in self._of("tasks/forms/", ".form"):
            form, findings = load_form(data, name=path, dictionary=self.dictionary)
            if form is None:
                raise NotDeployable(tuple(findings))
            found[path.removeprefix("tasks/forms/").removesuffix(".form")] = form
        return found

    @cached_property
    def letters(self) -> Mapping[str, Letter]:
        found: dict[str, Letter] = {}
        for path, data in self._of("tasks/letters/", ".md.j2"):
            letter, findings = load_letter(data, name=path)
            if letter is None:
                raise NotDeployable(tuple(findings))
            found[path.removeprefix("tasks/letters/").removesuffix(".md.j2")] = letter
        return found

    @cached_property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """Dutch words of the codes of each enum and set, by key; fields of list items by "list.field"."""
        found = {key: entry.values for key, entry in self.dictionary.entries.items() if entry.values}
        for key, entry in self.dictionary.entries.items():
            found.update({f"{key}.{name}": field.values for name, field in entry.item.items() if field.values})
        return found

    def read_everything(self) -> None:
        """Raises NotDeployable, DictionaryError or ParametersError for the first kind of definition that has faults."""
        _ = (
            self.dictionary,
            self.organisation,
            self.registers,
            self.parameters,
            self.readings,
            self.calendar,
            self.graphs,
            self.decisions,
            self.forms,
            self.letters,
        )

    def feel_parameters(self, day: date, current: Deployment | None = None) -> Value:
        """The parameters on *day* as a FEEL context, `p`. Registers are those of *current*, the deployment in force: an agreement
        or a mandate of today counts in a case that runs on older models too (those that are `pinned` are not)."""
        own = self._parameters_on(day)
        if current is None or current.id == self.id:
            return own
        now = current._parameters_on(day)
        follow = (key for key, register in current.registers.items() if not register.pinned and key in now)
        return {**own, **{key: now[key] for key in follow}}

    def _parameters_on(self, day: date) -> dict[str, Value]:
        known = self._days.get(day)
        if known is None:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            known = self._days[day] = {key: feel_value(value) for key, value in self.parameters.on(day).items()}
        return known

    def graph(self, process: str) -> Graph:
        return _get("process", process, self.graphs)

    def decision(self, decision: str) -> DmnModel:
        return _get("decision", decision, self.decisions)

    def form(self, key: str) -> Form:
        return _get("form", key, self.forms)

    def letter(self, key: str) -> Letter:
        return _get("letter", key, self.letters)

    def _files_of(self, name: str, layer: str) -> list[tuple[str, bytes]]:
        """The file *name* and those of the folder that is named like it, in order, of one of LAYERS.
        Raises KeyError when nothing of what ships is there."""
        folder = name.removesuffix(".yaml") + "/"
        found = [
            (path, data)
            for path, data in sorted(self.files.items())
            if path.endswith(f".yaml{layer}") and (path == name + layer or path.startswith(folder))
        ]
        if not found and not layer:
            raise KeyError(name)
        return found

    def _of(self, prefix: str, suffix: str) -> list[tuple[str, bytes]]:
        return [(p, data) for p, data in self.files.items() if p.startswith(prefix) and p.endswith(suffix)]


def _get(kind: str, name: str, found: Mapping[str, _T]) -> _T:
    try:
        return found[name]
    except KeyError:
        raise DefinitionNotFound(kind, name, list(found)) from None


def _refuse(findings: tuple[Finding, ...]) -> None:
    errors = tuple(finding for finding in findings if finding.severity is Severity.ERROR)
    if errors:
        raise NotDeployable(errors)


def of_dmn(finding: DmnFinding) -> Finding:
    """A finding of a table as a finding of the deployment; the designer's own text with a caret goes along."""
    place = finding.place
    shown = f"{place.within}: {finding.message}" if place.within else finding.message
    excerpt = f"\n{finding.excerpt.render()}\n" if finding.excerpt is not None else ""
    severity = Severity.ERROR if finding.severity == "error" else Severity.WARNING
    where = Place(place.model, place.line or 1)
    return Finding(severity, f"dmn-{finding.code}", shown + excerpt, finding.remedy, where, place.element)


def _twice(graph: Graph, other: str) -> Finding:
    return Finding(
        Severity.ERROR,
        "process-twice",
        f"the process id stands in {other} as well.",
        "Give one of the two another id, or remove one.",
        graph.place,
        graph.process,
        graph.name,
    )
