"""What a case is at one moment: the fold of its facts. Open things only; history lives in the log.

Storage forms throughout (plain JSON values), so that a snapshot is these structs and nothing else.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec


class Struct(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of the parts of a case."""


class Instance(Struct, frozen=True, kw_only=True):
    """A module instance. `data`: variables of this run; `tokens`: live token -> element; `timers`: open timer -> (element, due);
    `waits`: open subscription -> (kind, name, keys)."""

    instance: int
    module: str
    process: str
    deployment: str
    how: str
    started_at: datetime
    status: str = "running"
    """running | suspended | completed | terminated | error | cancelled"""
    caller: tuple[int, int] | None = None
    origin: int | None = None
    origin_module: str | None = None
    shares: int | None = None
    data: dict[str, Any] = {}
    tokens: dict[int, str] = {}
    timers: dict[int, tuple[str, datetime]] = {}
    waits: dict[int, tuple[str, str, str, dict[str, Any]]] = {}
    offers: dict[int, tuple[str, tuple[str, ...]]] = {}
    """Open ad-hoc scope -> (element, activities that may be started)."""
    held: tuple[dict[str, Any], ...] = ()
    """What happened while it was suspended and waits to be taken: stimuli of the executor, as plain data."""

    @property
    def running(self) -> bool:
        return self.status == "running"


class Task(Struct, frozen=True, kw_only=True):
    """An open task. `version`: sequence of the last fact that touched it."""

    task: int
    kind: str
    name: str
    roles: tuple[str, ...]
    opened_at: datetime
    version: int
    instance: int | None = None
    work: int | None = None
    element: str | None = None
    form: str | None = None
    index: int | None = None
    target: datetime | None = None
    follow_up: datetime | None = None
    priority: int = 50
    term: int | None = None
    claimed_by: int | None = None
    claimed_at: datetime | None = None
    locals: dict[str, Any] = {}
    """Local variables in reach (the item of a multi-instance step), in storage form."""


class Suspension(Struct, frozen=True, kw_only=True):
    """Days on which a term stands still; the fields are those of rules.terms.Suspension (`start` is its `from_`)."""

    ground: str
    asked: date | None = None
    set_term: date | None = None
    done: date | None = None
    start: date | None = None
    until: date | None = None


class Adjournment(Struct, frozen=True, kw_only=True):
    """More time; the fields are those of rules.terms.Adjournment."""

    length: int
    unit: str
    on: date
    consent: bool = False


class Term(Struct, frozen=True, kw_only=True):
    """A term that is neither met nor cancelled (missed ones stay until they are met late). `ends` None: it stands still
    and nobody knows until when."""

    term: int
    rule: str
    article: str
    trigger: date
    ends: date | None
    law: str
    instance: int | None = None
    element: str | None = None
    target: date | None = None
    other: date | None = None
    length: int | None = None
    committee: bool = False
    accepted: date | None = None
    anchor: int | None = None
    warn_on: date | None = None
    suspensions: tuple[Suspension, ...] = ()
    adjournments: tuple[Adjournment, ...] = ()
    told: tuple[str, ...] = ()
    """What was said already: warning, target, missed."""

    @property
    def missed(self) -> bool:
        return "missed" in self.told


class Document(Struct, frozen=True, kw_only=True):
    """A letter that was made and not yet sent."""

    document: int
    letter: str
    instance: int | None = None
    element: str | None = None


class Incident(Struct, frozen=True, kw_only=True):
    incident: int
    code: str
    instance: int | None = None
    element: str | None = None
    work: int | None = None
    """The external work that was given up."""


class Case(Struct, frozen=True, kw_only=True):
    """A case, the dossier (C-D01). `changed`: dictionary key -> sequence of its last change; `data`: the file, in storage form.

    A list datum is stored as `{"next": n, "items": {"1": {...}}}`: items keep their number for ever.
    """

    number: str = ""
    sequence: int = 0
    opened_at: datetime | None = None
    at: datetime | None = None
    """Time of the last fact; no later command may be before it."""
    status: str = "open"
    data: dict[str, Any] = {}
    changed: dict[str, int] = {}
    instances: dict[int, Instance] = {}
    tasks: dict[int, Task] = {}
    terms: dict[int, Term] = {}
    documents: dict[int, Document] = {}
    papers: dict[int, int] = {}
    """Documents that people added (number -> bytes); 0 for one that was removed."""
    incidents: dict[int, Incident] = {}
    counts: dict[str, int] = {}
    """Last used ordinal of: instance, task, term, document, incident."""
    erased: tuple[str, ...] = ()
    received: tuple[str, ...] = ()
    """Keys of the last messages that came in, so that a repetition is known."""
    ended: dict[str, int] = {}
    """How many instances of each module have ended."""

    def owner(self, instance: int | None) -> int | None:
        """The instance that holds the variables of *instance*: itself, or the one that called it in the same file."""
        while instance in self.instances and self.instances[instance].shares is not None:
            instance = self.instances[instance].shares
        return instance

    def next(self, kind: str) -> int:
        """The next ordinal of *kind*."""
        return self.counts.get(kind, 0) + 1
