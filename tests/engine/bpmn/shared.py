"""Where the suites of others lie; they are read there and never copied."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SUITE = Path(os.environ.get("SCHULDHULP_SHARED") or ROOT.parent / "shared") / "conformance" / "bpmn"


def suite(folder: str) -> list[Path]:
    """The model files under a folder of the suite, sorted; none when the suite is not there."""
    found = sorted((SUITE / folder).rglob("*"))
    return [path for path in found if path.suffix in (".bpmn", ".xml") and path.is_file()]
