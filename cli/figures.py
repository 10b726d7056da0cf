"""Figures of the modules, for quality and a benchmark."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from schuldhulp.cli.context import as_person, json_option, person, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.figures import Period, collect, quarters, to_csv
from schuldhulp.tasks.figures.export import MINIMUM
from schuldhulp.tasks.figures.gaps import gaps as find_gaps
from schuldhulp.tasks.figures.model import ModuleFigures, Returns, Spread
from schuldhulp.tasks.threats import running_threats

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--from", "first", type=DAY, help="First day; without it this quarter.")
@click.option("--to", "last", type=DAY, help="Last day.")
@click.option("--csv", "to", type=click.Path(dir_okay=False, path_type=Path), help="Write a benchmark file here.")
@click.option("--minimum", default=MINIMUM, show_default=True, type=click.IntRange(1, 100), help="Smaller counts are hidden.")
@as_person
@json_option
@with_engine
def figures(
    engine: Engine,
    first: datetime | None,
    last: datetime | None,
    to: Path | None,
    minimum: int,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Per module: how many, how long, hours, goals and terms. For team leaders and quality staff."""
    this = quarters(engine.clock().astimezone(CIVIL).date())[0]
    period = Period(first.date() if first else this.first, last.date() if last else this.last)
    if period.last < period.first:
        raise click.UsageError(f"--to {period.last} lies before --from {period.first}.")
    found = collect(engine, person(engine, login), period)
    if to is not None:
        to.write_text(to_csv(found, minimum), encoding="utf-8-sig", newline="")
        click.echo(f"{to}: {len(found.modules)} modules, {period.first} to {period.last}.")
        return
    head = (
        "module", "name", "started", "running", "ended", "days (median)", "hours (mean)", "goals reached", "terms late",
        "came back",
    )  # fmt: skip
    put(asdict(found), table([_row(one) for one in found.modules], head), json_)


def _row(one: ModuleFigures) -> tuple[object, ...]:
    reached = sum(goal.outcomes["behaald"] for goal in one.goals)
    judged = sum(sum(goal.outcomes.values()) for goal in one.goals)
    late, counted = sum(term.late for term in one.terms), sum(term.met + term.late for term in one.terms)
    return (
        one.module, one.title, one.started, one.running, sum(one.ended.values()), _middle(one.days), _mean(one.hours),
        f"{reached} of {judged}" if judged else "", f"{late} of {counted}" if counted else "", _back(one.returns),
    )  # fmt: skip


def _back(found: Returns | None) -> str:
    """Who applied again soon after the help ended, of those of whom it is known."""
    return "" if found is None else f"{found.back} of {found.back + found.stayed}"


def _middle(values: Spread | None) -> str:
    return "" if values is None else str(values.median)


def _mean(values: Spread | None) -> str:
    return "" if values is None else str(values.mean)


@click.command()
@as_person
@json_option
@with_engine
def threats(engine: Engine, login: str, role: str | None, json_: bool) -> None:
    """Who is evicted or cut off when: running threats by day and hour of execution. For crisis workers and team leaders."""
    found = running_threats(engine, person(engine, login))
    head = ("when", "case", "who", "what", "children", "verified", "averted until", "worker", "cover")
    rows = [
        (day(one.at), one.case, one.name, one.kind, one.children, one.verified, day(one.averted_until), one.worker, one.cover)
        for one in found
    ]
    put([asdict(one) for one in found], table(rows, head), json_)


@click.command()
@click.option("--from", "first", type=DAY, help="First day; without it this quarter.")
@click.option("--to", "last", type=DAY, help="Last day.")
@as_person
@json_option
@with_engine
def gaps(
    engine: Engine, first: datetime | None, last: datetime | None, login: str, role: str | None, json_: bool
) -> None:
    """What modules that ended lack: goals not judged, no contact, no signature, letters not sent, terms missed, steps skipped."""
    this = quarters(engine.clock().astimezone(CIVIL).date())[0]
    period = Period(first.date() if first else this.first, last.date() if last else this.last)
    found = find_gaps(engine, person(engine, login), period)
    rows = [(one.case, one.module, one.kind, one.what, day(one.on)) for one in found]
    put([asdict(one) for one in found], table(rows, ("case", "module", "kind", "what", "on")) if rows else "No gaps.", json_)
