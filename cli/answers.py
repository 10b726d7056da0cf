"""Answers on the command line: --set key=value and --file answers.yaml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from schuldhulp.tasks.forms import load_values, set_values

R = TypeVar("R")


def answers_options(command: Callable[..., R]) -> Callable[..., R]:
    """Options --set and --file."""
    command = click.option(
        "--file", type=click.Path(exists=True, dir_okay=False), help="Answers in YAML or JSON (- is not read)."
    )(command)
    return click.option("--set", "set_", multiple=True, metavar="KEY=VALUE", help="An answer, as you would type it.")(
        command
    )


def given_values(set_: tuple[str, ...], file: str | None) -> dict[str, Any]:
    """The answers of both options; --set goes before the file. Raises ValuesError."""
    found = load_values(Path(file).read_text(encoding="utf-8"), name=file) if file else {}
    return {**found, **set_values(set_)}
