"""A module that asks a register outside, calls another module in two ways, and can be changed a little at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case, Task
from schuldhulp.engine.model.facts import Actor

CLERK = Actor(account=1, role="sociaal_werker")
LEADER = Actor(account=2, role="teamleider")
DESIGNER = Actor(account=3, role="procesontwerper")
ROBOT = Actor(account=0, role="systeem", program="register")

DICTIONARY = b"""
client_naam: {type: string, label: Naam}
inkomen: {type: amount, label: Inkomen}
aangemeld_op: {type: date, label: Aangemeld op}
gesprek_op: {type: date, label: Gesprek op}
"""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" id="defs">
"""


def process(ident: str, body: str, head: str = "", properties: str = "") -> bytes:
    """A module of these elements. Flows are written as `a -> b` lines at the end, after "--"."""
    elements, _, flows = body.partition("--")
    lines = [line.split() for line in flows.splitlines() if line.strip()]
    drawn = "\n".join(
        f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, _, b in (line[:3] for line in lines)
    )
    title = f'<camunda:property name="title" value="{ident}"/>{properties}'
    own = f"<extensionElements><camunda:properties>{title}</camunda:properties></extensionElements>"
    text = f'{_HEAD}{head}<process id="{ident}" name="{ident}" isExecutable="true">{own}{elements}{drawn}</process>'
    return f"{text}</definitions>".encode()


def user(ident: str, name: str, role: str = "sociaal_werker", more: str = "") -> str:
    return f'<userTask id="{ident}" name="{name}" camunda:candidateGroups="{role}">{more}</userTask>'


def timer(ident: str, on: str, after: str, *, interrupting: bool = False) -> str:
    return (
        f'<boundaryEvent id="{ident}" attachedToRef="{on}" cancelActivity="{str(interrupting).lower()}">'
        f'<timerEventDefinition id="{ident}_t"><timeDuration xsi:type="tFormalExpression">{after}</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )


def properties(**named: str) -> str:
    """Camunda properties of an element; "_" in a name stands for a dot."""
    inner = "".join(
        f'<camunda:property name="{name.replace("_", ".")}" value="{value}"/>' for name, value in named.items()
    )
    return f"<extensionElements><camunda:properties>{inner}</camunda:properties></extensionElements>"


REGISTER = process(
    "M1",
    f"""<startEvent id="Start"/>
    <serviceTask id="Opvragen" name="Inkomen opvragen" camunda:type="external" camunda:topic="inkomen">
      <extensionElements><camunda:inputOutput>
        <camunda:inputParameter name="naam">${{client_naam}}</camunda:inputParameter>
      </camunda:inputOutput></extensionElements>
    </serviceTask>
    {timer("TeLang", "Opvragen", "P3D", interrupting=True)}
    <boundaryEvent id="Onbekend" attachedToRef="Opvragen"><errorEventDefinition id="o" errorRef="e"/></boundaryEvent>
    {user("Bekijken", "Inkomen bekijken")}{user("Navragen", "Inkomen navragen")}{user("Zoeken", "Persoon zoeken")}
    <endEvent id="Klaar"/>
    --
    Start -> Opvragen
    Opvragen -> Bekijken
    TeLang -> Navragen
    Onbekend -> Zoeken
    Bekijken -> Klaar
    Navragen -> Klaar
    Zoeken -> Klaar
    """.replace("${client_naam}", "= client_naam"),
    head='<error id="e" errorCode="onbekend"/>',
)

CALLER = process(
    "M2",
    f"""<startEvent id="Start"/><parallelGateway id="Splitsen"/>
    <callActivity id="Stil" calledElement="M3"/><callActivity id="Gezegd" calledElement="M3"/>
    <boundaryEvent id="Afgebroken" attachedToRef="Gezegd"><errorEventDefinition id="a" errorRef="e"/></boundaryEvent>
    {user("Daarna", "Verder")}{user("Gehoord", "Daarna")}{user("Anders", "Iets anders regelen")}
    --
    Start -> Splitsen
    Splitsen -> Stil
    Splitsen -> Gezegd
    Stil -> Daarna
    Gezegd -> Gehoord
    Afgebroken -> Anders
    """,
    head='<error id="e" errorCode="cancelled"/>',
)

CALLED = process(
    "M3",
    f"""<startEvent id="Start"/>{user("Praten", "Gesprek voeren", more=properties(term_meet="wgs-4-1-a"))}
    {timer("Herinneren", "Praten", "P7D")}{user("Bellen", "Bellen")}
    --
    Start -> Praten
    Herinneren -> Bellen
    """,
    properties='<camunda:property name="term.start" value="wgs-4-1-a from aangemeld_op"/>',
)

BROKEN = process(
    "M4",
    """<startEvent id="Start"/><intermediateCatchEvent id="Even"><timerEventDefinition id="t">
    <timeDuration xsi:type="tFormalExpression">P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>
    <scriptTask id="Rekenen" name="Budget rekenen" scriptFormat="feel"><script>budget = inkomen - 100</script></scriptTask>
    """
    + user("Klaar", "Budget bespreken")
    + """
    --
    Start -> Even
    Even -> Rekenen
    Rekenen -> Klaar
    """,
)

LISTENER = process(
    "M7",
    """<startEvent id="Start"/><intermediateCatchEvent id="Wachten"><messageEventDefinition id="m" messageRef="msg"/>
    </intermediateCatchEvent>"""
    + user("Lezen", "Brief lezen")
    + """
    --
    Start -> Wachten
    Wachten -> Lezen
    """,
    head='<message id="msg" name="brief"/>',
)

FILES = {
    "rules/dictionary.yaml": DICTIONARY,
    "rules/parameters.yaml": b"- {key: spoed_dagen, value: 7, valid_from: 2020-01-01}\n",
    "processes/M1/M1.bpmn": REGISTER,
    "processes/M2/M2.bpmn": CALLER,
    "processes/M3/M3.bpmn": CALLED,
    "processes/M4/M4.bpmn": BROKEN,
    "processes/M7/M7.bpmn": LISTENER,
}


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, **more: float) -> None:
        self.at += timedelta(**more)


def open_case(engine: Engine, module: str, **data: Any) -> Case:
    return engine.open_case(module, {"client_naam": "Fenna Testema", **data}, CLERK).case


def elements(engine: Engine, case: Case) -> list[str]:
    """Where open user tasks are, in order of opening."""
    return [task.element or task.kind for task in engine.case(case.number).tasks.values()]


def task_at(engine: Engine, case: Case, element: str) -> Task:
    return next(task for task in engine.case(case.number).tasks.values() if task.element == element)


def facts(engine: Engine, case: Case) -> list[str]:
    """The types of all facts of a case, in order."""
    return [type(stored.fact).__name__ for stored in engine.facts(case.number)]


def assert_proved(engine: Engine, case: Case) -> None:
    """Chain, lists and decisions of the case hold, and its snapshot is what its facts give."""
    assert engine.verify(case.number) == []
