"""Write docs/commands.md from the commands themselves: python tools/commands.py"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))
PAGE = ROOT / "docs" / "commands.md"


def page() -> str:
    """Every command with its help, in the order of their names."""
    from schuldhulp.cli import cli

    head = "# Commands\n\nWritten by `python tools/commands.py`; a test says when it is old.\n"
    return head + "".join(_sections(cli, "schuldhulp"))


def _sections(command: click.Command, name: str) -> Iterator[str]:
    context = click.Context(
        command, info_name=name, terminal_width=100, max_content_width=100, help_option_names=["-h", "--help"]
    )
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            found = command.get_command(context, child)
            if found is not None:
                yield from _sections(found, f"{name} {child}")
        return
    yield f"\n## {name}\n\n```\n{command.get_help(context)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
