"""A case: its page, an extra step or module; and the list of cases."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.tasks.cases import roles_to_start
from schuldhulp.tasks.work import start_form_in, start_module_with_posted
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.caseworker.case_page import STATUS, case_page
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, note, whole
from schuldhulp.web.words import count, moment

router = APIRouter(include_in_schema=False)
MOST_CASES = 100


@dataclass(frozen=True, slots=True)
class CaseRow:
    url: str
    number: str
    who: str
    status: str
    opened: str


@dataclass(frozen=True, slots=True)
class CasesPage:
    rows: tuple[CaseRow, ...]
    search: str
    summary: str
    title: str = "Zaken"
    section: str = "zaken"


@router.get("/zaken")
def show_cases(who: Asker, zoek: str = "") -> Response:
    """Open cases, newest first; a number goes straight to its case."""
    asked = zoek.strip()
    if asked and who.engine.rows("case_of_number", number=asked):
        return RedirectResponse(f"/zaken/{asked}", 303)
    today = who.engine.clock().astimezone(CIVIL).date()
    found = who.engine.rows("cases_newest_first", status="open", limit=MOST_CASES, offset=0)
    rows = tuple(
        CaseRow(
            f"/zaken/{row['number']}",
            row["number"],
            "",
            STATUS.get(row["status"], row["status"]),
            moment(row["opened_at"], today),
        )
        for row in found
        if asked in row["number"]
    )
    summary = f"{count(len(rows), 'lopende zaak', 'lopende zaken')}, nieuwste eerst"
    return render("cases.html", CasesPage(rows, asked, summary), who.shell)


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
