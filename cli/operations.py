"""Keeping things running: what went wrong and why, trying it again, suspending, resuming and cancelling modules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import click

from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import as_json, day, put, table
from schuldhulp.engine.case.roles import OPERATORS
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.operations import Outcome, Which

R = TypeVar("R")
PAGE = 50


def told(work: Iterable[R], count: int, what: str) -> Iterator[R]:
    """Long work with a bar on a terminal; without one a line for every tenth part of it."""
    if sys.stderr.isatty():
        with click.progressbar(work, length=count, label=what, file=sys.stderr) as bar:
            yield from bar
        return
    step = max(1, count // 10)
    for number, one in enumerate(work, 1):
        if number % step == 0 and count >= 100:
            click.echo(f"{what}: {number} of {count}", err=True)
        yield one


def report(outcomes: list[Outcome], what: str, number: str, json_: bool) -> None:
    """How many were done and why others were not; exit code 1 when some were not."""
    failed = [one for one in outcomes if not one.done]
    if json_:
        plain = [{"case": one.case, number: one.number, "why": one.what} for one in failed]
        click.echo(as_json({"done": len(outcomes) - len(failed), "failed": plain}))
    else:
        click.echo(f"{what}: {len(outcomes) - len(failed)} done, {len(failed)} not.")
        if failed:
            click.echo(table([(one.case, one.number, one.what) for one in failed], ("case", number, "why not")))
    if failed:
        sys.exit(1)


def filters(command: Callable[..., R]) -> Callable[..., R]:
    """Options --code, --element and --module, for incidents."""
    for name, text in (
        ("module", "Only in instances of this module."),
        ("element", "Only at this element (its id)."),
        ("code", "Only of this kind: expression, model, job-failed ..."),
    ):
        command = click.option(f"--{name}", default="", help=text)(command)
    return command


@click.command()
@filters
@click.option("--group", is_flag=True, help="Only how many of each kind.")
@click.option("--page", default=1, show_default=True)
@as_person
@json_option
@with_engine
def incidents(
    engine: Engine,
    module: str,
    element: str,
    code: str,
    group: bool,
    page: int,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """What went wrong and waits for somebody, oldest first, with its cause."""
    which = {"code": code, "element": element, "module": module}
    if group:
        person(engine, login)
        rows = engine.incident_groups(**which)
        listed = [(r["number"], r["module"], r["element"], r["code"], day(r["raised_at"])) for r in rows]
        put(rows, table(listed, ("number", "module", "element", "what", "since")) if rows else "No incidents.", json_)
        return
    by = actor(engine, login, role, OPERATORS)
    found = engine.incidents(**which, limit=PAGE, offset=PAGE * (page - 1))
    for case in dict.fromkeys(one.case for one in found):  # a cause may tell about a person
        engine.record_read(case, by, "storingen bekijken")
    named = [
        (one.case, one.incident, one.module, one.element, one.code, day(one.raised_at), one.cause) for one in found
    ]
    plain = [
        {
            "case": one.case,
            "incident": one.incident,
            "module": one.module,
            "element": one.element,
            "name": one.name,
            "code": one.code,
            "raised_at": one.raised_at,
            "cause": one.cause,
        }
        for one in found
    ]
    head = ("case", "incident", "module", "element", "what", "since", "cause")
    put(plain, table(named, head) if found else "No incidents.", json_)


@click.command()
@click.argument("case", required=False)
@click.argument("incident", type=int, required=False)
@click.option("--all", "everything", is_flag=True, help="Every open incident, or those that the options name.")
@filters
@click.option("--dry-run", is_flag=True, help="Only count.")
@as_person
@json_option
@with_engine
def retry(
    engine: Engine,
    case: str | None,
    incident: int | None,
    everything: bool,
    module: str,
    element: str,
    code: str,
    dry_run: bool,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Try again what failed: one (CASE INCIDENT), or many.

    \b
    schuldhulp retry 2026-000123 1 --as sofie
    schuldhulp retry --all --element Rekenen --dry-run --as sofie
    """
    by = actor(engine, login, role, OPERATORS)
    if not everything:
        if case is None or incident is None:
            raise click.UsageError("Name a CASE and an INCIDENT, or say --all.")
        engine.retry(case, incident, by)
        put({"case": case, "incident": incident}, f"Incident {incident} of case {case} is resolved.", json_)
        return
    if case is not None:
        raise click.UsageError("--all is for every case: leave CASE and INCIDENT out.")
    which = {"code": code, "element": element, "module": module}
    groups = engine.incident_groups(**which)
    count = sum(row["number"] for row in groups)
    if dry_run:
        listed = [(row["number"], row["module"], row["element"], row["code"]) for row in groups]
        text = f"{count} incidents would be tried again.\n{table(listed, ('number', 'module', 'element', 'what'))}"
        put({"incidents": count, "groups": groups}, text if count else "No incidents.", json_)
        return
    report(list(told(engine.retry_many(by, **which), count, "Incidents")), "Incidents", "incident", json_)


