"""The logins of the demonstration."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from pathlib import Path

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import add_person

LOGINS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "aanmelding": ("Medewerker aanmelding (voorbeeld)", ("aanmeldmedewerker",)),
    "werker": ("Sociaal werker (voorbeeld)", ("sociaal_werker", "aanmeldmedewerker")),
    "crisis": ("Crisismedewerker (voorbeeld)", ("crisismedewerker", "sociaal_werker")),
    "besluit": ("Besluitnemer (voorbeeld)", ("besluitnemer",)),
    "budget": ("Budgetbegeleider (voorbeeld)", ("budgetbegeleider", "sociaal_werker", "sociaal_raadslid")),
    "casus": ("Casemanager (voorbeeld)", ("casemanager", "sociaal_werker")),
    "vrijwilligers": ("Coördinator vrijwilligers (voorbeeld)", ("vrijwilligerscoordinator", "vrijwilliger")),
    "bezwaar": ("Bezwaarbehandelaar (voorbeeld)", ("bezwaarbehandelaar",)),
    "kwaliteit": ("Kwaliteitsmedewerker (voorbeeld)", ("kwaliteitsmedewerker", "privacy_officer")),
    "leiding": ("Teamleider (voorbeeld)", ("teamleider",)),
    "ontwerper": ("Procesontwerper (voorbeeld)", ("procesontwerper",)),
    "auditor": ("Auditor (voorbeeld)", ("auditor",)),
}
"""Login -> name and roles."""

_WORDS = (
    "appel", "brug", "cirkel", "dijk", "egel", "fiets", "gracht", "haven", "ijsvogel", "jas", "kade", "lamp", "molen",
    "noot", "oever", "peer", "regen", "sluis", "toren", "uil", "vlieger", "water", "zeil", "zomer",
)  # fmt: skip


def make_logins(engine: Engine, passwords: Path) -> dict[str, int]:
    """Accounts with a new password each, written to *passwords* for the owner alone. Gives login -> account."""
    admin = Actor(account=0, role="beheerder", program="demo")
    lines, accounts = [], {}
    for login, (name, roles) in LOGINS.items():
        password = "-".join(secrets.choice(_WORDS) for _ in range(4))
        accounts[login] = add_person(engine, login, name, roles, password, admin)
        lines.append(f"{login}\t{password}\t{', '.join(roles)}")
    passwords.touch(mode=0o600)
    passwords.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return accounts


def cast_for(people: Mapping[str, tuple[str, ...]], accounts: Mapping[str, int]) -> dict[str, int]:
    """Which account plays each person of a scenario: the login that has most of their roles, two people two logins
    where that can be. What a client does, the sociaal werker records for them."""
    cast: dict[str, int] = {}
    for person, roles in people.items():

        def fits(login: str, roles: tuple[str, ...] = roles) -> tuple[int, bool]:
            return len({*LOGINS[login][1]} & {*roles}), accounts[login] not in cast.values()

        cast[person] = accounts[max(LOGINS, key=fits) if any(fits(login)[0] for login in LOGINS) else "werker"]
    return cast
