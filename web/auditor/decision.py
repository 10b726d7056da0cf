"""Why a table gave what it gave."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.tasks.reasons import RuleReason, reason
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.caseworker.case_page import Labelled
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker
from schuldhulp.web.words import moment

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class DecisionPage:
    title: str
    name: str
    at: str
    case: str
    case_url: str
    inputs: tuple[Labelled, ...]
    outputs: tuple[Labelled, ...]
    rules: tuple[RuleReason, ...]
    used_default: bool
    erased: bool
    table: str
    hash: str
    section: str = "zaken"


@router.get("/zaken/{case}/besluiten/{sequence}")
def decision(who: Asker, case: str, sequence: int) -> Response:
    admit(who, case, "uitleg van een besluit")
    found = reason(who.engine, case, sequence)
    page = DecisionPage(
        title=f"Waarom: {found.name}",
        name=found.name,
        at=moment(found.at, who.engine.clock().astimezone(CIVIL).date()),
        case=f"Zaak {case}",
        case_url=f"/zaken/{case}",
        inputs=tuple(Labelled(label, text) for label, text in found.inputs),
        outputs=tuple(Labelled(label, text) for label, text in found.outputs),
        rules=found.rules,
        used_default=found.used_default,
        erased=found.erased,
        table=found.decision,
        hash=found.hash,
    )
    return render("decision.html", page, who.shell)
