"""Running: serve the inbox, do the work of time, a demonstration."""

from __future__ import annotations

import os
import socket
import threading
import time
from dataclasses import replace
from pathlib import Path

import click

from schuldhulp.cli.context import clock, folder_option, json_option, settings
from schuldhulp.cli.say import put
from schuldhulp.engine.bootstrap import Settings, open_engine, upgrade_database
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.definitions.deployment import hash_of
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.model.facts import Actor

SYSTEM = Actor(account=0, role="systeem", program="worker")
EVERY = 20.0
"""Seconds between two looks at what is due."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--worker/--no-worker", default=True, help="Also let time do its work in this process.")
@folder_option
def serve(host: str, port: int, worker: bool, folder: Path | None) -> None:
    """Serve the inbox to browsers. What is served is what was deployed; --folder says whether your folder is in force."""
    found = settings()
    if folder is not None:
        _say_whether_in_force(found, folder)
    _serve(found, host, port, worker)


def _say_whether_in_force(found: Settings, folder: Path) -> None:
    """A reminder when the folder holds something else than what runs."""
    wanted = hash_of(read_files(folder))
    engine = open_engine(found, clock)
    try:
        known = engine.deployments()
    finally:
        engine.store.close()
    if not known or known[-1].deployment != wanted:
        click.echo(f"{folder} is not what is in force. `schuldhulp deploy {folder}` puts it in force.", err=True)


@click.command()
@json_option
def upgrade(json_: bool) -> None:
    """Bring the database to the schema of this version (every command does so first). Running cases stay where they are.

    Make a backup before you install a new version. Moving cases to other definitions is another thing: `schuldhulp migrate`.
    """
    before, after = upgrade_database(settings())
    text = f"The database is at schema {after}" + (f"; it was at {before or 'none'}." if before != after else " already.")
    put({"before": before, "after": after}, text, json_)


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, and stop.")
def work(once: bool) -> None:
    """Let time do its work: timers, terms. Several workers may run at once."""
    _work(settings(), threading.Event(), once)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--home", default="var/demo", show_default=True, type=click.Path(path_type=Path), help="Where it lives.")
@click.option("--serve/--no-serve", "serving", default=True, help="Only make the database.")
@folder_option
def demo(host: str, port: int, home: Path, serving: bool, folder: Path | None) -> None:
    """An organisation with logins and invented cases, to look around in. Prints address and logins."""
    found = replace(Settings.from_environment(home), keys=home / "schuldhulp.keys", folder=folder)
    home.mkdir(parents=True, exist_ok=True)
    passwords = home / "logins.txt"
    from schuldhulp.tasks.demo import make_demo

    for said in make_demo(found, passwords, clock):
        click.echo(f"  {said}")
    click.echo(f"\nDatabase: {found.database}")
    if passwords.exists():
        click.echo("\nlogin        password                       roles")
        for line in passwords.read_text(encoding="utf-8").splitlines():
            login, password, roles = line.split("\t")
            click.echo(f"{login:<12} {password:<30} {roles}")
    click.echo(f"\nOn the command line: export SCHULDHULP_HOME={home}  then  schuldhulp inbox --as werker")
    if serving:
        click.echo(f"In the browser:      http://{host}:{port}/   (stop with Ctrl-C)\n")
        _serve(found, host, port, True)


def _serve(found: Settings, host: str, port: int, worker: bool) -> None:
    import uvicorn

    from schuldhulp.web.app import create_app

    stop = threading.Event()
    if worker:
        threading.Thread(target=_work, args=(found, stop, False), daemon=True).start()
    engine = open_engine(found, clock)
    try:
        uvicorn.run(create_app(engine), host=host, port=port, log_level="warning", timeout_graceful_shutdown=5)
    finally:
        stop.set()
        engine.store.close()


def _work(found: Settings, stop: threading.Event, once: bool) -> None:
    """Fire what is due, again and again; what fails becomes an incident and does not stop the others."""
    engine = open_engine(found, clock)
    name = f"{socket.gethostname()}-{os.getpid()}-{threading.get_ident()}"
    try:
        while not stop.is_set():
            started = time.monotonic()
            for number, done in engine.tick(SYSTEM):
                if isinstance(done, CommandRefused):
                    click.echo(f"case {number}: {done}", err=True)
            for kind, key, failure in engine.deliver(name, SYSTEM):
                if failure is not None:
                    click.echo(f"{kind} {key}: {failure}", err=True)
            if once:
                return
            stop.wait(max(0.0, EVERY - (time.monotonic() - started)))
    finally:
        engine.store.close()
