"""What a team leader must see of all terms (C-W15): due soon, missed, standing still and why. Case numbers only, no names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from schuldhulp.engine.case.world import CIVIL
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Term
from schuldhulp.rules.terms import Calendar, Law, law, words_left
from schuldhulp.tasks.access import SEE_EVERYTHING, NotYourRole, Person

MOST = 200
"""Lines of each list."""


@dataclass(frozen=True, slots=True)
class OverviewLine:
    """A term of a case. `words`: "nog 2 werkdagen"; `why`: why it stands still, in Dutch; empty when it runs."""

    case: str
    term: int
    rule: str
    name: str
    article: str
    ends: date | None
    target: date | None
    words: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Overview:
    """`until`: the last day that counts as soon. Each list is ordered by its last day, soonest first."""

    today: date
    until: date
    due: tuple[OverviewLine, ...]
    missed: tuple[OverviewLine, ...]
    suspended: tuple[OverviewLine, ...]

    def plain(self) -> dict[str, Any]:
        return asdict(self)


def overview(engine: Engine, who: Person, days: int = 7) -> Overview:
    """The coming *days*, today included. Raises NotYourRole for who may not see every case."""
    if not SEE_EVERYTHING & set(who.roles):
        raise NotYourRole(who.login, "teamleider", who.roles)
    today = engine.clock().astimezone(CIVIL).date()
    until, calendar = today + timedelta(days=days - 1), engine.calendar
    due = engine.rows("terms_due", first=today, last=until, limit=MOST, offset=0)
    missed = engine.rows("overdue_terms", today=today, limit=MOST, offset=0)
    standing = engine.rows("suspended_terms", limit=MOST, offset=0)
    looked = [_standing_still(engine, row, today, calendar) for row in standing]
    again = [line for line in looked if line.ends is not None and today <= line.ends <= until]
    return Overview(
        today,
        until,
        due=_ordered([*(_line(row, today, calendar) for row in due), *again]),
        missed=_ordered([_line(row, today, calendar) for row in missed]),
        suspended=_ordered([line for line in looked if line.why]),
    )


def _ordered(lines: list[OverviewLine]) -> tuple[OverviewLine, ...]:
    return tuple(sorted(lines, key=lambda line: (line.ends or date.max, line.case, line.term)))


def _line(row: Mapping[str, Any], today: date, calendar: Calendar, why: str = "") -> OverviewLine:
    ends = row["ends"]
    return OverviewLine(
        row["number"],
        row["term"],
        row["rule"],
        law().rule(row["rule"], row["trigger"]).name,
        row["article"],
        ends,
        row["target"],
        words_left(today, ends, calendar) if ends is not None else "staat stil",
        why,
    )


def _standing_still(engine: Engine, row: Mapping[str, Any], today: date, calendar: Calendar) -> OverviewLine:
    """The list keeps a term as standing still until something happens in its case; the days decide here."""
    term = engine.case(row["number"]).terms.get(row["term"])
    return _line(row, today, calendar, why_suspended(term, today, law()) if term is not None else "")


def why_suspended(term: Term, today: date, rules: Law) -> str:
    """On which grounds a term stands still on *today*, with the days: "uitnodiging om de aanvraag aan te vullen (Awb art. 4:15
    lid 1 onder a), sinds 01-05-2026, tot en met 15-05-2026". Empty when it runs."""
    said = []
    for one in term.suspensions:
        since, last = one.asked or one.start, one.set_term or one.until
        if one.done is not None or since is None or since > today or (last is not None and last < today):
            continue
        ground = rules.ground(one.ground)
        text = f"{ground.name} ({ground.article}), sinds {since:%d-%m-%Y}"
        said.append(text if last is None else f"{text}, tot en met {last:%d-%m-%Y}")
    return "; ".join(said)
