"""A meeting of a group, said once: it goes into the file of every participant, each in a transaction of its own (M6-A06)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case
from schuldhulp.tasks import work
from schuldhulp.tasks.access import MayNotSee, NotYourRole, Person, look_into
from schuldhulp.tasks.cases import roles_to_start

PROCESS = "groepsbijeenkomst"
KINDS = {"groepsintake": "M6", "cursus": "M7"}
"""Kind of meeting -> the module whose participants it is for."""
WAITING = "Task_GroepsintakeVastleggen"
MOST = 40
PURPOSE = "groepsbijeenkomst"


class BadMeeting(CommandRefused):
    """The meeting itself cannot be: nobody named, somebody named twice, more people than a group has."""

    code = "bad-meeting"


@dataclass(frozen=True, slots=True)
class Meeting:
    """`kind`: a key of KINDS. `at`: aware."""

    group: str
    kind: str
    at: datetime
    minutes: int
    supervisors: str = ""


@dataclass(frozen=True, slots=True)
class Attendance:
    """One participant: a case, whether they came, whether they go on to the money course, what is noted about them alone."""

    case: str
    present: bool
    course: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one case. `error` None: it stands in the file."""

    case: str
    present: bool
    error: CommandRefused | None = None


@dataclass(frozen=True, slots=True)
class Participant:
    case: str
    name: str


def may_record(engine: Engine, who: Person) -> bool:
    return bool(set(who.roles) & set(roles_to_start(engine, PROCESS)))


def groups(engine: Engine) -> tuple[dict[str, Any], ...]:
    """The register of groups as it stands today."""
    found = engine.deployment().parameters.on(engine.clock().astimezone(CIVIL).date()).get("groepen")
    return tuple(one for one in found if isinstance(one, dict)) if isinstance(found, list) else ()


def participants(engine: Engine, who: Person, kind: str, group: str = "") -> tuple[Participant, ...]:
    """Whom the meeting may concern: who waits for a group intake, or follows the course of this group; only cases that *who* may
    see, and each is noted in the read log. Raises NotYourRole."""
    _allowed(engine, who)
    found = []
    for row in engine.rows("running_of_module", module=KINDS[kind]):
        case = engine.case(row["number"])
        if not (_waits(case) if kind == "groepsintake" else _follows(case, group)):
            continue
        try:
            look_into(engine, who, case.number, PURPOSE)
        except MayNotSee:
            continue
        found.append(Participant(case.number, str(case.data.get("client_naam") or case.number)))
    return tuple(sorted(found, key=lambda one: (one.name, one.case)))


def record_meeting(
    engine: Engine,
    who: Person,
    meeting: Meeting,
    attending: Sequence[Attendance],
    role: str | None = None,
    program: str = "web",
) -> Iterator[Recorded]:
    """Put *meeting* into the file of everyone in *attending*, and say what became of each. A case that refuses does not stop the
    others; said again, it is refused where it stands already, so an interrupted recording is simply said again.

    Raises BadMeeting and NotYourRole before anything is recorded.
    """
    by = who.actor(role, roles_to_start(engine, PROCESS), program)
    _allowed(engine, who)
    _look(meeting, attending)
    present = sum(one.present for one in attending)
    for one in attending:
        values = {
            "bijeenkomst_groep": meeting.group,
            "bijeenkomst_soort": meeting.kind,
            "bijeenkomst_op": meeting.at,
            "bijeenkomst_minuten": meeting.minutes,
            "bijeenkomst_deelnemers": present or None,
            "bijeenkomst_begeleiders": meeting.supervisors or None,
            "bijeenkomst_aanwezig": one.present,
            "bijeenkomst_cursus": (one.course or None) if one.present and meeting.kind == "groepsintake" else None,
            "bijeenkomst_notitie": one.note or None,
        }
        answers = {key: value for key, value in values.items() if value is not None}
        try:
            look_into(engine, who, one.case, PURPOSE)
            work.start_module_with_values(engine, one.case, PROCESS, answers, by)
        except CommandRefused as error:
            yield Recorded(one.case, one.present, error)
        else:
            yield Recorded(one.case, one.present)


def _allowed(engine: Engine, who: Person) -> None:
    if not may_record(engine, who):
        raise NotYourRole(who.login, " or ".join(roles_to_start(engine, PROCESS)), who.roles)


def _look(meeting: Meeting, attending: Sequence[Attendance]) -> None:
    twice = [case for case, times in Counter(one.case for one in attending).items() if times > 1]
    if meeting.kind not in KINDS:
        raise BadMeeting(f"{meeting.kind!r} is no kind of meeting; choose {' or '.join(KINDS)}.")
    if meeting.at.tzinfo is None:
        raise BadMeeting("the moment of the meeting has no time zone.")
    if not attending:
        raise BadMeeting("nobody is named; name the cases of who was there, or of who should have been.")
    if len(attending) > MOST:
        raise BadMeeting(f"{len(attending)} cases are named; a group has at most {MOST}.")
    if twice:
        raise BadMeeting(f"named more than once: {', '.join(twice)}.")


def _waits(case: Case) -> bool:
    return any(task.element == WAITING for task in case.tasks.values())


def _follows(case: Case, group: str) -> bool:
    running = (one for one in case.instances.values() if one.module == "M7")
    return any(one.data.get("groep_naam") is not None and group in ("", one.data.get("groep_naam")) for one in running)
