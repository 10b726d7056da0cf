"""Pages with files and letters in a real browser: accessible, and at 320 pixels."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page

from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import person_by_login
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.tasks.inventory.conftest import SYSTEM, at_the_form, with_people
from tests.web.serving import served
from tests.web.test_browser import chromium as chromium
from tests.web.test_browser import violations

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = with_people(tmp_path_factory.mktemp("bladen"))
    opened.put_account("vera", "Vera", ["aanmeldmedewerker"], SYSTEM)
    yield opened
    opened.store.close()


@pytest.fixture
def enter(chromium: Browser, engine: Engine) -> Iterator[Callable[[str], Page]]:
    with served(create_app(engine)) as address:
        opened = []

        def as_person(login: str) -> Page:
            engine.start_session(f"blad-{login}", person_by_login(engine, login).account)
            context = chromium.new_context(base_url=address, bypass_csp=True)
            context.add_cookies([{"name": COOKIE, "value": f"blad-{login}", "url": address}])
            opened.append(context)
            return context.new_page()

        yield as_person
        for context in opened:
            context.close()


def assert_for_everyone(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    assert violations(page) == [], page.url
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url


def test_signals_and_post_are_accessible_and_fit_in_320_pixels(enter: Callable[[str], Page], tmp_path: Path) -> None:
    page = enter("vera")
    for url in ("/post", "/invoer/signalen"):
        answer = page.goto(url)
        assert answer is not None
        assert answer.status == 200, url
        assert_for_everyone(page)
    wrong = tmp_path / "signalen.csv"
    wrong.write_text("Naam;Bedrag\nFictief;veel\n")
    page.fill("#partner", "Energie Test")
    page.fill("#grondslag", "Wgs art. 3 lid 1 b")
    page.set_input_files("#bestand", wrong)
    page.click("text=Bekijken")
    page.wait_for_selector("text=Er is niets opgenomen.")
    assert_for_everyone(page)


def test_the_sheet_of_the_inventory_is_accessible_with_its_changes_and_its_problems(
    enter: Callable[[str], Page], engine: Engine, tmp_path: Path
) -> None:
    case, task = at_the_form(engine, person_by_login(engine, "saar"))
    page = enter("saar")
    page.goto(f"/zaken/{case}/taken/{task}/inventaris")
    assert_for_everyone(page)
    with page.expect_download() as fetched:
        page.click("text=Alle lijsten (Excel)")
    content = Path(fetched.value.path()).read_bytes()
    for amount, told in ((12.5, "1 regel nieuw."), ("veel", "Er is niets overgenomen.")):
        book = load_workbook(io.BytesIO(content))
        book["Schulden"]["B2"], book["Schulden"]["F2"] = "Energie Voorbeeld", amount
        book.save(tmp_path / "blad.xlsx")
        page.set_input_files("#bestand", tmp_path / "blad.xlsx")
        page.click("text=Bekijken")
        page.wait_for_selector(f"text={told}")
        assert_for_everyone(page)
