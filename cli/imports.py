"""Files from elsewhere: arrears signals of a partner into module 1."""

from __future__ import annotations

from pathlib import Path

import click

from schuldhulp.cli.context import as_person, json_option, person, with_engine
from schuldhulp.cli.say import put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.imports.signals import Looked
from schuldhulp.tasks.imports.taking_in import importer, look_at_file, take_in

SAID = {"opened": "new case", "added": "added to the case of the household", "before": "was in already"}


@click.group("import")
def import_() -> None:
    """Take in data from files: everything is looked at first, and nothing half is kept."""


@import_.command("signals")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option("--partner", required=True, help="The organisation that reports, as in the register convenanten.")
@click.option("--basis", required=True, help='The article of law it rests on, such as "Wgs art. 3 lid 1 b".')
@click.option("--dry-run", is_flag=True, help="Only look: nothing is taken in.")
@as_person
@json_option
@with_engine
def signals(
    engine: Engine, file: str, partner: str, basis: str, dry_run: bool, login: str, role: str | None, json_: bool
) -> None:
    """Arrears signals (CSV, XLSX or JSON) into module 1, one case for each household.

    With any problem nothing is taken in. A file that was cut off halfway can be given again: what is in stays once.
    """
    by = importer(engine, person(engine, login), role, "cli")
    looked = look_at_file(engine, Path(file).read_bytes(), partner, basis, by)
    if looked.problems:
        _say_problems(looked, json_)
        click.get_current_context().exit(1)
    if dry_run:
        text = f"{len(looked.signals)} signals of {looked.households} households are in order. Nothing was taken in."
        put({"signals": len(looked.signals), "households": looked.households, "problems": []}, _and_ignored(text, looked), json_)
        return
    results = take_in(engine, looked, by, _progress)
    rows = [(result.line, result.case, SAID[result.how]) for result in results]
    plain = [dict(zip(("line", "case", "result"), row, strict=True)) for row in rows]
    put(plain, _and_ignored(table(rows, ("line", "case", "")), looked), json_)


def _say_problems(looked: Looked, json_: bool) -> None:
    rows = [(one.line or "", one.column, one.place, one.what, one.remedy) for one in looked.problems]
    head = ("line", "column", "cell", "problem", "what to do")
    plain = {"problems": [dict(zip(head, row, strict=True)) for row in rows]}
    put(plain, f"{table(rows, head)}\n\nNothing was taken in: {len(rows)} problems.", json_)


def _and_ignored(text: str, looked: Looked) -> str:
    return text + (f"\n\nColumns that were not used, and are not kept: {', '.join(looked.ignored)}." if looked.ignored else "")


def _progress(done: int, of: int) -> None:
    if done % 100 == 0 or done == of:
        click.echo(f"{done} of {of}", err=True)
