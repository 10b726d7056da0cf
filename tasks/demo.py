"""A demonstration: an organisation with logins and invented cases in every state, made through the ordinary use cases."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.access import add_person, person_by_login

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


@dataclass(frozen=True, slots=True)
class Invented:
    """A case to open: so many days ago, with a module and the answers of its start form."""

    days_ago: int
    module: str
    login: str
    answers: Mapping[str, Any]


def _person(name: str, street: str, place: str = "Voorbeeldstad") -> dict[str, Any]:
    return {"client_naam": name, "client_adres": street, "client_postcode": "1234 AB", "client_woonplaats": place}


def _report(reason: str, **more: Any) -> dict[str, Any]:
    return {
        "aangemeld_door": "de cliënt zelf",
        "aangemeld_door_functie": "cliënt",
        "aanmelding_kanaal": "balie",
        "aanmelding_reden": reason,
        "dreiging": "geen",
        "vraagtype": "schuldhulp",
        "schulden_genoemd": True,
        **more,
    }


_BRAM = {**_person("Bram Proefstra", "Proefweg 1"), **_report("achterstand bij de zorgverzekeraar")}
_JORIS = {**_person("Joris Voorbeeld", "Voorbeeldlaan 36"), **_report("te veel leningen", heeft_partner=True)}
_AMIRA = {**_person("Amira Fictief", "Fictiestraat 9"), **_report("na de scheiding lukt het niet meer")}
_SANNE = {
    **_person("Sanne Denkbeeld-Smit", "Denkbeeldplein 4"),
    **_report("koelkast kapot", minderjarige_kinderen=True),
}
_KLAAS = {
    **_person("Klaas Verzonnen", "Bedachtpad 7"),
    **_report("brief van de deurwaarder", dreiging="beslag_loon_of_bank"),
}
_FENNA = {
    **_person("Fenna Testema", "Voorbeeldstraat 12"),
    "dreiging": "ontruiming",
    "aangemeld_door": "Woonstichting De Proefhof (verzonnen)",
}
_NORA = {
    **_person("Nora Nergens", "Nergensstraat 3"),
    "signaal_bron": "vaste_lasten",
    "signaal_partner": "Energie De Proef (verzonnen)",
    "signaal_soort": "energie",
    "signaal_bedrag": Decimal("310.00"),
    "signaal_maanden": 1,
    "signaal_modus": "gericht",
    "signaal_grondslag": "Wgs art. 3 lid 1 b",
}

CASES = (
    Invented(3, "M1", "aanmelding", _NORA),
    Invented(33, "M5", "aanmelding", _BRAM),
    Invented(21, "M5", "aanmelding", _JORIS),
    Invented(12, "M5", "werker", _AMIRA),
    Invented(5, "M5", "aanmelding", _SANNE),
    Invented(1, "M5", "aanmelding", _KLAAS),
    Invented(0, "M2", "crisis", _FENNA),
)
"""All clients are invented."""


@dataclass
class _Clock:
    """Time that is moved by hand while the past is being made."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def make_demo(settings: Settings, passwords: Path, clock: Callable[[], datetime]) -> Iterator[str]:
    """Fill an empty database: definitions, logins and cases. Yields what it does. Does nothing when there are accounts.

    The passwords are written to *passwords*, readable for the owner alone.
    """
    today = clock()
    moved = _Clock(today - timedelta(days=40))
    engine = open_engine(settings, moved)
    try:
        if engine.accounts():
            return
        yield "deploying the modules"
        engine.deploy(read_files(settings.folder), Actor(account=0, role="beheerder", program="demo"))
        yield "making logins"
        _make_logins(engine, passwords)
        for invented in sorted(CASES, key=lambda one: -one.days_ago):
            moved.now = _office_hours(today, invented.days_ago)
            yield f"opening the case of {invented.answers['client_naam']} ({invented.module})"
            _open(engine, invented, moved.now)
            for _ in engine.tick(Actor(account=0, role="systeem", program="demo")):
                pass
    finally:
        engine.store.close()


def _office_hours(today: datetime, days_ago: int) -> datetime:
    if days_ago == 0:
        return today
    return (today - timedelta(days=days_ago)).astimezone(CIVIL).replace(hour=10, minute=0, second=0, microsecond=0)


def _make_logins(engine: Engine, passwords: Path) -> None:
    admin = Actor(account=0, role="beheerder", program="demo")
    lines = []
    for login, (name, roles) in LOGINS.items():
        password = "-".join(secrets.choice(_WORDS) for _ in range(4))
        add_person(engine, login, name, roles, password, admin)
        lines.append(f"{login}\t{password}\t{', '.join(roles)}")
    passwords.touch(mode=0o600)
    passwords.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _open(engine: Engine, invented: Invented, now: datetime) -> None:
    by = person_by_login(engine, invented.login)
    graph = engine.deployment().modules[invented.module]
    roles = next((value for name, value, _ in graph.properties if name == "start.roles"), "").split(",")
    actor = by.actor(None, [role.strip() for role in roles], "demo")
    asked = {"signaal_op": now.date()} if invented.module == "M1" else {"aangemeld_op": now}
    answers = {**invented.answers, **asked}
    try:
        work.open_with_values(engine, invented.module, answers, actor)
    except work.FormRefused as error:
        raise CommandRefused(f"the invented case of {invented.answers['client_naam']}: {error}") from error
