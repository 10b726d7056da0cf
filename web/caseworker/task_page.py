"""The page of a task: everything on it, worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.case.roles import COORDINATOR
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import Person, name_of
from schuldhulp.tasks.forms import Complaint, FormView, markdown, view
from schuldhulp.tasks.going_back import earlier_steps, may_go_back, skip_role
from schuldhulp.tasks.inventory.filling import lists_of_task
from schuldhulp.tasks.story import roles_in_words
from schuldhulp.tasks.work import OpenTask, needs_of_task, preview_letters, typed_values
from schuldhulp.web.caseworker.drafts import NOTHING, Kept
from schuldhulp.web.caseworker.inbox import day_of
from schuldhulp.web.caseworker.term_views import TermView, running
from schuldhulp.web.visitors import Visitor
from schuldhulp.web.words import Countdown, countdown, moment


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter that goes out with the task: as it would be, and as this person left it."""

    key: str
    name: str
    subject: str
    text: str
    was_subject: str
    was_text: str
    html: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A precondition that does not hold."""

    requirement: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Notice:
    text: str
    kind: str = "info"


@dataclass(frozen=True, slots=True)
class Colleague:
    account: int
    name: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What came back with a post that was not taken."""

    raw: Mapping[str, list[str]] | None = None
    complaints: Sequence[Complaint] = ()
    notices: Sequence[Notice] = ()
    failed: Sequence[Failed] = ()
    blocked: bool = False
    reason: str = ""
    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    draft_version: int | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """A step to which this person may go back."""

    element: str
    name: str


@dataclass(frozen=True, slots=True)
class PaperLink:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    """`state`: mine | free | other | closed_to_me; `seen`: up to where the file was read when the form was first shown."""

    title: str
    case: str
    case_url: str
    url: str
    module: str
    who: str
    state: str
    holder: str
    held_since: str
    roles: str
    opened: str
    version: int
    seen: int
    form: FormView | None
    letters: tuple[LetterView, ...]
    letters_later: bool
    draft_version: int
    draft_saved: str
    notices: Sequence[Notice]
    failed: Sequence[Failed]
    blocked: bool
    reason: str
    fatal: Countdown | None
    target: Countdown | None
    terms: tuple[TermView, ...]
    colleagues: tuple[Colleague, ...]
    may_release: bool
    may_skip: bool
    earlier: tuple[Earlier, ...]
    description: str
    papers: tuple[PaperLink, ...] = ()
    """Documents that were added with this task."""
    sheet_url: str = ""
    """Where the lists of the form can be had as a spreadsheet; nothing when it has none."""
    section: str = "taken"


def task_page(who: Visitor, shown: OpenTask, draft: Kept = NOTHING, sent: Sent | None = None) -> TaskPage:
    """*draft*: what this person left half done; *sent*: what they just sent, which goes before the draft."""
    sent = sent or Sent(raw=draft.raw or None, letters=draft.letters, seen=draft.seen)
    task, engine = shown.task, who.engine
    today = engine.clock().astimezone(CIVIL).date()
    state = _state(who.person, shown)
    letters, later = _letters(who, shown, sent.letters, typed_values(shown, sent.raw))
    fatal = next((term.ends for term in shown.terms if term.term == task.term), None)
    return TaskPage(
        title=task.name,
        case=shown.case.number,
        case_url=f"/zaken/{shown.case.number}",
        url=f"/zaken/{shown.case.number}/taken/{task.task}",
        module=_title(shown),
        who="",
        state=state,
        holder="U" if state == "mine" else name_of(engine, task.claimed_by),
        held_since=moment(task.claimed_at, today) if task.claimed_at else "",
        roles=roles_in_words(task.roles),
        opened=moment(task.opened_at, today),
        version=task.version,
        seen=shown.seen if sent.seen is None else sent.seen,
        form=view(shown.form, sent.raw, sent.complaints, shown.context, needs_of_task(shown)) if shown.form else None,
        letters=letters,
        letters_later=later,
        draft_version=draft.version if sent.draft_version is None else sent.draft_version,
        draft_saved=f"Concept bewaard {draft.when}" if draft.version else "",
        notices=sent.notices,
        failed=sent.failed,
        blocked=sent.blocked,
        reason=sent.reason,
        fatal=countdown(fatal, today, engine.calendar) if fatal else None,
        target=countdown(day_of(task.target), today, engine.calendar) if task.target else None,
        terms=running(engine, shown.terms, today),
        colleagues=_colleagues(engine, who.person, shown) if state == "mine" or COORDINATOR in who.person.roles else (),
        may_release=state == "mine" or (state == "other" and COORDINATOR in who.person.roles),
        may_skip=state in ("mine", "free") and skip_role(who.person, shown) is not None,
        earlier=_earlier(who, shown, today),
        description=shown.node.documentation if shown.node else "",
        papers=tuple(_papers(who, shown)),
        sheet_url=f"/zaken/{shown.case.number}/taken/{task.task}/inventaris" if lists_of_task(shown, sent.raw or {}) else "",
    )


def _papers(who: Visitor, shown: OpenTask) -> Iterator[PaperLink]:
    if shown.case.papers:
        for paper in reversed(who.engine.papers(shown.case.number)):
            if paper.task == shown.task.task and not paper.gone:
                yield PaperLink(paper.name, f"/zaken/{shown.case.number}/documenten/{paper.document}")


def _earlier(who: Visitor, shown: OpenTask, today: date) -> tuple[Earlier, ...]:
    if not may_go_back(who.person, shown):
        return ()
    steps = earlier_steps(who.engine, shown)
    return tuple(Earlier(step.element, f"{step.name} ({moment(step.ended_at, today)})") for step in steps)


def _state(person: Person, shown: OpenTask) -> str:
    if shown.task.claimed_by is not None:
        return "mine" if shown.task.claimed_by == person.account else "other"
    return "free" if not shown.task.roles or set(shown.task.roles) & set(person.may_take) else "closed_to_me"


def _title(shown: OpenTask) -> str:
    if shown.module is None:
        return "Hele zaak"
    found = (value for name, value, _ in shown.module.properties if name == "title")
    return next(found, shown.module.name or shown.module.process)


def _letters(
    who: Visitor, shown: OpenTask, edited: Mapping[str, tuple[str, str]], answers: Mapping[str, Any]
) -> tuple[tuple[LetterView, ...], bool]:
    """Letters as they would be now. The second is true when a letter cannot be made before the form is filled in."""
    by = who.person.actor(wanted=shown.task.roles)
    try:
        made = preview_letters(who.engine, shown.case.number, shown.task.task, by, answers)
    except CommandRefused:
        return (), True
    deployment = who.engine.deployment()
    views = []
    for key, written in made.items():
        subject, text = edited.get(key, (written.subject, written.text))
        name = f"{key}: {written.subject}" if key in deployment.letters else key
        views.append(LetterView(key, name, subject, text, written.subject, written.text, markdown.html(text)))
    return tuple(views), False


def _colleagues(engine: Engine, person: Person, shown: OpenTask) -> tuple[Colleague, ...]:
    """Who else may do this task."""
    return tuple(
        Colleague(account.number, account.name or account.login or str(account.number))
        for account in engine.accounts()
        if account.active and account.number != person.account and set(account.roles) & set(shown.task.roles)
    )


def today_of(engine: Engine) -> date:
    return engine.clock().astimezone(CIVIL).date()
