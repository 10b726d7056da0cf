"""Adapter for the deploy suite: the findings for which our check refuses a model.

The suite asks whether a model keeps the constraints of BPMN 2.0.2, whatever its expressions say (its good models hold
texts such as "dummy condition"), so the model is judged as BPMN alone.
"""

from __future__ import annotations

from pathlib import Path

from schuldhulp.engine.bpmn.check import CheckContext
from schuldhulp.engine.bpmn.check import check as judge
from schuldhulp.engine.bpmn.graph import Severity
from schuldhulp.engine.bpmn.read import read


def check(path: str) -> list[str]:
    """The errors, as text; an empty list means that the model is accepted."""
    model, findings = read(Path(path).read_bytes(), file=Path(path).name)
    if model is not None:
        findings = (*findings, *judge(model, CheckContext(dialect=False)))
    return [str(finding) for finding in findings if finding.severity is Severity.ERROR]
