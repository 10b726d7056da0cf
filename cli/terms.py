"""schuldhulp terms: rules of law, dates with their explanation, what would move them. Only `recompute` needs a database."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from schuldhulp.cli.term_options import as_adjournment, as_moment, as_suspension, day, facts_options, readings_of
from schuldhulp.rules.terms import (
    Adjournment,
    Calendar,
    Computed,
    Law,
    Rule,
    Suspension,
    TermError,
    Unit,
    compute,
    compute_hours,
    explain_dutch,
    explain_text,
    law,
    load_equated_days,
    load_law,
    penalty,
    shipped_calendar,
    timeliness,
)
from schuldhulp.rules.terms.calendar import FIRST_DAY, LAST_DAY, ONE_DAY
from schuldhulp.rules.terms.objection import decision_on_objection

P = ParamSpec("P")

json_option = click.option("--json", "json_", is_flag=True, help="JSON for programs.")


def refusing(command: Callable[P, None]) -> Callable[P, None]:
    """What the law refuses is said in its own words, with exit code 1."""

    @wraps(command)
    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except TermError as error:
            raise click.ClickException(str(error)) from None

    return call


@dataclass(frozen=True, slots=True)
class Tables:
    """The law and the calendar that the commands use."""

    law: Law
    calendar: Calendar


class Terms(click.Group):
    """`recompute` is the one command that needs the engine: it is imported when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "recompute"])

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name != "recompute":
            return super().get_command(ctx, name)
        from schuldhulp.cli.overview import recompute

        return recompute


@click.group(cls=Terms)
@click.option(
    "--law", "law_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another law file."
)
@click.option(
    "--equated-days",
    "days_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Another KB table.",
)
@click.pass_context
@refusing
def terms(ctx: click.Context, law_file: Path | None, days_file: Path | None) -> None:
    """Statutory terms: list the rules, explain a date, try what would move it."""
    chosen = load_law(law_file.read_bytes(), law_file.name) if law_file else law()
    calendar = Calendar(load_equated_days(days_file.read_bytes(), days_file.name)) if days_file else shipped_calendar()
    ctx.obj = Tables(chosen, calendar)


@terms.command("list")
@click.option("--on", type=day, help="Only what is in force on this date (YYYY-MM-DD).")
@json_option
@click.pass_obj
def list_rules(tables: Tables, on: date | None, json_: bool) -> None:
    """The rules with length, article and period."""
    rules = [rule for rule in tables.law.rules if on is None or on in rule.valid]
    if json_:
        click.echo(json.dumps([_row(rule) for rule in rules], ensure_ascii=False, indent=2))
        return
    width = max((len(rule.id) for rule in rules), default=0)
    for rule in rules:
        length = "no term" if rule.length is None else str(rule.length)
        if rule.committee:
            length += f" ({rule.committee.count} with committee)"
        if rule.bounds:
            length = f"{rule.bounds[0]}-{rule.bounds[1]} {rule.unit}"
        click.echo(f"{rule.id:<{width}}  {length:<27}  {rule.name} ({rule.basis}; {rule.valid})")


def _row(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": rule.name,
        "basis": rule.basis,
        "source": str(rule.source),
        "trigger": rule.trigger,
        "length": str(rule.length) if rule.length else None,
        "committee": str(rule.committee) if rule.committee else None,
        "bounds": list(rule.bounds) if rule.bounds else None,
        "shift": str(rule.shift),
        "suspend": list(rule.suspend),
        "adjourn": rule.adjourn.article if rule.adjourn else None,
        "readings": list(rule.readings),
        "missed": rule.missed,
        "valid_from": rule.valid_from.isoformat(),
        "valid_to": rule.valid_to.isoformat() if rule.valid_to else None,
    }


