"""+ - * / ** and negation over numbers, strings and temporal values: one table per operator (10.3.2.14, Table 52)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.errors import FeelValueError, NullResult
from schuldhulp.rules.feel.temporal import DaysTimeDuration, FeelDate, FeelDateTime, FeelTime, YearsMonthsDuration
from schuldhulp.rules.feel.temporal.durations import NANOS
from schuldhulp.rules.feel.values import Value, brief, kind

Operation = Callable[[Any, Any], Value]
DAY = 86_400 * NANOS


def _date_plus(day: FeelDate, duration: DaysTimeDuration) -> FeelDate:
    return day.plus_days(duration.nanos // DAY)  # from midnight on, then the time is cut off


def _time_plus(clock: FeelTime, duration: DaysTimeDuration) -> FeelTime:
    return FeelTime.of_nanos(clock.nano_of_day + duration.nanos, clock.offset, clock.zone)


def _date_time_minus(left: FeelDateTime, right: FeelDateTime) -> DaysTimeDuration:
    if left.zoned is not right.zoned:
        raise NullResult("zone-mismatch", f"only one of {left} and {right} has a time zone")
    return DaysTimeDuration(left.instant - right.instant)


def _time_minus(left: FeelTime, right: FeelTime) -> DaysTimeDuration:
    if left.zoned is not right.zoned:
        raise NullResult("zone-mismatch", f"only one of {left} and {right} has a time zone")
    offsets = 0 if left.zone and left.zone == right.zone else left.utc_offset - right.utc_offset
    return DaysTimeDuration(left.nano_of_day - right.nano_of_day - offsets * NANOS)


def _scaled_months(duration: YearsMonthsDuration, factor: Decimal) -> YearsMonthsDuration:
    return YearsMonthsDuration(_truncated(numbers.multiply(Decimal(duration.total_months), factor)))


def _scaled_nanos(duration: DaysTimeDuration, factor: Decimal) -> DaysTimeDuration:
    return DaysTimeDuration(_truncated(numbers.multiply(Decimal(duration.nanos), factor)))


def _divided_months(duration: YearsMonthsDuration, by: Decimal) -> YearsMonthsDuration:
    return YearsMonthsDuration(_truncated(numbers.divide(Decimal(duration.total_months), by)))


def _divided_nanos(duration: DaysTimeDuration, by: Decimal) -> DaysTimeDuration:
    return DaysTimeDuration(_truncated(numbers.divide(Decimal(duration.nanos), by)))


def _truncated(value: Decimal) -> int:
    if value.adjusted() > 33:
        raise NullResult("out-of-range", "the duration is too long")
    return int(value)


def _swapped(operation: Operation) -> Operation:
    return lambda a, b: operation(b, a)


_ADD: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): numbers.add,
    (str, str): lambda a, b: a + b,
    (FeelDate, YearsMonthsDuration): lambda a, b: a.plus_months(b.total_months),
    (FeelDateTime, YearsMonthsDuration): lambda a, b: a.plus_months(b.total_months),
    (FeelDate, DaysTimeDuration): _date_plus,
    (FeelDateTime, DaysTimeDuration): lambda a, b: a.plus_nanos(b.nanos),
    (FeelTime, DaysTimeDuration): _time_plus,
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: YearsMonthsDuration(a.total_months + b.total_months),
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: DaysTimeDuration(a.nanos + b.nanos),
}
_ADD |= {  # a duration may stand first
    (duration, moment): _swapped(plus)
    for (moment, duration), plus in list(_ADD.items())
    if moment is not duration
}
_SUBTRACT: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): numbers.subtract,
    (FeelDate, FeelDate): lambda a, b: DaysTimeDuration((a.days - b.days) * DAY),
    (FeelDateTime, FeelDateTime): _date_time_minus,
    (FeelDate, FeelDateTime): lambda a, b: _date_time_minus(a.at_midnight_utc(), b),
    (FeelDateTime, FeelDate): lambda a, b: _date_time_minus(a, b.at_midnight_utc()),
    (FeelTime, FeelTime): _time_minus,
    (FeelDate, YearsMonthsDuration): lambda a, b: a.plus_months(-b.total_months),
    (FeelDateTime, YearsMonthsDuration): lambda a, b: a.plus_months(-b.total_months),
    (FeelDate, DaysTimeDuration): lambda a, b: _date_plus(a, -b),
    (FeelDateTime, DaysTimeDuration): lambda a, b: a.plus_nanos(-b.nanos),
    (FeelTime, DaysTimeDuration): lambda a, b: _time_plus(a, -b),
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: YearsMonthsDuration(a.total_months - b.total_months),
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: DaysTimeDuration(a.nanos - b.nanos),
}
_MULTIPLY: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): numbers.multiply,
    (YearsMonthsDuration, Decimal): _scaled_months,
    (Decimal, YearsMonthsDuration): lambda a, b: _scaled_months(b, a),
    (DaysTimeDuration, Decimal): _scaled_nanos,
    (Decimal, DaysTimeDuration): lambda a, b: _scaled_nanos(b, a),
}
_DIVIDE: dict[tuple[type, type], Operation] = {
    (Decimal, Decimal): numbers.divide,
    (YearsMonthsDuration, Decimal): _divided_months,
    (DaysTimeDuration, Decimal): _divided_nanos,
    (YearsMonthsDuration, YearsMonthsDuration): lambda a, b: numbers.divide(
        Decimal(a.total_months), Decimal(b.total_months)
    ),
    (DaysTimeDuration, DaysTimeDuration): lambda a, b: numbers.divide(Decimal(a.nanos), Decimal(b.nanos)),
}
_POWER: dict[tuple[type, type], Operation] = {(Decimal, Decimal): numbers.power}

OPERATIONS: Mapping[str, Mapping[tuple[type, type], Operation]] = {
    "+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE, "**": _POWER,
}
_VERBS = {
    "+": "add {} and {}", "-": "take {1} from {0}", "*": "multiply {} by {}", "/": "divide {} by {}",
    "**": "raise {} to {}",
}


def operate(operator: str, left: Value, right: Value) -> Value:
    """left operator right. Raises NullResult where the table has no such operation or it has no result."""
    operation = OPERATIONS[operator].get((type(left), type(right)))
    if operation is None:
        if left is None or right is None:
            raise NullResult("null-operand", f"the {'left' if left is None else 'right'} side of {operator} is null")
        what = _VERBS[operator].format(f"{kind(left)} {brief(left)}", f"{kind(right)} {brief(right)}")
        raise NullResult("type-mismatch", f"cannot {what}")
    try:
        return operation(left, right)
    except FeelValueError as error:
        raise NullResult("out-of-range", str(error)) from None


def negate(value: Value) -> Value:
    match value:
        case None:
            raise NullResult("null-operand", "cannot negate null")
        case bool():
            pass
        case Decimal():
            return value.copy_negate() if value else value
        case YearsMonthsDuration() | DaysTimeDuration():
            return -value
    raise NullResult("type-mismatch", f"cannot negate {kind(value)} {brief(value)}")
