"""Templates to answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from schuldhulp.web.assets import asset


@dataclass(frozen=True, slots=True)
class MenuItem:
    key: str
    label: str
    url: str
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to say above a page, once. `kind`: info | done | warning | error."""

    text: str
    kind: str = "info"


@dataclass(frozen=True, slots=True)
class Shell:
    """What surrounds every page: who is logged in (account None is nobody), the menu, the token against forged posts."""

    account: int | None = None
    name: str = ""
    csrf: str = ""
    menu: Sequence[MenuItem] = ()
    messages: Sequence[Message] = field(default_factory=tuple)
    brand: str = "Schuldhulp"
    style: str = ""
    logo: str = ""
    """Name in the bar, and the addresses of the organisation's stylesheet and logo."""


NOBODY = Shell()


def render(template: str, page: Any, shell: Shell = NOBODY, *, status: int = 200) -> HTMLResponse:
    """The page. `page` is what the template calls page: a dataclass with at least `title` and `section`."""
    text = _environment().get_template(template).render(page=page, shell=shell)
    return HTMLResponse(text, status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("schuldhulp.web"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    environment.globals.update(asset=asset)
    environment.filters.update(slug=_slug, trusted=Markup, sized=_sized)
    return environment


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _sized(icon: str, pixels: int) -> Markup:
    """An icon with a size of its own."""
    return Markup(str(icon).replace("<svg ", f'<svg width="{pixels}" height="{pixels}" ', 1))
