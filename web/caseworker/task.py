"""A task: look at it, take it, fill it in, finish it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from fastapi import APIRouter
from starlette.responses import JSONResponse, RedirectResponse, Response

from schuldhulp.engine.case import errors as e
from schuldhulp.engine.case.errors import CommandRefused
from schuldhulp.engine.definitions.dutch import CIVIL
from schuldhulp.engine.handle import Done
from schuldhulp.engine.history.errors import DraftConflict
from schuldhulp.engine.model.facts import Actor
from schuldhulp.tasks.forms import Complaint, add_row, of_form, remove_row
from schuldhulp.tasks.forms.needed import lacking
from schuldhulp.tasks.going_back import earlier_steps, roles_to_go_back, skip_role, step_named
from schuldhulp.tasks.work import FormRefused, OpenTask, complete_with_posted, needs_of_task, see_task
from schuldhulp.web.caseworker import drafts
from schuldhulp.web.caseworker.access import admit
from schuldhulp.web.caseworker.conflict import closed, conflict_page
from schuldhulp.web.caseworker.papers import adding_url
from schuldhulp.web.caseworker.task_page import Failed, Notice, Sent, task_page
from schuldhulp.web.pages import render
from schuldhulp.web.refusals import in_dutch, status_of
from schuldhulp.web.visitors import Asker, Posted, Poster, Visitor, first, note, whole

router = APIRouter(include_in_schema=False, prefix="/zaken/{case}/taken/{task}")
Fields = Mapping[str, list[str]]


@router.get("")
def show_task(who: Asker, case: str, task: int) -> Response:
    admit(who, case, "taak bekijken")
    kept = drafts.kept(who, case, task)
    try:
        shown = _see(who, case, task)
    except e.TaskClosed as error:
        return render("conflict.html", conflict_page(who, case, task, error, typed=kept.raw), who.shell, status=410)
    return render("task.html", task_page(who, shown, kept), who.shell)


@router.post("")
def send_task(who: Poster, fields: Posted, case: str, task: int) -> Response:
    """What the form's buttons do: add or remove a row, keep as draft, complete."""
    admit(who, case, "taak doen")
    action, _, rest = first(fields, "actie").partition(":")
    try:
        shown = _see(who, case, task)
    except e.TaskClosed as error:
        return _refused(who, case, task, None, fields, error)
    if action in ("rij-erbij", "rij-weg") and shown.form is not None:
        key, _, handle = rest.partition(":")
        raw = of_form(shown.form, fields)
        more = action == "rij-erbij"
        raw = add_row(shown.form, raw, key, shown.context) if more else remove_row(shown.form, raw, key, handle)
        return _again(who, shown, fields, Sent(raw=raw), 200)
    if action == "bewaren":
        return _keep(who, shown, fields)
    if action == "document":
        return _keep(who, shown, fields, adding_url(case, task, rest))
    return _complete(who, shown, fields)


@router.post("/formulier")
def form_again(who: Poster, fields: Posted, case: str, task: int) -> Response:
    """The same page with other answers: questions may appear or go, computed values change. Nothing is kept."""
    shown = _see(who, case, task)
    return _again(who, shown, fields, Sent(raw=of_form(shown.form, fields) if shown.form else None), 200)


@router.post("/concept")
def save_draft(who: Poster, fields: Posted, case: str, task: int) -> Response:
    """Keeps the form by itself, unchecked."""
    try:
        shown = _see(who, case, task)
        version = drafts.keep(who, case, task, shown.form, fields, whole(fields, "gezien"))
    except DraftConflict as conflict:
        at = f"{conflict.saved_at.astimezone(CIVIL):%H:%M}"
        return JSONResponse({"melding": f"Niet bewaard: in een ander venster is om {at} ook iets bewaard."}, 409)
    except CommandRefused as error:
        return JSONResponse({"melding": f"Niet bewaard: {in_dutch(who.engine, error)}"}, status_of(error))
    at = f"{who.engine.clock().astimezone(CIVIL):%H:%M}"
    return JSONResponse({"versie": version, "tijd": at})


@router.post("/oppakken")
def claim(who: Poster, case: str, task: int) -> Response:
    return _act(who, case, task, "", lambda shown: who.engine.claim(case, task, _actor(who, shown)))


