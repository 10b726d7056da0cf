"""The same task through plain SpiffWorkflow: read its JSON from SQLite, complete, write its JSON back, commit.

    python spiff.py FOLDER SYNCHRONOUS TASKS

Prints one JSON line: microseconds per completed task, in order.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from pathlib import Path

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

HERE = Path(__file__).parent


def main(folder: Path, synchronous: str, tasks: int) -> None:
    database = sqlite3.connect(folder / "spiff.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(f"PRAGMA synchronous={synchronous}")
    database.execute("CREATE TABLE cases (number TEXT PRIMARY KEY, state TEXT NOT NULL)")
    parser = BpmnParser()
    parser.add_bpmn_file(str(HERE / "model.bpmn"))
    workflow = BpmnWorkflow(parser.get_spec("Ronde"))
    workflow.do_engine_steps()
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    database.execute("INSERT INTO cases VALUES ('2026-000001', ?)", [serializer.serialize_json(workflow)])
    taken = []
    for turn in range(tasks):
        start = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        (text,) = database.execute("SELECT state FROM cases WHERE number = '2026-000001'").fetchone()
        workflow = serializer.deserialize_json(text)
        ready = workflow.get_tasks(state=TaskState.READY, manual=True)
        task = next(one for one in ready if one.task_spec.name != "Wachten")
        task.data.update(inkomen=f"{1500 + turn % 97}.50", beller=f"Beller {turn % 7}")
        task.run()
        workflow.do_engine_steps()
        database.execute(
            "UPDATE cases SET state = ? WHERE number = '2026-000001'", [serializer.serialize_json(workflow)]
        )
        database.execute("COMMIT")
        taken.append(round((time.perf_counter() - start) * 1e6, 1))
    print(json.dumps(taken))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
