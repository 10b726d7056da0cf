"""Fills a database with open cases, through the store, as fast as it goes.

    python fill.py FOLDER CASES

Every case is decided as the engine decides it, once; its facts, rows and snapshot are then sealed and written anew under
each number, with keys of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

from msgspec.structs import replace
from ours import FILES, WORKER, settings

from schuldhulp.engine.bootstrap import open_engine
from schuldhulp.engine.case import commands
from schuldhulp.engine.case.projecting import project, stream_of
from schuldhulp.engine.case.restore import write_snapshot
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.base import merged, next_number
from schuldhulp.engine.history.store import Log
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case

BATCH = 2_000


def decided(engine: Engine) -> Turn:
    """A case that was just opened; nothing is kept."""

    def opened(turn: Turn) -> Turn:
        turn.record(engine._given("open_case", WORKER))
        commands.open_case(turn, "2026-000000", "Ronde", {"client_naam": "Joris Voorbeeld"})
        return turn

    return engine.look_new(WORKER, opened)


def write(log: Log, turn: Turn, number: str) -> None:
    stream = stream_of(number)
    facts = [replace(fact, number=number) if isinstance(fact, f.CaseOpened) else fact for fact in turn.facts]
    sequence = log.append(stream, 0, facts, turn.world.now)
    rows = merged(row for before, after, fact in turn.trail for row in project(before, after, fact, WORKER))
    for row in rows:
        values = {**row.values, "number": number} if row.values and "number" in row.values else row.values
        log.project([replace(row, key={**row.key, "case": stream}, values=values)])
    log.save_snapshot(stream, sequence, write_snapshot(replace(turn.case, number=number), turn.states))


def main(folder: Path, cases: int) -> None:
    engine = open_engine(settings(folder, "OFF"))
    engine.deploy(FILES, WORKER)
    turn = decided(engine)
    assert isinstance(turn.case, Case)
    for start in range(0, cases, BATCH):
        with engine.store.begin() as log:
            for _ in range(min(BATCH, cases - start)):
                write(log, turn, next_number(log, turn.world.now))
    engine.store.scrub()
    engine.store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
