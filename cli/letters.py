"""Letters: see one, its PDF, proof of sending; the post of a day in one print."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import click

from schuldhulp.cli.context import actor, as_person, json_option, person, with_engine
from schuldhulp.cli.days import day_typed
from schuldhulp.cli.say import day, fields, put, table
from schuldhulp.engine.case.letters import RECEIPTS
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks import documents, post_room
from schuldhulp.tasks.access import look_into
from schuldhulp.tasks.story import CHANNELS

R = TypeVar("R")
NUMBER = click.argument("case")
DOCUMENT = click.argument("document", type=int)
OUTPUT = click.option("--output", "-o", type=click.Path(dir_okay=False), help="Where to write; by default a file here.")


def _day_option(name: str, text: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    return click.option(name, "on", required=True, callback=lambda _, __, value: day_typed(value), help=text)


@click.group()
def letter() -> None:
    """One letter of a case: its text, its PDF, what proves its sending."""


@letter.command("show")
@NUMBER
@DOCUMENT
@as_person
@json_option
@with_engine
def show(engine: Engine, case: str, document: int, login: str, role: str | None, json_: bool) -> None:
    """Show letter DOCUMENT of CASE: version, made by, sent on, channel, addressee, proof, text."""
    look_into(engine, person(engine, login), case, "brief bekijken")
    one = documents.letter(engine, case, document)
    lines = documents.proof(engine, one, CHANNELS)
    head = {
        "Letter": f"{one.letter} (nr {document} of case {case})",
        "Subject": one.subject or "(erased)",
        "To": ", ".join(one.addressee),
        "Sent": day(one.sent_on) or "not yet",
        "Channel": one.channel,
        "PDF": f"in the file, SHA-256 {one.sha256}" if one.sha256 else "",
        "Replaced": one.replaced,
    }
    rows = [(day(line.at), line.what, line.by, line.note) for line in lines]
    text = "\n\n".join((fields(head), table(rows, ("when", "what", "who", "note")), one.text))
    plain = {**head, "text": one.text, "proof": [dict(zip(("when", "what", "by", "note"), row, strict=True)) for row in rows]}
    put(plain, text, json_)


@letter.command("pdf")
@NUMBER
@DOCUMENT
@OUTPUT
@as_person
@with_engine
def pdf(engine: Engine, case: str, document: int, output: str | None, login: str, role: str | None) -> None:
    """Write letter DOCUMENT of CASE as PDF (PDF/A-2a and PDF/UA-1)."""
    look_into(engine, person(engine, login), case, "brief als PDF")
    one = documents.letter(engine, case, document)
    content = engine.letter_pdf(case, document)
    place = Path(output or f"{case}-{document}-{one.letter}.pdf")
    place.write_bytes(content)
    click.echo(f"{place}: letter {one.letter}, {len(content):,} bytes.")


@letter.command("proof")
@NUMBER
@DOCUMENT
@click.option("--what", type=click.Choice(list(RECEIPTS)), required=True, help="What became known of the letter.")
@_day_option("--on", "The day on which it happened.")
@click.option("--note", default="", help="A reference, such as the line of the portal's log.")
@as_person
@with_engine
def receipt(
    engine: Engine, case: str, document: int, what: str, on: date, note: str, login: str, role: str | None
) -> None:
    """Record what is known of a sent letter: posted, on the portal, received, opened, returned."""
    look_into(engine, person(engine, login), case, "bewijs bij brief")
    engine.record_receipt(case, document, what, on, note, actor(engine, login, role))
    click.echo(f"Recorded: letter {document} of case {case} {what} on {day(on)}.")


@click.group()
def letters() -> None:
    """The post of a day: what must be printed, and all of it in one PDF."""


@letters.command("list")
@_day_option("--sent-on", "Letters by post that were sent on this day.")
@as_person
@json_option
@with_engine
def list_(engine: Engine, on: date, login: str, role: str | None, json_: bool) -> None:
    """The post list of a day: letters by post, and which of them were printed."""
    found = post_room.post_of(engine, person(engine, login), on)
    rows = [(line.number, line.document, line.letter, "printed" if line.printed else "to print") for line in found]
    text = table(rows, ("case", "nr", "letter", "")) if rows else f"No letter went by post on {day(on)}."
    put([dict(zip(("case", "document", "letter", "state"), row, strict=True)) for row in rows], text, json_)


@letters.command("print")
@_day_option("--sent-on", "Letters by post that were sent on this day.")
@click.option("--again", is_flag=True, help="Also those that were printed before; nothing is marked anew.")
@OUTPUT
@as_person
@with_engine
def print_(engine: Engine, on: date, again: bool, output: str | None, login: str, role: str | None) -> None:
    """All letters by post of a day in one PDF; each is marked as printed by you, with its place on the post list."""
    batch = post_room.print_post(engine, person(engine, login), on, again=again, program="cli", role=role)
    if batch is None:
        click.echo(f"Nothing to print of {day(on)}.")
        return
    place = Path(output or f"post-{on:%Y-%m-%d}.pdf")
    place.write_bytes(batch.pdf)
    post_room.mark(engine, batch)
    click.echo(f"{place}: {len(batch.lines)} letters.")
    if batch.left:
        click.echo(f"{batch.left} more wait: print again.", err=True)
