"""What people type, per type of datum: read it, and write it back as Dutch readers expect.

Amounts and numbers in the Dutch way (1.250,50); dates as 16-03-2026, and also as 2026-03-16. What could mean two things is
refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from schuldhulp.engine.definitions import dutch
from schuldhulp.engine.definitions.dutch import CIVIL
from schuldhulp.rules.dictionary import Type


class NotRead(ValueError):
    """What was typed is not an answer; the text says in Dutch what to type instead."""


def read(type_: Type, text: str) -> Any:
    """The plain value of *text* (not blank). Raises NotRead."""
    return _READ[type_](text.strip())


def write(type_: Type | None, value: Any) -> str:
    """*value* as people read and type it; nothing for None."""
    if value is None:
        return ""
    if type_ is None and isinstance(value, list):
        return ", ".join(write(None, item) for item in value)
    if type_ is None:
        type_ = _type_of(value)
    return _WRITE.get(type_, str)(value)


_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"-?\d+(?:,\d+)?")
_POINT = re.compile(r"-?\d+\.\d{1,2}|-?\d+\.\d{4,}")
_THOUSAND = re.compile(r"-?\d{1,3}\.\d{3}")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")
DIGIT_LIMIT = 30


def _number(text: str, example: str, *, thousand: bool) -> Decimal:
    """A number as typed. `thousand`: "1.234" can only be one thousand two hundred thirty-four (amounts, whole numbers)."""
    bare = _SPACES.sub("", text).replace("\u2212", "-")
    if len(bare) > DIGIT_LIMIT:
        raise NotRead(f"Dit getal is te lang. Vul een getal in, bijvoorbeeld {example}.")
    if _THOUSAND.fullmatch(bare) and not thousand:
        raise NotRead(f"Dit kan twee dingen betekenen. Typ {bare.replace('.', '')} of {bare.replace('.', ',')}.")
    if _GROUPED.fullmatch(bare) or _PLAIN.fullmatch(bare):
        return Decimal(bare.replace(".", "").replace(",", "."))
    if _POINT.fullmatch(bare):
        return Decimal(bare)
    raise NotRead(f"Vul een getal in, bijvoorbeeld {example}.")


def _amount(text: str) -> Decimal:
    bare = _SPACES.sub("", text).removeprefix("€").removeprefix("EUR")
    bare = re.sub(r",(-|--|=)$", "", bare)
    try:
        value = _number(bare, "1.250,50", thousand=True)
    except NotRead:
        raise NotRead("Vul een bedrag in, bijvoorbeeld 1.250,50.") from None
    if value != value.quantize(Decimal("0.01")):
        raise NotRead("Een bedrag heeft hooguit twee cijfers achter de komma, bijvoorbeeld 1.250,50.")
    return value.quantize(Decimal("0.01"))


def _integer(text: str) -> Decimal:
    try:
        value = _number(text, "12", thousand=True)
    except NotRead:
        raise NotRead("Vul een heel getal in, bijvoorbeeld 12.") from None
    if value != value.to_integral_value():
        raise NotRead("Vul een heel getal in, zonder cijfers achter de komma.")
    return value.to_integral_value()


def _decimal(text: str) -> Decimal:
    return _number(text, "2,5", thousand=False)


_DUTCH_DATE = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def _date(text: str) -> date:
    if match := _DUTCH_DATE.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, match.groups())
    else:
        raise NotRead("Vul een datum in: dag, maand en jaar, bijvoorbeeld 16-03-2026.")
    try:
        return date(year, month, day)
    except ValueError:
        raise NotRead("Deze datum bestaat niet. Vul dag, maand en jaar in, bijvoorbeeld 16-03-2026.") from None


_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?::(\d{2}))?(?: ?uur)?")


def _time(text: str) -> time:
    match = _TIME.fullmatch(text)
    if match is None:
        raise NotRead("Vul een tijd in: uren en minuten, bijvoorbeeld 14:30.")
    hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return time(hour, minute, second)
    except ValueError:
        raise NotRead("Deze tijd bestaat niet. Vul uren en minuten in, bijvoorbeeld 14:30.") from None


def _datetime(text: str) -> datetime:
    """An instant; civil time of the Netherlands unless a zone is given. An hour that comes twice is the first one."""
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        given = None
    if given is not None and given.tzinfo is not None:
        return given.astimezone(CIVIL)
    day, _, clock = text.replace("T", " ").rpartition(" ")
    if not day:
        raise NotRead("Vul een datum en een tijd in, bijvoorbeeld 16-03-2026 14:30.")
    moment = datetime.combine(_date(day), _time(clock), CIVIL)
    if moment.astimezone(UTC).astimezone(CIVIL).replace(tzinfo=None) != moment.replace(tzinfo=None):
        raise NotRead("Deze tijd bestaat niet: de klok ging toen een uur vooruit. Vul een andere tijd in.")
    return moment


_YES_NO = {"true": True, "ja": True, "false": False, "nee": False}


def _boolean(text: str) -> bool:
    if text.lower() not in _YES_NO:
        raise NotRead("Kies ja of nee.")
    return _YES_NO[text.lower()]


def _bsn(text: str) -> str:
    """Citizen service number: eight or nine digits that pass the 11-test."""
    digits = re.sub(r"[ .\-]", "", text)
    if not re.fullmatch(r"\d{8,9}", digits, re.ASCII):
        raise NotRead("Een BSN heeft 9 cijfers. Vul het in zoals het op het paspoort staat.")
    digits = digits.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    if total % 11 or digits == "000000000":
        raise NotRead("Dit BSN klopt niet: een cijfer is verkeerd. Kijk het na op het paspoort.")
    return digits


def _iban(text: str) -> str:
    """Account number by ISO 13616: remainder 1 modulo 97; Dutch ones have 18 characters."""
    bare = re.sub(r"[\s\u00a0.\-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare, re.ASCII) or (bare[:2] == "NL" and len(bare) != 18):
        raise NotRead("Vul een rekeningnummer (IBAN) in, bijvoorbeeld NL91 ABNA 0417 1643 00.")
    if int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 != 1:
        raise NotRead("Dit rekeningnummer klopt niet: een teken is verkeerd. Kijk het na op de bankpas.")
    return bare


def _postcode(text: str) -> str:
    """Four digits, not starting with 0, and two letters (SA, SD and SS are not given out)."""
    match = re.fullmatch(r"([1-9]\d{3})\s*([A-Za-z]{2})", text, re.ASCII)
    if match is None or match[2].upper() in ("SA", "SD", "SS"):
        raise NotRead("Vul een postcode in: vier cijfers en twee letters, bijvoorbeeld 1234 AB.")
    return f"{match[1]} {match[2].upper()}"


def _email(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>\"(),;:\\]+@[^@\s<>\"(),;:\\.]+(?:\.[^@\s<>\"(),;:\\.]+)+", text):
        raise NotRead("Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
    return text


def _phone(text: str) -> str:
    if not re.fullmatch(r"\+?[\d\s\-()]{6,25}", text, re.ASCII) or not 8 <= len(re.sub(r"\D", "", text)) <= 15:
        raise NotRead("Vul een telefoonnummer in, bijvoorbeeld 06 12345678.")
    return text


def _document(text: str) -> Decimal:
    if not re.fullmatch(r"[1-9]\d{0,8}", text, re.ASCII):
        raise NotRead("Kies een document uit de lijst, of voeg er een toe.")
    return Decimal(text)


def _text(text: str) -> str:
    return text


_READ: Mapping[Type, Callable[[str], Any]] = {
    Type.STRING: _text,
    Type.TEXT: _text,
    Type.ENUM: _text,
    Type.SET: _text,
    Type.BOOLEAN: _boolean,
    Type.INTEGER: _integer,
    Type.DECIMAL: _decimal,
    Type.AMOUNT: _amount,
    Type.DATE: _date,
    Type.TIME: _time,
    Type.DATETIME: _datetime,
    Type.BSN: _bsn,
    Type.IBAN: _iban,
    Type.POSTCODE: _postcode,
    Type.EMAIL: _email,
    Type.PHONE: _phone,
    Type.DOCUMENT: _document,
}


def _write_boolean(value: bool) -> str:
    return "ja" if value else "nee"


_WRITE: Mapping[Type, Callable[[Any], str]] = {
    Type.BOOLEAN: _write_boolean,
    Type.INTEGER: dutch.number,
    Type.DECIMAL: dutch.number,
    Type.AMOUNT: dutch.amount,
    Type.DATE: lambda value: f"{value:%d-%m-%Y}",
    Type.TIME: lambda value: f"{value:%H:%M}",
    Type.DATETIME: lambda value: f"{value.astimezone(CIVIL):%d-%m-%Y %H:%M}",
    Type.SET: lambda value: ", ".join(map(str, value)),
    Type.IBAN: lambda value: " ".join(value[at : at + 4] for at in range(0, len(value), 4)),
}


def _type_of(value: Any) -> Type:
    """The type to write a computed value as, of which the dictionary says nothing."""
    kinds: tuple[tuple[type, Type], ...] = (
        (bool, Type.BOOLEAN), (Decimal, Type.DECIMAL), (int, Type.DECIMAL), (datetime, Type.DATETIME),
        (date, Type.DATE), (time, Type.TIME),
    )  # fmt: skip
    return next((type_ for kind, type_ in kinds if isinstance(value, kind)), Type.STRING)
