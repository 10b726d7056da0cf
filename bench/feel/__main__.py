"""FEEL beside npm feelin: `python -m bench.feel [--write]`.

feelin is no dependency: `npm install feelin` in a folder of its own and name that folder in SCHULDHULP_FEELIN. Results are
compared before anything is said about speed. Only the ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from bench.rules.__main__ import PAGE
from schuldhulp.rules.feel import compile_expression, feel_value
from schuldhulp.rules.feel.expressions import _cached

HERE = Path(__file__).parent
CONTEXT: dict[str, Any] = {
    "bedrag": 1250,
    "grens": 1000,
    "land": "NL",
    "lijst": list(range(1, 101)),
    "schulden": [{"saldo": n, "soort": "huur" if n % 2 else "zorg"} for n in range(1, 21)],
}
TEXTS = (
    "bedrag * 12 + grens",
    "bedrag > grens and bedrag < 2000",
    'if bedrag > grens and land = "NL" then bedrag / 4 else 0',
    "bedrag in [1000..2000]",
    'land in ("BE", "NL")',
    "sum(lijst)",
    "lijst[item > 50]",
    "for x in lijst return x * 2",
    "some x in lijst satisfies x > 98",
    'sum(schulden[soort = "huur"].saldo)',
    'upper case(substring(land, 1, 1))',
    'date("2026-03-16") + duration("P3M") > date("2026-06-01")',
    "{maand: bedrag / 12, jaar: maand * 12}.jaar > grens",
)


def rate(call: Callable[[], object], seconds: float) -> float:
    best = 0.0
    for _ in range(5):
        done, start = 0, time.process_time()
        while time.process_time() - start < seconds:
            for _ in range(20):
                call()
            done += 20
        best = max(best, done / (time.process_time() - start))
    return best


def plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def feelin(folder: str, seconds: float) -> tuple[list[float], list[object]]:
    with tempfile.TemporaryDirectory() as temporary:
        task = Path(temporary) / "task.json"
        task.write_text(json.dumps({"texts": TEXTS, "context": CONTEXT, "seconds": seconds}))
        argv = ["node", str(HERE / "feelin_side.mjs"), folder, str(task)]
        done = subprocess.run(argv, capture_output=True, text=True, timeout=600, check=True)
    answer = json.loads(done.stdout)
    return answer["rates"], answer["results"]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=0.1, help="per round and measurement")
    options.add_argument("--write", action="store_true", help="write the section of docs/performance.md")
    chosen = options.parse_args()
    folder = os.environ.get("SCHULDHULP_FEELIN")
    if folder is None:
        raise SystemExit("Name the folder in which feelin is installed in SCHULDHULP_FEELIN.")
    theirs, results = feelin(folder, chosen.seconds)
    scope = {name: feel_value(value) for name, value in CONTEXT.items()}
    names = frozenset(scope)

    def from_text(text: str) -> object:
        _cached.cache_clear()
        return compile_expression(text, names)(scope)

    rows: list[tuple[str, float, float, float]] = []
    for text, their, result in zip(TEXTS, theirs, results, strict=True):
        compiled = compile_expression(text, names)
        mine = plain(compiled(scope))
        if mine != result:
            raise AssertionError(f"{text}: {mine} here, {result} in feelin")
        read_once = rate(partial(compiled, scope), chosen.seconds)
        rows.append((text, read_once, rate(partial(from_text, text), chosen.seconds), their))
    page = section(rows)
    if chosen.write:
        from tests.conformance.scores import write_section

        write_section("feel", page, PAGE, "# Performance\n\nMeasured side by side, in one run; see `bench/`.\n")
    print(page)


def section(rows: list[tuple[str, float, float, float]]) -> str:
    lines = [
        "## FEEL",
        "",
        "Evaluations per second of processor time, best of five rounds; results are the same. *compiled*: read once, as",
        "tables and processes do; *from the text*: read, compiled and evaluated each time, nothing remembered, as feelin",
        "does.",
        f"Run on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}; `python -m bench.feel --write`.",
        "",
        "| expression | compiled | from the text | feelin | compiled / feelin | from the text / feelin |",
        "|---|---|---|---|---|---|",
    ]
    for text, compiled, read, theirs in rows:
        shown = text.replace("|", "\\|")
        ratios = f"{compiled / theirs:.1f} | {read / theirs:.2f}"
        lines.append(f"| `{shown}` | {compiled:,.0f} | {read:,.0f} | {theirs:,.0f} | {ratios} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
