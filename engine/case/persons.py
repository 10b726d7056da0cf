"""By what a person is known again in another case: the citizen service number, else name and date of birth.

Only blind keys of these are kept (engine/history/links.py); they go when anything of the case is erased.
"""

from __future__ import annotations

from collections.abc import Iterable

from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case

PERSON = "person"
"""The kind of link."""
NUMBER, NAME, BORN = "client_bsn", "client_naam", "client_geboortedatum"


def keys_of(case: Case) -> tuple[str, ...]:
    """What the file says its client is known by; nothing when it says too little."""
    number, name, born = (case.data.get(key) for key in (NUMBER, NAME, BORN))
    found = [f"bsn {number}"] if number else []
    if name and born:
        found.append(f"naam {' '.join(str(name).casefold().split())} {born}")
    return tuple(found)


def touched(facts: Iterable[f.Fact]) -> bool:
    """Whether any of it changed what the client is known by."""
    return any(
        isinstance(fact, f.DataRecorded) and fact.instance is None and {NUMBER, NAME, BORN} & set(fact.paths)
        for fact in facts
    )
