"""rules/terms against a second hand that walks day by day: no difference, whatever the dates, grounds and readings."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

import pytest

from schuldhulp.rules.terms import (
    Adjournment,
    Computed,
    Length,
    Readings,
    Suspension,
    Unit,
    backward,
    compute,
    decision_on_objection,
    law,
    penalty,
    shipped_calendar,
    timeliness,
    wsnp_end,
)
from tests.rules.terms import oracle

CALENDAR = shipped_calendar()
DAY = timedelta(days=1)
FIRST, LAST = date(2012, 1, 1), date(2040, 12, 31)
SUSPENDED = ("wgs-4a-3", "awb-4-13-2", "awb-7-10")
GROUNDS = {
    "wgs-4a-3": ("4:15-1-a", "4:15-1-b", "4:15-2-a", "4:15-2-b", "4:15-2-c"),
    "awb-4-13-2": ("4:15-1-a", "4:15-1-b", "4:15-2-a", "4:15-2-b", "4:15-2-c"),
    "awb-7-10": ("7:10-2", "4:15-1-b", "4:15-2-b", "4:15-2-c"),
}


def any_day(chance: random.Random, since: date = FIRST) -> date:
    return max(since, FIRST) + DAY * chance.randrange((LAST - max(since, FIRST)).days + 1)


def any_reading(chance: random.Random) -> oracle.Reading:
    names = list(asdict(oracle.Reading()))
    return oracle.Reading(**{name: chance.random() < 0.3 for name in names})


def as_readings(reading: oracle.Reading) -> Readings:
    return Readings(**asdict(reading))


def flipped(reading: oracle.Reading, names: tuple[str, ...]) -> oracle.Reading:
    return replace(reading, **{name: not getattr(reading, name) for name in names})


@dataclass(frozen=True)
class Case:
    """One term, with everything that happened to it."""

    rule: str
    trigger: date
    reading: oracle.Reading
    weeks: int | None = None
    committee: bool = False
    suspensions: tuple[Suspension, ...] = ()
    adjourned: tuple[int, str] | None = None
    accepted: date | None = None

    def walked(self, reading: oracle.Reading) -> oracle.End:
        sort = oracle.sort_of(self.rule, self.trigger)
        if self.weeks is not None or self.committee:
            sort = replace(sort, length=self.weeks or oracle.WITH_COMMITTEE[self.rule])
        stops = [as_stop(suspension) for suspension in self.suspensions]
        more = [self.adjourned] if self.adjourned else []
        start = self.accepted if self.accepted and reading.signal_term_from_acceptance else self.trigger
        return oracle.count(sort, start, stops, more, reading)

    def computed(self) -> Computed:
        adjourned = self.adjourned and Adjournment(self.adjourned[0], Unit(self.adjourned[1]), self.trigger, "drukte")
        return compute(
            law().rule(self.rule, self.trigger),
            self.trigger,
            calendar=CALENDAR,
            readings=as_readings(self.reading),
            length=self.weeks,
            committee=self.committee,
            suspensions=self.suspensions,
            adjournments=(adjourned,) if adjourned else (),
            accepted=self.accepted,
        )


def as_stop(suspension: Suspension) -> oracle.Stop:
    if suspension.from_ is not None:
        return oracle.Stop("period", suspension.from_, suspension.until)
    assert suspension.asked is not None
    return oracle.Stop("asked", suspension.asked, suspension.set_term, suspension.done)


def any_suspension(chance: random.Random, rule: str, trigger: date) -> Suspension:
    ground = chance.choice(GROUNDS[rule])
    first = trigger + DAY * chance.randrange(0, 130)
    if ground.startswith("4:15-2"):
        return Suspension(ground, from_=first, until=first + DAY * chance.randrange(45))
    if ground == "4:15-1-b":
        return Suspension(ground, asked=first, done=first + DAY * chance.randrange(60))
    set_term = first + DAY * chance.randrange(1, 30)
    done = chance.choice([None, first + DAY * chance.randrange(45)])
    return Suspension(ground, asked=first, set_term=set_term, done=done)


def plain(chance: random.Random) -> Case:
    rule = chance.choice(sorted(oracle.RULES))
    case = Case(rule, any_day(chance, oracle.RULES[rule][0][0]), any_reading(chance))
    if rule == "wgs-4a-3":
        return replace(case, weeks=chance.randint(1, 8))
    if rule == "wgs-4-1-b":
        return replace(case, accepted=case.trigger + DAY * chance.randint(0, 40))
    if rule == "avg-12-3" and chance.random() < 0.5:
        return replace(case, adjourned=(chance.randint(1, 2), "months"))
    return replace(case, committee=rule in oracle.WITH_COMMITTEE and chance.random() < 0.5)


def suspended(chance: random.Random) -> Case:
    rule = chance.choice(SUSPENDED)
    case = Case(rule, any_day(chance, oracle.RULES[rule][0][0]), any_reading(chance))
    some = tuple(any_suspension(chance, rule, case.trigger) for _ in range(chance.randint(0, 5)))
    case = replace(case, suspensions=some)
    if rule == "wgs-4a-3":
        return replace(case, weeks=chance.randint(1, 8))
    if chance.random() < 0.4:
        case = replace(case, adjourned=(chance.randint(1, 6), "weeks"))
    return replace(case, committee=rule == "awb-7-10" and chance.random() < 0.5)


def check_term(case: Case) -> None:
    walked, computed = case.walked(case.reading), case.computed()
    assert (computed.ends, computed.unextended, computed.suspended_days) == (
        walked.ends,
        walked.unextended,
        walked.suspended,
    ), case
    others = {other.switches: other.ends for other in computed.alternatives}
    for switches, ends in others.items():
        assert case.walked(flipped(case.reading, switches)).ends == ends, (switches, case)
    for name in asdict(case.reading):
        ends = case.walked(flipped(case.reading, (name,))).ends
        assert ends == walked.ends or ends in others.values(), (name, case)


def check_penalty(chance: random.Random) -> None:
    due = any_day(chance)
    notice = due + DAY * chance.randint(-20, 60)
    published = chance.choice([None, notice + DAY * chance.randint(-5, 80)])
    until = chance.choice([None, notice + DAY * chance.randint(0, 80)])
    if published is not None and published < due:
        published = due
    reading = any_reading(chance)
    walked = oracle.fine(notice, due, published, until, reading)
    found = penalty(
        notice,
        decision_due=due,
        decision_published=published,
        until=until,
        calendar=CALENDAR,
        readings=as_readings(reading),
    )
    case = (due, notice, published, until, reading)
    assert found.premature == walked.premature, case
    assert [(day.day, day.cents) for day in found.days] == [(day, 100 * euros) for day, euros in walked.days], case
    assert found.total_cents == 100 * walked.euros, case
    assert found.determination_due == walked.determined_by, case


def check_objection(chance: random.Random) -> None:
    made_known = any_day(chance)
    received = made_known + DAY * chance.randint(0, 70)
    posted = chance.choice([None, received - DAY * chance.randint(0, 14)])
    if posted is not None and posted < made_known:
        posted = None
    found = timeliness(made_known, received, posted, calendar=CALENDAR)
    assert found.in_time == oracle.objection_in_time(made_known, received, posted), (made_known, received, posted)

    reading, committee = any_reading(chance), chance.random() < 0.5
    last = oracle.count(oracle.sort_of("awb-6-7", made_known), made_known).ends
    some = tuple(any_suspension(chance, "awb-7-10", last) for _ in range(chance.randint(0, 2)))
    sort = replace(oracle.sort_of("awb-7-10", last), length=12 if committee else 6)
    decision = decision_on_objection(
        made_known, calendar=CALENDAR, committee=committee, suspensions=some, readings=as_readings(reading)
    )
    walked = oracle.count(sort, last, [as_stop(one) for one in some], reading=reading)
    assert decision.ends == walked.ends, (made_known, committee, some, reading)


def check_counted_back(chance: random.Random) -> None:
    event, unit = any_day(chance), chance.choice(["days", "weeks", "months", "years"])
    length = chance.randint(1, {"days": 100, "weeks": 20, "months": 24, "years": 3}[unit])
    found = backward(event, Length(length, Unit(unit)))
    assert found == oracle.counted_back(event, length, unit), (event, length, unit)


def check_wsnp(chance: random.Random) -> None:
    judgment = any_day(chance)
    paid = chance.choice([None, judgment + DAY * chance.randint(-400, 30)])
    first = min(judgment, paid) if paid else judgment
    walked = oracle.count(oracle.sort_of("fw-349a", judgment), first)
    assert wsnp_end(judgment, paid, calendar=CALENDAR).ends == walked.ends, (judgment, paid)


SORTS: dict[str, Callable[[random.Random], None]] = {
    "plain terms": lambda chance: check_term(plain(chance)),
    "suspended and adjourned terms": lambda chance: check_term(suspended(chance)),
    "penalties": check_penalty,
    "objections": check_objection,
    "terms counted back": check_counted_back,
    "terms of the Wsnp": check_wsnp,
}
SHARE = {"plain terms": 25, "suspended and adjourned terms": 35, "penalties": 20, "objections": 15}
"""Parts in a hundred; what is not named has two and a half."""


def rounds(total: int) -> list[tuple[str, int]]:
    return [(name, int(total * SHARE.get(name, 2.5) / 100)) for name in SORTS]


@pytest.mark.parametrize(("name", "times"), rounds(2_000))
def test_two_hands_find_the_same_dates(name: str, times: int) -> None:
    chance = random.Random(f"2026 {name}")
    for _ in range(times):
        SORTS[name](chance)


@pytest.mark.endurance
@pytest.mark.parametrize(("name", "times"), rounds(200_000))
def test_two_hands_find_the_same_dates_for_a_long_time(name: str, times: int) -> None:
    chance = random.Random(f"long {name}")
    for _ in range(times):
        SORTS[name](chance)


def test_the_walker_knows_the_dates_that_everybody_knows() -> None:
    assert oracle.easter(2026) == date(2026, 4, 5)
    assert oracle.birthday(2025) == date(2025, 4, 26)
    assert oracle.birthday(2012) == date(2012, 4, 30)
    assert oracle.is_free(date(2026, 5, 15))
    assert not oracle.is_free(date(2026, 5, 4))
    assert oracle.count(oracle.sort_of("wgs-4-2", date(2026, 6, 6)), date(2026, 6, 6)).ends == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("is_feast", lambda day: False),
        ("_too_long_for_the_atw", lambda sort: False),
        ("stands_still", lambda day, stops, reading: any(stop.first <= day for stop in stops) and day.day == 1),
    ],
)
def test_a_mistake_in_one_of_the_hands_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, name: str, broken: Callable[..., bool]
) -> None:
    monkeypatch.setattr(oracle, name, broken)

    with pytest.raises(AssertionError):
        some_of_each()


def some_of_each() -> None:
    for sort in ("plain terms", "suspended and adjourned terms"):
        test_two_hands_find_the_same_dates(sort, 200)
