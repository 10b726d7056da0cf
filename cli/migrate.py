"""Moving running cases to another deployment: the plan, the dry run, the run, the report."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

import click

from schuldhulp.cli.context import actor, as_person, json_option, with_engine
from schuldhulp.cli.operations import told
from schuldhulp.cli.say import put, table
from schuldhulp.engine.case.roles import OPERATORS
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.migrating import CaseMove

SHOWN = 20
"""Cases that cannot move, named one by one; --json names all."""


@click.command()
@click.option("--to", required=True, help="Deployment to move to: the first characters of its id, or `current`.")
@click.option("--from", "source", default="", help="Only instances on this deployment.")
@click.option("--module", default="", help="Only instances of this module, such as M5.")
@click.option(
    "--map", "mapped", multiple=True, metavar="OLD=NEW", help="An element (flow, process) that has another id now."
)
@click.option("--dry-run", is_flag=True, help="Show exactly what would be done, and do nothing.")
@as_person
@json_option
@with_engine
def migrate(
    engine: Engine,
    to: str,
    source: str,
    module: str,
    mapped: tuple[str, ...],
    dry_run: bool,
    login: str,
    role: str | None,
    json_: bool,
) -> None:
    """Move running cases to another deployment.

    Running cases stay on the definitions they began with until you move them. The plan shows how many, where their tokens go,
    what is no longer waited for, and why some cannot. Each case moves whole or not at all; what was moved stays moved, and the
    same command goes on after a stop. Exit code 1 when some cannot move.

    \b
    schuldhulp migrate --to current --module M5 --map Task_Gesprek=Task_Kennismaking --dry-run --as sofie
    """
    by = actor(engine, login, role, OPERATORS)
    target = engine.migration(to, source=source, module=module, mapping=_mapping(mapped))
    instances, cases = engine.count_to_migrate(target)
    moving = engine.try_migration(target, by) if dry_run else engine.migrate(target, by)
    report = Report()
    for one in told(moving, cases, "Trying" if dry_run else "Moving"):
        report.add(one)
    put(report.plain(dry_run, instances, cases), report.text(dry_run, instances, cases, target.deployment.id), json_)
    if report.stay:
        sys.exit(1)


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in mapped:
        old, equals, new = (part.strip() for part in text.partition("="))
        if not (old and equals and new):
            raise click.UsageError(f"--map {text!r}: write OLD=NEW, such as Task_Gesprek=Task_Kennismaking.")
        if found.get(old, new) != new:
            raise click.UsageError(f"--map: {old} goes to {found[old]} and to {new}; choose one.")
        found[old] = new
    return found


class Report:
    """Sums over cases, a line at a time."""

    def __init__(self) -> None:
        self.cases = self.instances = 0
        self.stay: list[CaseMove] = []
        self.tokens: Counter[tuple[str, str, str]] = Counter()
        self.lost: Counter[tuple[str, str]] = Counter()
        self.armed: Counter[tuple[str, str]] = Counter()
        self.notes: Counter[tuple[str, str]] = Counter()
        self.reasons: Counter[tuple[str, str]] = Counter()

    def add(self, one: CaseMove) -> None:
        if not one.moved:
            self.stay.append(one)
            for move in one.moves:
                self.reasons.update((move.process, reason) for reason in move.reasons)
            if not one.moves:
                self.reasons[("", one.why)] += 1
            return
        self.cases += 1
        self.instances += len(one.moves)
        for move in one.moves:
            for before, after, count in move.moves:
                self.tokens[(move.process, before, after)] += count
            self.lost.update((move.process, element) for element in move.lost)
            self.armed.update((move.process, element) for element in move.armed)
            self.notes.update((move.process, note) for note in move.notes)

    def plain(self, dry_run: bool, instances: int, cases: int) -> dict[str, Any]:
        return {
            "dry_run": dry_run,
            "found": {"cases": cases, "instances": instances},
            "moved": {"cases": self.cases, "instances": self.instances},
            "stay": [{"case": one.case, "why": one.why} for one in self.stay],
            "tokens": [{"process": p, "from": b, "to": a, "number": n} for (p, b, a), n in sorted(self.tokens.items())],
            "lost": [{"process": p, "element": e, "number": n} for (p, e), n in sorted(self.lost.items())],
            "armed": [{"process": p, "element": e, "number": n} for (p, e), n in sorted(self.armed.items())],
            "notes": [{"process": p, "note": e, "number": n} for (p, e), n in sorted(self.notes.items())],
            "reasons": [{"process": p, "reason": e, "number": n} for (p, e), n in sorted(self.reasons.items())],
        }

    def text(self, dry_run: bool, instances: int, cases: int, deployment: str) -> str:
        would = "would move" if dry_run else "moved"
        parts = [
            f"To deployment {deployment[:12]}: {instances} instances in {cases} cases are not there yet.\n"
            f"{self.instances} instances in {self.cases} cases {would}; {len(self.stay)} cases stay."
        ]
        for title, rows, head in (
            ("Tokens", [(n, *key) for key, n in sorted(self.tokens.items())], ("number", "process", "from", "to")),
            ("No longer waited for", _rows(self.lost), ("number", "process", "event")),
            ("New, and waited for from now on", _rows(self.armed), ("number", "process", "event")),
            ("Goes on as it was begun", _rows(self.notes), ("number", "process", "what")),
            ("Why some stay", _rows(self.reasons), ("number", "process", "reason")),
            ("Cases that stay", [(one.case,) for one in self.stay[:SHOWN]], ("case",)),
        ):
            if rows:
                parts.append(f"{title}\n{table(rows, head)}")
        if len(self.stay) > SHOWN:
            parts.append(f"and {len(self.stay) - SHOWN} more (--json names all).")
        return "\n\n".join(parts)


def _rows(counted: Counter[tuple[str, str]]) -> list[tuple[Any, ...]]:
    return [(number, *key) for key, number in sorted(counted.items())]
