"""Arrears signals of a partner (M1-A01, M1-A08): rows to the start form of module 1, every problem with its place.

The legal basis and a valid covenant are asked for the whole file. Nothing is kept here: see `taking_in`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.forms.words import NotRead, read
from schuldhulp.tasks.imports.cells import FORMULA, Row, Rows

ARTICLE = re.compile(r"art(?:ikel)?\.? ?[0-9]", re.IGNORECASE)
KINDS = ("huur", "energie", "water", "warmte", "zorgverzekering")
_KIND_WORDS = {
    "gas": "energie",
    "stroom": "energie",
    "elektriciteit": "energie",
    "stadsverwarming": "warmte",
    "zorg": "zorgverzekering",
    "zorgpremie": "zorgverzekering",
    "drinkwater": "water",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column that is understood: key of the datum, type, heads that mean it, whether it must be filled."""

    key: str
    type: Type
    heads: tuple[str, ...]
    needed: bool = False


COLUMNS = (
    Column("naam", Type.STRING, ("naam", "achternaam", "client", "clientnaam", "naamclient"), needed=True),
    Column("voorletters", Type.STRING, ("voorletters", "voornaam", "initialen")),
    Column("adres", Type.STRING, ("adres", "straatenhuisnummer", "straathuisnummer"), needed=True),
    Column("postcode", Type.POSTCODE, ("postcode",), needed=True),
    Column("woonplaats", Type.STRING, ("woonplaats", "plaats"), needed=True),
    Column("geboortedatum", Type.DATE, ("geboortedatum", "geboren", "geboortedag"), needed=True),
    Column("telefoon", Type.PHONE, ("telefoon", "telefoonnummer", "mobiel")),
    Column("soort", Type.STRING, ("soort", "soortachterstand", "type", "soortvordering"), needed=True),
    Column("bedrag", Type.AMOUNT, ("bedrag", "achterstand", "bedragachterstand", "saldo"), needed=True),
    Column("maanden", Type.INTEGER, ("maanden", "aantalmaanden", "maandenachterstand"), needed=True),
    Column("aanzegging", Type.BOOLEAN, ("aanzegging", "ontruimingofafsluitingaangezegd")),
    Column("ontvangen_op", Type.DATE, ("ontvangenop", "datum", "meldingsdatum", "datummelding", "signaaldatum")),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """`place`: C4, or the name of a field; `what` and `remedy` in Dutch."""

    line: int
    column: str
    place: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"regel {self.line}" + (f", {self.column} ({self.place})" if self.column else "")
        return f"{where}: {self.what} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Signal:
    """A row that is in order. `household`: what is the same for one household; `values`: for the start form of M1."""

    line: int
    household: str
    values: Mapping[str, Any]
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a file: signals, problems, and columns that are left alone. `digest`: SHA-256 of the file."""

    digest: str
    partner: str
    basis: str
    signals: tuple[Signal, ...]
    problems: tuple[Problem, ...]
    ignored: tuple[str, ...]

    @property
    def households(self) -> int:
        return len({signal.household for signal in self.signals})


def look(content: bytes, rows: Rows, partner: str, basis: str, covenants: list[dict[str, Any]], today: date) -> Looked:
    """Look at every row; nothing is kept. *covenants*: the register `convenanten` as it holds today."""
    problems: list[Problem] = []
    if not ARTICLE.search(basis):
        remedy = "Noem het wetsartikel, zoals: Wgs art. 3 lid 1 b. Een convenant is zelf geen grondslag."
        problems.append(Problem(0, "", "", "De wettelijke grondslag ontbreekt.", remedy))
    covenant = next((one for one in covenants if _holds(one, partner, today)), None)
    if covenant is None:
        remedy = "Zet het convenant in het register convenanten, of kies een partner die daar staat."
        problems.append(Problem(0, "", "", f"Met {partner or 'deze partner'} is er vandaag geen convenant.", remedy))
    heads = {_bare(head): head for head in rows.columns}
    known = {column.key: next((heads[one] for one in column.heads if one in heads), None) for column in COLUMNS}
    for column in COLUMNS:
        if column.needed and known[column.key] is None:
            problems.append(Problem(1, column.heads[0], "", "Deze kolom ontbreekt.", "Zet deze kop in de eerste regel."))
    signals = []
    if not problems:
        for row in rows.rows:
            found = list(_problems(row, known, covenant or {}, today))
            problems += found
            if not found:
                signals.append(_signal(row, known, partner, basis, today))
    ignored = tuple(head for head in rows.columns if head not in known.values())
    return Looked(hashlib.sha256(content).hexdigest(), partner, basis, tuple(signals), tuple(problems), ignored)


def _holds(covenant: Mapping[str, Any], partner: str, day: date) -> bool:
    start, end = covenant.get("van"), covenant.get("tot")
    return (
        _bare(str(covenant.get("partner", ""))) == _bare(partner) != ""
        and (not isinstance(start, date) or start <= day)
        and (not isinstance(end, date) or end >= day)
    )


def _problems(
    row: Row, known: Mapping[str, str | None], covenant: Mapping[str, Any], today: date
) -> Iterator[Problem]:
    values: dict[str, Any] = {}
    for column in COLUMNS:
        head = known[column.key]
        if head is None:
            continue
        text = row.cells.get(head, "")

        def wrong(what: str, remedy: str, head: str = head) -> Problem:
            return Problem(row.line, head, row.places[head], what, remedy)

        if text == FORMULA:
            yield wrong("Hier staat een formule.", "Vul de uitkomst in.")
        elif not text:
            if column.needed:
                yield wrong("Hier staat niets.", "Vul deze cel in.")
        else:
            try:
                values[column.key] = _value(column, text)
            except NotRead as error:
                yield wrong(f"'{text[:40]}' kunnen wij niet lezen.", str(error))
                continue
            yield from (wrong(what, remedy) for what, remedy in _sense(column.key, values[column.key], covenant, today))
    if "bedrag" in values and "maanden" in values and _below(values, covenant):
        yield Problem(
            row.line, "", "", "De achterstand is kleiner dan het convenant noemt.", "Laat deze regel weg: er is nog geen signaal."
        )


def _value(column: Column, text: str) -> Any:
    if column.key == "soort":
        word = _bare(text)
        kind = _KIND_WORDS.get(word, word)
        if kind not in KINDS:
            raise NotRead(f"Kies uit: {', '.join(KINDS)}.")
        return kind
    if column.type is Type.BOOLEAN:
        return _yes(text)
    return text if column.type is Type.STRING else read(column.type, text)


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word in ("ja", "j", "true", "waar", "1", "x"):
        return True
    if word in ("nee", "n", "false", "onwaar", "0"):
        return False
    raise NotRead("Vul ja of nee in.")


def _sense(key: str, value: Any, covenant: Mapping[str, Any], today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with a value that can be read."""
    if key in ("geboortedatum", "ontvangen_op") and value > today:
        yield "Deze dag moet nog komen.", "Kijk de datum na."
    if key == "geboortedatum" and value.year < 1900:
        yield "Zo lang geleden is niemand geboren.", "Kijk de datum na."
    if key == "bedrag" and value <= 0:
        yield "Het bedrag is niet meer dan nul.", "Vul de achterstand in euro's in, of laat de regel weg."
    if key == "maanden" and not 0 <= value <= 600:
        yield "Dit aantal maanden kan niet.", "Vul 0 tot en met 600 in."
    if key in ("naam", "adres", "woonplaats") and len(value) > 200:
        yield "Deze tekst is te lang.", "Gebruik hoogstens 200 tekens."
    kinds = covenant.get("soorten")
    if key == "soort" and kinds and value not in kinds:
        yield "Deze soort staat niet in het convenant.", f"Afgesproken is: {', '.join(map(str, kinds))}."


def _below(values: Mapping[str, Any], covenant: Mapping[str, Any]) -> bool:
    """Below every threshold of the covenant: one that is reached is enough."""
    amount, months = covenant.get("drempel_bedrag"), covenant.get("drempel_maanden")
    tests = [values["bedrag"] >= Decimal(str(amount))] if amount is not None else []
    tests += [values["maanden"] >= int(months)] if months is not None else []
    return bool(tests) and not any(tests)


def _signal(row: Row, known: Mapping[str, str | None], partner: str, basis: str, today: date) -> Signal:
    values = {
        column.key: _value(column, row.cells[head])
        for column in COLUMNS
        if (head := known[column.key]) is not None and head in row.cells
    }
    received = values.get("ontvangen_op", today)
    name = " ".join(part for part in (values.get("voorletters"), values["naam"]) if part)
    signal = {
        "soort": values["soort"],
        "bedrag": values["bedrag"],
        "maanden": values["maanden"],
        "aanzegging": values.get("aanzegging", False),
    }
    start = {
        "signaal_bron": "vaste_lasten",
        "signaal_partner": partner,
        "signaal_op": received,
        "signaal_modus": "gericht",
        "signaal_grondslag": basis,
        **{f"signaal_{key}": value for key, value in signal.items()},
        "client_naam": name,
        "client_adres": values["adres"],
        "client_postcode": values["postcode"],
        "client_woonplaats": values["woonplaats"],
        **({"client_telefoon": values["telefoon"]} if "telefoon" in values else {}),
        "client_geboortedatum": values["geboortedatum"],
    }
    payload = {
        "bron": "vaste_lasten", "partner": partner, "ontvangen_op": received, "modus": "gericht", "grondslag": basis, **signal,
    }  # fmt: skip
    return Signal(row.line, household_of(values), start, payload)


def household_of(values: Mapping[str, Any]) -> str:
    """The same for everybody of one name, address and day of birth, however it was typed. To be blinded before it is kept."""
    surname, address = _bare(str(values["naam"])), _bare(str(values["adres"]))
    return f"{surname}|{_bare(str(values['postcode']))}|{address}|{values['geboortedatum']:%Y-%m-%d}"


def _bare(text: str) -> str:
    """Letters and digits only, small, without marks."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return "".join(sign for sign in plain if sign.isalnum())


