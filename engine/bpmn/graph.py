"""A BPMN process as an immutable graph: what the reader gives, the check judges and the executor runs.

Everything here is frozen and hashable by identity of its definitions' bytes; nothing here runs. Names follow
BPMN 2.0.2 (OMG formal/2013-12-09). Ids are those of the file, so every message can name the designer's own element.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: file name, line and column (both from 1; column 0 when not known)."""

    file: str
    line: int
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Expression:
    """A FEEL text with the place of its first character.

    `text` has no leading "=" and no surrounding white space. `language` is the language that the file declares
    (None when it says nothing); the check refuses every language but FEEL.
    """

    text: str
    place: Place
    language: str | None = None


class Kind(StrEnum):
    """The kinds of flow nodes, by their BPMN tag (event sub-process and start event are kinds of their own)."""

    START = "startEvent"
    END = "endEvent"
    CATCH = "intermediateCatchEvent"
    THROW = "intermediateThrowEvent"
    BOUNDARY = "boundaryEvent"
    TASK = "task"
    USER = "userTask"
    MANUAL = "manualTask"
    SCRIPT = "scriptTask"
    SERVICE = "serviceTask"
    SEND = "sendTask"
    RECEIVE = "receiveTask"
    RULE = "businessRuleTask"
    CALL = "callActivity"
    SUBPROCESS = "subProcess"
    TRANSACTION = "transaction"
    ADHOC = "adHocSubProcess"
    EVENT_SUBPROCESS = "eventSubProcess"
    EXCLUSIVE = "exclusiveGateway"
    PARALLEL = "parallelGateway"
    INCLUSIVE = "inclusiveGateway"
    COMPLEX = "complexGateway"
    EVENT_BASED = "eventBasedGateway"


ACTIVITIES = frozenset(
    {Kind.TASK, Kind.USER, Kind.MANUAL, Kind.SCRIPT, Kind.SERVICE, Kind.SEND, Kind.RECEIVE, Kind.RULE, Kind.CALL,
     Kind.SUBPROCESS, Kind.TRANSACTION, Kind.ADHOC}
)  # fmt: skip
EVENTS = frozenset({Kind.START, Kind.END, Kind.CATCH, Kind.THROW, Kind.BOUNDARY})
GATEWAYS = frozenset({Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.COMPLEX, Kind.EVENT_BASED})
SCOPES = frozenset({Kind.SUBPROCESS, Kind.TRANSACTION, Kind.ADHOC, Kind.EVENT_SUBPROCESS})


class Trigger(StrEnum):
    """What an event waits for or throws (BPMN 2.0.2 section 10.5)."""

    MESSAGE = "message"
    SIGNAL = "signal"
    TIMER = "timer"
    CONDITIONAL = "conditional"
    ERROR = "error"
    ESCALATION = "escalation"
    CANCEL = "cancel"
    COMPENSATE = "compensate"
    LINK = "link"
    TERMINATE = "terminate"


class TimerKind(StrEnum):
    DATE = "timeDate"
    DURATION = "timeDuration"
    CYCLE = "timeCycle"


@dataclass(frozen=True, slots=True)
class CorrelationKey:
    """A key of a message: name, and the FEEL expressions that give its value.

    `from_message` is evaluated over the payload of an arriving message, `from_process` over the data of the waiting
    instance.
    """

    name: str
    from_message: Expression
    from_process: Expression


@dataclass(frozen=True, slots=True)
class EventDefinition:
    """One definition of an event. Which fields are set follows from `trigger`.

    `name`: message, signal or link name; error or escalation *code* (None on a catching event = any code).
    `ref`: id of the referenced root element (message, signal, error, escalation) when there is one.
    `timer`/`expression`: kind and text of a timer; `expression` alone is the condition of a conditional event.
    `activity`: the activity to compensate (activityRef), None = all of the scope; `wait`: waitForCompletion.
    `payload`: FEEL that gives what a thrown message or signal carries; `variable`: where a caught payload is stored.
    """

    trigger: Trigger
    id: str
    place: Place
    name: str | None = None
    ref: str | None = None
    timer: TimerKind | None = None
    expression: Expression | None = None
    activity: str | None = None
    wait: bool = True
    keys: tuple[CorrelationKey, ...] = ()
    payload: Expression | None = None
    variable: str | None = None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """standardLoopCharacteristics: `condition` true = go round again; `test_before` decides before the first turn."""

    place: Place
    condition: Expression | None
    test_before: bool = False
    maximum: Expression | None = None


