"""A model that is read, checked and compiled: what `decide` works on."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from schuldhulp.rules.dmn.errors import NoSuchDecision
from schuldhulp.rules.dmn.findings import DmnErrors, Finding
from schuldhulp.rules.dmn.model import Decision, Key, Service, Table
from schuldhulp.rules.dmn.program.boxed import Compiler
from schuldhulp.rules.dmn.program.graph import Graph
from schuldhulp.rules.dmn.program.table import CompiledTable
from schuldhulp.rules.dmn.program.texts import Texts
from schuldhulp.rules.dmn.program.types import Types
from schuldhulp.rules.dmn.read.link import Imports, Linked, load

FATAL = frozenset({"xml", "not-dmn", "import", "reference", "cycle"})  # without these a model cannot run at all


@dataclass(frozen=True, slots=True, eq=False)
class DmnModel:
    """A DMN model with all that it imports; immutable, may be shared between threads.

    `decisions` and `services` are those of the file itself, by id. `hash` is the SHA-256 over all its files.
    """

    name: str
    namespace: str
    hash: str
    decisions: Mapping[str, Decision]
    services: Mapping[str, Service]
    keys: Mapping[str, Key]  # by id, and by name where no id says otherwise
    linked: Linked
    graph: Graph

    def key(self, wanted: str) -> Key:
        """The decision or service with that id or name. Raises NoSuchDecision."""
        found = self.keys.get(wanted)
        if found is None:
            raise NoSuchDecision(self.name, wanted, self.keys)
        return found

    def compiled(self, table: Table) -> CompiledTable:
        """The compiled form of one of the model's tables."""
        return self.graph.compiler.tables[id(table)]


def read_model(data: bytes, *, name: str, imports: Imports | None = None, tolerant: bool = False) -> DmnModel:
    """Read, check and compile a DMN file (1.1 to 1.5).

    *name* is what errors call the file; *imports* gives the bytes of an imported model by its namespace (LookupError
    when it has none). *tolerant* is for conformance runs alone: an expression with an error gives null with the reason,
    as the standard has it, and what is not understood is passed over. Raises DmnErrors with all findings.
    """
    linked, findings = load(data, name, imports)
    if linked is None:
        raise DmnErrors(findings)
    texts = Texts(findings, tolerant=tolerant)
    types = Types(linked, texts.allowed, findings)
    texts.types = {namespace: types.names(file) for namespace, file in linked.files.items()}
    graph = Graph(linked, Compiler(types, texts, findings), findings)
    wrong = [one for one in findings if one.severity == "error" and not (tolerant and one.code not in FATAL)]
    errors = _once(wrong)
    if errors:
        raise DmnErrors(errors)
    return DmnModel(
        name=name,
        namespace=linked.main.namespace,
        hash=_hash(linked),
        decisions=MappingProxyType({one.id: one for one in linked.main.decisions}),
        services=MappingProxyType({one.id: one for one in linked.main.services}),
        keys=MappingProxyType(_keys([*linked.main.decisions, *linked.main.services])),
        linked=linked,
        graph=graph,
    )


def _keys(elements: Sequence[Decision | Service]) -> dict[str, Key]:
    by_name = {one.name: one.key for one in reversed(elements)}
    return by_name | {one.id: one.key for one in elements}


def _hash(linked: Linked) -> str:
    if len(linked.files) == 1:
        return linked.main.hash
    together = "\n".join(f"{namespace} {linked.files[namespace].hash}" for namespace in sorted(linked.files))
    return hashlib.sha256(together.encode()).hexdigest()


def _once(findings: list[Finding]) -> list[Finding]:
    """Without repetitions: a text that is compiled for two purposes complains twice."""
    seen: set[tuple[object, ...]] = set()
    kept: list[Finding] = []
    for finding in findings:
        key = (finding.code, finding.message, finding.place)
        if key not in seen:
            seen.add(key)
            kept.append(finding)
    return kept
