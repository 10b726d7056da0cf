"""What a decision takes in: names, types and allowed values, and values checked against them before anything runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from schuldhulp.rules.dmn.model import Decision, InputData, Key, Service
from schuldhulp.rules.dmn.program import DmnModel
from schuldhulp.rules.dmn.program.graph import Values
from schuldhulp.rules.dmn.program.session import python_type
from schuldhulp.rules.dmn.program.table import CompiledInput
from schuldhulp.rules.feel.errors import FeelValueError, NullResult
from schuldhulp.rules.feel.names import did_you_mean
from schuldhulp.rules.feel.types import ANY, ContextType, FeelType, ListType, NamedType, bare, coerce
from schuldhulp.rules.feel.values import Value, brief, feel_value

MISSING = "it is missing"


@dataclass(frozen=True, slots=True)
class InputInfo:
    """A value that a decision takes or gives. `type` is a FEEL type or the name of an item definition; `allowed` is
    the text of the unary tests that its values must pass, or None; `fields` are the parts of a context."""

    name: str
    type: str
    allowed: str | None
    fields: tuple[InputInfo, ...] = ()


def required_inputs(model: DmnModel, decision: str) -> tuple[InputInfo, ...]:
    """The inputs that the decision or service needs, directly or by way of others. Raises NoSuchDecision."""
    found: list[InputInfo] = []
    target = model.key(decision)
    for wanted in _plan(model, target, frozenset()):
        variable = model.linked.elements[wanted.key].variable
        info = _info(model, wanted.path, variable.type_ref, wanted.key[0])
        for column in wanted.columns:  # what the variable leaves open, a column that tests it may say
            clause = column.clause
            info = replace(
                info,
                type=_words(clause.expression.type_ref) if info.type == "Any" else info.type,
                allowed=clause.allowed.text.strip() if info.allowed is None and clause.allowed else info.allowed,
            )
        found.append(info)
    return tuple(found)


def output_info(model: DmnModel, decision: str) -> tuple[InputInfo, ...]:
    """What comes out: one entry per output column of the decision's table, else one for the decision."""
    key = model.key(decision)
    element = model.linked.elements[key]
    if isinstance(element, Service):
        return tuple(info for one in element.outputs for info in output_info(model, one[1]))
    if isinstance(element, Decision) and element.table is not None:
        table = element.table
        several = len(table.outputs) > 1
        return tuple(
            InputInfo(
                (one.name if several or one.name else element.name) or element.name,
                _words(one.type_ref or (None if several else element.variable.type_ref)),
                one.allowed.text.strip() if one.allowed else _allowed(model, one.type_ref, key[0]),
            )
            for one in table.outputs
        )
    return (_info(model, element.name, element.variable.type_ref, key[0]),)


def input_info(model: DmnModel, key: Key) -> InputInfo:
    element = model.linked.elements[key]
    return _info(model, path_of(model, key), element.variable.type_ref, key[0])


def _info(model: DmnModel, name: str, type_ref: str | None, namespace: str) -> InputInfo:
    types = model.graph.compiler.types
    where = None if type_ref is None else types.locate(type_ref, model.linked.files[namespace])
    fields: tuple[InputInfo, ...] = ()
    if where is not None:
        definition = types.definitions[where]
        fields = tuple(_info(model, one.name, one.type_ref, where[0]) for one in definition.components)
    return InputInfo(name, _words(type_ref), _allowed(model, type_ref, namespace), fields)


def _words(type_ref: str | None) -> str:
    return "Any" if type_ref is None else type_ref.rpartition("}")[2]


def _allowed(model: DmnModel, type_ref: str | None, namespace: str) -> str | None:
    """The allowed values that a declared type states, its own or those of the type behind it."""
    types = model.graph.compiler.types
    while type_ref is not None:
        where = types.locate(type_ref, model.linked.files[namespace])
        if where is None:
            return None
        definition = types.definitions[where]
        if definition.allowed is not None:
            return definition.allowed.text.strip()
        type_ref, namespace = definition.type_ref, where[0]
    return None


def path_of(model: DmnModel, key: Key) -> str:
    """The name under which the caller gives the value: `name`, or `import.name` for an imported model."""
    name = model.linked.elements[key].variable.name
    if key[0] == model.namespace:
        return name
    alias = next((one.name for one in model.linked.main.imports if one.namespace == key[0]), "")
    return f"{alias}.{name}" if alias else name


@dataclass(frozen=True, slots=True)
class Wanted:
    """An input that a target needs: where the caller puts it, its type, and the columns that test it by name."""

    key: Key
    path: str
    group: str
    name: str
    kind: FeelType
    free: bool  # any value will do, null too
    exact: type | None  # a value of this class needs no further look
    columns: tuple[CompiledInput, ...]


