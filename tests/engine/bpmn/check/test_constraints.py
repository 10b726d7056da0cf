"""Each broken constraint of BPMN 2.0.2 is one finding that names the element, the line and the remedy."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.check import CheckContext, check
from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.bpmn.read import read
from tests.engine.bpmn.models import flow, process

START, END, TASK = '<startEvent id="s"/>', '<endEvent id="e"/>', '<task id="A"/>'
ROUTE = flow("s", "A") + flow("A", "e")
TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
MESSAGE = '<message id="M" name="m"/>'
WAITS = '<messageEventDefinition messageRef="M"/>'


def judged(data: bytes, context: CheckContext | None = None) -> tuple[Finding, ...]:
    model, found = read(data, file="model.bpmn")
    assert model is not None
    return (*found, *check(model, context or CheckContext()))


def errors(data: bytes, context: CheckContext | None = None) -> set[str]:
    return {finding.code for finding in judged(data, context) if finding.severity is Severity.ERROR}


def sequence(inside: str) -> str:
    """start > A > end with *inside* beside it."""
    return START + TASK + END + ROUTE + inside


def boundary(definition: str, attributes: str = "") -> str:
    return sequence(f'<boundaryEvent id="b" attachedToRef="A" {attributes}>{definition}</boundaryEvent>'
                    '<endEvent id="f"/>' + flow("b", "f"))  # fmt: skip


def starting(definition: str, attributes: str = "") -> str:
    """An event sub-process that begins so."""
    return sequence(
        f'<subProcess id="E" triggeredByEvent="true"><startEvent id="t" {attributes}>{definition}</startEvent>'
        f'<endEvent id="u"/>{flow("t", "u")}</subProcess>'
    )


def test_an_ordinary_process_has_no_findings() -> None:
    assert judged(process(sequence(""))) == ()


@pytest.mark.parametrize(
    ("inside", "around", "code"),
    [
        pytest.param(sequence(flow("A", "s")), "", "start-event-incoming", id="nothing flows into a start event"),
        pytest.param(sequence('<task id="B"/>' + flow("e", "B") + flow("B", "A")), "", "end-event-outgoing",
                     id="nothing flows out of an end event"),
        pytest.param(START + TASK + flow("s", "A"), "", "end-event-missing", id="a start asks for an end"),
        pytest.param(TASK + END + flow("A", "e"), "", "start-event-missing", id="an end asks for a start"),
        pytest.param(sequence('<task id="B"/>' + flow("B", "e")), "", "incoming-missing", id="all nodes are reached"),
        pytest.param(sequence('<task id="B"/>' + flow("A", "B")), "", "outgoing-missing", id="all nodes go on"),
        pytest.param(boundary("<terminateEventDefinition/>"), "", "event-trigger-not-allowed",
                     id="a boundary event cannot terminate"),
        pytest.param(boundary("<errorEventDefinition/>", 'cancelActivity="false"'), "", "event-must-interrupt",
                     id="an error interrupts"),
        pytest.param(boundary(""), "", "event-trigger-missing", id="a boundary event waits for something"),
        pytest.param(boundary("<cancelEventDefinition/>"), "", "cancel-outside-transaction",
                     id="cancel belongs to a transaction"),
        pytest.param(sequence(f'<boundaryEvent id="b" attachedToRef="A">{TIMER}</boundaryEvent>'), "",
                     "boundary-outgoing-missing", id="a boundary event leads somewhere"),
        pytest.param(boundary(TIMER).replace('attachedToRef="A"', 'attachedToRef="s"'), "", "boundary-not-attached",
                     id="a boundary event stands on an activity"),
        pytest.param(sequence('<boundaryEvent id="b" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'),
                     "", "compensation-handler-missing", id="compensation has a handler"),
        pytest.param(starting("<linkEventDefinition/>"), "", "event-trigger-not-allowed",
                     id="an event sub-process does not start with a link"),
        pytest.param(starting(""), "", "event-trigger-missing", id="an event sub-process starts with an event"),
        pytest.param(starting(TIMER) + flow("A", "E"), "", "event-sub-process-flow",
                     id="no flow touches an event sub-process"),
        pytest.param('<startEvent id="s"><errorEventDefinition/></startEvent>' + TASK + END + ROUTE, "",
                     "event-trigger-not-allowed", id="a process does not start with an error"),
        pytest.param(sequence('<subProcess id="S"><startEvent id="t">' + TIMER + '</startEvent><endEvent id="u"/>'
                              + flow("t", "u") + "</subProcess>" + flow("A", "S") + flow("S", "e")), "",
                     "event-trigger-not-allowed", id="a sub-process starts without a trigger"),
        pytest.param(sequence('<parallelGateway id="g"/>' + flow("A", "g") + flow("g", "e")), "", "gateway-direction",
                     id="a gateway splits or merges"),
        pytest.param(sequence('<eventBasedGateway id="g"/><task id="B"/><intermediateCatchEvent id="c">' + TIMER
                              + "</intermediateCatchEvent>" + flow("A", "g") + flow("g", "B") + flow("g", "c")
                              + flow("B", "e") + flow("c", "e")), "", "event-gateway-target",
                     id="an event gateway waits for events"),
        pytest.param(sequence("").replace('id="A"', 'id="A" startQuantity="0"'), "", "quantity-too-small",
                     id="a quantity is at least one"),
        pytest.param(sequence("").replace("<task id=\"A\"/>", '<task id="A"><multiInstanceLoopCharacteristics>'
                     "<loopCardinality>-1</loopCardinality></multiInstanceLoopCharacteristics></task>"), "",
                     "multi-instance-negative", id="a number of instances is not negative"),
        pytest.param(sequence("").replace("<task id=\"A\"/>", '<task id="A"><multiInstanceLoopCharacteristics/></task>'),
                     "", "multi-instance-source", id="multi-instance has a source"),
        pytest.param(sequence('<intermediateThrowEvent id="l"><linkEventDefinition name="L"/></intermediateThrowEvent>'
                              + flow("A", "l")), "", "link-target", id="a link has a target"),
        pytest.param(sequence("").replace('id="A"', 'id="A" default="s_A"'), "", "default-not-outgoing",
                     id="a default flow leaves its node"),
        pytest.param(START + TASK + END + flow("s", "A")
                     + flow("A", "e", "<conditionExpression>=x</conditionExpression>"), "",
                     "condition-without-alternative", id="a conditional flow has an alternative"),
        pytest.param(sequence('<intermediateCatchEvent id="c"><messageEventDefinition messageRef="N"/>'
                              "</intermediateCatchEvent>" + flow("A", "c") + flow("c", "e")), MESSAGE,
                     "message-unknown", id="a message exists"),
        pytest.param(sequence('<adHocSubProcess id="H"/>' + flow("A", "H") + flow("H", "e")), "", "ad-hoc-empty",
                     id="an ad-hoc sub-process has work in it"),
        pytest.param(sequence('<dataObject id="d" name="D"/><dataObjectReference id="r" name="D [old]" '
                              'dataObjectRef="d"><dataState name="new"/></dataObjectReference>'), "",
                     "data-state-name", id="a data reference is called by its state"),
        pytest.param(sequence("<incoming>x</incoming>"), "", "schema", id="the file has the shape of the schema"),
        pytest.param(sequence(TASK), "", "id-twice", id="an id is used once"),
        pytest.param(sequence(""), '<collaboration id="c"><participant id="p" processRef="P"/><messageFlow id="m" '
                     'sourceRef="p" targetRef="A"/></collaboration>', "message-flow-inside-pool",
                     id="a message flow goes between pools"),
    ],
)  # fmt: skip
def test_a_broken_constraint_is_an_error(inside: str, around: str, code: str) -> None:
    found = [finding for finding in judged(process(inside, around)) if finding.code == code]
    assert found, errors(process(inside, around))
    for finding in found:
        assert finding.severity is Severity.ERROR
        assert finding.place.line > 0
        assert finding.message
        assert finding.remedy


@pytest.mark.parametrize(
    ("inside", "around"),
    [
        pytest.param(boundary(TIMER, 'cancelActivity="false"'), "", id="a reminder on the edge of a task"),
        pytest.param(starting(WAITS), MESSAGE, id="an event sub-process that waits for a message"),
        pytest.param(TASK + '<task id="B"/>' + flow("A", "B"), "", id="no start and no end event at all"),
        pytest.param(sequence('<boundaryEvent id="b" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'
                              '<task id="undo" isForCompensation="true"/>'
                              '<association id="x" sourceRef="b" targetRef="undo"/>'), "", id="a compensation handler"),
        pytest.param(sequence('<adHocSubProcess id="H"><task id="B"/></adHocSubProcess>'
                              + flow("A", "H") + flow("H", "e")), "", id="optional steps"),
    ],
)  # fmt: skip
def test_what_keeps_the_constraints_is_accepted(inside: str, around: str) -> None:
    assert errors(process(inside, around)) == set()


@pytest.mark.shows("C-E05")
def test_all_findings_come_at_once_in_the_order_of_the_file() -> None:
    found = judged(
        process(START + "\n" + TASK + "\n" + flow("A", "nowhere") + "\n" + '<task id="B" startQuantity="0"/>')
    )
    assert len({finding.code for finding in found}) >= 3
    lines = [finding.place.line for finding in found if finding.code != "flow-target-missing"]
    assert lines == sorted(lines)


def test_a_process_that_is_not_executable_need_not_say_everything() -> None:
    waits = '<startEvent id="s"><messageEventDefinition/></startEvent>' + TASK + END + ROUTE
    assert "message-missing" in errors(process(waits))
    assert errors(process(waits, attributes='isExecutable="false"')) == set()
