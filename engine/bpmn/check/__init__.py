"""Judges BPMN models before they are deployed: every finding at once, each with its place and a remedy.

findings = check(model, CheckContext())
"""

from schuldhulp.engine.bpmn.check.context import CheckContext
from schuldhulp.engine.bpmn.check.judge import check

__all__ = ["CheckContext", "check"]
