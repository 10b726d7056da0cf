"""Making the folder. An example is the empty folder, files of its own over it, and patches of shipped files: so an example
always starts from what ships now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from schuldhulp.engine.definitions.find import FolderFileWrong
from schuldhulp.engine.definitions.overlay import take
from schuldhulp.tasks.organisation.patching import patched

EXAMPLES: Mapping[str, str] = {
    "straatkubus": "a variant switched on, an own number, an own question in the intake that a table uses",
    "vroeg-eropaf": "a variant switched on, a module switched off, an extra step in the crisis process",
}
"""The worked examples, and what each shows."""


class FolderNotEmpty(FolderFileWrong):
    """There is something in the folder already."""


def make_folder(folder: Path, example: str | None = None) -> tuple[str, ...]:
    """Make *folder*, from an example when one is named; gives the paths of its files. Raises FolderNotEmpty, PatchFails."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(f"{folder} is not an empty folder. Name a new one; nothing was changed.")
    here = files("schuldhulp.tasks.organisation")
    parts = [here / "folder"] + ([here / "examples" / example] if example is not None else [])
    folder.mkdir(parents=True, exist_ok=True)
    for part in parts:
        for path, data in _walk(part):
            if path.endswith(".patch"):
                own = take(folder, path.removesuffix(".patch"))
                own.write_bytes(patched(own.read_bytes(), data.decode("utf-8"), f"example {example}, {path}"))
            else:
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_bytes(data)
    return tuple(sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()))


def _walk(folder: Traversable, path: str = "") -> Iterator[tuple[str, bytes]]:
    for child in sorted(folder.iterdir(), key=lambda item: item.name):
        if child.is_dir():
            yield from _walk(child, f"{path}{child.name}/")
        else:
            yield f"{path}{child.name}", child.read_bytes()
