"""How a built-in is declared: a Python function under the signature of the specification."""

from __future__ import annotations

import re
from collections.abc import Callable

from schuldhulp.rules.feel.callables import Function, Param, Run, Signature
from schuldhulp.rules.feel.errors import FeelValueError, NullResult
from schuldhulp.rules.feel.types import ANY, BUILT_IN_TYPES, FeelType, FunctionType, ListType, UnionType
from schuldhulp.rules.feel.values import Value

_SIGNATURE = re.compile(r"([a-z ]+)\((.*)\) -> (.+)")
_PARAM = re.compile(r"([A-Za-z0-9 ]+)(\?)?: ([^?.]+)(\?|\.\.\.)?")


class Registry:
    """The built-ins of one module."""

    def __init__(self) -> None:
        self.signatures: dict[str, list[Signature]] = {}

    def built_in(
        self, *texts: str, run: bool = False
    ) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Declare a function under one or more signatures, for instance

        "substring(string: string, start position: number, length?: number) -> string": `name?` may be left out,
        `type...` takes all that follow, `type?` takes null, `a|b` is one of two types. Any always takes null.
        `run` passes the Run first.
        """

        def declare(function: Callable[..., Value]) -> Callable[..., Value]:
            body = _with_run(function) if run else _plain(function)
            for text in texts:
                name, params, result = _read(text)
                self.signatures.setdefault(name, []).append(Signature(params, body, result))
            return function

        return declare

    def functions(self) -> dict[str, Function]:
        return {name: Function(name, signatures) for name, signatures in self.signatures.items()}


def _plain(function: Callable[..., Value]) -> Callable[[Run, list[Value]], Value]:
    def body(_run: Run, arguments: list[Value]) -> Value:
        try:
            return function(*arguments)
        except FeelValueError as error:
            raise NullResult("invalid-argument", str(error)) from None

    return body


def _with_run(function: Callable[..., Value]) -> Callable[[Run, list[Value]], Value]:
    return lambda run, arguments: function(run, *arguments)


def _read(text: str) -> tuple[str, tuple[Param, ...], FeelType]:
    match = _SIGNATURE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    params = tuple(_param(part) for part in match[2].split(", ") if part)
    return match[1], params, _type(match[3])


def _param(text: str) -> Param:
    match = _PARAM.fullmatch(text)
    if match is None:
        raise ValueError(text)
    kind = _type(match[3])
    return Param(match[1], kind, match[4] == "?" or kind == ANY, bool(match[2]), match[4] == "...")


def _type(text: str) -> FeelType:
    if "|" in text:
        return UnionType(tuple(_type(part) for part in text.split("|")))
    if text.startswith("list<"):
        return ListType(_type(text[5:-1]))
    if text.startswith("function<"):
        taken, _, result = text[9:].partition(">->")
        return FunctionType(tuple(_type(part) for part in taken.split(",")), _type(result))
    return BUILT_IN_TYPES[text]
