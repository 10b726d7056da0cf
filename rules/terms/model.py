"""The law as data: rules, grounds, amounts and lists, each with the period in which it is in force. All frozen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from schuldhulp.rules.terms.errors import RuleNotInForce, UnknownRule


class Unit(StrEnum):
    """Unit of a term."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Source(StrEnum):
    """Kind of text that sets a term. The Atw covers only wet and amvb (Atw art. 1 and 5)."""

    WET = "wet"
    AMVB = "amvb"
    VERORDENING = "verordening"
    BELEID = "beleid"
    EU = "eu"


class Start(StrEnum):
    """Whether the day of the trigger is counted."""

    NEXT_DAY = "next_day"
    SAME_DAY = "same_day"


class Gives(StrEnum):
    """What the computed date is: the last day in time, or the day on which the term has lapsed."""

    LAST_DAY = "last_day"
    DAY_AFTER = "day_after"


class Shift(StrEnum):
    """What moves a last day that is free: the Atw, EU Regulation 1182/71, or nothing."""

    ATW = "atw"
    EU = "eu"
    NONE = "none"


class Local(StrEnum):
    """What a municipality (or a court) may do to the length."""

    FIXED = "fixed"
    SHORTER = "shorter"
    FREE = "free"
    SET = "set"
    COURT = "court"


class Binds(StrEnum):
    """Whose duty a term is. ``nobody``: the date is an end or a beginning, and nothing is missed when it passes."""

    COLLEGE = "college"
    INWONER = "inwoner"
    NOBODY = "nobody"