@router.post("/teruggeven")
def release(who: Poster, fields: Posted, case: str, task: int) -> Response:
    reason = first(fields, "reden")
    return _act(
        who, case, task, "teruggegeven", lambda shown: who.engine.release(case, task, _coordinating(who, shown), reason)
    )


@router.post("/toewijzen")
def assign(who: Poster, fields: Posted, case: str, task: int) -> Response:
    colleague, reason = whole(fields, "collega"), first(fields, "reden")
    if colleague is None:
        return RedirectResponse(f"/zaken/{case}/taken/{task}", 303)
    return _act(
        who, case, task, "toegewezen",
        lambda shown: who.engine.assign(case, task, colleague, reason, _coordinating(who, shown)),
    )  # fmt: skip


@router.post("/uitstellen")
def defer(who: Poster, fields: Posted, case: str, task: int) -> Response:
    """Hides the task until a day."""
    try:
        until = date.fromisoformat(first(fields, "tot"))
    except ValueError:
        return _task_with(who, case, task, "Kies tot welke dag de taak weg mag.", 422)
    return _act(
        who, case, task, "uitgesteld",
        lambda shown: who.engine.defer(case, task, until, first(fields, "reden"), _actor(who, shown)),
    )  # fmt: skip


@router.post("/overslaan")
def skip(who: Poster, fields: Posted, case: str, task: int) -> Response:
    return _act(
        who, case, task, "overgeslagen",
        lambda shown: who.engine.skip(case, task, first(fields, "reden"), who.person.actor(skip_role(who.person, shown))),
    )  # fmt: skip


@router.post("/terug")
def go_back(who: Poster, fields: Posted, case: str, task: int) -> Response:
    """Back to an earlier step, with a reason."""
    step = first(fields, "stap")

    def act(shown: OpenTask) -> Done:
        known = step_named(earlier_steps(who.engine, shown), step)
        by = who.person.actor(wanted=roles_to_go_back(who.person, shown))
        return who.engine.jump_back(case, task, known.element, first(fields, "reden"), by)

    return _act(who, case, task, "teruggegaan", act)


def _see(who: Visitor, case: str, task: int) -> OpenTask:
    """Raises TaskClosed for a task that was open once, NoSuchThing for one that never was."""
    try:
        return see_task(who.engine, case, task, who.person.actor())
    except e.NoSuchThing as error:
        raise (closed(who, case, task) or error) from error


def _actor(who: Visitor, shown: OpenTask) -> Actor:
    return who.person.actor(wanted=shown.task.roles)


def _coordinating(who: Visitor, shown: OpenTask) -> Actor:
    """In the role that fits one's own task, else as coordinator when one is."""
    own = shown.task.claimed_by == who.person.account
    return who.person.actor(wanted=shown.task.roles if own else ("teamleider",))


def _act(who: Visitor, case: str, task: int, said: str, act: Callable[[OpenTask], Done]) -> Response:
    """Do something with a task, then show it, or the inbox when it is no longer this person's."""
    admit(who, case, "taak doen")
    try:
        act(_see(who, case, task))
    except (e.TaskClosed, e.TaskClaimedByOther) as error:
        return render("conflict.html", conflict_page(who, case, task, error), who.shell, status=409)
    except CommandRefused as error:
        return _task_with(who, case, task, in_dutch(who.engine, error), status_of(error))
    where = "/taken" if said else f"/zaken/{case}/taken/{task}"
    answer = RedirectResponse(where, 303)
    return note(answer, said) if said else answer


def _task_with(who: Visitor, case: str, task: int, text: str, status: int) -> Response:
    shown = _see(who, case, task)
    kept = drafts.kept(who, case, task)
    sent = Sent(raw=kept.raw or None, letters=kept.letters, seen=kept.seen, notices=(Notice(text, "error"),))
    return render("task.html", task_page(who, shown, kept, sent), who.shell, status=status)


def _again(who: Visitor, shown: OpenTask, fields: Fields, sent: Sent, status: int) -> Response:
    """The page once more with what was sent."""
    letters = {key: (pair[0], pair[1]) for key, pair in drafts.edited(fields).items()}
    full = Sent(
        raw=sent.raw, complaints=sent.complaints, notices=sent.notices, failed=sent.failed, blocked=sent.blocked,
        reason=first(fields, "reden"), letters=letters, draft_version=whole(fields, "concept_versie") or 0,
        seen=whole(fields, "gezien"),
    )  # fmt: skip
    kept = drafts.kept(who, shown.case.number, shown.task.task)
    return render("task.html", task_page(who, shown, kept, full), who.shell, status=status)


