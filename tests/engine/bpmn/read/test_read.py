"""Reading models that people draw: each legal thing is in the graph, each illegible thing is a finding with a place."""

from __future__ import annotations

import pytest

from schuldhulp.engine.bpmn.graph import Behavior, Finding, Graph, Kind, MultiInstance, TimerKind, Trigger
from schuldhulp.engine.bpmn.read import read
from tests.engine.bpmn.models import HEAD, flow, process


def graph(data: bytes, name: str = "P") -> Graph:
    model, findings = read(data, file="model.bpmn")
    assert model is not None
    assert findings == ()
    return model.graphs[name]


def findings(data: bytes) -> tuple[Finding, ...]:
    return read(data, file="model.bpmn")[1]


def test_several_flows_out_of_a_task_and_their_conditions_are_kept_in_document_order() -> None:
    read_graph = graph(
        process(
            '<startEvent id="Start"/><task id="A" default="A_C"/><task id="B"/><task id="C"/>'
            + flow("Start", "A")
            + flow("A", "B", "<conditionExpression>= x &gt; 1</conditionExpression>")
            + flow("A", "C")
        )
    )
    task = read_graph.nodes["A"]
    assert task.outgoing == ("A_B", "A_C")
    assert task.default == "A_C"
    condition = read_graph.flows["A_B"].condition
    assert condition is not None
    assert condition.text == "x > 1"
    assert read_graph.root.starts == ("Start",)


def test_without_a_start_event_a_process_starts_at_what_nothing_flows_into() -> None:
    read_graph = graph(
        process(
            '<task id="A"/><task id="B"/><task id="undo" isForCompensation="true"/>'
            '<boundaryEvent id="late" attachedToRef="A"><timerEventDefinition/></boundaryEvent>'
            '<intermediateCatchEvent id="link"><linkEventDefinition name="L"/></intermediateCatchEvent>'
            '<subProcess id="E" triggeredByEvent="true"/>' + flow("A", "B")
        )
    )
    assert read_graph.root.starts == ("A",)
    assert read_graph.root.event_subprocesses == ("E",)
    assert read_graph.nodes["A"].boundary == ("late",)
    assert read_graph.nodes["link"].definitions[0].name == "L"


def test_a_referenced_event_definition_is_read_as_if_it_stood_in_the_event() -> None:
    read_graph = graph(
        process(
            '<startEvent id="s"><eventDefinitionRef>D</eventDefinitionRef></startEvent>',
            '<message id="M" name="report"/><messageEventDefinition id="D" messageRef="M"/>',
        )
    )
    definition = read_graph.nodes["s"].definitions[0]
    assert (definition.trigger, definition.id, definition.name, definition.ref) == (Trigger.MESSAGE, "D", "report", "M")
    assert read_graph.root.starts == ()
    assert read_graph.startable == ("s",)


@pytest.mark.parametrize("tag", ["receiveTask", "eventBasedGateway"])
def test_a_receive_task_or_event_gateway_may_start_an_instance(tag: str) -> None:
    assert graph(process(f'<{tag} id="r" instantiate="true"/>')).startable == ("r",)


def test_a_global_task_is_a_process_of_one_node() -> None:
    data = f'{HEAD}<globalUserTask id="G" name="Ask"/></definitions>'.encode()
    read_graph = graph(data, "G")
    assert read_graph.nodes["G"].kind is Kind.USER
    assert read_graph.root.starts == ("G",)


@pytest.mark.parametrize(
    ("tag", "text", "kind"),
    [("timeDuration", "PT5S", "timeDuration"), ("timeCycle", "R3/PT1H", "timeCycle"), ("timeDate", "=d", "timeDate")],
)
def test_timer_text_stays_as_it_is_written_without_its_equals_sign(tag: str, text: str, kind: str) -> None:
    timer = f"<timerEventDefinition><{tag}> {text} </{tag}></timerEventDefinition>"
    definition = graph(process(f'<startEvent id="s">{timer}</startEvent>')).nodes["s"].definitions[0]
    assert definition.timer is TimerKind(kind)
    assert definition.expression is not None
    assert definition.expression.text == text.removeprefix("=")
    assert definition.id == "s/0"


