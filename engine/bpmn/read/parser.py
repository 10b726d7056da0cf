"""SpiffWorkflow's parser as our reader: its discovery and tag dispatch, our meaning.

Used of the library: the order of reading a document (`add_bpmn_xml`), the discovery of processes, the dispatch from tag
to parser class (`OVERRIDE_PARSER_CLASSES`), the parser per process and sub-process (`PROCESS_PARSER_CLASS`,
`AD_HOC_PARSER_CLASS`), the tables of messages, signals, errors and escalations, and the called processes. Not used: its
specs, its script engine, its DMN, and its refusals of legal models. ADR 0002 lists what an upgrade must keep.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from schuldhulp.engine.bpmn.graph import Kind, Node
from schuldhulp.engine.bpmn.read.document import Document, Element, bpmn, local
from schuldhulp.engine.bpmn.read.draft import Draft, ProcessDraft
from schuldhulp.engine.bpmn.read.nodes import (
    CallReader,
    EventReader,
    GatewayReader,
    NodeReader,
    ReceiveReader,
    ScriptReader,
    SubProcessReader,
)
from schuldhulp.engine.bpmn.read.report import Report
from schuldhulp.engine.bpmn.read.tables import Tables

GLOBAL_TASKS = {
    "globalTask": Kind.TASK, "globalUserTask": Kind.USER, "globalManualTask": Kind.MANUAL,
    "globalScriptTask": Kind.SCRIPT, "globalBusinessRuleTask": Kind.RULE,
}  # fmt: skip
READERS: dict[Kind, type[NodeReader]] = {
    Kind.START: EventReader, Kind.END: EventReader, Kind.CATCH: EventReader, Kind.THROW: EventReader,
    Kind.BOUNDARY: EventReader, Kind.TASK: NodeReader, Kind.USER: NodeReader, Kind.MANUAL: NodeReader,
    Kind.SCRIPT: ScriptReader, Kind.SERVICE: NodeReader, Kind.SEND: NodeReader, Kind.RECEIVE: ReceiveReader,
    Kind.RULE: NodeReader, Kind.CALL: CallReader, Kind.SUBPROCESS: SubProcessReader,
    Kind.TRANSACTION: SubProcessReader, Kind.ADHOC: SubProcessReader, Kind.EXCLUSIVE: GatewayReader,
    Kind.PARALLEL: GatewayReader, Kind.INCLUSIVE: GatewayReader, Kind.COMPLEX: GatewayReader,
    Kind.EVENT_BASED: GatewayReader,
}  # fmt: skip
SILENT = frozenset(
    {"documentation", "extensionElements", "laneSet", "sequenceFlow", "dataObject", "dataObjectReference",
     "dataStoreReference", "property", "ioSpecification", "ioBinding", "association", "group", "textAnnotation",
     "incoming", "outgoing", "dataInputAssociation", "dataOutputAssociation", "standardLoopCharacteristics",
     "multiInstanceLoopCharacteristics", "completionCondition", "correlationSubscription", "auditing", "monitoring",
     "performer", "humanPerformer", "potentialOwner", "resourceRole", "supports", "supportedInterfaceRef"}
)  # fmt: skip
"""Children of a scope that are no flow nodes: read elsewhere, or judged by the check."""
DEEPEST = 40
"""Sub-processes in sub-processes; each costs some frames of the Python stack."""


class GlobalTaskReader(NodeReader):
    """A global task becomes a process of one node."""

    @property
    def kind(self) -> Kind:
        return GLOBAL_TASKS[local(self.node)]

    def own(self) -> dict[str, Any]:
        return ScriptReader.own(self) if self.kind is Kind.SCRIPT else {}


class ScopeReader(ProcessParser):  # type: ignore[misc]
    """Reads what stands in a process or sub-process into a Draft (`spec` in the library's words)."""

    node: Element
    parser: ModelParser
    outer: ScopeReader | None = None
    opened_by: Node | None = None

    def _index_process_nodes(self) -> None:
        """Nothing: the library indexes once per scope, `Tables` once for the whole document."""

    def create_spec(self) -> Draft:
        given = self.node.get("id") or ""
        if self.outer is None or self.opened_by is None:
            return Draft(given, None, None, (), ProcessDraft())
        around: Draft = self.outer.spec
        return Draft(given, self.opened_by.kind, around.id, self.opened_by.lanes, around.process)

    def _parse(self) -> None:
        self.spec = self.create_spec()
        self.add_tasks()
        tables = self.parser.tables
        self.spec.close(tables.data.objects(self.node, self.spec.id))

    def add_tasks(self) -> None:
        if local(self.node) in GLOBAL_TASKS:
            self.parse_node(self.node)
            return
        for element in self.node.iterchildren(f"{bpmn('')}*"):
            reader, _ = self.parser._get_parser_class(element.tag)
            if reader is not None and self._may_read(element):
                self.parse_node(element)
            elif reader is None and local(element) not in SILENT:
                self.parser.report.error(
                    "element-unknown", element, f"<{local(element)}> is not an element that can stand in a process.",
                    "Remove it, or draw it again with an element of BPMN 2.0.",
                )  # fmt: skip

    def parse_node(self, node: Element) -> Node:
        reader, target = self.parser._get_parser_class(node.tag)
        found: Node = reader(self, target, node, self.nsmap, lane=self.lane).parse_node()
        return found

    def _may_read(self, element: Element) -> bool:
        given = element.get("id")
        if not given:
            self.parser.report.error(
                "id-missing", element, f"This {local(element)} has no id.",
                "Give it an id: the history of a case names its steps by their ids.",
            )  # fmt: skip
            return False
        return self.parser.tables.document.ids.get(given) is element  # a second one with this id: the check says so


class ModelParser(BpmnParser):  # type: ignore[misc]
    """The library's parser for one document."""

    OVERRIDE_PARSER_CLASSES = {bpmn(kind.value): (reader, Node) for kind, reader in READERS.items()} | {
        bpmn(name): (GlobalTaskReader, Node) for name in GLOBAL_TASKS
    }
    PROCESS_PARSER_CLASS = ScopeReader
    AD_HOC_PARSER_CLASS = ScopeReader

    def __init__(self, document: Document, report: Report) -> None:
        super().__init__()
        self.document, self.report = document, report
        self.tables = Tables(document, report)
        self.depth = 0

    def drafts(self) -> list[tuple[Element, Draft]]:
        """Every process and global task of the document, read."""
        self.add_bpmn_xml(self.document.root, self.document.file)
        self.tables.take_names(self)
        return [(parser.node, parser.get_spec()) for parser in list(self.process_parsers.values())]

    def read_inside(self, element: Element, node: Node, outer: ScopeReader) -> None:
        """Read the nodes of a sub-process into the draft of the process around it."""
        if self.depth >= DEEPEST:
            self.report.error(
                "nested-too-deep", element, f"Sub-processes are nested more than {DEEPEST} deep here.",
                "Move the inner ones to a process of their own and call it.",
            )  # fmt: skip
            return
        create = self.create_ad_hoc_parser if node.kind is Kind.ADHOC else self.create_parser
        if self._told(create, element, self.document.file):
            inner: ScopeReader = self.process_parsers[node.id]
            inner.outer, inner.opened_by = outer, node
            self.depth += 1
            inner.get_spec()
            self.depth -= 1

    def _add_processes(self, bpmn: Any, filename: str | None = None) -> None:
        for element in self.document.all("process", *GLOBAL_TASKS):
            if not element.get("id"):
                self.report.error(
                    "id-missing", element, f"This {local(element)} has no id.",
                    "Give it an id: cases are started by it.",
                )  # fmt: skip
            elif self._told(self.create_parser, element, filename):
                self._find_dependencies(element)

    def _told(self, step: Callable[..., None], element: Element, *rest: object) -> bool:
        """Do one of the library's steps; what it refuses becomes a finding with a place."""
        try:
            step(element, *rest)
        except ValidationException as error:
            self.report.error("not-readable", element, f"{error}.", "Mend this element, or draw it again.")
            return False
        return True

    def _add_data_stores(self, bpmn: Any) -> None:
        """Nothing: the library wants a Python class for the name of each data store."""

    def _add_diagram_indexes(self, bpmn: Any) -> None:
        """Nothing: `lanes.py` keeps nested lanes apart, and no meaning is taken from the drawing."""

    def _add_collaborations(self, bpmn: Any) -> None:
        """Nothing: the library looks at the first collaboration only; `model.py` names the pools."""

    def _add_correlations(self, bpmn: Any) -> None:
        """Nothing: the library drops the paths into the process's data; `Tables.message_keys` keeps both."""

    def _add_messages(self, bpmn: Any) -> None:
        self._table("message", super()._add_messages, bpmn)

    def _add_signals(self, bpmn: Any) -> None:
        self._table("signal", super()._add_signals, bpmn)

    def _add_errors(self, bpmn: Any) -> None:
        self._table("error", super()._add_errors, bpmn)

    def _add_escalations(self, bpmn: Any) -> None:
        self._table("escalation", super()._add_escalations, bpmn)

    def _table(self, name: str, fill: Callable[[Any], None], document: Any) -> None:
        nameless = [element for element in self.document.all(name) if not element.get("id")]
        for element in nameless:
            remedy = "Give it an id, so that events can name it."
            self.report.error("id-missing", element, f"This {name} has no id.", remedy)
        if not nameless:
            fill(document)
