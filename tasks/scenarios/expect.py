"""Checking a case against what a scenario step expects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from schuldhulp.engine.case.evaluate import scope_of
from schuldhulp.engine.case.projecting import stream_of
from schuldhulp.engine.case.turn import Turn
from schuldhulp.engine.case.values import decode
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.model import facts as f
from schuldhulp.engine.model.case import Case
from schuldhulp.rules.feel import to_python

LOOKER = f.Actor(account=0, role="auditor", program="scenario")


def problems_of(engine: Engine, number: str, done: Sequence[f.Fact], expect: Mapping[str, Any]) -> list[str]:
    """What is not as expected, a sentence each."""
    case = engine.case(number)
    found: list[str] = []
    for key, wanted in expect.items():
        match key:
            case "tasks" | "tasks include" | "no tasks":
                found += _tasks(case, key, wanted)
            case "decisions":
                found += _decisions(done, wanted)
            case "letters":
                found += _letters(engine, number, done, wanted)
            case "terms":
                found += _terms(case, wanted)
            case "data":
                found += _data(engine, number, wanted)
            case "met" | "missed" | "late":
                found += _ended_terms(engine, number, key, wanted)
            case "instances":
                found += _instances(engine, number, wanted)
            case "offers":
                found += _offers(engine, case, wanted)
            case "registers":
                found += _registers(done, wanted)
            case "incidents":
                found += _differ("incidents", len(case.incidents), wanted)
    return found


def _tasks(case: Case, key: str, wanted: Sequence[str]) -> list[str]:
    names = sorted(task.name for task in case.tasks.values())
    if key == "tasks":
        return _differ("open tasks", names, sorted(wanted))
    present = [name for name in wanted if name in names]
    if key == "no tasks":
        return [f"task {name!r} is open" for name in present]
    return [f"task {name!r} is not open; open: {', '.join(names) or 'none'}" for name in wanted if name not in names]


def _registers(done: Sequence[f.Fact], wanted: Mapping[str, bool | None]) -> list[str]:
    """How preconditions that stop nothing stood when a module started in this step, by requirement."""
    noted = {fact.requirement: fact.holds for fact in done if isinstance(fact, f.RegisterNoted)}
    return [text for key, holds in wanted.items() for text in _differ(f"register {key}", noted.get(key, "not noted"), holds)]


def _decisions(done: Sequence[f.Fact], wanted: Mapping[str, Any]) -> list[str]:
    taken = {fact.decision: fact for fact in done if isinstance(fact, f.DecisionTaken)}
    found = []
    for decision, outcome in wanted.items():
        if decision not in taken:
            found.append(f"decision {decision} was not taken in this step (taken: {', '.join(taken) or 'none'})")
            continue
        actual = to_python(decode(f.sealed(taken[decision])["outputs"]))
        found += _part(f"decision {decision}", actual, outcome)
    return found


def _letters(engine: Engine, number: str, done: Sequence[f.Fact], wanted: Sequence[str]) -> list[str]:
    sent = {fact.document for fact in done if isinstance(fact, f.LetterSent)}
    rows = engine.rows("documents_of_case", case=stream_of(number))
    return _differ("letters sent", sorted(row["letter"] for row in rows if row["document"] in sent), sorted(wanted))


def _terms(case: Case, wanted: Mapping[str, Any]) -> list[str]:
    found = []
    for rule, ends in wanted.items():
        running = [term.ends for term in case.terms.values() if term.rule == rule]
        if ends is None:
            found += [f"term {rule} runs until {day}" for day in running]
        elif ends not in running:
            said = ", ".join(map(str, running)) or "does not run"
            found.append(f"term {rule}: {said}, expected {ends}")
    return found


def _data(engine: Engine, number: str, wanted: Mapping[str, Any]) -> list[str]:
    """Data of the file, derived ones too; a name that is no datum is looked for in the running instances."""

    def see(turn: Turn) -> list[str]:
        found: list[str] = []
        for key, value in wanted.items():
            entry = turn.deployment_of(None).dictionary.entries.get(key)
            scopes = [scope_of(turn, instance) for instance in turn.case.instances]
            if entry is None or entry.scope == "case":
                scopes.insert(0, scope_of(turn, None))
            values = [to_python(scope[key]) for scope in scopes if key in scope]
            actual = next((v for v in values if v is not None and v != []), [] if [] in values else None)
            if entry is not None and entry.scope == "instance" and entry.derived is not None:
                actual = next((v for v in values if not _part(key, v, value)), actual)  # each instance works it out
            found += _part(key, actual, value)
        return found

    return engine.look(number, LOOKER, see)


def _ended_terms(engine: Engine, number: str, status: str, wanted: Sequence[str]) -> list[str]:
    rows = engine.rows("terms_of_case", case=stream_of(number))
    return _differ(f"terms {status}", sorted(row["rule"] for row in rows if row["status"] == status), sorted(wanted))


def _instances(engine: Engine, number: str, wanted: Mapping[str, Any]) -> list[str]:
    """The status of the last instance of each module (processes that it calls in its own file do not count)."""
    rows = [row for row in engine.rows("instances_of_case", case=stream_of(number)) if row["process"] == row["module"]]
    last = {row["module"]: row["status"] for row in sorted(rows, key=lambda row: int(row["instance"]))}
    return [p for module, status in wanted.items() for p in _differ(f"module {module}", last.get(module), status)]


def _offers(engine: Engine, case: Case, wanted: Sequence[str]) -> list[str]:
    names = sorted(
        engine.name_of(case, instance.instance, element)
        for instance in case.instances.values()
        for _, offers in instance.offers.values()
        for element in offers
    )
    return _differ("optional steps", names, sorted(wanted))


def _differ(what: str, actual: Any, wanted: Any) -> list[str]:
    return [] if actual == wanted else [f"{what}: {actual}, expected {wanted}"]


def _part(what: str, actual: Any, wanted: Any) -> list[str]:
    """*wanted* may name a part of a mapping, and items of a list without their numbers."""
    if isinstance(wanted, Mapping) and isinstance(actual, Mapping):
        return [p for key, value in wanted.items() for p in _part(f"{what}.{key}", actual.get(key), value)]
    if isinstance(wanted, list) and isinstance(actual, list) and len(wanted) == len(actual):
        pairs = enumerate(zip(actual, wanted, strict=True), 1)
        return [p for n, (one, other) in pairs for p in _part(f"{what}[{n}]", one, other)]
    return [] if _same(actual, wanted) else [f"{what}: {actual!r}, expected {wanted!r}"]


def _same(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, bool) or isinstance(wanted, bool):
        return actual is wanted
    if isinstance(actual, Decimal | int) and isinstance(wanted, Decimal | int | str):
        try:
            return Decimal(actual) == Decimal(wanted)
        except ArithmeticError:
            return False
    if isinstance(actual, date | datetime) and isinstance(wanted, str):
        return str(actual).startswith(wanted) or actual.isoformat().startswith(wanted)
    if isinstance(actual, datetime) and isinstance(wanted, datetime) and wanted.tzinfo is None:
        return actual.replace(tzinfo=None) == wanted
    return bool(actual == wanted)
