"""A small organisation for tests: one module with a form, a table, terms, a letter, a call and an optional step."""

from __future__ import annotations

DICTIONARY = b"""
client_naam: {type: string, label: Naam, max_length: 80}
dreiging: {type: enum, label: Dreiging, values: {geen: Geen, ontruiming: Ontruiming}}
aangemeld_op: {type: date, label: Aangemeld op}
gesprek_op: {type: date, label: Gesprek op}
inkomen: {type: amount, label: Inkomen}
vtlb: {type: amount, label: Vtlb}
afloscapaciteit: {type: amount, label: Afloscapaciteit, derived: 'if inkomen = null or vtlb = null then null else max(0, inkomen - vtlb)'}
schulden:
  type: list
  label: Schulden
  item:
    schuldeiser: {type: string, label: Schuldeiser}
    saldo: {type: amount, label: Saldo}
totaal: {type: amount, label: Totaal, derived: sum(schulden.saldo)}
machtiging: {type: enum, label: Machtiging, values: {geen: Geen, mondeling: Mondeling}}
notitie: {type: text, label: Notitie, scope: local}
"""

PARAMETERS = b"""
- {key: spoed_dagen, value: 7, valid_from: 2020-01-01}
"""

TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="D01_definities" name="Urgentie" namespace="urn:test">
  <inputData id="dreiging_invoer" name="dreiging"><variable name="dreiging" typeRef="string"/></inputData>
  <decision id="D01" name="Urgentietriage">
    <variable name="Urgentietriage"/>
    <informationRequirement id="v1"><requiredInput href="#dreiging_invoer"/></informationRequirement>
    <decisionTable id="D01_tabel" hitPolicy="UNIQUE">
      <input id="i1"><inputExpression id="e1" typeRef="string"><text>dreiging</text></inputExpression></input>
      <output id="o1" name="urgentie" typeRef="string"/>
      <output id="o2" name="termijn" typeRef="string"/>
      <rule id="r1"><inputEntry id="c1"><text>"ontruiming"</text></inputEntry>
        <outputEntry id="u1"><text>"crisis"</text></outputEntry><outputEntry id="u2"><text>"3wd"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c2"><text>not("ontruiming")</text></inputEntry>
        <outputEntry id="u3"><text>"regulier"</text></outputEntry><outputEntry id="u4"><text>"4w"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""

LETTER = b"""---
subject: Bevestiging
addressee: client
channel: post
---
Beste {{ client_naam }},

Wij spreken u voor {{ termijnen["wgs-4-1-a"] | datum }}.
"""

FORM = b"""{"type": "default", "id": "aanmelding", "schemaVersion": 16, "components": [
 {"type": "textfield", "key": "client_naam", "label": "Naam", "validate": {"required": true}},
 {"type": "select", "key": "dreiging", "label": "Dreiging", "validate": {"required": true},
  "values": [{"label": "Geen", "value": "geen"}, {"label": "Ontruiming", "value": "ontruiming"}]},
 {"type": "datetime", "subtype": "date", "key": "aangemeld_op", "label": "Aangemeld op", "validate": {"required": true}}]}
"""

CONVERSATION = b"""{"type": "default", "id": "gesprek", "schemaVersion": 16, "components": [
 {"type": "datetime", "subtype": "date", "key": "gesprek_op", "label": "Gesprek op", "validate": {"required": true}},
 {"type": "number", "key": "inkomen", "label": "Inkomen", "decimalDigits": 2},
 {"type": "number", "key": "vtlb", "label": "Vtlb", "decimalDigits": 2},
 {"type": "dynamiclist", "path": "schulden", "label": "Schulden", "components": [
   {"type": "textfield", "key": "schuldeiser", "label": "Schuldeiser", "validate": {"required": true}},
   {"type": "number", "key": "saldo", "label": "Saldo", "decimalDigits": 2}]}]}
"""

PROCESS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" id="defs">
  <process id="M5" name="Intake" isExecutable="true">
    <extensionElements><camunda:properties>
      <camunda:property name="title" value="Intake"/>
      <camunda:property name="start.roles" value="aanmeldmedewerker"/>
      <camunda:property name="start.form" value="aanmelding"/>
      <camunda:property name="term.start" value="wgs-4-1-a from aangemeld_op"/>
    </camunda:properties></extensionElements>
    <startEvent id="Start"/>
    <businessRuleTask id="Urgentie" name="Urgentie bepalen" camunda:decisionRef="D01"/>
    <exclusiveGateway id="Splits" default="f3"/>
    <userTask id="Crisis" name="Crisis verhelpen" camunda:candidateGroups="crisismedewerker">
      <extensionElements><camunda:properties>
        <camunda:property name="precondition" value="M2-R05 | blok | machtiging = &quot;mondeling&quot; | Er is nog geen machtiging."/>
      </camunda:properties></extensionElements>
    </userTask>
    <sendTask id="Bevestigen" name="Bevestiging sturen">
      <extensionElements><camunda:properties><camunda:property name="letter" value="L01"/></camunda:properties></extensionElements>
    </sendTask>
    <userTask id="Gesprek" name="Gesprek voeren" camunda:candidateGroups="sociaal_werker" camunda:formRef="gesprek">
      <extensionElements><camunda:properties>
        <camunda:property name="term.due" value="wgs-4-1-a"/>
        <camunda:property name="term.meet" value="wgs-4-1-a on gesprek_op"/>
        <camunda:property name="term.start" value="wgs-4a-3 from gesprek_op length 8"/>
      </camunda:properties></extensionElements>
    </userTask>
    <boundaryEvent id="Herinnering" attachedToRef="Gesprek" cancelActivity="false">
      <timerEventDefinition id="t"><timeDuration xsi:type="tFormalExpression">P7D</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <userTask id="Bellen" name="Cli\xc3\xabnt bellen" camunda:candidateGroups="sociaal_werker"/>
    <endEvent id="Gebeld"/>
    <endEvent id="Klaar"/>
    <sequenceFlow id="f1" sourceRef="Start" targetRef="Urgentie"/>
    <sequenceFlow id="f2" sourceRef="Urgentie" targetRef="Splits"/>
    <sequenceFlow id="f3" sourceRef="Splits" targetRef="Bevestigen"/>
    <sequenceFlow id="f4" sourceRef="Splits" targetRef="Crisis">
      <conditionExpression xsi:type="tFormalExpression">D01.urgentie = "crisis"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f5" sourceRef="Bevestigen" targetRef="Gesprek"/>
    <sequenceFlow id="f6" sourceRef="Crisis" targetRef="Klaar"/>
    <sequenceFlow id="f7" sourceRef="Gesprek" targetRef="Klaar"/>
    <sequenceFlow id="f8" sourceRef="Herinnering" targetRef="Bellen"/>
    <sequenceFlow id="f9" sourceRef="Bellen" targetRef="Gebeld"/>
  </process>
</definitions>
"""

FILES = {
    "processes/M5/M5.bpmn": PROCESS,
    "rules/dictionary.yaml": DICTIONARY,
    "rules/parameters.yaml": PARAMETERS,
    "rules/tables/D01.dmn": TABLE,
    "tasks/forms/aanmelding.form": FORM,
    "tasks/forms/gesprek.form": CONVERSATION,
    "tasks/letters/L01.md.j2": LETTER,
}
