"""Two readers that share no code give the same graph."""

from __future__ import annotations

from pathlib import Path

import pytest

from schuldhulp.engine.bpmn.read import read
from tests.engine.bpmn.models import flow, process
from tests.engine.bpmn.second_reader import plain, second_read
from tests.engine.bpmn.shared import suite

OWN = process(
    '<documentation>One</documentation><laneSet id="ls"><lane id="l" name="intaker"><flowNodeRef>A</flowNodeRef>'
    '<flowNodeRef>S</flowNodeRef></lane></laneSet><startEvent id="s"/>'
    '<userTask id="A" name="Bellen" camunda:formRef="f" camunda:candidateGroups="a, b" camunda:assignee="karim">'
    '<extensionElements><camunda:properties><camunda:property name="term.start" value="wgs-4-2"/></camunda:properties>'
    '<camunda:inputOutput><camunda:inputParameter name="x">= 1\n + 2</camunda:inputParameter></camunda:inputOutput>'
    "</extensionElements><multiInstanceLoopCharacteristics camunda:collection='=xs' camunda:elementVariable='x'/>"
    '</userTask><subProcess id="S"><task id="T"/></subProcess>'
    '<boundaryEvent id="b" attachedToRef="A" cancelActivity="false"><timerEventDefinition><timeCycle>R3/P7D</timeCycle>'
    '</timerEventDefinition></boundaryEvent><endEvent id="e"><errorEventDefinition errorRef="E"/></endEvent>'
    + flow("s", "A") + flow("A", "S", "<conditionExpression>\n  = a and\n b</conditionExpression>") + flow("S", "e")
    + '<sequenceFlow sourceRef="b" targetRef="e"/>',
    '<error id="E" name="kapot"/>',
)  # fmt: skip


def differing(path: Path) -> bool:
    data = path.read_bytes()
    model, _ = read(data, file=path.name)
    return model is not None and plain(model.graphs) != plain(second_read(data, path.name))


def test_both_readers_give_the_same_graph() -> None:
    model, findings = read(OWN, file="own.bpmn")
    assert model is not None
    assert findings == ()
    assert plain(model.graphs) == plain(second_read(OWN, "own.bpmn"))


@pytest.mark.parametrize(
    ("written", "other"),
    [("karim", "saar"), ('cancelActivity="false"', ""), ("R3/P7D", "R4/P7D"), ("a, b", "a"), ("b</cond", "c</cond")],
)
def test_the_comparison_sees_every_change(written: str, other: str) -> None:
    changed = OWN.replace(written.encode(), other.encode())
    assert changed != OWN
    model, _ = read(OWN, file="own.bpmn")
    assert model is not None
    assert plain(model.graphs) != plain(second_read(changed, "own.bpmn"))


@pytest.mark.skipif(not suite("import"), reason="the suites lie outside the project; the model above is its own")
def test_both_readers_agree_on_a_sample_of_the_suites() -> None:
    paths = [*suite("execution"), *suite("import")[::12]]
    assert [path.name for path in paths if differing(path)] == []


@pytest.mark.endurance
@pytest.mark.skipif(not suite("import"), reason="the suites lie outside the project; the model above is its own")
def test_both_readers_agree_on_every_model_of_the_suites() -> None:
    paths = [*suite("execution"), *suite("import"), *suite("deploy")]
    assert [path.name for path in paths if differing(path)] == []
