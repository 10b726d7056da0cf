import sqlite3, sys, time, os, json
from pathlib import Path

folder = Path(sys.argv[1])
sync = sys.argv[2]
n = int(sys.argv[3])
c = sqlite3.connect(folder / "raw.db", isolation_level=None)
c.execute("PRAGMA journal_mode=WAL")
c.execute(f"PRAGMA synchronous={sync}")
c.execute(
    "create table rows(stream text, sequence int, at text, clear blob, sealed blob, hash blob, primary key(stream, sequence)) without rowid"
)
taken = []
for i in range(n):
    rows = [
        ("case/2026-000001", i * 8 + k, "2026-01-01T00:00:00.000000Z", os.urandom(300), os.urandom(150), os.urandom(32))
        for k in range(8)
    ]
    s = time.perf_counter()
    c.execute("BEGIN IMMEDIATE")
    c.executemany("insert into rows values(?,?,?,?,?,?)", rows)
    c.execute("COMMIT")
    taken.append((time.perf_counter() - s) * 1e6)
print(json.dumps(taken))
