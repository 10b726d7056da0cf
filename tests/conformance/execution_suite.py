"""The open part of the BPMN execution suite, in process, by the suite's own preparation and comparison.

The data stays where it lies. Every case is played in three modes (see `bpmn_adapter`).
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.conformance import bpmn_adapter

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SCHULDHULP_SHARED") or ROOT.parent / "shared")
SUITE = SHARED / "conformance" / "bpmn"
PASSING = Path(__file__).with_name("passing-execution.txt")
MODES = ("straight", "reload", "rebuild")

CONTRADICTIONS = {
    "activities/AdHocSubProcess_Sequential": "contradicts itself: it expects the trace SCRIPT_task1, SCRIPT_task2, "
    "SCRIPT_task3, and no script of its model says SCRIPT_task3. The model says SCRIPT_task1 and SCRIPT_task2 inside the "
    "sub-process and, by the task `ScriptTask1` after it, SCRIPT_task1 again; each done once (13.3.5: what is inside is "
    "executed, then the flow after it followed) gives SCRIPT_task1 twice and SCRIPT_task2, which is what is executed",
    "activities/AdHocSubProcess_Parallel": "the same model with `ordering` Parallel and the same expectation",
}
"""Tests that no engine can pass, because their expectation contradicts their own model."""


@dataclass(frozen=True)
class Test:
    """One test: whether all its cases pass in one mode, and what the first failing case gave."""

    name: str
    group: str
    passed: bool
    cases: int
    detail: str


def here() -> bool:
    return (SUITE / "cases.json").is_file()


def module(name: str) -> ModuleType:
    """A module of the suite, by path, as the suite's own runner would import it."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, SUITE / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    sys.modules[name] = loaded
    spec.loader.exec_module(loaded)
    return loaded


def run(mode: str = "straight") -> list[Test]:
    """Every test in *mode*. An exception counts as a failure."""
    return [_run(test, mode) for test in json.loads((SUITE / "cases.json").read_text(encoding="utf-8"))]


def _run(test: dict[str, object], mode: str) -> Test:
    cases = test["cases"]
    assert isinstance(cases, list)
    details = [_case(test, case, mode) for case in cases]
    wrong = next((detail for detail in details if detail is not None), None)
    return Test(str(test["id"]), str(test["group"]), wrong is None, len(cases), wrong or "")


def _case(test: dict[str, object], case: dict[str, object], mode: str) -> str | None:
    """What a case gave instead of what it expects; None when it is right."""
    prepare = module("prepare")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(str(test["file"])).name
        prepare.prepare(
            SUITE / str(test["file"]), path, bpmn_adapter.EXPR, bpmn_adapter.SCRIPT, None, bpmn_adapter.TIMER
        )
        try:
            result = bpmn_adapter.play(
                str(path),
                str(test["process_id"]),
                case["inputs"],  # type: ignore[arg-type]
                wait_s=max(case["wait_ms"] / 1000, 2.0),  # type: ignore[operator]
                also_start=case["also_start"],  # type: ignore[arg-type]
                scripts=prepare.MarkerScripts(bpmn_adapter.throw_error),
                mode=mode,
            )
        except Exception as error:
            return f"case {case['case']}: {type(error).__name__}: {error}"
    got = module("run_cases").observed(result, case["expect"])
    if got == case["expect"]:
        return None
    return f"case {case['case']}: expected {case['expect']}, got {got} ({result['state']}: {result['detail']})"


def recorded() -> set[str]:
    """Names of the tests that are known to pass."""
    return set(PASSING.read_text(encoding="utf-8").split())
