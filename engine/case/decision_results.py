"""camunda:mapDecisionResult: in which form the outcome of a decision is kept.

The outcome is a list of results, one per matching rule, each a context of its outputs (a decision that is no table has one
result). Without the attribute the value is kept as FEEL has it: a value, a context, or a list of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.rules.dmn import DmnModel, output_info
from schuldhulp.rules.feel import Value

_SEVERAL = frozenset("ROC")
"""Hit policies that give a list: rule order, output order, collect (without aggregation)."""
_Results = list[dict[str, Value]]


def as_mapped(model: DmnModel, decision: str, how: str | None, value: Value, element: str) -> Value:
    """*value* of a decision in the form *how* (None: as it is). Raises ExpressionFailed when it has no such form."""
    if how is None:
        return value
    try:
        return MAPPINGS[how](_results(model, decision, value))
    except _DoesNotFit as error:
        text = f"its outcome cannot be mapped as {how}: {error}"
        raise ExpressionFailed(element, decision, text) from error


class _DoesNotFit(Exception):
    """There are more results, or more outputs, than the form has room for."""


def _results(model: DmnModel, decision: str, value: Value) -> _Results:
    names = [info.name for info in output_info(model, decision)]
    found = model.decisions.get(decision)
    table = found.table if found is not None else None
    several = table is not None and table.hit_policy in _SEVERAL and table.aggregation is None
    items = value if several and isinstance(value, list) else [] if value is None else [value]
    return [item if len(names) > 1 and isinstance(item, dict) else {names[0]: item} for item in items]


def _one(results: _Results) -> dict[str, Value]:
    if len(results) > 1:
        raise _DoesNotFit(f"{len(results)} rules match, and there is room for one.")
    return results[0] if results else {}


def _entry(result: Mapping[str, Value]) -> Value:
    if len(result) > 1:
        raise _DoesNotFit(f"there are several outputs ({', '.join(result)}), and there is room for one.")
    return next(iter(result.values()), None)


def _single_result(results: _Results) -> Value:
    return dict(_one(results)) if results else None


def _collect(results: _Results) -> Value:
    return [_entry(result) for result in results]


def _list(results: _Results) -> Value:
    return [dict(result) for result in results]


MAPPINGS: Mapping[str, Callable[[_Results], Value]] = {
    "singleEntry": lambda results: _entry(_one(results)),
    "singleResult": _single_result,
    "collectEntries": _collect,
    "resultList": _list,
}
