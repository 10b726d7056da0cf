"""Terms in a case: started, met, moved and missed by what happens in the processes (law: rules/terms)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from schuldhulp.engine.bpmn.graph import Graph, Node
from schuldhulp.engine.bpmn.run.contract import Purpose, Question, TimerMoved
from schuldhulp.engine.case.errors import NoSuchThing, NotNow, TermRefused
from schuldhulp.engine.case.evaluate import answering, date_of, holds, value_of, whole_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case, Term
from schuldhulp.rules.terms import Adjournment, GroundKind, Suspension, TermError, Unit, add_working_days, running
from schuldhulp.rules.terms.running import Counting, DelayNotice, RunningTerm

INVITATION = "4:15-1-a"
"""The ground of an invitation to complete the application (Awb 4:5)."""
WARN_BEFORE = 5
"""Working days before the last day on which somebody is warned, unless `p.termijn_waarschuwing` says otherwise."""

_DAY = timedelta(days=1)

KEYWORDS = (
    "amount",
    "from",
    "on",
    "to",
    "target",
    "length",
    "unit",
    "ground",
    "committee",
    "accepted",
    "consent",
    "reason",
    "when",
)
_PART = re.compile(rf"\s({'|'.join(KEYWORDS)})\s")


@dataclass(frozen=True, slots=True)
class Binding:
    """What a `term.*` property says: RULE, then keywords in any order, each followed by FEEL (`ground` by a ground)."""

    rule: str
    parts: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> Binding:
        """Raises ValueError when *text* is no binding."""
        rule, *rest = _PART.split(f" {text.strip()} ")
        words, texts = rest[::2], [part.strip() for part in rest[1::2]]
        if not re.fullmatch(r"[\w.-]+", rule.strip()) or not all(texts) or len(set(words)) < len(words):
            raise ValueError(f"{text!r} is not RULE [{' FEEL] ['.join(KEYWORDS)} FEEL]")
        return cls(rule.strip(), dict(zip(words, texts, strict=True)))

    @property
    def on(self) -> str | None:
        return self.parts.get("from") or self.parts.get("on")


def bind(turn: Turn, instance: int, element: str, node: Node | Graph) -> None:
    """Carry out the `term.*` properties of a node that was completed, or of a process that starts."""
    for name, text, _ in node.properties:
        act = _ACTS.get(name)
        if act is None:
            continue
        binding = Binding.read(text)
        when = binding.parts.get("when")
        if when is not None and not holds(turn, instance, element, when):
            continue
        on = turn.world.today if binding.on is None else date_of(turn, instance, element, binding.on)
        if on is None:
            raise NotNow(f"{element}: {name} {binding.rule}: the date {binding.on!r} is not known yet.")
        try:
            act(turn, instance, element, binding, on)
        except TermError as error:
            raise TermRefused(f"{element}: {name} {binding.rule}: {error}") from error


def _start_bound(turn: Turn, instance: int, element: str, binding: Binding, on: date) -> None:
    length, committee = binding.parts.get("length"), binding.parts.get("committee")
    count = None if length is None else whole_of(element, length, value_of(turn, instance, element, length))
    start(
        turn,
        binding.rule,
        on,
        instance=instance,
        element=element,
        target=_date(turn, instance, element, binding, "target"),
        length=count,
        committee=committee is not None and holds(turn, instance, element, committee),
        accepted=_date(turn, instance, element, binding, "accepted"),
    )


def _date(turn: Turn, instance: int, element: str, binding: Binding, part: str) -> date | None:
    text = binding.parts.get(part)
    return None if text is None else date_of(turn, instance, element, text)


def _suspend_bound(turn: Turn, instance: int, element: str, binding: Binding, on: date) -> None:
    """`to`: last day set for an answer (invitation), or last day of a period."""
    ground = turn.world.law.ground(binding.parts.get("ground", INVITATION))
    to = _date(turn, instance, element, binding, "to")
    if ground.kind is GroundKind.PERIOD:
        suspension = Suspension(ground.id, from_=on, until=to)
    else:
        suspension = Suspension(ground.id, asked=on, set_term=to)
    for term in _running(turn, binding.rule):
        suspend(turn, term.term, suspension, "")


def _resume_bound(turn: Turn, instance: int, element: str, binding: Binding, on: date) -> None:
    for term in _running(turn, binding.rule):
        if any(s.done is None and s.until is None for s in term.suspensions):
            resume(turn, term.term, on, binding.parts.get("ground"))


def _adjourn_bound(turn: Turn, instance: int, element: str, binding: Binding, on: date) -> None:
    """`length` units (weeks unless `unit` names another) more, for a reason, with consent when that holds."""
    text, consent, why = (binding.parts.get(part) for part in ("length", "consent", "reason"))
    if text is None or why is None:
        raise NotNow(f"{element}: term.adjourn {binding.rule} needs a length and a reason: `length 6 reason uitleg`.")
    length = whole_of(element, text, value_of(turn, instance, element, text))
    agreed = consent is not None and holds(turn, instance, element, consent)
    unit = binding.parts.get("unit", Unit.WEEKS)
    if unit not in (Unit.DAYS, Unit.WEEKS, Unit.MONTHS):
        raise NotNow(f"{element}: term.adjourn {binding.rule}: unit {unit!r} is not days, weeks or months.")
    reason = value_of(turn, instance, element, why)
    for term in _running(turn, binding.rule):
        adjourn(turn, term.term, length, unit, reason if isinstance(reason, str) else "", agreed)


def start(
    turn: Turn,
    rule: str,
    trigger: date,
    *,
    instance: int | None = None,
    element: str | None = None,
    target: date | None = None,
    length: int | None = None,
    committee: bool = False,
    accepted: date | None = None,
) -> None:
    """A term begins. One that runs already under the same rule in this instance from the same day is left alone; from
    another day it is replaced. Raises TermError."""
    for term in _running(turn, rule):
        if term.instance == instance:
            if term.trigger == trigger:
                return
            turn.record(f.TermCancelled(term=term.term, why="vervangen"))
    law = turn.world.law
    new = running.start(rule, trigger, counting(turn), length=length, committee=committee, accepted=accepted)
    assert new.ends is not None  # nothing suspends a term that just began
    turn.record(
        f.TermStarted(
            term=turn.case.next("term"),
            rule=rule,
            article=new.rule(law).basis,
            instance=instance,
            element=element,
            trigger=trigger,
            ends=new.ends,
            law=law.version,
            target=target if target is not None and target < new.ends else None,
            other=new.other_reading,
            length=length,
            committee=committee,
            accepted=accepted,
            anchor=_anchor(turn, rule, trigger),
            warn_on=_warn_on(turn, new.ends, trigger),
        )
    )
    move_timers(turn, rule)


ANCHORS = {"awb-7-10": "awb-6-7"}
"""Terms whose trigger is the last day of another (Awb 7:10 lid 1: from the day after the objection term has ended)."""


def _anchor(turn: Turn, rule: str, trigger: date) -> int | None:
    found = [term.term for term in _running(turn, ANCHORS.get(rule, "")) if term.ends == trigger]
    return found[0] if found else None


def meet(turn: Turn, rule: str, on: date) -> None:
    """Every running term under *rule* is met on that day; late when it is after the last day. Raises FactsContradict."""
    for term in _running(turn, rule):
        met = running.meet(running_of(term), on)
        turn.record(f.TermMet(term=term.term, on=on, late=met.ends is not None and on > met.ends))
        _close_escalations(turn, term.term)


def cancel(turn: Turn, rule: str, why: str) -> None:
    for term in _running(turn, rule):
        turn.record(f.TermCancelled(term=term.term, why=why))
        _close_escalations(turn, term.term)


def end(turn: Turn, number: int, why: str) -> None:
    """One term no longer applies."""
    turn.record(f.TermCancelled(term=number, why=why))
    _close_escalations(turn, number)


def suspend(turn: Turn, number: int, suspension: Suspension, reason: str) -> None:
    """The term stands still on a ground. Raises TermError where the law does not allow it."""
    term = open_term(turn, number)
    moved = running.suspend(_counted(turn, term), suspension, counting(turn))
    turn.record(
        f.TermSuspended(
            term=number,
            ground=suspension.ground,
            asked=suspension.asked,
            set_term=suspension.set_term,
            start=suspension.from_,
            until=suspension.until,
            ends=moved.ends,
            other=moved.other_reading,
            warn_on=_warn_on(turn, moved.ends, term.trigger),
            personal=_reason(reason),
        )
    )
    _after_a_move(turn, term)


def resume(turn: Turn, number: int, on: date, ground: str | None = None) -> None:
    """The open suspension ended on that day. Raises TermError."""
    term = open_term(turn, number)
    before = running_of(term)
    moved = running.resume(before, on, counting(turn), ground=ground)
    changed = next(old for old, new in zip(before.suspensions, moved.suspensions, strict=True) if old != new)
    turn.record(
        f.TermResumed(
            term=number,
            ground=changed.ground,
            on=on,
            ends=moved.ends,
            other=moved.other_reading,
            warn_on=_warn_on(turn, moved.ends, term.trigger),
        )
    )
    _after_a_move(turn, term)


def adjourn(turn: Turn, number: int, length: int, unit: str, reason: str, consent: bool = False) -> None:
    """Put off (verdaging) within the maximum, once where the law says once. Raises TermError."""
    term = open_term(turn, number)
    adjournment = Adjournment(length, Unit(unit), turn.world.today, reason, consent)
    moved = running.adjourn(_counted(turn, term), adjournment, counting(turn))
    turn.record(
        f.TermAdjourned(
            term=number,
            length=length,
            unit=unit,
            on=turn.world.today,
            consent=consent,
            ends=moved.ends,
            other=moved.other_reading,
            warn_on=_warn_on(turn, moved.ends, term.trigger),
            personal=_reason(reason),
        )
    )
    _after_a_move(turn, term)


def tell_delay(turn: Turn, number: int, expected: date) -> None:
    """The applicant was told that it will be late (Awb 4:14 lid 1): the date stays where it is. Raises TermError."""
    term = open_term(turn, number)
    running.notify_delay(running_of(term), DelayNotice(turn.world.today, expected), counting(turn))
    turn.record(f.TermDelayTold(term=number, on=turn.world.today, expected=expected))


def correct(turn: Turn, number: int, trigger: date, reason: str) -> None:
    """The date of the fact was wrong: the term, what hangs on it, timers and explanations follow the right one."""
    open_term(turn, number)
    terms = {str(term.term): running_of(term) for term in turn.case.terms.values()}
    for key, moved in running.correct(terms, str(number), trigger, counting(turn)).items():
        term = turn.case.terms[int(key)]
        turn.record(
            f.TermCorrected(
                term=term.term,
                trigger=moved.trigger,
                ends=moved.ends,
                target=term.target if term.target and moved.ends and term.target < moved.ends else None,
                other=moved.other_reading,
                warn_on=_warn_on(turn, moved.ends, moved.trigger),
                personal=_reason(reason),
            )
        )
        _after_a_move(turn, term)


def recompute(turn: Turn) -> int:
    """Count every running term again, after the calendar or the law data changed; gives how many moved."""
    found = counted_again(turn.case, counting(turn))
    for number, moved in found.items():
        term = turn.case.terms[number]
        warn_on = _warn_on(turn, moved.ends, moved.trigger)
        if moved.trigger != term.trigger:
            fact: f.Fact = f.TermCorrected(
                term=number,
                trigger=moved.trigger,
                ends=moved.ends,
                target=term.target if term.target and moved.ends and term.target < moved.ends else None,
                other=moved.other_reading,
                warn_on=warn_on,
            )
        else:
            version = turn.world.law.version
            fact = f.TermRecomputed(
                term=number, ends=moved.ends, law=version, other=moved.other_reading, warn_on=warn_on
            )
        turn.record(fact)
        _after_a_move(turn, term)
    return len(found)


def counted_again(case: Case, counting: Counting) -> dict[int, RunningTerm]:
    """Running terms that end otherwise when they are counted now, by number; what hangs on one that moved follows it."""
    moved: dict[int, RunningTerm] = {}
    for number, term in sorted(case.terms.items()):
        anchor = moved.get(term.anchor) if term.anchor is not None else None
        if anchor is not None and anchor.ends is not None:
            after = running.correct_trigger(running_of(term), anchor.ends, counting)
        else:
            after = running.recompute(running_of(term), counting)
        if (after.trigger, after.ends, after.other_reading) != (term.trigger, term.ends, term.other):
            moved[number] = after
    return moved


def _after_a_move(turn: Turn, term: Term) -> None:
    _close_escalations(turn, term.term)
    move_timers(turn, term.rule)


def open_term(turn: Turn, number: int) -> Term:
    term = turn.case.terms.get(number)
    if term is None:
        raise NoSuchThing("term", number, turn.case.number)
    return term


def _running(turn: Turn, rule: str) -> list[Term]:
    return [term for term in turn.case.terms.values() if term.rule == rule]


def counting(turn: Turn) -> Counting:
    return Counting(turn.world.law, turn.world.calendar, turn.world.readings)


def _counted(turn: Turn, term: Term) -> RunningTerm:
    """The term with its end before any shift, which the guards look at."""
    return running.recompute(running_of(term), counting(turn))


def running_of(term: Term) -> RunningTerm:
    """A term of a case as the value that rules/terms counts with."""
    return RunningTerm(
        rule_id=term.rule,
        trigger=term.trigger,
        length=term.length,
        committee=term.committee,
        accepted=term.accepted,
        anchor=None if term.anchor is None else str(term.anchor),
        suspensions=tuple(
            Suspension(s.ground, asked=s.asked, set_term=s.set_term, done=s.done, from_=s.start, until=s.until)
            for s in term.suspensions
        ),
        adjournments=tuple(Adjournment(a.length, Unit(a.unit), a.on, "", a.consent) for a in term.adjournments),
        ends=term.ends,
        other_reading=term.other,
        target=term.target,
    )


def _reason(text: str) -> f.Personal:
    return {f.DOSSIER: {"reason": text}} if text else {}


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
    if term.ends is None or term.missed:
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


def _warn_on(turn: Turn, ends: date | None, trigger: date) -> date | None:
    """Some working days before the last day; never on or before the day of the trigger."""
    if ends is None:
        return None
    configured = turn.world.deployment.parameters.on(turn.world.today).get("termijn_waarschuwing", WARN_BEFORE)
    day = add_working_days(ends, -int(configured), turn.world.calendar)
    return day if day > trigger else None


def move_timers(turn: Turn, rule: str) -> None:
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


_Act = Callable[[Turn, int, str, Binding, date], None]
_ACTS: dict[str, _Act] = {
    "term.start": _start_bound,
    "term.meet": lambda turn, instance, element, binding, on: meet(turn, binding.rule, on),
    "term.cancel": lambda turn, instance, element, binding, on: cancel(turn, binding.rule, element),
    "term.suspend": _suspend_bound,
    "term.resume": _resume_bound,
    "term.adjourn": _adjourn_bound,
}
