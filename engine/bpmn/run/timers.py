"""When a timer is due: plain ISO 8601 timer texts, and calendar arithmetic on the Dutch clock.

Years, months, weeks and days are counted on the wall clock of Europe/Amsterdam: a day stays a day over a change of the
clock, and a month after 31 January is 28 (or 29) February. Hours, minutes and seconds are elapsed time. The n-th due
instant of a cycle is always counted from the first (31 January, 28 February, 31 March ...), never from the one before.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from schuldhulp.engine.bpmn.graph import TimerKind
from schuldhulp.engine.bpmn.run.contract import TimerAnswer

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_DURATION = re.compile(
    r"(?P<sign>[+-]?)P(?=.)(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?"
    r"(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=.)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,9}(?:[.,]\d{1,6})?)S)?)?"
)
_DATE = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?(?:\[?@?([A-Za-z_]+/[A-Za-z_]+)\]?)?"
)
_CYCLE = re.compile(r"R(\d*)/(?:([^/]+)/)?(P[^/]+)(?:/([^/]+))?")
_CRON = re.compile(r"[\d*?,/LW#A-Z-]+(?:\s+[\d*?,/LW#A-Z-]+){4,6}", re.ASCII)


class TimerTextError(ValueError):
    """A timer text that is no ISO 8601 date, duration or cycle."""

    def __init__(self, text: str, why: str) -> None:
        self.text, self.why = text, why
        super().__init__(f"timer {text!r}: {why}")


@dataclass(frozen=True, slots=True)
class Period:
    """An ISO 8601 duration: a part in calendar months and days, and a part in elapsed time."""

    months: int
    days: int
    elapsed: timedelta

    @classmethod
    def read(cls, text: str) -> Period:
        """The period that *text* says. Raises TimerTextError.

        >>> Period.read("P1M2DT3H")
        Period(months=1, days=2, elapsed=datetime.timedelta(seconds=10800))
        """
        match = _DURATION.fullmatch(text.strip())
        if match is None:
            raise TimerTextError(text, "write a duration as PnYnMnDTnHnMnS, such as P2W or PT36H.")
        if match["sign"] == "-":
            raise TimerTextError(text, "a timer cannot run backwards; leave out the minus sign.")
        number = {name: int(match[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes")}
        whole, _, part = (match["seconds"] or "0").replace(",", ".").partition(".")
        try:
            elapsed = timedelta(
                hours=number["hours"],
                minutes=number["minutes"],
                seconds=int(whole),
                microseconds=int((part + "000000")[:6]),
            )
        except OverflowError:
            raise TimerTextError(text, "the duration is longer than a calendar can hold.") from None
        return cls(number["years"] * 12 + number["months"], number["weeks"] * 7 + number["days"], elapsed)

    @property
    def empty(self) -> bool:
        return not (self.months or self.days or self.elapsed)


def add(moment: datetime, period: Period, times: int = 1) -> datetime:
    """*moment* (aware) plus *times* the period, in UTC.

    >>> at = datetime(2025, 1, 31, 9, tzinfo=AMSTERDAM)
    >>> [str(add(at, Period.read("P1M"), n).astimezone(AMSTERDAM).date()) for n in (1, 2, 3)]
    ['2025-02-28', '2025-03-31', '2025-04-30']
    """
    try:
        if period.months or period.days:
            wall = moment.astimezone(AMSTERDAM)
            year, month0 = divmod(wall.year * 12 + wall.month - 1 + period.months * times, 12)
            day = min(wall.day, monthrange(year, month0 + 1)[1])
            shifted = date(year, month0 + 1, day) + timedelta(days=period.days * times)
            moment = datetime.combine(shifted, wall.time(), tzinfo=AMSTERDAM)
        return moment.astimezone(UTC) + period.elapsed * times
    except (OverflowError, ValueError):
        raise TimerTextError(str(period), "the due moment lies outside the calendar (years 1 to 9999).") from None


def later(answer: TimerAnswer, times: int) -> datetime:
    """The due instant after *times* earlier ones of a cycle: first + times x period, in UTC."""
    if answer.period is None or times == 0:
        return answer.first.astimezone(UTC)
    return add(answer.first, Period.read(answer.period), times)


def parse(text: str, kind: TimerKind, at: datetime) -> TimerAnswer:
    """When the timer with this plain ISO 8601 text is due, when armed at *at* (aware). Raises TimerTextError.

    A date without time is its first moment, one without offset is on the Dutch clock. A cycle without start has its
    first time one period after *at*; turns of a cycle with start that lie in the past are not made up for.
    """
    text = text.strip()
    match kind:
        case TimerKind.DATE:
            return TimerAnswer(moment(text))
        case TimerKind.DURATION:
            return TimerAnswer(add(at, Period.read(text)))
        case TimerKind.CYCLE:
            return _cycle(text, at)


def moment(text: str) -> datetime:
    """The instant that an ISO 8601 date or date and time means, in UTC. Raises TimerTextError."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        raise TimerTextError(text, "write a date as 2026-03-31 or 2026-03-31T09:00:00+02:00.")
    day, clock, offset, zone = match.groups()
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock) if clock else time.min)
        if offset is not None:
            return datetime.fromisoformat(local.isoformat() + offset.replace("Z", "+00:00")).astimezone(UTC)
        return local.replace(tzinfo=ZoneInfo(zone) if zone else AMSTERDAM).astimezone(UTC)
    except (ValueError, KeyError, OverflowError) as error:
        raise TimerTextError(text, f"this is no existing moment ({error}).") from None


def _cycle(text: str, at: datetime) -> TimerAnswer:
    match = _CYCLE.fullmatch(text)
    if match is None:
        if _CRON.fullmatch(text):
            raise TimerTextError(text, "cron texts are not BPMN; write a cycle such as R3/PT1H or R/2026-01-01/P1D.")
        raise TimerTextError(text, "write a cycle as R3/PT1H, R/P1D or R5/2026-01-01T09:00/P1W.")
    number, start, duration, until = match.groups()
    period = Period.read(duration)
    if period.empty:
        raise TimerTextError(text, "a cycle needs a period longer than nothing.")
    if until is not None:
        raise TimerTextError(text, "a cycle cannot have an end here; write R<number>/<start>/<period>.")
    repeats = int(number) if number else None
    if repeats == 0:
        raise TimerTextError(text, "a cycle must be due at least once; write R1/... or R/...")
    if start is None:
        return TimerAnswer(add(at, period), duration, repeats)
    first = moment(start)
    passed = _passed(first, period, at, repeats)
    return TimerAnswer(add(first, period, passed), duration, None if repeats is None else repeats - passed)


def _passed(first: datetime, period: Period, at: datetime, repeats: int | None) -> int:
    """How many turns lie before *at*; the last turn of a limited cycle is never skipped, it is due at once."""
    most = repeats - 1 if repeats is not None else 10**7
    low, high = 0, most
    while low < high:  # the first turn that is not before `at`
        middle = (low + high) // 2
        if _before(first, period, middle, at):
            low = middle + 1
        else:
            high = middle
    return low


def _before(first: datetime, period: Period, times: int, at: datetime) -> bool:
    try:
        return add(first, period, times) < at
    except TimerTextError:
        return False
