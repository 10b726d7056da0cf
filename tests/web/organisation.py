"""A small organisation for the pages: the sample of the engine's tests, with a diagram, a list and letters to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lxml import etree

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import hash_password
from tests.engine.case.sample import FILES, PROCESS

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SYSTEM = Actor(account=0, role="systeem", program="test")
PASSWORD = "een lange zin als wachtwoord"
PEOPLE = {
    "saar": ("Saar de Vries", ["aanmeldmedewerker"]),
    "karim": ("Karim Bakker", ["sociaal_werker", "crisismedewerker"]),
    "noor": ("Noor Visser", ["sociaal_werker"]),
    "tess": ("Tess Jansen", ["teamleider"]),
    "adam": ("Adam Smit", ["auditor"]),
    "bo": ("Bo Mulder", ["vrijwilliger"]),
}
HELP = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="urn:test" id="hulp">
  <process id="M4" name="Hulp" isExecutable="true">
    <documentation>Informatie en praktische hulp.</documentation>
    <extensionElements><camunda:properties>
      <camunda:property name="title" value="Praktische hulp"/>
      <camunda:property name="start.roles" value="sociaal_werker"/>
    </camunda:properties></extensionElements>
    <startEvent id="Begin"/>
    <userTask id="Helpen" name="Helpen en schrijven" camunda:candidateGroups="sociaal_werker" camunda:formRef="helpen">
      <documentation>Help, en stuur de brief.</documentation>
      <extensionElements><camunda:properties>
        <camunda:property name="letter" value="L02"/>
        <camunda:property name="skip" value="sociaal_werker"/>
        <camunda:property name="precondition" value="M4-R01 | waarschuw | inkomen != null | Er is nog geen inkomen bekend."/>
      </camunda:properties></extensionElements>
    </userTask>
    <endEvent id="Einde"/>
    <sequenceFlow id="h1" sourceRef="Begin" targetRef="Helpen"/>
    <sequenceFlow id="h2" sourceRef="Helpen" targetRef="Einde"/>
  </process>
</definitions>
"""
HELP_FORM = b"""{"type": "default", "id": "helpen", "title": "Helpen", "components": [
 {"type": "radio", "key": "dreiging", "validate": {"required": true}},
 {"type": "radio", "key": "machtiging", "conditional": {"hide": "=dreiging != \\"ontruiming\\""}, "validate": {"required": true}},
 {"type": "number", "key": "inkomen"}, {"type": "number", "key": "vtlb"},
 {"type": "expression", "key": "afloscapaciteit",
  "expression": "if inkomen = null or vtlb = null then null else inkomen - vtlb"}]}"""
HELP_LETTER = b"""---
subject: Over uw vraag
addressee: client
channel: post
---
Beste {{ client_naam }},

Uw inkomen is {{ inkomen | default(0) | euro }}.
"""
HELP_FILES = {
    "processes/M4/M4.bpmn": HELP,
    "tasks/forms/helpen.form": HELP_FORM,
    "tasks/letters/L02.md.j2": HELP_LETTER,
}
SIZES = {"startEvent": (36, 36), "endEvent": (36, 36), "exclusiveGateway": (50, 50), "boundaryEvent": (36, 36)}
PLACES = {
    "Start": (150, 200), "Urgentie": (230, 178), "Splits": (375, 193), "Bevestigen": (480, 178), "Crisis": (480, 330),
    "Gesprek": (640, 178), "Herinnering": (682, 240), "Bellen": (780, 330), "Gebeld": (930, 352), "Klaar": (930, 200),
}  # fmt: skip


def drawn(process: bytes) -> bytes:
    """The process with a diagram, so that a browser can show it."""
    root = etree.fromstring(process)
    shapes, boxes = [], {}
    for node in root.iter():
        if isinstance(node.tag, str) and node.get("id") in PLACES:
            (x, y), (w, h) = PLACES[str(node.get("id"))], SIZES.get(etree.QName(node).localname, (110, 80))
            boxes[node.get("id")] = (x, y, w, h)
            bounds = f'<dc:Bounds x="{x}" y="{y}" width="{w}" height="{h}"/>'
            shapes.append(f'<di:BPMNShape id="{node.get("id")}_di" bpmnElement="{node.get("id")}">{bounds}</di:BPMNShape>')
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        (x1, y1, w1, h1), (x2, y2, _, h2) = boxes[flow.get("sourceRef")], boxes[flow.get("targetRef")]
        start, end = (x1 + w1, y1 + h1 / 2), (x2, y2 + h2 / 2)
        bends = (start, (start[0] + 15, start[1]), (end[0] - 15, end[1]), end)
        points = "".join(f'<p:waypoint x="{x}" y="{y}"/>' for x, y in bends)
        shapes.append(f'<di:BPMNEdge id="{flow.get("id")}_di" bpmnElement="{flow.get("id")}">{points}</di:BPMNEdge>')
    diagram = (
        '<di:BPMNDiagram xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
        'xmlns:p="http://www.omg.org/spec/DD/20100524/DI" id="plaat"><di:BPMNPlane id="vlak" bpmnElement="M5">'
        f"{''.join(shapes)}</di:BPMNPlane></di:BPMNDiagram>"
    )
    return process.replace(b"</definitions>", diagram.encode() + b"</definitions>")


SHIPPED = {**FILES, "processes/M5/M5.bpmn": drawn(PROCESS), **HELP_FILES}


@dataclass
class Organisation:
    """An engine with people, and a clock that is turned by hand."""

    engine: Engine
    now: datetime
    people: dict[str, int]

    def deploy(self, more: dict[str, bytes]) -> None:
        """What is deployed, with other files in place of those or beside them."""
        self.engine.deploy({**SHIPPED, **more}, SYSTEM)

    def later(self, **how_much: int) -> None:
        self.now += timedelta(**how_much)

    def actor(self, login: str, role: str) -> Actor:
        return Actor(account=self.people[login], role=role, program="test")

    def with_password(self, login: str) -> None:
        """Let a person log in with PASSWORD."""
        name, roles = PEOPLE[login]
        self.engine.put_account(login, name, roles, SYSTEM, number=self.people[login], password=hash_password(PASSWORD))

    def open_case(self, threat: str = "geen", name: str = "Joris Voorbeeld") -> str:
        """A case that begins with a report; gives its number."""
        data = {"client_naam": name, "dreiging": threat, "aangemeld_op": self.now.date()}
        return self.engine.open_case("M5", data, self.actor("saar", "aanmeldmedewerker")).case.number

    def start_help(self) -> str:
        """A case in which someone helps and writes a letter (task 2)."""
        case = self.open_case()
        self.engine.start_module(case, "M4", {}, self.actor("karim", "sociaal_werker"))
        self.engine.claim(case, 2, self.actor("karim", "sociaal_werker"))
        return case


def found_organisation(folder: Path) -> Organisation:
    held: list[Organisation] = []
    clock: Callable[[], datetime] = lambda: held[0].now  # noqa: E731
    settings = Settings(f"sqlite:///{folder / 'proef.db'}", folder / "proef.keys", synchronous="OFF")
    engine = open_engine(settings, clock)
    organisation = Organisation(engine, datetime(2026, 4, 7, 8, 0, tzinfo=UTC), {})
    held.append(organisation)
    engine.deploy(SHIPPED, SYSTEM)
    for login, (name, roles) in PEOPLE.items():  # without passwords, which take a second each: see `with_password`
        organisation.people[login] = engine.put_account(login, name, roles, SYSTEM)
    return organisation
