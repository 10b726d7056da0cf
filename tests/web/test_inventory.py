"""The inventory as a spreadsheet through the browser and the shell: what changes is shown first, then it is in the draft."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import Person, person_by_login
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.tasks.inventory.conftest import NOW, at_the_form, with_people

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rekenblad")


@pytest.fixture(scope="module")
def engine(home: Path) -> Iterator[Engine]:
    opened = with_people(home)
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def saar(engine: Engine) -> Person:
    return person_by_login(engine, "saar")


def browser(engine: Engine, who: Person) -> TestClient:
    engine.start_session(f"sessie-van-{who.login}", who.account)
    found = TestClient(create_app(engine), base_url="http://schuldhulp.test", headers={"sec-fetch-site": "same-origin"})
    found.cookies.set(COOKIE, f"sessie-van-{who.login}")
    return found


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def with_debt(content: bytes, amount: Any, number: Any = None) -> bytes:
    book = load_workbook(io.BytesIO(content))
    book["Schulden"]["A2"], book["Schulden"]["B2"], book["Schulden"]["F2"] = number, "Energie <b>Voorbeeld</b>", amount
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_sheet_is_fetched_on_the_task_page_looked_at_and_taken_over_into_the_draft(engine: Engine, saar: Person) -> None:
    case, task = at_the_form(engine, saar)
    client = browser(engine, saar)
    url = f"/zaken/{case}/taken/{task}"
    assert f'href="{url}/inventaris"' in client.get(url).text
    page = client.get(f"{url}/inventaris").text
    fetched = client.get(f"{url}/inventaris/rekenblad.xlsx")
    assert f"{case}-inventarisatie.xlsx" in fetched.headers["content-disposition"]
    sent = {"csrf": hidden(page)["csrf"], "lijst": ""}

    wrong = client.post(f"{url}/inventaris", data=sent, files={"bestand": ("a.xlsx", with_debt(fetched.content, "veel"))})
    assert wrong.status_code == 422
    assert "Er is niets overgenomen." in wrong.text
    assert "<td>F2</td>" in wrong.text

    right = client.post(f"{url}/inventaris", data=sent, files={"bestand": ("a.xlsx", with_debt(fetched.content, 1250.5))})
    assert right.status_code == 200
    assert "1 regel nieuw." in right.text
    assert "Schuldeiser: Energie &lt;b&gt;Voorbeeld&lt;/b&gt;" in right.text
    assert engine.draft(case, task, saar.account) is None

    done = client.post(f"{url}/inventaris/overnemen", data=hidden(right.text))
    assert done.url.path == url
    assert "Het bestand staat in uw concept" in done.text
    assert 'name="schulden.n1.saldo"' in done.text
    assert 'value="1.250,50"' in done.text
    comma = client.get(f"{url}/inventaris/schulden.csv").content.decode("utf-8-sig")
    assert comma.splitlines()[1].startswith("n1;Energie <b>Voorbeeld</b>;;;;1.250,50;")

    stale = client.post(f"{url}/inventaris/overnemen", data=hidden(right.text))
    assert stale.status_code == 422
    assert "Uw concept is intussen veranderd" in stale.text
    broken = client.post(f"{url}/inventaris", data=sent, files={"bestand": ("a.xlsx", b"PK stuk")})
    assert "Excel-bestand is stuk" in broken.text
    assert "inventarisatie" not in client.get(f"/zaken/{case}/taken/{task + 50}/inventaris").text


def test_a_colleague_may_fetch_the_sheet_but_not_put_one_into_a_task_that_is_not_theirs(engine: Engine, saar: Person) -> None:
    case, task = at_the_form(engine, saar)
    client = browser(engine, person_by_login(engine, "bas"))
    url = f"/zaken/{case}/taken/{task}/inventaris"
    content = client.get(f"{url}/rekenblad.xlsx").content
    assert [one.purpose for one in engine.reads(case)] == ["rekenblad ophalen"]
    page = client.get(url).text
    assert "Terugzetten" not in page
    sent = {"csrf": engine_csrf(page)}
    refused = client.post(url, data=sent, files={"bestand": ("a.xlsx", content)})
    assert refused.status_code == 409
    assert "Deze taak is niet van u." in refused.text
    assert engine.draft(case, task, person_by_login(engine, "bas").account) is None


def engine_csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_shell_exports_shows_what_changes_and_keeps_it_in_the_draft(
    engine: Engine, saar: Person, home: Path, tmp_path: Path
) -> None:
    case, task = at_the_form(engine, saar)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "src"),
        "SCHULDHULP_DATABASE": f"sqlite:///{home / 'proef.db'}",
        "SCHULDHULP_KEYS": str(home / "proef.keys"),
        "SCHULDHULP_NOW": NOW.isoformat(),
    }

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "schuldhulp.cli", "inventory", *words, "--as", "saar"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)

    file = tmp_path / "blad.xlsx"
    assert run("export", case, str(file)).returncode == 0
    assert "is there already" in run("export", case, str(file)).stderr
    empty = file.read_bytes()
    file.write_bytes(with_debt(empty, 10, number=9))
    wrong = run("import", case, str(file))
    assert wrong.returncode == 1
    assert "A2" in wrong.stdout
    assert "Nothing was taken in: 1 problems." in wrong.stdout
    file.write_bytes(with_debt(empty, 10))
    assert "Nothing was kept." in run("import", case, str(file), "--dry-run").stdout
    assert engine.draft(case, task, saar.account) is None
    done = json.loads(run("import", case, str(file), "--json").stdout)
    assert (done["task"], done["kept"], [one["how"] for one in done["changes"]]) == (task, True, ["added"])
    draft = engine.draft(case, task, saar.account)
    assert draft.content["raw"]["schulden.n1.saldo"] == ["10,00"]
