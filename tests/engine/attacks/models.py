"""A process, a table, a form and a dictionary with a foreign text in one chosen place, as an attacker would put it there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

FOREIGN: Mapping[str, str] = {
    "python": '__import__("os").system("touch {marker}")',
    "python-open": 'open("{marker}", "w")',
    "python-class": '().__class__.__base__.__subclasses__()[0].__init__.__globals__["os"].system("touch {marker}")',
    "python-lambda": '(lambda: exec("open(\'{marker}\', \'w\')"))()',
    "juel": '${{Runtime.getRuntime().exec("touch {marker}")}}',
    "juel-deferred": '#{{execution.setVariable("x", "y")}}',
    "javascript": 'require("child_process").execSync("touch {marker}")',
    "javascript-function": '(function() {{ return process.mainModule.require("fs").writeFileSync("{marker}", "") }})()',
    "groovy": '"touch {marker}".execute()',
    "jinja": '{{{{ self.__init__.__globals__.__builtins__.open("{marker}", "w") }}}}',
    "feel-java": 'get value(java.lang.Runtime, "exec")("touch {marker}")',
}

DICTIONARY = """
client_naam: {type: string, label: Naam}
inkomen: {type: amount, label: Inkomen}
gesprek_op: {type: date, label: Gesprek op}
termijn: {type: integer, label: Termijn}
schulden:
  type: list
  label: Schulden
  item: {saldo: {type: amount, label: Saldo}}
"""


def foreign(name: str, marker: Path) -> str:
    """The text of an attack that would leave a file at *marker*."""
    return FOREIGN[name].format(marker=marker)


def process(body: str, *, properties: str = "", before: str = "", after: str = "") -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test" id="defs">
  {before}
  <process id="P" name="P" isExecutable="true">
    <extensionElements><camunda:properties><camunda:property name="title" value="P"/>{properties}</camunda:properties>
    </extensionElements>
    <startEvent id="Start"/>
    {body}
    <endEvent id="Klaar"/>
    {after}
  </process>
</definitions>""".encode()


def line(element: str, ident: str = "X") -> str:
    """Start, one element, end."""
    return (
        f'{element}<sequenceFlow id="f1" sourceRef="Start" targetRef="{ident}"/>'
        f'<sequenceFlow id="f2" sourceRef="{ident}" targetRef="Klaar"/>'
    )


def task(inner: str, attributes: str = "", tag: str = "userTask") -> str:
    role = 'camunda:candidateGroups="sociaal_werker"' if tag == "userTask" else ""
    return line(f'<{tag} id="X" name="Taak" {role} {attributes}>{inner}</{tag}>')


def prop(name: str, value: str) -> str:
    found = f"<camunda:property name={quoteattr(name)} value={quoteattr(value)}/>"
    return f"<extensionElements><camunda:properties>{found}</camunda:properties></extensionElements>"


def formal(tag: str, text: str) -> str:
    return f'<{tag} xsi:type="tFormalExpression">{escape(text)}</{tag}>'


def _condition(text: str) -> bytes:
    return process(f"""<exclusiveGateway id="Splits" default="f3"/>
      <userTask id="A" name="A" camunda:candidateGroups="sociaal_werker"/>
      <sequenceFlow id="f1" sourceRef="Start" targetRef="Splits"/>
      <sequenceFlow id="f2" sourceRef="Splits" targetRef="A">{formal("conditionExpression", text)}</sequenceFlow>
      <sequenceFlow id="f3" sourceRef="Splits" targetRef="Klaar"/>
      <sequenceFlow id="f4" sourceRef="A" targetRef="Klaar"/>""")


def _timer(kind: str) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        definition = f'<timerEventDefinition id="t">{formal(kind, text)}</timerEventDefinition>'
        return process(line(f'<intermediateCatchEvent id="X">{definition}</intermediateCatchEvent>'))

    return made


