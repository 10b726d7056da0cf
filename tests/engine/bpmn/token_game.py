"""An independent token game: BPMN's semantics once more, as plainly as possible, to judge the executor by.

Nothing is shared with the executor but the graph. Tokens lie on sequence flows (the executor keeps them at nodes), scopes
are nested objects that change in place, everything is searched anew at each move, and the inclusive join enumerates
paths forward exactly as section 13.4.3 of BPMN 2.0.2 words it. It knows what random models contain: tasks, receive tasks,
start and completion quantities, sub-processes, loops and multi-instance with all its behaviours, boundary events, event
sub-processes, gateways (the complex one too), messages, timers and cycles, conditions, parallel multiple events, failing
work, error and terminate ends, compensation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from schuldhulp.engine.bpmn.graph import Behavior, Graph, Kind, MultiInstance, Node, StandardLoop, Trigger
from tests.engine.bpmn.token_flow import Decide, Flowing
from tests.engine.bpmn.token_pieces import (
    SUBS,
    TASKS,
    WAITED_FOR,
    Armed,
    Body,
    Catching,
    Frame,
    Locals,
    Running,
    Undoing,
    is_thrower,
)


class Game(Flowing):
    """One instance in play."""

    def __init__(self, graph: Graph, decide: Decide) -> None:
        super().__init__(graph, decide)
        self.root = Frame(graph.process, None)
        self.over: str | None = None
        self.begun: list[tuple[Frame, str, Locals]] = []  # work that began in this step, and what it sees
        self.set: list[tuple[Frame, str, Any]] = []  # variables that were set in this step
        self.turns: list[Running] = []  # whose next turn or handler is to begin
        self._open(self.root, graph.root.starts)
        self._play()

    # --- what one sees --------------------------------------------------------------------------------------------------

    def enabled(self) -> Counter[tuple[str, str]]:
        """("work", task), ("event", element or element/part) and ("signal", element) with how many of each are open."""
        seen: Counter[tuple[str, str]] = Counter()
        for frame in self._frames():
            for running in frame.running:
                kind = "event" if running.node.kind is Kind.RECEIVE else "work"
                seen[(kind, running.node.id)] += sum(body.frame is None for body in running.bodies)
            for armed in frame.waiting:
                seen.update(armed.seen)
        return +seen

    def _frames(self) -> Iterator[Frame]:
        if self.over is not None:
            return
        todo = [self.root]
        while todo:
            frame = todo.pop(0)
            yield frame
            inner = [body.frame for running in frame.running for body in running.bodies if body.frame is not None]
            todo[:0] = inner + frame.handlers

    # --- what people and the world do -----------------------------------------------------------------------------------

    def complete(self, element: str) -> None:
        """The oldest open work at *element* is done; that is a change of data too."""
        self._step()
        running = self._running(element)
        self._body_done(running, next(body for body in running.bodies if body.frame is None))
        self._look()
        self._play()

    def fail(self, element: str, code: str) -> None:
        """The oldest open work at *element* ends in an error."""
        self._step()
        self._error_at(self._running(element), code)
        self._play()

    def change(self) -> None:
        """Data changed."""
        self._step()
        self._look()
        self._play()

    def happen(self, what: str, payload: object = None) -> None:
        """The event *what* ("element", or "element/part" of a multiple event) happens."""
        self._step()
        element, _, part = what.partition("/")
        for frame in self._frames():
            found = next((each for each in frame.waiting if ("event", what) in each.seen), None)
            if found is not None:
                for each in found.node.definitions:
                    if each.variable is not None and part in ("", each.name):
                        self.set.append((frame, each.variable, payload))
                self._hit(frame, found, part)
                self._play()
                return
        running = self._running(element)
        self._body_done(running, running.bodies[0])
        self._play()

    def _running(self, element: str) -> Running:
        for frame in self._frames():
            for running in frame.running:
                if running.node.id == element and any(body.frame is None for body in running.bodies):
                    return running
        raise AssertionError(f"nothing is open at {element}")

    def _step(self) -> None:
        self.begun, self.set = [], []

    # --- moving ---------------------------------------------------------------------------------------------------------

    def _play(self) -> None:
        """Next turns begin; then what waits and routes; then what throws; then inclusive and complex gateways."""
        turns: tuple[Callable[[Frame], bool], ...] = (self._move, lambda frame: self._move(frame, throwers=True), self._settle)
        while self.over is None:
            while self.turns:
                running = self.turns.pop(0)
                if running in running.frame.running:  # what happened in between may have taken it away
                    self._body(running)
            if not any(any(turn(frame) for frame in list(self._frames())) for turn in turns):
                return

    def _move(self, frame: Frame, *, throwers: bool = False) -> bool:
        """One move in this frame; False when it has none."""
        if frame.gone:
            return False
        for flow in sorted(+frame.flows):
            node = self.graph.nodes[self.graph.flows[flow].target]
            if is_thrower(node) is throwers and self._take(frame, node, flow):
                return True
        if frame.empty and not throwers:
            self._close(frame)
            return True
        return False

    def _take(self, frame: Frame, node: Node, flow: str) -> bool:
        """Let the token on *flow* into *node*, when that is for now."""
        if node.kind is Kind.INCLUSIVE and len(node.incoming) > 1:
            return False
        if node.kind is Kind.COMPLEX and (len(node.incoming) > 1 or node.activation is not None):
            return self._into_complex(frame, node, flow)
        if node.kind is Kind.PARALLEL:
            if any(not frame.flows[each] for each in node.incoming):
                return False
            frame.flows.subtract(node.incoming)
        elif node.start_quantity > 1:
            if sum(frame.flows[each] for each in node.incoming) < node.start_quantity:
                return False
            for _ in range(node.start_quantity):
                frame.flows[next(each for each in node.incoming if frame.flows[each])] -= 1
        else:
            frame.flows[flow] -= 1
        self._enter(frame, node)
        return True

    def _enter(self, frame: Frame, node: Node) -> None:
        if node.kind in TASKS or node.kind in SUBS or node.kind is Kind.RECEIVE:
            self._begin(frame, node)
        elif node.kind in (Kind.CATCH, Kind.EVENT_BASED):
            self._catch(frame, node)
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

    # --- activities -------------------------------------------------------------------------------------------------------

    def _begin(self, frame: Frame, node: Node) -> None:
        running = Running(node, frame)
        frame.running.append(running)
        events = [self.graph.nodes[each] for each in node.boundary]
        running.armed = [Armed(event) for event in events if event.definitions[0].trigger in WAITED_FOR]
        for armed in list(running.armed):
            self._look_at(frame, armed)
            if running not in frame.running:
                return
        loop = node.loop
        running.total = now = 1
        if isinstance(loop, MultiInstance):
            running.total = self._count(running, loop)
            now = min(1, running.total) if loop.sequential else running.total
        elif isinstance(loop, StandardLoop):
            if loop.maximum is not None:
                running.limit = int(self.decide(loop.maximum.text, frame.locals()))
            if running.limit == 0:
                now = 0
            elif loop.test_before and loop.condition is not None:
                now = int(self._true(loop.condition, {**frame.locals(), "loopCounter": 0}))
        for _ in range(now):
            self._body(running)
        if not now:
            self._finish(running)

    def _count(self, running: Running, loop: MultiInstance) -> int:
        if loop.collection is not None:
            running.items = list(self.decide(loop.collection.text, running.frame.locals()))
            return len(running.items)
        assert loop.cardinality is not None
        return int(self.decide(loop.cardinality.text, running.frame.locals()))

    def _body(self, running: Running) -> None:
        node = running.node
        index = None if node.loop is None else running.begun
        running.begun += 1
        seen = running.inside(index)
        for mapping in node.inputs:
            assert mapping.source is not None
            seen[mapping.target or ""] = self.decide(mapping.source.text, seen)
        inner = Frame(node.id, running, seen) if node.kind in SUBS else None
        running.bodies.append(Body(index, inner, seen))
        if inner is not None:
            self._open(inner, self.graph.scopes[inner.element].starts)
        elif node.kind is not Kind.RECEIVE:
            self.begun.append((running.frame, node.id, seen))

    def _open(self, frame: Frame, starts: tuple[str, ...]) -> None:
        """Event sub-processes are armed first; a condition that is true may take the scope over before it starts."""
        for ident in self.graph.scopes[frame.element].event_subprocesses:
            for each in self.graph.scopes[ident].nodes:
                node = self.graph.nodes[each]
                if node.kind is Kind.START and node.definitions[0].trigger in WAITED_FOR:
                    frame.armed.append(Armed(node))
                    self._look_at(frame, frame.armed[-1])
                    if not frame.armed:
                        return
        for start in starts:
            self._out(frame, self.graph.nodes[start])

    def _undo(self, frame: Frame, undoing: Undoing) -> None:
        if not undoing.handlers:
            self._out(frame, undoing.thrower)
            return
        running = Running(self.graph.nodes[undoing.handlers.pop(0)], frame)
        running.undoing = undoing
        frame.running.append(running)
        self.turns.append(running)

    def _body_done(self, running: Running, body: Body) -> None:
        running.bodies.remove(body)
        running.done += 1
        if running.node.compensation_handler is not None:
            running.frame.done.append(running.node.compensation_handler)
        elif body.frame is not None:
            running.frame.done.extend(body.frame.done)
        loop = running.node.loop
        if isinstance(loop, StandardLoop):
            again = running.limit is None or running.done < running.limit
            over = not (again and (loop.condition is None or self._true(loop.condition, body.seen)))
        elif isinstance(loop, MultiInstance):
            over = self._instance_done(running, loop, body)
        else:
            over = True
        if over:
            self._finish(running)
        elif isinstance(loop, StandardLoop) or (isinstance(loop, MultiInstance) and loop.sequential):
            self.turns.append(running)

    def _instance_done(self, running: Running, loop: MultiInstance, body: Body) -> bool:
        """One of many is done: throw what the behaviour says; True when it was the last or the rest is not wanted."""
        assert body.index is not None
        if loop.output_element is not None:
            running.results[body.index] = self.decide(loop.output_element.text, body.seen)
        seen = {**body.seen, **running.counters()}
        over = running.done == running.total
        over |= loop.completion is not None and self._true(loop.completion, seen)
        names: list[str | None] = []
        if loop.behavior is Behavior.NONE:
            names = [loop.none_event.name if loop.none_event else None]
        elif loop.behavior is Behavior.ONE and running.done == 1:
            names = [loop.one_event.name if loop.one_event else None]
        elif loop.behavior is Behavior.COMPLEX:
            names = [each.event.name for each in loop.complex if self._true(each.condition, seen)]
            over |= bool(names)
        for name in names:  # signals, and none of them interrupts the activity that throws it
            for event in (self.graph.nodes[each] for each in running.node.boundary):
                if event.definitions[0].trigger is Trigger.SIGNAL and event.definitions[0].name == name:
                    self._out(running.frame, event)
        return over

    def _finish(self, running: Running) -> None:
        loop = running.node.loop
        if isinstance(loop, MultiInstance) and loop.output_collection is not None:
            values = [running.results[each] for each in sorted(running.results)]
            self.set.append((running.frame, loop.output_collection, values))
        running.stop()
        if running.undoing is not None:
            self._undo(running.frame, running.undoing)
        else:
            self._out(running.frame, running.node, running.node.completion_quantity)

    # --- events -----------------------------------------------------------------------------------------------------------

    def _catch(self, frame: Frame, node: Node) -> None:
        events = [node]
        if node.kind is Kind.EVENT_BASED:
            events = [self.graph.nodes[self.graph.flows[each].target] for each in node.outgoing]
        catching = Catching(node, events)
        frame.catching.append(catching)
        for armed in catching.armed:
            self._look_at(frame, armed)

    def _look(self) -> None:
        """Data changed: every condition that becomes true happens, what lies further out first (edge, not level)."""
        waiting = [(frame, armed) for frame in self._frames() for armed in frame.waiting]
        for frame, armed in waiting:
            self._look_at(frame, armed)

    def _look_at(self, frame: Frame, armed: Armed) -> None:
        if armed.trigger is not Trigger.CONDITIONAL or armed.over or self.over is not None:
            return
        condition = armed.node.definitions[0].expression
        assert condition is not None
        before, armed.level = armed.level, self._true(condition, frame.locals())
        if armed.level and not before:
            self._hit(frame, armed, "")

    def _hit(self, frame: Frame, armed: Armed, part: str) -> None:
        if not armed.happens(part):
            return
        if armed in frame.armed:
            self._handler(frame, armed)
            return
        for running in frame.running:
            if armed in running.armed:
                self._boundary_hit(running, armed.node, armed)
                return
        catching = next(each for each in frame.catching if armed in each.armed)
        if catching.node is not armed.node or armed.trigger is not Trigger.TIMER or not armed.stays():
            frame.catching.remove(catching)
            for each in catching.armed:
                each.over = True
        self._out(frame, armed.node)

    def _boundary_hit(self, running: Running, event: Node, armed: Armed | None) -> None:
        if event.interrupting:
            running.stop()
        elif armed is not None and not armed.stays():
            running.armed.remove(armed)
        self._out(running.frame, event)

    def _handler(self, frame: Frame, armed: Armed) -> None:
        start = armed.node
        if start.interrupting:
            frame.clear()
        elif not armed.stays():
            frame.armed.remove(armed)
        handler = Frame(start.scope, frame)
        frame.handlers.append(handler)
        self._open(handler, (start.id,))

    # --- ends -------------------------------------------------------------------------------------------------------------

    def _end(self, frame: Frame, node: Node) -> None:
        trigger = node.definitions[0].trigger if node.definitions else None
        if trigger is Trigger.TERMINATE:
            frame.clear()
            frame.done.clear()  # what was stopped cannot be compensated
        elif trigger is Trigger.ERROR:
            self._error_at(frame, node.definitions[0].name)

    def _error_at(self, up: Running | Frame | None, code: str | None) -> None:
        while up is not None:
            if isinstance(up, Running):
                for event in (self.graph.nodes[each] for each in up.node.boundary):
                    if event.definitions[0].trigger is Trigger.ERROR and event.definitions[0].name in (code, None):
                        self._boundary_hit(up, event, None)
                        return
                up = up.frame
            else:
                up = up.up
        self.root.kill()
        self.over = "error"

    def _close(self, frame: Frame) -> None:
        frame.gone = True
        if isinstance(frame.up, Running):
            self._body_done(frame.up, next(body for body in frame.up.bodies if body.frame is frame))
        elif isinstance(frame.up, Frame):
            frame.up.handlers.remove(frame)
            frame.up.done.extend(frame.done)
        else:
            self.over = "completed"
