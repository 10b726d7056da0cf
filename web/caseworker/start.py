"""Opening a case, or a module in a case: choose what it begins with, fill in the start form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.handle import Done
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.cases import roles_to_start
from schuldhulp.tasks.forms import Complaint, Context, FormView, add_row, of_form, remove_row, view
from schuldhulp.tasks.work import FormRefused, open_with_posted, start_form, start_form_in, start_module_with_posted
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.caseworker.case_page import startable
from schuldhulp.web.caseworker.inbox import module_titles
from schuldhulp.web.pages import render
from schuldhulp.web.refusals import in_dutch, status_of
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, note

router = APIRouter(include_in_schema=False)
Fields = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class ModuleCard:
    title: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class ModuleGroup:
    title: str
    modules: tuple[ModuleCard, ...]


@dataclass(frozen=True, slots=True)
class StartPage:
    """First a choice of modules; then, with `form`, the start form of one."""

    title: str
    url: str
    back_url: str
    button: str
    groups: tuple[ModuleGroup, ...] = ()
    chosen: bool = False
    form: FormView | None = None
    complaint: str = ""
    section: str = "nieuw"


@router.get("/zaken/nieuw")
def choose(who: Asker) -> Response:
    found = {choice.key: choice.label for choice in startable(who)}
    numbered = sorted((key for key in found if _number(key)), key=_number)
    others = [key for key in found if not _number(key)]
    groups = tuple(
        ModuleGroup(title, tuple(_card(who, key, found[key]) for key in keys))
        for title, keys in (("Hulp", numbered), ("Ander werk", others))
        if keys
    )
    page = StartPage("Nieuwe zaak", "/zaken/nieuw", "/zaken", "Zaak openen", groups)
    return render("start.html", page, who.shell)


def _number(key: str) -> int:
    """The number of a module of the framework (M1, M2, ...); 0 for what is not one."""
    return int(key[1:]) if key[:1] == "M" and key[1:].isdigit() else 0


def _card(who: Visitor, key: str, label: str) -> ModuleCard:
    return ModuleCard(label, who.engine.deployment().modules[key].documentation, f"/zaken/nieuw/{key}")


@router.get("/zaken/nieuw/{module}")
def ask(who: Asker, module: str) -> Response:
    form, context = start_form(who.engine, module, _actor(who, module))
    return _page(who, None, module, form, context, None, (), "", 200)


@router.post("/zaken/nieuw/{module}")
def open_case(who: Poster, fields: Posted, request: Request, module: str) -> Response:
    by = _actor(who, module)
    return _send(
        who, None, module, fields, request, lambda: start_form(who.engine, module, by),
        lambda: open_with_posted(who.engine, module, dict(fields), by),
    )  # fmt: skip


@router.get("/zaken/{case}/module/{module}")
def ask_in_case(who: Asker, case: str, module: str) -> Response:
    admit(who, case, "module starten")
    form, context = start_form_in(who.engine, case, module, _actor(who, module))
    return _page(who, case, module, form, context, None, (), "", 200)


@router.post("/zaken/{case}/module/{module}")
def start_in_case(who: Poster, fields: Posted, request: Request, case: str, module: str) -> Response:
    admit(who, case, "module starten")
    by = _actor(who, module)
    return _send(
        who, case, module, fields, request, lambda: start_form_in(who.engine, case, module, by),
        lambda: start_module_with_posted(who.engine, case, module, dict(fields), by),
    )  # fmt: skip


def _actor(who: Visitor, module: str) -> Actor:
    return who.person.actor(wanted=roles_to_start(who.engine, module))


def _send(
    who: Visitor, case: str | None, module: str, fields: Fields, request: Request,
    asked: Callable[[], tuple[Form | None, Context]], act: Callable[[], Done],
) -> Response:  # fmt: skip
    form, context = asked()
    action, _, rest = first(fields, "actie").partition(":")
    raw = of_form(form, fields) if form else {}
    if form is not None and action in ("rij-erbij", "rij-weg"):
        key, _, handle = rest.partition(":")
        raw = add_row(form, raw, key, context) if action == "rij-erbij" else remove_row(form, raw, key, handle)
        return _page(who, case, module, form, context, raw, (), "", 200)
    if request.query_params.get("alleen") == "formulier":
        return _page(who, case, module, form, context, raw, (), "", 200)
    try:
        done = act()
    except FormRefused as error:
        text = "" if error.complaints else "Door uw antwoord zijn er vragen bijgekomen. Vul die ook in."
        return _page(who, case, module, form, context, error.read.raw, error.complaints, text, 422)
    except CommandRefused as error:
        return _page(who, case, module, form, context, raw, (), in_dutch(who.engine, error), status_of(error))
    return note(RedirectResponse(f"/zaken/{done.case.number}", 303), "geopend" if case is None else "gestart")


def _page(
    who: Visitor, case: str | None, module: str, form: Form | None, context: Context,
    raw: Mapping[str, list[str]] | None, complaints: tuple[Complaint, ...], text: str, status: int,
) -> Response:  # fmt: skip
    title = module_titles(who.engine).get(module, module)
    page = StartPage(
        title=f"Nieuwe zaak: {title}" if case is None else f"{title} starten in zaak {case}",
        url=f"/zaken/nieuw/{module}" if case is None else f"/zaken/{case}/module/{module}",
        back_url="/zaken/nieuw" if case is None else f"/zaken/{case}",
        button="Zaak openen" if case is None else "Starten",
        chosen=True,
        form=view(form, raw, complaints, context) if form else None,
        complaint=text,
        section="nieuw" if case is None else "zaken",
    )
    return render("start.html", page, who.shell, status=status)
