"""Lists, contexts, paths and filters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from schuldhulp.rules.feel import nodes, numbers
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.compile.calls import patch_self
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.names import did_you_mean
from schuldhulp.rules.feel.properties import PROPERTIES
from schuldhulp.rules.feel.values import Value, brief, kind


def list_literal(compiler: Compiler, node: nodes.ListLiteral) -> Eval:
    items = compiler.all(node.items)
    fail = compiler.fail(node)

    def list_literal(env: Env) -> Value:
        fail.charge(env[1], len(items))
        return [item(env) for item in items]

    return list_literal


def context_literal(compiler: Compiler, node: nodes.ContextLiteral) -> Eval:
    fail = compiler.fail(node)
    keys = [entry.key for entry in node.entries]
    entries: list[tuple[str, int, Eval]] = []
    with compiler.binding():
        for entry in node.entries:
            if isinstance(entry.value, nodes.FunctionDefinition):  # it may call itself
                slot = compiler.bind(entry.key)
                value = patch_self(compiler.compile(entry.value), slot)
            else:
                value = compiler.compile(entry.value)
                slot = compiler.bind(entry.key)
            entries.append((entry.key, slot, value))
    twice = next((name for name in keys if keys.count(name) > 1), None)
    if twice is not None:
        return lambda env: fail(env[1], "duplicate-key", f"the key {twice!r} stands twice in the context")

    def context_literal(env: Env) -> Value:
        fail.charge(env[1], len(entries))
        found: dict[str, Value] = {}
        for name, slot, value in entries:
            found[name] = env[slot] = value(env)
        return found

    return context_literal


def path(compiler: Compiler, node: nodes.Path) -> Eval:
    subject, wanted, fail = compiler.compile(node.subject), node.name, compiler.fail(node)

    def path(env: Env) -> Value:
        value = subject(env)
        if type(value) is dict and wanted in value:
            return value[wanted]
        return member(value, wanted, env[1], fail)

    return compiler.folded(path, subject)


def member(value: Value, wanted: str, run: Run, fail: Fail) -> Value:
    """value.wanted: an entry of a context, a property of a temporal value or range, or those of a list's items."""
    match value:
        case dict():
            if wanted in value:
                return value[wanted]
            return fail(run, "unknown-member", f"the context has no {wanted!r}{did_you_mean(wanted, value)}")
        case list():
            fail.charge(run, len(value))
            return [member(item, wanted, run, fail) for item in value]
        case None:
            return fail(run, "null-operand", f"null has no {wanted!r}")
    properties = PROPERTIES.get(type(value), {})
    if wanted in properties:
        return properties[wanted](value)
    hint = did_you_mean(wanted, properties)
    return fail(run, "unknown-member", f"{kind(value)} {brief(value)} has no {wanted!r}{hint}")


def filter_list(compiler: Compiler, node: nodes.Filter) -> Eval:
    subject, fail = compiler.compile(node.subject), compiler.fail(node)
    index = _constant_index(node.test)
    if index is not None:
        position = index

        def indexed(env: Env) -> Value:
            value = subject(env)
            if value is None:
                return fail(env[1], "null-operand", "null has no items")
            return item_at(as_list(value), position, env[1], fail)

        return compiler.folded(indexed, subject)
    with compiler.binding("item", None) as (item_slot, slot):  # an entry called item comes before the item itself
        test = compiler.compile(node.test)

    def filtered(env: Env) -> Value:
        value = subject(env)
        if value is None:
            return fail(env[1], "null-operand", "null has no items to filter")
        items = as_list(value)
        if not items:
            return _filter_of_nothing(env)
        kept: list[Value] = []
        fail.charge(env[1], len(items))
        for item in items:
            env[slot] = env[item_slot] = item
            answer = test(env)
            if answer is True:
                kept.append(item)
            elif isinstance(answer, Decimal):
                return item_at(items, answer, env[1], fail)
            elif answer is not False and answer is not None:
                return fail(env[1], "type-mismatch", f"a filter cannot be {kind(answer)} {brief(answer)}")
        return kept

    def _filter_of_nothing(env: Env) -> Value:
        env[slot] = env[item_slot] = None
        quiet = Run(env[1].text, limit=max(env[1].left, 0), now=env[1].now, external=env[1].external)
        env[1], run = quiet, env[1]
        try:
            answer = test(env)
        finally:
            env[1] = run
        return fail(run, "index", "the list is empty") if isinstance(answer, Decimal) else []

    return filtered


def _constant_index(node: nodes.Node) -> Decimal | None:
    if isinstance(node, nodes.Number):
        return node.value
    if isinstance(node, nodes.Negation) and isinstance(node.operand, nodes.Number):
        return node.operand.value.copy_negate()
    return None


def as_list(value: Value) -> list[Value]:
    """What a filter works on: a value that is not a list is a list of one."""
    return value if isinstance(value, list) else [value]


def item_at(items: list[Value], position: Decimal, run: Run, fail: Fail) -> Value:
    """The item at a position from 1, or from -1 backwards."""
    try:
        at = numbers.whole(position, "the position")
    except NullResult as reason:
        return fail.because(run, reason)
    if 1 <= at <= len(items):
        return items[at - 1]
    if -len(items) <= at <= -1:
        return items[at]
    return fail(run, "index", f"there is no item {at} in a list of {len(items)}")


def partial(compiler: Compiler, node: nodes.Name, read: Eval) -> Eval:
    """`partial` as a value of its own is a copy, since the loop goes on filling the list."""
    fail = compiler.fail(node)

    def snapshot(env: Env) -> Value:
        results: Any = read(env)
        if not isinstance(results, list):
            return results  # type: ignore[no-any-return]
        fail.charge(env[1], len(results))
        return list(results)

    return snapshot


Snapshot = Callable[[Compiler, nodes.Name, Eval], Eval]
