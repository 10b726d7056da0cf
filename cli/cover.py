"""Absence cover: who takes over for whom, and everything of a colleague handed to another."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import datetime

import click

from schuldhulp.cli.context import actor, as_person, json_option, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.covering import covers, reassign_all

DAY = click.DateTime(["%Y-%m-%d", "%d-%m-%Y"])


@click.group()
def cover() -> None:
    """Absence cover (waarneming): who takes over for whom, on which days."""


@cover.command("list")
@json_option
@with_engine
def list_(engine: Engine, json_: bool) -> None:
    """Arrangements for today and later."""
    found = covers(engine)
    rows = [(one.name, one.by_name, day(one.first), day(one.last), "now" if one.now else "") for one in found]
    put([asdict(one) for one in found], table(rows, ("away", "cover", "from", "until", "")), json_)


@cover.command("name")
@click.argument("colleague")
@click.option("--from", "first", type=DAY, required=True, help="First day, such as 2026-07-01.")
@click.option("--until", "last", type=DAY, required=True, help="Last day, included.")
@click.option("--for", "away", help="Login of who is away; yourself when left out. For the team leader.")
@as_person
@with_engine
def name(
    engine: Engine, colleague: str, first: datetime, last: datetime, away: str | None, login: str, role: str | None
) -> None:
    """COLLEAGUE covers for you: sees your tasks on those days, and may take them over."""
    by = actor(engine, login, role, ("teamleider",) if away else ())
    absent, taker = person_by_login(engine, away or login), person_by_login(engine, colleague)
    engine.name_cover(absent.account, taker.account, first.date(), last.date(), by)
    click.echo(f"{taker.name} covers for {absent.name} from {day(first.date())} until {day(last.date())}.")


@cover.command("end")
@click.option("--from", "first", type=DAY, required=True)
@click.option("--until", "last", type=DAY, required=True)
@click.option("--for", "away", help="Login of who would be away; yourself when left out.")
@as_person
@with_engine
def end(engine: Engine, first: datetime, last: datetime, away: str | None, login: str, role: str | None) -> None:
    """Take back what was said of these days."""
    by = actor(engine, login, role, ("teamleider",) if away else ())
    absent = person_by_login(engine, away or login)
    engine.name_cover(absent.account, None, first.date(), last.date(), by)
    click.echo(f"Nobody covers for {absent.name} from {day(first.date())} until {day(last.date())}.")


@click.command()
@click.argument("holder")
@click.argument("colleague")
@click.option("--case", help="Only what HOLDER has in this case.")
@click.option("--reason", required=True)
@click.option("--tell/--no-tell", default=True, help="Open a task to tell the client.", show_default=True)
@as_person
@json_option
@with_engine
def reassign(
    engine: Engine,
    holder: str,
    colleague: str,
    case: str | None,
    reason: str,
    tell: bool,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Give everything that HOLDER has to COLLEAGUE, case by case. For the team leader. Exit code 1 when some stayed."""
    by = actor(engine, login, role, ("teamleider",))
    giver, taker = person_by_login(engine, holder), person_by_login(engine, colleague)
    found = list(reassign_all(engine, giver, taker, reason, by, case=case, tell=tell))
    stayed = [one for one in found if one.refused]
    moved = sum(one.tasks for one in found)
    lines = [f"case {one.case}: {one.refused}" for one in stayed]
    lines.append(f"{moved} tasks in {len(found) - len(stayed)} cases went to {taker.name}; {len(stayed)} cases stayed.")
    put([asdict(one) for one in found], "\n".join(lines), json_)
    sys.exit(1 if stayed else 0)
