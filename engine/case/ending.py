"""A step that ends the help: property `modules.end` = `M3, M4 reason FEEL [when FEEL]`.

Each of these modules that runs in the case ends in the same command: its open tasks, timers, external work and what it called
go with it, with the reason in the history. Terms of policy that hang on it end as well; a term of the law goes on in the case
(an objection term runs whether there is help or not).
"""

from __future__ import annotations

import re

from schuldhulp.engine.bpmn.graph import Node
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case import terms
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.case.evaluate import holds, value_of
from schuldhulp.engine.case.seals import reason_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Term
from schuldhulp.rules.terms.model import Source

WRITTEN = re.compile(r"(?P<modules>[\w-]+(?:\s*,\s*[\w-]+)*)\s+reason\s+(?P<reason>.+?)(?:\s+when\s+(?P<when>.+))?", re.DOTALL)


def modules_of(text: str) -> tuple[str, ...]:
    """The modules that a `modules.end` names; nothing when it cannot be read."""
    written = WRITTEN.fullmatch(text.strip())
    return () if written is None else tuple(name.strip() for name in written["modules"].split(","))


def end_modules(turn: Turn, instance: int, element: str, node: Node) -> None:
    """Carry out the `modules.end` properties of a node that was completed. Raises ExpressionFailed."""
    for text in node.all_properties("modules.end"):
        written = WRITTEN.fullmatch(text.strip())
        if written is None:
            raise ExpressionFailed(element, text, "must be `MODULE, MODULE reason FEEL [when FEEL]`.", instance)
        if written["when"] is not None and not holds(turn, instance, element, written["when"]):
            continue
        reason = value_of(turn, instance, element, written["reason"])
        if not isinstance(reason, str) or len(reason.strip()) < 3:
            raise ExpressionFailed(element, written["reason"], "the reason must be a text of a few words.", instance)
        for number in _running(turn, instance, modules_of(text)):
            _end(turn, number, reason)


def _running(turn: Turn, but: int, modules: tuple[str, ...]) -> list[int]:
    """Instances of these modules that nobody waits for: what a module called ends with it."""
    own = turn.case.owner(but)
    return [
        one.instance
        for one in turn.case.instances.values()
        if one.running and one.caller is None and one.module in modules and one.instance != own
    ]


def _end(turn: Turn, number: int, reason: str) -> None:
    policy = [term for term in terms_hanging_on(turn, number) if _is_policy(turn, term)]
    turn.record(
        f.InstanceCancelled(
            instance=number, terms="end" if policy else "keep", personal=reason_of(turn, number, reason)
        )
    )
    for term in policy:
        terms.end(turn, term.term, "de hulp is beëindigd")
    turn.pending.append((number, run.Terminate()))


def _is_policy(turn: Turn, term: Term) -> bool:
    return turn.world.law.rule(term.rule, term.trigger).source is Source.BELEID


def terms_hanging_on(turn: Turn, number: int) -> list[Term]:
    """Terms that the instance, or one that it called, has started and that are not over."""
    family = {number}
    for other in turn.case.instances.values():  # a called instance has a higher number than its caller
        if other.caller is not None and other.caller[0] in family:
            family.add(other.instance)
    return [term for term in turn.case.terms.values() if term.instance in family]
