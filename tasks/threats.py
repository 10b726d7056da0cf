"""Who is evicted or cut off when (C-E09): the running threats, soonest first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case
from schuldhulp.engine.model.paths import items
from schuldhulp.rules.dictionary import Entry
from schuldhulp.tasks.access import NotYourRole, Person, name_of

MAY_SEE = frozenset({"crisismedewerker", "teamleider"})
CRISIS = "M2"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Threat:
    """One threat of a case whose crisis help runs; a case has a row for each. `at`: when it is carried out, None: not known
    yet, which comes first. `talk_by`: last day of the law for the first conversation, None: not weighed. `leads`: the most urgent
    of the case, which counts for it."""

    case: str
    name: str
    kind: str
    at: datetime | None
    children: str
    party: str
    verified: str
    averted: str
    averted_until: date | None
    worker: str
    cover: str = ""
    urgency: str = ""
    talk_by: date | None = None
    leads: bool = True


def running_threats(engine: Engine, who: Person) -> tuple[Threat, ...]:
    """Threats of all cases in crisis help, by day and hour. Raises NotYourRole. Each case is noted in the read log."""
    if not MAY_SEE & set(who.roles):
        raise NotYourRole(who.login, "crisismedewerker", who.roles)
    role = next(role for role in who.roles if role in MAY_SEE)
    found = []
    for row in engine.rows("running_of_module", module=CRISIS):
        case = engine.case(row["number"])
        engine.record_read(case.number, who.actor(role), "dreigingen")
        found += _threats(engine, case)
    return tuple(sorted(found, key=lambda one: (one.at is not None, one.at or _NEVER, one.case)))


def state_of_threats(engine: Engine) -> str:
    """Changes whenever something happens in a case with a running threat, and when one comes or goes; names nobody."""
    seen = (
        (row["number"], engine.case(row["number"]).sequence) for row in engine.rows("running_of_module", module=CRISIS)
    )
    return hashlib.sha256(repr(sorted(seen)).encode()).hexdigest()[:16]


def _threats(engine: Engine, case: Case) -> list[Threat]:
    """A row for every threat that still stands; before they are weighed, and once the crisis is being rounded off, the one that
    the file names."""
    instance = next(one for one in case.instances.values() if one.module == CRISIS)
    deployment = engine.deployment(instance.deployment)
    said = _Words(deployment.dictionary.entries, {**case.data, **instance.data})
    kept = deployment.dictionary.entries.get("dreigingen")
    listed = [one for one in items(case.data.get("dreigingen")) if one.get("afgesloten_op") is None] if kept else []
    rows = [(one, _Words(kept.item, one)) for one in listed] if kept else []
    standing = [(one, words) for one, words in rows if one.get("verificatie") != "geen_crisis"] or rows
    if not standing:
        return [_threat(engine, case, said, None, leads=True)]
    leading = case.data.get("dreiging_kenmerk")
    return [_threat(engine, case, said, words, leads=one.get("kenmerk") == leading) for one, words in standing]


def _threat(engine: Engine, case: Case, said: _Words, own: _Words | None, *, leads: bool) -> Threat:
    """*own*: what stands with this threat, None: all stands in the file. What the file says of the leading one goes first: it is
    what was corrected last."""
    workers = [task.claimed_by for task in case.tasks.values() if task.claimed_by is not None]
    file = said if own is None or leads else said.nothing()
    item = own or said.nothing()
    children = said.value("minderjarige_kinderen")
    return Threat(
        case=case.number,
        name=said("client_naam"),
        kind=item("soort") or file("dreiging"),
        at=file.value("uitvoering_op") or item.value("uitvoering_op"),
        children="" if children is None else "ja" if children else "nee",
        party=file("uitvoerende_partij") or item("partij"),
        verified=item("verificatie") or file("verificatie"),
        averted=item("afgewend") or file("afgewend"),
        averted_until=item.value("afgewend_tot") or file.value("afgewend_tot"),
        worker=", ".join(dict.fromkeys(name_of(engine, account) for account in workers)) or said("behandelaar"),
        urgency=item("urgentie"),
        talk_by=item.value("uiterlijk"),
        leads=leads,
    )


class _Words:
    """Data of a file as people read them: labels of codes, text, else nothing."""

    def __init__(self, dictionary: Mapping[str, Entry], data: Mapping[str, Any]) -> None:
        self._dictionary, self._data = dictionary, data

    def nothing(self) -> _Words:
        """The same labels over nothing."""
        return _Words(self._dictionary, {})

    def value(self, key: str) -> Any:
        return self._dictionary[key].load(self._data.get(key)) if key in self._dictionary else None

    def __call__(self, key: str) -> str:
        value = self.value(key)
        return "" if value is None else self._dictionary[key].values.get(str(value), str(value))
