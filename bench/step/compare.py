"""Does a step cost the same in an old case, and among many cases? Taken in turn, so that a busy machine is busy for all.

    python compare.py FOLDER SYNCHRONOUS AGE SAMPLES LARGE

`young`: a case in which about ten tasks were completed; `old`: one in which AGE were; both in the database of FOLDER.
`among many`: a young case in the database of LARGE. A parallel branch waits in each. Prints one JSON line: microseconds
per completed task, by kind.
"""

from __future__ import annotations

import json
import sys
import time
from decimal import Decimal
from pathlib import Path

from ours import FILES, WORKER, settings

from schuldhulp.engine.bootstrap import open_engine
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case

YOUNG = 10


class Worked:
    """A case that is worked on, task after task."""

    def __init__(self, engine: Engine, case: Case | None = None) -> None:
        self.engine = engine
        self.case = case or engine.open_case("Ronde", {"client_naam": "Joris Voorbeeld"}, WORKER).case
        self.turn = 0

    def step(self) -> float:
        """Completes a task; microseconds."""
        task = next(one.task for one in self.case.tasks.values() if one.element != "Wachten")
        self.turn += 1
        answers = {"inkomen": Decimal(f"{1500 + self.turn % 97}.50"), "beller": f"Beller {self.turn % 7}"}
        start = time.perf_counter()
        done = self.engine.complete(self.case.number, task, Completion(answers, seen=self.case.sequence), WORKER)
        taken = (time.perf_counter() - start) * 1e6
        self.case = done.case
        return round(taken, 1)


def aged(folder: Path, tasks: int) -> Case:
    """A case in which so many tasks were completed, without waiting for the disk."""
    engine = open_engine(settings(folder, "OFF"))
    engine.deploy(FILES, WORKER)
    worked = Worked(engine)
    for _ in range(tasks):
        worked.step()
    engine.store.close()
    return worked.case


def young(engine: Engine) -> Worked:
    worked = Worked(engine)
    for _ in range(YOUNG):
        worked.step()
    return worked


def main(folder: Path, synchronous: str, age: int, samples: int, large: Path) -> None:
    old = aged(folder, age)
    small, many = open_engine(settings(folder, synchronous)), open_engine(settings(large, synchronous))
    taken: dict[str, list[float]] = {"young": [], "old": [], "among many": []}
    turns = {"old": Worked(small, old)}
    for sample in range(samples):
        if sample % 10 == 0:
            turns |= {"young": young(small), "among many": young(many)}
        for kind, measured in taken.items():
            measured.append(turns[kind].step())
    print(json.dumps(taken))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), Path(sys.argv[5]))
