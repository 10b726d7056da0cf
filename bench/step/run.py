"""Measures one completed user task beside three peers and writes the table into docs/performance.md.

    python bench/step/run.py --npm FOLDER [--cases 100000] [--large FOLDER] [--rounds 3] [--quick]

FOLDER holds bpmn-engine (`npm install bpmn-engine` in an empty folder outside the repository). `--large`: a database that
`fill.py` made before; without it one is made. Each peer is a process of its own; they take turns, round after round, so that
a busy machine is busy for all.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- step: start -->", "<!-- step: end -->"
TASKS = 110
PEERS = {
    "this engine": ("ours.py", "encrypts, proves, projects"),
    "raw sqlite3, 8 rows": ("raw.py", "the floor (c)"),
    "SpiffWorkflow 3.2.0 + its JSON in SQLite": ("spiff.py", "peer (a)"),
    "npm bpmn-engine + its JSON in a file": ("bpmn_engine.mjs", "peer (b)"),
}


def measured(script: str, *args: object, npm: Path | None = None) -> Any:
    """Runs one script in a process and a folder of its own; gives what it printed."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(HERE)])}
    command = ["node"] if script.endswith(".mjs") else [sys.executable]
    with tempfile.TemporaryDirectory(prefix="step-") as folder:
        run = [*command, str(HERE / script), folder, *map(str, args)]
        done = subprocess.run(run, capture_output=True, text=True, env=environment, cwd=npm, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{script}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def peers(rounds: int, npm: Path) -> dict[tuple[str, str], list[float]]:
    """(peer, synchronous) -> microseconds of the tasks around the hundredth."""
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(rounds):
        for synchronous in ("FULL", "NORMAL"):
            for name, (script, _) in PEERS.items():
                print(f"round {number + 1} of {rounds}: {name}, {synchronous}", file=sys.stderr)
                taken = measured(script, synchronous, TASKS, npm=npm if script.endswith(".mjs") else None)
                found.setdefault((name, synchronous), []).extend(taken[TASKS - 40 :])
    return found


def table(found: dict[tuple[str, str], list[float]]) -> list[str]:
    """The peers, and the aims: by the medians, and by the quickest tenth, where the disk was free."""
    lines = [
        "| one user task, at about 100 completed tasks | | FULL: quickest tenth | median | 95 % | NORMAL: median |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    for name, (_, note) in PEERS.items():
        full, normal = found[name, "FULL"], found[name, "NORMAL"]
        times = (quickest(full), median(full), quantiles(full, n=20)[-1], median(normal))
        lines.append(f"| {name} | {note} | {' | '.join(map(ms, times))} |")
    lines.append("")
    ours, floor, spiff, node = ([found[name, kind] for kind in ("FULL", "NORMAL")] for name in PEERS)
    for number, kind, measure in ((0, "FULL, medians", median), (0, "FULL, quickest tenths", quickest)):
        lines += aim(f"beside raw sqlite3 ({kind})", measure(ours[number]) / measure(floor[number]), 4.0, least=False)
    for number, kind, measure in (
        (0, "FULL, medians", median),
        (0, "FULL, quickest tenths", quickest),
        (1, "NORMAL, medians", median),
    ):
        ratio = measure(spiff[number]) / measure(ours[number])
        lines += aim(f"faster than SpiffWorkflow at 100 tasks ({kind})", ratio, 10.0, least=True)
    lines.append(f"* faster than bpmn-engine (FULL, medians): {median(node[0]) / median(ours[0]):.2f}")
    return lines


def quickest(taken: list[float]) -> float:
    """The tenth part that went quickest ends here."""
    return quantiles(taken, n=10)[0]


def aim(what: str, value: float, wanted: float, *, least: bool) -> list[str]:
    met = value >= wanted if least else value <= wanted
    return [
        f"* {what}: {value:.2f}, aim {'at least' if least else 'at most'} {wanted:g}: {'met' if met else 'NOT met'}"
    ]


def growth(large: Path, samples: int, age: int, cases: int) -> list[str]:
    lines = [
        "",
        "| one user task, taken in turn | FULL: median | NORMAL: median |",
        "| --- | ---: | ---: |",
    ]
    found = {}
    for synchronous in ("FULL", "NORMAL"):
        print(f"old and young cases, few and many: {synchronous}", file=sys.stderr)
        found[synchronous] = measured("compare.py", synchronous, age, samples, large)
    names = {
        "young": "10 tasks completed",
        "old": f"{age:,} tasks completed",
        "among many": f"10 tasks completed, {cases:,} cases in the database",
    }
    for kind, name in names.items():
        lines.append(f"| {name} | {ms(median(found['FULL'][kind]))} | {ms(median(found['NORMAL'][kind]))} |")
    lines.append("")
    for kind, what in (("old", f"{age:,} against 10 completed tasks"), ("among many", f"{cases:,} cases")):
        for synchronous, taken in found.items():
            lines += aim(f"{what} ({synchronous})", median(taken[kind]) / median(taken["young"]), 1.3, least=False)
    return lines


def ms(microseconds: float) -> str:
    return f"{microseconds / 1000:.2f} ms"


def machine() -> str:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return (
        f"Measured {datetime.now(UTC):%Y-%m-%d}: {os.cpu_count()} cores ({platform.machine()}), load {load:.1f}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}."
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--npm", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--age", type=int, default=5_000)
    parser.add_argument("--large", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--samples", type=int, default=200)
    chosen = parser.parse_args()
    large = chosen.large or Path(tempfile.mkdtemp(prefix="step-large-"))
    if chosen.large is None:
        print(f"filling a database with {chosen.cases:,} cases", file=sys.stderr)
        fill = [sys.executable, str(HERE / "fill.py"), str(large), str(chosen.cases)]
        subprocess.run(fill, check=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    begun = machine()
    lines = [begun, "", *table(peers(chosen.rounds, chosen.npm))]
    lines += growth(large, chosen.samples, chosen.age, chosen.cases)
    if chosen.large is None:
        shutil.rmtree(large)
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n" + "\n".join(lines) + f"\n\n{END}{after}", encoding="utf-8")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
