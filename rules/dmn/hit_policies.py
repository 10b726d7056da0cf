"""Hit policies: from the rules that match to the result of the table (DMN 1.5 section 8.2.8 on)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schuldhulp.rules.dmn.errors import AggregationFailed, RulesDiffer, SeveralRulesMatch
from schuldhulp.rules.dmn.model import Place
from schuldhulp.rules.feel.values import Value

Row = tuple[Value, ...]  # the outputs of one rule, in the order of the columns


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that matched, and the outputs that it gives."""

    rule: int
    outputs: Row


@dataclass(frozen=True, slots=True)
class Setting:
    """What a policy may need beside the hits: column names, priorities per column, aggregation, equality."""

    place: Place
    names: tuple[str, ...]  # empty when the table has one output, which then stands for itself
    priorities: tuple[tuple[Value, ...] | None, ...]
    aggregation: str | None
    inputs: Mapping[str, Value]
    equal: Callable[[Value, Value], bool]
    aggregate: Callable[[str, list[Value]], Value]

    def shape(self, row: Row) -> Value:
        """The value of one output, or a context of several by name."""
        return dict(zip(self.names, row, strict=True)) if self.names else row[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The value of the table, and the numbers of the rules that made it."""

    value: Value
    rules: tuple[int, ...]


def unique(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """Exactly one rule. Raises SeveralRulesMatch."""
    if len(hits) > 1:
        raise SeveralRulesMatch(setting.place, [hit.rule for hit in hits], setting.inputs)
    return first(setting, hits)


def any_(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """All rules that match agree. Raises RulesDiffer."""
    for hit in hits[1:]:
        if not all(map(setting.equal, hits[0].outputs, hit.outputs)):
            raise RulesDiffer(setting.place, [hit.rule for hit in hits], setting.inputs)
    return Outcome(setting.shape(hits[0].outputs), tuple(hit.rule for hit in hits))


def first(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """The first rule in the order of the table."""
    return Outcome(setting.shape(hits[0].outputs), (hits[0].rule,))


def priority(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """The rule whose outputs stand highest in the lists of output values."""
    return first(setting, [min(hits, key=lambda hit: _rank(setting, hit))])


def rule_order(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """All results, in the order of the rules."""
    return Outcome([setting.shape(hit.outputs) for hit in hits], tuple(hit.rule for hit in hits))


def output_order(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """All results, in the order of the lists of output values."""
    return rule_order(setting, sorted(hits, key=lambda hit: _rank(setting, hit)))


def collect(setting: Setting, hits: Sequence[Hit]) -> Outcome:
    """All results, or one sum, count, minimum or maximum of them. Raises AggregationFailed."""
    if setting.aggregation is None:
        return rule_order(setting, hits)
    rules = tuple(hit.rule for hit in hits)
    if setting.aggregation == "COUNT":
        return Outcome(Decimal(len(hits)), rules)
    columns = [setting.aggregate(setting.aggregation, list(column)) for column in zip(*(h.outputs for h in hits))]  # noqa: B905
    if not columns or any(value is None for value in columns):
        raise AggregationFailed(setting.place, setting.aggregation, rules)
    return Outcome(setting.shape(tuple(columns)), rules)


def _rank(setting: Setting, hit: Hit) -> tuple[int, ...]:
    """The place of each output in its list of values, columns from left to right; what is not listed comes last."""
    ranks: list[int] = []
    for value, order in zip(hit.outputs, setting.priorities, strict=True):
        if order is not None:
            ranks.append(next((n for n, one in enumerate(order) if setting.equal(one, value)), len(order)))
    return tuple(ranks)


HIT_POLICIES: dict[str, Callable[[Setting, Sequence[Hit]], Outcome]] = {
    "U": unique,
    "A": any_,
    "F": first,
    "P": priority,
    "R": rule_order,
    "O": output_order,
    "C": collect,
}
SEVERAL_RESULTS = frozenset({"R", "O", "C"})  # no hit then means an empty list, not a missing rule
