"""Fixtures for pages: an organisation, and people who are logged in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html
from starlette.testclient import TestClient

from schuldhulp.web.app import create_app
from schuldhulp.web.visitors import COOKIE
from tests.web.organisation import Organisation, found_organisation


@dataclass
class Browser:
    """Someone who clicks: follows forms of the page they are on, as a browser without JavaScript does."""

    client: TestClient
    page: httpx.Response | None = None

    def see(self, url: str) -> str:
        self.page = self.client.get(url)
        return self.page.text

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    @property
    def url(self) -> str:
        assert self.page is not None
        return self.page.url.path

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.text

    @property
    def tree(self) -> Any:
        """The page as a tree of elements."""
        return html.fromstring(self.text)

    def send(self, url: str, **fields: Any) -> str:
        """Fill in the form of the page that goes to *url* and send it: what stands in it already goes along, as browsers do.
        In names `__` stands for a dot; a value None leaves an input out."""
        path = url.partition("?")[0]
        forms = [form for form in self.tree.forms if (form.action or "").partition("?")[0] == path]
        assert forms, f"no form to {path} on {self.url}"
        inputs: dict[str, list[str]] = {}
        for element in forms[0].iter("input", "select", "textarea"):
            if element.get("name") and not any(one.get("disabled") is not None for one in (element, *element.iterancestors())):
                inputs.setdefault(element.get("name"), []).extend(standing(element))
        for name, value in fields.items():
            inputs[name.replace("__", ".")] = value if isinstance(value, list) else [] if value is None else [value]
        self.page = self.client.post(url, data=inputs)
        return self.page.text


def standing(element: Any) -> list[str]:
    """What a browser posts for an input as it stands."""
    match element.tag:
        case "textarea":
            return [element.text or ""]
        case "select":
            chosen = [one for one in element.iter("option") if one.get("selected") is not None]
            return [(chosen or list(element.iter("option")))[0].get("value")]
    if element.get("type") in ("radio", "checkbox"):
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [element.get("value", "")]


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    return found_organisation(tmp_path)


@pytest.fixture
def log_in(organisation: Organisation) -> Iterator[Callable[[str], Browser]]:
    app = create_app(organisation.engine)
    clients: list[TestClient] = []

    def enter(login: str) -> Browser:
        client = TestClient(app, base_url="http://schuldhulp.test", headers={"sec-fetch-site": "same-origin"})
        clients.append(client)
        token = f"sessie-{login}-{len(clients)}"
        organisation.engine.start_session(token, organisation.people[login])
        client.cookies.set(COOKIE, token)
        return Browser(client)

    yield enter
    for client in clients:
        client.close()
