"""Figures as values, and how they follow from the runs of modules. Nothing here names a case or a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from schuldhulp.rules.dictionary import OUTCOMES


@dataclass(frozen=True, slots=True)
class Run:
    """One module instance. `ended` None: still running. `goals`: id -> outcome; `effect`, `satisfaction`: 1 to 10, as the
    client said; `topics`: kind -> codes, such as causes of the debts."""

    module: str
    started: date
    ended: date | None = None
    status: str = "running"
    minutes: int = 0
    goals: Mapping[str, str] = field(default_factory=dict)
    effect: int | None = None
    satisfaction: int | None = None
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    help_ended: date | None = None
    persons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Returns:
    """Of those whose aftercare was completed (M10-G03): who applied again within so many `months` after their help ended, who did
    not, and of whom it is too early to say."""

    months: int
    back: int
    stayed: int
    early: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Of some numbers: how many, the middle one, the one below which nine of ten lie, and the mean to one decimal."""

    count: int
    median: Decimal
    p90: Decimal
    mean: Decimal


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """Outcomes of one goal: outcome -> how often."""

    goal: str
    label: str
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TermFigures:
    """A rule of the law or of policy: how often met in time, too late or not met at all, cancelled."""

    rule: str
    name: str
    met: int
    late: int
    cancelled: int


@dataclass(frozen=True, slots=True)
class ModuleFigures:
    """`days`: from start to end, of the runs that ended in the period; `hours`: contact hours of those. `months`: first day of a
    month -> (started, ended)."""

    module: str
    title: str
    started: int
    running: int
    ended: Mapping[str, int]
    days: Spread | None
    hours: Spread | None
    hours_total: Decimal
    effect: Spread | None
    satisfaction: Spread | None
    goals: tuple[GoalFigures, ...]
    terms: tuple[TermFigures, ...]
    months: Mapping[date, tuple[int, int]]
    topics: Mapping[str, Mapping[str, int]]
    returns: Returns | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a period, both days included."""

    first: date
    last: date
    modules: tuple[ModuleFigures, ...]

    @property
    def empty(self) -> bool:
        return not self.modules


def summarise(
    runs: Sequence[Run],
    first: date,
    last: date,
    titles: Mapping[str, str],
    goals: Mapping[str, str],
    terms: Mapping[str, Sequence[TermFigures]],
) -> Figures:
    """Figures per module, in the order of their names. *goals*: label of each goal by its id."""
    modules = sorted({run.module for run in runs}, key=_by_number)
    made = (_module(m, [r for r in runs if r.module == m], first, last, titles, goals, terms.get(m, ())) for m in modules)
    return Figures(first, last, tuple(made))


def _by_number(module: str) -> tuple[bool, int, str]:
    digits = module[1:]
    return (not digits.isdigit(), int(digits) if digits.isdigit() else 0, module)


def _module(
    module: str,
    runs: Sequence[Run],
    first: date,
    last: date,
    titles: Mapping[str, str],
    goals: Mapping[str, str],
    terms: Sequence[TermFigures],
) -> ModuleFigures:
    over = [run for run in runs if run.ended is not None and first <= run.ended <= last]
    minutes = [Decimal(run.minutes) / 60 for run in over]
    return ModuleFigures(
        module=module,
        title=titles.get(module, module),
        started=sum(first <= run.started <= last for run in runs),
        running=sum(run.ended is None or run.ended > last for run in runs),
        ended=dict(Counter(run.status for run in over).most_common()),
        days=spread(Decimal((run.ended - run.started).days) for run in over if run.ended is not None),
        hours=spread(minutes),
        hours_total=_tenth(sum(minutes, Decimal(0))),
        effect=spread(Decimal(run.effect) for run in over if run.effect is not None),
        satisfaction=spread(Decimal(run.satisfaction) for run in over if run.satisfaction is not None),
        goals=tuple(_goals(over, goals)),
        terms=tuple(terms),
        months=_months(runs, first, last),
        topics=_topics(over),
    )


def _goals(over: Sequence[Run], labels: Mapping[str, str]) -> Iterable[GoalFigures]:
    for goal in sorted({goal for run in over for goal in run.goals}):
        count = Counter(run.goals[goal] for run in over if goal in run.goals)
        yield GoalFigures(goal, labels.get(goal, goal), {outcome: count[outcome] for outcome in OUTCOMES})


def _topics(over: Sequence[Run]) -> dict[str, dict[str, int]]:
    found: dict[str, Counter[str]] = {}
    for run in over:
        for kind, codes in run.topics.items():
            found.setdefault(kind, Counter()).update(codes)
    return {kind: dict(count.most_common()) for kind, count in sorted(found.items())}


def _months(runs: Sequence[Run], first: date, last: date) -> dict[date, tuple[int, int]]:
    started = Counter(run.started.replace(day=1) for run in runs if first <= run.started <= last)
    ended = Counter(run.ended.replace(day=1) for run in runs if run.ended is not None and first <= run.ended <= last)
    months, month = {}, first.replace(day=1)
    while month <= last:
        months[month] = (started[month], ended[month])
        month = (month.replace(year=month.year + 1, month=1)) if month.month == 12 else month.replace(month=month.month + 1)
    return months


def spread(values: Iterable[Decimal]) -> Spread | None:
    """None of no values. The median of an even number is the mean of the two in the middle.

    >>> spread([Decimal(4), Decimal(1), Decimal(3), Decimal(2)])
    Spread(count=4, median=Decimal('2.5'), p90=Decimal('4.0'), mean=Decimal('2.5'))
    """
    ordered = sorted(values)
    count = len(ordered)
    if not count:
        return None
    median = (ordered[(count - 1) // 2] + ordered[count // 2]) / 2
    ninth = ordered[-(-count * 9 // 10) - 1]
    return Spread(count, _tenth(median), _tenth(ninth), _tenth(sum(ordered, Decimal(0)) / count))


def _tenth(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)
