"""Documents of a case: the list, adding some, opening one, taking one out (C-D10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from schuldhulp.engine.case.errors import CommandRefused, NoSuchThing
from schuldhulp.engine.case.papers.deciding import REMOVERS, Description, Paper
from schuldhulp.engine.case.papers.names import cleaned
from schuldhulp.engine.case.papers.refusals import PaperThere, PaperTooLarge
from schuldhulp.engine.case.papers.sniffing import KINDS, SUFFIXES
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.history.errors import StorageError
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.forms import words
from schuldhulp.tasks.papers import PaperLine, adder, kinds, may_add, open_paper, paper_lines
from schuldhulp.tasks.pointing import Added, asks_document, point
from schuldhulp.tasks.work import OpenTask, see_task
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.downloads import file_answer
from schuldhulp.web.pages import render
from schuldhulp.web.refusals import in_dutch, status_of
from schuldhulp.web.uploads import Incoming, Received, Upload
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, note, whole
from schuldhulp.web.words import moment

router = APIRouter(include_in_schema=False, prefix="/zaken/{case}/documenten")
ACCEPT = ",".join(SUFFIXES)


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A document on the page. `about`: what else is known of it, in one line."""

    number: int
    name: str
    kind: str
    about: str
    form: str
    by: str
    added: str
    task: str
    gone: str
    url: str
    view_url: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file that was sent: `number` of the document, None when it was not kept."""

    name: str
    text: str
    number: int | None


@dataclass(frozen=True, slots=True)
class PapersPage:
    """`task`: the task that the documents are added with, with its address to go back to; `ask`: the input that wants one."""

    case: str
    case_url: str
    url: str
    rows: tuple[PaperRow, ...]
    kinds: tuple[tuple[str, str], ...]
    typed: Mapping[str, str]
    outcomes: tuple[Outcome, ...]
    complaint: str
    task: int | None
    task_name: str
    task_url: str
    ask: str
    most: int
    may_add: bool
    accept: str = ACCEPT
    title: str = "Documenten"
    section: str = "zaken"


@router.get("")
def show(who: Asker, case: str, taak: int | None = None, veld: str = "") -> Response:
    admit(who, case, "documenten bekijken")
    return _page(who, case, _task(who, case, taak), veld)


@router.post("")
def add(request: Request, sent: Received, case: str) -> Response:
    """Each file by itself: one that is refused does not keep out the others. With JavaScript the answer is data."""
    who, upload = sent
    plain = "application/json" in request.headers.get("accept", "")
    admit(who, case, "document toevoegen")
    shown, ask = _task(who, case, whole(upload.fields, "taak")), first(upload.fields, "veld")
    try:
        given = _given(upload, shown)
    except words.NotRead as refusal:
        return _refused(who, case, shown, upload, str(refusal), plain=plain)
    if not upload.files:
        return _refused(who, case, shown, upload, "Kies een of meer bestanden.", plain=plain)
    outcomes = [_one(who, case, file, given, shown) for file in upload.files]
    there = [one.number for one in outcomes if one.number is not None]
    if shown is not None and ask and there:
        point(who.engine, shown, who.person, ask, [_added(who.engine.paper(case, number)) for number in there])
    if plain:
        return JSONResponse({"documenten": [_plain(one, case) for one in outcomes]}, 200 if there else 422)
    if len(there) < len(outcomes) or any(one.text for one in outcomes):
        return _page(who, case, shown, ask, outcomes=outcomes, status=200 if there else 422)
    back = f"/zaken/{case}/taken/{shown.task.task}" if shown is not None else f"/zaken/{case}/documenten"
    return note(RedirectResponse(back, 303), "document")


@router.get("/{number:int}")
def download(who: Asker, case: str, number: int) -> Response:
    """The file, to keep: a browser never shows it as a page of ours."""
    paper, content = open_paper(who.engine, who.person, case, number)
    return file_answer(paper, content, "attachment")


@router.get("/{number:int}/bekijken")
def view(who: Asker, case: str, number: int) -> Response:
    """A picture in the browser, in a sandbox; of other kinds there is only the file."""
    if not _is_picture(who.engine.paper(case, number)):
        return RedirectResponse(f"/zaken/{case}/documenten/{number}", 303)
    paper, content = open_paper(who.engine, who.person, case, number)
    return file_answer(paper, content, "inline")


@router.post("/{number:int}/weg")
def remove(who: Poster, fields: Posted, case: str, number: int) -> Response:
    """A document that does not belong in this file, with a reason."""
    admit(who, case, "document weghalen")
    try:
        who.engine.remove_paper(case, number, first(fields, "reden"), who.person.actor(wanted=REMOVERS))
    except CommandRefused as error:
        return _page(who, case, None, complaint=in_dutch(who.engine, error), status=status_of(error))
    return note(RedirectResponse(f"/zaken/{case}/documenten", 303), "weggehaald")


def _is_picture(paper: Paper) -> bool:
    return paper.media_type in KINDS and KINDS[paper.media_type].picture


def _task(who: Visitor, case: str, number: int | None) -> OpenTask | None:
    """The open task that documents are added with; none when it is closed meanwhile: the documents are kept all the same."""
    if number is None:
        return None
    try:
        return see_task(who.engine, case, number, who.person.actor())
    except NoSuchThing:
        return None


def _given(upload: Upload, shown: OpenTask | None) -> Description:
    """What was said of all files that were sent together. Raises NotRead."""
    return Description(
        name="",
        kind=first(upload.fields, "soort"),
        description=first(upload.fields, "omschrijving"),
        dated=_day(first(upload.fields, "datum")),
        received=_day(first(upload.fields, "ontvangen")),
        sender=first(upload.fields, "van"),
        task=shown.task.task if shown is not None else None,
    )


def _day(text: str) -> date | None:
    found: date | None = words.read(Type.DATE, text) if text.strip() else None
    return found


def _one(who: Visitor, case: str, file: Incoming, given: Description, shown: OpenTask | None) -> Outcome:
    by = adder(who.person, shown.task.roles if shown is not None else ())
    name = cleaned(file.name)
    try:
        if file.content is None:
            raise PaperTooLarge(name, who.engine.paper_limits().file_mb)
        described = Description(
            file.name, given.kind, given.description, given.dated, given.received, given.sender, given.task
        )
        number = who.engine.add_paper(case, file.content, described, by).value
    except PaperThere as there:
        return Outcome(name, in_dutch(who.engine, there), there.number)
    except CommandRefused as error:
        return Outcome(name, in_dutch(who.engine, error), None)
    except StorageError:
        return Outcome(name, "Dit bestand kon niet worden bewaard: er is geen ruimte. Waarschuw de beheerder.", None)
    return Outcome(who.engine.paper(case, number).name, "", number)


def _added(paper: Paper) -> Added:
    return Added(paper.document, paper.kind, paper.description, paper.dated, paper.received, paper.sender)


def _plain(one: Outcome, case: str) -> dict[str, object]:
    url = f"/zaken/{case}/documenten/{one.number}" if one.number is not None else None
    return {"naam": one.name, "melding": one.text, "nummer": one.number, "adres": url}


def _refused(
    who: Visitor, case: str, shown: OpenTask | None, upload: Upload, complaint: str, *, plain: bool
) -> Response:
    if plain:
        return JSONResponse({"melding": complaint, "documenten": []}, 422)
    typed = {name: first(upload.fields, name) for name in ("soort", "omschrijving", "datum", "ontvangen", "van")}
    return _page(who, case, shown, first(upload.fields, "veld"), complaint=complaint, typed=typed, status=422)


def _page(
    who: Visitor, case: str, shown: OpenTask | None, ask: str = "", *, outcomes: Sequence[Outcome] = (),
    complaint: str = "", typed: Mapping[str, str] | None = None, status: int = 200,
) -> Response:  # fmt: skip
    today = who.engine.clock().astimezone(CIVIL).date()
    asked = shown is not None and asks_document(shown.form, ask)
    url = f"/zaken/{case}/documenten"
    page = PapersPage(
        case=f"Zaak {case}",
        case_url=f"/zaken/{case}",
        url=url,
        rows=tuple(_row(line, url, today) for line in paper_lines(who.engine, case, who.person)),
        kinds=tuple(kinds(who.engine).items()),
        typed=typed or {"ontvangen": f"{today:%d-%m-%Y}"},
        outcomes=tuple(outcomes),
        complaint=complaint,
        task=shown.task.task if shown is not None else None,
        task_name=shown.task.name if shown is not None else "",
        task_url=f"/zaken/{case}/taken/{shown.task.task}" if shown is not None else "",
        ask=ask if asked else "",
        most=who.engine.paper_limits().file_mb,
        may_add=may_add(who.person),
    )
    return render("papers.html", page, who.shell, status=status)


def adding_url(case: str, task: int, ask: str = "") -> str:
    """Where a document is added with a task, at an input of its form when one asks for it."""
    return f"/zaken/{case}/documenten?{urlencode({'taak': task, **({'veld': ask} if ask else {})})}#toevoegen"


def _row(line: PaperLine, url: str, today: date) -> PaperRow:
    about = [
        line.description,
        f"van {line.sender}" if line.sender else "",
        f"datum {line.dated:%d-%m-%Y}" if line.dated else "",
        f"ontvangen {line.received:%d-%m-%Y}" if line.received else "",
    ]
    here = "" if line.gone else f"{url}/{line.number}"
    return PaperRow(
        number=line.number,
        name=line.name or f"Document {line.number}",
        kind=line.kind or ("" if line.gone else "Nog geen soort"),
        about=", ".join(part for part in about if part),
        form=f"{line.form}, {line.size}",
        by=line.by,
        added=moment(line.added_at, today),
        task=line.task,
        gone=line.gone,
        url=here,
        view_url=f"{here}/bekijken" if here and line.picture else "",
        remove_url=f"{here}/weg" if line.may_remove else "",
    )
