"""The engines beside each other. Each gives a function from inputs to a result that the reference can be compared with.

SpiffWorkflow is a dependency of the product. The others are not; each is left out unless it is named: zen-engine by the
Python of its own environment (SCHULDHULP_ZEN_PYTHON), pyDMNrules, which is under the GPL, likewise
(SCHULDHULP_PYDMNRULES_PYTHON), feelin by the folder in which npm installed it (SCHULDHULP_FEELIN).
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.rules.tables import FLAGS, INPUTS, Rule, Sheet, dmn
from schuldhulp.rules.dmn import decide, evaluate, prepare, read_model

Inputs = Mapping[str, object]
Call = Callable[[Inputs], object]
HERE = Path(__file__).parent


def ours(sheet: Sheet, policy: str, way: str) -> Call:
    """Our engine: prepared for many calls, evaluated, or decided with the reason."""
    model = read_model(dmn(sheet, policy), name="bench.dmn")
    if way == "prepared":
        return prepare(model, "d")
    if way == "evaluate":
        return lambda inputs: evaluate(model, "d", inputs)
    return lambda inputs: decide(model, "d", inputs).outputs


def spiff(sheet: Sheet, policy: str) -> Call:
    """SpiffWorkflow's DMN engine; it has no FEEL, so that the cells are Python expressions. FIRST runs as UNIQUE does."""
    from lxml import etree
    from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
    from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
    from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

    text = spiff_dmn(sheet, "COLLECT" if policy == "COLLECT" else "UNIQUE")
    parser = BpmnDmnParser()
    parser.add_dmn_xml(etree.fromstring(text.encode()), filename="bench.dmn")
    dmn_parser = parser.dmn_parsers["d"]
    dmn_parser.parse()
    engine = DMNEngine(dmn_parser.decision.decisionTables[0])

    class Task:
        """What the engine asks of a task: data, and where to evaluate."""

        def __init__(self, data: Inputs) -> None:
            self.data = dict(data)
            self.workflow = type("Flow", (), {"script_engine": PythonScriptEngine()})()
            self.task_spec = type("Spec", (), {"name": "d", "file": "bench"})()

    def call(inputs: Inputs) -> object:
        return engine.result(Task(inputs))

    return call


def spiff_dmn(sheet: Sheet, policy: str) -> str:
    columns = "".join(
        f'<input id="c_{n}" label="{n}"><inputExpression id="e_{n}" typeRef="string"><text>{n}</text></inputExpression>'
        "</input>"
        for n in INPUTS
    )
    rules = "".join(
        f'<rule id="r{n}">'
        + "".join(
            f'<inputEntry id="x{n}_{name}"><text>{_python(rule, name)}</text></inputEntry>' for name in INPUTS
        )
        + f'<outputEntry id="o{n}"><text>"{rule.outputs[0]}"</text></outputEntry>'
        + f'<outputEntry id="p{n}"><text>{rule.outputs[1]}</text></outputEntry></rule>'
        for n, rule in enumerate(sheet.rules, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="b" name="b" namespace="urn:b">'
        f'<decision id="d" name="d"><decisionTable id="t" hitPolicy="{policy}">{columns}'
        '<output id="o1" name="soort" typeRef="string"/><output id="o2" name="nummer" typeRef="number"/>'
        f"{rules}</decisionTable></decision></definitions>"
    )


def _python(rule: Rule, name: str) -> str:
    if name not in rule.tests:
        return ""
    kind, operands = rule.tests[name]
    if kind == "range":
        return f"{operands[0]} &lt;= ? &lt; {operands[1]}"
    if name in FLAGS:
        return str(operands[0])
    return "? in " + str(tuple(operands)).replace("'", "&quot;")


class Outside:
    """An engine in a process of its own, which measures itself: it gets tables and inputs, and gives calls per second."""

    def __init__(self, argv: Sequence[str]) -> None:
        self.argv = list(argv)

    def rate(self, sheet: Sheet, policy: str, inputs: Sequence[Inputs], seconds: float) -> tuple[float, list[Any]]:
        with tempfile.TemporaryDirectory() as folder:
            task = Path(folder) / "task.json"
            told = {
                "dmn": dmn(sheet, policy).decode(),
                "policy": policy,
                "seconds": seconds,
                "rules": [_plain(rule) for rule in sheet.rules],
                "names": INPUTS,
                "inputs": [_numbers(one) for one in inputs],
            }
            task.write_text(json.dumps(told))
            done = subprocess.run([*self.argv, str(task)], capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        answer = json.loads(done.stdout)
        return answer["rate"], answer["results"]


def outside_engines() -> dict[str, Outside]:
    found: dict[str, Outside] = {}
    zen, feelin = os.environ.get("SCHULDHULP_ZEN_PYTHON"), os.environ.get("SCHULDHULP_FEELIN")
    if zen:
        found["zen-engine"] = Outside([zen, str(HERE / "zen_side.py")])
    if pydmnrules := os.environ.get("SCHULDHULP_PYDMNRULES_PYTHON"):
        found["pyDMNrules"] = Outside([pydmnrules, str(HERE / "pydmnrules_side.py")])
    if feelin:
        found["feelin"] = Outside(["node", str(HERE / "feelin_side.mjs"), feelin])
    return found


def _plain(rule: Rule) -> dict[str, Any]:
    tests = {name: [kind, [_number(one) for one in operands]] for name, (kind, operands) in rule.tests.items()}
    return {"tests": tests, "outputs": list(rule.outputs)}


def _numbers(inputs: Inputs) -> dict[str, Any]:
    return {name: _number(value) for name, value in inputs.items()}


def _number(value: object) -> object:
    return int(value) if isinstance(value, Decimal) else value


