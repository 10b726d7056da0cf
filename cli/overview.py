"""For who looks ahead: terms of all cases for the team leader, a calendar for each worker, counting terms again."""

from __future__ import annotations

import time

import click

from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks import overview as tasks_overview
from schuldhulp.tasks.calendar_feed import calendar_feed
from schuldhulp.tasks.recount import BATCH, begun, recount


@click.command()
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 366), help="How far ahead, today included.")
@as_person
@json_option
@with_engine
def overview(engine: Engine, days: int, login: str, role: str | None, json_: bool) -> None:
    """Terms of all cases: due soon, missed, standing still and why. For team leaders."""
    found = tasks_overview.overview(engine, person(engine, login), days)
    head = ("case", "nr", "term", "last day", "", "why")
    blocks = []
    for title, lines in (
        (f"Due until {day(found.until)}", found.due),
        ("Missed", found.missed),
        ("Standing still", found.suspended),
    ):
        rows = [(line.case, line.term, line.name, day(line.ends), line.words, line.why) for line in lines]
        blocks.append(f"{title} ({len(rows)})" + (f"\n{table(rows, head)}" if rows else ""))
    put(found.plain(), "\n\n".join(blocks), json_)


@click.command()
@as_person
@with_engine
def calendar(engine: Engine, login: str, role: str | None) -> None:
    """The terms of your cases as a calendar (iCalendar): case number and rule, no names. `> termijnen.ics`"""
    click.echo(calendar_feed(engine, person(engine, login)), nl=False)


@click.command()
@click.option("--again", is_flag=True, help="From the first case, also when it was done before.")
@click.option("--batch", default=BATCH, show_default=True, type=click.IntRange(1, 100_000))
@as_person
@with_engine
def recompute(engine: Engine, again: bool, batch: int, login: str, role: str | None) -> None:
    """Count the running terms of all cases again, after the calendar, the law or a reading changed. Stopped halfway, it
    goes on where it was."""
    by = actor(engine, login, role, ("teamleider", "procesontwerper"))
    start = begun(engine)
    if start.finished and not again:
        click.echo(
            f"Done before with this law, calendar and readings: {start.looked} cases, {start.moved} moved. "
            f"Use --again to look once more."
        )
        return
    total, began = engine.cases_with_open_terms(), time.monotonic()
    first = 0 if again else start.looked
    if first:
        click.echo(f"Going on after {first} cases.")
    for now, failed in recount(engine, by, again=again, batch=batch):
        seconds = time.monotonic() - began
        pace = (now.looked - first) / seconds if seconds else 0
        click.echo(f"{now.looked} of {total} cases, {now.moved} moved, {pace:.0f} a second", err=True)
        for number, why in failed:
            click.echo(f"case {number}: {why}", err=True)
    click.echo(f"{now.looked} cases looked at, {now.moved} with terms that moved, {now.failed} failed.")
    if now.failed:
        raise click.exceptions.Exit(1)
