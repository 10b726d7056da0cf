"""Kills a program that works on cases again and again, and looks each time at what it left. Run as a program of its own:

    python kill_loop.py URL KEY_FILE FOLDER KILLS SEED

The worker is a forked child that opens cases, completes tasks and lets timers fire as fast as it can. It notes in a small
shared file where it is (outside, or between begin and the end of commit) and, after each command, how many commands were
acknowledged. Prints one JSON line with the counts; a broken promise ends the program with an error.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import re
import signal
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.tasks import Completion
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.history.store import Log

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.engine.robust.sample import CLERK, FILES, SAAR, batches, open_case, task_at

OUTSIDE, INSIDE = 0, 1
NOTES = struct.Struct("=qqq")  # where, acknowledged commands, number of the case worked on
ROUNDS = 12
"""Rounds in one case; then another is opened."""
SHAPES = {
    "open_case": re.compile("CaseOpened DataRecorded InstanceStarted( Advanced)+ TaskOpened TaskOpened"),
    "complete": re.compile(
        "((Advanced )+TaskOpened )?TaskClaimed (DataRecorded )?TaskCompleted (Advanced )+"
        "(TaskOpened|DecisionTaken (DataRecorded )?(Advanced )+LetterMade LetterSent( Advanced)+)"
    ),
    "tick": re.compile("(Advanced )+TaskOpened"),
}
"""The facts that each command leaves (a due timer goes first): fewer would be half a command."""


class Notes:
    """What the child tells, in memory that outlives it."""

    def __init__(self, memory: mmap.mmap) -> None:
        self.memory = memory

    def read(self) -> tuple[int, int, int]:
        return NOTES.unpack(self.memory[: NOTES.size])

    def write(self, where: int, acknowledged: int, case: int) -> None:
        self.memory[: NOTES.size] = NOTES.pack(where, acknowledged, case)


def work_until_killed(settings: Settings, notes: Notes, chance: random.Random) -> None:
    engine = open_engine(settings)
    acknowledged = notes.read()[1]
    begin, current = engine.store.begin, 0

    @contextmanager
    def noted() -> Iterator[Log]:
        with begin() as log:
            notes.write(INSIDE, acknowledged, current)
            yield log

    engine.store.begin = noted  # type: ignore[method-assign]
    while True:
        case = open_case(engine, f"Client {acknowledged}")
        current = int(case.number.rpartition("-")[2])
        acknowledged += 1
        notes.write(OUTSIDE, acknowledged, current)
        for turn in range(ROUNDS):
            for done in round_of(engine, case.number, turn, chance):
                acknowledged += 1
                notes.write(OUTSIDE, acknowledged, current)
                case = done.case


def round_of(engine: Engine, number: str, turn: int, chance: random.Random) -> Iterator[Done]:
    """Commands on a case: its two tasks in any order, and the timer between them."""
    elements = ["Bellen", "Rekenen"]
    chance.shuffle(elements)
    for element in elements:
        key, case = {"Bellen": "inkomen", "Rekenen": "saldo"}[element], engine.case(number)
        answers = {key: Decimal(chance.randrange(10**6)) + turn}
        yield engine.complete(number, task_at(case, element).task, Completion(answers, seen=case.sequence), SAAR)
    while not any(task.element == "Bellen" for task in engine.case(number).tasks.values()):
        for _, done in engine.tick(CLERK):
            assert isinstance(done, Done), done
            yield done


def commands_of(engine: Engine, number: str) -> int:
    """How many commands a case has, each of them whole."""
    found = 0
    for given, types in batches([stored.fact for stored in engine.facts(number)]):
        assert SHAPES[given.command].fullmatch(" ".join(types)), f"case {number}: half a {given.command}: {types}"
        found += 1
    return found


def look(engine: Engine, changed: set[str], counted: dict[str, int]) -> int:
    """Everything of every command that is there; gives how many there are in all cases."""
    for number in changed:
        counted[number] = commands_of(engine, number)
        assert engine.verify(number) == [], engine.verify(number)
    return sum(counted.values())


def main(url: str, key_file: str, folder: str, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    settings = Settings(url, Path(key_file))
    engine = open_engine(settings)
    engine.deploy(FILES, CLERK)
    engine.store.close()
    path = Path(folder) / "notes"
    path.write_bytes(NOTES.pack(OUTSIDE, 0, 0))
    inside, last, counted, known = 0, 0, dict[str, int](), dict[str, int]()
    with path.open("r+b") as file, mmap.mmap(file.fileno(), NOTES.size) as memory:
        notes = Notes(memory)
        for kill in range(kills):
            child = os.fork()
            if child == 0:
                try:
                    work_until_killed(settings, notes, random.Random(kill))
                finally:
                    os._exit(1)
            while notes.read()[1] == last and os.waitpid(child, os.WNOHANG) == (0, 0):  # it has begun to work
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.04))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            assert os.WIFSIGNALED(status), "the worker ended by itself"
            where, acknowledged, _ = notes.read()
            inside += where == INSIDE
            engine = open_engine(settings)
            with engine.store.begin():
                pass  # waits until the database has seen that the worker is gone
            with engine.store.read() as reader:
                now = {stream.removeprefix("case/"): reader.sequence(stream) for stream in reader.streams("case/")}
            last = look(engine, {case for case in now if known.get(case) != now[case]}, counted)
            known = now
            assert acknowledged <= last <= acknowledged + 1, f"acknowledged {acknowledged}, found {last}"
            notes.write(OUTSIDE, last, 0)
            engine.store.close()
    engine = open_engine(settings)
    findings = {name: found for name, found in engine.verify_all() if found}
    assert not findings, findings
    letters = sum(len(engine.rows("messages_of_case", case=f"case/{number}")) for number in counted)
    sent = sum(type(s.fact).__name__ == "LetterSent" for number in counted for s in engine.facts(number))
    assert letters == sent, f"{letters} messages in the outbox for {sent} letters"
    print(json.dumps({"kills": kills, "between begin and commit": inside, "commands": last, "cases": len(counted)}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
