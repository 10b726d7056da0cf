"""Compare engines on the same files: `python bench/engine/run.py [--node FOLDER] [--only WORDS] [--json OUT]`.

One task at a time: restore the saved state, complete a task, save. Each peer and row has its own process, one after the
other on the same machine. FOLDER is where `npm install bpmn-engine` was run; without it that peer is left out.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from meter import LIMIT  # noqa: E402
from models import ROWS, document  # noqa: E402

AGAIN = {"ours": "again", "SpiffWorkflow": "again", "bpmn-engine": "${environment.variables.again}"}


INTRODUCTION = f"""## Engine: one task at a time

Restore the saved state, complete one task, save it; median over all tasks (first tenth -> last tenth), the start, and the
largest saved state. The same BPMN files for each engine, each row in a process of its own, at most {LIMIT:.0f} s per row.
Processor time, so that other work on the machine counts little.
`python bench/engine/run.py --node FOLDER --write`, {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}. bpmn-engine
keeps at most 50 instances of a parallel multi-instance open at a time, ours and SpiffWorkflow all of them.
"""


def write(text: str) -> None:
    """Put the section between its marks in docs/performance.md."""
    page = ROOT / "docs" / "performance.md"
    start, end = "<!-- engine: start -->", "<!-- engine: end -->"
    old = page.read_text(encoding="utf-8") if page.is_file() else "# Performance\n"
    section = f"{start}\n{text}\n{end}"
    if start in old and end in old:
        old = old[: old.index(start)] + section + old[old.index(end) + len(end) :]
    else:
        old = f"{old.rstrip()}\n\n{section}\n"
    page.write_text(old, encoding="utf-8")


def one(peer: str, row: str, node: str | None) -> dict[str, object]:
    """Figures of one peer on one row; {"error": ...} when it did not get through."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.bpmn"
        path.write_text(document(ROWS[row](AGAIN[peer])), encoding="utf-8")
        script = {"ours": "ours.py", "SpiffWorkflow": "spiff.py", "bpmn-engine": "bpmn_engine.mjs"}[peer]
        program = ["node", "--max-old-space-size=2048"] if peer == "bpmn-engine" else [sys.executable]
        env = dict(os.environ, PYTHONPATH=f"{ROOT / 'src'}:{HERE}")
        try:
            done = subprocess.run(
                [*program, str(HERE / script), str(path), row],
                capture_output=True, text=True, timeout=300, env=env, cwd=node if peer == "bpmn-engine" else None,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return {"error": "more than 300 s"}
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return {"error": re.sub(r"^[\w.]*\.(?=\w+:)", "", last)[:70]}
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def cell(figures: dict[str, object]) -> str:
    if "error" in figures:
        return str(figures["error"])
    if figures["median_ms"] is None:
        return f"no task done after a start of {float(str(figures['start_ms'])) / 1000:.1f} s"

    def number(name: str) -> float:
        return float(str(figures[name]))

    stopped = "" if figures["finished"] else f", stopped after {figures['steps']:,} tasks"
    return (
        f"{number('median_ms'):.3g} ms ({number('first_ms'):.3g} -> {number('last_ms'):.3g}), "
        f"start {number('start_ms'):.3g} ms, {number('largest_bytes') / 1000:,.1f} kB{stopped}"
    )


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--node")
    arguments.add_argument("--only", default="")
    arguments.add_argument("--json")
    arguments.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    given = arguments.parse_args()
    peers = [peer for peer in AGAIN if peer != "bpmn-engine" or given.node]
    lines = [f"| | {' | '.join(peers)} |", f"|---|{'---|' * len(peers)}"]
    print("\n".join(lines))
    figures: dict[str, dict[str, dict[str, object]]] = {}
    for row in ROWS:
        if given.only in row:
            figures[row] = {peer: one(peer, row, given.node) for peer in peers}
            lines.append(f"| {row} | {' | '.join(cell(each) for each in figures[row].values())} |")
            print(lines[-1], flush=True)
    if given.json:
        Path(given.json).write_text(json.dumps(figures, indent=1), encoding="utf-8")
    if given.write:
        write("\n".join([INTRODUCTION, *lines]))


if __name__ == "__main__":
    main()
