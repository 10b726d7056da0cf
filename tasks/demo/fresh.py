"""Cases of the demonstration that were opened lately and wait for their first task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks import work
from schuldhulp.tasks.access import person_by_login


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


_BEREND = {**_person("Berend Proefmans", "Proefweg 1"), **_report("achterstand bij de zorgverzekeraar")}
_JOLANDA = {**_person("Jolanda Voorbeeldsma", "Voorbeeldlaan 36"), **_report("te veel leningen", heeft_partner=True)}
_ACHMED = {**_person("Achmed Fictie", "Fictiestraat 9"), **_report("na de scheiding lukt het niet meer")}
_SASKIA = {
    **_person("Saskia Denkbeeldig", "Denkbeeldplein 4"),
    **_report("koelkast kapot", minderjarige_kinderen=True),
}
_KLAAS = {
    **_person("Klaas Verzonnen", "Bedachtpad 7"),
    **_report("brief van de deurwaarder", dreiging="beslag_loon_of_bank"),
}
_FEMKE = {
    **_person("Femke Testsma", "Voorbeeldstraat 12"),
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

FRESH = (
    Invented(3, "M1", "aanmelding", _NORA),
    Invented(33, "M5", "aanmelding", _BEREND),
    Invented(21, "M5", "aanmelding", _JOLANDA),
    Invented(12, "M5", "werker", _ACHMED),
    Invented(5, "M5", "aanmelding", _SASKIA),
    Invented(1, "M5", "aanmelding", _KLAAS),
    Invented(0, "M2", "crisis", _FEMKE),
)
"""All clients are invented."""


@dataclass
class _Clock:
    """Time that is moved by hand while the past is being made."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


def office_hours(today: datetime, days_ago: int) -> datetime:
    """Ten in the morning so many days ago; today: now."""
    if days_ago == 0:
        return today
    return (today - timedelta(days=days_ago)).astimezone(CIVIL).replace(hour=10, minute=0, second=0, microsecond=0)


def open_fresh(engine: Engine, invented: Invented, now: datetime) -> None:
    """Open the case with its start form. Raises CommandRefused, with what the form did not take."""
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
