"""What compiling shares: the environment of a closure, names and slots, remarks with places, folding of constants."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from schuldhulp.rules.feel.callables import Function, Run
from schuldhulp.rules.feel.errors import FeelError, NullResult, Remark
from schuldhulp.rules.feel.nodes import Node, Place
from schuldhulp.rules.feel.types import FeelType
from schuldhulp.rules.feel.values import Value

# An environment is a list: the caller's scope, the run, then one slot per local name. Any, because a list has no
# type per index; the closures below put in and take out the same things.
Env = list[Any]
Eval = Callable[[Env], Value]
SCOPE, RUN, FIRST_SLOT = 0, 1, 2


class Fail:
    """Records why a node became null; called with the run, and with a NullResult or a kind and a message.

    Always gives None, typed so that a closure can return it as its value.
    """

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, place: Place) -> None:
        self.text, self.start, self.end = text, place.start, place.end

    def __call__(self, run: Run, kind: str, message: str) -> bool | None:
        run.remark(Remark(kind, message, self.text, self.start, self.end))
        return None

    def because(self, run: Run, reason: NullResult) -> bool | None:
        return self(run, reason.kind, reason.message)

    def charge(self, run: Run, steps: int) -> None:
        run.charge(steps, self.text, self.start, self.end)


class Compiler:
    """Turns the nodes of one text into closures."""

    def __init__(
        self, text: str, names: frozenset[str], functions: Mapping[str, Function], types: Mapping[str, FeelType],
        table: Mapping[type, Callable[[Compiler, Any], Eval]],
    ) -> None:
        self.text, self.names, self.functions, self.types = text, names, functions, types
        self.table = table
        self.slots = FIRST_SLOT
        self.size = FIRST_SLOT
        self.binders: list[tuple[str | None, int]] = []  # a local name, or None for the item of a filter
        self.constants: dict[Eval, Value] = {}

    def compile(self, node: Node) -> Eval:
        return self.table[type(node)](self, node)

    def all(self, nodes: Iterable[Node]) -> list[Eval]:
        return [self.compile(node) for node in nodes]

    def fail(self, node: Place) -> Fail:
        return Fail(self.text, node)

    # -- constants -------------------------------------------------------------------------------------------

    def constant(self, value: Value) -> Eval:
        def constant(_env: Env) -> Value:
            return value

        self.constants[constant] = value
        return constant

    def folded(self, closure: Eval, *parts: Eval) -> Eval:
        """The closure, or its value when all its parts are constant and nothing goes wrong."""
        if not all(part in self.constants for part in parts):
            return closure
        run = Run(self.text, limit=10_000)
        run.pattern_seconds = 0.0  # regular expressions wait until they are needed
        try:
            value = closure([{}, run, *([None] * self.size)])
        except FeelError:
            return closure
        if run.remarks or isinstance(value, (list, dict)):  # a container must be a new one each time
            return closure
        return self.constant(value)

    # -- local names -----------------------------------------------------------------------------------------

    def slot(self) -> int:
        taken = self.slots
        self.slots += 1
        self.size = max(self.size, self.slots)
        return taken

    @contextmanager
    def binding(self, *names: str | None) -> Iterator[list[int]]:
        """Slots for local names (None: the item of a filter), which hold within the block."""
        mark = len(self.binders), self.slots
        taken = []
        for name in names:
            taken.append(self.slot())
            self.binders.append((name, taken[-1]))
        try:
            yield taken
        finally:
            del self.binders[mark[0] :]
            self.slots = mark[1]

    def bind(self, name: str) -> int:
        """One more local name within the current block."""
        taken = self.slot()
        self.binders.append((name, taken))
        return taken

    def is_local(self, name: str) -> bool:
        return any(bound == name for bound, _ in self.binders)
