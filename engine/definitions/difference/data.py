"""Differences of what the organisation sets: itself, readings, parameters, registers, the data dictionary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.definitions.difference.kinds import Difference, pairs, plain
from schuldhulp.engine.definitions.parameters import Parameter, Parameters
from schuldhulp.engine.definitions.registers import Register


def organisation(old: Deployment, new: Deployment) -> Iterator[Difference]:
    """Modules on and off, functions, colours and logo; name, sender and variants are parameters and told there."""
    for key in sorted(old.organisation.off ^ new.organisation.off):
        was, now = (("off" if key in side.organisation.off else "on") for side in (old, new))
        yield Difference("organisation", "changed", f"module {key}", was, now)
    for label, get in (("function", "functions"), ("theme", "colours")):
        for what, key, before, after in pairs(getattr(old.organisation, get), getattr(new.organisation, get)):
            yield Difference("organisation", what, f"{label} {key}", plain(before), plain(after))
    if old.organisation.logo != new.organisation.logo:
        yield Difference("organisation", "changed", "logo", old.organisation.logo, new.organisation.logo)


def readings(old: Deployment, new: Deployment) -> Iterator[Difference]:
    for what, key, before, after in pairs(asdict(old.readings), asdict(new.readings)):
        yield Difference("reading", what, key, before, after)


def parameters(old: Deployment, new: Deployment) -> Iterator[Difference]:
    """Each own value with the day from which it holds, beside the value that held there."""
    lists, known = {*old.registers, *new.registers}, old.parameters.keys()
    for key, valid_from, before, after in _values(old.parameters, new.parameters):
        if key in lists:
            register = new.registers.get(key) or old.registers[key]
            yield from _entries(register, before or [], after or [], valid_from)
        else:
            what = "added" if key not in known else "removed" if after is None else "changed"
            yield Difference("parameter", what, key, before, after, valid_from=valid_from)


def _values(old: Parameters, new: Parameters) -> Iterator[tuple[str, date, Any, Any]]:
    """Every day on which a key gets another value than it had there, with both."""
    for key in sorted({*old.keys(), *new.keys()}):
        days = sorted({one.valid_from for one in (*_of(old, key), *_of(new, key))})
        for day in days:
            before, after = old.on(day).get(key), new.on(day).get(key)
            if before != after:
                yield key, day, before, after


def _of(parameters: Parameters, key: str) -> list[Parameter]:
    return [one for one in parameters.values if one.key == key]


def _entries(register: Register, before: Any, after: Any, valid_from: date) -> Iterator[Difference]:
    """Entries by the field they are called by (or changed by); of one that changed, field by field."""
    title = register.one_per or register.title
    old, new = (_by_name(side, title) for side in (before, after))
    for what, name, one, other in pairs(old, new):
        key = f"{register.key}: {name}"
        if one is not None and other is not None:
            for _, field, was, now in pairs(one, other):
                yield Difference("register", what, key, was, now, part=field, valid_from=valid_from)
        else:
            yield Difference("register", what, key, one, other, valid_from=valid_from)


def _by_name(entries: list[dict[str, Any]], title: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for entry in entries:
        name = str(entry.get(title))
        number = sum(1 for known in found if known == name or known.startswith(f"{name} ("))
        found[name if not number else f"{name} ({number + 1})"] = entry
    return found


def registers(old: Deployment, new: Deployment) -> Iterator[Difference]:
    """Registers and fields that were added or changed."""
    for what, key, before, after in pairs(old.registers, new.registers):
        if before is None or after is None:
            one = after or before
            yield Difference("register", what, key, name=one.label if one else "", part="register")
            continue
        for field_what, field, was, now in pairs(before.fields, after.fields):
            yield Difference("register", field_what, f"{key}.{field}", plain(was), plain(now), part="field")


def dictionary(old: Deployment, new: Deployment) -> Iterator[Difference]:
    for what, key, before, after in pairs(old.dictionary.entries, new.dictionary.entries):
        one = after or before
        name = one.label if one is not None else ""
        if before is None or after is None:
            yield Difference("dictionary", what, key, plain(before), plain(after), name=name)
            continue
        for _, part, was, now in pairs(plain(before), plain(after)):
            yield Difference("dictionary", "changed", key, was, now, part=part, name=name)
