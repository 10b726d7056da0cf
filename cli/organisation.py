"""The organisation's folder: make it, take shipped files into it, see how it differs; its variants and registers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from schuldhulp.cli.context import clock, engine, folder_option, json_option, settings
from schuldhulp.cli.say import CIVIL, day, put, table
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.difference import Difference, differences
from schuldhulp.engine.definitions.difference.kinds import said
from schuldhulp.engine.definitions.find import MERGED, read_files
from schuldhulp.engine.definitions.organisation import ALWAYS
from schuldhulp.engine.definitions.overlay import replaced, take
from schuldhulp.engine.handle.library import NothingDeployed
from schuldhulp.tasks.organisation import EXAMPLES, make_folder
from schuldhulp.tasks.registers import Arranged, RegisterState, arranged
from schuldhulp.tasks.registers import registers as registers_of

STATE_WORDS = {"over": "EXPIRED", "old": "NOT CHECKED", "soon": "expires soon", "later": "not yet", "good": ""}


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--with", "example", type=click.Choice(list(EXAMPLES)), help="Start from a worked example.")
def init(folder: Path, example: str | None) -> None:
    """Make FOLDER: what your organisation lays over what ships. Nothing in it is needed; it explains itself."""
    made = make_folder(folder, example)
    click.echo("\n".join(f"  {path}" for path in made))
    click.echo(f"\nMade {folder}. Next: read {folder}/README.md, change organisation.yaml, then")
    click.echo(f"  schuldhulp diff --folder {folder}\n  schuldhulp check {folder}")


@click.command("take")
@click.argument("path", required=False)
@folder_option
@click.option("--renew", is_flag=True, help="Your file is up to date with what ships now: note that.")
def take_(path: str | None, folder: Path | None, renew: bool) -> None:
    """Copy the shipped file PATH into your folder, to change it there. Without PATH: what ships."""
    if path is None:
        click.echo("\n".join(known for known in read_files() if not MERGED.fullmatch(known)))
        return
    chosen = _needed(folder)
    own = take(chosen, path, renew=renew)
    click.echo(f"{own} is noted as up to date." if renew else f"{own} is yours to change.")


def _needed(folder: Path | None) -> Path:
    chosen = folder or settings().folder
    if chosen is None:
        raise click.UsageError("name your folder: --folder FOLDER, or SCHULDHULP_FOLDER. `schuldhulp init` makes one.")
    return chosen


@click.command()
@folder_option
@json_option
def diff(folder: Path | None, json_: bool) -> None:
    """How your folder differs from what ships; of files that the product renewed since you took them, both sides."""
    chosen = _needed(folder)
    shipped, own = read_files(), read_files(chosen)
    renewed = {one.path: one.base for one in replaced(chosen) if one.base is not None and one.renewed}
    base = {**shipped, **renewed}
    mine = differences(base, own)
    theirs = differences(base, shipped) if renewed else ()
    if json_:
        put({"own": [asdict(one) for one in mine], "renewed": [asdict(one) for one in theirs]}, "", True)
        return
    click.echo("\n".join(_told(mine)) if mine else f"{chosen} changes nothing of what ships.")
    if theirs:
        click.echo("\nThe product changed these files after you took them:\n" + "\n".join(_told(theirs)))


def _told(found: Iterable[Difference]) -> Iterable[str]:
    area = ""
    for one in found:
        if one.area != area:
            area = one.area
            yield f"{area}:"
        where = one.key if one.path == "" or one.area in ("form", "letter", "examples") else f"{one.key} ({one.path})"
        name = f' "{one.name}"' if one.name else ""
        part = f", {one.part}" if one.part else ""
        since = f", from {one.valid_from}" if one.valid_from not in (None, ALWAYS) else ""
        yield f"  {one.what:8} {where}{name}{part}{_values(one)}{since}"
        if one.area == "letter" and one.after:
            yield from (f"      {line}" for line in str(one.after).splitlines()[2:])


def _values(one: Difference) -> str:
    if one.area == "letter" or (one.before is None and one.after is None):
        return ""
    if one.what == "changed":
        return f": {said(one.before)} -> {said(one.after)}"
    return f": {said(one.after)}" if one.what == "added" else ""


@click.command()
@folder_option
@click.option("--all/--on", "everything", default=True, help="All of them, or those that are on.")
@json_option
def variants(folder: Path | None, everything: bool, json_: bool) -> None:
    """Local ways of working: what each changes, and whether it is on in your folder."""
    files = read_files(folder or settings().folder)
    entries = Deployment(dict(files)).parameters.on(_today())["varianten"]
    shown = [entry for entry in entries if everything or entry["aan"]]
    rows = [
        ("on" if one["aan"] else "off", one["variant"], one["module"], one["requirement"], one["naam"], one["wat"])
        for one in shown
    ]
    text = table(rows, ("", "code", "module", "requirement", "name", "what it changes"))
    put(shown, text + "\n\nSwitch one on in organisation.yaml of your folder: varianten: [code, ...]", json_)


@click.command()
@folder_option
@click.option("--expiring", "days", type=click.IntRange(0, 3650), default=60, show_default=True, help="Days ahead.")
@click.option("--all", "everything", is_flag=True, help="Entries that are good too.")
@json_option
def registers(folder: Path | None, days: int, everything: bool, json_: bool) -> None:
    """Agreements, skills, funds and other lists: what is missing, over, not checked for long, or over within --expiring days.

    Looks at what is in force, or at --folder.
    """
    conditions: tuple[Arranged, ...] = ()
    if folder is not None:
        deployment = Deployment(dict(read_files(folder)))
    else:
        opened = engine()
        try:
            deployment = opened.deployment()
            conditions = arranged(opened)
        except NothingDeployed:
            deployment = Deployment(dict(read_files(settings().folder)))
        finally:
            opened.store.close()
    found = registers_of(deployment, _today(), days)
    plain = {"registers": [_plain(one) for one in found], "preconditions": [asdict(one) for one in conditions]}
    lines = [line for one in found for line in _lines(one, everything)]
    lines += [f"{one.module} {one.requirement}: {one.sentence}" for one in conditions if one.holds is False]
    put(plain, "\n".join(lines) or "Nothing is missing or expires.", json_)


def _lines(state: RegisterState, everything: bool) -> Iterable[str]:
    shown = [one for one in state.entries if everything or one.state in ("over", "old", "soon")]
    if not shown and not state.missing:
        return
    yield f"{state.register.key} ({state.register.label})" + (": NOTHING IN IT THAT COUNTS TODAY" if state.missing else "")
    yield from (f"  {STATE_WORDS[one.state]:12} {day(one.until):10} {one.name}" for one in shown)


def _plain(state: RegisterState) -> dict[str, object]:
    return {
        "register": state.register.key,
        "label": state.register.label,
        "missing": state.missing,
        "entries": [asdict(one) for one in state.entries],
    }


def _today() -> date:
    return clock().astimezone(CIVIL).date()
