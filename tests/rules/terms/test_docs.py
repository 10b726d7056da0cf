"""The page for designers and auditors says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from schuldhulp.cli.terms import terms
from schuldhulp.rules.terms import SWITCHES, Readings, feel_functions, law, shipped_calendar

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "terms.md").read_text(encoding="utf-8")


def test_every_reading_ground_and_function_is_in_the_page() -> None:
    for name in (*SWITCHES, *(ground.id for ground in law().grounds if "4:15-2-" not in ground.id)):
        assert f"`{name}`" in PAGE
    for name, (parameters, _) in feel_functions(shipped_calendar(), Readings()).items():
        assert f"`{name}({', '.join(parameters)})`" in PAGE


@pytest.mark.parametrize("example", re.findall(r"```\n\$ schuldhulp terms (.*?)```", PAGE, re.DOTALL))
def test_an_example_in_the_page_is_what_the_command_says(example: str) -> None:
    command, _, shown = example.partition("\n")

    assert CliRunner().invoke(terms, command.split()).output == shown


def test_there_is_an_example() -> None:
    assert "$ schuldhulp terms explain" in PAGE


def test_every_command_is_in_the_page() -> None:
    for name in terms.commands:
        assert f"`{name}`" in PAGE or f"schuldhulp terms {name}" in PAGE
