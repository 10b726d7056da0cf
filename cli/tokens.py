"""Tokens of programs that call the API: made, listed, withdrawn."""

from __future__ import annotations

from datetime import timedelta

import click

from schuldhulp.cli.accounts import ADMIN
from schuldhulp.cli.context import json_option, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import name_of, person_by_login


@click.group()
def token() -> None:
    """Tokens with which programs call the API (docs/api.md)."""


@token.command()
@click.argument("login")
@click.option("--topic", "topics", multiple=True, help="External work of this topic; * for any.")
@click.option("--message", "messages", multiple=True, help="Messages of this name; * for any.")
@click.option("--documents", multiple=True, type=click.Choice(["add", "read"]), help="Adding, or reading, documents of cases.")
@click.option("--deploy", is_flag=True, help="Deploying definitions.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3660), help="How long it holds.")
@json_option
@with_engine
def create(
    engine: Engine,
    login: str,
    topics: tuple[str, ...],
    messages: tuple[str, ...],
    documents: tuple[str, ...],
    deploy: bool,
    days: int,
    json_: bool,
) -> None:
    """Make a token for the account LOGIN. It is shown once: only its hash is kept.

    \b
    schuldhulp accounts add inkomen-koppeling "Koppeling inkomen" --role koppeling --program
    schuldhulp token create inkomen-koppeling --topic inkomen --message bericht
    """
    scopes = [
        *(f"jobs:{name}" for name in topics),
        *(f"messages:{name}" for name in messages),
        *(f"documents:{what}" for what in documents),
        *(["deploy"] if deploy else []),
    ]
    if not scopes:
        raise click.UsageError("Say what it is for: --topic, --message, --documents or --deploy.")
    until = engine.clock() + timedelta(days=days)
    number, text = engine.make_token(person_by_login(engine, login).account, scopes, ADMIN, until=until)
    head = f"Token {number} of {login}, until {day(until)}, for {', '.join(scopes)}:"
    said = f"{head}\n\n{text}\n\nKeep it now: it is not shown again."
    put({"number": number, "token": text, "scopes": scopes, "until": until}, said, json_)


@token.command("list")
@click.option("--all", "everything", is_flag=True, help="Also those that were withdrawn or ran out.")
@json_option
@with_engine
def list_(engine: Engine, everything: bool, json_: bool) -> None:
    """Tokens that hold: whose, what for, until when, last used (to the hour)."""
    now = engine.clock()
    head = ("number", "account", "for", "until", "last used", "")
    rows = []
    for one in engine.tokens():
        if everything or one.holds(now):
            state = "" if one.holds(now) else "withdrawn" if one.withdrawn_at else "ran out"
            account = name_of(engine, one.account)
            rows.append((one.number, account, ", ".join(one.scopes), day(one.until), day(one.used_at), state))
    plain = [dict(zip((*head[:-1], "state"), row, strict=True)) for row in rows]
    put(plain, table(rows, head) if rows else "No tokens.", json_)


@token.command()
@click.argument("number", type=int)
@with_engine
def revoke(engine: Engine, number: int) -> None:
    """Withdraw a token: it is of no use from now on."""
    engine.withdraw_token(number, ADMIN)
    click.echo(f"Token {number} is withdrawn.")
