"""Somebody fills in a form wrongly: the page must say what is wrong where, and keep everything that was typed."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

WRONG = {
    "decimal": "twaalf euro",
    "numeric": "12x",
    "Bijvoorbeeld 16-03-2026": "31-02-2026",
    "Bijvoorbeeld 14:30": "25:00",
    "Bijvoorbeeld 16-03-2026 14:30": "16-03-2026",
    "Bijvoorbeeld NL91 ABNA 0417 1643 00": "NL00 ABNA 0417 1643 00",
    "Bijvoorbeeld 1234 AB": "12 AB",
    "email": "naam.voorbeeld.nl",
    "tel": "bel mij",
}
"""What an input asks for (the keyboard that it wants, or the example beside it) -> what is not that."""


@dataclass(frozen=True)
class Spoiled:
    name: str
    right: str
    wrong: str


def spoil(page: Page) -> list[Spoiled]:
    """Type something wrong in every input in which that can be done, and empty those that must be filled in."""
    found = page.locator("#vragen :is(input[type=text], textarea):visible:not([disabled])")
    spoiled = [one for at in range(found.count()) if (one := _spoiled(page, found.nth(at))) is not None]
    for one in spoiled:
        page.locator(f'[name="{one.name}"]').fill(one.wrong)
    return spoiled


def _spoiled(page: Page, box: Locator) -> Spoiled | None:
    name, identity = box.get_attribute("name") or "", box.get_attribute("id")
    example = page.locator(f'[id="{identity}-voorbeeld"]')
    hint = (example.text_content() or "") if example.count() else ""
    asked = next((WRONG[sign] for sign in (hint, box.get_attribute("inputmode") or "") if sign in WRONG), None)
    if asked is None and box.get_attribute("aria-required") != "true":
        return None
    return Spoiled(name, box.input_value(), "123456789" if name.endswith("bsn") else asked or "")


def mend(page: Page, spoiled: list[Spoiled]) -> None:
    for one in spoiled:
        page.locator(f'[name="{one.name}"]').fill(one.right)


def complaints_of(page: Page, spoiled: list[Spoiled]) -> list[str]:
    """What is not as it should be on the page that says what is wrong."""
    summary = page.locator("[data-error-summary]").first
    if not summary.count():
        return ["no summary of what is wrong"]
    faults = []
    for one in spoiled:
        box = page.locator(f'[name="{one.name}"]')
        said = page.locator(f'[id="{box.get_attribute("id")}-fout"]')
        if box.input_value() != one.wrong:
            faults.append(f"{one.name}: {one.wrong!r} was typed and is lost")
        if not said.is_visible() or box.get_attribute("aria-invalid") != "true":
            faults.append(f"{one.name}: nothing is said beside {one.wrong!r}")
        if not summary.locator(f'a[href="#{box.get_attribute("id")}"]').count():
            faults.append(f"{one.name}: not in the summary")
    if not page.title().startswith("Fout: "):
        faults.append("the title of the page says nothing of it")
    return faults
