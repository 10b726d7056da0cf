"""One pass over all rules."""

from __future__ import annotations

from schuldhulp.engine.bpmn.check import (
    activities,
    collaboration,
    connections,
    data,
    events,
    expressions,
    gateways,
    services,
)
from schuldhulp.engine.bpmn.check.context import CheckContext
from schuldhulp.engine.bpmn.check.subject import Rule, Subject
from schuldhulp.engine.bpmn.graph import Finding, Model

BPMN_RULES: tuple[Rule, ...] = (
    *connections.RULES, *events.RULES, *gateways.RULES, *activities.RULES, *data.RULES, *services.RULES,
    *collaboration.RULES, *expressions.RULES,
)  # fmt: skip


def check(model: Model, context: CheckContext) -> tuple[Finding, ...]:
    """Everything that is wrong with *model*, in the order of the file. The reader's own findings are not repeated.

    Raises nothing for any model that the reader gave.
    """
    subject = Subject(model, context)
    found = {finding: None for rule in BPMN_RULES for finding in rule(subject)}
    return tuple(sorted(found, key=lambda one: (one.place.line, one.place.column, one.code, one.message)))
