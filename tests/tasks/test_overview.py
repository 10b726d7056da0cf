"""Looking ahead: the team leader's overview, a worker's calendar, and counting all terms again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from schuldhulp.cli import cli
from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.terms import Suspension
from schuldhulp.tasks import work
from schuldhulp.tasks.access import NotYourRole, Person, person_by_login
from schuldhulp.tasks.calendar_feed import calendar_feed
from schuldhulp.tasks.overview import overview
from schuldhulp.tasks.recount import begun, recount
from tests.engine.case.sample import FILES

CLERK = Actor(account=1, role="aanmeldmedewerker")
WORKER = Actor(account=2, role="sociaal_werker")
SYSTEM = Actor(account=0, role="systeem")
LEADER = Person(3, "tess", "Tess Teamleider", ("teamleider",))
SAAR = Person(2, "saar", "Saar Werker", ("sociaal_werker",))


class Clock:
    now = datetime(2026, 4, 1, 8, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    made = open_engine(Settings(f"sqlite:///{tmp_path / 'c.db'}", tmp_path / "keys", synchronous="OFF"), clock)
    made.deploy(FILES, CLERK)
    yield made
    made.store.close()


def reported(engine: Engine, on: str, name: str = "Joris Voorbeeld") -> str:
    """A case whose first conversation is due four weeks after *on*."""
    start = {"client_naam": name, "dreiging": "geen", "aangemeld_op": on}
    return work.open_with_values(engine, "M5", start, CLERK).case.number


def test_the_overview_shows_what_is_due_what_was_missed_and_what_stands_still(engine: Engine, clock: Clock) -> None:
    soon, late, still, later = (reported(engine, day) for day in ("2026-04-01", "2026-03-20", "2026-03-30", "2026-04-01"))
    suspended = engine.start_term(still, "wgs-4a-3", date(2026, 4, 1), WORKER, length=8).case
    number = next(term.term for term in suspended.terms.values() if term.rule == "wgs-4a-3")
    asked = Suspension("4:15-1-a", asked=date(2026, 4, 1), set_term=date(2026, 5, 1))
    engine.suspend_term(still, number, asked, "identiteit ontbreekt", WORKER)
    engine.meet_term(later, "wgs-4-1-a", date(2026, 4, 1), WORKER)
    clock.now = datetime(2026, 4, 23, 8, tzinfo=UTC)
    list(engine.tick(SYSTEM))

    seen = overview(engine, LEADER)

    assert [(line.case, line.words) for line in seen.due] == [(still, "nog 2 werkdagen"), (soon, "nog 3 werkdagen")]
    assert [(line.case, line.words) for line in seen.missed] == [(late, "6 dagen te laat")]
    assert [(line.case, line.why) for line in seen.suspended] == [
        (still, "uitnodiging om de aanvraag aan te vullen (Awb art. 4:15 lid 1 onder a), sinds 01-04-2026, tot en met 01-05-2026")
    ]
    clock.now = datetime(2026, 5, 2, 8, tzinfo=UTC)
    assert overview(engine, LEADER).suspended == (), "the days decide, also when nothing happened in the case"


def test_the_overview_is_for_who_may_see_every_case(engine: Engine) -> None:
    with pytest.raises(NotYourRole):
        overview(engine, SAAR)


def unfolded(feed: str) -> list[str]:
    assert feed.endswith("\r\n")
    lines = feed.split("\r\n")[:-1]
    assert all(len(line.encode()) <= 75 for line in lines)
    return "\n".join(lines).replace("\n ", "").split("\n")


def test_the_calendar_has_a_day_per_term_of_ones_own_cases_and_no_names(engine: Engine) -> None:
    mine, other = reported(engine, "2026-04-01"), reported(engine, "2026-03-20", "Iemand Anders")
    engine.claim(mine, next(iter(engine.case(mine).tasks)), WORKER)
    engine.start_term(mine, "wgs-4a-3", date(2026, 4, 1), WORKER, length=8, target=date(2026, 5, 1))

    lines = unfolded(calendar_feed(engine, SAAR))

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert [line for line in lines if line.startswith("SUMMARY")] == [
        f"SUMMARY:{mine} Uiterlijk: Eerste gesprek na aanmelding",
        f"SUMMARY:{mine} Uiterlijk: Besluit over plan van aanpak of weigering",
        f"SUMMARY:{mine} Streefdatum: Besluit over plan van aanpak of weigering",
    ]
    assert [line for line in lines if line.startswith("DTSTART")] == [
        "DTSTART;VALUE=DATE:20260429",
        "DTSTART;VALUE=DATE:20260527",
        "DTSTART;VALUE=DATE:20260501",
    ]
    assert "DTEND;VALUE=DATE:20260430" in lines
    assert "DESCRIPTION:wgs-4-1-a\\, Wgs art. 4 lid 1 onder a" in lines
    assert not any("Joris" in line or other in line for line in lines)
    assert len({line for line in lines if line.startswith("UID")}) == 3


DECREE = b"format: 1\ndecrees:\n  - {decree: KB van 2028, period: 2029-01-01..2031-12-31, days: [2029-05-11]}\n"
CHANGED = {**FILES, "rules/terms/equated_days.yaml@local": DECREE}


@pytest.fixture
def many(engine: Engine, clock: Clock) -> tuple[list[str], list[str]]:
    """Cases whose term ends on 11 May 2029, and cases whose term does not."""
    clock.now = datetime(2029, 4, 13, 8, tzinfo=UTC)
    return [reported(engine, "2029-04-12") for _ in range(5)], [reported(engine, "2029-04-09") for _ in range(4)]


def test_counting_again_moves_only_what_the_change_touches_and_says_how_far_it_is(
    engine: Engine, many: tuple[list[str], list[str]]
) -> None:
    touched, others = many
    facts = {case: len(engine.facts(case)) for case in others}
    engine.deploy(CHANGED, CLERK)

    seen = [(now.looked, now.moved, now.finished) for now, failed in recount(engine, CLERK, batch=4)]

    assert seen == [(4, 4, False), (8, 5, False), (9, 5, True)]
    assert {term.ends for case in touched for term in engine.case(case).terms.values()} == {date(2029, 5, 14)}
    assert {case: len(engine.facts(case)) for case in others} == facts
    assert all(engine.verify(case) == [] for case in touched)
    assert list(recount(engine, CLERK)) == [], "done with this calendar"


def test_counting_again_goes_on_where_it_was_stopped(engine: Engine, many: tuple[list[str], list[str]]) -> None:
    engine.deploy(CHANGED, CLERK)
    next(recount(engine, CLERK, batch=3))

    assert begun(engine).looked == 3
    assert [now.looked for now, _ in recount(engine, CLERK, batch=3)] == [6, 9, 9]
    engine.deploy({**CHANGED, "rules/readings.yaml": b"atw_on_ordinance_term: true\n"}, CLERK)
    assert begun(engine).looked == 0, "another reading: from the beginning"


def test_the_commands_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHULDHULP_HOME", str(tmp_path))
    monkeypatch.setenv("SCHULDHULP_NOW", "2026-04-23T10:00")
    engine = open_engine(Settings.from_environment(), Clock())
    engine.deploy(FILES, CLERK)
    CliRunner().invoke(cli, ["accounts", "add", "tess", "Tess", "--role", "teamleider", "--password", "een lange zin van tess"])
    assert person_by_login(engine, "tess").roles == ("teamleider",)
    case = reported(engine, "2026-03-30")
    engine.claim(case, next(iter(engine.case(case).tasks)), Actor(account=1, role="sociaal_werker"))
    engine.store.close()

    def run(*words: str) -> str:
        result = CliRunner().invoke(cli, [*words, "--as", "tess"], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    assert f"{case}  1   Eerste gesprek na aanmelding" in run("overview")
    assert "SUMMARY:" in run("calendar")
    assert "1 cases looked at, 0 with terms that moved, 0 failed." in run("terms", "recompute")
    assert "Done before" in run("terms", "recompute")
