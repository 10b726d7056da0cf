"""The requirement graph as something that runs: decisions in order, knowledge models and services as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from schuldhulp.rules.dmn.findings import Finding
from schuldhulp.rules.dmn.model import Decision, Definitions, InputData, Key, KnowledgeModel, Service
from schuldhulp.rules.dmn.program.boxed import Compiler, Environment
from schuldhulp.rules.dmn.program.session import Evaluate, Scope, Session, TableTrace
from schuldhulp.rules.dmn.program.table import CompiledInput
from schuldhulp.rules.dmn.read.link import Linked
from schuldhulp.rules.feel.callables import Function, Param, Run, Signature
from schuldhulp.rules.feel.types import FeelType, FunctionType, bare
from schuldhulp.rules.feel.values import Value

if TYPE_CHECKING:
    from schuldhulp.rules.dmn.inputs import Wanted

Values = dict[Key, Value]


@dataclass(frozen=True, slots=True)
class Binding:
    """Under which name an element sees another: its own name, below the import's name when there is one."""

    key: Key
    name: str
    imported_as: str

    @property
    def words(self) -> str:
        return f"{self.imported_as}.{self.name}" if self.imported_as else self.name


@dataclass(frozen=True, slots=True)
class Step:
    """A decision ready to run once the values of what it requires are known."""

    decision: Decision
    bindings: tuple[Binding, ...]
    knowledge: tuple[Binding, ...]
    evaluate: Evaluate | None
    kind: FeelType


@dataclass(frozen=True, slots=True)
class Made:
    """The value of a decision with the traces of its own tables."""

    key: Key
    inputs: tuple[tuple[str, Value], ...]
    traces: tuple[TableTrace, ...]
    value: Value


