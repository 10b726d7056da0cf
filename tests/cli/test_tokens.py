"""Tokens of programs, and the schema of the database, from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schuldhulp.cli import cli
from schuldhulp.cli.say import explain_error


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SCHULDHULP_HOME", str(tmp_path))
    monkeypatch.setenv("SCHULDHULP_NOW", "2026-03-02T10:00")
    monkeypatch.delenv("SCHULDHULP_DATABASE", raising=False)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, words)


def test_a_token_is_made_shown_once_listed_and_withdrawn() -> None:
    assert run("accounts", "add", "inkomen", "Koppeling inkomen", "--role", "koppeling", "--program").exit_code == 0
    made = json.loads(run("token", "create", "inkomen", "--topic", "inkomen", "--message", "*", "--days", "30", "--json").stdout)
    assert made["token"].startswith("sht_")
    assert made["scopes"] == ["jobs:inkomen", "messages:*"]
    listed = run("token", "list")
    assert "jobs:inkomen, messages:*" in listed.output
    assert "01-04-2026" in listed.output
    assert made["token"] not in listed.output
    assert "Token 1 is withdrawn." in run("token", "revoke", "1").output
    assert run("token", "list").output == "No tokens.\n"
    assert "withdrawn" in run("token", "list", "--all").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("token", "create", "inkomen"), "Say what it is for"),
        (("token", "create", "inkomen", "--deploy"), "needs the role procesontwerper"),
        (("token", "create", "niemand", "--deploy"), "no active account 'niemand'"),
        (("token", "revoke", "7"), "there is no token 7"),
        (("accounts", "add", "x", "X", "--role", "fg", "--program", "--password", "een lange zin"), "leave --password out"),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(words: tuple[str, ...], said: str) -> None:
    run("accounts", "add", "inkomen", "Koppeling inkomen", "--role", "koppeling", "--program")
    done = run(*words)
    assert done.exit_code != 0
    assert said in done.output + (explain_error(done.exception) or "" if isinstance(done.exception, Exception) else "")


def test_the_schema_is_brought_up_to_date_by_name() -> None:
    assert json.loads(run("upgrade", "--json").stdout)["before"] is None
    assert "already" in run("upgrade").output
