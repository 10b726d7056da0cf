"""Documents in a real browser: chosen or dropped, sent one by one with what became of each; accessible, and at 320 pixels."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page

from tests.engine.papers.samples import PNG, pdf
from tests.web.test_browser import Site, violations
from tests.web.test_browser import chromium as chromium
from tests.web.test_browser import enter as enter
from tests.web.test_browser import site as site

pytestmark = pytest.mark.browser
DROP = """([names, contents]) => {
  const held = new DataTransfer();
  names.forEach((name, at) => held.items.add(new File([Uint8Array.from(atob(contents[at]), (c) => c.charCodeAt(0))], name)));
  const drop = document.querySelector('[data-drop]');
  drop.dispatchEvent(new DragEvent('drop', { dataTransfer: held, bubbles: true, cancelable: true }));
}"""


def payload(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "", "buffer": content}


def for_everyone(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    assert violations(page) == [], page.url
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def test_files_are_sent_one_by_one_with_what_became_of_each(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case(name="Toegankelijk Voorbeeld")
    page = enter("karim")
    page.goto(f"/zaken/{case}/documenten")
    for_everyone(page)
    page.set_input_files("#bestand", [payload("loonstrook.pdf", pdf()), payload("virus.pdf", b"MZ\x90\x00" + b"\x00" * 90)])
    page.evaluate(DROP, [["meterkast.png"], [base64.b64encode(PNG).decode()]])
    assert page.locator("[data-uploads] li").count() == 3
    page.get_by_role("button", name="Toevoegen").click()
    page.wait_for_selector("[data-uploads] li[data-state=failed]")
    page.wait_for_function("document.querySelectorAll('[data-uploads] li[data-state]').length === 3")
    said = page.locator("[data-uploads]").inner_text()
    assert "loonstrook.pdf: bewaard." in said
    assert "virus.pdf: Dit is een programma of script." in said
    assert "meterkast.png: bewaard." in said
    for_everyone(page)

    page.goto(f"/zaken/{case}/documenten")
    assert page.locator("a.paper-name").all_inner_texts() == ["meterkast.png", "loonstrook.pdf"]
    for_everyone(page)
    page.get_by_text("Weghalen van loonstrook.pdf").click()
    for_everyone(page)
    page.goto(f"/zaken/{case}")
    for_everyone(page)


def test_when_every_file_is_kept_the_list_follows(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    page = enter("karim")
    page.goto(f"/zaken/{case}/documenten")
    page.set_input_files("#bestand", [payload("loonstrook.pdf", pdf())])
    page.get_by_role("button", name="Toevoegen").click()
    page.wait_for_selector("a.paper-name")
    with page.expect_download() as download:
        page.get_by_role("link", name="loonstrook.pdf").click()
    assert download.value.suggested_filename == "loonstrook.pdf"


def test_a_picture_is_shown_in_a_sandbox(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    page = enter("karim")
    page.goto(f"/zaken/{case}/documenten")
    page.set_input_files("#bestand", [payload("kast.png", PNG)])
    page.get_by_role("button", name="Toevoegen").click()
    page.wait_for_selector("a.paper-name")
    page.get_by_role("link", name="Bekijken van kast.png").click()
    page.wait_for_selector("img")
    assert page.evaluate("document.querySelector('img').naturalWidth") == 1
    assert page.evaluate("window.origin") == "null"


def test_a_file_that_is_too_large_is_told_before_it_is_sent(site: Site, enter: Callable[..., Page]) -> None:
    case = site.organisation.open_case()
    page = enter("karim")
    page.goto(f"/zaken/{case}/documenten")
    page.set_input_files("#bestand", [payload("groot.pdf", pdf("x" * 20_000_001))])
    assert "groot.pdf: te groot, hooguit 20 MB." in page.locator("[data-uploads]").inner_text()
