"""Runs of modules out of the cases: numbers and days from the lists, goals and hours from the history of what ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from schuldhulp.engine.case.persons import keys_of
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.apply import apply
from schuldhulp.engine.model.case import Case, Instance
from schuldhulp.engine.model.paths import items
from schuldhulp.rules.terms import law
from schuldhulp.tasks.access import NotYourRole, Person
from schuldhulp.tasks.figures.model import Figures, Run, TermFigures, summarise
from schuldhulp.tasks.figures.returning import HELP_ENDED, completed_aftercare, day_of, returns_of, with_returns

MAY_SEE = frozenset({"teamleider", "kwaliteitsmedewerker", "auditor"})
CONTACTS, EFFECT, SATISFACTION = "contactmomenten", "effect_client", "tevredenheid"
TOPICS = ("schuldoorzaken",)
"""Sets of the file that are counted over time, to see what causes debts (C-Q03)."""
PROBLEM_DOMAINS = "leefgebieden"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included."""

    first: date
    last: date

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """From the first moment of the first day to the first moment after the last."""
        begin = datetime.combine(self.first, time.min, CIVIL)
        return begin, datetime.combine(self.last + timedelta(days=1), time.min, CIVIL)


def quarters(today: date, count: int = 5) -> tuple[Period, ...]:
    """This quarter and those before it, newest first."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    found = []
    for _ in range(count):
        last = (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)
        found.append(Period(first, last))
        first = (first - timedelta(days=1)).replace(day=1) - timedelta(days=32 + 27)
        first = date(first.year, 3 * ((first.month - 1) // 3) + 1, 1)
    return tuple(found)


def collect(engine: Engine, who: Person, period: Period, progress: Progress | None = None) -> Figures:
    """The figures of *period*. Raises NotYourRole; *progress* hears how many cases of how many are done."""
    if not MAY_SEE & set(who.roles):
        raise NotYourRole(who.login, "kwaliteitsmedewerker", who.roles)
    since, until = period.instants
    rows = engine.rows("module_runs", since=since, until=until)
    cases = [(number, list(of)) for number, of in groupby(rows, key=lambda row: str(row["number"]))]
    runs: list[Run] = []
    aftercare: list[tuple[str, Run]] = []
    for done, (number, of) in enumerate(cases, 1):
        ended = {row["instance"] for row in of if row["ended_at"] is not None and row["ended_at"] < until}
        told = _told(engine, number, ended) if ended else {}
        own = [replace(told.get(row["instance"], _run(row)), **_dates(row)) for row in of]
        runs += own
        aftercare += [(number, run) for run in own if completed_aftercare(run, period.last)]
        if progress is not None:
            progress(done, len(cases))
    current = engine.deployment()
    titles = {key: _title(graph.properties) or key for key, graph in current.modules.items()}
    goals = {entry.goal: entry.label for entry in current.dictionary.entries.values() if entry.goal}
    found = summarise(runs, period.first, period.last, titles, goals, _terms(engine, period))
    return with_returns(found, returns_of(engine, aftercare)) if aftercare else found


def _run(row: Mapping[str, Any]) -> Run:
    return Run(row["module"], started=_day(row["started_at"]))


def _dates(row: Mapping[str, Any]) -> dict[str, Any]:
    ended = row["ended_at"]
    return {"started": _day(row["started_at"]), "ended": _day(ended) if ended else None, "status": row["status"]}


def _day(at: datetime) -> date:
    return at.astimezone(CIVIL).date()


def _title(properties: Iterable[tuple[str, str, object]]) -> str | None:
    return next((value for name, value, _ in properties if name == "title"), None)


def _told(engine: Engine, number: str, ended: set[int]) -> dict[int, Run]:
    """What the file and each of the *ended* instances held at the moment it ended."""
    case, found = Case(), dict[int, Run]()
    for stored in engine.facts(number):
        fact = stored.fact
        if isinstance(fact, f.InstanceEnded) and fact.instance in ended:
            instance = case.instances[fact.instance]
            found[fact.instance] = _ended(engine.deployment(instance.deployment), case, instance, stored.at)
        case = apply(case, fact, stored.at)
    return found


def _ended(deployment: Deployment, case: Case, instance: Instance, at: datetime) -> Run:
    dictionary = deployment.dictionary
    goals = {
        entry.goal: str(instance.data[key])
        for key, entry in dictionary.entries.items()
        if entry.goal.startswith(f"{instance.module}-") and instance.data.get(key) is not None
    }
    topics = {key: tuple(case.data[key]) for key in TOPICS if isinstance(case.data.get(key), list)}
    looked_at = items(case.data.get(PROBLEM_DOMAINS))
    domains = [str(item["gebied"]) for item in looked_at if item.get("probleem") and item.get("gebied")]
    return Run(
        instance.module,
        started=_day(instance.started_at),
        minutes=_minutes(case, instance, at),
        goals=goals,
        effect=instance.data.get(EFFECT),
        satisfaction=instance.data.get(SATISFACTION),
        help_ended=day_of(case.data.get(HELP_ENDED)),
        persons=keys_of(case),
        topics={**topics, **({PROBLEM_DOMAINS: tuple(domains)} if domains else {})},
    )


def _minutes(case: Case, instance: Instance, at: datetime) -> int:
    """Minutes of the contacts of this module between the start and the end of the instance."""
    total = 0
    for contact in items(case.data.get(CONTACTS)):
        when = contact.get("op")
        if contact.get("module") == instance.module and isinstance(when, str) and contact.get("minuten"):
            moment = datetime.fromisoformat(when)
            # A contact is often written down after it happened, on the day the module began as well.
            if _day(instance.started_at) <= _day(moment) <= _day(at):
                total += int(contact["minuten"])
    return total


def _terms(engine: Engine, period: Period) -> dict[str, Sequence[TermFigures]]:
    """By module: how its terms ended in the period."""
    counts: dict[tuple[str, str], list[int]] = {}
    names: dict[str, str] = {}
    for row in engine.rows("terms_in_period", first=period.first, last=period.last):
        count = counts.setdefault((row["module"] or "", row["rule"]), [0, 0, 0])
        names[row["rule"]] = law().rule(row["rule"], row["trigger"]).name
        if row["status"] == "cancelled":
            count[2] += 1
        elif row["status"] == "met":
            count[0] += 1
        elif row["status"] in ("late", "missed"):
            count[1] += 1
    found: dict[str, list[TermFigures]] = {}
    for (module, rule), (met, late, cancelled) in sorted(counts.items()):
        if met or late or cancelled:
            found.setdefault(module, []).append(TermFigures(rule, names[rule], met, late, cancelled))
    return dict(found)
