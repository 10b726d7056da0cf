"""Invocations and function definitions."""

from __future__ import annotations

from schuldhulp.rules.feel import nodes
from schuldhulp.rules.feel.callables import Function, Param, Run, Signature, enter
from schuldhulp.rules.feel.compile.base import FIRST_SLOT, Compiler, Env, Eval, Fail
from schuldhulp.rules.feel.compile.names import known_function
from schuldhulp.rules.feel.compile.typing import resolve
from schuldhulp.rules.feel.errors import FeelValueError, NullResult
from schuldhulp.rules.feel.functions import BUILT_INS, CLOCK
from schuldhulp.rules.feel.inference import infer
from schuldhulp.rules.feel.types import ANY, FeelType
from schuldhulp.rules.feel.values import Value, brief, feel_value, kind


def invocation(compiler: Compiler, node: nodes.Invocation) -> Eval:
    fail = compiler.fail(node)
    known = known_function(compiler, node.function)
    if known is not None and not any(bound is None for bound, _ in compiler.binders):
        callee = compiler.constant(known)
    else:
        callee = _callee(compiler, node.function)
    if node.named:
        return _named(compiler, node, callee, fail)
    arguments = compiler.all(node.positional)
    if known is not None and callee in compiler.constants:
        closure = _known_call(known, arguments, fail)
        pure = known is BUILT_INS.get(known.name) and known.name not in CLOCK
        return compiler.folded(closure, *arguments) if pure else closure

    def call(env: Env) -> Value:
        function = callee(env)
        if not isinstance(function, Function):
            return _not_a_function(env[1], function, fail)
        values = [argument(env) for argument in arguments]
        try:
            return function.call(env[1], values)
        except NullResult as reason:
            return fail.because(env[1], reason)

    return call


def _known_call(function: Function, arguments: list[Eval], fail: Fail) -> Eval:
    """A call of a function that is known beforehand; where only one signature fits, that is known too."""
    fitting = [one for one in function.signatures if one.least <= len(arguments) <= one.most]
    if len(fitting) != 1:

        def call_any(env: Env) -> Value:
            values = [argument(env) for argument in arguments]
            try:
                return function.call(env[1], values)
            except NullResult as reason:
                return fail.because(env[1], reason)

        return call_any
    signature = fitting[0]

    def call_one(env: Env) -> Value:
        values = [argument(env) for argument in arguments]
        try:
            values = signature.bind(values)
        except NullResult as reason:
            return fail(env[1], reason.kind, f"{function.name}: {reason.message}")
        try:
            return enter(env[1], signature, values)
        except NullResult as reason:
            return fail.because(env[1], reason)

    return call_one


def _named(compiler: Compiler, node: nodes.Invocation, callee: Eval, fail: Fail) -> Eval:
    arguments = [(part.name, compiler.compile(part.value)) for part in node.named]

    def call_named(env: Env) -> Value:
        function = callee(env)
        if not isinstance(function, Function):
            return _not_a_function(env[1], function, fail)
        values = {name: argument(env) for name, argument in arguments}
        try:
            return function.call_named(env[1], values)
        except NullResult as reason:
            return fail.because(env[1], reason)

    return call_named


def _callee(compiler: Compiler, node: nodes.Node) -> Eval:
    """What is called; where data has the name of a built-in, a call still means the built-in."""
    read = compiler.compile(node)
    built_in = BUILT_INS.get(node.name) if isinstance(node, nodes.Name) else None
    if built_in is None:
        return read

    def function_or_built_in(env: Env) -> Value:
        found = read(env)
        return found if isinstance(found, Function) else built_in

    return function_or_built_in


def _not_a_function(run: Run, value: Value, fail: Fail) -> Value:
    if value is None:
        return fail(run, "not-a-function", "there is no function to call here: null")
    return fail(run, "not-a-function", f"{kind(value)} {brief(value)} is not a function")


def function_definition(compiler: Compiler, node: nodes.FunctionDefinition) -> Eval:
    fail = compiler.fail(node)
    try:
        types: list[FeelType] = [resolve(p.type, compiler.types) if p.type else ANY for p in node.parameters]
    except NullResult as error:
        message = error.message
        return lambda env: fail(env[1], "unknown-type", message)
    params = tuple(Param(p.name, kind) for p, kind in zip(node.parameters, types, strict=True))
    result = infer(node.body, {p.name: kind for p, kind in zip(params, types, strict=True)}, BUILT_INS)
    with compiler.binding(*(p.name for p in node.parameters)) as slots:
        first = compiler.slots - len(slots)
        body = compiler.compile(node.body)
    if node.external:
        return _external(params, body, fail)

    def function_definition(env: Env) -> Value:
        captured = env[:]

        def run_body(run: Run, arguments: list[Value]) -> Value:
            frame = captured[:]
            frame[1] = run
            for slot, argument in zip(slots, arguments, strict=True):
                frame[slot] = argument
            return body(frame)

        return UserFunction(Signature(params, run_body, result), node, captured, first)

    return function_definition


class UserFunction(Function):
    """function(...) of an expression, with the environment it was made in."""

    __slots__ = ("captured", "definition", "first")

    def __init__(self, signature: Signature, definition: nodes.FunctionDefinition, captured: Env, first: int) -> None:
        super().__init__("", [signature])
        self.definition, self.captured, self.first = definition, captured, first

    def __eq__(self, other: object) -> bool:
        """The same parameters, body and scope (Table 53)."""
        if not isinstance(other, UserFunction) or self.definition != other.definition or self.first != other.first:
            return False
        mine, its = self.captured, other.captured
        return mine[0] is its[0] and all(mine[at] is its[at] for at in range(FIRST_SLOT, self.first))

    def __hash__(self) -> int:
        return hash(self.signatures[0].params)


def patch_self(define: Eval, slot: int) -> Eval:
    """A definition whose function sees itself in `slot`."""

    def define_recursive(env: Env) -> Value:
        function = define(env)
        if isinstance(function, UserFunction):
            function.captured[slot] = function
        return function

    return define_recursive


def _external(params: tuple[Param, ...], body: Eval, fail: Fail) -> Eval:
    """function(...) external {java: {class, method signature}}: a callable of the caller's registry, or null."""

    def external(env: Env) -> Value:
        target = external_key(body(env))
        if target is None:
            return fail(env[1], "external", 'an external function needs {java: {class: ..., "method signature": ...}}')
        call = env[1].external.get(target)
        if call is None:
            return fail(env[1], "external", f"no external function {target!r} has been registered")

        def call_out(_run: Run, arguments: list[Value]) -> Value:
            try:
                return feel_value(call(*arguments))
            except (FeelValueError, ArithmeticError, ValueError) as error:
                raise NullResult("external", f"{target}: {error}") from None

        return Function(target, [Signature(params, call_out)])

    return external


def external_key(mapping: Value) -> str | None:
    """"java.lang.Math.max(double,double)" or "pmml:document#model": how a registry names an external function."""
    if not isinstance(mapping, dict):
        return None
    match mapping:
        case {"java": {"class": str(name), "method signature": str(signature)}}:
            return f"{name}.{''.join(signature.split())}"
        case {"pmml": {"document": str(document), "model": str(model)}}:
            return f"pmml:{document}#{model}"
    return None


