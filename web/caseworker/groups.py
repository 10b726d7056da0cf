"""A meeting of a group: filled in once, recorded for every participant, with what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from fastapi import APIRouter
from starlette.responses import Response

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.tasks.group_meetings import (
    KINDS,
    Attendance,
    BadMeeting,
    Meeting,
    Participant,
    Recorded,
    groups,
    participants,
    record_meeting,
)
from schuldhulp.web.caseworker.inbox import Choice
from schuldhulp.web.pages import Message, render
from schuldhulp.web.refusals import in_dutch
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, whole
from schuldhulp.web.words import count

router = APIRouter(include_in_schema=False)
KIND_LABELS = {"groepsintake": "Groepsintake", "cursus": "Cursus of groep"}
ANSWERS = {
    "ja": "Was er",
    "cursus": "Was er en wil mee met de geldcursus",
    "nee": "Was er niet",
    "": "Hoort er niet bij",
}
FIELDS = ("groep", "dag", "uur", "minuten", "begeleiders")


@dataclass(frozen=True, slots=True)
class RecordedRow:
    url: str
    case: str
    said: str
    done: bool


@dataclass(frozen=True, slots=True)
class GroupsPage:
    kind: str
    kinds: tuple[Choice, ...]
    names: tuple[Choice, ...]
    """Of the register; none: the register is empty, the name is free."""
    people: tuple[Participant, ...]
    answers: tuple[Choice, ...]
    typed: Mapping[str, str]
    recorded: tuple[RecordedRow, ...]
    complaint: str
    title: str = "Groepsbijeenkomst"
    section: str = "groepen"


@router.get("/groepen")
def show_groups(who: Asker, soort: str = "groepsintake", groep: str = "") -> Response:
    """Who waits for a group intake or follows the group, to tick who was there."""
    return _page(who, soort if soort in KINDS else "groepsintake", {"groep": groep})


@router.post("/groepen")
def record(who: Poster, fields: Posted) -> Response:
    """Record the meeting in every case that was named; the page says what became of each."""
    kind = first(fields, "soort") if first(fields, "soort") in KINDS else "groepsintake"
    typed = {name: first(fields, name).strip() for name in FIELDS}
    at, minutes = _moment(typed["dag"], typed["uur"]), whole(fields, "minuten")
    if not typed["groep"]:
        return _page(who, kind, typed, "Vul in welke groep het was.")
    if at is None:
        return _page(who, kind, typed, "Vul de dag en het uur in, zoals 07-09-2026 en 10:00.")
    if minutes is None or not 1 <= minutes <= 960:
        return _page(who, kind, typed, "Vul in hoeveel minuten de bijeenkomst duurde.")
    meeting = Meeting(typed["groep"], kind, at, minutes, typed["begeleiders"])
    try:
        found = tuple(record_meeting(who.engine, who.person, meeting, _attending(fields)))
    except BadMeeting:
        return _page(who, kind, typed, "Kies bij minstens één deelnemer of hij er was, en noem ieder dossier één keer.")
    return _page(who, kind, typed, found=found)


def _attending(fields: Mapping[str, list[str]]) -> list[Attendance]:
    """Every `was.NUMBER` with an answer; the answers of a person who does not belong to the group are empty."""
    given = {name.removeprefix("was."): first(fields, name) for name in fields if name.startswith("was.")}
    other = first(fields, "andere_zaak").strip()
    if other:
        given[other] = first(fields, "andere_was")
    return [
        Attendance(case, answer != "nee", answer == "cursus", first(fields, f"notitie.{case}").strip())
        for case, answer in given.items()
        if answer in ANSWERS and answer
    ]


def _moment(day: str, hour: str) -> datetime | None:
    for form in ("%d-%m-%Y %H:%M", "%Y-%m-%d %H:%M"):
        try:
            return datetime.strptime(f"{day} {hour.replace('.', ':')}", form).replace(tzinfo=CIVIL)
        except ValueError:
            continue
    return None


def _page(
    who: Visitor, kind: str, typed: Mapping[str, str], complaint: str = "", found: tuple[Recorded, ...] = ()
) -> Response:
    done = [one for one in found if one.error is None]
    page = GroupsPage(
        kind=kind,
        kinds=tuple(Choice(key, KIND_LABELS[key]) for key in KINDS),
        names=tuple(Choice(str(one["naam"]), str(one["naam"])) for one in groups(who.engine) if one.get("naam")),
        people=participants(who.engine, who.person, kind, typed.get("groep", "")),
        answers=tuple(
            Choice(key, label) for key, label in ANSWERS.items() if key != "cursus" or kind == "groepsintake"
        ),
        typed={name: typed.get(name, "") for name in FIELDS},
        recorded=tuple(_row(who, one) for one in found),
        complaint=complaint,
    )
    shell = who.shell
    if found:
        said = f"Vastgelegd in {count(len(done), 'dossier', 'dossiers')}."
        said += f" Niet vastgelegd: {len(found) - len(done)}. Kijk hieronder waarom." if len(done) < len(found) else ""
        shell = replace(shell, messages=(Message(said, "done" if len(done) == len(found) else "warning"),))
    return render("groups.html", page, shell, status=422 if complaint else 200)


def _row(who: Visitor, one: Recorded) -> RecordedRow:
    said = in_dutch(who.engine, one.error) if one.error else "Aanwezig" if one.present else "Afwezig"
    return RecordedRow(f"/zaken/{one.case}", one.case, said, one.error is None)
