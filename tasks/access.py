"""Who may do and see what (need to know, C-P01): people, their roles, passwords, and the read log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.roles import as_person
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor, CommandGiven

ROLES = (
    "sociaal_werker", "sociaal_raadslid", "maatschappelijk_werker", "ouderenadviseur", "aanmeldmedewerker",
    "crisismedewerker", "budgetbegeleider", "casemanager", "vrijwilliger", "vrijwilligerscoordinator", "teamleider",
    "besluitnemer", "bezwaarbehandelaar", "kwaliteitsmedewerker", "procesontwerper", "auditor", "privacy_officer", "fg",
    "koppeling", "client", "ervaringsdeskundige", "postkamer",
)  # fmt: skip
INTEGRATION = "koppeling"
"""The role of a program outside that does external work."""
SEE_EVERYTHING = frozenset({"teamleider", "auditor", "privacy_officer", "fg", "kwaliteitsmedewerker"})
"""Roles that may open every case; each view is in the read log."""

SHORTEST_PASSWORD = 12
_hasher = PasswordHasher()


class UnknownPerson(CommandRefused):
    """There is no active account with this login."""

    code = "unknown-person"

    def __init__(self, login: str) -> None:
        super().__init__(f"there is no active account {login!r}. `schuldhulp accounts list` shows who there is.")


class NotYourRole(CommandRefused):
    """The person does not have that role."""

    code = "not-your-role"

    def __init__(self, login: str, role: str, roles: Sequence[str]) -> None:
        super().__init__(f"{login} has no role {role!r}; {login} is {', '.join(roles) or 'without roles'}.")


class MayNotSee(CommandRefused):
    """No role on that case."""

    code = "may-not-see"

    def __init__(self, case: str) -> None:
        super().__init__(f"case {case}: none of your roles has work in this case. Give a reason to look all the same.")


class WeakPassword(CommandRefused):
    """Too short to be safe."""

    code = "weak-password"

    def __init__(self) -> None:
        super().__init__(
            f"a password has at least {SHORTEST_PASSWORD} characters; a short sentence is easy to remember."
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    account: int
    login: str
    name: str
    roles: tuple[str, ...]

    @property
    def may_take(self) -> tuple[str, ...]:
        """What a task must be for, so that this person may take it: one of their roles, or themselves by name."""
        return (*self.roles, as_person(self.account))

    def actor(self, role: str | None = None, wanted: Sequence[str] = (), program: str = "web") -> Actor:
        """This person in *role*, or in the first of their roles that is *wanted*, or else in their first."""
        if role is not None and role not in self.roles:
            raise NotYourRole(self.login, role, self.roles)
        fitting = [own for own in self.roles if own in wanted]
        chosen = role or next(iter(fitting), self.roles[0] if self.roles else "geen")
        return Actor(account=self.account, role=chosen, program=program)


def hash_password(password: str) -> str:
    """Raises WeakPassword."""
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPassword
    return _hasher.hash(password)


def add_person(engine: Engine, login: str, name: str, roles: Sequence[str], password: str, by: Actor) -> int:
    """A new account; gives its number. Raises WeakPassword, LoginTaken."""
    return engine.put_account(login, name, roles, by, password=hash_password(password))


def authenticate(engine: Engine, login: str, password: str) -> Person | None:
    """The person, or None; takes as long for an unknown login as for a wrong password."""
    account = engine.account_by_login(login)
    known = account.password if account is not None and account.active and account.password else _nobody()
    try:
        _hasher.verify(known, password)
    except (VerificationError, InvalidHashError):
        return None
    if account is None or not account.active:
        return None
    return Person(account.number, account.login or "", account.name or "", account.roles)


def _nobody() -> str:
    global _NOBODY
    if _NOBODY is None:
        _NOBODY = _hasher.hash("nobody has this password")
    return _NOBODY


_NOBODY: str | None = None


def person(engine: Engine, account: int) -> Person | None:
    """The person of an account, None when there is none or it is closed."""
    found = engine.account(account)
    if found is None or not found.active:
        return None
    return Person(found.number, found.login or "", found.name or "", found.roles)


def person_by_login(engine: Engine, login: str) -> Person:
    """Raises UnknownPerson."""
    found = engine.account_by_login(login)
    if found is None or not found.active:
        raise UnknownPerson(login)
    return Person(found.number, login, found.name or "", found.roles)


def name_of(engine: Engine, account: int | None) -> str:
    """How a person is called on screens; "account 7" when the name was erased."""
    if account is None:
        return ""
    if account == 0:
        return "het systeem"
    found = engine.account(account)
    return found.name if found is not None and found.name else f"account {account}"


def _took_part(engine: Engine, who: Person, case: str) -> bool:
    """Whether this person gave a command in the case, such as opening it."""
    given = (stored.fact for stored in engine.facts(case))
    return any(isinstance(fact, CommandGiven) and fact.by.account == who.account for fact in given)


def look_into(engine: Engine, who: Person, case: str, purpose: str, reason: str = "") -> None:
    """Somebody opens a case: allowed by role (work in the case, or a role that oversees), to who did something in it before,
    or with a reason; logged.

    Raises MayNotSee.
    """
    overseeing = [role for role in who.roles if role in SEE_EVERYTHING]
    rows = engine.rows("tasks_of_case", case=stream_of(case))
    working = [role for row in rows for role in who.roles if role in (row["roles"] or ())]
    claimed = any(
        who.account in (row["claimed_by"], row["ended_by"]) or as_person(who.account) in (row["roles"] or ()) for row in rows
    )
    role = next(iter([*working, *overseeing]), None)
    if role is None and who.roles and (claimed or reason or _took_part(engine, who, case)):
        role = who.roles[0]
    if role is None:
        raise MayNotSee(case)
    said = f"{purpose}: {reason}" if reason else purpose
    engine.record_read(case, Actor(account=who.account, role=role), said)
