"""Another was first: what happened, and both values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from schuldhulp.engine.case.errors import CommandRefused, DataChanged, TaskClosed
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.rules.dictionary import Type
from schuldhulp.tasks.saying import said
from schuldhulp.tasks.work import OpenTask
from schuldhulp.web.refusals import in_dutch
from schuldhulp.web.visitors import Visitor


@dataclass(frozen=True, slots=True)
class Difference:
    """A datum that changed since the form was shown: as it is in the file now, and as this person filled it in."""

    label: str
    now: str
    typed: str


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """`typed`: all that this person filled in, when the task is closed and it can be used nowhere else."""

    text: str
    values: tuple[Difference, ...]
    typed: tuple[tuple[str, str], ...]
    again_url: str
    again_text: str
    case_url: str
    kept: bool
    title: str = "Een ander was u voor"
    section: str = "taken"


def conflict_page(
    who: Visitor, case: str, task: int, error: CommandRefused, shown: OpenTask | None = None,
    typed: Mapping[str, list[str]] | None = None,
) -> ConflictPage:  # fmt: skip
    """*typed*: what was filled in, when a form was sent."""
    changed = error.values if isinstance(error, DataChanged) else {}
    differences = tuple(_difference(shown, key, now, sent) for key, (sent, now) in changed.items())
    return ConflictPage(
        text=in_dutch(who.engine, error),
        values=differences,
        typed=() if changed else tuple(_labelled(who, typed or {})),
        again_url=f"/zaken/{case}/taken/{task}" if changed else "/taken",
        again_text="Terug naar de taak" if changed else "Naar mijn taken",
        case_url=f"/zaken/{case}",
        kept=bool(typed),
    )


def closed(who: Visitor, case: str, task: int) -> TaskClosed | None:
    """How a task ended that is not open any more; None when there never was one."""
    rows = who.engine.rows("task", case=stream_of(case), task=task)
    if not rows or rows[0]["status"] == "open":
        return None
    return TaskClosed(task, rows[0]["status"], rows[0]["ended_by"], rows[0]["ended_at"])


def _labelled(who: Visitor, typed: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """What was filled in, with the words of the dictionary; rows of lists by their own names."""
    entries = who.engine.deployment().dictionary.entries
    for name, values in typed.items():
        words = ", ".join(value for value in values if value)
        key, _, rest = name.partition(".")
        if not words or (not rest and key in entries and entries[key].type is Type.LIST):
            continue
        entry = entries.get(key)
        field = entry.item.get(rest.rpartition(".")[2]) if entry and rest else None
        yield (f"{entry.label}, {field.label}" if entry and field else entry.label if entry else name), words


def _difference(shown: OpenTask | None, key: str, now: object, typed: object) -> Difference:
    dictionary = shown.context.dictionary if shown else None
    entry = dictionary.entries.get(key) if dictionary else None
    if entry is None:
        return Difference(key, str(now), str(typed))
    return Difference(entry.label, said(entry, now) or "leeg", said(entry, typed) or "leeg")
