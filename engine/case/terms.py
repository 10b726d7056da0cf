"""Terms in a case: started, met, moved and missed by what happens in the processes (law: rules/terms)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schuldhulp.engine.bpmn.graph import Graph, Node
from schuldhulp.engine.bpmn.run.contract import Purpose, Question, TimerMoved
from schuldhulp.engine.case.errors import NotNow
from schuldhulp.engine.case.evaluate import answering, date_of, holds, value_of, whole_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Term
from schuldhulp.rules.terms import Computed, Rule, add_working_days, compute

WARN_BEFORE = 5
"""Working days before the last day on which somebody is warned, unless `p.termijn_waarschuwing` says otherwise."""

_DAY = timedelta(days=1)

_BINDING = re.compile(
    r"\s*(?P<rule>[\w.-]+)"
    r"(?:\s+(?:from|on)\s+(?P<on>.+?))?(?:\s+target\s+(?P<target>.+?))?"
    r"(?:\s+length\s+(?P<length>.+?))?(?:\s+when\s+(?P<when>.+?))?\s*",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a `term.*` property says: RULE [from|on FEEL] [target FEEL] [length FEEL] [when FEEL], in this order."""

    rule: str
    on: str | None
    target: str | None
    length: str | None
    when: str | None

    @classmethod
    def read(cls, text: str) -> Binding:
        """Raises ValueError when *text* is no binding."""
        match = _BINDING.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not RULE [from FEEL] [target FEEL] [length FEEL] [when FEEL]")
        return cls(**match.groupdict())


def bind(turn: Turn, instance: int, element: str, node: Node | Graph) -> None:
    """Carry out the `term.*` properties of a node that was completed, or of a process that starts."""
    for name, text, _ in node.properties:
        if name not in ("term.start", "term.meet", "term.cancel"):
            continue
        binding = Binding.read(text)
        if binding.when is not None and not holds(turn, instance, element, binding.when):
            continue
        on = turn.world.today if binding.on is None else date_of(turn, instance, element, binding.on)
        if on is None:
            raise NotNow(f"{element}: {name} {binding.rule}: the date {binding.on!r} is not known yet.")
        match name:
            case "term.start":
                _start_bound(turn, instance, element, binding, on)
            case "term.meet":
                meet(turn, binding.rule, on)
            case "term.cancel":
                cancel(turn, binding.rule, f"{element} in {node.name or element}")


def _start_bound(turn: Turn, instance: int, element: str, binding: Binding, on: date) -> None:
    target = None if binding.target is None else date_of(turn, instance, element, binding.target)
    length = None if binding.length is None else value_of(turn, instance, element, binding.length)
    count = None if length is None else whole_of(element, binding.length or "", length)
    start(turn, binding.rule, on, instance=instance, element=element, target=target, length=count)


def start(
    turn: Turn,
    rule: str,
    trigger: date,
    *,
    instance: int | None = None,
    element: str | None = None,
    target: date | None = None,
    length: int | None = None,
) -> None:
    """A term begins. One that runs already under the same rule in this instance from the same day is left alone; from
    another day it is replaced."""
    for term in turn.case.terms.values():
        if term.rule == rule and term.instance == instance:
            if term.trigger == trigger:
                return
            turn.record(f.TermCancelled(term=term.term, why="vervangen"))
    found = turn.world.law.rule(rule, trigger)
    computed = _compute(turn, found, trigger, length)
    turn.record(
        f.TermStarted(
            term=turn.case.next("term"),
            rule=rule,
            article=found.basis,
            instance=instance,
            element=element,
            trigger=trigger,
            ends=computed.ends,
            law=turn.world.law.version,
            target=target if target is not None and target < computed.ends else None,
            other=computed.other_reading,
            length=length,
            warn_on=_warn_on(turn, computed.ends, trigger),
        )
    )
    _move_timers(turn, rule)


