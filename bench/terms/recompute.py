"""Counting the terms of many running cases again after a change of the calendar, and of a reading that moves many.

``nice python -m bench.terms.recompute --cases 100000 [--write]``: makes the cases through the engine (two running terms
each, spread over a year), lets a decree come into force, counts again; then sets a switch, and counts again.
"""

from __future__ import annotations

import argparse
import platform
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.recount import Progress, recount

BY = Actor(account=1, role="teamleider", program="bench")
NOW = datetime(2029, 1, 2, 9, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs" / "performance.md"
PROCESS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  targetNamespace="urn:bench" id="defs">
  <process id="A" name="Aanmelding" isExecutable="true">
    <extensionElements><camunda:properties>
      <camunda:property name="title" value="Aanmelding"/>
      <camunda:property name="term.start" value="wgs-4-1-a from op"/>
      <camunda:property name="term.start" value="wgs-4a-3 from op length 8"/>
    </camunda:properties></extensionElements>
    <startEvent id="S"/><userTask id="T" name="Gesprek" camunda:candidateGroups="teamleider"/><endEvent id="E"/>
    <sequenceFlow id="f1" sourceRef="S" targetRef="T"/><sequenceFlow id="f2" sourceRef="T" targetRef="E"/>
  </process>
</definitions>
"""
FILES: Mapping[str, bytes] = {
    "processes/A/A.bpmn": PROCESS,
    "rules/dictionary.yaml": b"op: {type: date, label: Aangemeld op}\n",
    "rules/parameters.yaml": b"[]\n",
}
DECREE = {
    "rules/terms/equated_days.yaml@local": b"format: 1\ndecrees:\n"
    b"  - {decree: KB van 2028, period: 2029-01-01..2031-12-31, days: [2029-05-11, 2030-05-31, 2031-05-23]}\n"
}
SWITCH = {"rules/readings.yaml": b"atw_on_ordinance_term: true\n"}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--cases", type=int, default=1_000)
    asked.add_argument("--write", action="store_true", help="Put the figures in docs/performance.md.")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="schuldhulp-bench-") as folder:
        settings = Settings(f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder) / "keys")
        fill(settings, given.cases)
        engine = open_engine(settings, lambda: NOW)
        rows = [
            ("a decree: few terms move", counted(engine, DECREE)),
            ("a reading: many terms move", counted(engine, {**DECREE, **SWITCH})),
        ]
        engine.store.close()
        size = (Path(folder) / "bench.db").stat().st_size
    text = table(given.cases, size, rows)
    print(text)
    if given.write:
        write(text)


def fill(settings: Settings, cases: int) -> None:
    """Without waiting for the disk: only the counting is measured."""
    quick = open_engine(Settings(settings.database, settings.keys, synchronous="OFF"), lambda: NOW)
    quick.deploy(FILES, BY)
    for number in range(cases):
        quick.open_case("A", {"op": date(2029, 1, 1) + timedelta(days=number % 365)}, BY)
        if number % 5_000 == 0:
            print(f"{number} cases made", file=sys.stderr)
    quick.store.close()


def counted(engine: Engine, changes: Mapping[str, bytes]) -> tuple[Progress, float, float]:
    """The end of counting again under *changes*, its seconds and its seconds of the processor."""
    engine.deploy({**FILES, **changes}, BY)
    began, worked = time.perf_counter(), time.process_time()
    last = Progress("")
    for last, failed in recount(engine, BY):
        assert not failed, failed
        if last.looked % 10_000 == 0:
            print(f"{last.looked} looked at, {last.moved} moved", file=sys.stderr)
    return last, time.perf_counter() - began, time.process_time() - worked


def table(cases: int, size: int, rows: list[tuple[str, tuple[Progress, float, float]]]) -> str:
    lines = [
        f"{cases:,} running cases with two terms each ({size / 1e6:,.0f} MB), SQLite with `synchronous=FULL`, one process.",
        "Every case is looked at; one in which nothing moves is only read. Each one that moves is a command of its own, with",
        "facts, lists, snapshot and commit. Wall-clock time depends on what else the machine does.",
        f"`python -m bench.terms.recompute --cases {cases} --write`, {datetime.now(UTC):%Y-%m-%d}, "
        f"Python {platform.python_version()}.",
        "",
        "| change | cases looked at | cases with a term that moved | processor | a case looked at | wall clock |",
        "|---|---|---|---|---|---|",
    ]
    for name, (end, wall, work) in rows:
        each = 1000 * work / end.looked
        lines.append(f"| {name} | {end.looked:,} | {end.moved:,} | {work:,.0f} s | {each:.2f} ms | {wall:,.0f} s |")
    return "\n".join(lines)


def write(text: str) -> None:
    block = f"<!-- terms: start -->\n## Terms\n\n{text}\n<!-- terms: end -->"
    page = PAGE.read_text(encoding="utf-8")
    found = re.search(r"<!-- terms: start -->.*<!-- terms: end -->", page, re.DOTALL)
    page = page.replace(found[0], block) if found else f"{page.rstrip()}\n\n{block}\n"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
