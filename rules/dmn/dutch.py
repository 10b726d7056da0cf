"""The reason of a decision in plain Dutch sentences, with the labels of the data dictionary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from schuldhulp.rules.dmn.show import show
from schuldhulp.rules.dmn.why import CellOutcome, Pairs, RuleHit, TableWhy, Why
from schuldhulp.rules.feel.temporal import FeelDate
from schuldhulp.rules.feel.values import Value

MAANDEN = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)
_WORDS = {"<": "lager dan", "<=": "hoogstens", ">": "meer dan", ">=": "minstens"}
_COMPARISON = re.compile(r"\s*(<=|>=|<|>)\s*(.+?)\s*")


def render_dutch(why: Why, labels: Mapping[str, str]) -> str:
    """Sentences at level B1.

    *labels* gives words by key: `dreiging` for a datum, `dreiging.ontruiming` for one of its values. What has no
    label is shown as it is.
    """
    lines = [f"Besluit: {labels.get(why.name, why.name)}."]
    for required in why.requires:
        lines += render_dutch(required, labels).split("\n")
    for table in why.tables:
        lines += _table(table, labels)
    if not why.tables:
        lines += _facts("Gegevens", why.inputs, labels)
        lines.append(f"Uitkomst: {_value(why.name, why.output, labels)}.")
    return "\n".join(lines)


def _table(table: TableWhy, labels: Mapping[str, str]) -> list[str]:
    if table.used_default:
        return ["Geen enkele regel past. Daarom geldt de standaarduitkomst.", *_outcome(table.output, labels)]
    if not table.rules:
        return ["Geen enkele regel past. Er is dus geen uitkomst."]
    return [line for hit in table.rules for line in _hit(hit, table.hit_policy, labels)]


def _hit(hit: RuleHit, policy: str, labels: Mapping[str, str]) -> list[str]:
    notes = ", ".join(str(text) for _, text in hit.annotations if text)
    lines = [f"Regel {hit.number} geldt{f' ({notes})' if notes else ''}."]
    reasons = [_reason(cell, labels) for cell in hit.cells]
    if reasons:
        lines.append(f"Dat komt hierdoor: {'; '.join(reasons)}.")
    elif policy == "F" and hit.number > 1:
        lines.append("Geen van de regels daarvoor past.")
    else:
        lines.append("Deze regel geldt altijd.")
    return lines + _facts("Uitkomst", hit.outputs, labels)


def _reason(cell: CellOutcome, labels: Mapping[str, str]) -> str:
    said = f"{labels.get(cell.column, cell.column)} is {_value(cell.column, cell.value, labels)}"
    compared = _COMPARISON.fullmatch(cell.test)
    if compared is None or isinstance(cell.value, str):
        return said
    return f"{said} ({_WORDS[compared[1]]} {_bound(compared[2], labels)})"


def _bound(text: str, labels: Mapping[str, str]) -> str:
    try:
        return _number(Decimal(text))
    except ArithmeticError:
        return labels.get(text, text)


def _facts(title: str, pairs: Pairs, labels: Mapping[str, str]) -> list[str]:
    said = [f"{labels.get(name, name)} is {_value(name, value, labels)}" for name, value in pairs]
    return [f"{title}: {'; '.join(said)}."] if said else []


def _outcome(value: Value, labels: Mapping[str, str]) -> list[str]:
    if isinstance(value, dict):
        return _facts("Uitkomst", tuple(value.items()), labels)
    return [f"Uitkomst: {_value('', value, labels)}."]


def _value(name: str, value: Value, labels: Mapping[str, str]) -> str:
    if value is None:
        return "niet bekend"
    if isinstance(value, bool):
        return labels.get(f"{name}.{'true' if value else 'false'}", "ja" if value else "nee")
    if isinstance(value, str):
        return labels.get(f"{name}.{value}", value)
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, list):
        return ", ".join(_value(name, item, labels) for item in value) or "niets"
    if isinstance(value, dict):
        return ", ".join(f"{labels.get(key, key)} {_value(key, item, labels)}" for key, item in value.items())
    if isinstance(value, FeelDate):
        return f"{value.day} {MAANDEN[value.month - 1]} {value.year}"
    return show(value)


def _number(value: Decimal) -> str:
    """
    >>> _number(Decimal("1250.50"))
    '1.250,50'
    """
    return f"{value:,f}".translate({ord(","): ".", ord("."): ","})
