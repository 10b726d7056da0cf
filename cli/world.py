"""Time and the outside: tick, messages, corrections."""

from __future__ import annotations

import click

from schuldhulp.cli.answers import answers_options, given_values
from schuldhulp.cli.context import actor, as_person, json_option, with_engine
from schuldhulp.cli.say import put, table
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor

SYSTEM = Actor(account=0, role="systeem", program="worker")


@click.command()
@json_option
@with_engine
def tick(engine: Engine, json_: bool) -> None:
    """Let everything happen that is due by now: timers, warnings, terms that ran out."""
    rows = []
    for number, done in engine.tick(SYSTEM):
        said = str(done) if isinstance(done, CommandRefused) else f"{len(done.facts)} facts"
        rows.append((number, "failed" if isinstance(done, CommandRefused) else "done", said))
    text = table(rows, ("case", "", "what")) if rows else "Nothing was due."
    put([dict(zip(("case", "state", "what"), row, strict=True)) for row in rows], text, json_)


@click.command()
@click.argument("case")
@click.argument("name")
@answers_options
@as_person
@with_engine
def message(
    engine: Engine, case: str, name: str, set_: tuple[str, ...], file: str | None, login: str, role: str | None
) -> None:
    """Deliver message NAME to a case that waits for it; --set gives what it carries."""
    engine.message(case, name, given_values(set_, file), actor(engine, login, role))
    click.echo(f"Message {name} was delivered to case {case}.")


@click.command()
@click.argument("case")
@answers_options
@click.option("--reason", required=True)
@as_person
@with_engine
def correct(
    engine: Engine, case: str, set_: tuple[str, ...], file: str | None, reason: str, login: str, role: str | None
) -> None:
    """Put right what was entered wrongly in the file, with a reason; the old value stays in the history."""
    from schuldhulp.tasks.cases import typed

    values = typed(engine, given_values(set_, file))
    engine.correct(case, values, reason, actor(engine, login, role))
    click.echo(f"Corrected in case {case}: {', '.join(values)}.")
