"""SpiffWorkflow's own runtime as a partner, on models within what it does rightly.

That is: no loops (its joins look at history), no interrupted sub-processes, data that do not change on the way, and not
many parallel blocks in a row (it looks ahead along every path). On those both must offer the same tasks at every moment.
"""

from __future__ import annotations

import io
from collections import Counter
from random import Random
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from schuldhulp.engine.bpmn.graph import Graph, Kind
from schuldhulp.engine.bpmn.run import open_work
from schuldhulp.engine.bpmn.run.contract import WorkDone
from tests.engine.bpmn.build import Part, user
from tests.engine.bpmn.driver import Play
from tests.engine.bpmn.random_models import Blocks
from tests.engine.bpmn.random_parts import CONDITIONS
from tests.engine.bpmn.to_xml import bpmn_xml


class Within(Blocks):
    """Sound models of what SpiffWorkflow's runtime does rightly."""

    def _block(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        self.left -= 1
        if self.left <= 0 or depth > 3:
            return self._task(parts, flows, depth)
        kind = self.random.choice((self._task, self._and, self._xor, self._or, self._plain_sub))
        return kind(parts, flows, depth + 1)

    def _task(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        ident = self._id("t")
        parts.append(user(ident))
        return ident, ident

    def _plain_sub(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        ident = self._id("u")
        inside, inner = self._inside(depth)
        parts.append(Part(ident, Kind.SUBPROCESS, {}, tuple(inside), inner))
        return ident, ident


class Spiff:
    """The same process in SpiffWorkflow."""

    def __init__(self, graph: Graph, data: dict[str, object]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(bpmn_xml(graph))))
        self.workflow = BpmnWorkflow(parser.get_spec(graph.process), parser.get_subprocess_specs(graph.process))
        self.workflow.get_next_task(state=TaskState.READY).data.update(data)
        self.workflow.do_engine_steps()

    def open(self) -> list[str]:
        return sorted(task.task_spec.name for task in self.ready())

    def ready(self) -> list[Any]:
        return list(self.workflow.get_tasks(state=TaskState.READY, manual=True))

    def complete(self, element: str) -> None:
        next(task for task in self.ready() if task.task_spec.name == element).run()
        self.workflow.do_engine_steps()


def compare(seed: int) -> int:
    """Play one model on both; gives how many tasks were done."""
    random = Random(seed)
    graph = Within(random, 16).model()
    data: dict[str, object] = {name: random.random() < 0.5 for name in CONDITIONS}
    play = Play(graph)
    play.data = data
    play.start()
    spiff = Spiff(graph, data)
    done = 0
    while True:
        assert play.open == spiff.open(), f"seed {seed} after {done} tasks"
        assert (play.ended == "completed") == spiff.workflow.is_completed(), f"seed {seed} after {done} tasks"
        if not play.open:
            return done
        element = random.choice(play.open)
        play.send(WorkDone(next(each.id for each in open_work(play.state) if each.element == element)))
        spiff.complete(element)
        done += 1


def test_both_offer_the_same_tasks_on_a_hundred_random_models() -> None:
    counts = Counter(compare(seed) > 2 for seed in range(100))
    assert counts[True] > 30, counts