def take_inputs(model: DmnModel, target: Key, inputs: Mapping[str, object]) -> tuple[Values, dict[str, str]]:
    """The values by key as the decision wants them, and what is wrong by name. A wrong value is null in the result."""
    values: Values = {}
    problems: dict[str, str] = {}
    names = model.graph.decision_names
    for name in inputs.keys() & names.keys():
        key = names[name]
        if key != target:
            wanted = Wanted(key, name, "", name, model.graph.kinds[key], False, None, ())
            _take(model, wanted, inputs[name], values, problems)
    for wanted in _plan(model, target, frozenset(values)):
        if wanted.key in values:
            continue
        if wanted.path in inputs:
            _take(model, wanted, inputs[wanted.path], values, problems)
            continue
        group = inputs.get(wanted.group) if wanted.group else None
        if isinstance(group, Mapping) and wanted.name in group:
            _take(model, wanted, group[wanted.name], values, problems)
        elif wanted.name in inputs:
            _take(model, wanted, inputs[wanted.name], values, problems)
        else:
            problems[wanted.path] = MISSING
            values[wanted.key] = None
    return values, problems


def _plan(model: DmnModel, target: Key, given: frozenset[Key]) -> tuple[Wanted, ...]:
    """What *target* needs when the decisions in *given* are given; worked out once."""
    graph = model.graph
    cached = graph.plans.get((target, given))
    if cached is not None:
        return cached
    element = model.linked.elements[target]
    needed: dict[Key, None] = {}
    decisions = [target]
    if isinstance(element, Service):
        needed.update(dict.fromkeys(graph.inputs_of(target)))
        decisions = list(element.outputs)
    steps = [key for decision in decisions for key in graph.order(decision, given)]
    for key in steps:
        for required in graph.steps[key].decision.requires:
            if isinstance(model.linked.elements.get(required), InputData) and not isinstance(element, Service):
                needed[required] = None
    plan = tuple(_wanted(model, key, frozenset(steps)) for key in needed)
    if len(graph.plans) < 1000:
        graph.plans[(target, given)] = plan
    return plan


def _wanted(model: DmnModel, key: Key, steps: frozenset[Key]) -> Wanted:
    path, name = path_of(model, key), model.linked.elements[key].variable.name
    columns = tuple(column for decision, column in model.graph.tested.get(key, ()) if decision in steps)
    kind = model.graph.kinds[key]
    group = path.removesuffix(name).rstrip(".")
    free = kind is ANY and not columns
    stated = {one.kind for one in columns if one.kind is not ANY} | ({kind} if kind is not ANY else set())
    unlimited = len(stated) == 1 and not any(one.clause.allowed for one in columns)
    exact = python_type(stated.pop()) if unlimited else None
    return Wanted(key, path, group, name, kind, free, exact, columns)


def _take(model: DmnModel, wanted: Wanted, given: object, values: Values, problems: dict[str, str]) -> None:
    key, path, kind = wanted.key, wanted.path, wanted.kind
    if given.__class__ is wanted.exact and not (isinstance(given, Decimal) and not given.is_finite()):
        values[key] = given  # type: ignore[assignment]  # the class of a FEEL type
        return
    values[key] = None
    try:
        value = feel_value(given)
        if wanted.free:
            values[key] = value
            return
        problem = refused(value, kind)
        if problem:
            problems[path] = problem
            return
        values[key] = coerce(value, kind)
        for column in wanted.columns:
            tested = coerce(value, column.kind)
            if column.allowed_alone is not None and not column.allowed_alone(tested):
                text = column.clause.allowed.text.strip() if column.clause.allowed else ""
                problems[path] = f"{brief(tested)} is not among the input values {text}{_meant(tested, text)}"
    except FeelValueError as error:
        problems[path] = str(error)
    except NullResult as error:
        problems[path] = f"{error.message}{_hint(model, key, value)}"


_QUOTED = re.compile(r'"([^"\\]*)"')


def _hint(model: DmnModel, key: Key, value: Value) -> str:
    allowed = input_info(model, key).allowed
    return f" (allowed: {allowed}){_meant(value, allowed)}" if allowed else ""


def _meant(value: Value, allowed: str) -> str:
    """Which of the allowed texts is like this one."""
    return did_you_mean(value, _QUOTED.findall(allowed)) if isinstance(value, str) else ""


def refused(value: Value, kind: FeelType) -> str:
    """Why null is not allowed here or in a part of the value; empty when it may stand. Other values are left to
    `coerce`: null alone conforms to every type (10.3.2.9), so allowed values must be asked about it apart."""
    if value is None:
        return "" if allows_null(kind) else "null is not an allowed value"
    inner = bare(kind)
    if isinstance(inner, ContextType) and isinstance(value, dict):
        for name, field in inner.fields:
            if name not in value:
                return f"the entry {name!r} is missing in {brief(value)}"
            problem = refused(value[name], field)
            if problem:
                return f"{name}: {problem}"
    if isinstance(inner, ListType) and isinstance(value, list):
        for number, item in enumerate(value, 1):
            problem = refused(item, inner.item)
            if problem:
                return f"item {number}: {problem}"
    return ""


def allows_null(kind: FeelType) -> bool:
    while isinstance(kind, NamedType):
        if kind.allows is not None and not kind.allows(None):
            return False
        kind = kind.base
    return True
