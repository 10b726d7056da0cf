"""Half-filled forms: what is kept of them, and what happens when two windows keep one at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.history.errors import DraftConflict
from schuldhulp.tasks.forms import of_form
from schuldhulp.web.visitors import Visitor, first, whole
from schuldhulp.web.words import moment

LETTER = "brief"
OWN = frozenset({"csrf", "versie", "gezien", "concept_versie", "actie", "reden", "brief"})
"""Inputs of the page itself."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft: what was typed, letters as edited, up to where the file was seen, and when it was kept."""

    version: int
    raw: Mapping[str, list[str]]
    letters: Mapping[str, tuple[str, str]]
    seen: int | None
    when: str


NOTHING = Kept(0, {}, {}, None, "")


def kept(who: Visitor, case: str, task: int) -> Kept:
    """The draft of this person on a task; NOTHING when there is none."""
    draft = who.engine.draft(case, task, who.person.account)
    if draft is None:
        return NOTHING
    letters = {key: (str(pair[0]), str(pair[1])) for key, pair in draft.content.get("letters", {}).items()}
    today = who.engine.clock().astimezone(CIVIL).date()
    return Kept(draft.version, draft.content.get("raw", {}), letters, draft.content.get("seen"), moment(draft.saved_at, today))


def keep(who: Visitor, case: str, task: int, form: Form | None, fields: Mapping[str, list[str]], seen: int | None) -> int:
    """Keep what stands on the page; gives the new version. Raises DraftConflict."""
    content = {"raw": typed(form, fields), "letters": edited(fields), "seen": seen}
    return who.engine.save_draft(case, task, who.person.account, whole(fields, "concept_versie") or 0, content)


def keep_whatever(
    who: Visitor, case: str, task: int, form: Form | None, fields: Mapping[str, list[str]], seen: int | None
) -> None:
    """Keep what stands on the page, over any other version: nothing that is typed may be lost in a conflict."""
    now = dict(fields)
    for _ in range(3):
        try:
            keep(who, case, task, form, now, seen)
            return
        except DraftConflict as conflict:
            now["concept_versie"] = [str(conflict.actual)]


def typed(form: Form | None, fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Answers among what was posted; of a form that is gone, all that the page itself does not add."""
    if form is not None:
        return of_form(form, fields)
    return {name: values for name, values in fields.items() if name not in OWN and not name.startswith(f"{LETTER}_")}


def edited(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Letters that this person changed: key to subject and text. One left as it was is made anew from the answers."""
    found: dict[str, list[str]] = {}
    for name in fields:
        if name.startswith(f"{LETTER}_tekst:"):
            key = name.partition(":")[2]
            now = [first(fields, f"{LETTER}_onderwerp:{key}"), first(fields, name)]
            was = [first(fields, f"{LETTER}_onderwerp_was:{key}"), first(fields, f"{LETTER}_tekst_was:{key}")]
            if [part.strip() for part in now] != [part.strip() for part in was]:
                found[key] = now
    return found
