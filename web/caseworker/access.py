"""Whether this person may look into a case; each look is noted with its purpose."""

from __future__ import annotations

from schuldhulp.tasks.access import look_into
from schuldhulp.web.visitors import Visitor


def admit(who: Visitor, case: str, purpose: str, reason: str = "") -> None:
    """Raises MayNotSee, NoSuchCase."""
    who.engine.case(case)
    look_into(who.engine, who.person, case, purpose, reason.strip())
