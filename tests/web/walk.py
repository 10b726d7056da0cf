"""A browser that completes the tasks of a scenario: claims, types, chooses, sends, as a caseworker does."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.forms.scope import Context
from schuldhulp.tasks.forms.values import spread
from schuldhulp.tasks.scenarios import Scenario
from schuldhulp.tasks.scenarios.stage import fill_in
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.web.serving import served

SYSTEM = Actor(account=0, role="systeem", program="test")


class Refused(CommandRefused):
    """The page said no; the text is what it said."""


@dataclass
class BrowserHand:
    """Completes each task whose form is *wanted* in the browser, the others by values. `walked`: forms that were filled in;
    `look`: called with the page of each form as it is opened and again when it is filled in."""

    scenario: Scenario
    chromium: Browser
    wanted: Callable[[str], bool]
    look: Callable[[Page, str], None]
    walked: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _engine: Engine | None = None
    _page: Page | None = None
    _address: str = ""
    _open: ExitStack = field(default_factory=ExitStack)

    def __call__(
        self,
        engine: Engine,
        case: str,
        task: int,
        values: Mapping[str, Any],
        by: Actor,
        *,
        reason: str = "",
        letters: Mapping[str, tuple[str, str]] | None = None,
    ) -> tuple[Any, ...]:
        form = engine.case(case).tasks[task].form if task in engine.case(case).tasks else None
        if form is None or not self.wanted(form) or letters:
            return fill_in(engine, case, task, values, by, reason=reason, letters=letters)
        before = engine.case(case).sequence
        self._complete(self._page_of(engine, by), engine, case, task, values, by, reason, form)
        self.walked.add(form)
        return tuple(stored.fact for stored in engine.facts(case) if stored.sequence > before)

    def _page_of(self, engine: Engine, by: Actor) -> Page:
        """A page of this person; one server and one browser window for as long as the engine is the same."""
        if engine is not self._engine or self._page is None:
            self.close()
            for position, (login, roles) in enumerate(self.scenario.people.items(), 1):
                if engine.account(position) is None:
                    engine.put_account(login, login.capitalize(), list(roles), SYSTEM, number=position)
            address = self._open.enter_context(served(create_app(engine)))
            window = self.chromium.new_context(base_url=address, viewport={"width": 1280, "height": 900}, locale="nl-NL")
            self._open.callback(window.close)
            self._engine, self._page = engine, window.new_page()
            self._page.on("pageerror", lambda error: self.faults.append(str(error)))
            self._address = address
        token = f"sessie-{by.account}-{time.monotonic_ns()}"
        engine.start_session(token, by.account)
        self._page.context.clear_cookies()
        self._page.context.add_cookies([{"name": COOKIE, "value": token, "url": self._address}])
        return self._page

    def open(self, engine: Engine, module: str, values: Mapping[str, Any], by: Actor) -> str:
        """Open a case with the start form of *module*; gives its number. Raises Refused."""
        page = self._page_of(engine, by)
        page.goto(f"/zaken/nieuw/{module}")
        form, context = work.start_form(engine, module, by)
        if form is not None:
            self._fill(page, form, context, values, f"{module}-openen")
        page.get_by_role("button", name="Zaak openen").click()
        page.wait_for_load_state()
        _complain(page)
        return page.url.partition("/zaken/")[2].partition("/")[0].partition("?")[0]

    def _fill(self, page: Page, form: Form, context: Context, values: Mapping[str, Any], name: str) -> None:
        typed, impossible = spread(form, values, context)
        if impossible:
            raise Refused(str(impossible))
        lists = {key for key, value in values.items() if isinstance(value, list) and not all(isinstance(v, str) for v in value)}
        type_in(page, {key: texts for key, texts in typed.items() if _root(key) in values}, lists)
        self.look(page, f"{name}-ingevuld")

    def close(self) -> None:
        """Close what was opened for the last engine."""
        self._open.close()
        self._page = None

    def _complete(
        self, page: Page, engine: Engine, case: str, task: int, values: Mapping[str, Any], by: Actor, reason: str, form: str
    ) -> None:
        url = f"/zaken/{case}/taken/{task}"
        page.goto(url)
        if page.get_by_role("button", name="Oppakken").count():
            page.get_by_role("button", name="Oppakken").click()
        self.look(page, f"{form}-leeg")
        shown = work.see_task(engine, case, task, by)
        assert shown.form is not None
        self._fill(page, shown.form, shown.context, values, form)
        _send(page, url)
        if page.locator("#reden").count() and reason and page.url.partition("?")[0].endswith(url):
            page.fill("#reden", reason)
            _send(page, url)
        _complain(page)


def _complain(page: Page) -> None:
    if page.locator("[data-error-summary]").count():
        raise Refused(page.locator("[data-error-summary]").first.inner_text())


def _root(name: str) -> str:
    return name.partition(".")[0]


def _send(page: Page, url: str) -> None:
    page.locator("form#formulier .actions").get_by_role("button", name="Afronden", exact=True).click()
    page.wait_for_load_state()


def type_in(page: Page, typed: Mapping[str, list[str]], lists: set[str]) -> None:
    """Put everything in its input. A question may appear only after another was answered, so several rounds. A text that has no
    input in the end is left out: the question is hidden for these answers."""
    rows = {key: _rows(page, key, typed.get(key, [])) for key in sorted(lists)}
    left = {_placed(name, rows): texts for name, texts in typed.items() if name not in lists}
    for _ in range(4):
        done = [name for name, texts in left.items() if _put(page, name, texts)]
        left = {name: texts for name, texts in left.items() if name not in done}
        if not left or not done:
            return


def _rows(page: Page, key: str, handles: list[str]) -> dict[str, str]:
    """As many rows as there are *handles*: handle of the values -> handle on the page."""
    there = _handles(page, key)
    for extra in [one for one in there if one not in handles and not one.startswith("n")][: max(0, len(there) - len(handles))]:
        page.locator(f'button[value="rij-weg:{key}:{extra}"]').click()
        page.wait_for_load_state()
    for count in range(len(_handles(page, key)) + 1, len(handles) + 1):
        page.locator(f'button[value="rij-erbij:{key}"]').click()
        _until(page, partial(_has_rows, page, key, count))
    return dict(zip(handles, _handles(page, key), strict=True))


def _has_rows(page: Page, key: str, count: int) -> bool:
    return len(_handles(page, key)) >= count


def _handles(page: Page, key: str) -> list[str]:
    found = page.locator(f'input[type=hidden][name="{key}"]')
    values = [found.nth(at).get_attribute("value") or "" for at in range(found.count())]
    return [value for value in values if value]


def _placed(name: str, rows: Mapping[str, Mapping[str, str]]) -> str:
    key, _, rest = name.partition(".")
    handle, _, field_ = rest.partition(".")
    return f"{key}.{rows[key].get(handle, handle)}.{field_}" if key in rows and field_ else name


def _put(page: Page, name: str, texts: list[str]) -> bool:
    """Whether there is such an input, which then holds *texts*."""
    inputs = page.locator(f'[name="{name}"]:not([type=hidden])')
    if not inputs.count():
        return False
    kind = inputs.first.evaluate("one => one.tagName === 'INPUT' ? one.type : one.tagName.toLowerCase()")
    if inputs.first.is_disabled():
        return True
    match kind:
        case "radio" | "checkbox":
            _choose(inputs, texts)
        case "select":
            inputs.first.select_option(texts[0] if texts else "")
        case _:
            inputs.first.fill(texts[0] if texts else "")
            inputs.first.dispatch_event("change")
    _settle(page)
    return True


def _choose(inputs: Locator, texts: list[str]) -> None:
    for at in range(inputs.count()):
        one = inputs.nth(at)
        wanted = one.get_attribute("value") in texts
        if one.is_checked() != wanted and (wanted or one.get_attribute("type") == "checkbox"):
            one.set_checked(wanted)


def _settle(page: Page) -> None:
    """Wait until an answer that changes the form has changed it."""
    if page.locator("form#formulier[hx-post]").count():
        page.wait_for_timeout(15)
        _until(page, lambda: not page.locator(".htmx-request").count())


def _until(page: Page, holds: Callable[[], bool], seconds: float = 15) -> None:
    """The policy of the pages lets no text run as a script, a condition of Playwright's own neither."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, f"{page.url}: nothing changed in {seconds} seconds"
        page.wait_for_timeout(20)


def pictures(folder: Path | None) -> Callable[[Page, str], None]:
    """Keeps a picture of every page it looks at in *folder*, for who wants to see them; does nothing without one."""

    def look(page: Page, name: str) -> None:
        if folder is not None:
            page.screenshot(path=folder / f"{name}.png", full_page=True)

    return look
