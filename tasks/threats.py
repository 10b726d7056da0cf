"""Who is evicted or cut off when (C-E09): the running threats, soonest first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model.case import Case
from schuldhulp.tasks.access import NotYourRole, Person, name_of

MAY_SEE = frozenset({"crisismedewerker", "teamleider"})
CRISIS = "M2"
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Threat:
    """A threat of a case whose crisis help runs. `at`: when it is carried out, None: not known yet, which comes first."""

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


def running_threats(engine: Engine, who: Person) -> tuple[Threat, ...]:
    """Threats of all cases in crisis help, by day and hour. Raises NotYourRole. Each case is noted in the read log."""
    if not MAY_SEE & set(who.roles):
        raise NotYourRole(who.login, "crisismedewerker", who.roles)
    role = next(role for role in who.roles if role in MAY_SEE)
    found = []
    for row in engine.rows("running_of_module", module=CRISIS):
        case = engine.case(row["number"])
        engine.record_read(case.number, who.actor(role), "dreigingen")
        found.append(_threat(engine, case))
    return tuple(sorted(found, key=lambda one: (one.at is not None, one.at or _NEVER, one.case)))


def state_of_threats(engine: Engine) -> str:
    """Changes whenever something happens in a case with a running threat, and when one comes or goes; names nobody."""
    seen = ((row["number"], engine.case(row["number"]).sequence) for row in engine.rows("running_of_module", module=CRISIS))
    return hashlib.sha256(repr(sorted(seen)).encode()).hexdigest()[:16]


def _threat(engine: Engine, case: Case) -> Threat:
    instance = next(one for one in case.instances.values() if one.module == CRISIS)
    deployment = engine.deployment(instance.deployment)
    said = _Words(deployment, {**case.data, **instance.data})
    workers = [task.claimed_by for task in case.tasks.values() if task.claimed_by is not None]
    return Threat(
        case=case.number,
        name=said("client_naam"),
        kind=said("dreiging"),
        at=said.value("uitvoering_op"),
        children="ja" if said.value("minderjarige_kinderen") else "nee" if said.value("minderjarige_kinderen") is False else "",
        party=said("uitvoerende_partij"),
        verified=said("verificatie"),
        averted=said("afgewend"),
        averted_until=said.value("afgewend_tot"),
        worker=", ".join(dict.fromkeys(name_of(engine, account) for account in workers)) or said("behandelaar"),
    )


class _Words:
    """Data of a file as people read them: labels of codes, text, else nothing."""

    def __init__(self, deployment: Deployment, data: Mapping[str, Any]) -> None:
        self._dictionary, self._data = deployment.dictionary, data

    def value(self, key: str) -> Any:
        return self._dictionary[key].load(self._data.get(key)) if key in self._dictionary else None

    def __call__(self, key: str) -> str:
        value = self.value(key)
        return "" if value is None else self._dictionary[key].values.get(str(value), str(value))
