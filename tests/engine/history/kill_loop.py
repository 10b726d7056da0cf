"""Kills a writer again and again, and looks each time at what it left. Run as a program of its own:

    python kill_loop.py URL KEY_FILE FOLDER KILLS SEED

The writer is a forked child that runs commands as fast as it can. It notes in a small shared file where it is (outside,
or between begin and the end of commit) and, after each commit, how many commands were acknowledged. Prints one JSON line
with the counts; a broken promise ends the program with an error.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

from schuldhulp.engine.history.projections import rows_of_case
from schuldhulp.engine.history.store import MasterKeys, Store
from schuldhulp.engine.history.verify import verify_all
from schuldhulp.engine.model.rows import OutboxMessage, Row

sys.path.insert(0, str(Path(__file__).parent))
from samples import CASE, NOW, step  # type: ignore[import-not-found]

BATCH = len(step(1))
OUTSIDE, INSIDE = 0, 1
NOTES = struct.Struct("=qq")  # where, acknowledged commands


def command(store: Store, begun: Callable[[], None]) -> int:
    """One command as the engine runs it; gives its number."""
    with store.begin() as log:
        begun()
        loaded = log.load(CASE)
        number = loaded.sequence // BATCH + 1
        sequence = log.append(CASE, loaded.sequence, step(number), NOW)
        log.save_snapshot(CASE, sequence, str(number).encode())
        log.project([Row("tasks", {"case": CASE, "task": number}, {"status": "open", "version": sequence})])
        log.post([OutboxMessage(case=CASE, kind="letter", key=f"letter {number}", payload={"number": number})])
    return number


def write_until_killed(url: str, keys: MasterKeys, notes: mmap.mmap) -> None:
    store = Store.open(url, keys)
    _, acknowledged = NOTES.unpack(notes[: NOTES.size])
    while True:
        acknowledged = command(store, lambda: note(notes, INSIDE, acknowledged))  # noqa: B023 - called at once
        note(notes, OUTSIDE, acknowledged)


def note(notes: mmap.mmap, where: int, acknowledged: int) -> None:
    notes[: NOTES.size] = NOTES.pack(where, acknowledged)


def look(store: Store, acknowledged: int) -> int:
    """Everything of every command that is there, and every acknowledged one; gives how many there are."""
    with store.read() as log:
        loaded = log.load(CASE)
        number, rest = divmod(loaded.sequence, BATCH)
        assert rest == 0, f"half a command: {loaded.sequence} facts"
        assert acknowledged <= number <= acknowledged + 1, f"acknowledged {acknowledged}, found {number}"
        rows = rows_of_case(log, CASE)
        assert {key[1][1] for key in rows} == set(range(1, number + 1)), "projections differ from the facts"
        assert number == 0 or loaded.snapshot == str(number).encode(), "the snapshot is of another command"
        messages = log.rows("messages_of_case", case=CASE)
        assert len(messages) == number, f"{len(messages)} messages of {number} commands"
    return number


def main(url: str, key_file: str, folder: str, kills: int, seed: int) -> None:
    chance = random.Random(seed)
    keys = MasterKeys.read(Path(key_file))
    path = Path(folder) / "notes"
    path.write_bytes(NOTES.pack(OUTSIDE, 0))
    inside = last = 0
    with path.open("r+b") as file, mmap.mmap(file.fileno(), NOTES.size) as notes:
        for _ in range(kills):
            child = os.fork()
            if child == 0:
                try:
                    write_until_killed(url, keys, notes)
                finally:
                    os._exit(1)
            while NOTES.unpack(notes[: NOTES.size])[1] == last:  # it has begun to work
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child, signal.SIGKILL)
            _, status = os.waitpid(child, 0)
            assert os.WIFSIGNALED(status), "the writer ended by itself"
            where, acknowledged = NOTES.unpack(notes[: NOTES.size])
            inside += where == INSIDE
            with Store.open(url, keys) as store:
                with store.begin():
                    pass  # waits until the database has seen that the writer is gone
                last = look(store, acknowledged)
                note(notes, OUTSIDE, last)
    with Store.open(url, keys) as store, store.read() as log:
        found = [str(finding) for finding in verify_all(log)]
    assert not found, found
    print(json.dumps({"kills": kills, "between begin and commit": inside, "commands": last}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
