"""Models without end: every one is stopped with a clear error and an incident, and the case stays as it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from schuldhulp.engine.case.errors import CommandRefused, ModelFailed
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from tests.engine.attacks.conftest import WORKER
from tests.engine.attacks.models import RULE, files, formal, process, table

HANG = 45.0
"""Seconds after which a test calls it a hang, on a busy machine; each of these takes a few at most."""
Open = Callable[[], Engine]


@contextmanager
def no_hang() -> Iterator[None]:
    began = time.monotonic()
    yield
    assert time.monotonic() - began < HANG


def after_a_task(body: str) -> bytes:
    """A task for a person; what comes after it begins with X."""
    return process(f"""<userTask id="T" name="T" camunda:candidateGroups="sociaal_werker"/>{body}
      <sequenceFlow id="in" sourceRef="Start" targetRef="T"/><sequenceFlow id="on" sourceRef="T" targetRef="X"/>""")


def stopped(engine: Engine, given: dict[str, bytes], answers: dict[str, object] | None = None) -> ModelFailed:
    """Completes the task of a case over *given*; gives why it was refused, with everything else as it was before."""
    engine.deploy(given, WORKER)
    before = engine.open_case("P", answers or {}, WORKER).case
    with no_hang(), pytest.raises(ModelFailed) as refused:
        engine.complete(before.number, 1, Completion({}), WORKER)
    after = engine.case(before.number)
    assert after.tasks == before.tasks
    assert after.data == before.data
    assert [incident.code for incident in after.incidents.values()] == [refused.value.code]
    assert engine.verify(before.number) == []
    return refused.value


LOOPS = {
    "gateways": """<exclusiveGateway id="X"/><exclusiveGateway id="Y"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Y"/><sequenceFlow id="b" sourceRef="Y" targetRef="X"/>""",
    "condition": f"""<exclusiveGateway id="X"/><exclusiveGateway id="Y" default="c"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Y"/>
      <sequenceFlow id="b" sourceRef="Y" targetRef="X">{formal("conditionExpression", "1 = 1")}</sequenceFlow>
      <sequenceFlow id="c" sourceRef="Y" targetRef="Klaar"/>""",
    "script": """<scriptTask id="X" name="X" scriptFormat="feel"><script>teller = 1</script></scriptTask>
      <sequenceFlow id="a" sourceRef="X" targetRef="X"/>""",
    "script that counts": """<scriptTask id="X" name="X" scriptFormat="feel"><script>teller = 0</script></scriptTask>
      <scriptTask id="L" name="L" scriptFormat="feel"><script>teller = teller + 1</script></scriptTask>
      <sequenceFlow id="a" sourceRef="X" targetRef="L"/><sequenceFlow id="z" sourceRef="L" targetRef="L"/>""",
    "tokens that double": """<exclusiveGateway id="X"/><parallelGateway id="Y"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Y"/><sequenceFlow id="b" sourceRef="Y" targetRef="X"/>
      <sequenceFlow id="c" sourceRef="Y" targetRef="X"/>""",
    "abstract task": """<task id="X" name="X"/><sequenceFlow id="a" sourceRef="X" targetRef="X"/>""",
    "standard loop": f"""<task id="X" name="X"><standardLoopCharacteristics>{formal("loopCondition", "1 = 1")}
      </standardLoopCharacteristics></task><sequenceFlow id="a" sourceRef="X" targetRef="Klaar"/>""",
    "call of itself": """<callActivity id="X" name="X" calledElement="P2"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Klaar"/>""",
    "letter after letter": """<sendTask id="X" name="X"><extensionElements><camunda:properties>
      <camunda:property name="letter" value="L90"/></camunda:properties></extensionElements></sendTask>
      <sequenceFlow id="a" sourceRef="X" targetRef="X"/>""",
    "instances": f"""<task id="X" name="X"><multiInstanceLoopCharacteristics>{formal("loopCardinality", "900000")}
      </multiInstanceLoopCharacteristics></task><sequenceFlow id="a" sourceRef="X" targetRef="Klaar"/>""",
    "instances for people": f"""<userTask id="X" name="X" camunda:candidateGroups="sociaal_werker">
      <multiInstanceLoopCharacteristics>{formal("loopCardinality", "900000")}</multiInstanceLoopCharacteristics>
      </userTask><sequenceFlow id="a" sourceRef="X" targetRef="Klaar"/>""",
}
LETTER = b"---\nsubject: Brief\naddressee: client\nchannel: post\n---\nBeste lezer\n"


