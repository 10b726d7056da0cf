"""What a call or a handover passes on, due dates of repeated tasks, and conditions that wait in another process."""

from __future__ import annotations

from pathlib import Path

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work

WORKER = Actor(account=1, role="sociaal_werker")
DICTIONARY = b"""
aan: {type: string, label: Aan wie, scope: instance}
klaar: {type: boolean, label: Klaar}
afspraken:
  type: list
  label: Afspraken
  item:
    wat: {type: string, label: Wat}
    uiterlijk: {type: date, label: Uiterlijk}
"""
HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" id="defs">
"""
FORM = b"""{"type": "default", "id": "afspraken", "schemaVersion": 16, "components": [
 {"type": "textfield", "key": "aan", "label": "Aan wie"}, {"type": "checkbox", "key": "klaar", "label": "Klaar"},
 {"type": "dynamiclist", "path": "afspraken", "label": "Afspraken", "components": [
   {"type": "textfield", "key": "wat", "label": "Wat"},
   {"type": "datetime", "subtype": "date", "key": "uiterlijk", "label": "Uiterlijk"}]}]}
"""
PASSES = b"""<extensionElements>%s<camunda:inputOutput>
  <camunda:inputParameter name="aan">"team " + aan</camunda:inputParameter>
</camunda:inputOutput></extensionElements>"""


def caller(step: bytes) -> bytes:
    return (
        HEAD
        + b"""<process id="M5" name="Intake" isExecutable="true">
<extensionElements><camunda:properties><camunda:property name="title" value="Intake"/></camunda:properties></extensionElements>
<startEvent id="Start"/>
<userTask id="Afspreken" name="Afspreken" camunda:formRef="afspraken" camunda:candidateGroups="sociaal_werker"/>"""
        + step
        + b"""<endEvent id="Einde"/>
<sequenceFlow id="f1" sourceRef="Start" targetRef="Afspreken"/>
<sequenceFlow id="f2" sourceRef="Afspreken" targetRef="Stap"/><sequenceFlow id="f3" sourceRef="Stap" targetRef="Einde"/>
</process></definitions>"""
    )


RECEIVER = (
    HEAD
    + b"""<process id="M9" name="Casemanagement" isExecutable="true">
<extensionElements><camunda:properties>
  <camunda:property name="title" value="Casemanagement"/>
  <camunda:property name="precondition.start" value="M9-X01 | blok | aan = &quot;team Noord&quot; | Er is niemand."/>
</camunda:properties></extensionElements>
<startEvent id="Start"/>
<intermediateCatchEvent id="Wacht"><conditionalEventDefinition id="c">
  <condition xsi:type="tFormalExpression">klaar = true</condition></conditionalEventDefinition></intermediateCatchEvent>
<userTask id="Aannemen" name="Aannemen" camunda:candidateGroups="sociaal_werker"/><endEvent id="Einde"/>
<sequenceFlow id="f1" sourceRef="Start" targetRef="Wacht"/><sequenceFlow id="f2" sourceRef="Wacht" targetRef="Aannemen"/>
<sequenceFlow id="f3" sourceRef="Aannemen" targetRef="Einde"/></process></definitions>"""
)


def engine_with(folder: Path, step: bytes) -> Engine:
    engine = open_engine(Settings(f"sqlite:///{folder / 'a.db'}", folder / "keys", synchronous="OFF"))
    files = {
        "processes/M5/M5.bpmn": caller(step),
        "processes/M9/M9.bpmn": RECEIVER,
        "rules/dictionary.yaml": DICTIONARY,
        "rules/parameters.yaml": b"[]\n",
        "tasks/forms/afspraken.form": FORM,
    }
    engine.deploy(files, WORKER)
    return engine


def agree(engine: Engine, answers: dict[str, object]) -> Case:
    case = work.open_with_values(engine, "M5", {}, WORKER).case
    (task,) = case.tasks
    return work.complete_with_values(engine, case.number, task, answers, WORKER).case


def test_a_called_module_has_what_the_call_passes_on(tmp_path: Path) -> None:
    call = b'<callActivity id="Stap" calledElement="M9">' + PASSES % b"" + b"</callActivity>"
    case = agree(engine_with(tmp_path, call), {"aan": "Noord"})

    assert {i.module: i.data.get("aan") for i in case.instances.values()} == {"M5": "Noord", "M9": "team Noord"}


def test_a_module_that_is_handed_over_to_has_it_too(tmp_path: Path) -> None:
    handover = b'<camunda:properties><camunda:property name="handover" value="M9"/></camunda:properties>'
    case = agree(engine_with(tmp_path, b'<sendTask id="Stap">' + PASSES % handover + b"</sendTask>"), {"aan": "Noord"})

    assert {i.module: i.data.get("aan") for i in case.instances.values()}["M9"] == "team Noord"


def test_a_condition_that_waits_in_another_process_sees_data_that_are_recorded_elsewhere(tmp_path: Path) -> None:
    call = b'<callActivity id="Stap" calledElement="M9">' + PASSES % b"" + b"</callActivity>"
    engine = engine_with(tmp_path, call)
    case = agree(engine, {"aan": "Noord"})
    assert not case.tasks
    case = work.start_module_with_values(engine, case.number, "M5", {}, WORKER).case
    (task,) = case.tasks
    case = work.complete_with_values(engine, case.number, task, {"aan": "Noord", "klaar": True}, WORKER).case

    assert [task.name for task in case.tasks.values()] == ["Aannemen", "Aannemen"]
    assert engine.verify(case.number) == []


def test_each_task_of_a_repeated_step_has_the_date_of_its_own_item(tmp_path: Path) -> None:
    step = b"""<userTask id="Stap" name="Nakomen" camunda:candidateGroups="sociaal_werker" camunda:dueDate="afspraak.uiterlijk">
<multiInstanceLoopCharacteristics camunda:collection="=afspraken" camunda:elementVariable="afspraak"/></userTask>"""
    agreed = [{"wat": "Bellen", "uiterlijk": "2030-01-02"}, {"wat": "Schrijven", "uiterlijk": "2030-02-03"}]
    case = agree(engine_with(tmp_path, step), {"afspraken": agreed})

    assert [str(task.target)[:10] for task in case.tasks.values()] == ["2030-01-02", "2030-02-03"]