def _keep(who: Visitor, shown: OpenTask, fields: Fields, onward: str = "") -> Response:
    """Keep as a draft, then the task again, or *onward*: to where a document is added."""
    case, task = shown.case.number, shown.task.task
    try:
        drafts.keep(who, case, task, shown.form, fields, whole(fields, "gezien"))
    except DraftConflict as conflict:
        at = f"{conflict.saved_at.astimezone(CIVIL):%H:%M}"
        text = f"In een ander venster is om {at} ook iets bewaard. Bewaar opnieuw om te houden wat hieronder staat."
        newer = {**fields, "concept_versie": [str(conflict.actual)]}
        raw = of_form(shown.form, fields) if shown.form else None
        return _again(who, shown, newer, Sent(raw=raw, notices=(Notice(text, "warning"),)), 409)
    if onward:
        return RedirectResponse(onward, 303)
    return note(RedirectResponse(f"/zaken/{case}/taken/{task}", 303), "bewaard")


def _complete(who: Visitor, shown: OpenTask, fields: Fields) -> Response:
    case, task = shown.case.number, shown.task.task
    letters = {key: (pair[0], pair[1]) for key, pair in drafts.edited(fields).items()}
    raw = of_form(shown.form, fields) if shown.form else None
    try:
        complete_with_posted(
            who.engine, case, task, dict(fields), _actor(who, shown), seen=whole(fields, "gezien"),
            reason=first(fields, "reden"), letters=letters,
        )  # fmt: skip
    except FormRefused as error:
        appeared = () if error.complaints else (Notice("Door uw antwoord zijn er vragen bijgekomen. Vul die ook in."),)
        complaints = _all_complaints(shown, error)
        return _again(who, shown, fields, Sent(raw=error.read.raw, complaints=complaints, notices=appeared), 422)
    except e.PreconditionFailed as error:
        return _again(who, shown, fields, _failing(shown, raw, error), 422)
    except (e.TaskClosed, e.TaskClaimedByOther, e.DataChanged) as error:
        return _refused(who, case, task, shown, fields, error)
    except CommandRefused as error:
        drafts.keep_whatever(who, case, task, shown.form, fields, whole(fields, "gezien"))
        notices = (Notice(in_dutch(who.engine, error), "error"),)
        return _again(who, shown, fields, Sent(raw=raw, notices=notices), status_of(error))
    who.engine.drop_draft(case, task, who.person.account)
    return note(RedirectResponse(f"/zaken/{case}", 303), "afgerond")


def _all_complaints(shown: OpenTask, error: FormRefused) -> tuple[Complaint, ...]:
    """With what the task cannot do without, so that a person hears everything at once."""
    if shown.form is None or not error.complaints:
        return error.complaints
    lacks = lacking(shown.form, needs_of_task(shown), error.read.raw, shown.context)
    known = {one.name for one in error.complaints}
    return (*error.complaints, *(one for one in lacks if one.name not in known))


def _failing(shown: OpenTask, raw: Mapping[str, list[str]] | None, error: e.PreconditionFailed) -> Sent:
    """What is lacking on the form is said at the question; the rest of what does not hold above the form."""
    needs = needs_of_task(shown)
    lacks = lacking(shown.form, needs, raw, shown.context) if shown.form and raw is not None else ()
    keys = {one.name.rpartition(".")[2] for one in lacks}
    told = {need.sentence for need in needs if need.key in keys}
    failed = tuple(Failed(requirement, sentence) for requirement, sentence, _ in error.failed if sentence not in told)
    blocked = any(hard for _, sentence, hard in error.failed if sentence not in told)
    return Sent(raw=raw, complaints=lacks, failed=failed, blocked=blocked)


def _refused(
    who: Visitor, case: str, task: int, shown: OpenTask | None, fields: Fields, error: CommandRefused
) -> Response:
    """Another was first. What was typed stays as a draft, which counts as made with the new values in view."""
    seen = who.engine.case(case).sequence
    drafts.keep_whatever(who, case, task, shown.form if shown else None, fields, seen)
    typed = drafts.typed(shown.form if shown else None, fields)
    return render("conflict.html", conflict_page(who, case, task, error, shown, typed), who.shell, status=status_of(error))