@pytest.mark.parametrize("name", LOOPS)
def test_a_process_that_goes_round_for_ever_is_stopped_with_an_incident(name: str, open_unchecked: Open) -> None:
    given = files(after_a_task(LOOPS[name]), letter=LETTER)
    own = process("""<callActivity id="C" name="C" calledElement="P2"/>
      <sequenceFlow id="f1" sourceRef="Start" targetRef="C"/><sequenceFlow id="f2" sourceRef="C" targetRef="Klaar"/>""")
    given["processes/P/P2.bpmn"] = own.replace(b'id="P" name="P"', b'id="P2" name="P2"')
    error = stopped(open_unchecked(), given)
    assert error.code == "model"
    assert any(word in str(error) for word in ("loop", "goes round", "moves", "more than")), str(error)


EXPRESSIONS = {
    "endless list": "count(for i in 1..100000, j in 1..100000 return i * j) > 0",
    "recursion": "{f: function(x) f(x), y: f(1)}.y = 1",
    "mutual recursion": "{f: function(n) if n = 0 then 0 else f(n - 1) + f(n - 1), y: f(90)}.y = 1",
    "growing text": 'string length({d: function(t, n) if n = 0 then t else d(t + t, n - 1), y: d("a", 60)}.y) > 0',
    "joined text": 'string length(string join(for i in 1..1000000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "")) > 0',
    "growing list": "count({d: function(l, n) if n = 0 then l else d(concatenate(l, l), n - 1), y: d([1], 60)}.y) > 0",
    "growing number": "9999999999 ** 9999999999 > 0",
    "growing number by turns": "(for i in 1..100000 return if i = 1 then 2 else partial[-1] * partial[-1])[-1] > 0",
    "large exponent": "exp(999999999) > 0",
    "regular expression": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
    "replacing": 'string length(replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a|aa)+$", "b")) > 0',
    "replacing that grows": "string length({d: function(t, n) if n = 0 then t else "
    'd(replace(t, "a", "aa"), n - 1), y: d("a", 60)}.y) > 0',
    "splitting": 'count(split("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a*)*b")) > 0',
    "some of many": "some x in 1..100000, y in 1..100000 satisfies x = -y",
    "long range": "count(1..999999999999) > 0",
    "sorting": "count(sort(for i in 1..900000 return 900000 - i, function(x, y) x < y)) > 0",
}
BOUNDED = {"large exponent", "growing number", "regular expression", "replacing", "splitting"}
"""May also end with an answer: what matters is that they end."""


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_without_end_or_bound_is_stopped(name: str, open_unchecked: Open) -> None:
    body = f"""<exclusiveGateway id="X" default="b"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Klaar">{formal("conditionExpression", EXPRESSIONS[name])}
      </sequenceFlow><sequenceFlow id="b" sourceRef="X" targetRef="Klaar"/>"""
    engine = open_unchecked()
    engine.deploy(files(after_a_task(body)), WORKER)
    case = engine.open_case("P", {}, WORKER).case
    with no_hang():
        try:
            engine.complete(case.number, 1, Completion({}), WORKER)
            assert name in BOUNDED
        except ModelFailed as error:
            assert (error.element, error.code) == ("X", "expression") or error.code == "expression"
            assert EXPRESSIONS[name][:20] in str(error)
            assert len(engine.case(case.number).incidents) == 1


