"""Accounts of the people who work here."""

from __future__ import annotations

from pathlib import Path

import click

from schuldhulp.cli.context import folder_option, json_option, with_engine
from schuldhulp.cli.say import put, table
from schuldhulp.engine.definitions.organisation import ORGANISATION, load_organisation
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import ROLES, add_person, hash_password, person_by_login
from schuldhulp.tasks.organisation import load_users

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
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@folder_option
@json_option
@with_engine
def load(engine: Engine, file: Path, folder: Path | None, json_: bool) -> None:
    """Make or change the accounts of FILE (users.yaml of your folder); new ones get a password that is shown once."""
    own = folder or file.parent
    settled = own / ORGANISATION
    functions = load_organisation(settled.read_bytes(), name=str(settled)).functions if settled.is_file() else {}
    found = load_users(engine, file.read_bytes(), functions, ADMIN, name=str(file))
    head = ("number", "login", "", "roles", "password (shown once)")
    rows = [(one.account, one.login, one.what, ", ".join(one.roles), one.password or "") for one in found]
    plain = [
        {"number": one.account, "login": one.login, "what": one.what, "roles": one.roles, "password": one.password}
        for one in found
    ]
    put(plain, table(rows, head), json_)


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