def test_errors_and_escalations_are_known_by_their_code() -> None:
    read_graph = graph(
        process(
            '<endEvent id="e"><errorEventDefinition errorRef="E"/></endEvent>'
            '<endEvent id="f"><escalationEventDefinition escalationRef="F"/></endEvent>',
            '<error id="E" name="broken" errorCode="E1"/><escalation id="F" name="late"/>',
        )
    )
    assert [read_graph.nodes[name].definitions[0].name for name in "ef"] == ["E1", "late"]


def test_a_multi_instance_activity_keeps_its_behavior_events_and_output() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true" behavior="One" oneBehaviorEventRef="D" '
        'camunda:collection="=debts" camunda:elementVariable="debt">'
        "<completionCondition>done</completionCondition></multiInstanceLoopCharacteristics>"
    )
    roots = '<signal id="S" name="one"/><signalEventDefinition id="D" signalRef="S"/>'
    read_graph = graph(process(f'<task id="A">{loop}</task>', roots))
    found = read_graph.nodes["A"].loop
    assert isinstance(found, MultiInstance)
    assert found.sequential
    assert found.behavior is Behavior.ONE
    assert found.collection is not None
    assert (found.collection.text, found.element) == ("debts", "debt")
    assert found.one_event is not None
    assert found.one_event.name == "one"


def test_the_collection_of_a_data_input_is_the_variable_that_is_copied_into_it() -> None:
    read_graph = graph(
        process(
            '<dataObject id="o" isCollection="true"/><dataObjectReference id="r" name="debts" dataObjectRef="o"/>'
            '<task id="A"><ioSpecification><dataInput id="i" name="items"/>'
            "<inputSet><dataInputRefs>i</dataInputRefs></inputSet><outputSet/></ioSpecification>"
            "<dataInputAssociation><sourceRef>r</sourceRef><targetRef>i</targetRef></dataInputAssociation>"
            "<multiInstanceLoopCharacteristics><loopDataInputRef>i</loopDataInputRef>"
            '<inputDataItem id="n" name="debt"/></multiInstanceLoopCharacteristics></task>'
        )
    )
    loop = read_graph.nodes["A"].loop
    assert isinstance(loop, MultiInstance)
    assert loop.collection is not None
    assert (loop.collection.text, loop.element) == ("debts", "debt")
    assert [one.name for one in read_graph.root.data] == ["debts", "debts"]
    assert read_graph.nodes["A"].inputs[0].target == "items"


def test_the_role_of_a_task_is_its_innermost_lane_also_inside_a_sub_process() -> None:
    read_graph = graph(
        process(
            '<laneSet id="ls"><lane id="l1" name="team"><childLaneSet id="c"><lane id="l2" name="worker">'
            "<flowNodeRef>S</flowNodeRef></lane></childLaneSet></lane></laneSet>"
            '<subProcess id="S"><userTask id="U"/></subProcess>'
        )
    )
    assert read_graph.nodes["U"].lane == "worker"
    assert read_graph.nodes["U"].lanes == ("team", "worker")
    assert read_graph.nodes["U"].scope == "S"
    assert set(read_graph.scopes) == {"S", "P"}


def test_a_compensation_handler_is_found_by_its_association() -> None:
    read_graph = graph(
        process(
            '<task id="A"/><boundaryEvent id="b" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'
            '<task id="undo" isForCompensation="true"/>'
            '<association id="x" sourceRef="b" targetRef="undo" associationDirection="One"/>'
        )
    )
    assert read_graph.nodes["A"].compensation_handler == "undo"


