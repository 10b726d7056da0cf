"""The worked vectors of the terms specification, read where they lie; never copied."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.terms_adapter import evaluate

SHARED = Path(os.environ.get("SCHULDHULP_SHARED") or Path(__file__).resolve().parents[3] / "shared")
VECTORS = SHARED / "law" / "term-vectors.yaml"


def vectors() -> list[dict[str, Any]]:
    if not VECTORS.is_file():
        return []
    return list(yaml.safe_load(VECTORS.read_text(encoding="utf-8"))["vectors"])


def agrees(expected: dict[str, Any], found: dict[str, Any]) -> bool:
    return all(found.get(key) == value for key, value in expected.items() if key != "why")


@pytest.mark.skipif(
    not VECTORS.is_file(), reason="the vectors lie outside the project; tests/rules/terms has its own cases"
)
@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["id"]) for vector in vectors()])
def test_a_worked_vector_comes_out_in_both_readings(vector: dict[str, Any]) -> None:
    found = evaluate(vector["fn"], {"rule": vector["rule"], **vector["input"]})

    assert agrees(vector["expect"], found), (found, vector["reason"])
    if vector["contested"]:
        assert agrees(vector["reading_a"], found["reading_a"]), found
        assert agrees(vector["reading_b"], found["reading_b"]), found
    else:
        assert "reading_b" not in found, found
        assert found.keys() == vector["expect"].keys(), found
