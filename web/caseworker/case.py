"""A case: its page, an extra step or module; and the list of cases."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.tasks.caselist import CaseLine, list_cases, sees_all
from schuldhulp.tasks.cases import roles_to_start
from schuldhulp.tasks.work import start_form_in, start_module_with_posted
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.caseworker.case_page import case_page
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, note, whole
from schuldhulp.web.words import Countdown, count, countdown, moment

router = APIRouter(include_in_schema=False)
CASES_PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseRow:
    url: str
    number: str
    who: str
    modules: str
    tasks: str
    fatal: Countdown | None
    opened: str


@dataclass(frozen=True, slots=True)
class CasesPage:
    rows: tuple[CaseRow, ...]
    search: str
    closed: bool
    summary: str
    older_url: str
    newer_url: str
    title: str = "Zaken"
    section: str = "zaken"


@router.get("/zaken")
def show_cases(who: Asker, zoek: str = "", gesloten: bool = False, bladzijde: int = 1) -> Response:
    """The cases of this person, newest first; a number goes straight to its case."""
    asked, page = zoek.strip(), max(1, min(bladzijde, 10_000))
    if asked and who.engine.rows("case_of_number", number=asked):
        return RedirectResponse(f"/zaken/{asked}", 303)
    status = "closed" if gesloten else "open"
    start = CASES_PER_PAGE * (page - 1)
    found = list_cases(who.engine, who.person, asked, status=status, limit=CASES_PER_PAGE + 1, offset=start)
    rows = tuple(_case_row(who, line) for line in found[:CASES_PER_PAGE])
    kind = ("gesloten zaak", "gesloten zaken") if gesloten else ("lopende zaak", "lopende zaken")
    whose = "van de organisatie" if sees_all(who.person) else "waarin u werk hebt of had"
    more = len(found) > CASES_PER_PAGE
    shown = CasesPage(
        rows,
        asked,
        gesloten,
        f"{count(len(rows), *kind)} {whose}, nieuwste eerst",
        _list_url(asked, gesloten, page + 1) if more else "",
        _list_url(asked, gesloten, page - 1) if page > 1 else "",
    )
    return render("cases.html", shown, who.shell)


def _case_row(who: Visitor, line: CaseLine) -> CaseRow:
    today = who.engine.clock().astimezone(CIVIL).date()
    return CaseRow(
        f"/zaken/{line.number}",
        line.number,
        line.client,
        ", ".join(line.modules),
        count(line.open_tasks, "open taak", "open taken") if line.open_tasks else "",
        countdown(line.fatal, today, who.engine.calendar) if line.fatal else None,
        moment(line.opened_at, today),
    )


def _list_url(search: str, closed: bool, page: int) -> str:
    asked = {"zoek": search, "gesloten": "1" if closed else "", "bladzijde": str(page) if page > 1 else ""}
    return f"/zaken?{urlencode({key: value for key, value in asked.items() if value})}"


@router.get("/zaken/{case}")
def show_case(who: Asker, case: str, module: int | None = None, alles: bool = False, reden: str = "") -> Response:
    admit(who, case, "zaak bekijken", reden)
    return render("case.html", case_page(who, case, module, everything=alles), who.shell)


@router.post("/zaken/{case}/stap")
def start_step(who: Poster, fields: Posted, case: str) -> Response:
    """Start an optional step."""
    admit(who, case, "taak doen")
    instance, element = whole(fields, "instantie"), first(fields, "element")
    if instance is not None:
        graph = _graph_of(who, case, instance)
        node = graph.nodes.get(element) if graph else None
        roles = node.candidate_groups or ((node.lane,) if node.lane else ()) if node else ()
        who.engine.start_optional(case, instance, element, who.person.actor(wanted=roles))
    return note(RedirectResponse(f"/zaken/{case}", 303), "gestart")


@router.post("/zaken/{case}/module")
def choose_module(who: Poster, fields: Posted, case: str) -> Response:
    """On to the start form of a module, or started at once when it has none."""
    admit(who, case, "module starten")
    module = first(fields, "module")
    by = who.person.actor(wanted=roles_to_start(who.engine, module))
    form, _ = start_form_in(who.engine, case, module, by)
    if form is not None:
        return RedirectResponse(f"/zaken/{case}/module/{module}", 303)
    start_module_with_posted(who.engine, case, module, {}, by)
    return note(RedirectResponse(f"/zaken/{case}", 303), "gestart")


def _graph_of(who: Visitor, case: str, instance: int) -> Graph | None:
    running = who.engine.case(case).instances.get(instance)
    return who.engine.deployment(running.deployment).graph(running.process) if running else None
