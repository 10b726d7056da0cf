"""One user task through the whole product: load, decide, seal, append, project, commit.

    python ours.py FOLDER SYNCHRONOUS TASKS

Completes TASKS tasks of a new case, in which a parallel branch waits, in the database of FOLDER (made when it is not
there). Prints one JSON line: microseconds per completed task, in order.
"""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from pathlib import Path

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.model.facts import Actor

HERE = Path(__file__).parent
WORKER = Actor(account=7, role="sociaal_werker")
FILES = {
    "processes/Ronde/Ronde.bpmn": (HERE / "model.bpmn").read_bytes(),
    "rules/dictionary.yaml": b"""
client_naam: {type: string, label: Naam}
inkomen: {type: amount, label: Inkomen}
beller: {type: string, label: Beller}
""",
    "rules/parameters.yaml": b"- {key: spoed_dagen, value: 7, valid_from: 2020-01-01}\n",
}


def settings(folder: Path, synchronous: str) -> Settings:
    return Settings(f"sqlite:///{folder / 'case.db'}", folder / "keys", synchronous=synchronous)


def main(folder: Path, synchronous: str, tasks: int) -> None:
    engine = open_engine(settings(folder, synchronous))
    engine.deploy(FILES, WORKER)
    done = engine.open_case("Ronde", {"client_naam": "Joris Voorbeeld"}, WORKER)
    number, taken = done.case.number, []
    for turn in range(tasks):
        task = next(one.task for one in done.case.tasks.values() if one.element != "Wachten")
        answers = {"inkomen": Decimal(f"{1500 + turn % 97}.50"), "beller": f"Beller {turn % 7}"}
        start = time.perf_counter()
        done = engine.complete(number, task, Completion(answers, seen=done.case.sequence), WORKER)
        taken.append(round((time.perf_counter() - start) * 1e6, 1))
    print(json.dumps(taken))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