@terms.command()
@click.argument("rule_id", metavar="RULE")
@click.argument("trigger", metavar="DATE")
@facts_options
@click.option("--dutch", is_flag=True, help="Plain Dutch, as caseworkers and inhabitants read it.")
@json_option
@click.pass_obj
@refusing
def explain(
    tables: Tables,
    rule_id: str,
    trigger: str,
    length: int | None,
    committee: bool,
    accepted: date | None,
    suspend: tuple[str, ...],
    adjourn: tuple[str, ...],
    reading: tuple[str, ...],
    dutch: bool,
    json_: bool,
) -> None:
    """The last day of RULE when it starts on DATE, day by day with the article for each.

    A rule in hours takes a moment: 2026-02-06T10:00.
    """
    moment = as_moment(trigger)
    rule = tables.law.rule(rule_id, moment.date())
    if rule.unit is Unit.HOURS:
        _say_hours(rule, moment, json_)
        return
    found = _compute(tables, rule, moment.date(), length, committee, accepted, suspend, adjourn, reading)
    if json_:
        click.echo(json.dumps(found.explanation.as_data(), ensure_ascii=False, indent=2))
    else:
        click.echo(explain_dutch(found.explanation) if dutch else explain_text(found.explanation))


def _say_hours(rule: Rule, moment: datetime, json_: bool) -> None:
    ends = compute_hours(rule, moment).isoformat(timespec="minutes")
    if json_:
        data = {"rule": rule.id, "basis": rule.basis, "trigger": moment.isoformat(timespec="minutes"), "ends": ends}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        click.echo(
            f"{rule.name} ({rule.id}, {rule.basis}): {rule.length}\n  ends       {ends}  never shifted (Atw art. 4 onder a)"
        )


@terms.command("what-if")
@click.argument("rule_id", metavar="RULE")
@click.argument("trigger", metavar="DATE", type=day)
@facts_options
@click.option("--trigger", "corrected", type=day, help="The trigger was on this date instead.")
@json_option
@click.pass_obj
@refusing
def what_if(
    tables: Tables,
    rule_id: str,
    trigger: date,
    length: int | None,
    committee: bool,
    accepted: date | None,
    suspend: tuple[str, ...],
    adjourn: tuple[str, ...],
    reading: tuple[str, ...],
    corrected: date | None,
    json_: bool,
) -> None:
    """How the last day of RULE moves: without any, and with the suspensions, adjournments, readings or trigger given."""
    before = _compute(tables, tables.law.rule(rule_id, trigger), trigger, length, committee, accepted, (), (), ())
    start = corrected or trigger
    rule = tables.law.rule(rule_id, start)
    after = _compute(tables, rule, start, length, committee, accepted, suspend, adjourn, reading)
    moved = (after.ends - before.ends).days
    if json_:
        data = {"before": before.explanation.as_data(), "after": after.explanation.as_data(), "moved_days": moved}
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(f"now   {before.ends:%a} {before.ends}\nthen  {after.ends:%a} {after.ends}  ({moved:+d} days)\n")
    click.echo(explain_text(after.explanation))


def _compute(
    tables: Tables,
    rule: Rule,
    trigger: date,
    length: int | None,
    committee: bool,
    accepted: date | None,
    suspend: tuple[str, ...],
    adjourn: tuple[str, ...],
    reading: tuple[str, ...],
) -> Computed:
    suspensions: list[Suspension] = [as_suspension(text) for text in suspend]
    adjournments: list[Adjournment] = [as_adjournment(text) for text in adjourn]
    return compute(
        rule,
        trigger,
        calendar=tables.calendar,
        readings=readings_of(reading),
        length=length,
        suspensions=suspensions,
        adjournments=adjournments,
        accepted=accepted,
        committee=committee,
        law=tables.law,
    )


