"""What every command needs: the engine, and who is at the keyboard."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click

from schuldhulp.cli.say import CIVIL
from schuldhulp.engine.bootstrap import Settings, now, open_engine
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.access import Person, person_by_login

P = ParamSpec("P")
R = TypeVar("R")


def clock() -> datetime:
    """Now; SCHULDHULP_NOW (ISO 8601) sets another moment, for exercises and demonstrations."""
    fixed = os.environ.get("SCHULDHULP_NOW")
    if not fixed:
        return now()
    try:
        moment = datetime.fromisoformat(fixed)
    except ValueError as error:
        raise click.UsageError(f"SCHULDHULP_NOW must be a moment such as 2026-03-16T09:40, not {fixed!r}.") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=CIVIL)


def settings() -> Settings:
    home = click.get_current_context().find_root().params.get("home")
    return Settings.from_environment(Path(home) if home else None)


def engine() -> Engine:
    return open_engine(settings(), clock)


def with_engine(command: Callable[..., R]) -> Callable[..., R]:
    """Give the command an open engine as its first argument, and close it afterwards."""

    @wraps(command)
    def call(*args: Any, **kwargs: Any) -> R:
        opened = engine()
        try:
            return command(opened, *args, **kwargs)
        finally:
            opened.store.close()

    return call


def as_person(command: Callable[..., R]) -> Callable[..., R]:
    """Options --as LOGIN and --role ROLE (or SCHULDHULP_USER, SCHULDHULP_ROLE)."""
    command = click.option("--role", envvar="SCHULDHULP_ROLE", help="The role to act in, when you have several.")(
        command
    )
    return click.option("--as", "login", envvar="SCHULDHULP_USER", required=True, help="Login of who acts.")(command)


def actor(found: Engine, login: str, role: str | None, wanted: tuple[str, ...] = ()) -> Actor:
    """Who acts, in the role that is asked for, or else the first of theirs that fits *wanted*."""
    return person_by_login(found, login).actor(role, wanted, "cli")


def person(found: Engine, login: str) -> Person:
    return person_by_login(found, login)


json_option = click.option("--json", "json_", is_flag=True, help="JSON for programs.")

folder_option = click.option(
    "--folder",
    envvar="SCHULDHULP_FOLDER",
    type=click.Path(path_type=Path),
    help="Your organisation's folder (SCHULDHULP_FOLDER).",
)
