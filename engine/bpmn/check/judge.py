"""One pass over all rules."""

from __future__ import annotations

from schuldhulp.engine.bpmn.check import (
    activities,
    collaboration,
    connections,
    data,
    events,
    expressions,
    extensions,
    gateways,
    languages,
    letter,
    resolve,
    runnable,
    services,
    soundness,
)
from schuldhulp.engine.bpmn.check.context import CheckContext
from schuldhulp.engine.bpmn.check.subject import Rule, Subject
from schuldhulp.engine.bpmn.graph import Finding, Model

BPMN_RULES: tuple[Rule, ...] = (
    *connections.RULES, *events.RULES, *gateways.RULES, *activities.RULES, *data.RULES, *services.RULES,
    *collaboration.RULES, *expressions.RULES, *soundness.RULES,
)  # fmt: skip

DIALECT_RULES: tuple[Rule, ...] = (*extensions.RULES, *runnable.RULES, *languages.RULES, *resolve.RULES)


def check(model: Model, context: CheckContext) -> tuple[Finding, ...]:
    """Everything that is wrong with *model*, in the order of the file. The reader's own findings are not repeated.

    Raises nothing for any model that the reader gave.
    """
    subject = Subject(model, context)
    rules = (*BPMN_RULES, *DIALECT_RULES) if context.dialect else (*BPMN_RULES, *letter.RULES)
    found = {finding: None for rule in rules for finding in rule(subject)}
    return tuple(sorted(found, key=lambda one: (one.place.line, one.place.column, one.code, one.message)))
