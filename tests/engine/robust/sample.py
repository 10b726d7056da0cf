"""A process that goes round for ever, with two people at work beside each other, a letter and a timer."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case, Task
from schuldhulp.engine.model.facts import Actor, CommandGiven, Fact

CLERK = Actor(account=1, role="sociaal_werker")
SAAR = Actor(account=2, role="sociaal_werker")
KARIM = Actor(account=3, role="sociaal_werker")

DICTIONARY = b"""
client_naam: {type: string, label: Naam}
inkomen: {type: amount, label: Inkomen}
saldo: {type: amount, label: Saldo}
beller: {type: string, label: Beller}
"""
LETTER = b"""---
subject: Verslag
addressee: client
channel: post
---
Beste {{ client_naam }}, uw inkomen is {{ inkomen | euro }}.
"""
TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="Hoogte" namespace="urn:test">
  <inputData id="i" name="inkomen"><variable name="inkomen" typeRef="number"/></inputData>
  <decision id="D90" name="Hoogte">
    <variable name="Hoogte"/>
    <informationRequirement id="v"><requiredInput href="#i"/></informationRequirement>
    <decisionTable id="t" hitPolicy="UNIQUE">
      <input id="i1"><inputExpression id="e1" typeRef="number"><text>inkomen</text></inputExpression></input>
      <output id="o1" name="hoogte" typeRef="string"/>
      <rule id="r1"><inputEntry id="c1"><text>&lt; 1500</text></inputEntry>
        <outputEntry id="u1"><text>"laag"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c2"><text>&gt;= 1500</text></inputEntry>
        <outputEntry id="u2"><text>"hoog"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
PROCESS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" id="defs">
  <process id="Ronde" name="Ronde" isExecutable="true">
    <extensionElements><camunda:properties><camunda:property name="title" value="Ronde"/></camunda:properties>
    </extensionElements>
    <startEvent id="Start"/>
    <parallelGateway id="Splitsen"/>
    <exclusiveGateway id="Opnieuw"/>
    <userTask id="Bellen" name="Bellen" camunda:candidateGroups="sociaal_werker"/>
    <businessRuleTask id="Hoogte" name="Hoogte bepalen" camunda:decisionRef="D90"/>
    <sendTask id="Verslag" name="Verslag sturen">
      <extensionElements><camunda:properties><camunda:property name="letter" value="L90"/></camunda:properties>
      </extensionElements>
    </sendTask>
    <intermediateCatchEvent id="Even">
      <timerEventDefinition id="t"><timeDuration xsi:type="tFormalExpression">PT0.001S</timeDuration>
      </timerEventDefinition>
    </intermediateCatchEvent>
    <exclusiveGateway id="Weer"/>
    <userTask id="Rekenen" name="Budget berekenen" camunda:candidateGroups="sociaal_werker"/>
    <sequenceFlow id="f1" sourceRef="Start" targetRef="Splitsen"/>
    <sequenceFlow id="f2" sourceRef="Splitsen" targetRef="Opnieuw"/>
    <sequenceFlow id="f3" sourceRef="Opnieuw" targetRef="Bellen"/>
    <sequenceFlow id="f4" sourceRef="Bellen" targetRef="Hoogte"/>
    <sequenceFlow id="f5" sourceRef="Hoogte" targetRef="Verslag"/>
    <sequenceFlow id="f6" sourceRef="Verslag" targetRef="Even"/>
    <sequenceFlow id="f7" sourceRef="Even" targetRef="Opnieuw"/>
    <sequenceFlow id="f8" sourceRef="Splitsen" targetRef="Weer"/>
    <sequenceFlow id="f9" sourceRef="Weer" targetRef="Rekenen"/>
    <sequenceFlow id="f10" sourceRef="Rekenen" targetRef="Weer"/>
  </process>
</definitions>
"""
FILES = {
    "processes/Ronde/Ronde.bpmn": PROCESS,
    "rules/dictionary.yaml": DICTIONARY,
    "rules/parameters.yaml": b"- {key: spoed_dagen, value: 7, valid_from: 2020-01-01}\n",
    "rules/tables/D90.dmn": TABLE,
    "tasks/letters/L90.md.j2": LETTER,
}


def open_case(engine: Engine, name: str = "Joris Voorbeeld") -> Case:
    return engine.open_case("Ronde", {"client_naam": name, "inkomen": Decimal("1200.00")}, CLERK).case


def task_at(case: Case, element: str) -> Task:
    """The open task at an element."""
    return next(task for task in case.tasks.values() if task.element == element)


def call(engine: Engine, case: Case, by: Actor, **answers: Any) -> Case:
    """Complete the call, with answers as the form of now showed them."""
    given = Completion(answers, seen=case.sequence)
    return engine.complete(case.number, task_at(case, "Bellen").task, given, by).case


def batches(facts: list[Fact]) -> Iterator[tuple[CommandGiven, tuple[str, ...]]]:
    """The commands of a log, each with the types of its facts."""
    types: list[str] = []
    head: CommandGiven | None = None
    for fact in facts:
        if isinstance(fact, CommandGiven):
            if head is not None:
                yield head, tuple(types)
            head, types = fact, []
        else:
            types.append(type(fact).__name__)
    if head is not None:
        yield head, tuple(types)
