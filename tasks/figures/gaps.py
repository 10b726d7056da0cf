"""What a case lacks that good work asks for (HKZ, NEN 8048; C-Q04): a list for whoever guards quality, with where to look.

Checked are the registrations that every module must have when it ends, the signatures, the proof of sending, and what was
passed by with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.apply import apply
from schuldhulp.engine.model.case import Case, Instance
from schuldhulp.engine.model.paths import items
from schuldhulp.tasks.access import NotYourRole, Person
from schuldhulp.tasks.figures.collect import CONTACTS, MAY_SEE, Period

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing or was passed by. `kind`: goal | contact | signature | proof | term | passed | skipped."""

    case: str
    module: str
    kind: str
    what: str
    on: date


def gaps(engine: Engine, who: Person, period: Period, progress: Progress | None = None) -> tuple[Gap, ...]:
    """The gaps of every module that ended in *period*, by case. Raises NotYourRole."""
    if not MAY_SEE & set(who.roles):
        raise NotYourRole(who.login, "kwaliteitsmedewerker", who.roles)
    since, until = period.instants
    rows = engine.rows("module_runs", since=since, until=until)
    ended = [row for row in rows if row["ended_at"] is not None and since <= row["ended_at"] < until]
    cases = list(dict.fromkeys(str(row["number"]) for row in ended))
    found: list[Gap] = []
    for done, number in enumerate(cases, 1):
        found += _of_case(engine, number, {row["instance"] for row in ended if row["number"] == number})
        if progress is not None:
            progress(done, len(cases))
    return tuple(found)


def _of_case(engine: Engine, number: str, ended: set[int]) -> Iterator[Gap]:
    case, modules = Case(), dict[int, str]()
    for stored in engine.facts(number):
        fact, on = stored.fact, stored.at.astimezone(CIVIL).date()
        if isinstance(fact, f.InstanceStarted):
            modules[fact.instance] = fact.module
        if isinstance(fact, f.InstanceEnded) and fact.instance in ended:
            instance = case.instances[fact.instance]
            yield from _at_the_end(engine.deployment(instance.deployment), case, instance, on)
        if isinstance(fact, f.PreconditionPassed):
            yield Gap(number, _module(case, modules, fact), "passed", fact.requirement, on)
        if isinstance(fact, f.TaskSkipped) and fact.task in case.tasks:
            task = case.tasks[fact.task]
            yield Gap(number, modules.get(task.instance or 0, ""), "skipped", task.name, on)
        if isinstance(fact, f.TermMissed) and fact.term in case.terms:
            term = case.terms[fact.term]
            yield Gap(number, modules.get(term.instance or 0, ""), "term", term.article, on)
        case = apply(case, fact, stored.at)


def _module(case: Case, modules: dict[int, str], fact: f.PreconditionPassed) -> str:
    task = case.tasks.get(fact.task) if fact.task is not None else None
    instance = task.instance if task is not None else fact.instance
    return modules.get(instance, "") if instance is not None else ""


def _at_the_end(deployment: Deployment, case: Case, instance: Instance, on: date) -> Iterator[Gap]:
    """Goals that nobody judged, a module without a contact, a plan without a signature, letters without proof of sending."""
    if instance.module != instance.process:
        return
    for key, entry in deployment.dictionary.entries.items():
        if entry.goal.startswith(f"{instance.module}-") and instance.data.get(key) is None:
            yield Gap(case.number, instance.module, "goal", f"{entry.goal} {entry.label}", on)
    contacts = [one for one in items(case.data.get(CONTACTS)) if one.get("module") == instance.module]
    if not contacts:
        yield Gap(case.number, instance.module, "contact", "geen contact vastgelegd", on)
    signed = case.data.get("plan_getekend_client_op") or case.data.get("plan_getekend_vertegenwoordiger_op")
    if case.data.get("plan_aangeboden_op") and not signed and instance.module == "M5":
        yield Gap(case.number, instance.module, "signature", "plan van aanpak niet getekend", on)
    for document in case.documents.values():
        if document.instance == instance.instance:
            yield Gap(case.number, instance.module, "proof", f"{document.letter} niet verzonden", on)
