"""Numbers: decimal128 (34 digits, half even) in a context of our own, never the thread's."""

from __future__ import annotations

import decimal
from decimal import Decimal

from schuldhulp.rules.feel.errors import NullResult

# No traps: overflow and invalid operations show as infinity and NaN, which `checked` turns into a null with a reason.
CONTEXT = decimal.Context(
    prec=34, rounding=decimal.ROUND_HALF_EVEN, Emin=-6143, Emax=6144, capitals=1, clamp=0, traps=[]
)
ZERO = Decimal(0)
ONE = Decimal(1)


def checked(value: Decimal) -> Decimal:
    """The value, unless it is not a number of FEEL."""
    if value.is_finite():
        return value
    raise NullResult("not-a-number", "the result is not a number, or too large")


def add(left: Decimal, right: Decimal) -> Decimal:
    return checked(CONTEXT.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Decimal:
    return checked(CONTEXT.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Decimal:
    return checked(CONTEXT.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Decimal:
    if not right:
        raise NullResult("division-by-zero", "division by zero")
    return checked(CONTEXT.divide(left, right))


def power(left: Decimal, right: Decimal) -> Decimal:
    if right.copy_abs() > 999_999_999:
        raise NullResult("out-of-range", "an exponent lies between -999,999,999 and 999,999,999")
    if not left and right < 0:
        raise NullResult("division-by-zero", "zero has no negative power")
    if not left and not right:
        return ONE
    return checked(CONTEXT.power(left, right))


def is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def whole(value: Decimal, what: str, *, digits: int = 18) -> int:
    """A number as an int of at most `digits` digits; the fraction, if any, is an error."""
    if value.adjusted() >= digits:
        raise NullResult("out-of-range", f"{what} is too large: {text(value)}")
    if not is_whole(value):
        raise NullResult("not-whole", f"{what} must be a whole number, not {text(value)}")
    return int(value)


def nanos_as_seconds(nanos: int) -> Decimal:
    """Seconds, with as many places as are needed."""
    seconds = CONTEXT.scaleb(Decimal(nanos), -9)
    return CONTEXT.normalize(seconds) if nanos % 1_000_000_000 else Decimal(nanos // 1_000_000_000)


def text(value: Decimal) -> str:
    """Plain decimal notation, as string() of FEEL gives it."""
    if not value:
        return "0"
    plain = f"{value:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
