"""Keeping things running from the shell: incidents, suspending, cancelling, jobs and migration, with counts and exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from schuldhulp.cli import cli
from schuldhulp.cli.say import explain_error
from schuldhulp.engine.bootstrap import Settings, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import add_person
from tests.engine.operations.sample import CALLED, DESIGNER, FILES, open_case

Run = Callable[..., Result]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHULDHULP_HOME", str(tmp_path))
    monkeypatch.setenv("SCHULDHULP_NOW", "2026-03-02T10:00")
    monkeypatch.delenv("SCHULDHULP_DATABASE", raising=False)
    return tmp_path


@pytest.fixture
def engine(home: Path) -> Iterator[Engine]:
    from schuldhulp.cli.context import clock

    opened = open_engine(Settings.from_environment(home), clock)
    opened.deploy(FILES, DESIGNER)
    for login, role in (("tess", "teamleider"), ("saar", "sociaal_werker"), ("register", "koppeling")):
        add_person(opened, login, login.title(), (role,), "een lang wachtwoord", DESIGNER)
    yield opened
    opened.store.close()


@pytest.fixture
def run(engine: Engine) -> Run:
    def call(*words: str, login: str = "tess", code: int = 0) -> Result:
        done = CliRunner().invoke(cli, [*words, "--as", login])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            assert isinstance(done.exception, Exception)
            assert explain_error(done.exception) is not None, done.exception  # what main() says in a sentence
            assert code == 1
            return done
        assert done.exit_code == code, done.output
        return done

    return call


def read(done: Result) -> Any:
    return json.loads(done.stdout)


def test_incidents_show_their_cause_and_many_are_tried_again(
    run: Run, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [open_case(engine, "M4").number for _ in range(2)]
    assert "No incidents" in run("incidents").output
    monkeypatch.setenv("SCHULDHULP_NOW", "2026-03-03T10:00")
    CliRunner().invoke(cli, ["tick"])
    shown = run("incidents").output
    assert all(number in shown for number in numbers)
    assert "inkomen" in shown
    assert [row["number"] for row in read(run("incidents", "--group", "--json"))] == [2]
    assert "2 incidents would be tried again" in run("retry", "--all", "--dry-run").output
    assert "0 incidents" not in run("retry", "--all", "--element", "Elders", "--dry-run").output
    run("correct", numbers[0], "--set", "inkomen=1200", "--reason", "vergeten in te vullen")
    done = run("retry", "--all", "--code", "expression", code=1)
    assert "1 done, 1 not" in done.output
    assert numbers[1] in done.output
    assert len(engine.incidents()) == 1


def test_instances_are_suspended_resumed_and_cancelled_one_or_many(run: Run, engine: Engine) -> None:
    numbers = [open_case(engine, "M1").number for _ in range(3)]
    run("suspend", numbers[0], "1", "--reason", "register in onderhoud")
    assert engine.case(numbers[0]).instances[1].status == "suspended"
    assert (
        "2 module instances in 2 cases would be suspended"
        in run("suspend", "--all", "--module", "M1", "--reason", "x", "--dry-run").output
    )
    assert read(run("suspend", "--all", "--module", "M1", "--reason", "onderhoud", "--json"))["done"] == 2
    assert read(run("resume", "--all", "--json")) == {"done": 3, "failed": []}
    run("cancel", numbers[0], "1", "--reason", "aanvraag ingetrokken")
    run("cancel", numbers[1], "1", "--reason", "mag dit niet", login="saar", code=1)
    assert "2 done, 0 not" in run("cancel", "--all", "--reason", "proef is voorbij").output
    assert [engine.case(number).instances for number in numbers] == [{}, {}, {}]
    assert run("cancel", code=2).exit_code == 2
    assert run("cancel", numbers[0], "--all", code=2).exit_code == 2


def test_a_job_is_listed_fetched_failed_and_completed(run: Run, engine: Engine) -> None:
    number = open_case(engine, "M1").number
    run("jobs", "list", login="saar", code=1)
    (listed,) = read(run("jobs", "list", "--json", login="register"))
    assert (listed["job"], listed["topic"], listed["state"]) == (
        f"{number}/1/{listed['job'][-1]}",
        "inkomen",
        "waiting",
    )
    (job,) = read(run("jobs", "fetch", "inkomen", "--json", login="register"))
    assert job["variables"] == {"naam": "Fenna Testema"}
    assert "Nothing waits" in run("jobs", "fetch", "inkomen", login="register").output
    run("jobs", "fail", job["job"], "--error", "geen antwoord", "--retries", "1", login="register")
    assert "geen antwoord" in run("jobs", "list", login="register").output
    run("jobs", "complete", job["job"], "--set", "inkomen=1250,50", login="register", code=1)  # not fetched again
    run("jobs", "fetch", "inkomen", login="register")
    run("jobs", "complete", job["job"], "--set", "inkomen=1250,50", login="register")
    assert engine.case(number).data["inkomen"] == 125050
    assert "No jobs" in run("jobs", "list", login="register").output


def test_a_migration_is_planned_tried_and_done_with_a_report_that_adds_up(run: Run, engine: Engine) -> None:
    import datetime

    old = engine.deployment().id
    numbers = [open_case(engine, "M3", aangemeld_op=datetime.date(2026, 3, 2)).number for _ in range(3)]
    engine.deploy({**FILES, "processes/M3/M3.bpmn": CALLED.replace(b'"Praten"', b'"Kennismaken"')}, DESIGNER)
    asked = ("migrate", "--from", old[:8], "--to", "current", "--module", "M3")
    stays = run(*asked, "--dry-run", code=1).output
    assert "0 instances in 0 cases would move; 3 cases stay" in stays
    assert "map it to an element" in stays
    mapped = (*asked, "--map", "Praten=Kennismaken", "--json")
    tried, done = read(run(*mapped, "--dry-run")), read(run(*mapped))
    assert {**tried, "dry_run": False} == done
    assert done["found"] == done["moved"] == {"cases": 3, "instances": 3}
    assert done["tokens"] == [{"process": "M3", "from": "Praten", "to": "Kennismaken", "number": 3}]
    assert read(run("migrate", "--to", "current", "--json"))["found"] == {"cases": 0, "instances": 0}
    assert all(engine.verify(number) == [] for number in numbers)
    run("migrate", "--to", "current", "--map", "Praten", code=2)
    run("migrate", "--to", "nergens", code=1)
