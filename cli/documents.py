"""Documents of a case: add files, list them, get one, take one out."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.days import day_typed
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.papers.deciding import REMOVERS, Description
from schuldhulp.engine.case.papers.names import cleaned
from schuldhulp.engine.case.papers.refusals import PaperTooLarge
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import look_into
from schuldhulp.tasks.papers import adder, open_paper, paper_lines

NUMBER = click.argument("number", type=int)


def _day(_: click.Context, __: click.Parameter, value: str | None) -> date | None:
    return None if value is None else day_typed(value)


@click.group()
def document() -> None:
    """Documents that people add to a case (letters that were sent: `schuldhulp letter`)."""


@document.command("add")
@click.argument("case")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--kind", default="", help="Kind of document: a code of `documenten.soort` in the dictionary.")
@click.option("--description", default="", help="What it is about.")
@click.option("--date", "dated", callback=_day, help="The date on the document.")
@click.option("--received", callback=_day, help="The day it came in; by default today.")
@click.option("--from", "sender", default="", help="From whom it came.")
@click.option("--task", type=int, help="The open task it is added with.")
@as_person
@json_option
@with_engine
def add(
    engine: Engine,
    case: str,
    files: tuple[Path, ...],
    kind: str,
    description: str,
    dated: date | None,
    received: date | None,
    sender: str,
    task: int | None,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Add FILES to CASE. Each by itself: one that is refused does not keep out the others, and makes the exit code 1."""
    who = person(engine, login)
    look_into(engine, who, case, "document toevoegen")
    by = who.actor(role, (), "cli") if role else adder(who, program="cli")
    done: list[dict[str, object]] = []
    for path in files:
        given = Description(path.name, kind, description, dated, received, sender, task)
        try:
            number = engine.add_paper(case, _bytes_of(engine, path), given, by).value
        except CommandRefused as error:
            done.append({"file": str(path), "number": None, "code": error.code, "said": str(error)})
            continue
        except OSError as error:
            said = f"{path}: {error.strerror or error}."
            done.append({"file": str(path), "number": None, "code": "not-read", "said": said})
            continue
        name = engine.paper(case, number).name
        done.append({"file": str(path), "number": number, "code": "added", "said": f"{name}: document {number}."})
    if json_:
        put(done, "", True)
    for one in () if json_ else done:
        click.echo(one["said"], err=one["number"] is None)
    if any(one["number"] is None for one in done):
        click.get_current_context().exit(1)


def _bytes_of(engine: Engine, path: Path) -> bytes:
    """The bytes of a file; no more is read than a document may have. Raises OSError, PaperTooLarge."""
    limits = engine.paper_limits()
    with path.open("rb") as file:
        content = file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise PaperTooLarge(cleaned(path.name), limits.file_mb)
    return content


@document.command("list")
@click.argument("case")
@as_person
@json_option
@with_engine
def list_(engine: Engine, case: str, login: str, role: str | None, json_: bool) -> None:
    """The documents of CASE, newest first."""
    who = person(engine, login)
    look_into(engine, who, case, "documenten bekijken")
    head = ("nr", "name", "kind", "form", "size", "received", "added", "by", "task")
    rows = [
        (line.number, line.name or f"({line.gone})", line.kind, line.form, line.size, day(line.received), day(line.added_at),
         line.by, line.task)
        for line in paper_lines(engine, case, who)
    ]  # fmt: skip
    text = table(rows, head) if rows else f"Case {case} has no documents."
    put([dict(zip(head, row, strict=True)) for row in rows], text, json_)


@document.command("get")
@click.argument("case")
@NUMBER
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Where to write (- for standard output).",
)
@as_person
@with_engine
def get(engine: Engine, case: str, number: int, output: Path | None, login: str, role: str | None) -> None:
    """Write document NUMBER of CASE. A file that is there already is left alone unless -o names it."""
    paper, content = open_paper(engine, person(engine, login), case, number)
    if output == Path("-"):
        sys.stdout.buffer.write(content)
        return
    place = output or Path(paper.name)
    try:
        with place.open("wb") if output is not None else place.open("xb") as file:
            file.write(content)
    except FileExistsError:
        raise click.ClickException(f"{place} is there already. Say where to write with -o.") from None
    except OSError as error:
        raise click.ClickException(f"{place}: {error.strerror or error}.") from None
    click.echo(f"{place}: document {number}, {len(content):,} bytes, SHA-256 {paper.sha256}.")


@document.command("remove")
@click.argument("case")
@NUMBER
@click.option("--reason", required=True, help="Why it does not belong in the file; it stays in the history.")
@as_person
@with_engine
def remove(engine: Engine, case: str, number: int, reason: str, login: str, role: str | None) -> None:
    """Take document NUMBER out of CASE for good: its key is destroyed. By who added it, a team leader or the privacy officer."""
    look_into(engine, person(engine, login), case, "document weghalen")
    engine.remove_paper(case, number, reason, actor(engine, login, role, REMOVERS))
    click.echo(f"Document {number} of case {case} was removed; that it was there stays known.")
