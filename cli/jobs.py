"""External work from the shell: see it, take it, answer it. Programs use the same use cases over REST."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import click

from schuldhulp.cli.answers import answers_options, given_values
from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.case.roles import OPERATORS
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.jobs import Answer, Job, job_of
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import INTEGRATION, NotYourRole
from schuldhulp.tasks.cases import typed

worker_option = click.option(
    "--worker", default="shell", show_default=True, help="The name under which work is locked."
)


def _by(engine: Engine, login: str, role: str | None) -> Actor:
    """Work of others is for integrations and for who keeps things running: it shows personal data. Raises NotYourRole."""
    allowed = (INTEGRATION, *OPERATORS)
    by = actor(engine, login, role, allowed)
    if by.role not in allowed:
        raise NotYourRole(login, " or ".join(allowed), person(engine, login).roles)
    return by


def _said(answer: Answer, text: str, json_: bool) -> None:
    """Exit code 1 when the answer came too late."""
    put({"taken": answer.taken, "late": answer.late}, text if answer.taken else f"Too late: {answer.late}", json_)
    if not answer.taken:
        sys.exit(1)


@click.group()
def jobs() -> None:
    """Service tasks that programs outside do."""


@jobs.command("list")
@click.option("--topic", default="", help="Only of this topic.")
@click.option("--state", type=click.Choice(["waiting", "failed"]), help="Only waiting, or only given up.")
@click.option("--page", default=1, show_default=True)
@as_person
@json_option
@with_engine
def list_(engine: Engine, topic: str, state: str | None, page: int, login: str, role: str | None, json_: bool) -> None:
    """External work that is not done, longest waiting first."""
    _by(engine, login, role)
    rows = engine.jobs(topic=topic, state=state or "", limit=50, offset=50 * (page - 1))
    listed = [
        (
            f"{row['number']}/{row['instance']}/{row['work']}",
            row["topic"],
            row["state"],
            row["attempts"],
            row["retries"],
            row["leased_by"],
            day(row["leased_until"]),
            row["said"],
        )
        for row in rows
    ]
    head = ("job", "topic", "state", "attempts", "retries left", "worker", "until", "said last")
    put([dict(zip(head, row, strict=True)) for row in listed], table(listed, head) if rows else "No jobs.", json_)


@jobs.command()
@click.argument("topics", nargs=-1, required=True)
@worker_option
@click.option("--limit", default=10, show_default=True)
@click.option("--lock", "seconds", default=300, show_default=True, help="Seconds that the work is yours alone.")
@as_person
@json_option
@with_engine
def fetch(
    engine: Engine,
    topics: tuple[str, ...],
    worker: str,
    limit: int,
    seconds: int,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Take work of TOPICS that waits, for this worker alone."""
    _by(engine, login, role)
    found = engine.fetch_and_lock(topics, worker, limit=limit, lock_seconds=seconds)
    listed = [
        (job.id, job.topic, job.element, job.attempts, day(job.locked_until), dict(job.variables)) for job in found
    ]
    head = ("job", "topic", "element", "attempt", "yours until", "variables")
    put([_plain(job) for job in found], table(listed, head) if found else "Nothing waits.", json_)


def _plain(job: Job) -> dict[str, Any]:
    return {
        "job": job.id,
        "topic": job.topic,
        "element": job.element,
        "process": job.process,
        "variables": dict(job.variables),
        "attempts": job.attempts,
        "retries": job.retries,
        "locked_until": job.locked_until,
    }


@jobs.command()
@click.argument("job")
@worker_option
@answers_options
@as_person
@json_option
@with_engine
def complete(
    engine: Engine,
    job: str,
    worker: str,
    set_: tuple[str, ...],
    file: str | None,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """JOB is done; --set and --file give what was found, by keys of the data dictionary."""
    by = _by(engine, login, role)
    values = typed(engine, given_values(set_, file))
    _said(engine.complete_external(*job_of(job), worker, values, by), f"Job {job} is done.", json_)


@jobs.command()
@click.argument("job")
@worker_option
@click.option("--error", required=True, help="What went wrong; sealed with the case.")
@click.option("--retries", default=0, show_default=True, help="How often it is still tried; 0 makes an incident.")
@click.option("--after", "seconds", default=0, show_default=True, help="Seconds before it is handed out again.")
@as_person
@json_option
@with_engine
def fail(
    engine: Engine,
    job: str,
    worker: str,
    error: str,
    retries: int,
    seconds: int,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """JOB could not be done: again later, or an incident."""
    by = _by(engine, login, role)
    answer = engine.fail_external(
        *job_of(job), worker, error, by, retries=retries, retry_after=timedelta(seconds=seconds)
    )
    after = f"{retries} more tries" if retries > 0 else "an incident"
    _said(answer, f"Job {job} failed: {after}.", json_)


@jobs.command("error")
@click.argument("job")
@click.argument("code")
@worker_option
@answers_options
@as_person
@json_option
@with_engine
def bpmn_error(
    engine: Engine,
    job: str,
    code: str,
    worker: str,
    set_: tuple[str, ...],
    file: str | None,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """JOB ended in BPMN error CODE, which the process may catch."""
    by = _by(engine, login, role)
    values = typed(engine, given_values(set_, file))
    _said(engine.bpmn_error(*job_of(job), worker, code, values, by), f"Job {job} ended in error {code}.", json_)


@jobs.command()
@click.argument("job")
@worker_option
@as_person
@json_option
@with_engine
def unlock(engine: Engine, job: str, worker: str, login: str, role: str | None, json_: bool) -> None:
    """Give JOB back undone."""
    _by(engine, login, role)
    _said(engine.unlock(*job_of(job), worker), f"Job {job} waits for the next who asks.", json_)
