"""A program that is killed while it works: no half command, nothing lost that was acknowledged, every proof still holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def kill_loop(url: str, folder: Path, kills: int, seed: int) -> dict[str, Any]:
    """Runs kill_loop.py; gives the counts it printed."""
    paths = os.pathsep.join([str(ROOT / "src"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, str(Path(__file__).parent / "kill_loop.py"), url, folder / "keys", folder, kills, seed]
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    counted: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return counted


def test_thirty_kills_leave_no_half_command_and_lose_none(url: str, tmp_path: Path) -> None:
    counted = kill_loop(url, tmp_path, 30, 20260302)
    assert counted["kills"] == 30
    assert counted["between begin and commit"] >= 6
    assert counted["commands"] >= 30


@pytest.mark.endurance
def test_five_hundred_kills_leave_no_half_command_and_lose_none(url: str, tmp_path: Path) -> None:
    counted = kill_loop(url, tmp_path, 500, 1)
    print(counted)
    assert counted["between begin and commit"] >= 100