class Behavior(StrEnum):
    """multiInstanceLoopCharacteristics/@behavior: which completions of an inner instance throw an event."""

    ALL = "All"
    NONE = "None"
    ONE = "One"
    COMPLEX = "Complex"


@dataclass(frozen=True, slots=True)
class ComplexBehavior:
    """complexBehaviorDefinition: when `condition` is true at an inner completion, throw `event`."""

    condition: Expression
    event: EventDefinition


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """multiInstanceLoopCharacteristics. Exactly one of `cardinality` and `collection` is set in a valid model.

    `element`: local variable that holds the item; `output_collection`/`output_element`: list that gathers a FEEL
    result per inner instance, in order of the items.
    """

    place: Place
    sequential: bool
    cardinality: Expression | None = None
    collection: Expression | None = None
    element: str | None = None
    completion: Expression | None = None
    behavior: Behavior = Behavior.ALL
    none_event: EventDefinition | None = None
    one_event: EventDefinition | None = None
    complex: tuple[ComplexBehavior, ...] = ()
    output_collection: str | None = None
    output_element: Expression | None = None


@dataclass(frozen=True, slots=True)
class DataMapping:
    """One input or output parameter (camunda:inputOutput, data association, or call activity mapping).

    The value of `source` becomes `target`. `target` None with `all` true copies everything (camunda:in
    variables="all").
    """

    target: str | None
    source: Expression | None
    all: bool = False


