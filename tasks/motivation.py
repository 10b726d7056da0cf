"""Reasons that a person reads, mends and takes over, drafted from the explanation of the tables (Awb 3:46 for a decision).

A table says in its annotation "Motivering", rule by rule, what a client may read about that rule; {{...}} in it is a FEEL
expression over the file. The rules that matched in this case speak. A field of a form names its tables in `nl.reasons`;
the reasons of a decision (`besluit_motivering`) come from TABLES.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.definitions.forms.formula import FormulaError, compile_template
from schuldhulp.engine.definitions.forms.model import Field
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


def drafts(engine: Engine, case: Case, task: Task, form: Form | None, context: Context) -> Mapping[str, str]:
    """Field -> what its tables say, for the fields that ask reasons and have none yet. Nothing of a table that gave nothing in
    this run of the module, or whose reasons were erased."""
    asked = [field for field in form.fields() if _asks(field) and context.value(field.key) is None] if form else []
    if not asked:
        return {}
    last = {
        decided.decision: decided
        for decided in decisions(engine, case.number)
        if case.owner(decided.instance) == case.owner(task.instance)
    }
    found = {field.key: _draft(last, field.reasons or _of_decision(last), context) for field in asked}
    return {key: text for key, text in found.items() if text}


def _asks(field: Field) -> bool:
    return field.key == REASONS or bool(field.reasons)


def _of_decision(last: Mapping[str, Decided]) -> Sequence[str]:
    """The tables a decision rests on: the reaction to the plan only when that was looked at."""
    if KIND not in last:
        return ()
    return TABLES if _looked_at_plan(last[KIND]) else (KIND,)


def _looked_at_plan(decided: Decided) -> bool:
    why = decided.why
    return why is not None and any(
        cell.column.lower() == "plan" for table in why.tables for hit in table.rules for cell in hit.cells
    )


def _draft(last: Mapping[str, Decided], tables: Sequence[str], context: Context) -> str:
    texts = (text for name in tables if name in last for text in _texts(last[name], context))
    return " ".join(dict.fromkeys(texts))


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
