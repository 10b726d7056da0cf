"""What we use of SpiffWorkflow is still there: the first thing to break at an upgrade."""

from __future__ import annotations

import ast
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from SpiffWorkflow.bpmn.parser.BpmnParser import XSD_PATH, BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser

from tests.engine.bpmn.shared import ROOT


def test_the_library_is_the_version_that_was_tried() -> None:
    assert version("spiffworkflow") == "3.2.0"


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (BpmnParser, "add_bpmn_xml _get_parser_class create_parser create_ad_hoc_parser _find_dependencies _add_processes "
                     "_add_data_stores _add_diagram_indexes _add_collaborations _add_correlations _add_messages "
                     "_add_signals _add_errors _add_escalations OVERRIDE_PARSER_CLASSES PROCESS_PARSER_CLASS "
                     "AD_HOC_PARSER_CLASS"),
        (ProcessParser, "get_spec _parse create_spec add_tasks _index_process_nodes parse_node"),
        (TaskParser, "parse_node"),
    ],
)  # fmt: skip
def test_what_is_used_or_overridden_exists(owner: type, names: str) -> None:
    assert [name for name in names.split() if not hasattr(owner, name)] == []


def test_the_schema_is_shipped() -> None:
    assert Path(XSD_PATH).is_file()


def test_only_the_reader_imports_the_library_and_only_its_parser() -> None:
    found: dict[str, Any] = {}
    for floor in ("rules", "engine", "tasks", "web", "cli"):
        for path in (ROOT / floor).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
                names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
                for name in names:
                    if name.startswith("SpiffWorkflow"):
                        found.setdefault(path.relative_to(ROOT).as_posix(), set()).add(name)
    assert all(path.startswith("engine/bpmn/read/") for path in found), found
    assert all(name.startswith("SpiffWorkflow.bpmn.parser") for names in found.values() for name in names), found
