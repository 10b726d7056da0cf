"""Scores of the reader and the check on the deploy and import suites; written into docs/conformance.md by scores.py."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from schuldhulp.engine.bpmn.check import CheckContext
from schuldhulp.engine.bpmn.check import check as judge
from schuldhulp.engine.bpmn.check.feel import feel_check
from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.bpmn.read import read
from tests.conformance.accounting import unaccounted
from tests.conformance.deploy_adapter import check
from tests.engine.bpmn.second_reader import plain, second_read
from tests.engine.bpmn.shared import suite

RECORDED = Path(__file__).resolve().parent / "recorded_bpmn.json"
"""Cases that may fail, by suite: a run in which another one fails has fallen back."""


@dataclass
class Deploy:
    """Failing: bad models that were accepted, good models that were refused, models on which the check broke."""

    bad: int = 0
    good: int = 0
    accepted_bad: list[str] = field(default_factory=list)
    refused_good: list[str] = field(default_factory=list)

    @property
    def failing(self) -> list[str]:
        return sorted([*(f"bad/{name}" for name in self.accepted_bad), *(f"good/{name}" for name in self.refused_good)])


@dataclass
class Import:
    """`poor`: findings without line or remedy; `dropped`: elements of loaded models that nobody accounts for."""

    loaded: int = 0
    refused: int = 0
    poor: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    differing: list[str] = field(default_factory=list)

    @property
    def failing(self) -> list[str]:
        return sorted({*self.poor, *self.dropped, *self.differing})


def deploy() -> Deploy:
    """The whole deploy suite. An exception of reader or check is not caught: there must be none."""
    score = Deploy()
    for path in suite("deploy/bad"):
        score.bad += 1
        score.accepted_bad += [] if check(str(path)) else [path.name]
    for path in suite("deploy/good"):
        score.good += 1
        score.refused_good += [path.name] if check(str(path)) else []
    return score


def imports(paths: Iterable[Path]) -> Import:
    """Models of the import suite: each loaded or refused with place and remedy; none with behaviour dropped."""
    score, context = Import(), CheckContext(feel=feel_check())
    for path in paths:
        data = path.read_bytes()
        model, findings = read(data, file=path.name)
        if model is not None:
            findings = (*findings, *judge(model, context))
            if plain(model.graphs) != plain(second_read(data, path.name)):
                score.differing.append(path.name)
        refused = [finding for finding in findings if finding.severity is Severity.ERROR]
        if any(not _useful(finding, model is None) for finding in findings):
            score.poor.append(path.name)
        if refused:
            score.refused += 1
        elif model is not None:
            score.loaded += 1
            score.dropped += [path.name] if unaccounted(model, findings) else []
    return score


def _useful(finding: Finding, whole_file: bool) -> bool:
    """Names element, line and remedy; a file that is no BPMN at all has no element to name."""
    named = finding.element is not None or whole_file
    return named and finding.place.line > 0 and bool(finding.message) and bool(finding.remedy)


def section() -> tuple[str, list[str]]:
    """(a markdown section, the failing cases of both suites)."""
    deployed, imported = deploy(), imports(suite("import"))
    total = imported.loaded + imported.refused
    lines = [
        "## BPMN: deploy and import suites",
        "",
        "| suite | figure |",
        "| --- | --- |",
        f"| deploy: bad models refused | {deployed.bad - len(deployed.accepted_bad)}/{deployed.bad} |",
        f"| deploy: good models refused | {len(deployed.refused_good)}/{deployed.good} |",
        "| deploy: crashes | 0 |",
        f"| import: loaded | {imported.loaded}/{total} |",
        f"| import: refused with element, line, remedy | {imported.refused - len(imported.poor)}/{imported.refused} |",
        f"| import: loaded with behaviour dropped | {len(imported.dropped)} |",
        f"| import: both readers give the same graph | {total - len(imported.differing)}/{total} |",
        "",
        "Deploy judges a model as BPMN alone (`CheckContext(dialect=False)`), import as what this engine must run.",
        "",
        "Failing cases:",
        "",
        *(f"* deploy/{name}" for name in deployed.failing),
        *(f"* import/{name}" for name in imported.failing),
        "",
    ]
    failing = [*(f"deploy/{name}" for name in deployed.failing), *(f"import/{name}" for name in imported.failing)]
    return "\n".join(lines), failing


def recorded() -> list[str]:
    """The cases that may fail."""
    return list(json.loads(RECORDED.read_text(encoding="utf-8")))


def main() -> None:
    """Print the section; record the failing cases when none is new."""
    text, failing = section()
    print(text)
    known = recorded() if RECORDED.is_file() else failing
    if set(failing) <= set(known):
        RECORDED.write_text(json.dumps(sorted(failing), indent=1) + "\n", encoding="utf-8")
    else:
        print("NEW FAILURES:", *sorted(set(failing) - set(known)), sep="\n")


if __name__ == "__main__":
    main()
