"""`schuldhulp group`: a meeting of a group from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from schuldhulp.cli import cli
from schuldhulp.cli.context import clock
from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.access import add_person, person_by_login
from tests.journeys.playing import part

DESIGNER = Actor(account=0, role="systeem")
MEETING = ("group", "record", "Groep maandag", "--at", "2026-03-02T09:00", "--minutes", "60", "--as", "saar", "--json")


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("SCHULDHULP_HOME", str(tmp_path))
    monkeypatch.setenv("SCHULDHULP_NOW", "2026-03-02T10:00")
    monkeypatch.delenv("SCHULDHULP_DATABASE", raising=False)
    opened = open_engine(Settings.from_environment(tmp_path), clock)
    opened.deploy(part("groepsbijeenkomst", "M6"), DESIGNER)
    add_person(opened, "saar", "Saar Werker", ("sociaal_werker",), "een lang wachtwoord", DESIGNER)
    yield opened
    opened.store.close()


def test_a_meeting_is_recorded_for_who_came_and_a_case_that_refuses_is_named(engine: Engine) -> None:
    saar = person_by_login(engine, "saar").actor()
    start = {"client_naam": "Anna Eén", "client_adres": "Testlaan 4", "client_postcode": "9999 ZZ", "client_woonplaats": "Dorp"}
    case = work.open_with_values(engine, "M6", {**start, "werkbare_vraag": "Overzicht"}, saar).case.number

    done = CliRunner().invoke(cli, [*MEETING, "--present", case, "--absent", "2026-999999"])

    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    assert [(one["case"], one["refused"] is None) for one in told] == [(case, True), ("2026-999999", False)]
    assert "groepsbijeenkomsten" in engine.case(case).data
    listed = CliRunner().invoke(cli, ["group", "participants", "--as", "saar", "--json"])
    assert json.loads(listed.stdout) == [], "who has been recorded waits no longer"
