"""Folding: how each fact changes a case. Never decides, never looks at a clock, never fails on a stored fact.

A released function keeps its meaning for ever; a new meaning is a new fact (see facts.py). tests/golden holds them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Adjournment, Case, Document, Incident, Instance, Suspension, Task, Term
from schuldhulp.engine.model.paths import put, split

_CIVIL = ZoneInfo("Europe/Amsterdam")
_F = TypeVar("_F", bound=f.Fact)
_K = TypeVar("_K")
_V = TypeVar("_V")
Applier = Callable[[Case, Any], Case]
APPLIERS: dict[type[f.Fact], Applier] = {}


def applies(kind: type[_F]) -> Callable[[Callable[[Case, _F], Case]], Callable[[Case, _F], Case]]:
    """Register the function that applies facts of *kind*."""

    def register(function: Callable[[Case, _F], Case]) -> Callable[[Case, _F], Case]:
        APPLIERS[kind] = function
        return function

    return register


def apply(case: Case, fact: f.Fact, at: datetime) -> Case:
    """The case after *fact*, which is the next of its stream."""
    case = replace(case, sequence=case.sequence + 1, at=at)
    applier = APPLIERS.get(type(fact))
    return case if applier is None else applier(case, fact)


def fold(facts: Iterable[tuple[f.Fact, datetime]], case: Case | None = None) -> Case:
    """The case after *facts* (each with its time), from *case* or from nothing."""
    case = Case() if case is None else case
    for fact, at in facts:
        case = apply(case, fact, at)
    return case


def _with(mapping: dict[_K, _V], key: _K, value: _V) -> dict[_K, _V]:
    return {**mapping, key: value}


def _without(mapping: dict[_K, _V], key: _K) -> dict[_K, _V]:
    return {k: v for k, v in mapping.items() if k != key}


def _count(case: Case, kind: str, number: int) -> dict[str, int]:
    return _with(case.counts, kind, max(number, case.counts.get(kind, 0)))


def _instance(case: Case, number: int, **new: Any) -> Case:
    changed = replace(case.instances[number], **new)
    return replace(case, instances=_with(case.instances, number, changed))


def _task(case: Case, number: int, **new: Any) -> Case:
    changed = replace(case.tasks[number], version=case.sequence, **new)
    return replace(case, tasks=_with(case.tasks, number, changed))


def _term(case: Case, number: int, **new: Any) -> Case:
    return replace(case, terms=_with(case.terms, number, replace(case.terms[number], **new)))


def _close_task(case: Case, number: int) -> Case:
    return replace(case, tasks=_without(case.tasks, number))


@applies(f.CaseOpened)
def _(case: Case, fact: f.CaseOpened) -> Case:
    return replace(case, number=fact.number, opened_at=case.at)


@applies(f.CaseClosed)
def _(case: Case, fact: f.CaseClosed) -> Case:
    return replace(case, status="closed")


@applies(f.InstanceStarted)
def _(case: Case, fact: f.InstanceStarted) -> Case:
    assert case.at is not None
    instance = Instance(
        instance=fact.instance,
        module=fact.module,
        process=fact.process,
        deployment=fact.deployment,
        how=fact.how,
        started_at=case.at,
        caller=fact.caller,
        origin=fact.origin,
        origin_module=fact.origin_module,
        shares=fact.shares,
    )
    return replace(
        case,
        instances=_with(case.instances, fact.instance, instance),
        counts=_count(case, "instance", fact.instance),
    )


@applies(f.InstanceEnded)
def _(case: Case, fact: f.InstanceEnded) -> Case:
    """An ended instance leaves the state; the log and the projections keep it."""
    module = case.instances[fact.instance].module
    return replace(
        case,
        instances=_without(case.instances, fact.instance),
        ended=_with(case.ended, module, case.ended.get(module, 0) + 1),
    )


@applies(f.InstanceSuspended)
def _(case: Case, fact: f.InstanceSuspended) -> Case:
    return _instance(case, fact.instance, status="suspended")


@applies(f.InstanceResumed)
def _(case: Case, fact: f.InstanceResumed) -> Case:
    return _instance(case, fact.instance, status="running", held=())


@applies(f.StimulusHeld)
def _(case: Case, fact: f.StimulusHeld) -> Case:
    stimulus = {**fact.stimulus, **f.sealed(fact)}
    return _instance(case, fact.instance, held=(*case.instances[fact.instance].held, stimulus))


@applies(f.InstanceMigrated)
def _(case: Case, fact: f.InstanceMigrated) -> Case:
    """Everything open stays open under its new name; due moments, claims and drafts are untouched."""
    instance, gone = case.instances[fact.instance], {ref for ref, _ in fact.lost}

    def name(element: str) -> str:
        return fact.mapping.get(element, element)

    case = _instance(
        case,
        fact.instance,
        deployment=fact.deployment,
        process=fact.process,
        module=fact.module,
        tokens={token: name(element) for token, element in instance.tokens.items()},
        timers={ref: (name(el), due) for ref, (el, due) in instance.timers.items() if ref not in gone},
        waits={
            ref: (kind, of, name(el), keys) for ref, (kind, of, el, keys) in instance.waits.items() if ref not in gone
        },
        offers={scope: (element, offers) for scope, element, offers in fact.offers},
    )
    for number, element, title, roles, form in fact.tasks:
        if number in case.tasks:
            case = _task(case, number, element=element, name=title, roles=roles, form=form)
    return case


@applies(f.Advanced)
def _(case: Case, fact: f.Advanced) -> Case:
    """Tokens, timers and subscriptions as the executor reported them."""
    instance = case.instances[fact.instance]
    tokens, timers = dict(instance.tokens), dict(instance.timers)
    waits, offers = dict(instance.waits), dict(instance.offers)
    values = f.sealed(fact).get("values", {})
    for position, moved in enumerate(fact.facts):
        match moved["fact"]:
            case "entered":
                tokens[moved["token"]] = moved["element"]
            case "left" | "withdrawn":
                tokens.pop(moved["token"], None)
            case "timer_set":
                timers[moved["timer"]] = (moved["element"], datetime.fromisoformat(moved["due"]))
            case "timer_ended":
                timers.pop(moved["timer"], None)
            case "subscribed":
                keys = values.get(str(position), moved.get("keys", {}))
                waits[moved["subscription"]] = (moved["kind"], moved["name"], moved["element"], keys)
            case "unsubscribed":
                waits.pop(moved["subscription"], None)
            case "adhoc_offered":
                offers[moved["scope"]] = (moved["element"], tuple(moved["offers"]))
            case "scope_closed":
                offers.pop(moved["scope"], None)
    return _instance(case, fact.instance, tokens=tokens, timers=timers, waits=waits, offers=offers)


@applies(f.DataRecorded)
def _(case: Case, fact: f.DataRecorded) -> Case:
    """Values that were erased are simply not there."""
    new = {path: change[1] for part in fact.personal.values() for path, change in part.get("changes", {}).items()}
    data = case.data if fact.instance is None else case.instances[fact.instance].data
    for path in fact.paths:
        if path in new:
            data = put(data, path, new[path])
    if fact.instance is not None:
        return _instance(case, fact.instance, data=data)
    changed = {**case.changed, **{split(path)[0]: case.sequence for path in fact.paths}}
    return replace(case, data=data, changed=changed)


@applies(f.TaskOpened)
def _(case: Case, fact: f.TaskOpened) -> Case:
    assert case.at is not None
    task = Task(
        task=fact.task,
        kind=fact.kind,
        name=fact.name,
        roles=fact.roles,
        opened_at=case.at,
        version=case.sequence,
        instance=fact.instance,
        work=fact.work,
        element=fact.element,
        form=fact.form,
        index=fact.index,
        target=fact.target,
        follow_up=fact.follow_up,
        priority=fact.priority,
        term=fact.term,
        claimed_by=fact.assignee,
        claimed_at=case.at if fact.assignee is not None else None,
        locals=f.sealed(fact).get("locals", {}),
    )
    return replace(case, tasks=_with(case.tasks, fact.task, task), counts=_count(case, "task", fact.task))


@applies(f.TaskClaimed)
def _(case: Case, fact: f.TaskClaimed) -> Case:
    return _task(case, fact.task, claimed_by=fact.account, claimed_at=case.at)


@applies(f.TaskReleased)
def _(case: Case, fact: f.TaskReleased) -> Case:
    return _task(case, fact.task, claimed_by=None, claimed_at=None)


@applies(f.TaskAssigned)
def _(case: Case, fact: f.TaskAssigned) -> Case:
    return _task(case, fact.task, claimed_by=fact.account, claimed_at=case.at)


@applies(f.TaskDeferred)
def _(case: Case, fact: f.TaskDeferred) -> Case:
    until = datetime(fact.until.year, fact.until.month, fact.until.day, tzinfo=_CIVIL)  # never that of the clock it came from
    return _task(case, fact.task, follow_up=until)


@applies(f.TaskCompleted)
def _(case: Case, fact: f.TaskCompleted) -> Case:
    return _close_task(case, fact.task)


@applies(f.TaskSkipped)
def _(case: Case, fact: f.TaskSkipped) -> Case:
    return _close_task(case, fact.task)


@applies(f.JumpedBack)
def _(case: Case, fact: f.JumpedBack) -> Case:
    return _close_task(case, fact.task)


@applies(f.TaskCancelled)
def _(case: Case, fact: f.TaskCancelled) -> Case:
    return _close_task(case, fact.task)


@applies(f.TermStarted)
def _(case: Case, fact: f.TermStarted) -> Case:
    term = Term(
        term=fact.term,
        rule=fact.rule,
        article=fact.article,
        trigger=fact.trigger,
        ends=fact.ends,
        law=fact.law,
        instance=fact.instance,
        element=fact.element,
        target=fact.target,
        other=fact.other,
        length=fact.length,
        committee=fact.committee,
        accepted=fact.accepted,
        anchor=fact.anchor,
        warn_on=fact.warn_on,
    )
    return replace(case, terms=_with(case.terms, fact.term, term), counts=_count(case, "term", fact.term))


@applies(f.TermMet)
def _(case: Case, fact: f.TermMet) -> Case:
    return replace(case, terms=_without(case.terms, fact.term))


@applies(f.TermCancelled)
def _(case: Case, fact: f.TermCancelled) -> Case:
    return replace(case, terms=_without(case.terms, fact.term))


@applies(f.TermMissed)
def _(case: Case, fact: f.TermMissed) -> Case:
    return _term(case, fact.term, told=(*case.terms[fact.term].told, "missed"))


@applies(f.TermWarned)
def _(case: Case, fact: f.TermWarned) -> Case:
    return _term(case, fact.term, told=(*case.terms[fact.term].told, fact.about))


@applies(f.TermSuspended)
def _(case: Case, fact: f.TermSuspended) -> Case:
    suspension = Suspension(
        ground=fact.ground, asked=fact.asked, set_term=fact.set_term, start=fact.start, until=fact.until
    )
    known = case.terms[fact.term].suspensions
    return _moved(case, fact, suspensions=(*known, suspension))


@applies(f.TermResumed)
def _(case: Case, fact: f.TermResumed) -> Case:
    suspensions = list(case.terms[fact.term].suspensions)
    for position, known in enumerate(suspensions):
        if known.ground == fact.ground and known.done is None and known.until is None:
            period = known.start is not None
            suspensions[position] = replace(known, until=fact.on) if period else replace(known, done=fact.on)
    return _moved(case, fact, suspensions=tuple(suspensions))


@applies(f.TermAdjourned)
def _(case: Case, fact: f.TermAdjourned) -> Case:
    more = Adjournment(length=fact.length, unit=fact.unit, on=fact.on, consent=fact.consent)
    return _moved(case, fact, adjournments=(*case.terms[fact.term].adjournments, more))


@applies(f.TermCorrected)
def _(case: Case, fact: f.TermCorrected) -> Case:
    return _moved(case, fact, trigger=fact.trigger, target=fact.target)


@applies(f.TermRecomputed)
def _(case: Case, fact: f.TermRecomputed) -> Case:
    return _moved(case, fact, law=fact.law)


def _moved(case: Case, fact: Any, **new: Any) -> Case:
    """The term with another last day; what was said of the old one may have to be said again."""
    term = case.terms[fact.term]
    told = term.told if fact.ends == term.ends else tuple(about for about in term.told if about == "target")
    return _term(case, fact.term, ends=fact.ends, other=fact.other, warn_on=fact.warn_on, told=told, **new)


@applies(f.LetterMade)
def _(case: Case, fact: f.LetterMade) -> Case:
    document = Document(document=fact.document, letter=fact.letter, instance=fact.instance, element=fact.element)
    return replace(
        case,
        documents=_with(case.documents, fact.document, document),
        counts=_count(case, "document", fact.document),
    )


@applies(f.LetterSent)
def _(case: Case, fact: f.LetterSent) -> Case:
    return replace(case, documents=_without(case.documents, fact.document))


@applies(f.DocumentAdded)
def _(case: Case, fact: f.DocumentAdded) -> Case:
    return replace(
        case,
        papers=_with(case.papers, fact.document, fact.size),
        counts=_count(case, "document", fact.document),
    )


@applies(f.DocumentRemoved)
def _(case: Case, fact: f.DocumentRemoved) -> Case:
    """The number stays taken; it holds no bytes any more."""
    return replace(case, papers=_with(case.papers, fact.document, 0))


@applies(f.MessageReceived)
def _(case: Case, fact: f.MessageReceived) -> Case:
    return replace(case, received=(*case.received[-99:], fact.key))


@applies(f.IncidentRaised)
def _(case: Case, fact: f.IncidentRaised) -> Case:
    incident = Incident(
        incident=fact.incident, code=fact.code, instance=fact.instance, element=fact.element, work=fact.work
    )
    return replace(
        case,
        incidents=_with(case.incidents, fact.incident, incident),
        counts=_count(case, "incident", fact.incident),
    )


@applies(f.Tallied)
def _(case: Case, fact: f.Tallied) -> Case:
    return replace(case, counts=_count(case, "tally", fact.tally))


@applies(f.IncidentResolved)
def _(case: Case, fact: f.IncidentResolved) -> Case:
    return replace(case, incidents=_without(case.incidents, fact.incident))


@applies(f.SubjectErased)
def _(case: Case, fact: f.SubjectErased) -> Case:
    """The values themselves are gone from the log; whoever folds it again simply does not find them."""
    return replace(case, erased=tuple(dict.fromkeys((*case.erased, *fact.subjects))))
