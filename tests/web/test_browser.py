"""Pages in a real browser: accessible, at 320 pixels, saving by themselves, showing the case on its diagram."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.web.organisation import PASSWORD, Organisation, found_organisation

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Site:
    organisation: Organisation
    address: str


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert path, "no Chromium on this machine: install it (apt-get install chromium), or leave these out with -m 'not browser'"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    organisation = found_organisation(tmp_path_factory.mktemp("site"))
    organisation.with_password("karim")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(organisation.engine), port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    yield Site(organisation, f"http://127.0.0.1:{port}")
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def enter(chromium: Browser, site: Site) -> Iterator[Callable[..., Page]]:
    """A page of somebody who is logged in; what the browser complains of fails the test."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(login: str, **settings: Any) -> Page:
        token = f"sessie-{login}-{time.monotonic_ns()}"
        site.organisation.engine.start_session(token, site.organisation.people[login])
        context = chromium.new_context(base_url=site.address, viewport={"width": 1280, "height": 900}, **settings)
        context.add_cookies([{"name": COOKIE, "value": token, "url": site.address}])
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


def violations(page: Page) -> list[str]:
    assert AXE.is_file(), f"{AXE} is missing: run `npm ci` in frontend"
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found]


def pages_of(case: str) -> list[str]:
    return [
        "/taken?lijst=groep", f"/zaken/{case}", f"/zaken/{case}/taken/1", f"/zaken/{case}/terugkijken?stap=1", "/zaken",
        f"/zaken/{case}/brieven/1", "/zaken/nieuw", "/zaken/nieuw/M5", "/waarneming", "/bestaat-niet",
    ]  # fmt: skip