def one_or_many(command: Callable[..., R]) -> Callable[..., R]:
    """CASE INSTANCE, or --all with --module and --deployment; --dry-run counts."""
    command = click.option("--dry-run", is_flag=True, help="Only count.")(command)
    command = click.option("--deployment", default="", help="With --all: only those on this deployment.")(command)
    command = click.option("--module", default="", help="With --all: only instances of this module.")(command)
    command = click.option("--all", "everything", is_flag=True, help="Every instance that the options name.")(command)
    command = click.argument("instance", type=int, required=False)(command)
    return click.argument("case", required=False)(command)


def _chosen(engine: Engine, case: str | None, instance: int | None, everything: bool, which: Which) -> Which | None:
    """Which many are meant; None for one."""
    if not everything:
        if case is None or instance is None:
            raise click.UsageError("Name a CASE and an INSTANCE (`schuldhulp case` shows them), or say --all.")
        return None
    if case is not None:
        raise click.UsageError("--all is for every case: leave CASE and INSTANCE out.")
    if which.deployment:
        return Which(which.module, engine.deployment_named(which.deployment), which.status)
    return which


def _many(
    engine: Engine, which: Which, act: Callable[[], Iterator[Outcome]], dry_run: bool, what: str, json_: bool
) -> None:
    instances, cases = engine.count(which)
    if dry_run:
        text = f"{instances} module instances in {cases} cases would be {what}."
        put({"instances": instances, "cases": cases}, text, json_)
        return
    report(list(told(act(), instances, "Instances")), f"Module instances {what}", "instance", json_)


@click.command()
@one_or_many
@click.option("--reason", default="", help="Why; kept in the history.")
@as_person
@json_option
@with_engine
def suspend(
    engine: Engine,
    case: str | None,
    instance: int | None,
    everything: bool,
    module: str,
    deployment: str,
    dry_run: bool,
    reason: str,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Suspend a module instance, or many: nothing moves in it until it is resumed; what happens to it is kept."""
    by = actor(engine, login, role, OPERATORS)
    which = _chosen(engine, case, instance, everything, Which(module, deployment, "running"))
    if which is not None:
        _many(engine, which, lambda: engine.suspend_many(which, reason, by), dry_run, "suspended", json_)
        return
    assert case is not None
    assert instance is not None
    engine.suspend(case, instance, reason, by)
    put({"case": case, "instance": instance}, f"Instance {instance} of case {case} is suspended.", json_)


@click.command()
@one_or_many
@as_person
@json_option
@with_engine
def resume(
    engine: Engine,
    case: str | None,
    instance: int | None,
    everything: bool,
    module: str,
    deployment: str,
    dry_run: bool,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Resume a suspended module instance, or many: what happened to it meanwhile and what became due follows."""
    by = actor(engine, login, role, OPERATORS)
    which = _chosen(engine, case, instance, everything, Which(module, deployment, "suspended"))
    if which is not None:
        _many(engine, which, lambda: engine.resume_many(which, by), dry_run, "resumed", json_)
        return
    assert case is not None
    assert instance is not None
    engine.resume(case, instance, by)
    put({"case": case, "instance": instance}, f"Instance {instance} of case {case} goes on.", json_)


@click.command()
@one_or_many
@click.option("--reason", default="", help="Why; kept in the history.")
@click.option(
    "--terms", type=click.Choice(["end", "keep"]), help="What becomes of terms that hang on it; needed when there are."
)
@as_person
@json_option
@with_engine
def cancel(
    engine: Engine,
    case: str | None,
    instance: int | None,
    everything: bool,
    module: str,
    deployment: str,
    dry_run: bool,
    reason: str,
    terms: Any,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Cancel a module instance, or many: its tasks, timers, external work and called modules end with it; a caller goes on.

    \b
    schuldhulp cancel 2026-000123 2 --reason "aanvraag ingetrokken" --terms end --as sofie
    """
    by = actor(engine, login, role, OPERATORS)
    which = _chosen(engine, case, instance, everything, Which(module, deployment))
    if which is not None:
        _many(engine, which, lambda: engine.cancel_many(which, reason, by, terms), dry_run, "cancelled", json_)
        return
    assert case is not None
    assert instance is not None
    engine.cancel(case, instance, reason, by, terms)
    put({"case": case, "instance": instance}, f"Instance {instance} of case {case} is cancelled.", json_)
