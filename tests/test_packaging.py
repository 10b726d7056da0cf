"""The house stays in one piece: one import name, and a wheel by way of the sdist that holds everything."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("engine", "rules", "tasks", "cli", "web", "processes")
IMPORT_ALL = """
import doctest, importlib, pkgutil, sys
import schuldhulp
failed = 0
for found in pkgutil.walk_packages(schuldhulp.__path__, "schuldhulp."):
    if found.name.startswith("schuldhulp.engine.history.migrations") or found.name.endswith("__main__"):
        continue
    if found.name.split(".")[1] not in {floors!r}:
        continue
    failed += doctest.testmod(importlib.import_module(found.name)).failed
bare = sorted(set({floors!r}) & set(sys.modules))
print(len([name for name in sys.modules if name.startswith("schuldhulp.")]), failed, bare)
"""


def run(code: str, folder: Path) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3_000:]
    return done.stdout


def test_every_module_has_one_name_and_its_examples_run(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r})\n" + IMPORT_ALL.format(floors=FLOORS)
    modules, failed, bare = run(code, tmp_path).splitlines()[-1].split(" ", 2)
    assert int(modules) > 100
    assert failed == "0", "examples in docstrings"
    assert bare == "[]", "imported under a bare name as well"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """A wheel built from the sdist, as an index would get it."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_a_wheel_made_from_the_sdist_holds_every_file_of_every_floor(wheel: zipfile.ZipFile) -> None:
    held = set(wheel.namelist())
    tracked = subprocess.run(["git", "ls-files", *FLOORS], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    missing = [path for path in tracked.split("\n") if path and f"schuldhulp/{path}" not in held]
    assert missing == []
    assert "schuldhulp/py.typed" in held
    floors = {name.split("/")[1] for name in held if name.startswith("schuldhulp/") and name.count("/") > 1}
    assert floors == set(FLOORS), "and nothing beside the floors"


def test_a_wheel_holds_what_browsers_load_with_its_integrity(wheel: zipfile.ZipFile) -> None:
    import base64
    import hashlib

    manifest = json.loads(wheel.read("schuldhulp/web/static/dist/manifest.json"))
    assert {"app.js", "case-diagram.js", "ui.css", "diagram.css"} <= set(manifest)
    for entry in manifest.values():
        digest = hashlib.sha384(wheel.read(f"schuldhulp/web/static/dist/{entry['file']}")).digest()
        assert entry["integrity"] == "sha384-" + base64.b64encode(digest).decode()
    assert b"bpmn" in wheel.read("schuldhulp/web/static/dist/THIRD-PARTY-NOTICES.txt")


def test_the_lock_of_the_browser_packages_names_no_host_and_pins_every_one() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert all("resolved" not in entry for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_the_floors_are_those_of_the_wheel() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    sources = config["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]
    assert set(sources) == {"src/schuldhulp", *FLOORS}
