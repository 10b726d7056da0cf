"""Where a case has been and is on the diagram of a module, read from its facts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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
