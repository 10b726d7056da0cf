"""An independent token game: BPMN's semantics once more, as plainly as possible, to judge the executor by.

Nothing is shared with the executor but the graph. Tokens lie on sequence flows (the executor keeps them at nodes), scopes
are nested objects that change in place, everything is searched anew at each move, and the inclusive join enumerates
paths forward exactly as section 13.4.3 of BPMN 2.0.2 words it. It knows what random models contain: tasks, receive tasks,
sub-processes, multi-instance and loops, boundary events, event sub-processes, gateways, message catches and timers,
failing work, error and terminate ends, compensation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from schuldhulp.engine.bpmn.graph import Graph, Kind, MultiInstance, Node, StandardLoop, Trigger

Decide = Callable[[str], object]
"""Gives what an expression says at this moment."""

TASKS = (Kind.USER, Kind.SCRIPT, Kind.TASK, Kind.SERVICE, Kind.CALL)
SUBS = (Kind.SUBPROCESS, Kind.TRANSACTION)


class Undoing:
    """A compensation: handlers still to run, latest first, and the throw event that waits for them."""

    def __init__(self, thrower: Node, handlers: list[str]) -> None:
        self.thrower, self.handlers = thrower, handlers


class Running:
    """A running activity: its inner instances that are still busy, and how many are to come."""

    def __init__(self, node: Node, frame: Frame) -> None:
        self.node, self.frame = node, frame
        self.bodies: list[Frame | None] = []  # None is a piece of work
        self.waiting = 0
        self.turns = 0
        self.spent: set[str] = set()  # timers that went off: a duration does so once
        self.undoing: Undoing | None = None  # set when this activity compensates


class Frame:
    """A process or sub-process that runs."""

    def __init__(self, element: str, up: Running | Frame | None) -> None:
        self.element, self.up = element, up
        self.flows: Counter[str] = Counter()
        self.running: list[Running] = []
        self.catching: list[Node] = []
        self.handlers: list[Frame] = []  # running event sub-processes
        self.done: list[str] = []  # handlers of what was completed, in order; those of completed sub-processes included
        self.taken_over = False
        self.gone = False

    @property
    def empty(self) -> bool:
        return not (+self.flows or self.running or self.catching or self.handlers)


class Game:
    """One instance in play."""

    def __init__(self, graph: Graph, decide: Decide) -> None:
        self.graph, self.decide = graph, decide
        self.root = Frame(graph.process, None)
        self.over: str | None = None
        self._open(self.root, graph.root.starts)
        self._play()

    # --- what one sees --------------------------------------------------------------------------------------------------

    def enabled(self) -> Counter[tuple[str, str]]:
        """("work", task) and ("event", element) with how many of each are open."""
        seen: Counter[tuple[str, str]] = Counter()
        for frame in self._frames():
            for running in frame.running:
                kind = "event" if running.node.kind is Kind.RECEIVE else "work"
                seen[(kind, running.node.id)] += sum(body is None for body in running.bodies)
                for event in self._waiting_on(running):
                    seen[("event", event.id)] += 1
            for node in frame.catching:
                for event in self._alternatives(node):
                    seen[("event", event.id)] += 1
            for start in self._armed_starts(frame):
                seen[("event", start.id)] += 1
        return +seen

    def _frames(self) -> Iterator[Frame]:
        if self.over is not None:
            return
        todo = [self.root]
        while todo:
            frame = todo.pop(0)
            yield frame
            inner = [body for running in frame.running for body in running.bodies if body is not None]
            todo[:0] = inner + frame.handlers

    # --- what people and the world do -----------------------------------------------------------------------------------

    def complete(self, element: str) -> None:
        """The oldest open work at *element* is done."""
        for frame in self._frames():
            for running in frame.running:
                if running.node.id == element and None in running.bodies and running.node.kind is not Kind.RECEIVE:
                    self._body_done(running, None)
                    self._play()
                    return
        raise AssertionError(f"no work at {element}")

    def fail(self, element: str, code: str) -> None:
        """The oldest open work at *element* ends in an error."""
        for frame in self._frames():
            for running in frame.running:
                if running.node.id == element:
                    self._error_at(running, code)
                    self._play()
                    return
        raise AssertionError(f"no work at {element}")

    def happen(self, element: str) -> None:
        """The event *element* happens."""
        for frame in self._frames():
            if self._happen_in(frame, element):
                self._play()
                return
        raise AssertionError(f"nothing waits at {element}")

    def _happen_in(self, frame: Frame, element: str) -> bool:
        for running in frame.running:
            if running.node.id == element:
                self._body_done(running, None)
                return True
            for event in self._waiting_on(running):
                if event.id == element:
                    self._boundary_hit(running, event)
                    return True
        for node in frame.catching:
            if any(event.id == element for event in self._alternatives(node)):
                frame.catching.remove(node)
                self._out(frame, self.graph.nodes[element])
                return True
        for start in self._armed_starts(frame):
            if start.id == element:
                self._handler(frame, start)
                return True
        return False

    # --- moving ---------------------------------------------------------------------------------------------------------

    def _play(self) -> None:
        while self.over is None:
            if not any(self._move(frame) for frame in list(self._frames())) and not any(
                self._inclusive(frame) for frame in list(self._frames())
            ):
                return

    def _move(self, frame: Frame) -> bool:
        """One move in this frame; False when it has none."""
        if frame.gone:
            return False
        for flow in sorted(+frame.flows):
            node = self.graph.nodes[self.graph.flows[flow].target]
            if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1:
                continue
            if node.kind is Kind.PARALLEL:
                if any(not frame.flows[each] for each in node.incoming):
                    continue
                frame.flows.subtract(node.incoming)
            else:
                frame.flows[flow] -= 1
            self._enter(frame, node)
            return True
        if frame.empty:
            self._close(frame)
            return True
        return False

    def _enter(self, frame: Frame, node: Node) -> None:
        if node.kind in TASKS or node.kind in SUBS or node.kind is Kind.RECEIVE:
            self._begin(frame, node)
        elif node.kind in (Kind.CATCH, Kind.EVENT_BASED):
            frame.catching.append(node)
        elif node.kind is Kind.END:
            self._end(frame, node)
        elif node.kind is Kind.THROW:
            named = node.definitions[0].activity
            only = None if named is None else self.graph.nodes[named].compensation_handler
            handlers = [each for each in frame.done if only in (None, each)][::-1]
            frame.done = [each for each in frame.done if only not in (None, each)]
            if frame.up is not None and isinstance(frame.up, Frame):
                raise AssertionError("models do not compensate inside event sub-processes")
            self._undo(frame, Undoing(node, handlers))
        else:
            self._out(frame, node)

    def _out(self, frame: Frame, node: Node) -> None:
        flows = [self.graph.flows[each] for each in node.outgoing]
        if node.kind is Kind.EXCLUSIVE:
            chosen = [each.id for each in flows if each.id != node.default and self._true(each.condition)][:1] or [
                node.default or ""
            ]
        elif node.kind is Kind.INCLUSIVE:
            chosen = [each.id for each in flows if each.id != node.default and self._true(each.condition)] or [
                node.default or ""
            ]
        else:
            chosen = [each.id for each in flows]
        frame.flows.update(chosen)

    def _true(self, condition: object) -> bool:
        return condition is None or bool(self.decide(condition.text))  # type: ignore[attr-defined]

    # --- the inclusive join -----------------------------------------------------------------------------------------------

    def _inclusive(self, frame: Frame) -> bool:
        for ident in self.graph.scopes[frame.element].nodes:
            node = self.graph.nodes[ident]
            if node.kind is not Kind.INCLUSIVE or len(node.incoming) < 2 or frame.gone:
                continue
            filled = {each for each in node.incoming if frame.flows[each]}
            if filled and not self._awaited(frame, node, filled):
                frame.flows.subtract(filled)
                self._out(frame, node)
                return True
        return False

    def _awaited(self, frame: Frame, node: Node, filled: set[str]) -> bool:
        empty = set(node.incoming) - filled
        starts: list[list[str]] = [[flow] for flow in +frame.flows if flow not in node.incoming]
        for place in [running.node for running in frame.running] + frame.catching:
            exits = list(place.outgoing)
            for boundary in place.boundary:
                exits.extend(self.graph.nodes[boundary].outgoing)
            starts.append(exits)
        return any(bool(ends & empty) and not ends & filled for ends in (self._ends(node, flows) for flows in starts))

    def _ends(self, node: Node, flows: list[str]) -> set[str]:
        """Incoming flows of *node* at the end of some path that starts with one of *flows* and does not visit *node*."""
        seen: set[str] = set()
        todo = list(flows)
        while todo:
            flow = todo.pop()
            if flow in seen:
                continue
            seen.add(flow)
            target = self.graph.nodes[self.graph.flows[flow].target]
            if target.id != node.id:
                todo.extend(target.outgoing)
                for boundary in target.boundary:
                    todo.extend(self.graph.nodes[boundary].outgoing)
        return seen & set(node.incoming)

    # --- activities -------------------------------------------------------------------------------------------------------

    def _begin(self, frame: Frame, node: Node) -> None:
        running = Running(node, frame)
        frame.running.append(running)
        loop = node.loop
        if isinstance(loop, MultiInstance):
            assert loop.cardinality is not None
            count = int(str(self.decide(loop.cardinality.text)))
            if count == 0:
                self._finish(running)
                return
            now = 1 if loop.sequential else count
            running.waiting = count - now
            for _ in range(now):
                self._body(running)
        else:
            self._body(running)

    def _body(self, running: Running) -> None:
        if running.node.kind in SUBS:
            inner = Frame(running.node.id, running)
            running.bodies.append(inner)
            self._open(inner, self.graph.scopes[inner.element].starts)
        else:
            running.bodies.append(None)

    def _open(self, frame: Frame, starts: tuple[str, ...]) -> None:
        for start in starts:
            self._out(frame, self.graph.nodes[start])

    def _undo(self, frame: Frame, undoing: Undoing) -> None:
        if not undoing.handlers:
            self._out(frame, undoing.thrower)
            return
        running = Running(self.graph.nodes[undoing.handlers.pop(0)], frame)
        running.undoing = undoing
        frame.running.append(running)
        running.bodies.append(None)

    def _body_done(self, running: Running, body: Frame | None) -> None:
        running.bodies.remove(body)
        running.turns += 1
        if running.node.compensation_handler is not None:
            running.frame.done.append(running.node.compensation_handler)
        elif body is not None:
            running.frame.done.extend(body.done)
        loop = running.node.loop
        again = False
        if isinstance(loop, StandardLoop):
            again = self._true(loop.condition)
        elif running.waiting:
            running.waiting -= 1
            again = True
        if again:
            self._body(running)
        elif not running.bodies:
            self._finish(running)

    def _finish(self, running: Running) -> None:
        running.frame.running.remove(running)
        if running.undoing is not None:
            self._undo(running.frame, running.undoing)
        else:
            self._out(running.frame, running.node)

    def _waiting_on(self, running: Running) -> list[Node]:
        timers = [event for event in self._boundary(running.node, Trigger.TIMER) if event.id not in running.spent]
        return self._boundary(running.node, Trigger.MESSAGE) + timers

    def _boundary(self, node: Node, trigger: Trigger) -> list[Node]:
        events = [self.graph.nodes[each] for each in node.boundary]
        return [event for event in events if event.definitions[0].trigger is trigger]

    def _boundary_hit(self, running: Running, event: Node) -> None:
        if event.interrupting:
            for body in running.bodies:
                self._kill(body)
            running.frame.running.remove(running)
        elif event.definitions[0].trigger is Trigger.TIMER:
            running.spent.add(event.id)
        self._out(running.frame, event)

    def _kill(self, frame: Frame | None) -> None:
        if frame is None:
            return
        frame.gone = True
        for running in frame.running:
            for body in running.bodies:
                self._kill(body)
        for handler in frame.handlers:
            self._kill(handler)
        frame.flows.clear()
        frame.running.clear()
        frame.catching.clear()
        frame.handlers.clear()

    # --- events and ends --------------------------------------------------------------------------------------------------

    def _alternatives(self, node: Node) -> list[Node]:
        if node.kind is not Kind.EVENT_BASED:
            return [node]
        return [self.graph.nodes[self.graph.flows[each].target] for each in node.outgoing]

    def _armed_starts(self, frame: Frame) -> list[Node]:
        if frame.taken_over:
            return []
        return [
            self.graph.nodes[ident]
            for each in self.graph.scopes[frame.element].event_subprocesses
            for ident in self.graph.scopes[each].nodes
            if self.graph.nodes[ident].kind is Kind.START
            and self.graph.nodes[ident].definitions[0].trigger is Trigger.MESSAGE
        ]

    def _handler(self, frame: Frame, start: Node) -> None:
        if start.interrupting:
            self._kill(frame)
            frame.gone = False
            frame.taken_over = True
        handler = Frame(start.scope, frame)
        frame.handlers.append(handler)
        self._open(handler, (start.id,))

    def _end(self, frame: Frame, node: Node) -> None:
        trigger = node.definitions[0].trigger if node.definitions else None
        if trigger is Trigger.TERMINATE:
            self._kill(frame)
            frame.gone = False
            frame.done.clear()  # what was stopped cannot be compensated
        elif trigger is Trigger.ERROR:
            self._error_at(frame, node.definitions[0].name)

    def _error_at(self, up: Running | Frame | None, code: str | None) -> None:
        while up is not None:
            if isinstance(up, Running):
                found = [
                    event
                    for event in self._boundary(up.node, Trigger.ERROR)
                    if event.definitions[0].name in (code, None)
                ]
                if found:
                    self._boundary_hit(up, found[0])
                    return
                up = up.frame
            else:
                up = up.up
        self._kill(self.root)
        self.over = "error"

    def _close(self, frame: Frame) -> None:
        frame.gone = True
        if isinstance(frame.up, Running):
            self._body_done(frame.up, frame)
        elif isinstance(frame.up, Frame):
            frame.up.handlers.remove(frame)
            frame.up.done.extend(frame.done)
        else:
            self.over = "completed"
