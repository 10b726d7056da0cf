"""Moving module instances of a case to another deployment: what it comes to, and doing it.

Running cases stay on their definitions until somebody moves them. Tasks keep number, claim and draft, timers their due
moment, terms everything; see `engine.bpmn.run.migrate` for tokens. All chosen instances of a case move, or none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.bpmn.run import EMPTY, CannotMigrate, Moved, migrate, offers
from schuldhulp.engine.bpmn.run import contract as run
from schuldhulp.engine.case.advance import settle
from schuldhulp.engine.case.errors import CommandRefused, ModelFailed
from schuldhulp.engine.case.roles import may_operate
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.work import offered_to
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Instance


@dataclass(frozen=True)
class Target:
    """Where to, and which: instances on deployment `source` and of `module` when these are not empty. `mapping`: old element,
    flow or process -> new, for those with another id."""

    deployment: Deployment
    source: str = ""
    module: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Move:
    """One instance. `reasons`: why it cannot move (then the rest is empty); `moves`: (old element, new) -> tokens there;
    `lost`: events no longer waited for; `armed`: new events that what is open waits for from now on; `notes`: what
    goes on as it was begun."""

    instance: int
    module: str
    process: str
    source: str
    reasons: tuple[str, ...] = ()
    moves: tuple[tuple[str, str, int], ...] = ()
    lost: tuple[str, ...] = ()
    armed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class CannotMove(CommandRefused):
    """Instances of the case have no place in the new deployment. `moves`: what was found, reasons included."""

    code = "cannot-move"

    def __init__(self, number: str, moves: Sequence[Move]) -> None:
        self.moves = tuple(moves)
        lines = [f"instance {m.instance} ({m.process}): {reason}" for m in moves for reason in m.reasons]
        super().__init__(f"case {number} stays where it is. " + " ".join(lines))


def move(turn: Turn, target: Target) -> tuple[Move, ...]:
    """Move the chosen instances of a case. Raises NotAllowed, CannotMove."""
    may_operate(turn.world.by.role, "moving cases to another deployment")
    chosen = [running for running in turn.case.instances.values() if _is_chosen(running, target)]
    planned = [_planned(turn, running, target) for running in chosen]
    found = tuple(one for one, _ in planned)
    if any(one.reasons for one in found):
        raise CannotMove(turn.case.number, found)
    for running, (_, moved) in zip(chosen, planned, strict=True):
        assert moved is not None
        _record(turn, running, target, moved)
    _arm(turn, [(one, moved) for one, moved in planned if moved is not None and moved.new])
    return found


def _arm(turn: Turn, planned: Sequence[tuple[Move, Moved]]) -> None:
    """What is open waits for the events that are new, counted from now. Raises CannotMove when one cannot be worked out."""
    for known, moved in planned:
        turn.pending.append((known.instance, run.Arm(events=moved.new)))
        try:
            settle(turn)
        except ModelFailed as error:
            why = f"{error.element or 'a new event'} cannot be waited for: {error}"
            raise CannotMove(turn.case.number, [_refused(known, [why])]) from error


def _is_chosen(running: Instance, target: Target) -> bool:
    return (
        running.deployment != target.deployment.id
        and target.source in ("", running.deployment)
        and target.module in ("", running.module)
    )


def _planned(turn: Turn, running: Instance, target: Target) -> tuple[Move, Moved | None]:
    known = Move(running.instance, running.module, running.process, running.deployment)
    reasons = _data(turn, running, target)
    process = target.mapping.get(running.process, running.process)
    new = target.deployment.graphs.get(process)
    if new is None:
        reasons.append(f"there is no process {process} in the new deployment.")
        return _refused(known, reasons), None
    old = _graph(turn, running)
    try:
        moved = migrate(turn.states.get(running.instance, EMPTY), old, new, _about(target.mapping, old))
    except CannotMigrate as error:
        return _refused(known, [*reasons, *error.reasons]), None
    if reasons:
        return _refused(known, reasons), None
    return (
        Move(
            running.instance,
            running.module,
            running.process,
            running.deployment,
            moves=tuple((before, after, count) for (before, after), count in moved.moves.items()),
            lost=tuple(dict.fromkeys(element for _, element in moved.lost)),
            armed=tuple(dict.fromkeys(element for _, element in moved.new)),
            notes=moved.notes,
        ),
        moved,
    )


def _refused(known: Move, reasons: list[str]) -> Move:
    return Move(known.instance, known.module, known.process, known.source, tuple(reasons))


def _data(turn: Turn, running: Instance, target: Target) -> list[str]:
    """Values that the instance or its file holds must mean the same to the new dictionary."""
    old, new = turn.world.pinned(running.deployment).dictionary, target.deployment.dictionary
    if old is new:
        return []
    reasons = []
    for key in (*turn.case.data, *running.data):
        before, after = old.entries.get(key), new.entries.get(key)
        if before is None:
            continue
        if after is None:
            reasons.append(f"{key} is filled in, and the new dictionary does not have it.")
        elif (before.type, before.scope) != (after.type, after.scope):
            reasons.append(
                f"{key} is filled in as {before.type} ({before.scope}); it is {after.type} ({after.scope}) now."
            )
    return reasons


def _graph(turn: Turn, running: Instance) -> Graph:
    return turn.world.pinned(running.deployment).graph(running.process)


def _about(mapping: Mapping[str, str], graph: Graph) -> dict[str, str]:
    """The part of a mapping that names something of this process: one mapping may serve several."""
    return {
        old: new
        for old, new in mapping.items()
        if old != new and (old in graph.nodes or old in graph.flows or old == graph.process)
    }


def _record(turn: Turn, running: Instance, target: Target, moved: Moved) -> None:
    process = target.mapping.get(running.process, running.process)
    old, new = _graph(turn, running), target.deployment.graph(process)
    mapping = _about(target.mapping, old)
    turn.states[running.instance] = moved.state
    turn.record(
        f.InstanceMigrated(
            instance=running.instance,
            source=running.deployment,
            deployment=target.deployment.id,
            process=process,
            module=target.mapping.get(running.module, running.module),
            mapping=mapping,
            lost=moved.lost,
            offers=tuple((offer.scope, offer.element, offer.nodes) for offer in offers(moved.state, new)),
            tasks=tuple(_tasks(turn, running, new, mapping)),
        )
    )


def _tasks(
    turn: Turn, running: Instance, new: Graph, mapping: Mapping[str, str]
) -> list[tuple[int, str, str, tuple[str, ...], str | None]]:
    """Open user tasks that have another element, name, roles or form in the new process."""
    found = []
    for task in turn.case.tasks.values():
        if task.instance != running.instance or task.kind != "user" or task.element is None:
            continue
        node = new.nodes[mapping.get(task.element, task.element)]
        roles = offered_to(turn, running.instance, node)
        if (task.element, task.name, task.roles, task.form) != (node.id, node.name or node.id, roles, node.form):
            found.append((task.task, node.id, node.name or node.id, roles, node.form))
    return found
