"""The browser's own files: which file to load, with its integrity, from the manifest of the build."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

STATIC = "/static"


class AssetsMissing(RuntimeError):
    """The browser's files were not built."""

    def __init__(self) -> None:
        super().__init__(
            "The browser's files are not built (web/static/dist/manifest.json is missing). "
            "Install the product with `pip install -e .` in the checkout, or install a wheel."
        )


@dataclass(frozen=True, slots=True)
class Asset:
    """Address of a built file and its integrity (sha384)."""

    url: str
    integrity: str


def folder() -> Traversable:
    return files("schuldhulp.web") / "static" / "dist"


@cache
def manifest() -> Mapping[str, Asset]:
    """Built files by the name of their source ("ui.css"). Raises AssetsMissing."""
    try:
        raw = json.loads((folder() / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsMissing from None
    return {name: Asset(f"{STATIC}/{entry['file']}", entry["integrity"]) for name, entry in raw.items()}


def asset(name: str) -> Asset:
    return manifest()[name]
