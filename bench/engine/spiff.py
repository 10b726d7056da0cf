"""SpiffWorkflow as it comes, with its JSON serializer: `python spiff.py FILE ROW`."""

from __future__ import annotations

import sys

from meter import measure, report
from models import TURNS
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

SERIALIZER = BpmnWorkflowSerializer()
turns = 0


def start() -> bytes:
    parser = BpmnParser()
    parser.add_bpmn_file(sys.argv[1])
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.do_engine_steps()
    return SERIALIZER.serialize_json(workflow).encode()


def once(saved: bytes) -> bytes | None:
    global turns
    workflow = SERIALIZER.deserialize_json(saved.decode())
    ready = [task for task in workflow.get_tasks(state=TaskState.READY, manual=True) if task.task_spec.name != "waits"]
    if not ready:
        return None
    turns += 1
    ready[0].data["again"] = turns < TURNS
    ready[0].run()
    workflow.do_engine_steps()
    if workflow.is_completed():
        return None
    return SERIALIZER.serialize_json(workflow).encode()


report(measure(start, once))
