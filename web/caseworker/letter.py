"""A letter of a case: its text, its PDF, what proves its sending; and a draft of one as PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from schuldhulp.engine.case.errors import BadData, NoSuchThing
from schuldhulp.engine.case.letters import RECEIPTS
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.documents import draft_pdf, letter, proof
from schuldhulp.tasks.forms import markdown, of_form
from schuldhulp.tasks.forms.words import read
from schuldhulp.tasks.story import CHANNELS
from schuldhulp.tasks.work import preview_letters, see_task, typed_values
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.pages import render
from schuldhulp.web.visitors import Asker, Posted, Poster, first, note
from schuldhulp.web.words import moment

router = APIRouter(include_in_schema=False)
PDF = "application/pdf"
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class ProofRow:
    what: str
    who: str
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class LetterPage:
    title: str
    state: str
    subject: str
    addressee: tuple[str, ...]
    html: str
    proof: tuple[ProofRow, ...]
    url: str
    pdf_url: str
    sent: bool
    replaced: str
    choices: tuple[tuple[str, str], ...]
    case: str
    case_url: str
    complaint: str = ""
    section: str = "zaken"


@router.get("/zaken/{case}/brieven/{document:int}")
def show_letter(who: Asker, case: str, document: int) -> Response:
    admit(who, case, "brief bekijken")
    return _page(who, case, document)


def _page(who: Asker, case: str, document: int, complaint: str = "") -> Response:
    found = letter(who.engine, case, document)
    today = who.engine.clock().astimezone(CIVIL).date()
    channel = CHANNELS.get(found.channel or "", "")
    state = f"Verstuurd op {found.sent_on:%d-%m-%Y}, {channel}" if found.sent_on else f"Gemaakt {moment(found.made_at, today)}"
    page = LetterPage(
        title=f"Brief {document}",
        state=state,
        subject=found.subject or "(gewist)",
        addressee=found.addressee,
        html=markdown.html(found.text or "De tekst van deze brief is gewist."),
        proof=tuple(
            ProofRow(line.what, line.by, _when(line.at, today), line.note) for line in proof(who.engine, found, CHANNELS)
        ),
        url=f"/zaken/{case}/brieven/{document}",
        pdf_url="" if found.erased else f"/zaken/{case}/brieven/{document}.pdf",
        sent=found.sent_on is not None,
        replaced=found.replaced,
        choices=tuple((key, words.capitalize()) for key, words in RECEIPTS.items()),
        case=f"Zaak {case}",
        case_url=f"/zaken/{case}",
        complaint=complaint,
    )
    return render("letter.html", page, who.shell, status=422 if complaint else 200)


def _when(at: date, today: date) -> str:
    return moment(at, today) if isinstance(at, datetime) else f"{at:%d-%m-%Y}"


@router.get("/zaken/{case}/brieven/{document:int}.pdf")
def show_pdf(who: Asker, case: str, document: int) -> Response:
    """The letter as PDF, to download."""
    admit(who, case, "brief als PDF")
    found = letter(who.engine, case, document)
    return pdf_answer(who.engine.letter_pdf(case, document), f"{case}-{document}-{found.letter}.pdf")


@router.post("/zaken/{case}/brieven/{document}/bewijs")
def add_proof(who: Poster, fields: Posted, case: str, document: int) -> Response:
    """What became known of a letter after it was sent."""
    admit(who, case, "bewijs bij brief")
    try:
        on = read(Type.DATE, first(fields, "dag"))
    except ValueError:
        on = None
    what = first(fields, "wat")
    if not isinstance(on, date):
        return _page(who, case, document, "Vul een datum in, zoals 21-04-2026.")
    try:
        who.engine.record_receipt(
            case, document, what, on, first(fields, "toelichting")[:LONGEST_NOTE], who.person.actor()
        )
    except BadData:
        return _page(who, case, document, "Kies wat er bekend is geworden, en een dag die al is geweest.")
    return note(RedirectResponse(f"/zaken/{case}/brieven/{document}", 303), "vastgelegd")


@router.post("/zaken/{case}/taken/{task}/brief.pdf")
def show_draft(who: Poster, fields: Posted, case: str, task: int) -> Response:
    """A letter that still goes out with a task, with the words as they stand in the browser."""
    admit(who, case, "brief als PDF")
    by = who.person.actor()
    shown = see_task(who.engine, case, task, by)
    key = first(fields, "brief")
    answers = typed_values(shown, of_form(shown.form, fields) if shown.form else None)
    written = preview_letters(who.engine, case, task, by, answers).get(key)
    if written is None:
        raise NoSuchThing("letter", key, case)
    subject = first(fields, f"brief_onderwerp:{key}") or written.subject
    text = first(fields, f"brief_tekst:{key}") or written.text
    return pdf_answer(draft_pdf(who.engine, case, written, subject, text), f"{case}-{key}-concept.pdf")


def pdf_answer(content: bytes, name: str) -> Response:
    """A PDF as a file to keep; *name* holds letters, digits, dots and dashes only."""
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'attachment; filename="{name}"'})
