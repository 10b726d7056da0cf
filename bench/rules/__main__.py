"""Tables of 20, 200 and 2,000 rules, every engine in one run: `python -m bench.rules [--write]`.

Every answer is compared with the reference before anything is measured. Rates are calls per second of processor time, the
best of many short rounds; only the ratios within one run mean anything.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.rules.engines import Call, Inputs, Outside, ours, outside_engines, spiff
from bench.rules.hand import written
from bench.rules.tables import Sheet, make, matches
from bench.rules.tables import dmn as as_dmn
from schuldhulp.rules.dmn import read_model

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"
SIZES = (20, 200, 2000)
CASES = (("FIRST", "early"), ("FIRST", "late"), ("COLLECT", "mixed"))
TURNS = 40
SLOW = {"SpiffWorkflow", "pyDMNrules", "feelin"}  # measured for a moment only on the largest tables


def expected(sheet: Sheet, policy: str, inputs: Inputs) -> list[tuple[str, int]]:
    found = [rule.outputs for rule in sheet.rules if matches(rule, dict(inputs))]
    return found if policy == "COLLECT" else found[:1]


def answers(result: object) -> list[tuple[str, int]]:
    rows = result if isinstance(result, list) else [result]
    return [(str(row["soort"]), int(row["nummer"])) for row in rows]


def check(name: str, sheet: Sheet, policy: str, inputs: Sequence[Inputs], results: Sequence[object]) -> None:
    for one, result in zip(inputs, results, strict=True):
        if policy == "COLLECT" and isinstance(result, dict):  # one engine gives lists by column
            result = [dict(zip(result, row, strict=True)) for row in zip(*result.values(), strict=True)]
        if answers(result) != expected(sheet, policy, one):
            raise AssertionError(f"{name} answers {answers(result)} to {dict(one)}, not {expected(sheet, policy, one)}")


def rate(call: Call, inputs: Sequence[Inputs], seconds: float) -> float:
    done, start = 0, time.process_time()
    while time.process_time() - start < seconds:
        for one in inputs:
            call(one)
        done += len(inputs)
    return done / (time.process_time() - start)


def measure(sheet: Sheet, policy: str, inputs: Sequence[Inputs], seconds: float) -> dict[str, float]:
    """Calls per second by engine; an engine whose answers are wrong stops the run."""
    found: dict[str, float] = {}
    inside: dict[str, Call] = {
        "hand-written": written(sheet, policy),
        "prepared": ours(sheet, policy, "prepared"),
        "evaluate": ours(sheet, policy, "evaluate"),
        "decide (with reason)": ours(sheet, policy, "decide"),
        "SpiffWorkflow": spiff(sheet, policy),
    }
    for name, call in inside.items():
        few = _few(name, sheet, inputs)
        check(name, sheet, policy, few, [call(one) for one in few])
    for _ in range(TURNS):  # turn by turn, so that a busy moment of the machine does not fall on one engine alone
        for name, call in inside.items():
            found[name] = max(found.get(name, 0.0), rate(call, _few(name, sheet, inputs), seconds * 5 / TURNS))
    for name, outside in outside_engines().items():
        found[name] = _outside(outside, name, sheet, policy, _few(name, sheet, inputs), seconds)
    return found


def growth() -> dict[str, list[float]]:
    """What a call on the largest table costs against one on the smallest, case by case; both measured turn by turn."""
    found: dict[str, list[float]] = {"prepared": [], "hand-written": []}
    small, large = make(SIZES[0]), make(SIZES[-1])
    for policy, which in CASES:
        for name, costs in found.items():
            best = [0.0, 0.0]
            calls = [
                written(sheet, policy) if name == "hand-written" else ours(sheet, policy, name) for sheet in (small, large)
            ]
            for _ in range(TURNS):
                for at, sheet in enumerate((small, large)):
                    best[at] = max(best[at], rate(calls[at], getattr(sheet, which), 0.02))
            costs.append(best[0] / best[1])
    return found


def _few(name: str, sheet: Sheet, inputs: Sequence[Inputs]) -> Sequence[Inputs]:
    """The slow engines get fewer inputs, so that a run ends."""
    if name not in SLOW:
        return inputs
    return inputs[:3] if len(sheet.rules) > 200 else inputs[:10]


def _outside(
    engine: Outside, name: str, sheet: Sheet, policy: str, inputs: Sequence[Inputs], seconds: float
) -> float:
    speed, results = engine.rate(sheet, policy, inputs, seconds)
    check(name, sheet, policy, inputs, results)
    return speed


def load_times() -> dict[int, float]:
    found: dict[int, float] = {}
    for size in SIZES:
        data = as_dmn(make(size, seed=size), "FIRST")
        start = time.process_time()
        read_model(data, name="bench.dmn")
        found[size] = time.process_time() - start
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=0.2, help="per round and measurement")
    options.add_argument("--write", action="store_true", help="write the section of docs/performance.md")
    chosen = options.parse_args()
    loads, costs = load_times(), growth()
    rows: dict[str, list[float]] = {}
    for size in SIZES:
        sheet = make(size)
        for policy, which in CASES:
            measured = measure(sheet, policy, getattr(sheet, which), chosen.seconds)
            for name, speed in measured.items():
                rows.setdefault(name, []).append(speed)
            ratio = measured["prepared"] / measured["hand-written"]
            print(f"{size} {policy} {which}: " + ", ".join(f"{n} {s:,.0f}/s" for n, s in measured.items())
                  + f"; prepared is {ratio:.2f} of hand-written", flush=True)
    text = page(rows, loads, costs)
    if chosen.write:
        from tests.conformance.scores import write_section

        write_section("rules", text, PAGE, "# Performance\n\nMeasured side by side, in one run; see `bench/`.\n")
    else:
        print(text)


def page(rows: dict[str, list[float]], loads: dict[int, float], costs: dict[str, list[float]]) -> str:
    heads = [f"{size} {policy} {which}" for size in SIZES for policy, which in CASES]
    lines = [
        "## Decision tables",
        "",
        "Tables of 8 inputs (four numbers, two texts, two booleans) and 2 outputs, calls per second of processor time,",
        "best of many short rounds, all answers compared with a reference. *early*: a rule of the first quarter matches;",
        "*late*: as far down as possible; *mixed*: every rule that matches is collected. `prepared` is",
        "`rules.dmn.prepare`, `evaluate` the outputs alone, `decide` the outputs with the reason; hand-written is `if`",
        "after `if` with `Decimal`.",
        f"Run on {datetime.now(UTC):%Y-%m-%d}, Python {platform.python_version()}; `python -m bench.rules --write`.",
        "",
        "| engine | " + " | ".join(heads) + " |",
        "|---|" + "---|" * len(heads),
    ]
    for name, speeds in rows.items():
        lines.append(f"| {name} | " + " | ".join(f"{speed:,.0f}" for speed in speeds) + " |")
    hand, mine = rows["hand-written"], rows["prepared"]
    ratios = " | ".join(f"{m / h:.2f}" for m, h in zip(mine, hand, strict=True))
    lines.append(f"| *prepared / hand-written* | {ratios} |")
    lines += [
        "",
        "Cost at 2,000 rules against 20, measured in turn: {:.1f} times for FIRST early, {:.1f} for FIRST late, {:.1f} for "
        "COLLECT (hand-written: {:.0f}, {:.0f}, {:.0f}).".format(*costs["prepared"], *costs["hand-written"]),
        "Reading, checking and compiling a table: "
        + ", ".join(f"{seconds * 1000:,.0f} ms for {size:,} rules" for size, seconds in loads.items())
        + ".",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
