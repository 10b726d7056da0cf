"""The facts of a case, in the past tense: what the log keeps for ever.

One command gives one batch of facts; the first is `CommandGiven` with everything that was read from outside. A fact has a
clear part (its own fields: ids, element ids, codes, dates of law) and `personal`: values that are sealed under the data key
of their subject at storage. Keys of `personal` are "<subject>:<retention class>", such as "client:dossier"; after erasure
such an entry is simply missing. Facts are flat and frozen. A released class never changes its meaning: add `...2` beside it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import msgspec

Personal = dict[str, dict[str, Any]]
"""Subject and retention class ("client:dossier") to plain JSON values."""

DOSSIER = "client:dossier"
"""Where values go of which the dictionary says nothing narrower."""


def sealed(fact: Fact) -> dict[str, Any]:
    """What is sealed in a fact that has it all under one subject: the file's, or that of the module it is about. Nothing when
    there is nothing, or its key was erased."""
    return next(iter(fact.personal.values()), {})


class Actor(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who acts: an account number (never a name), the role used, for whom, and through which program."""

    account: int
    role: str
    on_behalf_of: int | None = None
    program: str = "cli"


class Fact(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", omit_defaults=True):
    """Base of all facts."""

    personal: Personal = {}


class CommandGiven(Fact, frozen=True, kw_only=True, tag="command_given"):
    """The head of each batch. `command` names it; its data are in `personal`; `seen` is what the sender's screen showed:
    the task version, and the sequence number up to which the file was read."""

    command: str
    by: Actor
    product: str
    law: str
    task: int | None = None
    instance: int | None = None
    seen: int | None = None


class CaseOpened(Fact, frozen=True, kw_only=True, tag="case_opened"):
    number: str


class CaseClosed(Fact, frozen=True, kw_only=True, tag="case_closed"):
    outcome: str


class InstanceStarted(Fact, frozen=True, kw_only=True, tag="instance_started"):
    """A module instance began. `how`: called | handover | choice. `caller`: (instance, work) that waits for it;
    `origin`: the instance that called or handed over, of `origin_module`."""

    instance: int
    module: str
    process: str
    deployment: str
    how: str
    caller: tuple[int, int] | None = None
    origin: int | None = None
    origin_module: str | None = None
    shares: int | None = None
    """The instance whose variables it uses: a process of the same file stays inside the instance that called it."""


class InstanceEnded(Fact, frozen=True, kw_only=True, tag="instance_ended"):
    """`how`: completed | terminated | error | cancelled."""

    instance: int
    how: str
    code: str | None = None


class InstanceSuspended(Fact, frozen=True, kw_only=True, tag="instance_suspended"):
    """Nothing moves in the instance and its timers wait, until it is resumed. The reason stands in `personal`."""

    instance: int


class InstanceResumed(Fact, frozen=True, kw_only=True, tag="instance_resumed"):
    """The instance moves again; what was held for it is taken next."""

    instance: int


class InstanceCancelled(Fact, frozen=True, kw_only=True, tag="instance_cancelled"):
    """A person ended the instance before its time; the reason stands in `personal`. What that brings about (work, timers,
    called instances, the caller) follows as facts of its own. `terms`: end | keep, what became of the terms that hang on it."""

    instance: int
    terms: str


class InstanceMigrated(Fact, frozen=True, kw_only=True, tag="instance_migrated"):
    """The instance goes on under another deployment. Token state after it: `engine.bpmn.run.migrate` with the old graph, the
    new one and `mapping` (old element -> new element, for those that have another id now).

    `lost`: (timer or subscription, element) that the new process no longer has. `offers`: (open ad-hoc scope, element,
    activities). `tasks`: (task, element, name, roles, form) of its open user tasks as the new process has them.
    """

    instance: int
    source: str
    deployment: str
    process: str
    module: str
    mapping: dict[str, str]
    lost: tuple[tuple[int, str], ...] = ()
    offers: tuple[tuple[int, str, tuple[str, ...]], ...] = ()
    tasks: tuple[tuple[int, str, str, tuple[str, ...], str | None], ...] = ()


class StimulusHeld(Fact, frozen=True, kw_only=True, tag="stimulus_held"):
    """Something happened to a suspended instance (a message, called work that was done): it is taken when the instance is
    resumed. `stimulus` is the executor's own; what it carries stands in `personal` ("payload")."""

    instance: int
    stimulus: dict[str, Any]


class Advanced(Fact, frozen=True, kw_only=True, tag="advanced"):
    """The process moved: one step of the executor.

    `stimulus` and `facts` are the executor's own (see engine/bpmn/run/contract.py), as plain data; values that may be
    personal stand in `personal` under "values", keyed by their position ("stimulus", "3"). Driving the executor with the
    stimulus and the recorded answers gives the same state again.
    """

    instance: int
    stimulus: dict[str, Any]
    facts: tuple[dict[str, Any], ...]


class DataRecorded(Fact, frozen=True, kw_only=True, tag="data_recorded"):
    """Data of the file (instance None) or of an instance changed.

    `paths` such as `schulden[3].saldo` in order; `personal[subject]["changes"]` maps each path to [old, new] in storage
    form (absent = no such item). `why`: form | assignment | decision | import | correction.
    """

    instance: int | None
    paths: tuple[str, ...]
    why: str


class TaskOpened(Fact, frozen=True, kw_only=True, tag="task_opened"):
    """`kind`: user | referral | escalation. `work` is the executor's work id within the instance (user tasks).

    Sealed: `locals`, the local variables in reach (the item of a multi-instance step), in storage form.
    """

    task: int
    kind: str
    instance: int | None
    work: int | None
    element: str | None
    name: str
    roles: tuple[str, ...]
    form: str | None = None
    index: int | None = None
    target: datetime | None = None
    follow_up: datetime | None = None
    priority: int = 50
    term: int | None = None
    assignee: int | None = None


class TaskClaimed(Fact, frozen=True, kw_only=True, tag="task_claimed"):
    task: int
    account: int


class TaskReleased(Fact, frozen=True, kw_only=True, tag="task_released"):
    task: int


class TaskAssigned(Fact, frozen=True, kw_only=True, tag="task_assigned"):
    """Given to a person by another; the reason stands in `personal`."""

    task: int
    account: int


class TaskDeferred(Fact, frozen=True, kw_only=True, tag="task_deferred"):
    task: int
    until: date


class TaskCompleted(Fact, frozen=True, kw_only=True, tag="task_completed"):
    """Answers with scope local, which live nowhere else, stand in `personal` ("local")."""

    task: int


class TaskSkipped(Fact, frozen=True, kw_only=True, tag="task_skipped"):
    """An optional step was left out, with a reason (in `personal`)."""

    task: int


class TaskCancelled(Fact, frozen=True, kw_only=True, tag="task_cancelled"):
    task: int


class JumpedBack(Fact, frozen=True, kw_only=True, tag="jumped_back"):
    """A person sent the work of a task back to an earlier step, with a reason (in `personal`)."""

    task: int
    to: str


class DecisionTaken(Fact, frozen=True, kw_only=True, tag="decision_taken"):
    """A table was evaluated. Inputs, outputs and why stand in `personal` ("inputs", "outputs", "why")."""

    instance: int | None
    element: str | None
    decision: str
    hash: str
    matched: tuple[int, ...]


class DecisionOverridden(Fact, frozen=True, kw_only=True, tag="decision_overridden"):
    """A person put another outcome in place of the last one of this decision; both outcomes and the reason are personal."""

    instance: int
    decision: str


class PreconditionPassed(Fact, frozen=True, kw_only=True, tag="precondition_passed"):
    """A warning was overridden with a reason (in `personal`). `requirement` such as M5-R03."""

    task: int | None
    instance: int | None
    requirement: str


class RegisterNoted(Fact, frozen=True, kw_only=True, tag="register_noted"):
    """How a precondition of level register or waarschuw stood when a module started; it stopped nothing. `holds` None: it could
    not be worked out. `sentence`: what is missing when it does not hold, in Dutch, as the model says it."""

    instance: int
    requirement: str
    level: str
    holds: bool | None
    sentence: str


class Tallied(Fact, frozen=True, kw_only=True, tag="tallied"):
    """Something was taken from what all cases share, such as a budget: `cents` of `name` on that day. `used`: what all cases
    together had taken in the year of that day, before this. The n-th of the case."""

    tally: int
    name: str
    on: date
    cents: int
    used: int
    instance: int
    element: str


class TermStarted(Fact, frozen=True, kw_only=True, tag="term_started"):
    """A statutory or policy term began to run. `trigger` is the date of the fact, `ends` its last day, `target` the
    organisation's own earlier date, `other` the end under the other reading of a contested rule, `warn_on` the day on
    which somebody is told that it ends soon. `anchor`: the term whose last day is the trigger (Awb 7:10 hangs on 6:7)."""

    term: int
    rule: str
    article: str
    instance: int | None
    element: str | None
    trigger: date
    ends: date
    law: str
    target: date | None = None
    other: date | None = None
    length: int | None = None
    committee: bool = False
    accepted: date | None = None
    anchor: int | None = None
    warn_on: date | None = None


class TermMet(Fact, frozen=True, kw_only=True, tag="term_met"):
    term: int
    on: date
    late: bool


class TermMissed(Fact, frozen=True, kw_only=True, tag="term_missed"):
    """The last day passed and the term was not met."""

    term: int
    on: date


class TermWarned(Fact, frozen=True, kw_only=True, tag="term_warned"):
    """`about`: warning (some working days before) | target (the organisation's own date came)."""

    term: int
    about: str
    on: date


class TermSuspended(Fact, frozen=True, kw_only=True, tag="term_suspended"):
    """The term stands still on a ground such as "4:15-1-a" (rules/terms): `asked` the day of the invitation, `set_term`
    the last day set for the answer; or `start` and `until`, inclusive, of a period. `ends` None: nobody knows yet."""

    term: int
    ground: str
    ends: date | None
    asked: date | None = None
    set_term: date | None = None
    start: date | None = None
    until: date | None = None
    other: date | None = None
    warn_on: date | None = None


class TermResumed(Fact, frozen=True, kw_only=True, tag="term_resumed"):
    """The open suspension on `ground` ended: answered or received on that day (invitation, inquiry), or with that day as
    its last (period)."""

    term: int
    ground: str
    on: date
    ends: date | None
    other: date | None = None
    warn_on: date | None = None


class TermAdjourned(Fact, frozen=True, kw_only=True, tag="term_adjourned"):
    """Put off by `length` units (verdaging), on that day, with or without consent; the reason stands in `personal`."""

    term: int
    length: int
    unit: str
    on: date
    consent: bool
    ends: date | None
    other: date | None = None
    warn_on: date | None = None


class TermDelayTold(Fact, frozen=True, kw_only=True, tag="term_delay_told"):
    """The applicant was told that it will be late, and when to expect it (Awb 4:14 lid 1). Moves nothing."""

    term: int
    on: date
    expected: date


class TermCorrected(Fact, frozen=True, kw_only=True, tag="term_corrected"):
    """The date of the fact that started the term was wrong: everything that hangs on it is computed anew."""

    term: int
    trigger: date
    ends: date | None
    target: date | None = None
    other: date | None = None
    warn_on: date | None = None


class TermRecomputed(Fact, frozen=True, kw_only=True, tag="term_recomputed"):
    """The same facts counted again under another version of the law data or the calendar."""

    term: int
    ends: date | None
    law: str
    other: date | None = None
    warn_on: date | None = None


class TermCancelled(Fact, frozen=True, kw_only=True, tag="term_cancelled"):
    """The term no longer applies; the reason stands in `why`."""

    term: int
    why: str


class LetterMade(Fact, frozen=True, kw_only=True, tag="letter_made"):
    """A letter was written; its text is personal ("subject", "text"). `hash`: of the template."""

    document: int
    letter: str
    hash: str
    instance: int | None
    element: str | None


class LetterSent(Fact, frozen=True, kw_only=True, tag="letter_sent"):
    """Sent: from here terms start that run from announcement. Channel: post | email | portal | handed_over."""

    document: int
    on: date
    channel: str


class LetterFiled(Fact, frozen=True, kw_only=True, tag="letter_filed"):
    """The PDF of a sent letter is in the file. Sealed: "sha256" of its bytes, "engine" that made it, and "replaced": signs that
    could not be printed."""

    document: int


class LetterPrinted(Fact, frozen=True, kw_only=True, tag="letter_printed"):
    """A letter was printed by the post room: its place on the post list of a day (Awb 3:41)."""

    document: int
    list: date
    place: int


class LetterReceipt(Fact, frozen=True, kw_only=True, tag="letter_receipt"):
    """What is known of a letter after it was sent. `what`: posted | portal | received | opened | returned; a reference or
    remark stands in `personal` ("note")."""

    document: int
    what: str
    on: date


class DocumentAdded(Fact, frozen=True, kw_only=True, tag="document_added"):
    """A person put a document in the file (C-D10); its number is of the same row as that of letters. `media_type` and `size`:
    of its bytes, which lie sealed beside the facts. `task`: the open task it was added with, of `instance`.

    What it says stands under a subject of its own, `client.document[3]:dossier`, so that one document can be taken away for good:
    "name", "sha256" of its bytes, and what is known of "kind", "description", "dated", "received" and "sender".
    """

    document: int
    media_type: str
    size: int
    task: int | None = None
    instance: int | None = None


class DocumentRemoved(Fact, frozen=True, kw_only=True, tag="document_removed"):
    """A document that did not belong in the file was taken out: its data key was destroyed, so that neither its bytes nor its
    name can be read any more. The reason stands in `personal`."""

    document: int


class HandedOver(Fact, frozen=True, kw_only=True, tag="handed_over"):
    """A handover to a module: `to` is the new instance, None when the module is not here and a referral task was opened."""

    instance: int
    module: str
    to: int | None


class MessageSent(Fact, frozen=True, kw_only=True, tag="message_sent"):
    """A message or signal left this case through the outbox. `kind`: message | signal."""

    instance: int
    element: str
    kind: str
    name: str


class MessageReceived(Fact, frozen=True, kw_only=True, tag="message_received"):
    """A message or signal of another case or program came in; `key` makes a repetition harmless."""

    kind: str
    name: str
    key: str


class IncidentRaised(Fact, frozen=True, kw_only=True, tag="incident_raised"):
    """Something failed and was rolled back; the text of the error stands in `personal`. `work`: the external work that was
    given up, when it is that."""

    incident: int
    instance: int | None
    element: str | None
    code: str
    work: int | None = None


class IncidentResolved(Fact, frozen=True, kw_only=True, tag="incident_resolved"):
    incident: int


class SubjectErased(Fact, frozen=True, kw_only=True, tag="subject_erased"):
    """The data key of a subject was destroyed; `subjects` are keys of `personal`."""

    subjects: tuple[str, ...]
    basis: str


class DeploymentRegistered(Fact, frozen=True, kw_only=True, tag="deployment_registered"):
    """Stream "deployments": a frozen set of definitions came into force."""

    deployment: str
    files: dict[str, str]
    valid_from: datetime


class AccountChanged(Fact, frozen=True, kw_only=True, tag="account_changed"):
    """Stream "accounts": an account was made or changed. Name and login are personal under "account<N>:staff"."""

    account: int
    roles: tuple[str, ...]
    active: bool


class TokenMade(Fact, frozen=True, kw_only=True, tag="token_made"):
    """Stream "accounts": a program may call the API as this account, with the token whose sha256 this is. `scopes`: what for."""

    token: int
    account: int
    hash: str
    scopes: tuple[str, ...]
    until: datetime | None = None


class TokenWithdrawn(Fact, frozen=True, kw_only=True, tag="token_withdrawn"):
    """Stream "accounts": the token is of no use any more."""

    token: int


class CoverNamed(Fact, frozen=True, kw_only=True, tag="cover_named"):
    """Stream "accounts": while `account` is away, from `first` to `last` included, `cover` may take over their tasks (C-E08).
    `cover` None: what was said of these days is taken back."""

    account: int
    cover: int | None
    first: date
    last: date


ALL_FACTS: tuple[type[Fact], ...] = tuple(
    cls for cls in list(globals().values()) if isinstance(cls, type) and issubclass(cls, Fact) and cls is not Fact
)
"""Every released fact; the tag is the `type` in the log."""
