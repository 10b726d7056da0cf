"""Applying a unified diff to a text, by its context alone: where the lines have moved does not matter, but they must be there."""

from __future__ import annotations

from collections.abc import Iterator

from schuldhulp.engine.definitions.find import FolderFileWrong


class PatchFails(FolderFileWrong):
    """The text no longer has the lines that a patch goes out from."""


def patched(data: bytes, patch: str, name: str) -> bytes:
    """*data* with every hunk of *patch* applied, in order. Raises PatchFails."""
    lines, at = data.decode("utf-8").splitlines(), 0
    for number, (old, new) in enumerate(_hunks(patch), 1):
        found = _where(lines, old, at)
        if found is None:
            raise PatchFails(f"{name}: part {number} no longer fits what ships. It starts at: {old[0].strip() if old else '?'}")
        lines[found : found + len(old)] = new
        at = found + len(new)
    return ("\n".join(lines) + "\n").encode()


def _hunks(patch: str) -> Iterator[tuple[list[str], list[str]]]:
    """The lines before and after, of each hunk."""
    old: list[str] = []
    new: list[str] = []
    begun = False
    for line in patch.splitlines():
        if line.startswith("@@"):
            if begun:
                yield old, new
            old, new, begun = [], [], True
        elif begun and line.startswith("\\"):
            continue
        elif begun:
            sign, text = line[:1] or " ", line[1:]
            if sign in (" ", "-"):
                old.append(text)
            if sign in (" ", "+"):
                new.append(text)
    if begun:
        yield old, new


def _where(lines: list[str], wanted: list[str], start: int) -> int | None:
    """The first place from *start* on where *wanted* stands."""
    for at in range(start, len(lines) - len(wanted) + 1):
        if lines[at : at + len(wanted)] == wanted:
            return at
    return None
