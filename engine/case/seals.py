"""Under whose key goes what belongs to a module and is no datum of the dictionary: process property `seal`.

Signals have a key of their own, so that they can be erased apart from the help file: also what a message brought, the letters
that were made, variables, decisions and answers that live nowhere else.
"""

from __future__ import annotations

from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.model.facts import DOSSIER, Personal


def seal_of(turn: Turn, instance: int | None) -> str:
    """Subject and retention class of an instance; of the case itself that of the file."""
    owner = turn.case.owner(instance)
    running = turn.case.instances.get(owner) if owner is not None else None
    if running is None:
        return DOSSIER
    graph = turn.deployment_of(owner).graphs.get(running.process)
    found = (value for name, value, _ in graph.properties if name == "seal") if graph is not None else iter(())
    return next(found, DOSSIER)


def reason_of(turn: Turn, instance: int | None, text: str) -> Personal:
    """A reason that a person gave for something in an instance."""
    return {seal_of(turn, instance): {"reason": text}} if text else {}
