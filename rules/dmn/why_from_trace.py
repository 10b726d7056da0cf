"""From what an evaluation left behind to the reason as a value."""

from __future__ import annotations

from collections.abc import Sequence

from schuldhulp.rules.dmn.model import Decision, Key, Service
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.graph import Made, Values
from schuldhulp.rules.dmn.program.session import TableTrace
from schuldhulp.rules.dmn.why import CellOutcome, RuleHit, TableWhy, Why
from schuldhulp.rules.feel.values import Value


def explain(model: DmnModel, target: Key, given: Values, values: Values, made: Sequence[Made], outputs: Value) -> Why:
    """The reason of *target*, with that of each decision made on the way below the decision that required it."""
    whys: dict[Key, Why] = {}
    used: set[Key] = set()
    for one in made:  # requirements come before what requires them
        decision = model.linked.elements[one.key]
        assert isinstance(decision, Decision)
        below = tuple(whys[key] for key in decision.requires if key in whys and key not in used)
        used.update(key for key in decision.requires if key in whys)
        whys[one.key] = Why(
            decision=one.key[1],
            name=decision.name,
            model=model.linked.files[one.key[0]].name,
            hash=model.hash,
            inputs=one.inputs,
            tables=tuple(_table(trace) for trace in one.traces),
            output=one.value,
            requires=below,
        )
    element = model.linked.elements[target]
    if not isinstance(element, Service):
        return whys[target]
    inputs = tuple((model.linked.elements[key].variable.name, value) for key, value in given.items())
    return Why(
        decision=target[1],
        name=element.name,
        model=model.linked.files[target[0]].name,
        hash=model.hash,
        inputs=inputs,
        tables=(),
        output=outputs,
        requires=tuple(whys[key] for key in element.outputs if key in whys),
    )


def _table(trace: TableTrace) -> TableWhy:
    table = trace.table
    labels = [one.clause.label for one in table.inputs]
    return TableWhy(
        within=table.model.place.within,
        hit_policy=table.model.hit_policy + _MARKS.get(table.model.aggregation or "", ""),
        inputs=tuple(zip(labels, trace.values, strict=True)),
        rules=tuple(_hit(trace, number) for number in trace.rules),
        used_default=trace.used_default,
        output=trace.output,
    )


_MARKS = {"SUM": "+", "COUNT": "#", "MIN": "<", "MAX": ">"}


def _hit(trace: TableTrace, number: int) -> RuleHit:
    table = trace.table.model
    rule = table.rules[number - 1]
    cells = tuple(
        CellOutcome(one.clause.label, value, test.text.strip())
        for one, value, test in zip(trace.table.inputs, trace.values, rule.tests, strict=False)
        if test.text.strip() not in ("", "-")
    )
    outputs = [one.clause.name or one.clause.label for one in trace.table.outputs]
    names = (*table.annotation_names, *("" for _ in rule.annotations))
    return RuleHit(
        number,
        rule.id,
        tuple(zip(names, rule.annotations, strict=False)),
        cells,
        tuple(zip(outputs, trace.rows.get(number, ()), strict=False)),
    )