class GroundKind(StrEnum):
    """How the days of a suspension are found (terms.yaml, head of `grounds`)."""

    INVITATION = "invitation"
    INQUIRY = "inquiry"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Length:
    """A number of units, e.g. 4 weeks."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        unit = self.unit.replace("_", " ")
        return f"{self.count} {unit.removesuffix('s') if self.count == 1 else unit}"


@dataclass(frozen=True, slots=True)
class Period:
    """Inclusive dates; ``last`` None means still in force."""

    first: date
    last: date | None = None

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: Period) -> bool:
        return other.first <= (self.last or date.max) and self.first <= (other.last or date.max)

    def __str__(self) -> str:
        return f"{self.first} to {self.last}" if self.last else f"{self.first} and later"


@dataclass(frozen=True, slots=True)
class AdjournRule:
    """How a term may be adjourned. ``most`` None: the body names a reasonable date (Awb 4:14 lid 3)."""

    article: str
    most: Length | None
    times: int
    consent: str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one statutory or policy term (a row of terms.yaml)."""

    id: str
    name: str
    basis: str
    source: Source
    trigger: str
    length: Length | None
    committee: Length | None
    start: Start
    gives: Gives
    shift: Shift
    local: Local
    binds: Binds
    bounds: tuple[int, int] | None
    suspend: tuple[str, ...]
    adjourn: AdjournRule | None
    readings: tuple[str, ...]
    penalty: bool
    notice: str  # article of a notice of delay that moves nothing (Awb 4:14 lid 1); empty where there is none
    missed: str
    valid: Period
    note: str

    @property
    def unit(self) -> Unit | None:
        return self.length.unit if self.length else None

    @property
    def atw(self) -> bool:
        """Whether the Atw moves the last day under the default readings."""
        return self.shift is Shift.ATW

    @property
    def binds_client(self) -> bool:
        """Whether the inhabitant must act in time, so that the college misses nothing."""
        return self.binds is Binds.INWONER

    @property
    def can_be_missed(self) -> bool:
        """Whether the passing of the date is a duty missed by the college."""
        return self.binds is Binds.COLLEGE

    @property
    def valid_from(self) -> date:
        return self.valid.first

    @property
    def valid_to(self) -> date | None:
        return self.valid.last


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground that stops a term; ``tell``: the applicant must hear the new date when it ends (Awb 4:15 lid 4)."""

    id: str
    article: str
    name: str
    kind: GroundKind
    tell: bool


@dataclass(frozen=True, slots=True)
class PenaltyRates:
    """Whole cents per day for each of three stretches of days, by date of receipt of the notice (Awb 4:17)."""

    received: Period
    cents: tuple[int, ...]
    days: tuple[int, ...]

    @property
    def most_days(self) -> int:
        return sum(self.days)


@dataclass(frozen=True, slots=True)
class Threat:
    """A bedreigende situatie of Wgs art. 4 lid 2, with other names for the same thing."""

    id: str
    name: str
    also: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Provision:
    """A provision that is no term of its own, and the code that carries it out."""

    id: str
    name: str
    basis: str
    carried_out_by: str
    valid: Period


@dataclass(frozen=True)
class Law:
    """Everything in one law file. ``version`` is the SHA-256 of its bytes, to be recorded with each decision."""

    version: str
    state_of_law: date
    rules: tuple[Rule, ...]
    grounds: tuple[Ground, ...]
    penalty: tuple[PenaltyRates, ...]
    threats: tuple[Threat, ...]
    provisions: tuple[Provision, ...]
    _by_id: dict[str, tuple[Rule, ...]] = field(init=False, repr=False, compare=False)
    _grounds: dict[str, Ground] = field(init=False, repr=False, compare=False)
    _threats: frozenset[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id: dict[str, tuple[Rule, ...]] = {}
        for rule in sorted(self.rules, key=lambda rule: rule.valid.first):
            by_id[rule.id] = (*by_id.get(rule.id, ()), rule)
        object.__setattr__(self, "_by_id", by_id)
        object.__setattr__(self, "_grounds", {ground.id: ground for ground in self.grounds})
        words = (word for threat in self.threats for word in (threat.id, threat.name, *threat.also))
        object.__setattr__(self, "_threats", frozenset(map(_plain, words)))

    def versions(self, rule_id: str) -> tuple[Rule, ...]:
        """All versions of a rule, oldest first. Raises UnknownRule."""
        try:
            return self._by_id[rule_id]
        except KeyError:
            raise UnknownRule(rule_id, self._by_id) from None

    def rule(self, rule_id: str, on: date) -> Rule:
        """The version in force on the date of the fact. Raises UnknownRule, RuleNotInForce."""
        versions = self.versions(rule_id)
        for rule in versions:
            if on in rule.valid:
                return rule
        raise RuleNotInForce(rule_id, on, (str(rule.valid) for rule in versions))

    def ground(self, ground_id: str) -> Ground:
        """The ground for suspension with this id, e.g. ``4:15-1-a``. Raises UnknownRule."""
        try:
            return self._grounds[ground_id]
        except KeyError:
            raise UnknownRule(ground_id, self._grounds) from None

    def penalty_rates(self, notice_received: date) -> PenaltyRates:
        """The amounts for a notice of default received on this day (Awb 4:17). Raises RuleNotInForce."""
        for rates in self.penalty:
            if notice_received in rates.received:
                return rates
        raise RuleNotInForce("awb-4-17-2", notice_received, (str(rates.received) for rates in self.penalty))

    def is_threat(self, kind: str) -> bool:
        """Whether *kind* is in the exhaustive list of Wgs art. 4 lid 2."""
        return _plain(kind) in self._threats

    def allows_ordinance_weeks(self, weeks: int, on: date) -> bool:
        """Whether an ordinance may set this decision term (Wgs art. 4a lid 3: at most eight weeks)."""
        bounds = self.rule("wgs-4a-3", on).bounds
        return bounds is not None and bounds[0] <= weeks <= bounds[1]


def _plain(text: str) -> str:
    """Lower case, without accents, single spaces: 'Beëindiging  levering' -> 'beeindiging levering'."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.casefold().split())


def overlapping(items: Sequence[tuple[str, Period]]) -> Iterable[tuple[int, int]]:
    """Pairs of positions with the same key and overlapping periods."""
    for later, (key, period) in enumerate(items):
        for earlier in range(later):
            if items[earlier][0] == key and items[earlier][1].overlaps(period):
                yield earlier, later