class Graph:
    """All compiled elements of a model by key; immutable once built, shared by all evaluations."""

    def __init__(self, linked: Linked, compiler: Compiler, findings: list[Finding]) -> None:
        self.linked = linked
        self.compiler = compiler
        self.kinds: dict[Key, FeelType] = {}
        for key, element in linked.elements.items():
            self.kinds[key] = compiler.types.of(element.variable, self._file(key))
        self.steps: dict[Key, Step] = {}
        self.functions: dict[Key, Evaluate] = {}
        for key, element in linked.elements.items():
            match element:
                case Decision():
                    self.steps[key] = self._step(element)
                case KnowledgeModel():
                    self.functions[key] = self._knowledge(element)
                case Service():
                    self.functions[key] = self._service(element)
                case _:
                    pass
        self.decision_names = {one.variable.name: one.key for one in linked.main.decisions}
        self.tested = self._tested()
        self.short_plans: dict[Key, Any] = {}
        self.prepared: dict[str, Callable[[Mapping[str, object]], Value]] = {}  # by decision, for `evaluate`
        self.plans: dict[tuple[Key, frozenset[Key]], tuple[Wanted, ...]] = {}
        self._orders: dict[tuple[Key, frozenset[Key]], tuple[Key, ...]] = {}

    def _tested(self) -> dict[Key, list[tuple[Key, CompiledInput]]]:
        """For each input, the table columns whose expression is nothing but its name."""
        found: dict[Key, list[tuple[Key, CompiledInput]]] = {}
        for key, step in self.steps.items():
            table = step.decision.table
            names = {one.words: one.key for one in step.bindings}
            for column in self.compiler.tables[id(table)].inputs if table is not None else ():
                text = " ".join(column.clause.expression.text.text.split())
                if isinstance(self.linked.elements.get(names.get(text, ("", ""))), InputData):
                    found.setdefault(names[text], []).append((key, column))
        return found

    def _file(self, key: Key) -> Definitions:
        return self.linked.files[key[0]]

    def bindings(self, keys: Iterable[Key], file: Definitions) -> tuple[Binding, ...]:
        found: list[Binding] = []
        for key in keys:
            element = self.linked.elements.get(key)
            if element is None:
                continue  # a finding already
            alias = "" if key[0] == file.namespace else _alias(file, key[0])
            found.append(Binding(key, element.variable.name, alias))
        return tuple(found)

    def _environment(self, file: Definitions, *groups: tuple[Binding, ...]) -> Environment:
        names = {one.imported_as or one.name for group in groups for one in group}
        inner = {one.name for group in groups for one in group if one.imported_as}
        return Environment(frozenset(names), file, frozenset(inner))

    # -- decisions -------------------------------------------------------------------------------------------

    def _step(self, decision: Decision) -> Step:
        file = self._file(decision.key)
        needs, knowledge = self.bindings(decision.requires, file), self.bindings(decision.knowledge, file)
        env = self._environment(file, needs, knowledge)
        evaluate = None if decision.expression is None else self.compiler.expression(decision.expression, env)
        return Step(decision, needs, knowledge, evaluate, self.kinds[decision.key])

    def order(self, target: Key, given: frozenset[Key]) -> tuple[Key, ...]:
        """The decisions to make for *target*, requirements first, without those that are given. Any depth."""
        cached = self._orders.get((target, given))
        if cached is not None:
            return cached
        done: dict[Key, None] = {}
        open_: list[tuple[Key, Iterator[Key]]] = []

        def enter(key: Key) -> None:
            if key not in done and key not in given and key in self.steps:
                open_.append((key, iter(self.steps[key].decision.requires)))

        enter(target)
        while open_:
            key, rest = open_[-1]
            following = next(rest, None)
            if following is None:
                open_.pop()
                done[key] = None
            else:
                enter(following)
        if len(self._orders) < 1000:
            self._orders[(target, given)] = tuple(done)
        return tuple(done)

    def make(self, target: Key, values: Values, session: Session, made: list[Made] | None = None) -> Value:
        """The value of decision *target*. *values* holds inputs and given decisions, and receives what is made."""
        for key in self.order(target, frozenset(key for key in values if key in self.steps)):
            step = self.steps[key]
            start = len(session.traces)
            scope = self._scope(step, values, session)
            value = self._run(step, scope, session)
            values[key] = value
            if made is not None:
                own = tuple(session.traces[start:])
                del session.traces[start:]
                made.append(Made(key, _named(step, values), own, value))
        return values[target]

    def _run(self, step: Step, scope: Scope, session: Session) -> Value:
        if step.evaluate is None:
            place = step.decision.place
            session.null(place, "no-logic", f"the decision {step.decision.name!r} has no logic")
            return None
        return session.converted(step.evaluate(scope, session), step.kind, step.decision.place)

    def _scope(self, step: Step, values: Values, session: Session) -> Scope:
        scope: Scope = {}
        for one in step.bindings:
            _put(scope, one, values.get(one.key))
        for one in step.knowledge:
            _put(scope, one, self.function(one.key, session))
        return scope

    # -- functions -------------------------------------------------------------------------------------------

    def _knowledge(self, model: KnowledgeModel) -> Evaluate:
        """The function of a knowledge model. What it requires in turn is bound when it is first called."""
        logic = model.logic
        if logic is None:
            return lambda scope, session: None
        file = self._file(model.key)
        knowledge = self.bindings((key for key in model.knowledge if key != model.key), file)
        own = Binding(model.key, model.variable.name, "")
        env = self._environment(file, knowledge, (own,))
        if logic.kind != "FEEL":
            return self.compiler.function(logic, env, model.name)
        params = self.compiler.params(logic.parameters, env)
        names = [param.name for param in params]
        body = self.compiler.body(logic, env.holding(*names))
        result = self._result(model.key)

        def call(session: Session, arguments: list[Value]) -> Value:
            scope: Scope = {}
            for one in (*knowledge, own):
                _put(scope, one, self.function(one.key, session))
            scope.update(zip(names, arguments, strict=True))
            return session.converted(body(scope, session), result, model.place)

        def define(_: Scope, session: Session) -> Value:
            return Function(model.name, [Signature(params, lambda run, arguments: call(session, arguments), result)])

        return define

    def function(self, key: Key, session: Session) -> Value:
        """The knowledge model or service as a function value, made once per session."""
        if key not in session.functions:
            session.functions[key] = self.functions[key]({}, session)
        return session.functions[key]

    def _result(self, key: Key) -> FeelType:
        """What a function gives: its type says so, or its variable has the type of the result (as before DMN 1.3)."""
        stated = bare(self.kinds[key])
        return stated.result if isinstance(stated, FunctionType) else self.kinds[key]

    def _service(self, service: Service) -> Evaluate:
        parameters = (*service.input_data, *service.input_decisions)
        params = tuple(
            Param(self.linked.elements[key].variable.name, self.kinds[key])
            for key in parameters
            if key in self.linked.elements
        )

        def define(_: Scope, session: Session) -> Value:
            def call(_run: Run, arguments: list[Value]) -> Value:
                return self.serve(service, dict(zip(parameters, arguments, strict=True)), session)

            return Function(service.name, [Signature(params, call)])

        return define

    def serve(self, service: Service, values: Values, session: Session, made: list[Made] | None = None) -> Value:
        """The output of a service: the value of its one output decision, or a context of several by name."""
        for key in service.input_decisions:
            values.setdefault(key, None)  # a parameter that is left out is null; the decision itself never runs
        results = {
            self.linked.elements[key].variable.name: self.make(key, values, session, made) for key in service.outputs
        }
        value: Value = results if len(results) > 1 else next(iter(results.values()))
        return session.converted(value, self._result(service.key), service.place)

    # -- what goes in ----------------------------------------------------------------------------------------

    def inputs_of(self, target: Key) -> tuple[Key, ...]:
        """The input data that a decision (or service) needs, directly or by way of others, in order of need."""
        element = self.linked.elements[target]
        if isinstance(element, Service):
            return (*element.input_data, *element.input_decisions)
        found: dict[Key, None] = {}
        for key in self.order(target, frozenset()):
            for needed in self.steps[key].decision.requires:
                if isinstance(self.linked.elements.get(needed), InputData):
                    found[needed] = None
        return tuple(found)


def _named(step: Step, values: Mapping[Key, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple((one.words, values.get(one.key)) for one in step.bindings)


def _put(scope: Scope, binding: Binding, value: Value) -> None:
    if not binding.imported_as:
        scope[binding.name] = value
        return
    group = scope.setdefault(binding.imported_as, {})
    if isinstance(group, dict):
        group[binding.name] = value


def _alias(file: Definitions, namespace: str) -> str:
    return next((one.name for one in file.imports if one.namespace == namespace), "")
