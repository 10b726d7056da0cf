"""Doing work: a task with its form, filled and completed; a module opened with its start form. For every face alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from schuldhulp.engine.bpmn.graph import Graph, Node
from schuldhulp.engine.case import letters as case_letters
from schuldhulp.engine.case import tasks as case_tasks
from schuldhulp.engine.case.errors import CommandRefused, NoSuchThing, NotNow
from schuldhulp.engine.case.evaluate import scope_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.forms import Form
from schuldhulp.engine.handle import Done, Engine
from schuldhulp.engine.model.case import Case, Task, Term
from schuldhulp.engine.model.facts import Actor
from schuldhulp.rules.feel import feel_value
from schuldhulp.tasks.forms import Complaint, Context, Raw, Read, prefill, read_posted, read_values
from schuldhulp.tasks.forms.interpret import interpret
from schuldhulp.tasks.forms.needed import Need, needs_of
from schuldhulp.tasks.motivation import drafts
from schuldhulp.tasks.papers import choices


class FormRefused(CommandRefused):
    """Answers do not fit the form; `read` has the complaints and all that was typed."""

    code = "form"

    def __init__(self, read: Read) -> None:
        self.read = read
        super().__init__("; ".join(str(complaint) for complaint in read.complaints) or "look at the form again.")

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        return self.read.complaints


@dataclass(frozen=True)
class OpenTask:
    """A task as a person sees it. `seen`: sequence of the case that the screen shows; `form` None: nothing to fill in."""

    case: Case
    task: Task
    node: Node | None
    module: Graph | None
    form: Form | None
    context: Context
    terms: tuple[Term, ...]
    letters: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def seen(self) -> int:
        return self.case.sequence


def see_task(engine: Engine, case: str, task: int, by: Actor, *, to_do: bool = False) -> OpenTask:
    """An open task with its form and what surrounds it; *to_do*: only when it is for this person now.

    To look at (not *to_do*) reasons are proposed where a form asks them and there are none yet: a person reads, mends and sends
    them, nothing is done with them unseen. Raises NoSuchThing, NoSuchCase; TaskClaimedByOther and NotAllowed when it is not for
    this person.
    """
    shown = _see_task(engine, case, task, by, to_do, {})
    proposed = {} if to_do else drafts(engine, shown.case, shown.task, shown.form, shown.context)
    return _see_task(engine, case, task, by, to_do, proposed) if proposed else shown


def _see_task(
    engine: Engine, case: str, task: int, by: Actor, to_do: bool, proposed: Mapping[str, str]
) -> OpenTask:
    def see(turn: Turn) -> OpenTask:
        found = case_tasks.may_do(turn, task) if to_do else case_tasks.open_task(turn, task)
        running = turn.case.instances.get(found.instance) if found.instance is not None else None
        deployment = turn.deployment_of(found.instance)
        graph = deployment.graph(running.process) if running is not None else None
        node = graph.nodes.get(found.element) if graph is not None and found.element is not None else None
        form = deployment.form(found.form) if found.form is not None else None
        return OpenTask(
            case=turn.case,
            task=found,
            node=node,
            module=graph,
            form=form,
            context=_context(turn, found.instance, found.element, {**case_tasks.local_values(found), **proposed}),
            terms=tuple(turn.case.terms.values()),
        )

    shown = engine.look(case, by, see)
    return replace(shown, context=_with_documents(engine, case, shown.form, shown.context))


def _with_documents(engine: Engine, case: str, form: Form | None, context: Context) -> Context:
    """A form that asks for documents is answered with those of the case."""
    if form is None or not form.asks_documents():
        return context
    return replace(context, documents=choices(engine, case))


def needs_of_task(shown: OpenTask) -> tuple[Need, ...]:
    """The questions that its preconditions cannot do without."""
    dictionary = shown.context.dictionary
    preconditions = shown.node.all_properties("precondition") if shown.node is not None else ()
    return needs_of(preconditions, frozenset(dictionary.entries) if dictionary is not None else frozenset())


def preview_letters(
    engine: Engine, case: str, task: int, by: Actor, answers: Mapping[str, Any] | None = None
) -> dict[str, case_letters.Written]:
    """Letters that go out with a task, by key, as they would read now with *answers* (plain values) on its form."""
    known = {key: feel_value(value) for key, value in (answers or {}).items()}

    def see(turn: Turn) -> dict[str, case_letters.Written]:
        found = case_tasks.open_task(turn, task)
        return {
            key: case_letters.write(turn, found.instance, found.element, key, known)
            for key in case_tasks.letters_now(turn, found)
        }

    return engine.look(case, by, see)


def typed_values(shown: OpenTask, raw: Raw | None) -> dict[str, Any]:
    """What stands on the form outside lists and can be read (plain values); *raw* None: the form as it is opened."""
    if shown.form is None:
        return {}
    standing = interpret(shown.form, prefill(shown.form, shown.context) if raw is None else raw, shown.context)
    fields = (field for field in shown.form.fields() if standing.shows(field) and not field.readonly)
    return {field.key: standing.values[field.key] for field in fields if standing.values.get(field.key) is not None}


def complete_with_values(
    engine: Engine,
    case: str,
    task: int,
    values: Mapping[str, Any],
    by: Actor,
    *,
    seen: int | None = None,
    reason: str = "",
    letters: Mapping[str, tuple[str, str]] | None = None,
) -> Done:
    """Complete a task with values by key (a file, a scenario, a command line). Raises FormRefused, CommandRefused."""
    shown = see_task(engine, case, task, by, to_do=True)
    answers = _read(shown.form, shown.context, lambda form, context: read_values(form, values, context), values)
    return _complete(engine, shown, answers, by, seen, reason, letters)


def complete_with_posted(
    engine: Engine,
    case: str,
    task: int,
    posted: Mapping[str, list[str]],
    by: Actor,
    *,
    seen: int | None = None,
    reason: str = "",
    letters: Mapping[str, tuple[str, str]] | None = None,
) -> Done:
    """Complete a task with what a browser posts. Raises FormRefused, CommandRefused."""
    shown = see_task(engine, case, task, by, to_do=True)
    answers = _read(shown.form, shown.context, lambda form, context: read_posted(form, posted, context), {})
    return _complete(engine, shown, answers, by, seen, reason, letters)


def _complete(
    engine: Engine,
    shown: OpenTask,
    answers: Mapping[str, Any],
    by: Actor,
    seen: int | None,
    reason: str,
    letters: Mapping[str, tuple[str, str]] | None,
) -> Done:
    given = case_tasks.Completion(
        answers=answers, seen=shown.seen if seen is None else seen, reason=reason, letters=letters or {}
    )
    return engine.complete(shown.case.number, shown.task.task, given, by)


def start_form(engine: Engine, module: str, by: Actor) -> tuple[Form | None, Context]:
    """The start form of a module, and the names it sees (a case that is not there yet)."""

    def see(turn: Turn) -> tuple[Form | None, Context]:
        graph = turn.world.deployment.modules.get(module)
        if graph is None:
            known = ", ".join(sorted(turn.world.deployment.modules))
            raise NotNow(f"there is no module {module!r} here. There are: {known}.")
        key = next((value for name, value, _ in graph.properties if name == "start.form"), None)
        return (None if key is None else turn.world.deployment.form(key)), _context(turn, None, None)

    return engine.look_new(by, see)


def open_with_values(engine: Engine, module: str, values: Mapping[str, Any], by: Actor) -> Done:
    """Open a case with a module and the answers of its start form. Raises FormRefused, CommandRefused."""
    form, context = start_form(engine, module, by)
    answers = _read(form, context, lambda found, around: read_values(found, values, around), values)
    return engine.open_case(module, answers, by)


def open_with_posted(engine: Engine, module: str, posted: Mapping[str, list[str]], by: Actor) -> Done:
    form, context = start_form(engine, module, by)
    answers = _read(form, context, lambda found, around: read_posted(found, posted, around), {})
    return engine.open_case(module, answers, by)


def start_module_with_values(engine: Engine, case: str, module: str, values: Mapping[str, Any], by: Actor) -> Done:
    """Start a module in a case, with the answers of its start form."""
    form, context = start_form_in(engine, case, module, by)
    answers = _read(form, context, lambda found, around: read_values(found, values, around), values)
    return engine.start_module(case, module, answers, by)


def start_module_with_posted(engine: Engine, case: str, module: str, posted: Mapping[str, list[str]], by: Actor) -> Done:
    """The same with what a browser posts."""
    form, context = start_form_in(engine, case, module, by)
    answers = _read(form, context, lambda found, around: read_posted(found, posted, around), {})
    return engine.start_module(case, module, answers, by)


def start_form_in(engine: Engine, case: str, module: str, by: Actor) -> tuple[Form | None, Context]:
    """The start form of a module, and the names it sees in a case that is there."""
    form, _ = start_form(engine, module, by)
    return form, _with_documents(engine, case, form, engine.look(case, by, lambda turn: _context(turn, None, None)))


def case_context(engine: Engine, case: str, by: Actor) -> Context:
    """The names of a case outside any task."""
    return engine.look(case, by, lambda turn: _context(turn, None, None))


def _read(
    form: Form | None, context: Context, read: Callable[[Form, Context], Read], values: Mapping[str, Any]
) -> Mapping[str, Any]:
    if form is None:
        if values:
            raise NotNow(f"there is no form to fill in here, so no answers either: {', '.join(values)}.")
        return {}
    found = read(form, context)
    if found.answers is None:
        raise FormRefused(found)
    return found.answers


def _context(
    turn: Turn, instance: int | None, element: str | None, extra: Mapping[str, Any] | None = None
) -> Context:
    return Context(
        data=scope_of(turn, instance, extra, element),
        now=turn.world.now.astimezone(CIVIL),
        dictionary=turn.deployment_of(instance).dictionary,
    )


__all__ = [
    "FormRefused",
    "NoSuchThing",
    "OpenTask",
    "case_context",
    "complete_with_posted",
    "complete_with_values",
    "needs_of_task",
    "open_with_posted",
    "open_with_values",
    "preview_letters",
    "see_task",
    "start_form",
    "start_form_in",
    "start_module_with_posted",
    "start_module_with_values",
    "typed_values",
]
