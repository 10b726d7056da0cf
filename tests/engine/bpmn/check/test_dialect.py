"""What the engine cannot run is refused, never dropped; what it refers to must exist; soundness is a warning."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from schuldhulp.engine.bpmn.check import CheckContext
from schuldhulp.engine.bpmn.check.feel import feel_check
from schuldhulp.engine.bpmn.check.languages import as_feel
from schuldhulp.engine.bpmn.graph import Severity
from tests.engine.bpmn.check.test_constraints import END, ROUTE, START, errors, judged, sequence
from tests.engine.bpmn.models import flow, process

WORLD = CheckContext(
    feel=feel_check(), names={"leeftijd", "dreiging"}, forms={"intake"}, decisions={"D01": ("leeftijd",)},
    processes={"M5"}, roles={"intaker"}, terms={"wgs-4-2"}, letters={"L01"},
)  # fmt: skip
XOR = '<exclusiveGateway id="x" default="x_B"/><task id="B"/>' + flow("A", "x") + flow("x", "B") + flow("B", "e")


def choice(condition: str) -> bytes:
    written = f"<conditionExpression>{condition}</conditionExpression>"
    return process(sequence(XOR + '<task id="C"/>' + flow("x", "C", written) + flow("C", "e")))


def task(tag: str, attributes: str = "", inside: str = "") -> bytes:
    return process(START + f'<{tag} id="A" {attributes}>{inside}</{tag}>' + END + ROUTE)


def properties(*pairs: tuple[str, str]) -> str:
    told = "".join(f'<camunda:property name="{name}" value="{value}"/>' for name, value in pairs)
    return f"<extensionElements><camunda:properties>{told}</camunda:properties></extensionElements>"


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ('${a == "x"}', 'a = "x"'), ("${a == 'x' && b}", 'a = "x" and b'), ("#{empty a || n gt 3}", "a = null or n > 3"),
        ("${!ready}", "not(ready)"), ('${names.contains("x")}', 'contains(names, "x")'),
        ("${a ? 1 : 2}", "if a then 1 else 2"), ("${bean.call(execution)}", None), ("${a} en ${b}", None),
    ],
)  # fmt: skip
def test_the_feel_that_is_meant_by_juel_is_guessed_where_it_can_be(juel: str, feel: str | None) -> None:
    assert as_feel(juel) == feel


def test_juel_is_refused_with_the_feel_that_is_meant() -> None:
    (finding,) = [one for one in judged(choice('${dreiging == "x"}')) if one.severity is Severity.ERROR]
    assert finding.code == "expression-juel"
    assert 'dreiging = "x"' in finding.remedy
    assert finding.element == "x_C"


@pytest.mark.parametrize("text", ["__import__('os').system('id')", "= leeftijd &gt;", "= a b c ("])
def test_python_and_broken_feel_are_refused(text: str) -> None:
    assert errors(choice(text), WORLD) & {"expression-wrong", "expression-not-formal"}


def test_a_name_that_nothing_sets_is_refused_and_one_that_a_script_sets_is_not() -> None:
    assert "expression-wrong" in errors(choice("= onbekend &gt; 1"), WORLD)
    assert errors(choice("= leeftijd &gt; 1"), WORLD) == set()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (task("serviceTask"), "service-without-topic"),
        (task("serviceTask", 'camunda:class="a.B"'), "extension-not-supported"),
        (task("serviceTask", 'camunda:type="mail"'), "task-type"),
        (task("sendTask"), "send-without-message"),
        (task("receiveTask"), "receive-without-message"),
        (task("businessRuleTask"), "decision-missing"),
        (task("scriptTask"), "script-missing"),
        (task("scriptTask", 'scriptFormat="python"', "<script>x = 1</script>"), "expression-language"),
        (task("userTask", "", "<extensionElements><camunda:formData/></extensionElements>"), "extension-not-supported"),
        (task("userTask", 'camunda:formRef="geen"'), "form-unknown"),
        (task("businessRuleTask", 'camunda:decisionRef="D99"'), "decision-unknown"),
        (task("callActivity", 'calledElement="Intak"'), "process-unknown"),
        (task("userTask", 'camunda:candidateGroups="baas"'), "role-unknown"),
        (task("userTask"), "role-missing"),
        (task("userTask", "", properties(("term.start", "wgs-99"))), "term-unknown"),
        (task("sendTask", "", properties(("letter", "L99"))), "letter-unknown"),
    ],
)
def test_what_the_engine_would_not_do_is_an_error(data: bytes, code: str) -> None:
    assert code in errors(data, WORLD)


def test_a_module_that_is_not_here_is_a_warning_because_it_becomes_a_referral() -> None:
    data = task("callActivity", 'calledElement="M9"')
    assert errors(data, WORLD) == set()
    assert [finding.code for finding in judged(data, WORLD)] == ["module-not-here"]


def test_feel_in_the_properties_of_the_dialect_is_checked_too() -> None:
    for name, value in (
        ("precondition", "M2-R05 | blok | geen( | Er is geen machtiging."),
        ("term.start", "wgs-4-2 from 1 +"),
        ("letter", "L01 when ="),
    ):
        data = task("userTask", 'camunda:candidateGroups="intaker"', properties((name, value)))
        assert "expression-wrong" in errors(data, WORLD), name


def test_what_changes_nothing_is_a_warning() -> None:
    data = task("userTask", 'camunda:asyncBefore="true" camunda:candidateGroups="intaker"')
    assert errors(data, WORLD) == set()
    assert [finding.code for finding in judged(data, WORLD)] == ["extension-left-out"]


def test_the_decision_gets_all_its_inputs() -> None:
    rule = 'camunda:decisionRef="D01" camunda:resultVariable="uitkomst"'
    mapped = (
        "<extensionElements><camunda:inputOutput><camunda:inputParameter name='anders'>1</camunda:inputParameter>"
        "</camunda:inputOutput></extensionElements>"
    )
    assert errors(task("businessRuleTask", rule), WORLD) == set()
    assert errors(task("businessRuleTask", rule, mapped), WORLD) == set()  # the rest is looked up by name
    nameless = replace(WORLD, names=frozenset())
    assert errors(task("businessRuleTask", rule, mapped), nameless) == {"decision-input-missing"}


def test_alternatives_that_meet_in_a_parallel_gateway_are_warned_of_with_an_example_path() -> None:
    nodes = (
        '<exclusiveGateway id="x" default="x_B"/><task id="B" name="Bellen"/><task id="C"/><parallelGateway id="j"/>'
    )
    written = "<conditionExpression>=a</conditionExpression>"
    flows = flow("A", "x") + flow("x", "B") + flow("x", "C", written) + flow("B", "j") + flow("C", "j") + flow("j", "e")
    model = sequence(nodes + flows).replace(flow("A", "e"), "")
    (found,) = [one for one in judged(process(model)) if one.element == "j"]
    assert (found.code, found.severity) == ("never-completes", Severity.WARNING)
    assert "s > A > x > Bellen" in found.message
    with_way_out = model + '<task id="D"/>' + flow("x", "D", written) + flow("D", "e")
    (found,) = [one for one in judged(process(with_way_out)) if one.element == "j"]
    assert (found.code, found.severity) == ("deadlock", Severity.WARNING)


def test_a_loop_without_a_way_out_is_warned_of() -> None:
    data = process(START + '<task id="A"/><task id="B"/>' + flow("s", "A") + flow("A", "B") + flow("B", "A"))
    assert "never-ends" in {finding.code for finding in judged(data)}


def test_a_model_that_explodes_is_judged_in_bounded_time() -> None:
    blocks, before = [], "s"
    for block in range(40):
        names = [f"t{block}_{number}" for number in range(6)]
        blocks.append(f'<inclusiveGateway id="a{block}"/><inclusiveGateway id="b{block}"/>' + flow(before, f"a{block}"))
        blocks += [f'<task id="{name}"/>' + flow(f"a{block}", name) + flow(name, f"b{block}") for name in names]
        before = f"b{block}"
    data = process(START + END + "".join(blocks) + flow(before, "e"))
    began = time.monotonic()
    judged(data)
    assert time.monotonic() - began < 5