@dataclass(frozen=True, slots=True)
class DecisionRef:
    """camunda:decisionRef with resultVariable and mapDecisionResult.

    mapDecisionResult: singleEntry, singleResult, collectEntries or resultList.
    """

    decision: str
    result_variable: str | None
    map_result: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A flow node. Fields that do not belong to its kind keep their defaults."""

    id: str
    kind: Kind
    name: str | None
    scope: str
    """Id of the scope it stands in: the process, or a sub-process node."""
    place: Place
    incoming: tuple[str, ...] = ()
    outgoing: tuple[str, ...] = ()
    """Ids of sequence flows, in document order of the flows."""
    default: str | None = None
    """Id of the default flow (activities, exclusive, inclusive, complex gateways)."""
    definitions: tuple[EventDefinition, ...] = ()
    parallel_multiple: bool = False
    interrupting: bool = True
    """cancelActivity of a boundary event; isInterrupting of the start event of an event sub-process."""
    attached_to: str | None = None
    boundary: tuple[str, ...] = ()
    """Ids of the boundary events attached to this activity, in document order."""
    compensation_handler: str | None = None
    """Activity: the handler at the end of the association from its compensation boundary event."""
    for_compensation: bool = False
    loop: StandardLoop | MultiInstance | None = None
    start_quantity: int = 1
    completion_quantity: int = 1
    instantiate: bool = False
    """Receive task or event-based gateway that starts an instance."""
    parallel_start: bool = False
    """Instantiating event-based gateway with eventGatewayType="Parallel"."""
    activation: Expression | None = None
    """activationCondition of a complex gateway."""
    ordering_sequential: bool = False
    completion: Expression | None = None
    """completionCondition of an ad-hoc sub-process."""
    cancel_remaining: bool = True
    called: Expression | None = None
    """calledElement of a call activity, as literal text."""
    script: Expression | None = None
    """FEEL assignments, one per line: `name = expression`."""
    message: EventDefinition | None = None
    """What a send task throws or a receive task waits for."""
    decision: DecisionRef | None = None
    form: str | None = None
    """camunda:formRef / formKey."""
    lane: str | None = None
    """Name of the innermost lane: the role its user tasks are for."""
    lanes: tuple[str, ...] = ()
    """Names of all lanes around it, outermost first."""
    assignee: Expression | None = None
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    due: Expression | None = None
    follow_up: Expression | None = None
    priority: Expression | None = None
    topic: str | None = None
    """camunda:topic of an external task."""
    inputs: tuple[DataMapping, ...] = ()
    outputs: tuple[DataMapping, ...] = ()
    result_variable: str | None = None
    properties: tuple[tuple[str, str, Place], ...] = ()
    """camunda:property entries (name, value, place), in order; names may repeat."""
    documentation: str = ""

    def property(self, name: str) -> str | None:
        """The first property called *name*, or None."""
        return next((value for key, value, _ in self.properties if key == name), None)

    def all_properties(self, name: str) -> tuple[str, ...]:
        """Every property called *name*, in document order."""
        return tuple(value for key, value, _ in self.properties if key == name)


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    scope: str
    place: Place
    name: str | None = None
    condition: Expression | None = None


@dataclass(frozen=True, slots=True)
class DataObject:
    """A data object or data object reference: `name` is the variable it stands for."""

    id: str
    name: str
    scope: str
    place: Place
    collection: bool = False
    item_type: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """The process itself or a sub-process: what stands in it."""

    id: str
    kind: Kind | None
    """None for the process."""
    parent: str | None
    """Id of the scope around it; None for the process."""
    nodes: tuple[str, ...]
    """Ids of its flow nodes in document order, event sub-processes and boundary events included."""
    starts: tuple[str, ...]
    """Where a token starts when the scope starts of itself: none start events; without any start event, the nodes
    without incoming flow that are not boundary events, event sub-processes, link catches, instantiating or for
    compensation."""
    event_subprocesses: tuple[str, ...] = ()
    data: tuple[DataObject, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """One executable process. `hash` is the sha256 (hex) of the file's bytes and the process id."""

    process: str
    name: str | None
    file: str
    hash: str
    executable: bool
    scopes: Mapping[str, Scope]
    nodes: Mapping[str, Node]
    flows: Mapping[str, Flow]
    place: Place
    version_tag: str | None = None
    pool: str | None = None
    """Name of the participant that this process fills, when a collaboration names one."""
    properties: tuple[tuple[str, str, Place], ...] = ()
    documentation: str = ""
    startable: tuple[str, ...] = field(default=())
    """Nodes by which an instance may start from outside: start events with a trigger, instantiating receive tasks and
    event gateways of the process scope, in document order."""

    @property
    def root(self) -> Scope:
        return self.scopes[self.process]

    def frozen(self) -> Graph:
        """The same graph with read-only mappings."""
        return Graph(
            **{name: getattr(self, name) for name in self.__slots__ if name not in ("scopes", "nodes", "flows")},
            scopes=MappingProxyType(dict(self.scopes)),
            nodes=MappingProxyType(dict(self.nodes)),
            flows=MappingProxyType(dict(self.flows)),
        )


@dataclass(frozen=True, slots=True)
class Model:
    """One BPMN file as read: its executable and other processes (global tasks too), by id."""

    file: str
    sha256: str
    graphs: Mapping[str, Graph]
    documentation: str = ""
    source: bytes = field(default=b"", repr=False, compare=False)
    """The file itself: the check reads from it what a graph does not hold (pools, data types, choreographies)."""


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about a model that a designer must or should mend.

    `code`: stable kebab-case id of the rule. `message`: a plain sentence. `remedy`: what to do about it.
    """

    severity: Severity
    code: str
    message: str
    remedy: str
    place: Place
    element: str | None = None
    name: str | None = None

    def __str__(self) -> str:
        what = f" {self.element}" if self.element else ""
        called = f' "{self.name}"' if self.name else ""
        return f"{self.place}: {self.severity}:{what}{called}: {self.message} {self.remedy} [{self.code}]"
