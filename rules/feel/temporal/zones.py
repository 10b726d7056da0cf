"""Zone ids, always from the pinned `tzdata` package so that an answer does not depend on the machine."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from schuldhulp.rules.feel.temporal.calendar import from_days, to_days

_ID = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+)*")
OFFSET_LIMIT = 18 * 3600
DAY = 86_400


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """The rules of a zone id such as Europe/Amsterdam, or None when there is no such zone."""
    from importlib import resources  # takes as long to import as all of FEEL

    if len(name) > 64 or not _ID.fullmatch(name):
        return None
    try:
        with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
            return ZoneInfo.from_file(file, key=name)
    except (OSError, ValueError, ModuleNotFoundError):
        return None


def offset_at_local(name: str, days: int, second: int) -> int:
    """Seconds east of UTC for a civil time; in a gap the offset before it, in an overlap the first one."""
    return _seconds(_local(days, second).replace(tzinfo=zone(name)).utcoffset())


def offset_at_instant(name: str, seconds: int) -> int:
    """Seconds east of UTC for an instant, in seconds since 1970-01-01T00:00:00Z."""
    days, second = divmod(seconds, DAY)
    return _seconds(_local(days, second).replace(tzinfo=UTC).astimezone(zone(name)).utcoffset())


@lru_cache(maxsize=1024)
def standard_offset(name: str) -> int:
    """The offset of a zone outside summer time, for a time of day that has no date."""
    moment = datetime(2000, 1, 1, tzinfo=zone(name))
    return _seconds((moment.utcoffset() or timedelta()) - (moment.dst() or timedelta()))


def _local(days: int, second: int) -> datetime:
    """A datetime in a year that Python has, with the same rules: zones repeat every 400 years, and begin in 1."""
    year, month, day = from_days(days)
    if year > 9000:
        year = 8000 + year % 400
    elif year < 2:
        year, month, day = 2, 1, 1
    hour, rest = divmod(second, 3600)
    return datetime(year, month, day, hour, *divmod(rest, 60))  # noqa: DTZ001 - the caller puts the zone in


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset.days * DAY + offset.seconds


__all__ = ["DAY", "OFFSET_LIMIT", "offset_at_instant", "offset_at_local", "standard_offset", "to_days", "zone"]