def meet(turn: Turn, rule: str, on: date) -> None:
    """Every running term under *rule* is met on that day; late when it is after the last day."""
    for term in list(turn.case.terms.values()):
        if term.rule == rule:
            turn.record(f.TermMet(term=term.term, on=on, late=on > term.ends))
            _close_escalations(turn, term.term)


def cancel(turn: Turn, rule: str, why: str) -> None:
    for term in list(turn.case.terms.values()):
        if term.rule == rule:
            turn.record(f.TermCancelled(term=term.term, why=why))
            _close_escalations(turn, term.term)


def fire(turn: Turn, number: int) -> None:
    """What is due on a term today: the warning before, the organisation's own date, the last day that passed."""
    term = turn.case.terms.get(number)
    if term is None:
        return
    due = [about for about, day in due_days(term) if day <= turn.world.today]
    for about in ["missed"] if "missed" in due else due:
        _fire(turn, term, about)


def _fire(turn: Turn, term: Term, about: str) -> None:
    rule = turn.world.law.rule(term.rule, term.trigger)
    if about != "missed":
        turn.record(f.TermWarned(term=term.term, about=about, on=turn.world.today))
    elif not rule.can_be_missed:
        turn.record(f.TermCancelled(term=term.term, why="verstreken"))
    else:
        turn.record(f.TermMissed(term=term.term, on=turn.world.today))
        _escalate(turn, term, f"Termijn verstreken: {rule.name}")
    if about == "target":
        _escalate(turn, term, f"Streefdatum voorbij: {rule.name}")


def due_days(term: Term) -> list[tuple[str, date]]:
    """What is still to be said of a term, with the day from which. Nothing while it stands still without an end."""
    if term.endless or term.missed:
        return []
    days = [
        ("warning", term.warn_on),
        ("target", term.target + _DAY if term.target else None),
        ("missed", term.ends + _DAY),
    ]
    return [(about, day) for about, day in days if day is not None and about not in term.told]


def due_moment(term: Term) -> datetime | None:
    """The first moment at which something is due on a term."""
    days = [day for _, day in due_days(term)]
    return datetime.combine(min(days), time(), CIVIL) if days else None


def _escalate(turn: Turn, term: Term, name: str) -> None:
    turn.record(
        f.TaskOpened(
            task=turn.case.next("task"),
            kind="escalation",
            instance=term.instance if term.instance in turn.case.instances else None,
            work=None,
            element=None,
            name=name,
            roles=("teamleider",),
            priority=90,
            term=term.term,
        )
    )


def _close_escalations(turn: Turn, term: int) -> None:
    for task in list(turn.case.tasks.values()):
        if task.kind == "escalation" and task.term == term:
            turn.record(f.TaskCancelled(task=task.task))


def _compute(turn: Turn, rule: Rule, trigger: date, length: int | None) -> Computed:
    return compute(rule, trigger, calendar=turn.world.calendar, readings=turn.world.readings, length=length)


def _warn_on(turn: Turn, ends: date, trigger: date) -> date | None:
    """Some working days before the last day; never on or before the day of the trigger."""
    configured = turn.world.deployment.parameters.on(turn.world.today).get("termijn_waarschuwing", WARN_BEFORE)
    day = add_working_days(ends, -int(configured), turn.world.calendar)
    return day if day > trigger else None


def _move_timers(turn: Turn, rule: str) -> None:
    """Timers that a designer bound to *rule* are set anew, in the same command."""
    for instance in list(turn.case.instances.values()):
        graph = turn.deployment_of(instance.instance).graph(instance.process)
        for timer, (element, due) in instance.timers.items():
            node = graph.nodes[element]
            if node.property("term.timer") != rule:
                continue
            for definition in node.definitions:
                if definition.expression is None or definition.timer is None:
                    continue
                question = Question(element=element, purpose=Purpose.TIMER, expression=definition.expression, locals={})
                answer = answering(turn, instance.instance)(question)
                if answer.first != due:
                    turn.pending.append((instance.instance, TimerMoved(timer=timer, due=answer.first)))
