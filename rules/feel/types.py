"""FEEL's types: instance of, conforms-to, and implicit conversions (DMN 1.5, 10.3.2.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration
from schuldhulp.rules.feel.values import Range, Value, brief, kind


@dataclass(frozen=True, slots=True)
class SimpleType:
    """number, string, boolean, a temporal type, Any or Null."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class ListType:
    item: FeelType

    def __str__(self) -> str:
        return f"list<{self.item}>"


@dataclass(frozen=True, slots=True)
class RangeType:
    item: FeelType

    def __str__(self) -> str:
        return f"range<{self.item}>"


@dataclass(frozen=True, slots=True)
class ContextType:
    """Fields by name; a value may have more."""

    fields: tuple[tuple[str, FeelType], ...] = ()

    def __str__(self) -> str:
        return f"context<{', '.join(f'{name}: {kind}' for name, kind in self.fields)}>"


@dataclass(frozen=True, slots=True)
class FunctionType:
    """`parameters` None stands for any function."""

    parameters: tuple[FeelType, ...] | None
    result: FeelType

    def __str__(self) -> str:
        return f"function<{', '.join(map(str, self.parameters or ()))}>->{self.result}"


@dataclass(frozen=True, slots=True)
class NamedType:
    """An item definition: a base type, and the values allowed (None: all)."""

    name: str
    base: FeelType
    allows: Callable[[Value], bool] | None = field(default=None)

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class UnionType:
    """One of several; only for parameters of built-ins."""

    options: tuple[FeelType, ...]

    def __str__(self) -> str:
        return " or ".join(map(str, self.options))


FeelType = SimpleType | ListType | RangeType | ContextType | FunctionType | NamedType | UnionType

ANY, NULL = SimpleType("Any"), SimpleType("Null")
NUMBER, STRING, BOOLEAN = SimpleType("number"), SimpleType("string"), SimpleType("boolean")
DATE, TIME, DATE_TIME = SimpleType("date"), SimpleType("time"), SimpleType("date and time")
DAYS_TIME_DURATION = SimpleType("days and time duration")
YEARS_MONTHS_DURATION = SimpleType("years and months duration")
LIST, CONTEXT, RANGE = ListType(ANY), ContextType(), RangeType(ANY)
FUNCTION = FunctionType(None, ANY)

BUILT_IN_TYPES: dict[str, FeelType] = {
    kind.name: kind
    for kind in (
        ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_TIME_DURATION, YEARS_MONTHS_DURATION,
    )
}
BUILT_IN_TYPES |= {
    "list": LIST, "context": CONTEXT, "range": RANGE, "function": FUNCTION, "dateTime": DATE_TIME,
    "day-time duration": DAYS_TIME_DURATION, "dayTimeDuration": DAYS_TIME_DURATION,
    "year-month duration": YEARS_MONTHS_DURATION, "yearMonthDuration": YEARS_MONTHS_DURATION,
}


_PYTHON_TYPES: dict[FeelType, type] = {
    NUMBER: Decimal, STRING: str, BOOLEAN: bool, DATE: FeelDate, TIME: FeelTime, DATE_TIME: FeelDateTime,
    DAYS_TIME_DURATION: DaysTimeDuration, YEARS_MONTHS_DURATION: YearsMonthsDuration, LIST: list, CONTEXT: dict,
    RANGE: Range,
}


def python_types(wanted: FeelType) -> frozenset[type]:
    """The Python classes all of whose values conform to a type; none for a type that needs a look at the value."""
    options = wanted.options if isinstance(wanted, UnionType) else (wanted,)
    return frozenset(_PYTHON_TYPES[option] for option in options if option in _PYTHON_TYPES)


def instance_of(value: Value, wanted: FeelType) -> bool:
    """value instance of type; null is an instance of Null only."""
    if value is None:
        return bare(wanted) == NULL
    return conforms(value, wanted)


def conforms(value: Value, wanted: FeelType) -> bool:
    """Whether a value belongs to a type; null belongs to every type."""
    if value is None:
        return True
    match wanted:
        case SimpleType():
            return wanted is ANY or wanted.name in (kind(value), "Any")
        case ListType():
            if not isinstance(value, list):
                return False
            return wanted.item == ANY or all(conforms(item, wanted.item) for item in value)
        case RangeType():
            return isinstance(value, Range) and all(
                end is None or conforms(end, wanted.item) for end in (value.start, value.end)
            )
        case ContextType():
            return isinstance(value, dict) and all(
                name in value and conforms(value[name], inner) for name, inner in wanted.fields
            )
        case FunctionType():
            return _function_conforms(value, wanted)
        case NamedType():
            return conforms(value, wanted.base) and (wanted.allows is None or wanted.allows(value))
    return any(conforms(value, option) for option in wanted.options)


def _function_conforms(value: Value, wanted: FunctionType) -> bool:
    from schuldhulp.rules.feel.callables import Function

    if not isinstance(value, Function):
        return False
    return wanted.parameters is None or any(type_conforms(offered, wanted) for offered in value.types())


def type_conforms(offered: FeelType, wanted: FeelType) -> bool:
    """conforms-to between types (10.3.2.9.2): covariant, and contravariant in the parameters of functions."""
    offered, wanted = bare(offered), bare(wanted)
    if wanted == ANY or offered in (NULL, wanted):
        return True
    match offered, wanted:
        case ListType(), ListType():
            return type_conforms(offered.item, wanted.item)
        case RangeType(), RangeType():
            return type_conforms(offered.item, wanted.item)
        case ContextType(), ContextType():
            has = dict(offered.fields)
            return all(name in has and type_conforms(has[name], inner) for name, inner in wanted.fields)
        case FunctionType(), FunctionType():
            if offered.parameters is None or wanted.parameters is None:
                return wanted.parameters is None
            return len(offered.parameters) == len(wanted.parameters) and all(
                type_conforms(given, taken) for given, taken in zip(wanted.parameters, offered.parameters, strict=True)
            ) and type_conforms(offered.result, wanted.result)
        case UnionType(), _:
            return all(type_conforms(option, wanted) for option in offered.options)
        case _, UnionType():
            return any(type_conforms(offered, option) for option in wanted.options)
    return False


def bare(wanted: FeelType) -> FeelType:
    """The type without the names of item definitions around it."""
    while isinstance(wanted, NamedType):
        wanted = wanted.base
    return wanted


def coerce(value: Value, wanted: FeelType) -> Value:
    """The value as the type wants it, by the implicit conversions of 10.3.2.9.4. Raises NullResult.

    A list of one becomes its item, an item a list of one, a date a date and time at midnight UTC.
    """
    if value is None or conforms(value, wanted):
        return value
    if isinstance(value, list) and len(value) == 1 and value[0] is not None and conforms(value[0], wanted):
        return value[0]
    if isinstance(bare(wanted), ListType) and conforms([value], wanted):
        return [value]
    if isinstance(value, FeelDate):
        moment = value.at_midnight_utc()
        if conforms(moment, wanted):
            return moment
    raise NullResult("type-mismatch", f"{kind(value)} {brief(value)} does not conform to {wanted}")


def member_names(wanted: FeelType) -> Iterator[str]:
    """The names of all fields at any depth, which the parser may meet behind a dot."""
    stack = [wanted]
    seen: set[int] = set()
    while stack:
        current = stack.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        match current:
            case ListType() | RangeType():
                stack.append(current.item)
            case ContextType():
                yield from (name for name, _ in current.fields)
                stack.extend(inner for _, inner in current.fields)
            case NamedType():
                stack.append(current.base)
            case FunctionType():
                stack.append(current.result)
