"""Contested readings of the law as switches of a municipality (terms.md section C.9). Off is the default reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from schuldhulp.rules.terms.errors import UnknownReading


@dataclass(frozen=True, slots=True)
class Readings:
    """One flag per contested point; False is the default reading, True the other."""

    equated_days_are_working_days: bool = False
    signal_term_from_acceptance: bool = False
    atw_on_ordinance_term: bool = False
    set_term_last_day_suspended: bool = False
    atw_on_notice_weeks: bool = False
    penalty_counts_announcement: bool = False
    no_atw_past_twelve_weeks: bool = False

    @classmethod
    def from_mapping(cls, settings: Mapping[str, object]) -> Readings:
        """The readings a municipality has set; absent ones keep the default. Raises UnknownReading."""
        chosen: dict[str, bool] = {}
        for name, value in settings.items():
            if name not in SWITCHES or not isinstance(value, bool):
                raise UnknownReading(name, SWITCHES)
            chosen[name] = value
        return cls(**chosen)

    def of(self, name: str) -> bool:
        """The value of one switch. Raises UnknownReading."""
        if name not in SWITCHES:
            raise UnknownReading(name, SWITCHES)
        return bool(getattr(self, name))

    def flipped(self, *names: str) -> Readings:
        """These readings with the named switches the other way."""
        return replace(self, **{name: not self.of(name) for name in names})


@dataclass(frozen=True, slots=True)
class Switch:
    """What a switch means: the article, and both readings in plain Dutch and English."""

    article: str
    off: str
    on: str
    off_english: str
    on_english: str


SWITCHES: dict[str, Switch] = {
    "equated_days_are_working_days": Switch(
        "Wgs art. 4 lid 2",
        "Goede Vrijdag en gelijkgestelde dagen zijn geen werkdag",
        "Goede Vrijdag en gelijkgestelde dagen zijn gewone werkdagen",
        "Good Friday and equated days are no working days",
        "Good Friday and equated days are working days",
    ),
    "signal_term_from_acceptance": Switch(
        "Wgs art. 4 lid 1 onder b",
        "de termijn begint bij de ontvangst van het signaal",
        "de termijn begint als de inwoner het aanbod aanvaardt",
        "the term starts on receipt of the signal",
        "the term starts when the inhabitant accepts the offer",
    ),
    "atw_on_ordinance_term": Switch(
        "Wgs art. 4a lid 3",
        "de termijn staat in een verordening, dus de Algemene termijnenwet geldt niet",
        "de Algemene termijnenwet geldt ook voor deze termijn",
        "the term is set by ordinance, so the Atw does not apply",
        "the Atw applies to this term as well",
    ),
    "set_term_last_day_suspended": Switch(
        "Awb art. 4:15 lid 1 onder a en art. 7:10 lid 2",
        "de laatste dag van de hersteltermijn telt weer mee",
        "ook op de laatste dag van de hersteltermijn staat de termijn stil",
        "the last day of the set term is counted again",
        "the last day of the set term is suspended too",
    ),
    "atw_on_notice_weeks": Switch(
        "Awb art. 4:17 lid 3 en 6:12 lid 2",
        "de twee weken na de ingebrekestelling worden niet verlengd",
        "de Algemene termijnenwet verlengt de twee weken na de ingebrekestelling",
        "the two weeks after the notice of default are not extended",
        "the Atw extends the two weeks after the notice of default",
    ),
    "penalty_counts_announcement": Switch(
        "Awb art. 4:17 lid 1",
        "over de dag waarop het besluit bekend wordt gemaakt is geen dwangsom verschuldigd",
        "ook over de dag waarop het besluit bekend wordt gemaakt is dwangsom verschuldigd",
        "no penalty for the day on which the decision is announced",
        "the day on which the decision is announced still counts",
    ),
    "no_atw_past_twelve_weeks": Switch(
        "Atw art. 4 onder a",
        "na verdaging geldt de Algemene termijnenwet nog steeds",
        "een termijn die na verdaging langer is dan twaalf weken wordt niet verlengd",
        "the Atw still applies after adjournment",
        "a term that is longer than twelve weeks after adjournment is not extended",
    ),
}

assert tuple(SWITCHES) == tuple(field.name for field in fields(Readings))
