"""A dictionary and forms for the tests, small and with one of everything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from schuldhulp.engine.definitions.forms import Form, load_form
from schuldhulp.rules.dictionary import load_dictionary
from schuldhulp.tasks.forms import Context

NOW = datetime(2026, 3, 16, 9, 40, tzinfo=ZoneInfo("Europe/Amsterdam"))

DICTIONARY = load_dictionary(
    b"""
naam: {type: string, label: Naam, max_length: 40}
bsn: {type: bsn, label: BSN}
rekening: {type: iban, label: Rekeningnummer}
postcode: {type: postcode, label: Postcode}
email: {type: email, label: E-mail}
telefoon: {type: phone, label: Telefoon}
dreiging: {type: enum, label: Soort dreiging, values: {geen: Geen, ontruiming: Ontruiming, afsluiting: Afsluiting}}
ontruiming_op: {type: date, label: Datum van de ontruiming}
gebeld_om: {type: datetime, label: Wanneer is er gebeld}
tijd: {type: time, label: Tijd}
kinderen: {type: integer, label: Aantal kinderen, minimum: 0, maximum: 20}
uren: {type: decimal, label: Uren}
inkomen: {type: amount, label: Inkomen per maand}
akkoord: {type: boolean, label: Akkoord}
partner: {type: boolean, label: Is er een partner}
hulp: {type: set, label: Hulp, values: {budget: Budgetbeheer, werk: Hulp bij werk, zorg: Zorg}}
toelichting: {type: text, label: Toelichting}
schulden:
  type: list
  label: Schulden
  item:
    schuldeiser: {type: string, label: Schuldeiser}
    saldo: {type: amount, label: Saldo}
    betwist: {type: boolean, label: Betwist}
    reden: {type: string, label: Reden}
totaal_schulden: {type: amount, label: Totaal van de schulden, derived: sum(schulden.saldo)}
eindtotaal: {type: amount, label: Eindtotaal}
"""
)


def form(*components: Mapping[str, Any], title: str = "Proef") -> Form:
    """A form of these components, which must be right."""
    found, findings = load_form(source(*components, title=title), name="tasks/forms/proef.form", dictionary=DICTIONARY)
    assert found is not None, "\n".join(map(str, findings))
    return found


def faults(*components: Mapping[str, Any]) -> list[str]:
    """What is wrong with a form of these components."""
    found, findings = load_form(source(*components), name="tasks/forms/proef.form", dictionary=DICTIONARY)
    assert found is None
    return [str(finding) for finding in findings]


def source(*components: Mapping[str, Any], title: str = "Proef") -> bytes:
    return json.dumps({"type": "default", "id": "proef", "title": title, "components": components}, indent=1).encode()


def context(**data: Any) -> Context:
    return Context(data, NOW, DICTIONARY)


def asks(key: str, type_: str = "textfield", **more: Any) -> dict[str, Any]:
    return {"type": type_, "key": key, **more}


REQUIRED: dict[str, Any] = {"validate": {"required": True}}


def debts(**more: Any) -> dict[str, Any]:
    """The list of debts, with a reason for those that are disputed."""
    return {
        "type": "dynamiclist",
        "path": "schulden",
        "components": [
            asks("schuldeiser", **REQUIRED),
            asks("saldo", "number", **REQUIRED),
            asks("betwist", "checkbox"),
            asks("reden", conditional={"hide": "=betwist != true"}, **REQUIRED),
        ],
        **more,
    }
