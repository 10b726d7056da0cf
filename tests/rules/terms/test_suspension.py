"""Opschorting (Awb 4:15, 7:10 lid 2): several grounds, overlapping days, the contested last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from schuldhulp.rules.terms import (
    BadSuspension,
    Computed,
    GroundNotAllowed,
    Kind,
    Readings,
    Suspension,
    SuspensionOpen,
    UnknownRule,
)

Due = Callable[..., Computed]


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def invited(asked: str, set_term: str, done: str | None = None) -> Suspension:
    return Suspension("4:15-1-a", asked=day(asked), set_term=day(set_term), done=day(done) if done else None)


def delay(first: str, last: str, ground: str = "4:15-2-b") -> Suspension:
    return Suspension(ground, from_=day(first), until=day(last))


# A decision term of eight weeks from Monday 1 June 2026 ends on Monday 27 July 2026.
@pytest.mark.parametrize(
    ("suspensions", "days", "ends"),
    [
        ([], 0, "07-27"),
        ([invited("06-10", "06-24", "06-10")], 0, "07-27"),  # answered the same day
        ([invited("06-10", "06-24", "06-11")], 0, "07-27"),  # answered the next day
        ([invited("06-10", "06-24", "06-12")], 1, "07-28"),
        ([invited("06-10", "06-24", "06-24")], 13, "08-10"),  # answered on the last day: 9 August is a Sunday
        ([invited("06-10", "06-24", "07-15")], 13, "08-10"),  # answered too late counts as lapsed unused
        ([delay("06-10", "06-10")], 1, "07-28"),
        ([delay("07-27", "07-31")], 5, "08-03"),  # begins on the last day: Saturday 1 August, then Monday
        ([delay("07-28", "07-31")], 0, "07-27"),  # begins a day too late
        (
            [delay("07-20", "07-29"), delay("08-05", "08-06", "4:15-2-c")],
            12,
            "08-10",
        ),  # the second lies in the moved term
        ([delay("05-20", "06-03")], 2, "07-29"),  # only 2 and 3 June lie in the term
        ([delay("06-10", "06-19"), delay("06-15", "06-22", "4:15-2-a")], 13, "08-10"),  # overlap counts once
        ([delay("06-10", "06-30"), delay("06-15", "06-16", "4:15-2-c")], 21, "08-17"),  # one inside the other
        (
            [invited("06-10", "06-17", "06-15"), delay("06-14", "06-16")],
            6,
            "08-03",
        ),  # 11-14 and 15-16 June: Sunday 2 August
    ],
)
def test_suspended_days_are_a_union_of_calendar_days_and_the_atw_comes_last(
    suspensions: list[Suspension], days: int, ends: str, due: Due
) -> None:
    found = due("awb-4-13-2", "2026-06-01", suspensions=suspensions)

    assert (found.suspended_days, found.ends) == (days, day(ends))
    assert found.explanation.count(Kind.SUSPENDED) == days
    assert due("awb-4-13-2", "2026-06-01", suspensions=suspensions[::-1]).ends == found.ends


def test_the_atw_is_not_applied_before_the_suspended_days_are_added(due: Due) -> None:
    # eight weeks from Saturday 13 June end on Saturday 8 August; two suspended days make it Monday 10 August, not the 12th
    assert due("awb-4-13-2", "2026-06-13", suspensions=[delay("07-01", "07-02")]).ends == day("08-10")


def test_the_last_day_of_a_term_that_lapsed_unused_is_contested(due: Due) -> None:
    lapsed = [invited("09-08", "09-23")]
    by_default = due("awb-4-13-2", "2026-09-01", suspensions=lapsed)
    other = due("awb-4-13-2", "2026-09-01", suspensions=lapsed, readings=Readings(set_term_last_day_suspended=True))

    assert (by_default.ends, by_default.suspended_days) == (day("11-10"), 14)
    assert (other.ends, other.suspended_days) == (day("11-11"), 15)
    assert by_default.other_reading == other.ends
    assert other.other_reading == by_default.ends


def test_two_contested_points_give_every_date_that_a_reading_allows(due: Due) -> None:
    # ordinance term, eight weeks from Tuesday 1 September: 27 October, plus 11 or 12 days: Saturday or Sunday, or Monday
    found = due("wgs-4a-3", "2026-09-01", length=8, suspensions=[invited("09-09", "09-21")])

    assert found.ends == day("11-07")
    assert {other.ends for other in found.alternatives} == {day("11-08"), day("11-09")}


def test_a_date_that_only_two_switches_together_give_is_shown_too(due: Due) -> None:
    # the default is Friday 6 November; with the last day suspended Saturday; only with the Atw as well Monday 9 November
    found = due("wgs-4a-3", "2026-09-01", length=8, suspensions=[invited("09-09", "09-20")])

    assert (found.ends, found.other_reading) == (day("11-06"), day("11-07"))
    assert [(other.switches, other.ends) for other in found.alternatives][1:] == [
        (("atw_on_ordinance_term", "set_term_last_day_suspended"), day("11-09"))
    ]


def test_an_answer_on_the_last_day_of_the_set_term_is_not_contested(due: Due) -> None:
    found = due("wgs-4a-3", "2026-09-01", length=8, suspensions=[invited("09-09", "09-20", "09-20")])

    assert found.suspended_days == 10
    assert all("set_term_last_day_suspended" not in other.switches for other in found.alternatives)
    assert "set_term_unused" not in [note.code for note in found.explanation.notes]


@pytest.mark.parametrize(
    ("rule_id", "ground", "article"),
    [
        ("awb-7-10", "4:15-1-a", "Awb art. 7:14"),
        ("awb-7-10", "4:15-2-a", "Awb art. 7:14"),
        ("awb-4-13-2", "7:10-2", "Awb art. 4:13 lid 2"),
        ("wgs-4-1-a", "4:15-2-c", "nothing suspends this term"),
        ("awb-6-7", "4:15-2-c", "nothing suspends this term"),
    ],
)
def test_a_ground_that_does_not_belong_to_the_term_is_refused(
    rule_id: str, ground: str, article: str, due: Due
) -> None:
    with pytest.raises(GroundNotAllowed, match=article):
        due(rule_id, "2026-06-01", suspensions=[Suspension(ground, from_=day("06-10"), until=day("06-12"))])


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"ground": "4:15-1-a"}, "needs asked"),
        ({"ground": "4:15-1-a", "asked": "06-10", "done": "06-09"}, "lies before the day of asking"),
        ({"ground": "4:15-1-a", "asked": "06-10", "set_term": "06-01"}, "lies before the day of asking"),
        (
            {"ground": "4:15-1-a", "asked": "06-10", "done": "06-12", "until": "06-12"},
            "until does not belong to ground",
        ),
        ({"ground": "4:15-1-b", "asked": "06-10", "set_term": "06-12", "done": "06-12"}, "set_term does not belong"),
        ({"ground": "4:15-2-a", "from_": "06-10", "until": "06-09"}, "ends .* before it begins"),
        ({"ground": "4:15-2-a", "from_": "06-10", "until": "06-12", "asked": "06-01"}, "asked does not belong"),
        ({"ground": "4:15-2-a", "until": "06-12"}, "needs from_"),
    ],
)
def test_dates_that_are_missing_or_contradict_each_other_are_refused(
    fields: dict[str, str], complaint: str, due: Due
) -> None:
    dates: dict[str, Any] = {name: day(text) for name, text in fields.items() if name != "ground"}

    with pytest.raises(BadSuspension, match=complaint):
        due("awb-4-13-2", "2026-06-01", suspensions=[Suspension(fields["ground"], **dates)])


def test_a_suspension_without_an_end_gives_no_date(due: Due) -> None:
    with pytest.raises(SuspensionOpen, match="has no end yet"):
        due("awb-4-13-2", "2026-06-01", suspensions=[Suspension("4:15-1-b", asked=day("06-10"))])


def test_an_unknown_ground_gets_a_suggestion(due: Due) -> None:
    with pytest.raises(UnknownRule, match="Did you mean"):
        due("awb-4-13-2", "2026-06-01", suspensions=[Suspension("4:15-1a", asked=day("06-10"))])
