"""The list of cases, need to know first (C-P01): who has work in a case sees it by name, who oversees sees all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from schuldhulp.engine.handle import Engine
from schuldhulp.tasks.access import SEE_EVERYTHING, Person

MOST = 2_000
"""Cases that are looked through when something is searched for."""
_STEP = 100


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in the list. `modules`: titles of what runs; `fatal`: the first last day of a running term."""

    number: str
    client: str
    status: str
    opened_at: datetime
    modules: tuple[str, ...]
    open_tasks: int
    fatal: date | None


def sees_all(who: Person) -> bool:
    """Whether this person oversees: opens every case without a reason, which is noted."""
    return bool(SEE_EVERYTHING & {*who.roles})


def list_cases(
    engine: Engine, who: Person, search: str = "", *, status: str = "open", limit: int = 50, offset: int = 0
) -> tuple[CaseLine, ...]:
    """Cases of this person, newest first, whose number, client and modules together hold every word of *search*."""
    wanted, found = search.casefold().split(), []
    titles = {
        key: next((value for name, value, _ in graph.properties if name == "title"), key)
        for key, graph in engine.deployment().modules.items()
    }
    for line in _lines(engine, who, status, titles, MOST if wanted else limit + offset):
        text = f"{line.number} {line.client} {' '.join(line.modules)}".casefold()
        if all(word in text for word in wanted):
            found.append(line)
            if len(found) == offset + limit:
                break
    return tuple(found[offset:])


def _lines(engine: Engine, who: Person, status: str, titles: dict[str, str], most: int) -> Iterator[CaseLine]:
    for start in range(0, most, _STEP):
        size = min(_STEP, most - start)
        if sees_all(who):
            rows = engine.rows("cases_newest_first", status=status, limit=size, offset=start)
        else:
            known = {"account": who.account, "roles": list(who.may_take)}
            rows = engine.rows("cases_of_person", status=status, limit=size, offset=start, **known)
        for row in rows:
            (seen,) = engine.rows("case_overview", case=row["case"])
            running = engine.rows("instances_of_case", case=row["case"])
            modules = dict.fromkeys(titles[one["module"]] for one in running if not one["ended_at"] and one["module"] in titles)
            yield CaseLine(
                row["number"],
                row["title_sealed"] or "",
                row["status"],
                row["opened_at"],
                tuple(modules),
                seen["open_tasks"],
                seen["fatal"],
            )
        if len(rows) < size:
            return
