"""A few methods of Java's standard library as Python functions, for the conformance suite's external functions only.

They follow the Java documentation: `int` and `long` take whole numbers in range, `float` and `double` are binary,
`char` is one character. Anything else is refused (null in FEEL).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import Decimal
from struct import pack, unpack
from typing import Any

from schuldhulp.rules.feel import NullResult

_WHOLE = {"byte": 8, "short": 16, "int": 32, "long": 64}
_CONVERSION = re.compile(r"%(?:(\d+)\$)?(-)?(\d+)?(?:\.(\d+))?([sdfxXn%])")


def _refuse(message: str) -> NullResult:
    return NullResult("external", message)


def _number(value: Any) -> Decimal:
    if not isinstance(value, Decimal):
        raise _refuse("a number is needed")
    return value


def _whole(kind: str) -> Callable[[Any], int]:
    limit = 1 << (_WHOLE[kind] - 1)

    def convert(value: Any) -> int:
        number = _number(value)
        if number != number.to_integral_value() or not -limit <= number < limit:
            raise _refuse(f"{number} is no {kind}")
        return int(number)

    return convert


def _double(value: Any) -> float:
    return float(_number(value))


def _float(value: Any) -> float:
    return _single(_double(value))


def _single(value: float) -> float:
    try:
        narrowed: float = unpack("f", pack("f", value))[0]
    except OverflowError:
        raise _refuse(f"{value} is no float") from None
    return narrowed


def _char(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 1:
        raise _refuse("one character is needed")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _refuse("a string is needed")
    return value


def _out(value: float, single: bool = False) -> Decimal:
    """A binary number in the fewest digits that tell it apart, as Java prints it."""
    if not math.isfinite(value):
        raise _refuse("the result is not a number")
    if not single:
        return Decimal(repr(value))
    narrow = _single(value)
    return next(text for digits in range(1, 18) if _single(float(text := Decimal(f"{narrow:.{digits}g}"))) == narrow)


_ARGUMENTS: dict[str, Callable[[Any], Any]] = {
    "double": _double,
    "float": _float,
    "char": _char,
    "java.lang.String": _string,
    **{kind: _whole(kind) for kind in _WHOLE},
}


def _method(name: str, kinds: tuple[str, ...], body: Callable[..., Any]) -> tuple[str, Callable[..., Any]]:
    def call(*arguments: Any) -> Any:
        if len(arguments) != len(kinds):
            raise _refuse(f"{name} takes {len(kinds)} arguments")
        result = body(*(_ARGUMENTS[kind](value) for kind, value in zip(kinds, arguments, strict=True)))
        if isinstance(result, float):
            return _out(result, single="float" in kinds or "Float" in name)
        return Decimal(result) if isinstance(result, int) and not isinstance(result, bool) else result

    return f"{name}({','.join(kinds)})", call


def _parsed(kind: str) -> Callable[[str], int]:
    convert = _whole(kind)

    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?[0-9]+", text):
            raise _refuse(f"{text!r} is no {kind}")
        return convert(Decimal(text))

    return parse


def _floating(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise _refuse(f"{text!r} is no number") from None


def _format(pattern: Any, *arguments: Any) -> str:
    """java.lang.String.format for the conversions s, d, f, x, n and %."""
    values = list(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], list) else list(arguments)
    waiting = iter(values)

    def one(match: re.Match[str]) -> str:
        index, left, width, precision, kind = match.groups()
        if kind in "n%":
            return "\n" if kind == "n" else "%"
        try:
            value = values[int(index) - 1] if index else next(waiting)
        except (IndexError, StopIteration):
            raise _refuse(f"there is no argument for {match[0]}") from None
        text = _shown(kind, value, precision)
        return text.ljust(int(width or 0)) if left else text.rjust(int(width or 0))

    return _CONVERSION.sub(one, _string(pattern))


def _shown(kind: str, value: Any, precision: str | None) -> str:
    if kind == "s":
        text = "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
        return text[: int(precision)] if precision else text
    if kind == "f":
        return f"{_number(value):.{int(precision or 6)}f}"
    whole = _whole("long")(value)
    return str(whole) if kind == "d" else f"{whole:{kind}}"


def _maths() -> dict[str, Callable[..., Any]]:
    found: dict[str, Callable[..., Any]] = {}
    for kind in ("int", "long", "float", "double"):
        found |= dict(
            [
                _method("java.lang.Math.max", (kind, kind), max),
                _method("java.lang.Math.min", (kind, kind), min),
                _method("java.lang.Math.abs", (kind,), abs),
            ]
        )
    for name in ("cos", "sin", "tan", "acos", "asin", "atan", "sqrt", "exp", "log", "log10"):
        found |= dict([_method(f"java.lang.Math.{name}", ("double",), getattr(math, name))])
    return found | dict([_method("java.lang.Math.pow", ("double", "double"), math.pow)])


JAVA: dict[str, Callable[..., Any]] = _maths() | dict(
    [
        *(_method(f"java.lang.{n}.valueOf", (k,), lambda v: v) for n, k in (
            ("Byte", "byte"), ("Short", "short"), ("Integer", "int"), ("Long", "long"), ("Float", "float"),
            ("Double", "double"), ("String", "char"),
        )),
        *(_method(f"java.lang.{n}.valueOf", ("java.lang.String",), _parsed(k)) for n, k in (
            ("Byte", "byte"), ("Short", "short"), ("Integer", "int"), ("Long", "long"),
        )),
        *(_method(f"java.lang.{n}.valueOf", ("java.lang.String",), _floating) for n in ("Float", "Double")),
        ("java.lang.String.format(java.lang.String,[Ljava.lang.Object;)", _format),
    ]
)
