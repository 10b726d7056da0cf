"""Numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

import decimal
from decimal import Decimal

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.temporal import DaysTimeDuration, YearsMonthsDuration
from schuldhulp.rules.feel.values import Value

registry = Registry()
built_in = registry.built_in

_EXACT = decimal.Context(prec=12_500, Emin=-20_000, Emax=20_000, traps=[])


def _scaled(value: Decimal, scale: Decimal, rounding: str) -> Decimal:
    """The value rounded to `scale` places (negative: before the point). The scale is cut to a whole number."""
    places = int(scale) if scale.copy_abs() < 10_000 else 10_000
    if not -6111 <= places <= 6176:
        raise NullResult("out-of-range", f"the scale {numbers.text(scale)} is not between -6111 and 6176")
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if places >= -exponent:
        return value
    rounded = value.quantize(Decimal((0, (1,), -places)), rounding=rounding, context=_EXACT)
    return numbers.checked(numbers.CONTEXT.plus(rounded))


@built_in("decimal(n: number, scale: number) -> number")
def decimal_(value: Decimal, scale: Decimal) -> Value:
    return _scaled(value, scale, decimal.ROUND_HALF_EVEN)


@built_in("floor(n: number, scale?: number) -> number")
def floor(value: Decimal, scale: Decimal | None) -> Value:
    return _scaled(value, scale or numbers.ZERO, decimal.ROUND_FLOOR)


@built_in("ceiling(n: number, scale?: number) -> number")
def ceiling(value: Decimal, scale: Decimal | None) -> Value:
    return _scaled(value, scale or numbers.ZERO, decimal.ROUND_CEILING)


@built_in("round up(n: number, scale: number) -> number")
def round_up(value: Decimal, scale: Decimal) -> Value:
    return _scaled(value, scale, decimal.ROUND_UP)


@built_in("round down(n: number, scale: number) -> number")
def round_down(value: Decimal, scale: Decimal) -> Value:
    return _scaled(value, scale, decimal.ROUND_DOWN)


@built_in("round half up(n: number, scale: number) -> number")
def round_half_up(value: Decimal, scale: Decimal) -> Value:
    return _scaled(value, scale, decimal.ROUND_HALF_UP)


@built_in("round half down(n: number, scale: number) -> number")
def round_half_down(value: Decimal, scale: Decimal) -> Value:
    return _scaled(value, scale, decimal.ROUND_HALF_DOWN)


@built_in("abs(n: number|days and time duration|years and months duration) -> number")
def abs_(value: Decimal | DaysTimeDuration | YearsMonthsDuration) -> Value:
    match value:
        case Decimal():
            return value.copy_abs()
        case DaysTimeDuration():
            return DaysTimeDuration(abs(value.nanos))
    return YearsMonthsDuration(abs(value.total_months))


@built_in("modulo(dividend: number, divisor: number) -> number")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    if not divisor:
        raise NullResult("division-by-zero", "division by zero")
    rest = _EXACT.remainder(dividend, divisor)
    if rest and (rest < 0) is not (divisor < 0):
        rest = _EXACT.add(rest, divisor)
    return numbers.checked(numbers.CONTEXT.plus(rest))


@built_in("sqrt(number: number) -> number")
def sqrt(value: Decimal) -> Value:
    if value < 0:
        raise NullResult("out-of-range", "a negative number has no square root")
    return numbers.checked(numbers.CONTEXT.sqrt(value))


@built_in("log(number: number) -> number")
def log(value: Decimal) -> Value:
    if value <= 0:
        raise NullResult("out-of-range", "only a number above zero has a logarithm")
    return numbers.checked(numbers.CONTEXT.ln(value))


@built_in("exp(number: number) -> number")
def exp(value: Decimal) -> Value:
    return numbers.checked(numbers.CONTEXT.exp(value))


@built_in("odd(number: number) -> boolean")
def odd(value: Decimal) -> Value:
    return _EXACT.remainder(value, Decimal(2)).copy_abs() == 1


@built_in("even(number: number) -> boolean")
def even(value: Decimal) -> Value:
    return not _EXACT.remainder(value, Decimal(2))
