"""Functions on terms for designers. Plain dates and whole numbers in and out; FEEL wraps them for expressions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal

from schuldhulp.rules.terms import arithmetic
from schuldhulp.rules.terms.calendar import Calendar
from schuldhulp.rules.terms.computing import compute
from schuldhulp.rules.terms.errors import FactsContradict, NotAWholeNumber
from schuldhulp.rules.terms.load import law as shipped_law
from schuldhulp.rules.terms.model import Law
from schuldhulp.rules.terms.objection import timeliness
from schuldhulp.rules.terms.penalties import penalty
from schuldhulp.rules.terms.readings import Readings
from schuldhulp.rules.terms.words import words_left

Penalised = dict[str, bool | date | int | Decimal | None]
FeelFunction = tuple[tuple[str, ...], Callable[..., object]]


def feel_functions(calendar: Calendar, readings: Readings, law: Law | None = None) -> Mapping[str, FeelFunction]:
    """Name -> (parameter names, callable). Each callable raises TermError for arguments it cannot use."""
    rules = law or shipped_law()

    def working_days_after(datum: object, aantal: object) -> date:
        return arithmetic.add_working_days(_date("datum", datum), _whole("aantal", aantal), calendar)

    def working_days_between(van: object, tot: object) -> int:
        return arithmetic.working_days_between(_date("van", van), _date("tot", tot), calendar)

    def next_working_day(datum: object) -> date:
        return calendar.next_working_day(_date("datum", datum))

    def is_working_day(datum: object) -> bool:
        return not calendar.is_free(_date("datum", datum))

    def latest_by_law(regel: object, datum: object) -> date:
        day = _date("datum", datum)
        return compute(
            rules.rule(_text("regel", regel), day), day, calendar=calendar, readings=readings, law=rules
        ).ends

    def latest_with_length(regel: object, datum: object, aantal: object) -> date:
        day, rule_id, length = _date("datum", datum), _text("regel", regel), _whole("aantal", aantal)
        return compute(
            rules.rule(rule_id, day), day, calendar=calendar, readings=readings, length=length, law=rules
        ).ends

    def latest_with_committee(regel: object, datum: object) -> date:
        day, rule_id = _date("datum", datum), _text("regel", regel)
        return compute(
            rules.rule(rule_id, day), day, calendar=calendar, readings=readings, committee=True, law=rules
        ).ends

    def objection_in_time(bekendgemaakt: object, ontvangen: object, gepost: object) -> bool:
        posted = None if gepost is None else _date("gepost", gepost)
        made_known, received = _date("bekendgemaakt", bekendgemaakt), _date("ontvangen", ontvangen)
        return timeliness(made_known, received, posted, calendar=calendar, law=rules).in_time

    def penalty_so_far(termijn_eind: object, ingebrekestelling: object, besluit: object, tot: object) -> Penalised:
        """*besluit* null: there is none; *tot* null: all 42 days, else the state on that day."""
        found = penalty(
            _date("ingebrekestelling", ingebrekestelling),
            decision_due=_date("termijn_eind", termijn_eind),
            decision_published=None if besluit is None else _date("besluit", besluit),
            until=None if tot is None else _date("tot", tot),
            calendar=calendar,
            readings=readings,
            law=rules,
        )
        return {
            "te_vroeg": found.premature,
            "mogelijk_vanaf": None if found.premature else found.first_possible_day,
            "eerste_dag": found.first_day,
            "laatste_dag": found.last_day,
            "dagen": len(found.days),
            "bedrag": Decimal(found.total_cents) / 100,
            "vaststellen_voor": found.determination_due,
        }

    def request_date(signaal: object, aanvaard: object) -> date:
        """The day on which the request counts as made, under the reading of Wgs art. 4 lid 1 b that is set."""
        received, accepted = _date("signaal", signaal), _date("aanvaard", aanvaard)
        if accepted < received:
            raise FactsContradict(f"aanvaard ({accepted}) may not be before signaal ({received})")
        return accepted if readings.signal_term_from_acceptance else received

    def time_left(vandaag: object, uiterlijk: object) -> str:
        return words_left(_date("vandaag", vandaag), _date("uiterlijk", uiterlijk), calendar)

    return {
        "werkdagen na": (("datum", "aantal"), working_days_after),
        "werkdagen tussen": (("van", "tot"), working_days_between),
        "volgende werkdag": (("datum",), next_working_day),
        "is werkdag": (("datum",), is_working_day),
        "wettelijk uiterlijk": (("regel", "datum"), latest_by_law),
        "wettelijk uiterlijk met lengte": (("regel", "datum", "aantal"), latest_with_length),
        "wettelijk uiterlijk met commissie": (("regel", "datum"), latest_with_committee),
        "bezwaar op tijd": (("bekendgemaakt", "ontvangen", "gepost"), objection_in_time),
        "dwangsom": (("termijn_eind", "ingebrekestelling", "besluit", "tot"), penalty_so_far),
        "verzoekdatum": (("signaal", "aanvaard"), request_date),
        "resterende tijd": (("vandaag", "uiterlijk"), time_left),
    }


def _date(name: str, value: object) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise FactsContradict(f"{name} must be a date, not {value!r}; use date(...)")
    return value


def _whole(name: str, value: object) -> int:
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value() and abs(value) < 10**9:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotAWholeNumber(name, value, "give a whole number")
    return value


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise FactsContradict(f'{name} must be the id of a rule as text, e.g. "awb-6-7", not {value!r}')
    return value
