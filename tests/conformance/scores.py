"""Write the scores of suites written by others: `python -m tests.conformance.scores`.

Each suite has a section of docs/conformance.md between two marks; whatever stands outside the marks is left alone.
A suite that is not at hand keeps its section.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.conformance import dmn_suite, execution_scores, execution_suite

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "conformance.md"
INTRODUCTION = """# Conformance

How the product does on suites written by others. The sections are written by the run itself
(`python -m tests.conformance.scores`); the tests fail when a case that once passed is lost.
"""


def write_section(name: str, text: str, page: Path = PAGE, introduction: str = INTRODUCTION) -> None:
    """Put *text* between the marks of the section, at the end of the page when it is new."""
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    old = page.read_text(encoding="utf-8") if page.is_file() else introduction
    section = f"{start}\n{text.strip()}\n{end}"
    if start in old and end in old:
        before, _, rest = old.partition(start)
        _, _, after = rest.partition(end)
        new = before + section + after
    else:
        new = f"{old.rstrip()}\n\n{section}\n"
    page.parent.mkdir(exist_ok=True)
    page.write_text(new, encoding="utf-8")


def dmn_section(cases: Sequence[dmn_suite.Case]) -> str:
    failing = [case for case in cases if not case.passed]
    rows = [
        _row("level 2", [case for case in cases if case.level.endswith("2")]),
        _row("level 3", [case for case in cases if case.level.endswith("3")]),
        _row("together", cases),
    ]
    lines = [
        "## DMN",
        "",
        "The open part of the DMN Technology Compatibility Kit, in process, by its runner's own comparison. A case that",
        "expects only null is also passed by an engine that always answers null, so the cases that expect a value are",
        "counted apart. External functions of Java's library are stood in for by a few Python functions in the tests.",
        "",
        f"Run on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}.",
        "",
        "| | cases | passed | % | cases that expect a value | passed |",
        "|---|---|---|---|---|---|",
        *rows,
        "",
    ]
    if failing:
        lines += ["Cases that fail:", "", *(f"* `{case.name}`: {case.detail}" for case in failing)]
    else:
        lines.append("No case fails.")
    lines += ["", *READINGS]
    return "\n".join(lines)


READINGS = """Where the specification leaves room, or contradicts itself, this is how it is read here:

* 10.3.2.10 and 8.2.8: a multiple-hit table in which no rule matches gives its default outputs, or an empty list; a
  single-hit table null with the reason, and an error when deciding strictly.
* 10.4: the parameters of a decision service are its input data, then its input decisions, in the order of the file.
* 7.3.2: `allowedValues` of a collection hold for each item, `typeConstraint` for the whole.
* 10.3.2.9: null conforms to every type. Strict deciding refuses it as an input where the allowed values leave it out.
""".splitlines()


def _row(name: str, cases: Sequence[dmn_suite.Case]) -> str:
    values = [case for case in cases if not case.null_expected]
    passed = sum(case.passed for case in cases)
    return (
        f"| {name} | {len(cases)} | {passed} | {100 * passed / max(1, len(cases)):.2f} | {len(values)} "
        f"| {sum(case.passed for case in values)} |"
    )


def write_dmn() -> None:
    cases = dmn_suite.run()
    write_section("dmn", dmn_section(cases))
    dmn_suite.PASSING.write_text(dmn_suite.as_recorded(cases), encoding="utf-8")
    print(f"DMN: {sum(case.passed for case in cases)} of {len(cases)} cases pass")


SECTIONS = {
    "dmn": (dmn_suite.here, write_dmn),
    "bpmn-execution": (execution_suite.here, execution_scores.write),
}


def main() -> None:
    for name, (here, write) in SECTIONS.items():
        if here():
            write()
        else:
            print(f"{name}: the suite is not at hand, its section is left as it is")


if __name__ == "__main__":
    main()
