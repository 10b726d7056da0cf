"""The open part of the DMN conformance suite, run in process by the suite's own runner; the data stays where it lies."""

from __future__ import annotations

import importlib.util
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.conformance.dmn_adapter import evaluate

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SCHULDHULP_SHARED") or ROOT.parent / "shared")
SUITE = SHARED / "conformance" / "dmn"
PASSING = Path(__file__).with_name("passing-dmn.txt")


@dataclass(frozen=True)
class Case:
    """One case: `level/directory case`, whether it passed, whether anything but null was expected, what differed."""

    name: str
    level: str
    passed: bool
    null_expected: bool
    detail: str


def here() -> bool:
    return (SUITE / "run_tck.py").is_file()


def runner() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run_tck", SUITE / "run_tck.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["run_tck"] = module
    spec.loader.exec_module(module)
    return module


def run() -> list[Case]:
    """All cases of levels 2 and 3. An exception counts as a failure."""
    tck = runner()
    found: list[Case] = []
    for key, directory in tck.discover(str(SUITE), ["2", "3"]):
        for file, identifier, case, dmn in tck.cases(directory):
            result = tck.run_case(evaluate, case, dmn, 0)
            level, _, name = key.partition("/")
            found.append(
                Case(
                    f"{name} {file.removesuffix('.xml')} {identifier}",
                    level,
                    result["status"] == "pass",
                    result["null_expected"],
                    "; ".join(result["detail"]),
                )
            )
    return found


def recorded() -> frozenset[str]:
    """The names of the cases that passed when the score was last written."""
    lines = PASSING.read_text(encoding="utf-8").splitlines()
    found: set[str] = set()
    directory = ""
    for line in lines:
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            directory = line.strip()
        else:
            file, _, identifiers = line.strip().partition(": ")
            found.update(f"{directory} {file} {identifier}" for identifier in identifiers.split("\t"))
    return frozenset(found)


def as_recorded(cases: list[Case]) -> str:
    """The passing cases as text: a directory, below it its files with the ids of their cases between tabs."""
    lines = ["# Cases of the DMN conformance suite that pass; written by python -m tests.conformance.scores"]
    directory = ""
    by_file: dict[tuple[str, str], list[str]] = {}
    for case in cases:
        if case.passed:
            name, file, identifier = case.name.split(" ", 2)
            by_file.setdefault((name, file), []).append(identifier)
    for (name, file), identifiers in by_file.items():
        if name != directory:
            lines.append(name)
            directory = name
        lines.append(f" {file}: " + "\t".join(identifiers))
    return "\n".join(lines) + "\n"
