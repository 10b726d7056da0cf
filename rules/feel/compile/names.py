"""Names: local slots, items of filters, the caller's scope, added functions, built-ins; in that order."""

from __future__ import annotations

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.callables import Function, Run
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.functions import BUILT_INS
from schuldhulp.rules.feel.names import did_you_mean
from schuldhulp.rules.feel.values import Value


def name(compiler: Compiler, node: nodes.Name) -> Eval:
    """The closure that reads a name."""
    wanted = node.name
    items: list[int] = []
    for bound, slot in reversed(compiler.binders):
        if bound is None:
            items.append(slot)
        elif bound == wanted:
            return _from_items(items, wanted, _local(slot))
    return _from_items(items, wanted, _outer(compiler, node))


def known_function(compiler: Compiler, node: nodes.Node) -> Function | None:
    """The function that a name means for certain, when nothing nearer can have that name."""
    if not isinstance(node, nodes.Name) or node.name in compiler.names or compiler.is_local(node.name):
        return None
    return compiler.functions.get(node.name) or BUILT_INS.get(node.name)


def _local(slot: int) -> Eval:
    def local(env: Env) -> Value:
        value: Value = env[slot]
        return value

    return local


def _from_items(items: list[int], wanted: str, outer: Eval) -> Eval:
    for slot in reversed(items):
        outer = _from_item(slot, wanted, outer)
    return outer


def _from_item(slot: int, wanted: str, outer: Eval) -> Eval:
    """Within a filter the entries of the item come first."""

    def from_item(env: Env) -> Value:
        item = env[slot]
        if type(item) is dict and wanted in item:
            found: Value = item[wanted]
            return found
        return outer(env)

    return from_item


def _outer(compiler: Compiler, node: nodes.Name) -> Eval:
    wanted = node.name
    function = compiler.functions.get(wanted) or BUILT_INS.get(wanted)
    if function is not None and wanted not in compiler.names:
        return compiler.constant(function)
    fail = compiler.fail(node)
    names = compiler.names

    def from_scope(env: Env) -> Value:
        try:
            found: Value = env[0][wanted]
        except KeyError:
            return _missing(env, wanted, fail, names)
        return found

    def from_scope_or_function(env: Env) -> Value:
        found: Value = env[0].get(wanted, function)
        return found

    return from_scope if function is None else from_scope_or_function


def _missing(env: Env, wanted: str, fail: Fail, names: frozenset[str]) -> Value:
    run: Run = env[1]
    if wanted in names:
        return fail(run, "no-value", f"{wanted!r} has no value here")
    return fail(run, "unknown-name", f"there is no {wanted!r} here{did_you_mean(wanted, (*names, *env[0], *BUILT_INS))}")
