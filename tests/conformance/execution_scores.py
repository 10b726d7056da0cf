"""The section on BPMN execution for docs/conformance.md, and the record of what passes."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tests.conformance import execution_suite as suite

GROUPS = ("basics", "activities", "gateways", "events", "data", "errors", "cfpatterns")

READINGS = """Where the specification leaves room, this is how it is read here:

* 13.3.7: the implicit events of `behavior` None and One are for a boundary event of the multi-instance activity. As None
  throws for every inner instance, they never interrupt the activity that throws them.
* 13.3.7: a true condition of a complex behaviour cancels the remaining instances, gives the token and throws.
* 13.4.5: at its reset a complex gateway serves only outgoing flows with a condition that is true then.
* 13.5.2: a cycle on an intermediate catch event lets a token pass each time, and waits until the last.
* 13.3.5: everything in an ad-hoc sub-process is offered; nothing in it starts by itself, whatever its kind.
* Sequence flows (chapter 8): a condition on a flow out of a parallel gateway has no meaning and is disregarded.
* 13.5.4: an event sub-process does not catch what it throws itself; the boundary around it may.
""".splitlines()


def section(results: Mapping[str, Sequence[suite.Test]]) -> tuple[str, list[str]]:
    """Markdown, and the ids of failing tests. *results*: the tests by mode, `straight` among them."""
    tests = results["straight"]
    failing = sorted({test.name for mode in results.values() for test in mode if not test.passed})
    lines = [
        "## BPMN execution",
        "",
        "The open part of betsy's executable feature tests: reader, check, executor and FEEL, in process, on a clock that",
        "jumps to what is due. Three modes: the state stays in memory; is written out and read back after every step; is",
        "rebuilt from recorded stimuli and answers, every step giving the same bytes.",
        "",
        f"Run on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()}.",
        "",
        "| | tests | straight | reloaded | rebuilt |",
        "|---|---|---|---|---|",
        *(_row(group, results, group) for group in GROUPS if any(test.group == group for test in tests)),
        _row("all of execution", results, None),
        "",
    ]
    details = {test.name: test.detail for mode in results.values() for test in mode if not test.passed}
    if failing:
        lines += ["Tests that fail:", ""]
        lines += [f"* `{name}`: {suite.CONTRADICTIONS.get(name, details[name])}" for name in failing]
    else:
        lines.append("No test fails.")
    return "\n".join([*lines, "", *READINGS]), failing


def _row(title: str, results: Mapping[str, Sequence[suite.Test]], group: str | None) -> str:
    chosen = {mode: [test for test in tests if group in (None, test.group)] for mode, tests in results.items()}
    passed = [sum(test.passed for test in chosen[mode]) for mode in suite.MODES]
    return f"| {title} | {len(chosen['straight'])} | {' | '.join(map(str, passed))} |"


def run_all() -> dict[str, list[suite.Test]]:
    return {mode: suite.run(mode) for mode in suite.MODES}


def write() -> None:
    """Run the suite, write its section and the record."""
    from tests.conformance.scores import write_section

    results = run_all()
    text, failing = section(results)
    write_section("bpmn-execution", text)
    names = sorted(test.name for test in results["straight"] if test.name not in failing)
    suite.PASSING.write_text("\n".join(names) + "\n", encoding="utf-8")
    print(f"BPMN execution: {len(names)} of {len(results['straight'])} tests pass in all modes")
