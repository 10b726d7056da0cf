"""The floor: 8 rows of realistic size written to SQLite in one transaction, and nothing else.

    python raw.py FOLDER SYNCHRONOUS COMMITS

The rows are those of one completed task as the engine stores it: six facts, the head of the stream with its snapshot, one
row of the task list. Prints one JSON line: microseconds per commit, in order.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from pathlib import Path

CLEAR, SEALED, SNAPSHOT = 320, 130, 1_100
"""Bytes of the clear part of a fact, of its sealed part where it has one, of a snapshot: measured on this model."""


def main(folder: Path, synchronous: str, commits: int) -> None:
    database = sqlite3.connect(folder / "raw.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute(f"PRAGMA synchronous={synchronous}")
    database.execute(
        "CREATE TABLE facts (stream TEXT, sequence INTEGER, at TEXT, clear BLOB, sealed BLOB, hash BLOB, "
        "PRIMARY KEY (stream, sequence))"
    )
    database.execute("CREATE TABLE heads (stream TEXT PRIMARY KEY, sequence INTEGER, head BLOB, snapshot BLOB)")
    database.execute(
        "CREATE TABLE tasks (stream TEXT, task INTEGER, name TEXT, opened TEXT, PRIMARY KEY (stream, task))"
    )
    taken = []
    for turn in range(commits):
        facts = [
            ("case/2026-000001", turn * 6 + n, "2026-04-07T08:00:00.000000Z", os.urandom(CLEAR),
             os.urandom(SEALED) if n < 2 else None, os.urandom(32))
            for n in range(6)
        ]  # fmt: skip
        head = ("case/2026-000001", turn * 6, os.urandom(32), os.urandom(SNAPSHOT))
        task = ("case/2026-000001", turn, "Gesprek vastleggen", "2026-04-07T08:00:00.000000Z")
        start = time.perf_counter()
        database.execute("BEGIN IMMEDIATE")
        database.executemany("INSERT INTO facts VALUES (?, ?, ?, ?, ?, ?)", facts)
        database.execute("INSERT OR REPLACE INTO heads VALUES (?, ?, ?, ?)", head)
        database.execute("INSERT INTO tasks VALUES (?, ?, ?, ?)", task)
        database.execute("COMMIT")
        taken.append(round((time.perf_counter() - start) * 1e6, 1))
    print(json.dumps(taken))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
