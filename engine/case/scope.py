"""Names in FEEL: local, then variables of the instance, then data of the file, then `p`, `zaak` and the engine's functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from schuldhulp.engine.case.budget import PER_EXPRESSION, Budget
from schuldhulp.engine.case.errors import ExpressionFailed
from schuldhulp.engine.case.values import decode
from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.paths import items
from schuldhulp.rules.dictionary import Entry, Type
from schuldhulp.rules.feel import (
    Compiled,
    FeelError,
    FeelEvaluationError,
    Run,
    Value,
    compile_expression,
    feel_value,
)

Locals = Mapping[str, Value]


def load(entry: Entry, raw: Any) -> Value:
    """The FEEL value of a stored datum."""
    return feel_value(entry.load(items(raw) if entry.type is Type.LIST else raw))


class Scope(Mapping[str, Value]):
    """The names that an expression of an instance sees. Values are read when asked for and kept."""

    def __init__(
        self,
        case: Case,
        instance: int | None,
        deployment: Deployment,
        now: datetime,
        *,
        current: Deployment | None = None,
        extra: Locals | None = None,
        functions: Callable[[str], Value | None] | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._case, self._dictionary = case, deployment.dictionary
        owner = case.owner(instance)
        self._data: Mapping[str, Any] = case.instances[owner].data if owner in case.instances else {}
        self._deployment, self._now, self._functions = deployment, now.astimezone(CIVIL), functions
        self._current = current  # its registers count, also for a case that runs on an older deployment
        self._budget = Budget() if budget is None else budget
        running = case.instances.get(owner) if owner is not None else None
        self._origin = running.origin_module if running is not None else None
        self._known: dict[str, Value] = dict(extra or {})
        self._computing: set[str] = set()
        self._without_locals: Scope = (
            Scope(case, instance, deployment, now, current=current, functions=functions, budget=self._budget)
            if extra
            else self
        )

    def __getitem__(self, name: str) -> Value:
        if name not in self._known:
            self._known[name] = self._look(name)
        return self._known[name]

    def _look(self, name: str) -> Value:
        entry = self._dictionary.entries.get(name)
        if name in self._data:
            return load(entry, self._data[name]) if entry is not None else decode(self._data[name])
        if entry is not None:
            if entry.derived is not None and name not in self._case.data:
                return self._derive(name, entry.derived)
            return load(entry, self._case.data.get(name) if entry.scope == "case" else None)
        if name == "p":
            return self._deployment.feel_parameters(self._now.date(), self._current)
        if name == "herkomst":
            return self._origin
        if name == "zaak":
            opened = self._case.opened_at
            day = opened.astimezone(CIVIL).date() if opened else None
            return feel_value({"nummer": self._case.number, "geopend_op": day})
        found = self._functions(name) if self._functions is not None else None
        if found is None:
            raise KeyError(name)
        return found

    def _derive(self, name: str, text: str) -> Value:
        """Computed from the file and the instance alone: a local of the same name (an input of a table) does not count."""
        if self._without_locals is not self:
            return self._without_locals[name]
        if name in self._computing:
            raise ExpressionFailed(name, text, "the datum is computed from itself; mend `derived` in the dictionary.")
        self._computing.add(name)
        try:
            return evaluate_within(compiled(self._deployment, text), self, self._now, self._budget, name)
        except FeelError as error:
            raise ExpressionFailed(name, text, str(error)) from error
        finally:
            self._computing.discard(name)

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys([*self._known, *self._data, *self._dictionary, "p", "zaak"])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, name: object) -> bool:
        try:
            self[str(name)]
        except KeyError:
            return False
        return True


def evaluate_within(
    expression: Compiled, scope: Scope, now: datetime, budget: Budget, element: str, instance: int | None = None
) -> Value:
    """The value; strict: a null that stems from an error is a FeelEvaluationError. The work comes out of *budget*.

    *now* is civil time. Raises FeelError, ModelFailed.
    """
    run = Run(expression.text, now=now, limit=budget.one(), strict=True)
    try:
        value = expression.evaluate_in(run, scope)
    finally:
        budget.spend(run.limit - max(run.left, 0) + PER_EXPRESSION, element, instance)
    if value is None and run.remarks:
        raise FeelEvaluationError(run.remarks[0])
    return value


ENGINE_FUNCTIONS = (
    "beslistabel",
    "einde termijn",
    "geteld",
    "werkdagen na",
    "werkdagen tussen",
    "volgende werkdag",
    "is werkdag",
    "wettelijk uiterlijk",
    "wettelijk uiterlijk met lengte",
    "wettelijk uiterlijk met commissie",
    "resterende tijd",
    "bezwaar op tijd",
    "dwangsom",
    "verzoekdatum",
)
_OWN = ("p", "zaak", "herkomst", "uitvoerder", "rol", "loopCounter")


def names_of(deployment: Deployment) -> tuple[str, ...]:
    """Names with which expressions of this deployment are read: keys, decisions, and the engine's own."""
    return (*deployment.dictionary.entries, *deployment.decisions, *ENGINE_FUNCTIONS, *_OWN)


def compiled(deployment: Deployment, text: str) -> Compiled:
    """*text* read with the names of *deployment*; read once per deployment. Raises FeelSyntaxError."""
    known = deployment.compiled.get(text)
    if known is None:
        known = deployment.compiled[text] = compile_expression(text, names_of(deployment))
    return known