def test_camunda_attributes_of_a_user_task_are_read() -> None:
    read_graph = graph(
        process(
            '<userTask id="U" camunda:formRef="intake" camunda:candidateGroups="a, b" camunda:assignee="karim" '
            'camunda:dueDate="=today()" camunda:priority="50"><extensionElements><camunda:properties>'
            '<camunda:property name="term.start" value="wgs-4-1-a"/></camunda:properties><camunda:inputOutput>'
            '<camunda:inputParameter name="x">=1 + 1</camunda:inputParameter></camunda:inputOutput>'
            "</extensionElements></userTask>"
        )
    )
    task = read_graph.nodes["U"]
    assert (task.form, task.candidate_groups, task.property("term.start")) == ("intake", ("a", "b"), "wgs-4-1-a")
    assert task.assignee is not None
    assert task.assignee.text == '"karim"'
    assert task.due is not None
    assert task.due.text == "today()"
    assert task.inputs[0].source is not None
    assert task.inputs[0].source.text == "1 + 1"


def test_places_give_line_and_column_of_the_element_and_of_the_text() -> None:
    condition_text = "<conditionExpression>\n = a\n</conditionExpression>"
    read_graph = graph(process('<startEvent id="s"/>\n  <task id="A"/>\n' + flow("s", "A", condition_text)))
    assert (read_graph.nodes["A"].place.line, read_graph.nodes["A"].place.column) == (5, 3)
    condition = read_graph.flows["s_A"].condition
    assert condition is not None
    assert (condition.place.line, condition.place.column) == (7, 4)


def test_a_flow_without_id_gets_one_from_its_ends() -> None:
    data = process(
        '<startEvent id="s"/><task id="A"/><sequenceFlow sourceRef="s" targetRef="A"/>'
        '<sequenceFlow sourceRef="s" targetRef="A"/>'
    )
    assert graph(data).nodes["s"].outgoing == ("s->A", "s->A#2")


def test_each_pool_is_a_process_of_its_own() -> None:
    data = process(
        "",
        '<collaboration id="c"><participant id="p1" name="Office" processRef="P"/>'
        '<participant id="p2" name="Bank" processRef="Q"/></collaboration><process id="Q" isExecutable="false"/>',
    )
    model, found = read(data, file="model.bpmn")
    assert model is not None
    assert found == ()
    assert {name: (one.pool, one.executable) for name, one in model.graphs.items()} == {
        "P": ("Office", True), "Q": ("Bank", False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("inside", "code", "element"),
    [
        ('<task id="A"/>' + flow("A", "nowhere"), "flow-target-missing", "A_nowhere"),
        ('<task id="A"/>' + flow("nowhere", "A"), "flow-source-missing", "nowhere_A"),
        ('<task id="A"/><subProcess id="S"><task id="B"/></subProcess>' + flow("A", "B"), "flow-crosses-scope", "A_B"),
        ("<task/>", "id-missing", "P"),
        ('<wizard id="W"/>', "element-unknown", "W"),
        ('<task id="A" startQuantity="many"/>', "quantity-not-a-number", "A"),
    ],
)
def test_what_cannot_be_understood_is_a_finding_with_element_line_and_remedy(
    inside: str, code: str, element: str
) -> None:
    (finding,) = findings(process(inside))
    assert (finding.code, finding.element) == (code, element)
    assert finding.place.line == 4
    assert finding.remedy


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "xml"),
        (b"<definitions", "xml"),
        (b"\xff\xfe\x00", "xml"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml"),
        (b"<a/>", "not-bpmn"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "xml"),
    ],
)
def test_what_is_no_bpmn_file_at_all_is_one_finding_and_no_model(data: bytes, code: str) -> None:
    model, (finding,) = read(data, file="model.bpmn")
    assert model is None
    assert finding.code == code


def test_sub_processes_nested_without_end_are_refused() -> None:
    inside = "".join(f'<subProcess id="S{n}">' for n in range(100)) + "</subProcess>" * 100
    assert [finding.code for finding in findings(process(inside))] == ["nested-too-deep"]
