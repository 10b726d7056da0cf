"""Values for expressions and decisions on the command line: a YAML or JSON file, and --set name=expression."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from schuldhulp.rules.dmn.yaml_values import YamlValueError, load_yaml
from schuldhulp.rules.feel import FeelError, compile_expression

F = TypeVar("F", bound=Callable[..., Any])


def context_options(command: F) -> F:
    """--context FILE and --set NAME=FEEL."""
    file = click.Path(exists=True, dir_okay=False, path_type=Path)
    command = click.option("--set", "set_", multiple=True, metavar="NAME=FEEL", help="One value, as FEEL.")(command)
    return click.option("--context", type=file, help="YAML or JSON with the values by name.")(command)


def given_context(file: Path | None, pairs: tuple[str, ...]) -> dict[str, Any]:
    """The values of the file, with those of --set on top."""
    found: dict[str, Any] = {}
    if file is not None:
        try:
            content = load_yaml(file.read_bytes())
        except YamlValueError as error:
            raise click.ClickException(f"{file}, {error}") from None
        if not isinstance(content, dict):
            raise click.ClickException(f"{file}: expected values by name, such as bedrag: 12.50")
        found.update(content)
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name.strip():
            raise click.UsageError(f"--set {pair}: write NAME=VALUE, texts in quotes: --set 'naam=\"Jansen\"'")
        try:
            found[name.strip()] = compile_expression(text, strict_names=True).evaluate({}, strict=True).value
        except FeelError as error:
            quotes = f"\n    A text stands in quotes: --set '{name.strip()}=\"{text}\"'" if text.isidentifier() else ""
            raise click.ClickException(f"--set {name.strip()}: {error}{quotes}") from None
    return found


def plain(value: Any) -> Any:
    """A FEEL value for JSON and tables: numbers and temporal values as text."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {name: plain(item) for name, item in value.items()}
    return str(value)
