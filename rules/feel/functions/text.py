"""Strings (DMN 1.5, 10.3.4.3). Positions count characters from 1, or from -1 backwards."""

from __future__ import annotations

from decimal import Decimal

from schuldhulp.rules.feel import numbers
from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.feel.functions import patterns
from schuldhulp.rules.feel.functions.declare import Registry
from schuldhulp.rules.feel.values import Value

registry = Registry()
built_in = registry.built_in


@built_in("substring(string: string, start position: number, length?: number) -> string")
def substring(text: str, start: Decimal, length: Decimal | None) -> Value:
    first = numbers.whole(start, "the start position")
    if first == 0 or abs(first) > len(text):
        raise NullResult("out-of-range", f"there is no position {first} in a text of {len(text)} characters")
    begin = first - 1 if first > 0 else len(text) + first
    if length is None:
        return text[begin:]
    left = len(text) - begin
    if not 1 <= length <= left:
        raise NullResult("out-of-range", f"the length must be between 1 and {left}, the characters from there on")
    return text[begin : begin + int(length)]


@built_in("string length(string: string) -> number")
def string_length(text: str) -> Value:
    return Decimal(len(text))


@built_in("upper case(string: string) -> string")
def upper_case(text: str) -> Value:
    return text.upper()


@built_in("lower case(string: string) -> string")
def lower_case(text: str) -> Value:
    return text.lower()


@built_in("substring before(string: string, match: string) -> string")
def substring_before(text: str, match: str) -> Value:
    before, found, _ = text.partition(match) if match else ("", "", "")
    return before if found else ""


@built_in("substring after(string: string, match: string) -> string")
def substring_after(text: str, match: str) -> Value:
    return text.partition(match)[2] if match else text


@built_in("contains(string: string, match: string) -> boolean")
def contains(text: str, match: str) -> Value:
    return match in text


@built_in("starts with(string: string, match: string) -> boolean")
def starts_with(text: str, match: str) -> Value:
    return text.startswith(match)


@built_in("ends with(string: string, match: string) -> boolean")
def ends_with(text: str, match: str) -> Value:
    return text.endswith(match)


@built_in("matches(input: string, pattern: string, flags?: string?) -> boolean", run=True)
def matches(run: Run, text: str, pattern: str, flags: str | None) -> Value:
    return patterns.matches(run, text, pattern, flags or "")


@built_in("replace(input: string, pattern: string, replacement: string, flags?: string?) -> string", run=True)
def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> Value:
    return patterns.replace(run, text, pattern, replacement, flags or "")


@built_in("split(string: string, delimiter: string) -> list<string>", run=True)
def split(run: Run, text: str, delimiter: str) -> Value:
    return list(patterns.split(run, text, delimiter))


@built_in("string join(list: list<string>, delimiter?: string?) -> string")
def string_join(items: list[str | None], delimiter: str | None) -> Value:
    return (delimiter or "").join(item for item in items if item is not None)
