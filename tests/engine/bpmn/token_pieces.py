"""What lies on the table of the token game: scopes, running activities, and events that wait."""

from __future__ import annotations

from collections import Counter
from typing import Any

from schuldhulp.engine.bpmn.graph import Kind, MultiInstance, Node, TimerKind, Trigger

Locals = dict[str, Any]
TASKS = (Kind.USER, Kind.SCRIPT, Kind.TASK, Kind.SERVICE, Kind.CALL)
SUBS = (Kind.SUBPROCESS, Kind.TRANSACTION)
WAITED_FOR = (Trigger.MESSAGE, Trigger.TIMER, Trigger.CONDITIONAL, Trigger.SIGNAL)


class Undoing:
    """A compensation: handlers still to run, latest first, and the throw event that waits for them."""

    def __init__(self, thrower: Node, handlers: list[str]) -> None:
        self.thrower, self.handlers = thrower, handlers


class Armed:
    """An event that is waited for. Of a parallel multiple one, *met* are the parts that happened; a condition has a level."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.met: set[str] = set()
        self.times = 0
        self.level = False
        self.over = False

    @property
    def trigger(self) -> Trigger:
        return self.node.definitions[0].trigger if self.node.definitions else Trigger.MESSAGE

    @property
    def seen(self) -> list[tuple[str, str]]:
        """As what it stands open: each part of a multiple event by itself; a condition is for nobody to send."""
        if self.trigger is Trigger.CONDITIONAL:
            return []
        if len(self.node.definitions) > 1:
            return [("event", f"{self.node.id}/{each.name}") for each in self.node.definitions if each.name not in self.met]
        return [("signal" if self.trigger is Trigger.SIGNAL else "event", self.node.id)]

    def happens(self, part: str) -> bool:
        """Part *part* happened: True when with it the whole event did."""
        if not self.node.parallel_multiple:
            return True
        self.met.add(part)
        if len(self.met) < len(self.node.definitions):
            return False
        self.met.clear()
        return True

    def stays(self) -> bool:
        """It happened and interrupts nothing: whether it can happen again. A duration happens once, a cycle so often."""
        if self.trigger is not Trigger.TIMER:
            return True
        self.times += 1
        definition = self.node.definitions[0]
        if definition.timer is not TimerKind.CYCLE:
            return False
        assert definition.expression is not None
        turns = definition.expression.text.split("/")[0].removeprefix("R")
        return not turns or self.times < int(turns)


class Catching:
    """A catch event or event-based gateway where a token waits."""

    def __init__(self, node: Node, events: list[Node]) -> None:
        self.node = node
        self.armed = [Armed(event) for event in events]


class Body:
    """An inner instance or turn: a piece of work, or a scope of its own."""

    def __init__(self, index: int | None, frame: Frame | None, seen: Locals) -> None:
        self.index, self.frame, self.seen = index, frame, seen


class Running:
    """A running activity: its inner instances that are still busy, and how many were begun and done."""

    def __init__(self, node: Node, frame: Frame) -> None:
        self.node, self.frame = node, frame
        self.bodies: list[Body] = []
        self.armed: list[Armed] = []
        self.total = 1
        self.begun = self.done = 0
        self.limit: int | None = None  # turns of a standard loop, when it has a maximum
        self.items: list[Any] | None = None
        self.results: dict[int, Any] = {}
        self.undoing: Undoing | None = None  # set when this activity compensates

    def inside(self, index: int | None) -> Locals:
        """What inner instance *index* sees: everything in reach here, its counter and its item (tables 10.27 and 10.30)."""
        seen = self.frame.locals()
        if index is None:
            return seen
        seen["loopCounter"] = index + 1
        if isinstance(self.node.loop, MultiInstance):
            seen["numberOfInstances"] = self.total
            if self.items is not None and self.node.loop.element is not None:
                seen[self.node.loop.element] = self.items[index]
        return seen

    def stop(self) -> None:
        """Nothing of it may happen any more."""
        self.frame.running.remove(self)
        for body in self.bodies:
            if body.frame is not None:
                body.frame.kill()
        for armed in self.armed:
            armed.over = True

    def counters(self) -> Locals:
        """Instance attributes of a multi-instance activity (table 10.30)."""
        return {
            "numberOfInstances": self.total,
            "numberOfActiveInstances": self.begun - self.done,
            "numberOfCompletedInstances": self.done,
            "numberOfTerminatedInstances": 0,
        }


class Frame:
    """A process or sub-process that runs."""

    def __init__(self, element: str, up: Running | Frame | None, seen: Locals | None = None) -> None:
        self.element, self.up = element, up
        self.seen = seen or {}
        self.flows: Counter[str] = Counter()
        self.arrived: Counter[str] = Counter()  # of these, what has come in at a complex gateway
        self.fired: dict[str, set[str]] = {}  # complex gateways that wait for reset: the flows that started them
        self.running: list[Running] = []
        self.catching: list[Catching] = []
        self.armed: list[Armed] = []  # starts of event sub-processes
        self.handlers: list[Frame] = []  # running event sub-processes
        self.done: list[str] = []  # handlers of what was completed, in order; those of completed sub-processes included
        self.gone = self.killed = False

    @property
    def empty(self) -> bool:
        return not (+self.flows or self.running or self.catching or self.handlers)

    @property
    def waiting(self) -> list[Armed]:
        """What is waited for; what lies further out comes first."""
        on_activities = [armed for running in self.running for armed in running.armed]
        return [*self.armed, *on_activities, *(armed for catching in self.catching for armed in catching.armed)]

    @property
    def lost(self) -> bool:
        """Taken away, or inside what was."""
        up = self.up.frame if isinstance(self.up, Running) else self.up
        return self.killed or (up is not None and up.lost)

    def locals(self) -> Locals:
        return {**(self.up.locals() if isinstance(self.up, Frame) else {}), **self.seen}

    def clear(self) -> None:
        """Nothing is left in it."""
        for running in self.running:
            for armed in running.armed:
                armed.over = True
            for body in running.bodies:
                if body.frame is not None:
                    body.frame.kill()
        for handler in self.handlers:
            handler.kill()
        for armed in [*self.armed, *(each for catching in self.catching for each in catching.armed)]:
            armed.over = True
        for left in (self.flows, self.arrived, self.fired, self.running, self.catching, self.armed, self.handlers):
            left.clear()

    def kill(self) -> None:
        self.gone = self.killed = True
        self.clear()


def is_thrower(node: Node) -> bool:
    return node.kind is Kind.THROW or (node.kind is Kind.END and bool(node.definitions))
