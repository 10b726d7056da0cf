"""Arrears signals from a file: upload, look, and only then take in."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.tasks.access import NotYourRole
from schuldhulp.tasks.cases import roles_to_start
from schuldhulp.tasks.imports.cells import FileRefused
from schuldhulp.tasks.imports.signals import Looked, Problem
from schuldhulp.tasks.imports.taking_in import MODULE, Result, importer, look_at_file, take_in
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, FilePoster, PostedFile, Visitor, first
from schuldhulp.web.words import count

router = APIRouter(include_in_schema=False)
LARGEST = 1_000_000
"""Bytes of a file here; a larger one goes by the command line."""
SHOWN = 200
HOW = {"opened": "nieuwe zaak", "added": "bij de zaak van dit huishouden gezet", "before": "stond er al in"}


@dataclass(frozen=True, slots=True)
class ResultRow:
    line: str
    case: str
    url: str
    how: str


@dataclass(frozen=True, slots=True)
class SignalsPage:
    """`content`: the file that was looked at, in base64, to be taken in with the next post, which looks again."""

    partner: str = ""
    basis: str = ""
    complaint: str = ""
    problems: tuple[Problem, ...] = ()
    more: int = 0
    ready: str = ""
    ignored: str = ""
    content: str = ""
    results: tuple[ResultRow, ...] = ()
    title: str = "Signalen inlezen"
    section: str = "signalen"


@router.get("/invoer/signalen")
def show_upload(who: Asker) -> Response:
    _admit(who)
    return render("signals.html", SignalsPage(), who.shell)


@router.post("/invoer/signalen")
def look(who: FilePoster, sent: PostedFile) -> Response:
    """What is in the file; nothing is taken in yet."""
    fields, content = sent
    _admit(who)
    partner, basis = first(fields, "partner").strip(), first(fields, "grondslag").strip()
    if len(content) > LARGEST:
        text = f"Het bestand is groter dan {LARGEST // 1_000_000} MB. Knip het in delen, of vraag de beheerder."
        return _page(who, SignalsPage(partner, basis, text), 422)
    try:
        looked = look_at_file(who.engine, content, partner, basis, importer(who.engine, who.person))
    except FileRefused as error:
        return _page(who, SignalsPage(partner, basis, str(error)), 422)
    return _looked(who, looked, content)


@router.post("/invoer/signalen/opnemen")
def take(who: FilePoster, sent: PostedFile) -> Response:
    """Take in what was looked at: the file comes back with the page and is looked at once more."""
    fields, _ = sent
    _admit(who)
    by = importer(who.engine, who.person)
    try:
        content = base64.b64decode(first(fields, "bestand"), validate=True)
        looked = look_at_file(who.engine, content, first(fields, "partner"), first(fields, "grondslag"), by)
    except (FileRefused, binascii.Error) as error:
        return _page(who, SignalsPage(complaint=str(error)), 422)
    if looked.problems:
        return _looked(who, looked, content)
    rows = tuple(_row(result) for result in take_in(who.engine, looked, by))
    return _page(who, SignalsPage(looked.partner, looked.basis, results=rows), 200)


def _looked(who: Visitor, looked: Looked, content: bytes) -> Response:
    signals = count(len(looked.signals), "signaal", "signalen")
    households = count(looked.households, "huishouden", "huishoudens")
    page = SignalsPage(
        partner=looked.partner,
        basis=looked.basis,
        problems=looked.problems[:SHOWN],
        more=max(0, len(looked.problems) - SHOWN),
        ready="" if looked.problems else f"{signals} over {households}. Alles klopt.",
        ignored=", ".join(looked.ignored),
        content="" if looked.problems else base64.b64encode(content).decode(),
    )
    return _page(who, page, 422 if looked.problems else 200)


def _row(result: Result) -> ResultRow:
    return ResultRow(str(result.line), result.case, f"/zaken/{result.case}", HOW[result.how])


def _page(who: Visitor, page: SignalsPage, status: int) -> Response:
    return render("signals.html", page, who.shell, status=status)


def _admit(who: Visitor) -> None:
    """Raises NotYourRole for who may not start module 1."""
    wanted = roles_to_start(who.engine, MODULE)
    if not set(wanted) & set(who.person.roles):
        raise NotYourRole(who.person.login, ", ".join(wanted), who.person.roles)
