"""Random models: sound block-structured ones, and unstructured ones whose tokens may get stuck."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

from schuldhulp.engine.bpmn.graph import Graph
from tests.engine.bpmn.build import (
    Part,
    boundary,
    catch,
    compensate,
    complex_gateway,
    condition,
    end,
    error,
    event_gateway,
    event_sub,
    exclusive,
    inclusive,
    message,
    parallel,
    process,
    receive,
    signal,
    start,
    sub,
    terminate,
    throw,
    user,
)
from tests.engine.bpmn.random_parts import CONDITIONS, event, given, many, turns


class Blocks:
    """Grows one model block by block. A block has one way in and one way out."""

    def __init__(self, random: Random, size: int) -> None:
        self.random, self.left = random, size
        self.compensating = random.random() < 0.4
        self.numbers = itertools.count(1)

    def model(self) -> Graph:
        parts, flows = self._inside(depth=0)
        return process(*parts, flows=flows)

    def _inside(self, depth: int, *, handler: bool = False) -> tuple[list[Part], str]:
        """What stands in a scope: start, a block, end."""
        parts: list[Part] = [start(self._id("s")), end(self._id("e"))]
        flows: list[str] = []
        first, last = self._sequence(parts, flows, depth)
        flows.append(f"{parts[0].id} > {first}")
        if self.compensating and not handler and self.random.random() < 0.8:
            back = self._id("c")
            undone = [part.id for part in parts if "compensation_handler" in part.fields]
            named = self.random.choice(undone) if undone and self.random.random() < 0.4 else None
            parts.append(throw(back, compensate(named)))
            flows.append(f"{last} > {back}")
            last = back
        flows.append(f"{last} > {parts[1].id}")
        return parts, ";".join(flows)

    def _id(self, letter: str) -> str:
        return f"{letter}{next(self.numbers)}"

    def _sequence(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        first, last = self._block(parts, flows, depth)
        while self.left > 0 and self.random.random() < 0.45:
            following, end_of = self._block(parts, flows, depth)
            flows.append(f"{last} > {following}")
            last = end_of
        return first, last

    def _block(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        self.left -= 1
        if self.left <= 0 or depth > 4:
            return self._task(parts, flows, depth)
        routes = (self._and, self._xor, self._or, self._or, self._loop, self._race, self._complex)
        activities = (self._task, self._sub, self._guarded, self._wait, self._many, self._batch)
        return self.random.choice((*routes, *activities))(parts, flows, depth + 1)

    def _task(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        ident = self._id("t")
        dice = self.random.random()
        if dice < 0.1:
            parts.append(receive(ident, ident))
        elif dice < 0.25:
            inputs = given(self.random) if self.random.random() < 0.3 else ()
            parts.append(user(ident, loop=many(self.random, ident).loop, inputs=inputs))
        elif dice < 0.32:
            parts.append(user(ident, loop=turns(self.random)))
        elif dice < 0.85 and self.compensating:
            undo = self._id("undo")
            parts.append(user(undo, for_compensation=True))
            parts.append(boundary(self._id("b"), ident, compensate()))
            parts.append(user(ident, compensation_handler=undo))
        elif dice > 0.95:
            parts.append(user(ident, inputs=given(self.random)))
        else:
            parts.append(user(ident))
        return ident, ident

    def _split(self, parts: list[Part], flows: list[str], depth: int, make: str) -> tuple[str, str]:
        maker = {"and": parallel, "xor": exclusive, "or": inclusive}[make]
        opening, closing = self._id("g"), self._id("g")
        parts += [maker(opening), maker(closing)]
        for number in range(self.random.randint(2, 3)):
            guard = "" if make == "and" else "*" if number == 0 else f"[{self.random.choice(CONDITIONS)}]"
            if number > 0 and self.random.random() < 0.12:
                flows.append(f"{opening} >{guard} {closing}") if not any(
                    flow.startswith(f"{opening} >") and flow.endswith(f" {closing}") for flow in flows
                ) else self._branch(parts, flows, depth, opening, guard, closing)
            else:
                self._branch(parts, flows, depth, opening, guard, closing)
        return opening, closing

    def _branch(self, parts: list[Part], flows: list[str], depth: int, opening: str, guard: str, closing: str) -> None:
        first, last = self._sequence(parts, flows, depth)
        flows += [f"{opening} >{guard} {first}", f"{last} > {closing}"]

    def _and(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        return self._split(parts, flows, depth, "and")

    def _xor(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        return self._split(parts, flows, depth, "xor")

    def _or(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        return self._split(parts, flows, depth, "or")

    def _loop(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        """Round and round while a condition holds; a task in every turn, so that no step is endless."""
        opening, stop, closing = self._id("g"), self._id("t"), self._id("g")
        parts += [exclusive(opening), user(stop), exclusive(closing)]
        first, last = self._sequence(parts, flows, depth)
        flows += [
            f"{opening} > {stop} > {first}",
            f"{last} > {closing}",
            f"{closing} >[{self.random.choice(CONDITIONS)}] {opening}",
        ]
        after = self._id("g")
        parts.append(exclusive(after))
        flows.append(f"{closing} >* {after}")
        return opening, after

    def _race(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        opening, closing = self._id("v"), self._id("g")
        parts += [event_gateway(opening), exclusive(closing)]
        for _ in range(self.random.randint(2, 3)):
            ident = self._id("m")
            dice = self.random.random()
            if dice < 0.3:
                parts.append(receive(ident, ident))
            else:
                parts.append(catch(ident, condition(self.random.choice(CONDITIONS)) if dice < 0.45 else message(ident)))
            first, last = self._sequence(parts, flows, depth)
            flows += [f"{opening} > {ident} > {first}", f"{last} > {closing}"]
        return opening, closing

    def _wait(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        ident = self._id("m")
        chosen = event(self.random, ident, stays=self.random.random() < 0.4)
        parts.append(catch(ident, *chosen.definitions, **chosen.fields))
        return ident, ident

    def _many(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        """A multi-instance with signals of its own on its boundary."""
        ident = self._id("t")
        chosen = many(self.random, ident)
        parts.append(user(ident, loop=chosen.loop, inputs=given(self.random) if self.random.random() < 0.3 else ()))
        for name in chosen.signals:
            on, finish = self._id("b"), self._id("e")
            parts += [boundary(on, ident, signal(name), interrupting=self.random.random() < 0.5), end(finish)]
            flows.append(f"{on} > {finish}" if self.random.random() < 0.5 else f"{on} > {self._id_of_user(parts)} > {finish}")
        return ident, ident

    def _id_of_user(self, parts: list[Part]) -> str:
        parts.append(user(self._id("t")))
        return parts[-1].id

    def _batch(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        """One that gives several tokens, one that needs several: mostly as many, so that none is left waiting."""
        gives, takes = self._id("t"), self._id("t")
        number = self.random.randint(2, 3)
        needs = number if self.random.random() < 0.8 else 2
        parts += [user(gives, completion_quantity=number), user(takes, start_quantity=needs)]
        flows.append(f"{gives} > {takes}")
        return gives, takes

    def _complex(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        """Two or three ways of which so many are enough; what comes later may set a way of its own going."""
        opening, closing, after = self._id("g"), self._id("g"), self._id("g")
        activation = self.random.choice((None, "activationCount >= 2", "activationCount >= 1"))
        parts += [parallel(opening), complex_gateway(closing, activation), exclusive(after)]
        for _ in range(self.random.randint(2, 3)):
            self._branch(parts, flows, depth, opening, "", closing)
        flows.append(f"{closing} > {after}")
        if self.random.random() < 0.5:
            late, finish = self._id("t"), self._id("e")
            parts += [user(late), end(finish)]
            flows.append(f"{closing} >[{self.random.choice(CONDITIONS)}] {late} > {finish}")
        return opening, after

    def _sub(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        ident, closing = self._id("u"), self._id("g")
        inside, inner = self._inside(depth)
        extra: list[str] = [inner]
        dice = self.random.random()
        if dice < 0.35:
            self._exits(inside, extra, terminate() if dice < 0.1 else error("E"))
        if self.random.random() < 0.3:
            self._event_sub(inside, depth)
        more: dict[str, Any] = {}
        if self.random.random() < 0.2:
            more["loop"] = many(self.random, ident).loop
        parts += [sub(ident, *inside, flows=";".join(extra), **more), exclusive(closing)]
        flows.append(f"{ident} > {closing}")
        if 0.1 <= dice < 0.35:
            caught = self._id("b")
            parts.append(boundary(caught, ident, error("E")))
            self._after(parts, flows, depth, caught, closing)
        if self.random.random() < 0.4:
            self._event_on(parts, flows, depth, ident, closing)
        return ident, closing

    def _exits(self, inside: list[Part], extra: list[str], definition: object) -> None:
        """In a sub-process: before its end, a choice to leave by another end."""
        text = extra[0]
        last_end = inside[1].id
        choice, other = self._id("g"), self._id("e")
        inside += [exclusive(choice), end(other, definition)]  # type: ignore[arg-type]
        extra[0] = text.replace(f"> {last_end}", f"> {choice}")
        extra.append(f"{choice} >[{self.random.choice(CONDITIONS)}] {other}; {choice} >* {last_end}")

    def _event_sub(self, inside: list[Part], depth: int) -> None:
        ident, name = self._id("h"), self._id("m")
        inner, flows = self._inside(depth + 1, handler=True)
        interrupting = self.random.random() < 0.5
        chosen = event(self.random, name, stays=not interrupting)
        inner[0] = start(inner[0].id, *chosen.definitions, interrupting=interrupting, **chosen.fields)
        inside.append(event_sub(ident, *inner, flows=flows))

    def _guarded(self, parts: list[Part], flows: list[str], depth: int) -> tuple[str, str]:
        ident, closing = self._id("t"), self._id("g")
        parts += [user(ident), exclusive(closing)]
        flows.append(f"{ident} > {closing}")
        self._event_on(parts, flows, depth, ident, closing)
        if self.random.random() < 0.4:
            caught = self._id("b")
            parts.append(boundary(caught, ident, error("E")))
            self._after(parts, flows, depth, caught, closing)
        return ident, closing

    def _event_on(self, parts: list[Part], flows: list[str], depth: int, on: str, closing: str) -> None:
        ident = self._id("b")
        interrupting = self.random.random() < 0.6
        chosen = event(self.random, ident, stays=not interrupting)
        parts.append(boundary(ident, on, *chosen.definitions, interrupting=interrupting, **chosen.fields))
        if interrupting:
            self._after(parts, flows, depth, ident, closing)
        else:
            finish = self._id("e")
            parts.append(end(finish))
            self._after(parts, flows, depth, ident, finish)

    def _after(self, parts: list[Part], flows: list[str], depth: int, after: str, closing: str) -> None:
        first, last = self._sequence(parts, flows, depth)
        flows += [f"{after} > {first}", f"{last} > {closing}"]


def sound(seed: int, size: int = 9) -> Graph:
    """A random sound model. Every choice comes from *seed*."""
    return Blocks(Random(seed), size).model()


def unstructured(seed: int) -> Graph:
    """A random graph of tasks and gateways, joined anyhow: tokens may get stuck or multiply, which must be equal too."""
    random = Random(seed)
    count = random.randint(5, 11)
    # Which of two tokens comes first at a complex gateway is open in BPMN, and matters when more of them come over one flow.
    several = random.random() < 0.4
    makers = (user, user, user, exclusive, parallel, inclusive, inclusive, *(() if several else (complex_gateway,)))
    parts: list[Part] = [start("s"), end("e")]
    names = []
    for number in range(count):
        maker = random.choice(makers)
        names.append(f"{maker.__name__[0]}{number}")
        if maker is complex_gateway:
            parts.append(complex_gateway(names[-1], random.choice((None, "activationCount >= 2"))))
        elif maker is user:
            gives, takes = (random.choice((1, 1, 2)), random.choice((1, 1, 2))) if several else (1, 1)
            parts.append(user(names[-1], completion_quantity=gives, start_quantity=takes))
        else:
            parts.append(maker(names[-1]))
    edges: set[tuple[str, str]] = {("s", names[0])}
    for number, name in enumerate(names):
        ahead = names[number + 1 :] or ["e"]
        for _ in range(random.randint(1, 3) if name[0] != "u" else 1):
            edges.add((name, random.choice(ahead)))
        if number and not any(target == name for _, target in edges):
            edges.add((random.choice(names[:number]), name))
        tasks = [each for each in names[: number + 1] if each[0] == "u"]
        if tasks and random.random() < 0.2 and name[0] in "eic":
            edges.add((name, random.choice(tasks)))
    flows = []
    for name in ["s", *names]:
        outgoing = sorted(target for source, target in edges if source == name)
        for number, target in enumerate(outgoing):
            guard = "" if name[0] not in "eic" else "*" if number == 0 else f"[{random.choice(CONDITIONS)}]"
            flows.append(f"{name} >{guard} {target}")
    return process(*parts, flows=";".join(flows))
