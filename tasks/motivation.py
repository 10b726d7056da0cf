"""The reasons of a decision (Awb 3:46), proposed from the explanation of the tables. A person edits them and decides.

A table says in its annotation "Motivering", rule by rule, what a client may read about that rule; {{...}} in it is a FEEL
expression over the file. Of what the tables gave in this case the rules that matched speak, in the order of TABLES.
"""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.definitions.forms.formula import FormulaError, compile_template
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case, Task
from schuldhulp.rules.feel import to_python
from schuldhulp.tasks.audit import Decided, decisions
from schuldhulp.tasks.forms.raw import Context

REASONS = "besluit_motivering"
ANNOTATION = "Motivering"
KIND = "D26"
TABLES = ("D20", KIND)
"""The reaction to the plan, and which decision that leads to."""


def asks_reasons(form: Form | None) -> bool:
    return form is not None and any(field.key == REASONS for field in form.fields())


def proposed_reasons(engine: Engine, case: Case, task: Task, context: Context) -> str:
    """What the matched rules say; nothing when there is no decision to give reasons for, or its reasons were erased."""
    last: dict[str, Decided] = {}
    for decided in decisions(engine, case.number):
        if decided.decision in TABLES and case.owner(decided.instance) == case.owner(task.instance):
            last[decided.decision] = decided
    if KIND not in last:
        return ""
    tables = TABLES if _looked_at_plan(last[KIND]) else (KIND,)
    return " ".join(text for name in tables if name in last for text in _texts(last[name], context))


def _looked_at_plan(decided: Decided) -> bool:
    """Whether the reaction to the plan is what this decision rests on."""
    why = decided.why
    return why is not None and any(
        cell.column.lower() == "plan" for table in why.tables for hit in table.rules for cell in hit.cells
    )


def _texts(decided: Decided, context: Context) -> Iterator[str]:
    for table in decided.why.tables if decided.why is not None else ():
        for hit in table.rules:
            for name, value in hit.annotations:
                text = str(to_python(value) or "") if name == ANNOTATION else ""
                if text:
                    yield _filled(text, context)


def _filled(text: str, context: Context) -> str:
    """*text* with its formulas worked out; one that cannot be read stays as it is written, for the decision maker to mend."""
    try:
        return compile_template(text, frozenset(context.data)).text(context.data, context.now)
    except FormulaError:
        return text
