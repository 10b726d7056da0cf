"""Differences of forms (field by field), letters (line by line) and the examples beside tables."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.difference.kinds import Difference, pairs
from schuldhulp.engine.definitions.difference.models import changed_paths
from schuldhulp.engine.definitions.forms.fields import PLACEHOLDER

_LAID_OUT = frozenset({"id", "layout", "components"})


def forms(old: Deployment, new: Deployment) -> Iterator[Difference]:
    for path in changed_paths(old, new, "tasks/forms/", ".form"):
        form = path.removeprefix("tasks/forms/").removesuffix(".form")
        if path not in old.files or path not in new.files:
            yield Difference("form", "added" if path in new.files else "removed", form, path=path)
            continue
        before, after = (dict(_parts(json.loads(side.files[path]))) for side in (old, new))
        for what, key, one, other in pairs(before, after):
            shown = other or one
            name = str((shown or {}).get("label") or (shown or {}).get("text") or "")
            if one is None or other is None:
                yield Difference("form", what, form, path=path, part=key, name=name)
                continue
            for _, part, was, now in pairs(one, other):
                yield Difference("form", "changed", form, was, now, path=path, part=f"{key}, {part}", name=name)


def _parts(component: Any, above: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every component by its key (within a list: list.key), or by its id when it asks nothing."""
    for one in component.get("components") or ():
        key = above + str(one.get("key") or one.get("path") or one.get("id"))
        said = {name: value for name, value in one.items() if name not in _LAID_OUT and value != PLACEHOLDER}
        yield key, said | {"in": above.rstrip(".")}
        inner = f"{one['path']}." if one.get("type") == "dynamiclist" and one.get("path") else above
        yield from _parts(one, inner)


def letters(old: Deployment, new: Deployment) -> Iterator[Difference]:
    """The lines that changed, as a unified diff in `after`."""
    for path in changed_paths(old, new, "tasks/letters/", ".md.j2"):
        key = path.removeprefix("tasks/letters/").removesuffix(".md.j2")
        if path not in old.files or path not in new.files:
            yield Difference("letter", "added" if path in new.files else "removed", key, path=path)
            continue
        before, after = (side.files[path].decode("utf-8", "replace").splitlines() for side in (old, new))
        lines = list(difflib.unified_diff(before, after, "base", "own", lineterm="", n=1))
        yield Difference("letter", "changed", key, after="\n".join(lines), path=path, part="text")


def examples(old: Deployment, new: Deployment) -> Iterator[Difference]:
    for path in changed_paths(old, new, "rules/tables/cases/", ".yaml"):
        key = path.removeprefix("rules/tables/cases/").removesuffix(".yaml")
        what = "changed" if path in old.files and path in new.files else "added" if path in new.files else "removed"
        yield Difference("examples", what, key, path=path)
