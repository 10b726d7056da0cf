"""Where a case has been and is on the diagram of a module, read from its facts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from schuldhulp.engine.bpmn.graph import Graph
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.history.reader import Stored
from schuldhulp.engine.model import facts as f


@dataclass
class Trace:
    """Ids of elements: left by a token (`counts`: how often), flows that were taken, elements where tokens are now, and
    the flow taken last."""

    counts: Counter[str] = field(default_factory=Counter)
    flows: dict[str, None] = field(default_factory=dict)
    tokens: dict[int, str] = field(default_factory=dict)
    order: dict[str, None] = field(default_factory=dict)
    latest: str | None = None

    @property
    def now(self) -> dict[str, int]:
        """Element to number of tokens."""
        return dict(Counter(self.tokens.values()))

    @property
    def done(self) -> list[str]:
        """Elements that were left, in the order in which they first were, without those where a token is again."""
        here = set(self.tokens.values())
        return [element for element in self.order if element not in here]

    def and_also(self, other: Trace) -> Trace:
        """Both on one drawing, such as a process and the process of the same file that it called. Tokens keep apart."""
        tokens = dict(enumerate([*self.tokens.values(), *other.tokens.values()]))
        return Trace(
            self.counts + other.counts, {**self.flows, **other.flows}, tokens, {**self.order, **other.order},
            other.latest or self.latest,
        )  # fmt: skip

    def renamed(self, mapping: Mapping[str, str]) -> Trace:
        """The same under the ids of another version of the process, to which the instance was moved."""

        def to(name: str) -> str:
            return mapping.get(name, name)

        counts = Counter[str]()
        for element, count in self.counts.items():
            counts[to(element)] += count
        return Trace(
            counts,
            {to(flow): None for flow in self.flows},
            {token: to(element) for token, element in self.tokens.items()},
            {to(element): None for element in self.order},
            None if self.latest is None else to(self.latest),
        )

    def within(self, drawn: Container[str]) -> Trace:
        """What of it stands on a drawing: elements that were passed in an older version may be gone."""
        return Trace(
            Counter({element: count for element, count in self.counts.items() if element in drawn}),
            {flow: None for flow in self.flows if flow in drawn},
            {token: element for token, element in self.tokens.items() if element in drawn},
            {element: None for element in self.order if element in drawn},
            self.latest if self.latest is not None and self.latest in drawn else None,
        )

    def marks(self, failed: Iterable[str] = ()) -> dict[str, Any]:
        """What the diagram of the browser shows."""
        return {
            "done": self.done,
            "flows": list(self.flows),
            "now": [{"id": element, "count": count} for element, count in self.now.items()],
            "counts": {element: count for element, count in self.counts.items() if count > 1},
            "failed": list(failed),
            "latest": {"flow": self.latest},
        }


def trace(facts: Iterable[Stored], instance: int, upto: int | None = None) -> Trace:
    """The trace of *instance*, no further than the fact with sequence number *upto*."""
    found = Trace()
    for stored in facts:
        if upto is not None and stored.sequence > upto:
            break
        if isinstance(stored.fact, f.Advanced) and stored.fact.instance == instance:
            for fact in stored.fact.facts:
                _follow(found, fact)
        elif isinstance(stored.fact, f.InstanceMigrated) and stored.fact.instance == instance:
            found = found.renamed(stored.fact.mapping)
        elif isinstance(stored.fact, f.InstanceEnded) and stored.fact.instance == instance:
            found.tokens.clear()
    return found


def _follow(found: Trace, fact: dict[str, Any]) -> None:
    match fact.get("fact"):
        case "entered":
            found.tokens[fact["token"]] = fact["element"]
            if fact.get("flow"):
                found.flows[fact["flow"]] = None
                found.latest = fact["flow"]
        case "left":
            found.tokens.pop(fact["token"], None)
            found.counts[fact["element"]] += 1
            found.order[fact["element"]] = None
            for flow in fact.get("flows") or ():
                found.flows[flow] = None
        case "withdrawn":
            found.tokens.pop(fact["token"], None)


@dataclass(frozen=True, slots=True)
class Drawing:
    """A module instance on its diagram: `own` is its trace, `drawn` that of every instance on the same drawing (a process and
    the process of the same file that it called)."""

    deployment: str
    graph: Graph
    own: Trace
    drawn: Trace


def drawing(engine: Engine, facts: Iterable[Stored], instance: int) -> Drawing:
    """The diagram of *instance* after these facts, in the definitions that it is pinned to by then."""
    known = list(facts)
    pinned: dict[int, tuple[str, str]] = {}
    for stored in known:
        if isinstance(stored.fact, f.InstanceStarted | f.InstanceMigrated):
            pinned[stored.fact.instance] = (stored.fact.deployment, stored.fact.process)
    key, process = pinned[instance]
    deployment = engine.deployment(key)
    graph = deployment.graph(process)
    together = [each for each in deployment.graphs.values() if each.file == graph.file]
    there = {name for each in together for name in (*each.nodes, *each.flows)}
    own = drawn = trace(known, instance).within(there)
    for number, (other, called) in pinned.items():
        if number != instance and other == key and deployment.graph(called).file == graph.file:
            drawn = drawn.and_also(trace(known, number).within(there))
    return Drawing(key, graph, own, drawn)
