"""schuldhulp terms, as typed."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schuldhulp.cli.terms import terms


def typed(*words: str) -> Result:
    return CliRunner().invoke(terms, list(words))


def test_the_rules_in_force_on_a_day_are_listed_with_their_article() -> None:
    result = typed("list", "--on", "2020-06-01")

    assert result.exit_code == 0
    assert "wgs-4-1-a" in result.output
    assert "wgs-4a-3" not in result.output
    rows = json.loads(typed("list", "--json").output)
    assert {"wgs-4a-3", "fw-349a"} <= {row["id"] for row in rows}


def test_a_date_is_explained_in_english_dutch_and_json() -> None:
    words = (
        "explain",
        "wgs-4a-3",
        "2026-06-01",
        "--length",
        "8",
        "--suspend",
        "4:15-1-a,asked=2026-06-10,set_term=2026-06-24",
    )

    assert "ends       Sun 2026-08-09" in typed(*words).output
    assert "De laatste dag is zondag 9 augustus 2026." in typed(*words, "--dutch").output
    assert json.loads(typed(*words, "--json").output)["ends"] == "2026-08-09"
    assert "Mon 2026-08-10" in typed(*words, "--reading", "atw_on_ordinance_term").output


def test_a_rule_in_hours_takes_a_moment() -> None:
    assert "2026-02-08T10:00" in typed("explain", "awb-2-10", "2026-02-06T10:00").output
    assert json.loads(typed("explain", "awb-2-10", "2026-02-06T10:00", "--json").output)["ends"] == "2026-02-08T10:00"


def test_what_if_shows_both_dates_and_the_difference() -> None:
    result = typed("what-if", "awb-7-10", "2026-07-13", "--adjourn", "6 weeks,on=2026-08-03")

    assert result.output.startswith("now   Mon 2026-08-24\nthen  Mon 2026-10-05  (+42 days)\n")
    moved = typed("what-if", "awb-6-7", "2026-06-01", "--trigger", "2026-06-03", "--json")
    assert json.loads(moved.output)["moved_days"] == 2


def test_a_penalty_is_shown_day_by_day_with_the_other_reading() -> None:
    result = typed("penalty", "2026-08-03", "--due", "2026-07-27", "--published", "2026-08-20")

    assert " 1  Tue 2026-08-18    23,00      23,00" in result.output
    assert "total 46,00 euro over 2 days" in result.output
    assert "otherwise 69,00 euro over 3 days (penalty_counts_announcement)" in result.output
    assert json.loads(typed("penalty", "2026-08-03", "--due", "2026-07-27", "--json").output)["total_cents"] == 144_200
    assert "it has no effect" in typed("penalty", "2026-07-27", "--due", "2026-07-27").output


def test_an_objection_is_weighed_on_receipt_and_post() -> None:
    assert (
        "in time (Awb art. 6:9 lid 2)"
        in typed("objection", "2026-03-16", "--received", "2026-05-04", "--posted", "2026-04-28").output
    )
    late = typed("objection", "2026-03-16", "--received", "2026-05-04", "--json")
    assert json.loads(late.output) == {
        "last_day": "2026-04-28",
        "decide_at_the_latest": "2026-06-09",
        "in_time": False,
        "article": "Awb art. 6:11",
        "for_a_person": True,
    }


def test_the_calendar_of_a_year_says_when_it_is_incomplete() -> None:
    assert "Fri 2026-05-15  gelijkgestelde dag" in typed("calendar", "2026").output
    assert "Calendar incomplete" not in typed("calendar", "2026").output
    assert "Calendar incomplete" in typed("calendar", "2029").output


def test_an_administrator_checks_and_tries_an_extended_table(tmp_path: Path) -> None:
    table = files("schuldhulp.rules.terms").joinpath("equated_days.yaml").read_text(encoding="utf-8")
    longer = tmp_path / "equated_days.yaml"
    longer.write_text(table + "  - {decree: KB nieuw, period: 2029-01-01..2031-12-31, days: [2029-05-11]}\n")

    assert "14 equated days, from 2020-01-01 to 2031-12-31" in typed("check", str(longer)).output
    assert (
        "ends       Mon 2029-05-14" in typed("--equated-days", str(longer), "explain", "awb-6-7", "2029-03-30").output
    )
    longer.write_text(table.replace("2027-05-07", "2027-05-32"))
    refused = typed("check", str(longer))
    assert refused.exit_code == 1
    assert "Write an existing date" in refused.output


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("explain", "wgs-4a3", "2026-06-01"), 1, "Did you mean wgs-4a-3"),
        (("explain", "wgs-4a-3", "2026-06-01"), 1, "set a number of weeks, from 1 to 8"),
        (("explain", "awb-6-7", "2026-02-30"), 2, "is not an existing date"),
        (("explain", "awb-6-7", "2026-06-01", "--reading", "atw"), 1, "is not a reading that can be switched"),
        (
            ("explain", "awb-6-7", "2026-06-01", "--suspend", "4:15-2-a,from=2026-06-05,until=2026-06-06"),
            1,
            "nothing suspends",
        ),
        (("explain", "awb-4-13-2", "2026-06-01", "--suspend", "4:15-2-a,van=2026-06-05"), 2, "is not one of asked"),
        (("explain", "awb-7-10", "2026-06-01", "--adjourn", "six weeks"), 2, "Write a number and a unit"),
        (("explain", "awb-7-10", "2026-06-01", "--adjourn", "7 weeks"), 1, "Awb art. 7:10 lid 3"),
        (("penalty", "2009-01-01", "--due", "2008-12-01"), 1, "not in force on 2009-01-01"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(words: tuple[str, ...], code: int, said: str) -> None:
    result = typed(*words)

    assert result.exit_code == code
    assert said in result.output


def test_every_command_has_help() -> None:
    for name, command in terms.commands.items():
        assert command.help, name