def _repeated(attributes: str, inner: Callable[[str], str]) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        chosen = attributes.replace("TEXT", escape(text, {'"': "&quot;"}))
        loop = f"<multiInstanceLoopCharacteristics {chosen}>{inner(text)}</multiInstanceLoopCharacteristics>"
        return process(task(loop))

    return made


def _correlation(text: str) -> bytes:
    expression = f'<messagePath xsi:type="tFormalExpression">{escape(text)}</messagePath>'
    before = f"""<message id="m" name="Antwoord"/>
      <correlationProperty id="cp" name="inkomen">
        <correlationPropertyRetrievalExpression messageRef="m">{expression}</correlationPropertyRetrievalExpression>
      </correlationProperty>
      <collaboration id="c"><participant id="pt" processRef="P"/>
        <correlationKey id="k" name="k"><correlationPropertyRef>cp</correlationPropertyRef></correlationKey>
      </collaboration>"""
    definition = '<messageEventDefinition id="md" messageRef="m"/>'
    body = line(f'<intermediateCatchEvent id="X">{definition}</intermediateCatchEvent>')
    return process(body, before=before)


def _subscription(text: str) -> bytes:
    before = """<message id="m" name="Antwoord"/>
      <correlationProperty id="cp" name="inkomen">
        <correlationPropertyRetrievalExpression messageRef="m">
          <messagePath xsi:type="tFormalExpression">inkomen</messagePath>
        </correlationPropertyRetrievalExpression>
      </correlationProperty>
      <collaboration id="c"><participant id="pt" processRef="P"/>
        <correlationKey id="k" name="k"><correlationPropertyRef>cp</correlationPropertyRef></correlationKey>
      </collaboration>"""
    binding = f"""<correlationSubscription id="s" correlationKeyRef="k">
        <correlationPropertyBinding id="b" correlationPropertyRef="cp">{formal("dataPath", text)}
        </correlationPropertyBinding></correlationSubscription>"""
    event = line('<intermediateCatchEvent id="X"><messageEventDefinition id="md" messageRef="m"/></intermediateCatchEvent>')
    return process(event, before=before, after=binding)


def _adhoc(text: str) -> bytes:
    inner = f"""<userTask id="A" name="A" camunda:candidateGroups="sociaal_werker"/>
      {formal("completionCondition", text)}"""
    return process(line(f'<adHocSubProcess id="X" name="Vrij">{inner}</adHocSubProcess>'))


def _conditional_event(text: str) -> bytes:
    definition = f'<conditionalEventDefinition id="c">{formal("condition", text)}</conditionalEventDefinition>'
    return process(line(f'<intermediateCatchEvent id="X">{definition}</intermediateCatchEvent>'))


def _loop(text: str) -> bytes:
    condition = formal("loopCondition", text)
    return process(task(f"<standardLoopCharacteristics>{condition}</standardLoopCharacteristics>"))


def _script(language: str) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        return process(task(f"<script>{escape(text)}</script>", f'scriptFormat="{language}"', "scriptTask"))

    return made


def _parameter(side: str) -> Callable[[str], bytes]:
    def made(text: str) -> bytes:
        mapping = f'<camunda:{side}Parameter name="inkomen">{escape(text)}</camunda:{side}Parameter>'
        return process(
            task(f"<extensionElements><camunda:inputOutput>{mapping}</camunda:inputOutput></extensionElements>")
        )

    return made


def _attribute(name: str) -> Callable[[str], bytes]:
    return lambda text: process(task("", f"camunda:{name}={quoteattr(text)}"))


def _property(name: str, pattern: str) -> Callable[[str], bytes]:
    return lambda text: process(task(prop(name, pattern.replace("TEXT", text))))


