"""Where definitions come from: the package, with the organisation's own folder in front."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from schuldhulp.engine.definitions.organisation import ORGANISATION

FLOORS = ("processes", "rules", "tasks")
_WANTED = re.compile(
    r"processes/[^/]+/[^/]+\.bpmn"
    r"|rules/tables/[^/]+\.dmn|rules/tables/cases/[^/]+\.yaml|rules/(?:dictionary|parameters)(?:/[^/]+)?\.yaml"
    r"|rules/(?:readings|registers)\.yaml"
    r"|tasks/forms/[^/]+\.form|tasks/letters/[^/]+\.md\.j2"
)
MERGED = re.compile(r"rules/(?:(?:dictionary|parameters)(?:/[^/]+)?|readings|registers|terms/equated_days)\.yaml")
"""Files that the organisation's folder adds to instead of replacing: its keys go before those that ship."""
MAX_THEME = 500_000
"""Bytes of one file of the look; they travel with every deployment."""
_LOOK = re.compile(r"theme/[A-Za-z0-9._-]+\.(?:css|svg|png)")
_OWN = "rules/terms/equated_days.yaml"
"""Read from the organisation's folder only: what ships of it is law data of the product, not a definition."""


class FolderFileWrong(ValueError):
    """A file of the organisation's folder cannot be taken along."""


class FolderNotFound(FileNotFoundError):
    """The organisation's folder does not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder}: no such folder. Make it with `schuldhulp init {folder}`, or name another.")


def read_files(local: Path | None = None) -> Mapping[str, bytes]:
    """Every definition by its path ("rules/tables/D01.dmn"), read once; nothing else is read afterwards.

    A file of *local* replaces the shipped file of the same path; a merged file of *local* stands beside it as
    "<path>@local", and so do organisation.yaml and the files of theme/. Raises FolderNotFound, FolderFileWrong.
    """
    found: dict[str, bytes] = {}
    for floor in FLOORS:
        found.update(_walk(files(f"schuldhulp.{floor}"), floor))
    if local is not None:
        if not local.is_dir():
            raise FolderNotFound(local)
        found.update(_settings(local))
        for floor in FLOORS:
            if (local / floor).is_dir():
                for path, data in _walk(local / floor, floor, own=True):
                    found[f"{path}@local" if MERGED.fullmatch(path) else path] = data
    return dict(sorted(found.items()))


def _settings(local: Path) -> Iterator[tuple[str, bytes]]:
    """organisation.yaml and the look of the pages."""
    if (local / ORGANISATION).is_file():
        yield f"{ORGANISATION}@local", (local / ORGANISATION).read_bytes()
    for file in sorted((local / "theme").iterdir()) if (local / "theme").is_dir() else ():
        path = f"theme/{file.name}"
        if not file.is_file() or not _LOOK.fullmatch(path):
            raise FolderFileWrong(f"{file}: theme/ takes css, svg and png files, with a name of letters, digits, - and _.")
        if file.stat().st_size > MAX_THEME:
            raise FolderFileWrong(f"{file}: larger than {MAX_THEME // 1000} kB. Make it smaller.")
        yield f"{path}@local", file.read_bytes()


def _walk(folder: Traversable, path: str, *, own: bool = False) -> Iterator[tuple[str, bytes]]:
    for child in sorted(folder.iterdir(), key=lambda item: item.name):
        here = f"{path}/{child.name}"
        if child.is_dir():
            yield from _walk(child, here, own=own)
        elif _WANTED.fullmatch(here) or (own and here == _OWN):
            yield here, child.read_bytes()
