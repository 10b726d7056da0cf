"""Which roles may do what beside the work that a model gives them. Faces ask the same; here it is refused."""

from __future__ import annotations

from schuldhulp.engine.case.errors import NotAllowed

COORDINATOR = "teamleider"
"""May assign and release the tasks of others (C-E08), and step in where the work of others stands still."""
OPERATORS = (COORDINATOR, "procesontwerper")
"""Roles that may suspend, resume, cancel and migrate module instances, and retry incidents."""
WORKERS = ("koppeling", *OPERATORS, "systeem")
"""Roles that may answer for external work."""


PERSON = "account:"
"""How a person stands among the roles that a task is for (camunda:candidateUsers): `account:7`."""


def as_person(account: int) -> str:
    return f"{PERSON}{account}"


def may_operate(role: str, what: str) -> None:
    """Raises NotAllowed."""
    if role not in OPERATORS:
        raise NotAllowed(what, role, OPERATORS)


def may_work(role: str) -> None:
    """Raises NotAllowed."""
    if role not in WORKERS:
        raise NotAllowed("doing external work", role, WORKERS)
