"""Signals from a file in the browser and in the shell: first looked at, then taken in."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from schuldhulp.engine.handle import Engine
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.tasks.imports.conftest import NOW, with_covenants
from tests.tasks.imports.test_signals import BASIS, csv_of, row

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("invoer")


@pytest.fixture(scope="module")
def engine(home: Path) -> Engine:
    return with_covenants(home)


@pytest.fixture
def client(engine: Engine) -> TestClient:
    engine.start_session("sessie-van-vera", 1)
    found = TestClient(create_app(engine), base_url="http://schuldhulp.test", headers={"sec-fetch-site": "same-origin"})
    found.cookies.set(COOKIE, "sessie-van-vera")
    return found


def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_a_file_is_looked_at_in_the_browser_and_taken_in_with_a_second_click(client: TestClient) -> None:
    url = "/invoer/signalen"
    given = {"csrf": fields_of(client.get(url).text)["csrf"], "partner": "Energie Test", "grondslag": BASIS}
    assert f'href="{url}"' in client.get("/taken").text
    wrong = client.post(url, data=given, files={"bestand": ("s.csv", csv_of(row("Fout", "veel")))})
    assert wrong.status_code == 422
    assert "G2" in wrong.text
    assert "Er is niets opgenomen." in wrong.text

    right = client.post(url, data=given, files={"bestand": ("s.csv", csv_of(row("Browser"), row("Browser", "120,00")))})
    assert "2 signalen over 1 huishouden. Alles klopt." in right.text
    done = client.post(f"{url}/opnemen", data=fields_of(right.text))
    assert done.status_code == 200, done.text
    assert "nieuwe zaak" in done.text
    assert "bij de zaak van dit huishouden gezet" in done.text

    other = client.post(url, data=given, files={"bestand": ("x.xlsx", b"PK stuk")})
    assert other.status_code == 422
    assert "Excel-bestand is stuk" in other.text
    forged = client.post(url, data={**given, "csrf": "x"}, files={"bestand": ("s.csv", csv_of(row()))})
    assert forged.status_code == 403


def test_the_shell_reports_looks_and_takes_in(engine: Engine, home: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "SCHULDHULP_DATABASE": f"sqlite:///{home / 'proef.db'}",
        "SCHULDHULP_KEYS": str(home / "proef.keys"),
        "SCHULDHULP_NOW": NOW.isoformat(),
    }

    def run(content: bytes, *more: str) -> subprocess.CompletedProcess[str]:
        file = tmp_path / "signalen.csv"
        file.write_bytes(content)
        command = ["import", "signals", str(file), "--partner", "Energie Test", "--basis", BASIS, "--as", "vera", *more]
        return subprocess.run(
            [sys.executable, "-m", "schuldhulp.cli", *command], env=environment, capture_output=True, text=True, timeout=240
        )

    wrong = run(csv_of(row("Goed"), row("Fout", "veel")))
    assert wrong.returncode == 1
    assert "G3" in wrong.stdout
    assert "Nothing was taken in: 1 problems." in wrong.stdout
    dry = run(csv_of(row("Schil")), "--dry-run")
    assert "1 signals of 1 households are in order" in dry.stdout, dry.stderr
    done = run(csv_of(row("Schil")), "--json")
    assert json.loads(done.stdout)[0]["result"] == "new case", done.stderr
    assert engine.case(json.loads(done.stdout)[0]["case"]).status == "open"