@terms.command("penalty")
@click.argument("notice", metavar="RECEIVED", type=day)
@click.option("--due", required=True, type=day, help="Last day of the decision term.")
@click.option("--published", type=day, help="The day the decision was made known; leave out when there is none.")
@click.option("--until", type=day, help="Count up to and including this day.")
@click.option("--reading", multiple=True, help="A contested reading to switch.")
@json_option
@click.pass_obj
@refusing
def show_penalty(
    tables: Tables,
    notice: date,
    due: date,
    published: date | None,
    until: date | None,
    reading: tuple[str, ...],
    json_: bool,
) -> None:
    """The penalty after a notice of default received on RECEIVED, day by day (Awb art. 4:17)."""
    found = penalty(
        notice,
        decision_due=due,
        decision_published=published,
        until=until,
        calendar=tables.calendar,
        readings=readings_of(reading),
        law=tables.law,
    )
    if json_:
        days = [
            {"day": each.day.isoformat(), "cents": each.cents, "total_cents": each.total_cents} for each in found.days
        ]
        determined = found.determination_due.isoformat() if found.determination_due else None
        data = {
            "premature": found.premature,
            "days": days,
            "total_cents": found.total_cents,
            "determination_due": determined,
            "other_readings": [
                {"switches": o.switches, "days": o.days, "cents": o.total_cents} for o in found.alternatives
            ],
        }
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    if found.premature:
        click.echo(
            f"The notice came on or before the last day of the term ({due}): it has no effect (Awb art. 4:17 lid 3)."
        )
    for each in found.days:
        click.echo(
            f"{each.number:>2}  {each.day:%a} {each.day}  {_euros(each.cents):>7}  {_euros(each.total_cents):>9}"
        )
    click.echo(f"total {_euros(found.total_cents)} euro over {len(found.days)} days")
    if found.determination_due:
        click.echo(f"decision on the penalty at the latest on {found.determination_due} (Awb art. 4:18)")
    for other in found.alternatives:
        click.echo(f"otherwise {_euros(other.total_cents)} euro over {other.days} days ({', '.join(other.switches)})")


@terms.command("objection")
@click.argument("published", metavar="MADE_KNOWN", type=day)
@click.option("--received", type=day, help="The day the objection was received.")
@click.option("--posted", type=day, help="The day it was posted, when it came by post.")
@click.option("--committee", is_flag=True, help="A committee of Awb art. 7:13 advises.")
@json_option
@click.pass_obj
@refusing
def show_objection(
    tables: Tables, published: date, received: date | None, posted: date | None, committee: bool, json_: bool
) -> None:
    """Until when objection is open to a decision MADE_KNOWN on a date, whether one is in time, and when to decide."""
    found = timeliness(published, received or published, posted, calendar=tables.calendar, law=tables.law)
    decide = decision_on_objection(published, committee=committee, calendar=tables.calendar, law=tables.law)
    data: dict[str, object] = {"last_day": found.term.ends.isoformat(), "decide_at_the_latest": decide.ends.isoformat()}
    if received:
        data |= {"in_time": found.in_time, "article": found.article, "for_a_person": found.for_a_person}
    if json_:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2))
        return
    click.echo(
        f"objection open until {found.term.ends}, by post received until {found.last_receipt_by_post} (Awb 6:7-6:9)"
    )
    if received:
        verdict = "in time" if found.in_time else "too late: a person weighs whether there is a good reason"
        click.echo(f"received {received}: {verdict} ({found.article})")
    click.echo(f"decide at the latest on {decide.ends} (Awb art. 7:10)")


@terms.command("calendar")
@click.argument("year", type=click.IntRange(FIRST_DAY.year, LAST_DAY.year))
@click.pass_obj
def show_calendar(tables: Tables, year: int) -> None:
    """The free days of a YEAR beside Saturdays and Sundays, with their article."""
    for number in range(366):
        when = date(year, 1, 1) + ONE_DAY * number
        why = tables.calendar.why(when) if when.year == year else None
        if why is not None and why.name not in ("zaterdag", "zondag"):
            click.echo(f"{when:%a} {when}  {why.name} ({why.article})")
    first, last = tables.calendar.complete_from, tables.calendar.complete_until
    if not first.year <= year <= last.year:
        click.echo(f"Calendar incomplete: equated days (KB) are known from {first} to {last}.")


@terms.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@refusing
def check_file(file: Path) -> None:
    """Check a law FILE or a table of equated days, before it is used."""
    data = file.read_bytes()
    if b"decrees:" in data:
        table = load_equated_days(data, file.name)
        click.echo(
            f"{file.name}: {len(table.days)} equated days, from {table.complete_from} to {table.complete_until}."
        )
        return
    checked = load_law(data, file.name)
    click.echo(f"{file.name}: {len(checked.rules)} rules, state of the law {checked.state_of_law}.")


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"