PLACES: Mapping[str, Callable[[str], bytes]] = {
    "condition": _condition,
    "script": _script("feel"),
    "script-assignment": lambda text: _script("feel")(f"inkomen = {text}"),
    "script-javascript": _script("javascript"),
    "script-python": _script("python"),
    "script-groovy": _script("groovy"),
    "timer-date": _timer("timeDate"),
    "timer-duration": _timer("timeDuration"),
    "timer-cycle": _timer("timeCycle"),
    "multi-instance-count": _repeated("", lambda text: formal("loopCardinality", text)),
    "multi-instance-collection": _repeated('camunda:collection="TEXT" camunda:elementVariable="schuld"', lambda _: ""),
    "multi-instance-completion": _repeated(
        "", lambda text: formal("loopCardinality", "3") + formal("completionCondition", text)
    ),
    "correlation": _correlation,
    "correlation-subscription": _subscription,
    "ad-hoc-condition": _adhoc,
    "conditional-event": _conditional_event,
    "loop-condition": _loop,
    "input": _parameter("input"),
    "output": _parameter("output"),
    "due-date": _attribute("dueDate"),
    "follow-up-date": _attribute("followUpDate"),
    "assignee": lambda text: _attribute("assignee")(f"={text}"),
    "precondition": _property("precondition", "M5-R01 | blok | TEXT | Het kan nog niet."),
    "term-start": _property("term.start", "wgs-4-1-a from TEXT"),
    "term-condition": _property("term.start", "wgs-4-1-a when TEXT"),
    "listener": lambda text: process(
        task(
            "<extensionElements><camunda:taskListener event='create' "
            f"expression={quoteattr(text)}/></extensionElements>"
        )
    ),
    "service-expression": lambda text: process(task("", f"camunda:expression={quoteattr(text)}", "serviceTask")),
    "service-class": lambda text: process(task("", f"camunda:class={quoteattr(text)}", "serviceTask")),
    "service-delegate": lambda text: process(
        task("", f"camunda:delegateExpression={quoteattr(text)}", "serviceTask")
    ),
}
"""Every place of a process where a designer may write an expression, and those where other engines run code."""


def table(cell: str = '"laag"', condition: str = "< 10", subject: str = "inkomen", literal: str | None = None) -> bytes:
    """A decision table over `inkomen`, or a literal expression, with a text in one of its places."""
    logic = f"""<decisionTable id="t" hitPolicy="FIRST">
      <input id="i1"><inputExpression id="e1"><text>{escape(subject)}</text></inputExpression></input>
      <output id="o1" name="hoogte"/>
      <rule id="r1"><inputEntry id="c1"><text>{escape(condition)}</text></inputEntry>
        <outputEntry id="u1"><text>{escape(cell)}</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c2"><text>-</text></inputEntry>
        <outputEntry id="u2"><text>"anders"</text></outputEntry></rule></decisionTable>"""
    if literal is not None:
        logic = f'<literalExpression id="l"><text>{escape(literal)}</text></literalExpression>'
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="d" name="Hoogte" namespace="urn:test">
  <inputData id="i" name="inkomen"><variable name="inkomen"/></inputData>
  <decision id="D90" name="Hoogte"><variable name="Hoogte"/>
    <informationRequirement id="v"><requiredInput href="#i"/></informationRequirement>{logic}</decision>
</definitions>""".encode()


TABLE_PLACES: Mapping[str, Callable[[str], bytes]] = {
    "output-cell": lambda text: table(cell=text),
    "input-cell": lambda text: table(condition=text),
    "input-expression": lambda text: table(subject=text),
    "literal-expression": lambda text: table(literal=text),
}
RULE = process(task("", 'camunda:decisionRef="D90"', "businessRuleTask"))


def files(process_file: bytes, **others: bytes) -> dict[str, bytes]:
    """A set of definitions; `others` by the short names dictionary, table, form, letter, parameters."""
    paths = {
        "dictionary": "rules/dictionary.yaml",
        "parameters": "rules/parameters.yaml",
        "table": "rules/tables/D90.dmn",
        "form": "tasks/forms/f.form",
        "letter": "tasks/letters/L90.md.j2",
    }
    known = {"dictionary": DICTIONARY.encode(), "parameters": b"- {key: dagen, value: 7, valid_from: 2020-01-01}\n"}
    found = {paths[name]: data for name, data in {**known, **others}.items()}
    return {"processes/P/P.bpmn": process_file, **found}
