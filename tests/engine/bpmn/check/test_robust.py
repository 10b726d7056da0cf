"""Whatever is done to a model, reading and checking it gives findings, never an exception, in bounded time."""

from __future__ import annotations

import copy
import random
import time

import pytest
from lxml import etree

from schuldhulp.engine.bpmn.check import CheckContext, check
from schuldhulp.engine.bpmn.check.feel import feel_check
from schuldhulp.engine.bpmn.read import read
from tests.engine.bpmn.check.test_constraints import boundary, sequence, starting
from tests.engine.bpmn.models import process
from tests.engine.bpmn.read.test_second_reader import OWN
from tests.engine.bpmn.shared import suite

MODELS = [
    OWN,
    process(sequence("")),
    process(boundary("<errorEventDefinition/>")),
    process(starting("<errorEventDefinition/>")),
]
TEXTS = ["", "x", "-1", "0", "9" * 30, "true", "::", "a:b", "${x}", "=", "= ", "#{", "[", "é", "P", '"', "A", "s"]
WORLD = CheckContext(
    feel=feel_check(), names=["a"], forms=[], decisions={}, processes=[], roles=[], terms=[], letters=[],
)  # fmt: skip


def spoiled(data: bytes, dice: random.Random) -> bytes:
    root = etree.fromstring(data)
    elements = list(root.iter(etree.Element))
    for _ in range(dice.randint(1, 6)):
        _spoil(dice.choice(elements), elements, dice)
    return etree.tostring(root)


def _spoil(element: etree._Element, elements: list[etree._Element], dice: random.Random) -> None:
    parent, other = element.getparent(), dice.choice(elements)
    names = list(element.attrib)
    match dice.choice(["drop", "set", "text", "remove", "copy", "move", "rename"]):
        case "drop" if names:
            del element.attrib[dice.choice(names)]
        case "set" if names:
            ids = [one.get("id") or "q" for one in elements]
            element.set(dice.choice(names), dice.choice(TEXTS + ids))
        case "text":
            element.text = dice.choice(TEXTS)
        case "remove" if parent is not None:
            parent.remove(element)
        case "copy" if parent is not None:
            other.append(copy.deepcopy(element))
        case "move" if parent is not None and other is not element and element not in other.iterancestors():
            other.append(element)
        case "rename":
            element.tag = other.tag
        case _:
            pass


def survive(data: bytes) -> None:
    began = time.monotonic()
    model, findings = read(data, file="model.bpmn")
    if model is not None:
        findings = (*findings, *check(model, WORLD), *check(model, CheckContext(dialect=False)))
    assert all(str(finding) and finding.remedy for finding in findings)
    assert time.monotonic() - began < 20


@pytest.mark.parametrize("seed", range(150))
def test_a_spoiled_model_is_judged(seed: int) -> None:
    dice = random.Random(seed)
    survive(spoiled(dice.choice(MODELS), dice))


@pytest.mark.endurance
@pytest.mark.skipif(not suite("import"), reason="the suites lie outside the project; the models above are its own")
def test_spoiled_models_of_the_suites_are_judged() -> None:
    dice, paths = random.Random(4), [*suite("execution"), *suite("deploy"), *suite("import")]
    for _ in range(5_000):
        data = dice.choice(paths).read_bytes()
        if read(data, file="model.bpmn")[0] is not None:
            survive(spoiled(data, dice))
