"""The inventory of a case as a spreadsheet: out, looked at, and back into the draft of the task."""

from __future__ import annotations

from pathlib import Path

import click

from schuldhulp.cli.context import as_person, json_option, person, with_engine
from schuldhulp.cli.say import put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import Person, look_into
from schuldhulp.tasks.inventory.filling import (
    export_case,
    export_task,
    keep_sheet,
    kept,
    look_at_sheet,
    tasks_with_lists,
    the_task,
)
from schuldhulp.tasks.inventory.lists import LISTS
from schuldhulp.tasks.inventory.reading import Looked
from schuldhulp.tasks.work import OpenTask, see_task

HOW = {"nieuw": "added", "gewijzigd": "changed", "weg": "removed"}
list_option = click.option("--list", "only", type=click.Choice(LISTS), help="The list that a CSV file holds.")


@click.group()
def inventory() -> None:
    """Incomes, expenses, debts and assets of a case as a spreadsheet (module 6), and back."""


@inventory.command("export")
@click.argument("case")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@list_option
@as_person
@with_engine
def export(engine: Engine, case: str, file: Path, only: str | None, login: str, role: str | None) -> None:
    """Write the lists of CASE to FILE: .xlsx with a sheet for each, or .csv with the one of --list.

    What stands half filled in your own task goes along. An existing file is not written over.
    """
    if file.suffix.lower() not in (".xlsx", ".csv") or (file.suffix.lower() == ".csv") != bool(only):
        raise click.UsageError("Give a file that ends in .xlsx, or one that ends in .csv together with --list.")
    if file.exists():
        raise click.UsageError(f"{file} is there already. Choose another name, or remove it first.")
    who = person(engine, login)
    engine.case(case)
    look_into(engine, who, case, "inventarisatie als bestand")
    mine = [number for number in tasks_with_lists(engine, case, who) if engine.case(case).tasks[number].claimed_by == who.account]
    if len(mine) == 1:
        shown = _see(engine, case, mine[0], who, role)
        content = export_task(shown, kept(engine, case, mine[0], who.account).raw, only or "")
    else:
        content = export_case(engine, case, who.actor(role, (), "cli"), only or "")
    with file.open("xb") as out:
        out.write(content)
    click.echo(f"Case {case}: written to {file}.")


@inventory.command("import")
@click.argument("case")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--task", "number", type=int, help="The task it is for, when there is more than one.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@list_option
@as_person
@json_option
@with_engine
def import_(
    engine: Engine, case: str, file: Path, number: int | None, dry_run: bool, only: str | None,
    login: str, role: str | None, json_: bool,
) -> None:  # fmt: skip
    """Put FILE into your draft of the inventory task: all of it, or with any problem nothing.

    The task is yours (see claim); it is not completed by this. A row that is not in a sheet is removed; a sheet or a column
    that is not in the file changes nothing.
    """
    who = person(engine, login)
    engine.case(case)
    look_into(engine, who, case, "inventarisatie uit bestand")
    chosen = number if number is not None else the_task(engine, case, who)
    shown = _see(engine, case, chosen, who, role)
    content = file.read_bytes()
    looked, version = look_at_sheet(engine, shown, who, content, only or "")
    if looked.problems:
        _say_problems(looked, json_)
        click.get_current_context().exit(1)
    if not dry_run:
        keep_sheet(engine, shown, who, content, only or "", version)
    _say_changes(looked, chosen, dry_run, json_)


def _see(engine: Engine, case: str, number: int, who: Person, role: str | None) -> OpenTask:
    task = engine.case(case).tasks.get(number)
    return see_task(engine, case, number, who.actor(role, task.roles if task else (), "cli"))


def _say_problems(looked: Looked, json_: bool) -> None:
    head = ("sheet", "line", "column", "cell", "problem", "what to do")
    rows = [(one.sheet, one.line or "", one.column, one.place, one.what, one.remedy) for one in looked.problems]
    plain = {"problems": [dict(zip(head, row, strict=True)) for row in rows]}
    put(plain, f"{table(rows, head)}\n\nNothing was taken in: {len(rows)} problems.", json_)


def _say_changes(looked: Looked, task: int, dry_run: bool, json_: bool) -> None:
    rows = [
        (change.sheet, change.number, HOW[change.how], "; ".join(_cell(*cell) for cell in change.cells))
        for change in looked.changes
    ]
    done = "Nothing was kept." if dry_run else f"This is now in your draft of task {task}; look it over and complete it."
    text = table(rows, ("list", "nr", "", "what")) if rows else "Nothing differs."
    if looked.ignored:
        text += f"\n\nNot used, and not kept: {', '.join(looked.ignored)}."
    plain = {
        "task": task,
        "kept": not dry_run,
        "changes": [dict(zip(("list", "nr", "how", "what"), row, strict=True)) for row in rows],
        "ignored": looked.ignored,
    }
    put(plain, f"{text}\n\n{done}", json_)


def _cell(head: str, was: str, now: str) -> str:
    return f"{head}: {now}" if not was else f"{head}: {was} -> {now or 'empty'}"
