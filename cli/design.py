"""For process designers: check, deploy, scenarios."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path

import click
from click.core import ParameterSource

from schuldhulp.cli.context import actor, as_person, folder_option, json_option, settings, with_engine
from schuldhulp.cli.say import day, put, table
from schuldhulp.engine.bpmn.graph import Finding, Severity
from schuldhulp.engine.definitions.check import check_files
from schuldhulp.engine.definitions.find import read_files
from schuldhulp.engine.definitions.overlay import base_findings
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import Kept
from schuldhulp.tasks.access import ROLES
from schuldhulp.tasks.scenarios import MODES, load_scenario, play

folder_argument = click.argument("place", metavar="[FOLDER]", required=False, type=click.Path(path_type=Path))


def _chosen(argument: Path | None, option: Path | None) -> Path | None:
    """The folder that a command is about: its argument, --folder, or SCHULDHULP_FOLDER."""
    if argument is not None and option is not None and argument != option and not _from_environment("folder"):
        raise click.UsageError(f"two folders are named: {argument} and {option}. Name one.")
    return argument or option or settings().folder


def _from_environment(name: str) -> bool:
    return click.get_current_context().get_parameter_source(name) is ParameterSource.ENVIRONMENT


def _show(findings: tuple[Finding, ...], json_: bool) -> int:
    errors = sum(one.severity is Severity.ERROR for one in findings)
    plain = [
        {
            "severity": one.severity,
            "code": one.code,
            "file": one.place.file,
            "line": one.place.line,
            "column": one.place.column,
            "element": one.element,
            "message": one.message,
            "remedy": one.remedy,
        }
        for one in findings
    ]
    put(plain, "\n".join(map(str, findings)), json_)
    return errors


@click.command()
@folder_argument
@folder_option
@click.option("--warnings/--no-warnings", default=True, help="Show warnings too.")
@json_option
def check(place: Path | None, folder: Path | None, warnings: bool, json_: bool) -> None:
    """Check what ships with FOLDER (your organisation's own definitions) laid over it: every finding at once."""
    started = time.monotonic()
    chosen = _chosen(place, folder)
    files = read_files(chosen)
    found = check_files(files, ROLES) + (base_findings(chosen) if chosen is not None else ())
    findings = tuple(one for one in found if warnings or one.severity is Severity.ERROR)
    errors = _show(findings, json_)
    if not json_:
        seconds = time.monotonic() - started
        click.echo(
            f"{len(files)} files checked in {seconds:.1f} s: {errors} errors, {len(findings) - errors} warnings."
        )
    sys.exit(1 if errors else 0)


@click.command()
@folder_argument
@folder_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_person
@with_engine
def deploy(
    engine: Engine, place: Path | None, folder: Path | None, yes: bool, login: str, role: str | None
) -> None:
    """Put the definitions in force, from now on; running cases stay on theirs. Refused while there are errors."""
    by = actor(engine, login, role, ("procesontwerper",))
    files = read_files(_chosen(place, folder))
    errors = [one for one in check_files(files, ROLES) if one.severity is Severity.ERROR]
    if errors:
        click.echo("\n".join(map(str, errors)), err=True)
        raise click.ClickException(f"not deployed: {len(errors)} errors. `schuldhulp check` shows warnings too.")
    click.echo(_changes(engine, files))
    if not yes:
        click.confirm("Put these in force now?", abort=True)
    deployment = engine.deploy(files, by)
    click.echo(f"In force: {deployment.id[:12]}.")


def _changes(engine: Engine, files: Mapping[str, bytes]) -> str:
    """What differs from the deployment in force."""
    known = engine.deployments()
    if not known:
        return f"{len(files)} files, the first deployment."
    before = engine.deployment(known[-1].deployment).files
    lines = [f"  new      {path}" for path in files if path not in before]
    lines += [f"  changed  {path}" for path in files if path in before and before[path] != files[path]]
    lines += [f"  removed  {path}" for path in before if path not in files]
    running = engine.rows("running_on_deployment", deployment=known[-1].deployment, limit=100_000, offset=0)
    return "\n".join(
        [*(lines or ["  nothing changed"]), f"{len(running)} running modules stay on the definitions they have."]
    )


@click.command()
@json_option
@with_engine
def deployments(engine: Engine, json_: bool) -> None:
    """What was put in force, and when."""
    rows = [(d.deployment[:12], day(d.valid_from), len(d.files)) for d in engine.deployments()]
    head = ("deployment", "from", "files")
    put([dict(zip(head, row, strict=True)) for row in rows], table(rows, head), json_)


@click.group()
def scenario() -> None:
    """Scenarios: client stories that play against the engine (docs/designers.md, section 4)."""


@scenario.command("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--mode", type=click.Choice([*MODES, "all"]), default="straight", show_default=True)
@folder_option
@click.option("--log", is_flag=True, help="Print the facts of the case at the end.")
@json_option
def run(files: tuple[Path, ...], mode: str, folder: Path | None, log: bool, json_: bool) -> None:
    """Play FILES (or every scenario below a folder) and say what is not as expected. Exit code 1 when anything is."""
    definitions = read_files(_chosen(None, folder))
    stories = [
        story for file in files for story in (sorted(file.rglob("scenarios/*.yaml")) if file.is_dir() else [file])
    ]
    results, kept = [], Kept()
    for story in stories:
        loaded = load_scenario(story.read_bytes(), name=str(story))
        for one in MODES if mode == "all" else (mode,):
            report = play(loaded, definitions, one, kept)
            problems = [f"  {step.step}: {problem}" for step in report.steps for problem in step.problems]
            results.append({"scenario": loaded.name, "file": str(story), "mode": one, "problems": problems})
            if not json_:
                click.echo(
                    f"{'ok    ' if report.passed else 'FAILED'}  {loaded.name} ({one}, {len(report.steps)} steps)"
                )
                click.echo("\n".join(problems + (list(report.log) if log else [])), nl=bool(problems or log))
    if json_:
        put(results, "", True)
    failed = sum(bool(r["problems"]) for r in results)
    click.echo(f"{len(results) - failed} passed, {failed} failed", err=json_)
    sys.exit(1 if failed else 0)
