"""docs/requirements.md is true: every id works somewhere, something shows it, and nothing cites an id that is not there."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from schuldhulp.engine.bpmn.graph import Kind
from schuldhulp.engine.bpmn.read import read
from schuldhulp.rules.dmn import load_examples

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import requirements as tool  # type: ignore[import-not-found]  # noqa: E402  (a tool, not the product)

WORK = {Kind.USER, Kind.RULE, Kind.SEND, Kind.SCRIPT, Kind.CALL, Kind.SERVICE, Kind.MANUAL}
TABLES = [f"D{number:02}" for number in range(1, 27)]


def test_every_requirement_works_somewhere_and_is_shown_or_says_why_not() -> None:
    assert list(tool.lacking()) == []


def test_nothing_cites_a_requirement_that_is_not_there() -> None:
    assert tool.unknown() == []


def test_there_are_as_many_as_the_domain_has() -> None:
    assert len(tool.listed()) == 419


def test_the_page_is_written_from_what_is_there() -> None:
    assert tool.PAGE.read_text("utf-8") == tool.page(), "run python tools/requirements.py"


@pytest.mark.shows("C-E01")
def test_each_module_is_a_process_and_each_rule_a_table() -> None:
    assert [m for m in range(1, 11) if not (ROOT / f"processes/M{m}/M{m}.bpmn").is_file()] == []
    assert [table for table in TABLES if not (ROOT / f"rules/tables/{table}.dmn").is_file()] == []


@pytest.mark.shows("C-E01")
def test_every_piece_of_work_in_a_module_says_which_requirement_it_fulfils() -> None:
    silent = []
    for file in sorted((ROOT / "processes").glob("*/*.bpmn")):
        model, _ = read(file.read_bytes(), file=file.name)
        assert model is not None
        for graph in model.graphs.values():
            for node in graph.nodes.values():
                if node.kind in WORK and not any(name == "requirement" for name, _, _ in node.properties):
                    silent.append(f"{file.name}: {node.id}")
    assert silent == []


def test_the_examples_of_the_tables_are_all_there() -> None:
    files = [ROOT / f"rules/tables/cases/{table}.yaml" for table in TABLES]

    assert sum(len(load_examples(file.read_bytes(), file.name)) for file in files) >= 243
