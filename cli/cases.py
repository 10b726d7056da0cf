"""Cases: open one, list them, look into one, start a module or an optional step in it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from schuldhulp.cli.answers import answers_options, given_values
from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.say import day, fields, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks import work
from schuldhulp.tasks.access import look_into
from schuldhulp.tasks.caselist import list_cases
from schuldhulp.tasks.cases import CaseView, case_view, roles_to_start
from schuldhulp.tasks.dossier import file_in_words


@click.command("open")
@click.argument("module")
@answers_options
@as_person
@json_option
@with_engine
def open_(
    engine: Engine, module: str, set_: tuple[str, ...], file: str | None, login: str, role: str | None, json_: bool
) -> None:
    """Open a case with MODULE (such as M5), filling in its start form.

    \b
    schuldhulp open M5 --as saar --set client_naam="Fenna Testema" --set dreiging=geen
    """
    by = actor(engine, login, role, roles_to_start(engine, module))
    done = work.open_with_values(engine, module, given_values(set_, file), by)
    number = done.case.number
    _say_case(engine, number, json_, f"Case {number} is open.")


@click.command()
@click.argument("search", nargs=-1)
@click.option("--closed", is_flag=True, help="Closed cases instead of open ones.")
@click.option("--page", default=1, show_default=True)
@as_person
@json_option
@with_engine
def cases(engine: Engine, search: tuple[str, ...], closed: bool, page: int, login: str, role: str | None, json_: bool) -> None:
    """List the cases in which you have work, or all of them for who oversees; newest first."""
    asked = " ".join(search)
    status = "closed" if closed else "open"
    found = list_cases(engine, person(engine, login), asked, status=status, limit=50, offset=50 * (page - 1))
    listed = [
        (line.number, line.client, ", ".join(line.modules), line.open_tasks, day(line.fatal), day(line.opened_at))
        for line in found
    ]
    head = ("number", "client", "modules", "tasks", "last day", "opened")
    put([asdict(line) for line in found], table(listed, head), json_)


@click.command()
@click.argument("number")
@click.option("--reason", default="", help="Why you look into a case in which you have no work.")
@as_person
@json_option
@with_engine
def case(engine: Engine, number: str, reason: str, login: str, role: str | None, json_: bool) -> None:
    """Show where a case stands: modules, open tasks, terms, optional steps, letters, file."""
    engine.case(number)
    look_into(engine, person(engine, login), number, "zaak bekijken", reason)
    _say_case(engine, number, json_, "", whole=True)


@click.command()
@click.argument("number")
@click.argument("what")
@click.option("--instance", type=int, help="The module instance, when several offer this step.")
@answers_options
@as_person
@json_option
@with_engine
def start(
    engine: Engine,
    number: str,
    what: str,
    instance: int | None,
    set_: tuple[str, ...],
    file: str | None,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Start WHAT in case NUMBER: a module (M2), or an optional step by its name."""
    view = case_view(engine, number)
    offers = [o for o in view.offers if what in (o.element, o.name) and instance in (None, o.instance)]
    if offers:
        engine.start_optional(
            number, offers[0].instance, offers[0].element, actor(engine, login, role, offers[0].roles)
        )
    else:
        by = actor(engine, login, role, roles_to_start(engine, what))
        work.start_module_with_values(engine, number, what, given_values(set_, file), by)
    _say_case(engine, number, json_, f"{what} was started.")


def _say_case(engine: Engine, number: str, json_: bool, first: str, whole: bool = False) -> None:
    view = case_view(engine, number)
    if json_:
        put({**view.plain(), "file": file_in_words(engine, number)}, "", True)
        return
    parts: list[str] = [first] if first else []
    if whole:
        parts.append(
            fields({"Case": number, "Client": view.title, "Opened": day(view.opened_at), "Status": view.status})
        )
    for title, rows, head in _blocks(view):
        if rows:
            parts.append(f"{title}\n{table(rows, head)}")
    held = file_in_words(engine, number) if whole else []
    if held:
        parts.append("File\n" + fields({label: value for _, label, value in held}))
    click.echo("\n\n".join(parts))


def _blocks(view: CaseView) -> list[tuple[str, list[tuple[Any, ...]], tuple[str, ...]]]:
    modules = [(i.instance, i.module, i.name, i.status, ", ".join(i.at)) for i in view.instances]
    tasks = [
        (t.task, t.name, ", ".join(t.roles), t.claimed_name, day(t.fatal), t.fatal_words, day(t.target), t.target_words)
        for t in view.tasks
    ]
    terms = [(t.rule, t.name, day(t.trigger), day(t.ends), t.status, t.words) for t in view.terms]
    return [
        ("Modules", modules, ("nr", "module", "name", "status", "at")),
        ("Open tasks", tasks, ("task", "name", "for", "has it", "last day", "", "target", "")),
        ("Terms", terms, ("rule", "term", "from", "last day", "status", "")),
        ("Optional steps", [(o.instance, o.name, o.element) for o in view.offers], ("instance", "step", "element")),
        (
            "Letters",
            [(d.document, d.letter, d.status, day(d.sent_on)) for d in view.letters],
            ("nr", "letter", "status", "sent"),
        ),
        ("Incidents", [(i.incident, i.element, i.text) for i in view.incidents], ("nr", "element", "what")),
    ]
