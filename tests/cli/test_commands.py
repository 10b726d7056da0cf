"""Every command has help and is documented; errors are sentences; the first steps of a caseworker work from the shell."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schuldhulp.cli import COMMANDS

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs the real command line on a demonstration of its own."""
    home = tmp_path_factory.mktemp("home")
    environment = {**os.environ, "SCHULDHULP_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}

    def call(*arguments: str, login: str | None = None, ok: bool = True) -> subprocess.CompletedProcess[str]:
        given = [*arguments, *(("--as", login) if login else ())]
        done = subprocess.run(
            [sys.executable, "-m", "schuldhulp.cli", *given],
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert not ok or done.returncode == 0, done.stderr
        return done

    call("demo", "--no-serve", "--home", str(home))
    return call


def test_the_page_of_commands_is_current() -> None:
    spec = importlib.util.spec_from_file_location("commands", ROOT / "tools" / "commands.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == module.page(), "run: python tools/commands.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    module, _, attribute = COMMANDS[name].partition(":")
    command = getattr(importlib.import_module(module), attribute)

    assert command.help, f"schuldhulp {name} says nothing about itself"


def test_a_caseworker_claims_completes_and_sees_what_comes_next(run: Run) -> None:
    box = json.loads(run("inbox", "--json", login="crisis").stdout)
    item = next(item for item in box["items"] if item["name"] == "Crisis verifiëren")
    run("claim", item["case"], str(item["task"]), login="crisis")
    shown = json.loads(run("task", item["case"], str(item["task"]), "--json", login="crisis").stdout)
    assert any(question["key"] == "verificatie" for question in shown["form"])

    refused = run(
        "complete", item["case"], str(item["task"]), "--set", "verificatie=misschien", login="crisis", ok=False
    )
    assert refused.returncode == 1
    assert "verificatie" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_another_cannot_claim_what_is_claimed(run: Run) -> None:
    item = json.loads(run("inbox", "--json", login="aanmelding").stdout)["items"][-1]
    run("claim", item["case"], str(item["task"]), login="aanmelding")
    refused = run("claim", item["case"], str(item["task"]), login="werker", ok=False)

    assert refused.returncode == 1
    assert "claimed by" in refused.stderr


def test_an_auditor_replays_and_proves(run: Run) -> None:
    history = run("history", "2026-000006", login="auditor", ok=False)
    number = json.loads(run("cases", "--json", login="auditor").stdout)[0]["number"]
    history = run("history", number, login="auditor")
    assert "Zaak" in history.stdout
    assert "Urgentietriage (D01)" in history.stdout
    assert "no difference" in run("verify", "--all").stdout


def test_a_word_that_is_no_command_gets_a_suggestion(run: Run) -> None:
    refused = run("inbux", ok=False)

    assert refused.returncode == 2
    assert "Did you mean inbox?" in refused.stderr


def test_time_does_its_work_once(run: Run) -> None:
    run("tick")
    assert "Nothing was due" in run("tick").stdout
