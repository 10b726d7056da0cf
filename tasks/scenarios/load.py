"""Reading a scenario file; every fault at once, with the step it is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from schuldhulp.rules.terms import Readings, UnknownReading
from schuldhulp.tasks.forms import ValuesError, load_values
from schuldhulp.tasks.scenarios import term_steps

CIVIL = ZoneInfo("Europe/Amsterdam")
ACTIONS = (
    "open",
    "start module",
    "start",
    "end",
    "complete",
    "claim",
    "release",
    "assign",
    "defer",
    "skip",
    "back",
    "message",
    "signal",
    "correct",
    "override",
    "term",
    "tick",
    "check",
)
_WITH = {
    "at", "by", "as", "with", "reason", "payload", "expect", "refused", "copy", "letters", "nr", "to", "instance",
    "note", "until", "decision",
}  # fmt: skip
EXPECTATIONS = {
    "tasks", "tasks include", "no tasks", "decisions", "terms", "letters", "data", "met", "missed", "late", "instances",
    "offers", "incidents", "registers",
}  # fmt: skip


class ScenarioError(ValueError):
    """A scenario file is wrong."""

    def __init__(self, file: str, problems: list[str]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"{file}: " + "; ".join(problems))


@dataclass(frozen=True, slots=True)
class Step:
    """One step: who does what when, and what must be so afterwards. `what`: the action's value."""

    number: int
    action: str
    what: Any
    at: datetime | None
    by: str | None
    role: str | None
    values: Mapping[str, Any]
    reason: str
    expect: Mapping[str, Any]
    refused: str | None
    copy: bool
    letters: Mapping[str, Any]
    nr: int
    to: str | None
    payload: Mapping[str, Any]
    until: date | None
    decision: str | None

    def __str__(self) -> str:
        when = f"{self.at:%d-%m-%Y %H:%M} " if self.at else ""
        return f"step {self.number} ({when}{self.by or ''} {self.action} {self.what if self.action != 'check' else ''})"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`shows`: requirement ids; `people`: name -> roles; `parameters`: changed parameters; `readings`: switches of the law
    that are set the other way."""

    name: str
    file: str
    shows: tuple[str, ...]
    people: Mapping[str, tuple[str, ...]]
    steps: tuple[Step, ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    readings: Mapping[str, bool] = field(default_factory=dict)


def load_scenario(data: bytes, *, name: str) -> Scenario:
    """Raises ScenarioError with all problems."""
    try:
        raw = load_values(data.decode(), name=name)
    except (ValuesError, UnicodeDecodeError) as error:
        raise ScenarioError(name, [str(error)]) from error
    problems = [f"{key!r} is not known here" for key in raw if key not in _HEAD]
    if not isinstance(raw.get("scenario"), str):
        problems.append("scenario: the name of the story is missing")
    people = raw.get("people")
    if not isinstance(people, dict) or not all(isinstance(roles, list) for roles in people.values()):
        problems.append("people: must be a mapping from a name to a list of roles")
        people = {}
    steps = [_step(n, step, people, problems) for n, step in enumerate(raw.get("steps") or [], 1)]
    readings = raw.get("readings") or {}
    try:
        Readings.from_mapping(readings)
    except UnknownReading as error:
        problems.append(f"readings: {error}")
    if not steps:
        problems.append("steps: there are none")
    if problems:
        raise ScenarioError(name, problems)
    return Scenario(
        name=raw["scenario"],
        file=name,
        shows=tuple(raw.get("shows", ())),
        people={who: tuple(roles) for who, roles in people.items()},
        steps=tuple(step for step in steps if step is not None),
        parameters=raw.get("parameters") or {},
        readings=readings,
    )


_HEAD = {"scenario", "shows", "people", "parameters", "readings", "steps", "story", "note"}


def _step(number: int, raw: Any, people: Mapping[str, Any], problems: list[str]) -> Step | None:
    where = f"step {number}"
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be a mapping")
        return None
    actions = [key for key in raw if key in ACTIONS]
    unknown = [key for key in raw if key not in ACTIONS and key not in _WITH]
    if len(actions) != 1:
        problems.append(f"{where}: needs exactly one of {', '.join(ACTIONS)}; has {', '.join(actions) or 'none'}")
        return None
    problems += [f"{where}: {key!r} is not known here" for key in unknown]
    by = raw.get("by")
    if by is not None and by not in people:
        problems.append(f"{where}: {by!r} is not among the people of this scenario")
    if by is None and actions[0] not in ("tick", "check"):
        problems.append(f"{where}: by (who does it) is missing")
    action = actions[0]
    expect = raw[action] if action == "check" else raw.get("expect") or {}
    if not isinstance(expect, dict):
        problems.append(f"{where}: what is expected must be a mapping")
        expect = {}
    problems += [
        f"{where}: {key!r} cannot be checked; known: {', '.join(sorted(EXPECTATIONS))}"
        for key in expect
        if key not in EXPECTATIONS
    ]
    if action == "defer" and not isinstance(raw.get("until"), date):
        problems.append(f"{where}: until (the day on which the task comes back, 2026-04-01) is missing")
    if action == "override" and (not isinstance(raw[action], dict) or len(raw[action]) != 1):
        problems.append(f"{where}: override: name one decision with its other outcome, as in {{D01: {{urgentie: crisis}}}}")
    if action == "term":
        problems += [f"{where}: {text}" for text in term_steps.problems_in(raw["term"])]
    at = _moment(raw.get("at"), where, problems)
    return Step(
        number=number,
        action=action,
        what=raw[action],
        at=at,
        by=by,
        role=raw.get("as"),
        values=raw.get("with") or {},
        reason=str(raw.get("reason", "")),
        expect=expect,
        refused=raw.get("refused"),
        copy=bool(raw.get("copy", False)),
        letters=raw.get("letters") or {},
        nr=int(raw.get("nr", 1)),
        to=raw.get("to"),
        payload=raw.get("payload") or {},
        until=raw.get("until"),
        decision=raw.get("decision"),
    )


def _moment(raw: Any, where: str, problems: list[str]) -> datetime | None:
    if raw is None:
        return None
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw)
        except ValueError:
            problems.append(f"{where}: at: write 2026-03-16 09:40, not {raw!r}")
            return None
    if isinstance(raw, datetime):
        return raw if raw.tzinfo else raw.replace(tzinfo=CIVIL)
    if isinstance(raw, date):
        return datetime(raw.year, raw.month, raw.day, 9, tzinfo=CIVIL)
    problems.append(f"{where}: at: write 2026-03-16 09:40, not {raw!r}")
    return None
