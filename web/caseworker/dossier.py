"""Everything that the file of a case holds, by subject; lists as tables with their totals."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.tasks.dossier import Section, dossier
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class DossierPage:
    number: str
    who: str
    url: str
    sections: tuple[Section, ...]
    title: str = "Gegevens"
    section: str = "zaken"


@router.get("/zaken/{case}/gegevens")
def show_dossier(who: Asker, case: str, reden: str = "") -> Response:
    """Noted in the read log. Raises MayNotSee, NoSuchCase."""
    admit(who, case, "gegevens bekijken", reden)
    overview = who.engine.rows("case_overview", case=stream_of(case))
    page = DossierPage(case, overview[0]["title_sealed"] or "", f"/zaken/{case}", dossier(who.engine, case))
    return render("dossier.html", page, who.shell)
