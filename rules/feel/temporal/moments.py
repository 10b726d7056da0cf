"""Date, time, and date and time, for any year, to the nanosecond, with an offset or a zone id kept as written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from schuldhulp.rules.feel.errors import FeelValueError
from schuldhulp.rules.feel.temporal import calendar, zones
from schuldhulp.rules.feel.temporal.durations import NANOS, DaysTimeDuration, YearsMonthsDuration

_DATE = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,30}))?"
    r"(?:([Zz])|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@(.{1,64}))?",
    re.DOTALL,
)
_ZONED_DATE = re.compile(r"(.{10,})(Z|z|[+-][0-9]{2}:[0-9]{2})")
DAY = 86_400


@dataclass(frozen=True, slots=True, order=True)
class FeelDate:
    """A day of the proleptic Gregorian calendar, years -999,999,999 to 999,999,999."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not calendar.is_date(self.year, self.month, self.day):
            raise FeelValueError(f"there is no date {self.year}-{self.month}-{self.day}")

    @classmethod
    def from_python(cls, value: date) -> FeelDate:
        return cls(value.year, value.month, value.day)

    @classmethod
    def from_days(cls, days: int) -> FeelDate:
        return cls(*calendar.from_days(days))

    @classmethod
    def read(cls, text: str) -> FeelDate:
        """"2024-02-29" or "-0044-03-15". Raises FeelValueError."""
        match = _DATE.fullmatch(text)
        if not match:
            raise FeelValueError(f'"{text[:60]}" is not a date: write "yyyy-mm-dd"')
        return cls(int(match[1]), int(match[2]), int(match[3]))

    @property
    def days(self) -> int:
        """Days since 1970-01-01."""
        return calendar.to_days(self.year, self.month, self.day)

    @property
    def weekday(self) -> int:
        return calendar.weekday(self.days)

    def plus_months(self, months: int) -> FeelDate:
        return FeelDate(*calendar.add_months(self.year, self.month, self.day, months))

    def plus_days(self, days: int) -> FeelDate:
        return FeelDate.from_days(self.days + days)

    def at_midnight_utc(self) -> FeelDateTime:
        """How a date counts where a date and time is asked for (10.3.2.9.4)."""
        return FeelDateTime(self, MIDNIGHT_UTC)

    def to_python(self) -> date:
        """A datetime.date; FeelValueError outside the years 1 to 9999."""
        if not 1 <= self.year <= 9999:
            raise FeelValueError(f"{self} does not fit a Python date")
        return date(self.year, self.month, self.day)

    def __str__(self) -> str:
        return f"{'-' if self.year < 0 else ''}{abs(self.year):04d}-{self.month:02d}-{self.day:02d}"


