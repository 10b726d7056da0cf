"""Old facts in today's words. Stored bytes are never rewritten; an older fact passes through here when it is read.

    @upcasts("term_started", from_version=1)
    def _(clear: Json, personal: Personal) -> tuple[Json, Personal]:
        return {**clear, "law": "2021-01-01"}, personal

The function gets the fact as plain JSON (its clear part with "type", and the personal parts that can still be opened)
and gives the shape of the next version. The version that is written today is one more than the newest one upcast from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Personal = dict[str, dict[str, Any]]
Upcast = Callable[[Json, Personal], tuple[Json, Personal]]


class Upcasts:
    """The registry: (type, version) -> the step to version + 1."""

    def __init__(self) -> None:
        self._steps: dict[tuple[str, int], Upcast] = {}
        self._newest: dict[str, int] = {}

    def __call__(self, type_: str, *, from_version: int) -> Callable[[Upcast], Upcast]:
        """Registers a step. Raises ValueError when it is there already, or would leave a hole."""
        if (type_, from_version) in self._steps:
            raise ValueError(f"{type_} version {from_version} has an upcast already: released steps do not change")
        if from_version != self.version(type_):
            raise ValueError(f"{type_}: the next step goes from version {self.version(type_)}, not {from_version}")

        def register(step: Upcast) -> Upcast:
            self._steps[type_, from_version] = step
            self._newest[type_] = from_version + 1
            return step

        return register

    def version(self, type_: str) -> int:
        """The version in which facts of this type are written today."""
        return self._newest.get(type_, 1)

    def __contains__(self, key: tuple[str, int]) -> bool:
        return key in self._steps

    def lift(self, version: int, clear: Json, personal: Personal) -> tuple[Json, Personal]:
        """The fact in the newest version. A step may give another type, which goes on from its own version 1."""
        while (step := self._steps.get((clear["type"], version))) is not None:
            before = clear["type"]
            clear, personal = step(clear, personal)
            version = version + 1 if clear["type"] == before else 1
        return clear, personal


upcasts = Upcasts()
"""The steps of this product. A type that is not named here is written in version 1."""


@upcasts("incident_raised", from_version=1)
def _(clear: Json, personal: Personal) -> tuple[Json, Personal]:
    """Version 2 can name the external work that was given up; nothing in version 1 was about such work."""
    return clear, personal
