"""The language of letters: Jinja2 with everything taken out that could run code, reach out, or grow without bound.

A template may print data, choose, and loop over lists. It has no calls but `range`, no attributes but the fields of data,
no macros, no other templates; filters are those of `FILTERS`. Steps of loops and sizes of results are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined, Undefined, UndefinedError, nodes, pass_context
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS as BUILTIN
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS

from schuldhulp.engine.definitions import dutch

STEP_LIMIT = 50_000
SIZE_LIMIT = 1_000_000
RANGE_LIMIT = 1_000
LIST_LIMIT = 10_000
_BITS = 200
METER = "_meter"
_LOOP = frozenset({"index", "index0", "first", "last", "length", "revindex", "revindex0"})
_MOMENT = frozenset({"year", "month", "day", "hour", "minute"})

REFUSED: Mapping[type[nodes.Node], str] = {
    nodes.Include: "include", nodes.Import: "import", nodes.FromImport: "import", nodes.Extends: "extends",
    nodes.Block: "block", nodes.Macro: "macro", nodes.CallBlock: "call", nodes.FilterBlock: "filter",
    nodes.AssignBlock: "set with a body", nodes.With: "with", nodes.ScopedEvalContextModifier: "autoescape",
    nodes.ExprStmt: "do",
}  # fmt: skip


class TooMuch(SecurityError):
    """A letter took more steps, or became larger, than it may."""


class Meter:
    """Steps and signs that one rendering has used."""

    def __init__(self) -> None:
        self.steps = 0

    def items(self, values: Any) -> Iterator[Any]:
        """The items of a loop, counted."""
        if not isinstance(values, list | tuple | Mapping | range):
            raise SecurityError("a loop needs a list")
        for value in values:
            self.steps += 1
            if self.steps > STEP_LIMIT:
                raise TooMuch(f"the loops of this letter take more than {STEP_LIMIT:,} steps")
            yield value


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Jinja2's sandbox, narrowed further."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined, loader=None, autoescape=False, optimized=False, cache_size=0,
            trim_blocks=True, lstrip_blocks=True, finalize=said,
        )  # fmt: skip
        self.globals.clear()
        self.globals["range"] = _range
        self.filters = dict(FILTERS)
        self.tests = {name: TESTS[name] for name in _TESTS}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of data; never an attribute of a Python object."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, date | datetime | time) and attribute in _MOMENT:
            return getattr(obj, attribute, self.undefined(obj=obj, name=attribute))
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except (IndexError, TypeError, ValueError):
                return self.undefined(obj=obj, name=str(argument))
        return self.getattr(obj, str(argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic on numbers, and + on texts and lists, within bounds."""
        if operator == "+" and type(left) is type(right) and isinstance(left, str | list):
            limit = SIZE_LIMIT if isinstance(left, str) else LIST_LIMIT
            if len(left) + len(right) > limit:
                raise TooMuch("a text or list in this letter becomes too large")
            return left + right
        if operator == "**" or not (_is_number(left) and _is_number(right)):
            raise SecurityError(f"{operator} works on numbers only, and ** not at all")
        result = self.binop_table[operator](Decimal(left), Decimal(right))
        if abs(result) >= 2**_BITS:
            raise TooMuch("a number in this letter becomes too large")
        return result

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False

    def is_safe_callable(self, obj: Any) -> bool:
        return obj is _range


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _range(*bounds: Any) -> range:
    values = range(*(int(bound) for bound in bounds))
    if len(values) > RANGE_LIMIT:
        raise TooMuch(f"a range has more than {RANGE_LIMIT:,} numbers")
    return values


class NoValue(UndefinedError):
    """Something without a value was to be printed."""


def said(value: Any) -> Any:
    """How a value is printed when the template says nothing: as Dutch readers expect."""
    match value:
        case None:
            raise NoValue("there is no value to print")
        case bool():
            return "ja" if value else "nee"
        case Decimal() | int():
            return dutch.number(value)
        case date():
            return dutch.long_date(value)
        case time():
            return f"{value:%H:%M}"
        case str() | Undefined():
            return value
        case list() | tuple():
            return _in_turn(value, ", ", last=" en ")
    raise SecurityError("only text, numbers, dates, yes or no, and lists of these can be printed")