def test_every_page_is_accessible_and_fits_in_320_pixels(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case(name="Toegankelijk Voorbeeld")
    site.organisation.engine.claim(case, 1, site.organisation.actor("karim", "sociaal_werker"))
    page = enter("karim")
    for url in pages_of(case):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        if page.locator("[data-diagram]").count():
            page.wait_for_selector("[data-diagram][data-ready]")
        assert violations(page) == [], url
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, url


def test_pages_for_who_looks_over_all_cases_are_accessible(site: Site, enter: Callable[..., Page]) -> None:
    site.organisation.open_case(name="Toegankelijk Voorbeeld")
    page = enter("tess")
    for url in ("/termijnen", "/cijfers", "/dreigingen", "/registers", "/waarneming"):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(url)
        assert violations(page) == [], url
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, url


def test_a_form_with_complaints_is_accessible_and_the_summary_has_the_focus(site: Site, enter: Callable[..., Page]) -> None:
    page = enter("saar")
    page.goto("/zaken/nieuw/M5")
    page.fill("[name=aangemeld_op]", "gisteren")
    page.get_by_role("button", name="Zaak openen").click()
    page.wait_for_selector("[data-error-summary]")
    assert page.title().startswith("Fout: ")
    assert page.evaluate("document.activeElement.hasAttribute('data-error-summary')")
    assert violations(page) == []
    page.get_by_role("link", name="Vul een datum in").click()
    assert page.evaluate("document.activeElement.name") == "aangemeld_op"


def test_a_task_is_claimed_half_filled_left_found_again_and_finished(site: Site, chromium: Browser) -> None:
    """By somebody who logs in with a password and types."""
    case = site.organisation.open_case()
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Gebruikersnaam").fill("karim")
    page.get_by_label("Wachtwoord").fill(PASSWORD)
    page.get_by_role("button", name="Inloggen").click()
    page.goto(f"/taken?lijst=groep&zoek={case}")
    page.get_by_role("link", name="Gesprek voeren").click()
    page.get_by_role("button", name="Oppakken").click()
    page.get_by_label("Inkomen").fill("1.750,50")
    page.wait_for_selector("#concept-status[data-state=saved]")
    assert "Concept bewaard om" in page.locator("#concept-status").inner_text()
    page.goto("/taken?lijst=mijn")
    page.goto(f"/zaken/{case}/taken/1")
    assert page.get_by_label("Inkomen").input_value() == "1.750,50"
    page.get_by_role("button", name="Regel toevoegen").click()
    page.get_by_label("Schuldeiser").fill("Energie")
    page.get_by_label("Gesprek op").fill("07-04-2026")
    page.locator("form#formulier").get_by_role("button", name="Afronden", exact=True).last.click()
    page.wait_for_url(f"**/zaken/{case}")
    assert "De taak is afgerond." in page.content()
    assert "Besluit over plan van aanpak" in page.content()
    context.close()


def test_a_draft_that_cannot_be_saved_says_so(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    site.organisation.engine.claim(case, 1, site.organisation.actor("karim", "sociaal_werker"))
    one, other = enter("karim"), enter("karim")
    for page in (one, other):
        page.goto(f"/zaken/{case}/taken/1")
    one.get_by_label("Inkomen").fill("1")
    one.wait_for_selector("#concept-status[data-state=saved]")
    other.get_by_label("Inkomen").fill("2")
    other.wait_for_selector("#concept-status[data-state=failed]")
    assert "in een ander venster" in other.locator("#concept-status").inner_text()
    other.get_by_role("button", name="Concept bewaren").click()
    other.wait_for_load_state()
    assert other.get_by_label("Inkomen").input_value() == "2", "nothing typed is lost"


def test_the_diagram_shows_where_the_case_is_and_keeps_the_mark_of_its_makers(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    page = enter("karim")
    page.goto(f"/zaken/{case}")
    page.wait_for_selector("[data-diagram][data-ready]")
    assert page.locator(".djs-element[data-element-id=Gesprek].is-now").count() == 1
    assert page.locator(".djs-element[data-element-id=Urgentie].is-done").count() == 1
    assert page.locator(".djs-element[data-element-id=Crisis].is-done").count() == 0
    assert page.locator(".djs-connection[data-element-id=f5].is-flow").count() == 1
    makers = page.locator(".bjs-powered-by")
    assert makers.is_visible()
    box = makers.bounding_box()
    assert box is not None
    middle = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    covered = page.evaluate("p => !document.elementFromPoint(p.x, p.y)?.closest('.bjs-powered-by')", middle)
    assert not covered


def test_the_inbox_narrows_while_typing_and_the_address_can_be_shared(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case(name="Zoekbaar Voorbeeld")
    site.organisation.open_case()
    page = enter("karim")
    page.goto("/taken?lijst=groep")
    before = page.locator("[data-row-link]").count()
    page.get_by_role("searchbox").fill(case)
    page.wait_for_function("wanted => document.querySelectorAll('[data-row-link]').length === 1", arg=case)
    assert before > 1
    assert f"zoek={case}" in page.url
    other = enter("noor")
    other.goto(page.url)
    assert other.locator("[data-row-link]").count() == 1


def test_everything_goes_by_keyboard(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    page = enter("karim")
    page.goto(f"/taken?lijst=groep&zoek={case}")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/taken/1")
    page.keyboard.press("Control+Alt+c")
    page.wait_for_selector("text=Concept bewaren")
    page.keyboard.press("Control+Alt+f")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "gesprek_op"
    page.keyboard.type("07-04-2026?jk")
    assert page.get_by_label("Gesprek op").input_value() == "07-04-2026?jk", "letters are letters inside a field"
    page.get_by_label("Gesprek op").fill("07-04-2026")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/zaken/{case}")


def test_all_of_it_works_without_javascript(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    page = enter("karim", java_script_enabled=False)
    page.goto(f"/zaken/{case}")
    assert page.get_by_text("De stand in woorden").is_visible()
    page.goto(f"/zaken/{case}/taken/1")
    page.get_by_role("button", name="Oppakken").click()
    page.get_by_role("button", name="Regel toevoegen").click()
    page.get_by_label("Schuldeiser").fill("Energie")
    page.get_by_label("Gesprek op").fill("07-04-2026")
    page.locator("form#formulier").get_by_role("button", name="Afronden", exact=True).last.click()
    assert page.url.endswith(f"/zaken/{case}")


def test_questions_and_sums_follow_while_filling_in(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.start_help()
    page = enter("karim")
    page.goto(f"/zaken/{case}/taken/2")
    assert page.get_by_text("Machtiging").count() == 0
    page.get_by_label("Ontruiming").check()
    page.get_by_text("Machtiging").wait_for()
    assert page.get_by_label("Ontruiming").is_checked()
    page.get_by_label("Inkomen").fill("1.750,50")
    page.get_by_label("Vtlb").fill("1.500")
    page.get_by_label("Vtlb").press("Tab")
    page.get_by_text("€ 250,50").wait_for()
    assert page.get_by_label("Vtlb").input_value() == "1.500", "what was typed stays as it was typed"
    page.get_by_label("Geen").first.check()
    page.get_by_text("Machtiging").wait_for(state="detached")
    assert violations(page) == []
