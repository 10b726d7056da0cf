"""if, for, some and every."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from schuldhulp.rules.feel import nodes, numbers
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.compile.base import Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.numbers import is_whole
from schuldhulp.rules.feel.temporal import FeelDate
from schuldhulp.rules.feel.values import Range, Value, brief, kind


def if_then_else(compiler: Compiler, node: nodes.If) -> Eval:
    condition, then, otherwise = (compiler.compile(part) for part in (node.condition, node.then, node.otherwise))
    fail = compiler.fail(node.condition)

    def if_then_else(env: Env) -> Value:
        answer = condition(env)
        if answer is True:
            return then(env)
        if answer is not False and answer is not None:
            fail(env[1], "type-mismatch", f"the condition is {kind(answer)} {brief(answer)}, not a boolean")
        return otherwise(env)

    return compiler.folded(if_then_else, condition, then, otherwise)


Values = Callable[[Env], Iterator[Value]]


def _domain(compiler: Compiler, node: nodes.Domain) -> Values:
    """The values that an iterator takes; NullResult when it has no values to take."""
    values, fail = compiler.compile(node.values), compiler.fail(node)
    if node.last is None:
        return lambda env: _iterate(values(env), env[1], fail)
    last = compiler.compile(node.last)

    def from_to(env: Env) -> Iterator[Value]:
        return _count(values(env), last(env), env[1], fail)

    return from_to


def _iterate(value: Value, run: Run, fail: Fail) -> Iterator[Value]:
    match value:
        case None:
            raise NullResult("null-operand", "there is nothing to iterate over: null")
        case list():
            fail.charge(run, len(value))
            return iter(value)
        case Range():
            return _count_range(value, run, fail)
    return iter([value])


def _count_range(value: Range, run: Run, fail: Fail) -> Iterator[Value]:
    start, end = value.start, value.end
    if isinstance(start, Decimal) and isinstance(end, Decimal):
        low = start if value.start_included else numbers.add(start, numbers.ONE)
        high = end if value.end_included else numbers.subtract(end, numbers.ONE)
    elif isinstance(start, FeelDate) and isinstance(end, FeelDate):
        first = start.days + (not value.start_included)
        final = end.days - (not value.end_included)
        return _dates(first, final, 1, run, fail) if first <= final else iter(())
    else:
        raise NullResult("type-mismatch", f"cannot count through {brief(value)}: its ends are no numbers or dates")
    return _numbers(low, high, 1, run, fail) if low <= high else iter(())


def _count(first: Value, last: Value, run: Run, fail: Fail) -> Iterator[Value]:
    """first..last, downwards when last is the smaller."""
    if isinstance(first, Decimal) and isinstance(last, Decimal):
        return _numbers(first, last, 1 if first <= last else -1, run, fail)
    if isinstance(first, FeelDate) and isinstance(last, FeelDate):
        return _dates(first.days, last.days, 1 if first <= last else -1, run, fail)
    if first is None or last is None:
        raise NullResult("null-operand", "an end of the iteration is null")
    raise NullResult("type-mismatch", f"cannot count from {kind(first)} {brief(first)} to {kind(last)} {brief(last)}")


def _numbers(first: Decimal, last: Decimal, step: int, run: Run, fail: Fail) -> Iterator[Value]:
    if not (is_whole(first) and is_whole(last)):
        raise NullResult("not-whole", f"cannot count from {brief(first)} to {brief(last)}: both must be whole")
    if first.adjusted() > 17 or last.adjusted() > 17:
        fail.charge(run, run.left + 1)
    low, high = int(first), int(last)
    fail.charge(run, abs(high - low) + 1)
    return map(Decimal, range(low, high + step, step))


def _dates(first: int, last: int, step: int, run: Run, fail: Fail) -> Iterator[Value]:
    fail.charge(run, abs(last - first) + 1)
    return map(FeelDate.from_days, range(first, last + step, step))


def for_in(compiler: Compiler, node: nodes.For) -> Eval:
    fail = compiler.fail(node)
    with compiler.binding("partial") as (partial,):
        domains: list[tuple[int, Values]] = []
        for domain in node.domains:
            values = _domain(compiler, domain)
            domains.append((compiler.bind(domain.name), values))
        body = compiler.compile(node.body)

    slot, only = domains[0]

    def for_one(env: Env) -> Value:
        results: list[Value] = []
        env[partial] = results
        try:
            for value in only(env):
                env[slot] = value
                results.append(body(env))
        except NullResult as reason:
            return fail.because(env[1], reason)
        return results

    if len(domains) == 1:
        return for_one

    def run_domain(env: Env, at: int, results: list[Value]) -> None:
        slot, values = domains[at]
        innermost = at == len(domains) - 1
        for value in values(env):
            env[slot] = value
            if innermost:
                results.append(body(env))
            else:
                run_domain(env, at + 1, results)

    def for_in(env: Env) -> Value:
        results: list[Value] = []
        env[partial] = results
        try:
            run_domain(env, 0, results)
        except NullResult as reason:
            return fail.because(env[1], reason)
        return results

    return for_in


def quantified(compiler: Compiler, node: nodes.Quantified) -> Eval:
    fail, decides = compiler.fail(node), not node.every
    domains: list[tuple[int, Values]] = []
    with compiler.binding():
        for domain in node.domains:
            values = _domain(compiler, domain)
            domains.append((compiler.bind(domain.name), values))
        test = compiler.compile(node.test)

    def search(env: Env, at: int) -> bool | None:
        """The deciding answer if any combination gives it; else None if any is not a boolean."""
        slot, values = domains[at]
        known: bool | None = not decides
        for value in values(env):
            env[slot] = value
            answer: Value = test(env) if at == len(domains) - 1 else search(env, at + 1)
            if answer is decides:
                return decides
            if answer is not (not decides):
                known = None
        return known

    def quantified(env: Env) -> Value:
        try:
            answer = search(env, 0)
        except NullResult as reason:
            return fail.because(env[1], reason)
        if answer is None:
            fail(env[1], "null-operand", "the condition has no answer for some of the values")
        return answer

    return quantified