@dataclass(frozen=True, slots=True)
class FeelTime:
    """A time of day, with an offset from UTC in seconds, or a zone id, or neither."""

    hour: int
    minute: int
    second: int
    nanosecond: int = 0
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.hour <= 23 and 0 <= self.minute <= 59 and 0 <= self.second <= 59):
            raise FeelValueError(f"there is no time {self.hour}:{self.minute}:{self.second}")
        if not 0 <= self.nanosecond < NANOS:
            raise FeelValueError(f"there is no nanosecond {self.nanosecond}")
        if self.offset is not None and abs(self.offset) > zones.OFFSET_LIMIT:
            raise FeelValueError("an offset from UTC is at most 18 hours")
        if self.zone is not None and (self.offset is not None or zones.zone(self.zone) is None):
            raise FeelValueError(f"there is no time zone {self.zone[:60]!r}")

    @classmethod
    def of_nanos(cls, nanos: int, offset: int | None = None, zone: str | None = None) -> FeelTime:
        """The time a number of nanoseconds after midnight, counted on around the clock."""
        seconds, nano = divmod(nanos % (DAY * NANOS), NANOS)
        return cls(seconds // 3600, seconds // 60 % 60, seconds % 60, nano, offset, zone)

    @classmethod
    def from_python(cls, value: time) -> FeelTime:
        offset, zone = _read_tzinfo(value.tzinfo, value.utcoffset())
        return cls(value.hour, value.minute, value.second, value.microsecond * 1000, offset, zone)

    @classmethod
    def read(cls, text: str) -> FeelTime:
        """"10:30:00", with a fraction, and "Z", "+01:00" or "@Europe/Amsterdam". Raises FeelValueError."""
        found, _ = read_time(text)
        return found

    @property
    def zoned(self) -> bool:
        return self.offset is not None or self.zone is not None

    @property
    def second_of_day(self) -> int:
        return self.hour * 3600 + self.minute * 60 + self.second

    @property
    def nano_of_day(self) -> int:
        return self.second_of_day * NANOS + self.nanosecond

    @property
    def utc_offset(self) -> int:
        """Seconds east of UTC; of a zone id the standard offset, since there is no date; else 0."""
        if self.zone is not None:
            return zones.standard_offset(self.zone)
        return self.offset or 0

    def to_python(self) -> time:
        """A datetime.time; FeelValueError when it would lose nanoseconds."""
        if self.nanosecond % 1000:
            raise FeelValueError(f"{self} does not fit a Python time")
        zone = _to_tzinfo(self.offset, self.zone)
        return time(self.hour, self.minute, self.second, self.nanosecond // 1000, tzinfo=zone)

    def __str__(self) -> str:
        fraction = f".{self.nanosecond:09d}".rstrip("0") if self.nanosecond else ""
        return f"{self.hour:02d}:{self.minute:02d}:{self.second:02d}{fraction}{self._suffix()}"

    def _suffix(self) -> str:
        if self.zone is not None:
            return f"@{self.zone}"
        if self.offset is None:
            return ""
        if self.offset == 0:
            return "Z"
        minutes, second = divmod(abs(self.offset), 60)
        seconds = f":{second:02d}" if second else ""
        return f"{'-' if self.offset < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}{seconds}"


MIDNIGHT_UTC = FeelTime(0, 0, 0, offset=0)


@dataclass(frozen=True, slots=True)
class FeelDateTime:
    """A date with a time; the zone is the time's."""

    date: FeelDate
    time: FeelTime

    @classmethod
    def from_python(cls, value: datetime) -> FeelDateTime:
        """The same instant; the second of two equal civil times, at the end of summer time, keeps only its offset."""
        offset, zone = _read_tzinfo(value.tzinfo, value.utcoffset())
        if zone is not None and value.fold and value.utcoffset() != value.replace(fold=0).utcoffset():
            offset, zone = _seconds(value.utcoffset()), None
        clock = FeelTime(value.hour, value.minute, value.second, value.microsecond * 1000, offset, zone)
        return cls(FeelDate(value.year, value.month, value.day), clock)

    @classmethod
    def read(cls, text: str) -> FeelDateTime:
        """"2024-02-29T10:30:00Z", or a date, which stands for its midnight. Raises FeelValueError."""
        day, separator, clock = text.partition("T")
        if not separator:
            match = _ZONED_DATE.fullmatch(text)  # "2012-03-07Z" is a date of XML Schema
            day, clock = (match[1], f"00:00:00{match[2]}") if match else (text, "00:00:00")
        found, next_day = read_time(clock)
        start = FeelDate.read(day)
        return cls(start.plus_days(1) if next_day else start, found)

    @property
    def zoned(self) -> bool:
        return self.time.zoned

    @property
    def offset(self) -> int | None:
        """Seconds east of UTC on that day, or None for a local date and time."""
        if self.time.zone is not None:
            return zones.offset_at_local(self.time.zone, self.date.days, self.time.second_of_day)
        return self.time.offset

    @property
    def instant(self) -> int:
        """Nanoseconds since 1970-01-01T00:00:00, of UTC when there is a zone, else of the local clock."""
        return (self.date.days * DAY - (self.offset or 0)) * NANOS + self.time.nano_of_day

    def plus_nanos(self, nanos: int) -> FeelDateTime:
        """The moment that much later, shown in the same zone."""
        instant = self.instant + nanos
        offset = self.offset or 0
        if self.time.zone is not None:
            offset = zones.offset_at_instant(self.time.zone, instant // NANOS)
        days, rest = divmod(instant + offset * NANOS, DAY * NANOS)
        clock = FeelTime.of_nanos(rest, self.time.offset, self.time.zone)
        return FeelDateTime(FeelDate.from_days(days), clock)

    def plus_months(self, months: int) -> FeelDateTime:
        return FeelDateTime(self.date.plus_months(months), self.time)

    def to_python(self) -> datetime:
        """A datetime; FeelValueError when the year or the nanoseconds do not fit."""
        return datetime.combine(self.date.to_python(), self.time.to_python())

    def __str__(self) -> str:
        return f"{self.date}T{self.time}"


Temporal = FeelDate | FeelTime | FeelDateTime | YearsMonthsDuration | DaysTimeDuration


def read_time(text: str) -> tuple[FeelTime, bool]:
    """A time, and whether it was written as 24:00:00, which is midnight of the next day."""
    match = _TIME.fullmatch(text)
    if not match:
        raise FeelValueError(f'"{text[:60]}" is not a time: write "hh:mm:ss", with "Z", "+01:00" or "@Zone" if wanted')
    hour, minute, second = int(match[1]), int(match[2]), int(match[3])
    nanos = int((match[4] or "0").ljust(9, "0")[:9])
    next_day = (hour, minute, second, nanos) == (24, 0, 0, 0)
    offset: int | None = None
    if match[5]:
        offset = 0
    elif match[6]:
        if int(match[8]) > 59 or int(match[9] or 0) > 59:
            raise FeelValueError(f'"{text[:60]}" has no valid offset')
        offset = int(match[7]) * 3600 + int(match[8]) * 60 + int(match[9] or 0)
        offset = -offset if match[6] == "-" else offset
    return FeelTime(0 if next_day else hour, minute, second, nanos, offset, match[10]), next_day


def _read_tzinfo(zone: tzinfo | None, offset: timedelta | None) -> tuple[int | None, str | None]:
    if zone is None:
        return None, None
    if isinstance(zone, ZoneInfo) and zone.key != "UTC":
        return None, zone.key
    return _seconds(offset), None


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * DAY + offset.seconds


def _to_tzinfo(offset: int | None, zone: str | None) -> tzinfo | None:
    if zone is not None:
        return zones.zone(zone)
    return None if offset is None else timezone(timedelta(seconds=offset))
