"""Accounts of the people who work here."""

from __future__ import annotations

import click

from schuldhulp.cli.context import json_option, with_engine
from schuldhulp.cli.say import put, table
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import ROLES, add_person, hash_password, person_by_login

ADMIN = Actor(account=0, role="beheerder", program="cli")


@click.group()
def accounts() -> None:
    """Accounts: who works here, in which roles."""


@accounts.command("list")
@json_option
@with_engine
def list_(engine: Engine, json_: bool) -> None:
    """Everybody with an account."""
    found = [(a.number, a.login, a.name, ", ".join(a.roles), "" if a.active else "closed") for a in engine.accounts()]
    head = ("number", "login", "name", "roles", "")
    put([dict(zip(head, row, strict=True)) for row in found], table(found, head), json_)


@accounts.command()
@click.argument("login")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--password", help="Asked for when it is not given; at least 12 characters.")
@click.option("--program", is_flag=True, help="For a program: no password, so nobody logs in with it (see token create).")
@with_engine
def add(engine: Engine, login: str, name: str, roles: tuple[str, ...], password: str | None, program: bool) -> None:
    """Make an account."""
    if program and password:
        raise click.UsageError("--program is for accounts without a password; leave --password out.")
    if program:
        number = engine.put_account(login, name, roles, ADMIN)
    else:
        chosen = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
        number = add_person(engine, login, name, roles, chosen, ADMIN)
    click.echo(f"Account {number}: {login} ({name}).")


@accounts.command()
@click.argument("login")
@click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="The new roles (all of them).")
@click.option("--close/--open", "closed", default=None, help="Close the account, or open it again.")
@click.option("--password", help="A new password.")
@with_engine
def change(engine: Engine, login: str, roles: tuple[str, ...], closed: bool | None, password: str | None) -> None:
    """Change roles or password of an account, or close it."""
    found = person_by_login(engine, login)
    hashed = hash_password(password) if password else None
    engine.put_account(
        login, found.name, roles or found.roles, ADMIN, number=found.account, active=not closed, password=hashed
    )
    click.echo(f"Account {found.account} was changed.")
