"""Projections: which rows each fact leaves for the lists people look at. Pure, and the same when a case is folded anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from schuldhulp.engine.case.terms import due_moment
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case, Task, Term
from schuldhulp.engine.model.rows import Row

TITLE_KEYS = ("client_naam", "naam")
"""The datum that a case is called by in lists (sealed)."""


def stream_of(number: str) -> str:
    """The stream of a case."""
    return f"case/{number}"


def project(before: Case, after: Case, fact: f.Fact, by: f.Actor) -> list[Row]:
    """The rows to write for *fact*, which leads from *before* to *after*."""
    function = _ROWS.get(type(fact))
    return [] if function is None else function(before, after, fact, by)


def _row(table: str, case: Case, key: dict[str, Any], values: dict[str, Any] | None) -> Row:
    return Row(table, {"case": stream_of(case.number), **key}, values)


def _case_opened(before: Case, after: Case, fact: f.CaseOpened, by: f.Actor) -> list[Row]:
    return [_row("cases", after, {}, {"number": fact.number, "opened_at": after.at, "status": "open"})]


def _case_closed(before: Case, after: Case, fact: f.CaseClosed, by: f.Actor) -> list[Row]:
    return [_row("cases", after, {}, {"status": "closed", "closed_at": after.at})]


def _instance_started(before: Case, after: Case, fact: f.InstanceStarted, by: f.Actor) -> list[Row]:
    values = {
        "module": fact.module,
        "process": fact.process,
        "deployment": fact.deployment,
        "status": "running",
        "started_at": after.at,
    }
    return [_row("instances", after, {"instance": fact.instance}, values)]


def _instance_ended(before: Case, after: Case, fact: f.InstanceEnded, by: f.Actor) -> list[Row]:
    rows = [_row("instances", after, {"instance": fact.instance}, {"status": fact.how, "ended_at": after.at})]
    gone = before.instances[fact.instance]
    rows += [
        _row("timers", after, {"kind": "bpmn", "instance": fact.instance, "ref": ref}, None) for ref in gone.timers
    ]
    rows += [_row("subscriptions", after, {"instance": fact.instance, "ref": ref}, None) for ref in gone.waits]
    return rows


def _instance_status(before: Case, after: Case, fact: Any, by: f.Actor) -> list[Row]:
    status = after.instances[fact.instance].status
    return [_row("instances", after, {"instance": fact.instance}, {"status": status})]


def _instance_migrated(before: Case, after: Case, fact: f.InstanceMigrated, by: f.Actor) -> list[Row]:
    instance = {"instance": fact.instance}
    values = {"module": fact.module, "process": fact.process, "deployment": fact.deployment}
    rows = [_row("instances", after, instance, values)]
    old = before.instances[fact.instance]
    for ref, _ in fact.lost:
        if ref in old.timers:
            rows.append(_row("timers", after, {"kind": "bpmn", **instance, "ref": ref}, None))
        elif ref in old.waits:
            rows.append(_row("subscriptions", after, {**instance, "ref": ref}, None))
    moved = (task for task in after.tasks.values() if task.instance == fact.instance)
    return rows + [_row("tasks", after, {"task": task.task}, _task_values(after, task)) for task in moved]


def _advanced(before: Case, after: Case, fact: f.Advanced, by: f.Actor) -> list[Row]:
    old, new = before.instances[fact.instance], after.instances[fact.instance]
    rows = []
    for ref in old.timers.keys() | new.timers.keys():
        if old.timers.get(ref) != new.timers.get(ref):
            due = {"due": new.timers[ref][1]} if ref in new.timers else None
            rows.append(_row("timers", after, {"kind": "bpmn", "instance": fact.instance, "ref": ref}, due))
    for ref in old.waits.keys() | new.waits.keys():
        if old.waits.get(ref) != new.waits.get(ref):
            waits = {"kind": new.waits[ref][0], "name": new.waits[ref][1]} if ref in new.waits else None
            rows.append(_row("subscriptions", after, {"instance": fact.instance, "ref": ref}, waits))
    return rows


def _data(before: Case, after: Case, fact: f.DataRecorded, by: f.Actor) -> list[Row]:
    for key in TITLE_KEYS:
        if fact.instance is None and key in fact.paths:
            for subject, part in fact.personal.items():
                if key in part.get("changes", {}):
                    title = str(part["changes"][key][1] or "")
                    case = {"case": stream_of(after.number)}
                    return [Row("cases", case, {}, {"title_sealed": (subject, title)})]
    return []


def _task_values(after: Case, task: Task) -> dict[str, Any]:
    term = after.terms.get(task.term) if task.term is not None else None
    instance = after.instances.get(task.instance) if task.instance is not None else None
    return {
        "status": "open",
        "kind": task.kind,
        "instance": task.instance,
        "module": instance.module if instance else None,
        "element": task.element,
        "name": task.name,
        "roles": task.roles,
        "form": task.form,
        "claimed_by": task.claimed_by,
        "claimed_at": task.claimed_at,
        "opened_at": task.opened_at,
        "target": task.target,
        "fatal": term.ends if term else None,
        "follow_up": task.follow_up,
        "priority": task.priority,
        "version": task.version,
    }


def _task(before: Case, after: Case, fact: Any, by: f.Actor) -> list[Row]:
    return [_row("tasks", after, {"task": fact.task}, _task_values(after, after.tasks[fact.task]))]


def _task_ended(status: str) -> Callable[[Case, Case, Any, f.Actor], list[Row]]:
    def rows(before: Case, after: Case, fact: Any, by: f.Actor) -> list[Row]:
        values = {"status": status, "ended_by": by.account, "ended_at": after.at, "version": after.sequence}
        return [_row("tasks", after, {"task": fact.task}, values)]

    return rows


def _term_rows(after: Case, term: Term, status: str) -> list[Row]:
    values = {
        "rule": term.rule,
        "article": term.article,
        "instance": term.instance,
        "trigger": term.trigger,
        "ends": term.ends,
        "target": term.target,
        "other": term.other,
        "status": status,
    }
    rows = [_row("terms", after, {"term": term.term}, values), _term_timer(after, term.term, due_moment(term))]
    rows += [
        _row("tasks", after, {"task": task.task}, {"fatal": term.ends})
        for task in after.tasks.values()
        if task.term == term.term
    ]
    return rows


def _term_timer(after: Case, term: int, due: datetime | None) -> Row:
    """`instance` 0: the timer belongs to the case."""
    key = {"kind": "term", "instance": 0, "ref": term}
    return _row("timers", after, key, None if due is None else {"due": due.astimezone(UTC)})


def _term(before: Case, after: Case, fact: Any, by: f.Actor) -> list[Row]:
    term = after.terms[fact.term]
    return _term_rows(after, term, _status(after, term))


def _status(after: Case, term: Term) -> str:
    assert after.at is not None
    today = after.at.astimezone(CIVIL).date()
    waiting = [s for s in term.suspensions if s.done is None and s.until is None]
    if term.missed:
        return "missed"
    return "suspended" if any(s.set_term is None or s.set_term >= today for s in waiting) else "running"


def _term_met(before: Case, after: Case, fact: f.TermMet, by: f.Actor) -> list[Row]:
    values = {"status": "late" if fact.late else "met", "ended_on": fact.on}
    return [_row("terms", after, {"term": fact.term}, values), _term_timer(after, fact.term, None)]


def _tallied(before: Case, after: Case, fact: f.Tallied, by: f.Actor) -> list[Row]:
    values = {"name": fact.name, "day": fact.on, "cents": fact.cents, "at": after.at}
    return [_row("tallies", after, {"tally": fact.tally}, values)]


def _term_cancelled(before: Case, after: Case, fact: f.TermCancelled, by: f.Actor) -> list[Row]:
    assert after.at is not None
    values = {"status": "cancelled", "ended_on": after.at.astimezone(CIVIL).date()}
    return [_row("terms", after, {"term": fact.term}, values), _term_timer(after, fact.term, None)]


def _letter_made(before: Case, after: Case, fact: f.LetterMade, by: f.Actor) -> list[Row]:
    values = {"letter": fact.letter, "instance": fact.instance, "status": "draft"}
    return [_row("documents", after, {"document": fact.document}, values)]


def _letter_sent(before: Case, after: Case, fact: f.LetterSent, by: f.Actor) -> list[Row]:
    values = {"status": "sent", "sent_on": fact.on, "channel": fact.channel}
    return [_row("documents", after, {"document": fact.document}, values)]


def _letter_printed(before: Case, after: Case, fact: f.LetterPrinted, by: f.Actor) -> list[Row]:
    return [_row("documents", after, {"document": fact.document}, {"status": "printed"})]


def _document_added(before: Case, after: Case, fact: f.DocumentAdded, by: f.Actor) -> list[Row]:
    values = {
        "task": fact.task,
        "instance": fact.instance,
        "media_type": fact.media_type,
        "size": fact.size,
        "added_by": by.account,
        "added_at": after.at,
    }
    key = {"case": stream_of(after.number), "document": fact.document}
    told = [(subject, json.dumps(details, ensure_ascii=False, sort_keys=True)) for subject, details in fact.personal.items()]
    return [Row("papers", key, values, {"details_sealed": told[0]} if told else {})]


def _document_removed(before: Case, after: Case, fact: f.DocumentRemoved, by: f.Actor) -> list[Row]:
    return [_row("papers", after, {"document": fact.document}, {"removed_at": after.at, "details_sealed": None})]


def _incident(before: Case, after: Case, fact: f.IncidentRaised, by: f.Actor) -> list[Row]:
    values = {
        "instance": fact.instance,
        "element": fact.element,
        "code": fact.code,
        "status": "open",
        "raised_at": after.at,
    }
    return [_row("incidents", after, {"incident": fact.incident}, values)]


def _incident_resolved(before: Case, after: Case, fact: f.IncidentResolved, by: f.Actor) -> list[Row]:
    return [_row("incidents", after, {"incident": fact.incident}, {"status": "resolved"})]


_ROWS: dict[type[f.Fact], Callable[[Case, Case, Any, f.Actor], list[Row]]] = {
    f.CaseOpened: _case_opened,
    f.CaseClosed: _case_closed,
    f.InstanceStarted: _instance_started,
    f.InstanceEnded: _instance_ended,
    f.InstanceSuspended: _instance_status,
    f.InstanceResumed: _instance_status,
    f.InstanceMigrated: _instance_migrated,
    f.Advanced: _advanced,
    f.DataRecorded: _data,
    f.TaskOpened: _task,
    f.TaskClaimed: _task,
    f.TaskReleased: _task,
    f.TaskAssigned: _task,
    f.TaskDeferred: _task,
    f.TaskCompleted: _task_ended("done"),
    f.TaskSkipped: _task_ended("skipped"),
    f.JumpedBack: _task_ended("skipped"),
    f.TaskCancelled: _task_ended("cancelled"),
    f.Tallied: _tallied,
    f.TermStarted: _term,
    f.TermWarned: _term,
    f.TermMissed: _term,
    f.TermSuspended: _term,
    f.TermResumed: _term,
    f.TermAdjourned: _term,
    f.TermCorrected: _term,
    f.TermRecomputed: _term,
    f.TermMet: _term_met,
    f.TermCancelled: _term_cancelled,
    f.LetterMade: _letter_made,
    f.LetterSent: _letter_sent,
    f.LetterPrinted: _letter_printed,
    f.DocumentAdded: _document_added,
    f.DocumentRemoved: _document_removed,
    f.IncidentRaised: _incident,
    f.IncidentResolved: _incident_resolved,
}
