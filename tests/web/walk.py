"""A browser that completes the tasks of a scenario: claims, types, chooses, sends, as a caseworker does."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Error, Locator, Page

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import work
from schuldhulp.tasks.forms import Context
from schuldhulp.tasks.forms.values import spread
from schuldhulp.tasks.scenarios import Scenario
from schuldhulp.tasks.scenarios.stage import ByValues, Letters
from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.web.serving import served
from tests.web.spoiling import complaints_of, mend, spoil

SYSTEM = Actor(account=0, role="systeem", program="test")
Look = Callable[[Page, str], None]


class Refused(CommandRefused):
    """The page said no; the text is what it said."""


@dataclass
class BrowserHand(ByValues):
    """Fills in a form in the browser the time it is *wanted* (form -> 1 for the first time it is met), the others by values.

    `walked`: forms that were filled in; `look`: called with the page of each form as it is opened and when it is filled in;
    `told`: called with each form when it is done, and the seconds that it took."""

    scenario: Scenario
    chromium: Browser
    wanted: Mapping[str, int]
    look: Look
    told: Callable[[str, float], None] = lambda form, seconds: None
    wrongly: frozenset[str] = frozenset()
    """Forms that are sent in with wrong answers first."""
    walked: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    _met: Counter[str] = field(default_factory=Counter)
    _engine: Engine | None = None
    _page: Page | None = None
    _address: str = ""
    _open: ExitStack = field(default_factory=ExitStack)

    def open(self, engine: Engine, module: str, values: Mapping[str, Any], by: Actor) -> Done:
        form, context = work.start_form(engine, module, by)
        if form is None or not self._is_wanted(form.key):
            return super().open(engine, module, values, by)
        with self._timed(form.key):
            page = self._page_of(engine, by)
            self._send_start(page, f"/zaken/nieuw/{module}", "Zaak openen", form, context, values)
            case = page.url.partition("/zaken/")[2].partition("/")[0].partition("?")[0]
        return _done(engine, case, 0)

    def start(self, engine: Engine, case: str, module: str, values: Mapping[str, Any], by: Actor) -> Done:
        form, context = work.start_form_in(engine, case, module, by)
        if form is None or not self._is_wanted(form.key):
            return super().start(engine, case, module, values, by)
        before = engine.case(case).sequence
        with self._timed(form.key):
            page = self._page_of(engine, by)
            self._send_start(page, f"/zaken/{case}/module/{module}", "Starten", form, context, values)
        return _done(engine, case, before)

    def complete(
        self, engine: Engine, case: str, task: int, values: Mapping[str, Any], by: Actor, reason: str, letters: Letters
    ) -> Done:
        form = engine.case(case).tasks[task].form if task in engine.case(case).tasks else None
        if form is None or not self._is_wanted(form):
            return super().complete(engine, case, task, values, by, reason, letters)
        before = engine.case(case).sequence
        with self._timed(form):
            page, url = self._page_of(engine, by), f"/zaken/{case}/taken/{task}"
            page.goto(url)
            if page.get_by_role("button", name="Oppakken").count():
                with page.expect_navigation():
                    page.get_by_role("button", name="Oppakken").click()
            shown = work.see_task(engine, case, task, by)
            assert shown.form is not None
            self._fill(page, shown.form, shown.context, values)
            if form in self.wrongly:
                self._send_wrongly(page, form, "Afronden")
            _write_letters(page, letters)
            _send(page, "Afronden")
            if page.locator("#reden").count() and reason and page.url.partition("?")[0].endswith(url):
                page.fill("#reden", reason)
                _send(page, "Afronden")
            self._complain(page, form)
        return _done(engine, case, before)

    def _is_wanted(self, form: str) -> bool:
        self._met[form] += 1
        return self.wanted.get(form) == self._met[form]

    @contextmanager
    def _timed(self, form: str) -> Iterator[None]:
        began = time.monotonic()
        yield
        if self._page is not None:
            _leave(self._page)
        self.walked.add(form)
        self.told(form, time.monotonic() - began)

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

    def _send_start(
        self, page: Page, url: str, button: str, form: Form, context: Context, values: Mapping[str, Any]
    ) -> None:
        page.goto(url)
        self._fill(page, form, context, values)
        if form.key in self.wrongly:
            self._send_wrongly(page, form.key, button)
        _send(page, button)
        self._complain(page, form.key)

    def _fill(self, page: Page, form: Form, context: Context, values: Mapping[str, Any]) -> None:
        self.look(page, f"{form.key}-leeg")
        typed, impossible = spread(form, values, context)
        if impossible:
            raise Refused(str(impossible))
        lists = {key for key, value in values.items() if isinstance(value, list) and not all(isinstance(v, str) for v in value)}
        type_in(page, {key: texts for key, texts in typed.items() if _root(key) in values}, lists)
        self.look(page, f"{form.key}-ingevuld")

    def _send_wrongly(self, page: Page, form: str, button: str) -> None:
        spoiled = spoil(page)
        assert spoiled, f"{form}: there is nothing to fill in wrongly"
        _send(page, button)
        self.look(page, f"{form}-fout")
        self.faults += [f"{form}, filled in wrongly: {fault}" for fault in complaints_of(page, spoiled)]
        mend(page, spoiled)

    def _complain(self, page: Page, form: str) -> None:
        if page.locator("[data-error-summary]").count():
            self.look(page, f"{form}-geweigerd")
            raise Refused(page.locator("[data-error-summary]").first.inner_text())

    def close(self) -> None:
        """Close what was opened for the last engine."""
        self._open.close()
        self._page = None


def _leave(page: Page) -> None:
    """Nothing of this engine is asked for any more when the scenario goes on with another."""
    try:
        page.goto("about:blank")
    except Error:  # the page after the form was still on its way
        page.wait_for_load_state()
        page.goto("about:blank")


def _done(engine: Engine, case: str, before: int) -> Done:
    facts = tuple(stored.fact for stored in engine.facts(case) if stored.sequence > before)
    return Done(engine.case(case), facts)


def _write_letters(page: Page, letters: Letters) -> None:
    for key, (subject, text) in letters.items():
        page.fill(f'[name="brief_onderwerp:{key}"]', subject)
        page.fill(f'[name="brief_tekst:{key}"]', text)


def _root(name: str) -> str:
    return name.partition(".")[0]


def _send(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.locator("form#formulier .actions").get_by_role("button", name=button, exact=True).click()


def type_in(page: Page, typed: Mapping[str, list[str]], lists: set[str]) -> None:
    """Put everything in its input. A question may appear only after another was answered, so several rounds. A text that has no
    input in the end is left out: the question is hidden for these answers."""
    plain = {name: texts for name, texts in typed.items() if _root(name) not in lists}
    hanging = _put_all(page, plain)
    rows = {key: _rows(page, key, typed.get(key, [])) for key in sorted(lists)}
    _put_all(page, {_placed(name, rows): texts for name, texts in typed.items() if _root(name) in lists and name not in lists})
    _put_all(page, hanging)


def _put_all(page: Page, typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Gives what has no input yet."""
    left = {name: [_as_people_write(text) for text in texts] for name, texts in typed.items()}
    for _ in range(4):
        done = [name for name, texts in left.items() if _put(page, name, texts)]
        left = {name: texts for name, texts in left.items() if name not in done}
        if not left or not done:
            break
    return left


def _rows(page: Page, key: str, handles: list[str]) -> dict[str, str]:
    """As many rows as there are *handles*: handle of the values -> handle on the page."""
    there = _handles(page, key)
    for extra in [one for one in there if one not in handles and not one.startswith("n")][: max(0, len(there) - len(handles))]:
        with page.expect_navigation():
            page.locator(f'button[value="rij-weg:{key}:{extra}"]').click()
    for count in range(len(_handles(page, key)) + 1, len(handles) + 1):
        with page.expect_navigation():
            page.locator(f'button[value="rij-erbij:{key}"]').click()
        assert len(_handles(page, key)) >= count, f"{page.url}: no row was added to {key}"
    return dict(zip(handles, _handles(page, key), strict=True))


def _as_people_write(text: str) -> str:
    return re.sub(r"\b(\d{4})-(\d\d)-(\d\d)(?=$| \d\d:\d\d$)", r"\3-\2-\1", text)


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
    closed = page.locator("details:not([open])", has=inputs.first)
    if closed.count():
        closed.first.locator("summary").first.click()
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
