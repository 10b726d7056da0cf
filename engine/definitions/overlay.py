"""What the organisation's folder lays over what ships: which files it replaces, and whether these were renewed since.

A file that replaces a shipped one was taken from a version of the product. That version is kept below `.base/` in the folder
(`schuldhulp take` puts it there), so that an update of the product shows: base, own, and the new base.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schuldhulp.engine.bpmn.graph import Finding, Place, Severity
from schuldhulp.engine.definitions.find import MERGED, FolderFileWrong, FolderNotFound, read_files

BASE = ".base"


@dataclass(frozen=True, slots=True)
class Replaced:
    """A shipped file that the folder replaces. `base`: what shipped when it was taken, None when nobody noted it."""

    path: str
    shipped: bytes
    own: bytes
    base: bytes | None

    @property
    def renewed(self) -> bool:
        """The product ships something else now than when the file was taken."""
        return self.base is not None and self.base != self.shipped


class NoSuchFile(FolderFileWrong):
    """Nothing of that path ships."""


def replaced(folder: Path) -> tuple[Replaced, ...]:
    """Every shipped file that *folder* replaces, by path. Raises FolderNotFound."""
    shipped, whole = read_files(), read_files(folder)
    return tuple(
        Replaced(path, shipped[path], data, _base(folder, path))
        for path, data in whole.items()
        if path in shipped and data is not shipped[path] and (folder / path).is_file() and not MERGED.fullmatch(path)
    )


def _base(folder: Path, path: str) -> bytes | None:
    kept = folder / BASE / path
    return kept.read_bytes() if kept.is_file() else None


def take(folder: Path, path: str, *, renew: bool = False) -> Path:
    """Copy a shipped file into *folder*, to be changed there, and keep what it was. *renew*: only note that the own file was
    brought up to what ships now. Raises FolderNotFound, NoSuchFile, FolderFileWrong when it is there already."""
    if not folder.is_dir():
        raise FolderNotFound(folder)
    shipped = read_files()
    if path not in shipped:
        near = [known for known in shipped if path.rpartition("/")[2] in known]
        said = f" Did you mean {', '.join(near[:5])}?" if near else " `schuldhulp take` without a path lists what ships."
        raise NoSuchFile(f"nothing ships as {path}.{said}")
    if MERGED.fullmatch(path):
        raise FolderFileWrong(
            f"{path} is not replaced but added to: put your own entries in a file such as "
            f"{path.rpartition('/')[0] if path.count('/') > 1 else path.removesuffix('.yaml')}/own.yaml of your folder."
        )
    own = folder / path
    if own.exists() and not renew:
        raise FolderFileWrong(f"{own} is there already. Change it there, or remove it first.")
    if not own.exists() and renew:
        raise FolderFileWrong(f"{own} is not there; take it first.")
    if not renew:
        _write(own, shipped[path])
    _write(folder / BASE / path, shipped[path])
    return own


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def base_findings(folder: Path) -> tuple[Finding, ...]:
    """A warning for each file of *folder* whose shipped version is another one now than when it was taken."""
    return tuple(
        Finding(
            Severity.WARNING,
            "base-changed",
            f"{one.path} was taken from an earlier version; the product ships another one now.",
            f"`schuldhulp diff --folder {folder}` shows what changed on both sides; bring your file up to date, then "
            f"`schuldhulp take {one.path} --folder {folder} --renew`.",
            Place(one.path, 1),
        )
        for one in replaced(folder)
        if one.renewed
    )