def _moment(value: Any) -> str:
    if not isinstance(value, datetime | time):
        raise SecurityError("'tijd' needs a time")
    return f"{value.astimezone(dutch.CIVIL) if isinstance(value, datetime) else value:%H:%M}"


def _needs(kind: type | tuple[type, ...], name: str, what: str, work: Callable[[Any], str]) -> Callable[[Any], str]:
    """A filter that says what it needs when it gets something else."""

    def checked(value: Any) -> str:
        if isinstance(value, Undefined):
            value._fail_with_undefined_error()
        if value is None:
            raise NoValue("there is no value to print")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise SecurityError(f"'{name}' needs {what}")
        return work(value)

    return checked


def _default(value: Any, instead: Any = "") -> Any:
    """*instead* for what has no value or is not there."""
    return instead if value is None or isinstance(value, Undefined) else value


def _in_turn(values: Iterable[Any], between: str, last: str | None = None) -> str:
    """The values after each other; lists inside lists are refused, and the size is looked at as it grows."""
    if isinstance(values, str) or not isinstance(values, list | tuple | Iterator):
        raise SecurityError("a list is needed here")
    words: list[str] = []
    size = 0
    for value in values:
        if isinstance(value, list | tuple):
            raise SecurityError("a list of lists cannot be printed: loop over it")
        words.append(str(said(value)))
        size += len(words[-1]) + len(between)
        if size > SIZE_LIMIT:
            raise TooMuch("a text in this letter becomes too large")
    if last is None or len(words) < 2:
        return between.join(words)
    return between.join(words[:-1]) + last + words[-1]


def _joined(values: Iterable[Any], between: str = ", ") -> str:
    return _in_turn(values, str(between)[:100])


def _total(values: Sequence[Any], attribute: str | None = None) -> Decimal:
    found: list[Any] = [value.get(attribute) if attribute and isinstance(value, Mapping) else value for value in values]
    return sum((Decimal(value) for value in found if _is_number(value)), Decimal(0))


@pass_context
def _label(context: Context, code: Any, key: str) -> str:
    """The words of the dictionary for a code: {{ dreiging | label("dreiging") }}."""
    labels = context.get("_labels", {}).get(key)
    if labels is None:
        raise SecurityError(f"'{key}' has no list of values in the dictionary")
    if isinstance(code, list):
        return dutch.listed([labels.get(str(one), str(one)) for one in code])
    return str(labels.get(str(said(code)), said(code)))


@pass_context
def _counted(context: Context, values: Any) -> Iterator[Any]:
    meter: Meter = context[METER]
    return meter.items(list(values) if isinstance(values, Mapping) else values)


def _concat(*values: Any) -> str:
    return _in_turn(values, "")


FILTERS: Mapping[str, Callable[..., Any]] = {
    "euro": _needs((int, Decimal), "euro", "an amount", dutch.euro),
    "getal": _needs((int, Decimal), "getal", "a number", dutch.number),
    "datum": _needs(date, "datum", "a date", dutch.long_date),
    "datum_kort": _needs(date, "datum_kort", "a date", dutch.short_date),
    "dag_en_datum": _needs(date, "dag_en_datum", "a date", dutch.weekday_date),
    "tijd": _moment,
    "opsomming": lambda values: _in_turn(values, ", ", last=" en "),
    "label": _label,
    "default": _default,
    "join": _joined,
    "som": _total,
    "_counted": _counted,
    "_concat": _concat,
    **{name: BUILTIN[name] for name in ("lower", "upper", "capitalize", "trim", "length", "first", "last", "abs")},
    **{name: BUILTIN[name] for name in ("sort", "selectattr", "rejectattr")},
}
_TESTS = (
    "defined", "undefined", "none", "equalto", "==", "eq", "ne", "!=", "lt", "<", "le", "<=", "gt", ">", "ge", ">=",
    "in", "odd", "even", "true", "false",
)  # fmt: skip
