"""The inbox and what one does with a task."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import click

from schuldhulp.cli.answers import answers_options, given_values
from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks import inbox as lists
from schuldhulp.tasks import work
from schuldhulp.tasks.access import person_by_login
from schuldhulp.tasks.forms import view
from schuldhulp.tasks.forms.view import questions_of
from schuldhulp.tasks.going_back import earlier_steps, roles_to_go_back, skip_role, step_named


@click.command()
@click.option("--list", "which", type=click.Choice(list(lists.LISTS)), default="all", show_default=True,
              help="mine: claimed by me; group: unclaimed, for my roles; all: all I may see.")  # fmt: skip
@click.option("--page", default=1, show_default=True)
@as_person
@json_option
@with_engine
def inbox(engine: Engine, which: str, page: int, login: str, role: str | None, json_: bool) -> None:
    """Tasks, most urgent by law first."""
    found = lists.inbox(engine, person(engine, login), which, page)
    rows = [
        (i.case, i.task, i.name, i.title, i.claimed_name, day(i.fatal), i.fatal_words or i.target_words)
        for i in found.items
    ]
    text = table(rows, ("case", "task", "name", "client", "has it", "last day", ""))
    counts = ", ".join(f"{name} {count}" for name, count in found.counts.items())
    put(
        {"counts": dict(found.counts), "items": [{k: getattr(i, k) for k in i.__slots__} for i in found.items]},
        f"{text}\n\n{counts}",
        json_,
    )


@click.command()
@click.argument("case")
@click.argument("number", type=int)
@as_person
@json_option
@with_engine
def task(engine: Engine, case: str, number: int, login: str, role: str | None, json_: bool) -> None:
    """Show a task: its form with what is known, its terms, and letters that go with it."""
    shown = work.see_task(engine, case, number, _by(engine, case, number, login, role))
    lines = [f"{shown.task.name}  (case {case}, task {number}, for {', '.join(shown.task.roles)})"]
    questions: list[dict[str, object]] = []
    if shown.form is not None:
        for part in questions_of(view(shown.form, None, (), shown.context).parts):
            questions.append({"key": part.name, "label": part.label, "value": part.text, "required": part.required})
        rows = [(q["key"], q["label"], q["value"], "required" if q["required"] else "") for q in questions]
        lines.append(table(rows, ("key", "question", "answer", "")))
    lines += [f"{term.rule}: last day {day(term.ends)}" for term in shown.terms]
    plain = {"case": case, "task": number, "name": shown.task.name, "seen": shown.seen, "form": questions}
    put(plain, "\n\n".join(lines), json_)


def _by(engine: Engine, case: str, number: int, login: str, role: str | None) -> Actor:
    """The actor in the role that the task is for."""
    found = engine.case(case).tasks.get(number)
    return actor(engine, login, role, found.roles if found is not None else ())


def _task_command(name: str, text: str, act: Callable[[Engine, str, int, Actor], object]) -> click.Command:
    @click.argument("case")
    @click.argument("number", type=int)
    @as_person
    @with_engine
    def run(engine: Engine, case: str, number: int, login: str, role: str | None) -> None:
        act(engine, case, number, _by(engine, case, number, login, role))
        click.echo(f"Case {case}, task {number}: {name} done.")

    return click.command(name, help=text)(run)


claim = _task_command("claim", "Take a task, so that others see it is yours.", lambda e, c, n, by: e.claim(c, n, by))
release = _task_command("release", "Give a task back to the group.", lambda e, c, n, by: e.release(c, n, by))


@click.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("to")
@click.option("--reason", required=True)
@as_person
@with_engine
def assign(engine: Engine, case: str, number: int, to: str, reason: str, login: str, role: str | None) -> None:
    """Give a task to somebody (login TO), with a reason."""
    receiver = person_by_login(engine, to)
    by = actor(engine, login, role, ("teamleider",))
    engine.assign(case, number, receiver.account, reason, by)
    click.echo(f"Case {case}, task {number} is now with {receiver.name}.")


@click.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("until", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--reason", required=True)
@as_person
@with_engine
def defer(engine: Engine, case: str, number: int, until: datetime, reason: str, login: str, role: str | None) -> None:
    """Hide a task until a day (2026-04-01), with a reason."""
    engine.defer(case, number, until.date(), reason, _by(engine, case, number, login, role))
    click.echo(f"Case {case}, task {number} comes back on {day(until.date())}.")


@click.command()
@click.argument("case")
@click.argument("number", type=int)
@answers_options
@click.option("--reason", default="", help="Why you go on in spite of a warning.")
@click.option("--seen", type=int, help="The sequence number that you saw (see task --json).")
@as_person
@json_option
@with_engine
def complete(
    engine: Engine, case: str, number: int, set_: tuple[str, ...], file: str | None, reason: str, seen: int | None,
    login: str, role: str | None, json_: bool,
) -> None:  # fmt: skip
    """Complete a task with answers, and see what comes next."""
    by = _by(engine, case, number, login, role)
    done = work.complete_with_values(engine, case, number, given_values(set_, file), by, seen=seen, reason=reason)
    before = {t for t in done.case.tasks if t != number}
    rows = [(t.task, t.name, ", ".join(t.roles), day(_fatal(done.case, t.term))) for t in done.case.tasks.values()]
    text = f"Task {number} is done.\n\n" + (
        table(rows, ("task", "name", "for", "last day")) if rows else "No open tasks."
    )
    put(
        {"case": case, "done": number, "open": sorted(before), "facts": [type(f).__name__ for f in done.facts]},
        text,
        json_,
    )


def _fatal(case: Case, term: int | None) -> date | None:
    return case.terms[term].ends if term in case.terms else None


@click.command()
@click.argument("case")
@click.argument("number", type=int)
@click.option("--reason", required=True)
@as_person
@with_engine
def skip(engine: Engine, case: str, number: int, reason: str, login: str, role: str | None) -> None:
    """Leave an optional step out, with a reason. Which roles may, the designer says (property `skip`)."""
    who = person(engine, login)
    shown = work.see_task(engine, case, number, who.actor(role, (), "cli"))
    engine.skip(case, number, reason, actor(engine, login, role or skip_role(who, shown)))
    click.echo(f"Task {number} was left out.")


@click.command()
@click.argument("case")
@click.argument("number", type=int)
@click.argument("to", required=False)
@click.option("--reason", default="", help="Why; kept in the history.")
@as_person
@json_option
@with_engine
def back(
    engine: Engine, case: str, number: int, to: str | None, reason: str, login: str, role: str | None, json_: bool
) -> None:
    """Go back from a task to an earlier step TO (its name or element id), with a reason; without TO: see which there are.

    The task ends and the earlier step opens again. What was filled in stays in the file; the history shows who went back and why.
    """
    who = person(engine, login)
    shown = work.see_task(engine, case, number, who.actor(role, (), "cli"))
    steps = earlier_steps(engine, shown)
    if to is None:
        rows = [(step.element, step.name, day(step.ended_at)) for step in steps]
        head = ("element", "step", "done")
        plain = [dict(zip(head, row, strict=True)) for row in rows]
        put(plain, table(rows, head) if rows else "There is no earlier step to go back to.", json_)
        return
    step = step_named(steps, to)
    by = actor(engine, login, role, tuple(roles_to_go_back(who, shown)))
    done = engine.jump_back(case, number, step.element, reason, by)
    opened = [task for task in done.case.tasks.values() if task.element == step.element]
    text = f"Back to {step.name}: " + (", ".join(f"task {task.task}" for task in opened) or "done at once") + "."
    put({"case": case, "back_to": step.element, "open": [task.task for task in opened]}, text, json_)