@pytest.mark.parametrize("name", ["endless list", "mutual recursion", "growing text", "regular expression"])
def test_a_table_cell_without_end_is_stopped(name: str, open_unchecked: Open) -> None:
    engine = open_unchecked()
    engine.deploy(files(RULE, table=table(cell=EXPRESSIONS[name], condition="-")), WORKER)
    with no_hang():
        try:
            engine.open_case("P", {"inkomen": Decimal(5)}, WORKER)
            assert name in BOUNDED
        except CommandRefused as error:
            assert "D90" in str(error) or "steps" in str(error)


def test_many_dear_expressions_together_are_stopped_too(open_unchecked: Open) -> None:
    """Each turn of the loop stays within the limit of one expression; all together do not."""
    dear = "count(for i in 1..100000 return i) > 0"
    body = f"""<exclusiveGateway id="X"/><exclusiveGateway id="Y" default="c"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Y"/>
      <sequenceFlow id="b" sourceRef="Y" targetRef="X">{formal("conditionExpression", dear)}</sequenceFlow>
      <sequenceFlow id="c" sourceRef="Y" targetRef="Klaar"/>"""
    error = stopped(open_unchecked(), files(after_a_task(body)))
    assert "steps" in str(error)


def test_a_timer_that_is_always_due_is_stopped_and_does_not_stop_the_others(open_unchecked: Open) -> None:
    body = """<intermediateCatchEvent id="X"><timerEventDefinition id="t">
      <timeDate xsi:type="tFormalExpression">2020-01-01T00:00:00Z</timeDate></timerEventDefinition>
      </intermediateCatchEvent><sequenceFlow id="a" sourceRef="X" targetRef="X"/>"""
    engine = open_unchecked()
    engine.deploy(files(after_a_task(body)), WORKER)
    cases = [engine.open_case("P", {}, WORKER).case for _ in range(2)]
    for case in cases:
        engine.complete(case.number, 1, Completion({}), WORKER)
    with no_hang():
        outcomes = dict(engine.tick(WORKER))
    assert {number: type(outcome) for number, outcome in outcomes.items()} == {c.number: ModelFailed for c in cases}
    assert all(len(engine.case(case.number).incidents) == 1 for case in cases)
    assert [outcome for _, outcome in engine.tick(WORKER) if isinstance(outcome, CommandRefused)] == []
    assert all(len(engine.case(case.number).incidents) == 1 for case in cases), "one incident, not one per tick"


def test_a_datum_derived_from_itself_is_stopped(open_unchecked: Open) -> None:
    from tests.engine.attacks.models import DICTIONARY

    derived = DICTIONARY + "a: {type: integer, label: A, derived: b + 1}\nb: {type: integer, label: B, derived: a + 1}\n"
    body = f"""<exclusiveGateway id="X" default="b"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Klaar">{formal("conditionExpression", "a > 1")}</sequenceFlow>
      <sequenceFlow id="b" sourceRef="X" targetRef="Klaar"/>"""
    error = stopped(open_unchecked(), files(after_a_task(body), dictionary=derived.encode()))
    assert "itself" in str(error)


def test_a_gateway_without_a_way_out_is_an_incident(open_unchecked: Open) -> None:
    body = f"""<exclusiveGateway id="X"/>
      <sequenceFlow id="a" sourceRef="X" targetRef="Klaar">{formal("conditionExpression", "1 = 2")}</sequenceFlow>"""
    error = stopped(open_unchecked(), files(after_a_task(body)))
    assert (error.element, error.code) == ("X", "model")
    assert "default" in str(error)


def test_nothing_is_written_to_disk_by_a_stopped_command_but_its_incident(open_unchecked: Open, tmp_path: Path) -> None:
    engine = open_unchecked()
    error = stopped(engine, files(after_a_task(LOOPS["script"])))
    number = "2026-000001" if engine.clock().year == 2026 else f"{engine.clock().year}-000001"
    facts = [type(stored.fact).__name__ for stored in engine.facts(number)]
    assert facts[-2:] == ["CommandGiven", "IncidentRaised"]
    assert error.instance == 1
    assert engine.rows("messages_of_case", case=f"case/{number}") == []
