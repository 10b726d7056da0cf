"""Contexts (DMN 1.5, 10.3.4.10)."""

from __future__ import annotations

from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.values import Value, brief, kind

registry = Registry()
built_in = registry.built_in
Context = dict[str, Value]


@built_in("get value(m: context, key: string) -> Any")
def get_value(context: Context, key: str) -> Value:
    return context.get(key)


@built_in("get value(context: context, keys: list<string>) -> Any")
def get_value_at(context: Context, keys: list[str]) -> Value:
    found: Value = context
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found if keys else None


@built_in("get entries(m: context) -> list")
def get_entries(context: Context) -> Value:
    return [{"key": name, "value": value} for name, value in context.items()]


@built_in("context(entries: list<context>) -> context")
def context(entries: list[Context]) -> Value:
    made: Context = {}
    for entry in entries:
        if entry is None or "key" not in entry or "value" not in entry:
            raise NullResult("invalid-argument", f"an entry needs a key and a value: {brief(entry)}")
        key = entry["key"]
        if not isinstance(key, str):
            raise NullResult("argument-type", f"a key is a string, not {kind(key)} {brief(key)}")
        if key in made:
            raise NullResult("duplicate-key", f"the key {key!r} stands twice")
        made[key] = entry["value"]
    return made


@built_in("context put(context: context, key: string, value: Any) -> context")
def context_put(context: Context, key: str, value: Value) -> Value:
    return {**context, key: value}


@built_in("context put(context: context, keys: list<string>, value: Any) -> context")
def context_put_at(context: Context, keys: list[str | None], value: Value) -> Value:
    if not keys or None in keys:
        raise NullResult("invalid-argument", "the keys are empty, or one of them is null")
    return _put(context, [key for key in keys if key is not None], value)


def _put(context: Value, keys: list[str], value: Value) -> Value:
    """A copy in which the entry at the path is replaced; missing levels are made."""
    levels: list[Context] = []
    level = context
    for key in keys:
        if level is None:
            level = {}
        if not isinstance(level, dict):
            raise NullResult("argument-type", f"{key!r} stands in {kind(level)} {brief(level)}, not in a context")
        levels.append(level)
        level = level.get(key)
    for level_context, key in zip(reversed(levels), reversed(keys), strict=True):
        value = {**level_context, key: value}
    return value


@built_in("context merge(contexts: list<context>) -> context")
def context_merge(contexts: list[Context]) -> Value:
    merged: Context = {}
    for context in contexts:
        if context is None:
            raise NullResult("null-operand", "a context is null")
        merged |= context
    return merged
