"""A meeting of a group, recorded once for all its participants."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from schuldhulp.cli.context import as_person, json_option, with_engine
from schuldhulp.cli.say import CIVIL, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.group_meetings import KINDS, Attendance, Meeting, participants, record_meeting

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.group()
def group() -> None:
    """Meetings of a group (groepsbijeenkomst): said once, recorded in the file of every participant."""


@group.command("participants")
@click.option("--kind", type=click.Choice(sorted(KINDS)), default="groepsintake", show_default=True)
@click.option("--group", "name", default="", help="Only who follows this group (cursus).")
@as_person
@json_option
@with_engine
def participants_(engine: Engine, kind: str, name: str, login: str, role: str | None, json_: bool) -> None:
    """Cases that wait for a group intake, or follow a course in a group."""
    found = participants(engine, person_by_login(engine, login), kind, name)
    rows = [(one.case, one.name) for one in found]
    put([{"case": one.case, "name": one.name} for one in found], table(rows, ("case", "client")), json_)


@group.command()
@click.argument("name")
@click.option("--at", type=MOMENT, required=True, help="When it began, such as 2026-09-07T10:00 (Europe/Amsterdam).")
@click.option("--minutes", type=click.IntRange(1, 960), required=True)
@click.option("--kind", type=click.Choice(sorted(KINDS)), default="groepsintake", show_default=True)
@click.option("--present", multiple=True, metavar="CASE", help="Was there; may be repeated.")
@click.option("--absent", multiple=True, metavar="CASE", help="Should have been there; may be repeated.")
@click.option(
    "--course", multiple=True, metavar="CASE", help="Was there and goes on to the money course; may be repeated."
)
@click.option("--supervisors", default="", help="Who led the group.")
@as_person
@json_option
@with_engine
def record(
    engine: Engine,
    name: str,
    at: datetime,
    minutes: int,
    kind: str,
    present: tuple[str, ...],
    absent: tuple[str, ...],
    course: tuple[str, ...],
    supervisors: str,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Record a meeting of the group NAME. Each case has a transaction of its own; exit code 1 when some refused."""
    attending = [Attendance(case, True) for case in present]
    attending += [Attendance(case, True, course=True) for case in course]
    attending += [Attendance(case, False) for case in absent]
    meeting = Meeting(name, kind, at.replace(tzinfo=CIVIL), minutes, supervisors)
    found = list(record_meeting(engine, person_by_login(engine, login), meeting, attending, role, "cli"))
    said = [
        {"case": one.case, "present": one.present, "refused": str(one.error) if one.error else None} for one in found
    ]
    rows = [
        (one.case, "present" if one.present else "absent", str(one.error) if one.error else "recorded") for one in found
    ]
    put(said, table(rows, ("case", "", "what became of it")), json_)
    sys.exit(1 if any(one.error for one in found) else 0)
