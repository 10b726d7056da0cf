"""Regular expressions of XPath and XQuery 3.1, translated by elementpath and run by `regex` with a time limit."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from time import perf_counter
from typing import Any, TypeVar

from schuldhulp.rules.feel.callables import Run
from schuldhulp.rules.feel.errors import NullResult
from schuldhulp.rules.patterns import LENGTH_LIMIT, SECONDS, compile_pattern

RESULT_LIMIT = 1_000_000
_FLAGS = {"s": re.DOTALL, "m": re.MULTILINE, "i": re.IGNORECASE}
T = TypeVar("T")


def matches(run: Run, text: str, pattern: str, flags: str) -> bool:
    """fn:matches: whether the pattern is found anywhere in the text. Raises NullResult."""
    compiled = _compile(pattern, flags)
    return _timed(run, lambda seconds: compiled.search(text, timeout=seconds)) is not None


def replace(run: Run, text: str, pattern: str, replacement: str, flags: str) -> str:
    """fn:replace, with $1 for groups. Raises NullResult."""
    compiled = _compile(pattern, flags)
    _refuse_empty(run, compiled, pattern)
    literal = "q" in flags
    pieces = [replacement] if literal else _replacement(replacement, compiled.groups)
    size = 0

    def expand(match: Any) -> str:
        nonlocal size
        made = "".join(piece if isinstance(piece, str) else match[piece] or "" for piece in pieces)
        size += len(made)
        if size > RESULT_LIMIT:
            raise NullResult("out-of-range", f"the result is longer than {RESULT_LIMIT:,} characters")
        return made

    return _timed(run, lambda seconds: str(compiled.sub(expand, text, timeout=seconds)))


def split(run: Run, text: str, pattern: str) -> list[str]:
    """The parts of the text between matches of the pattern. Raises NullResult."""
    compiled = _compile(pattern, "")
    _refuse_empty(run, compiled, pattern)

    def cut(seconds: float) -> list[str]:
        parts: list[str] = []
        at = 0
        for match in compiled.finditer(text, timeout=seconds):
            parts.append(text[at : match.start()])
            at = match.end()
        return [*parts, text[at:]]

    return _timed(run, cut)


def _timed(run: Run, work: Callable[[float], T]) -> T:
    """What *work* finds within SECONDS and within what the run has left (PATTERN_SECONDS of `callables`).

    A time limit depends on the machine: that it was reached is never a value, not even null, but an error (`Run.remark`).
    """
    left = min(SECONDS, run.pattern_seconds)
    start = perf_counter()
    try:
        if left > 0:
            return work(left)
    except TimeoutError:
        pass
    finally:
        run.pattern_seconds -= perf_counter() - start
    message = "patterns take longer than a second here, or two seconds in all: make them simpler or the text shorter"
    raise NullResult("time-limit", message)


def _refuse_empty(run: Run, compiled: Any, pattern: str) -> None:
    if _timed(run, lambda seconds: compiled.search("", timeout=seconds)) is not None:  # err:FORX0003
        raise NullResult("invalid-pattern", f"the pattern {pattern[:60]!r} matches the empty text")


def _replacement(text: str, groups: int) -> list[str | int]:
    r"""The parts of a replacement: text, and numbers of groups; \$ and \\ stand for themselves."""
    pieces: list[str | int] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\\":
            if text[at + 1 : at + 2] not in ("\\", "$") or at + 1 == len(text):
                raise NullResult("invalid-pattern", r"in a replacement a \ stands before \ or $ only")
            pieces.append(text[at + 1])
            at += 2
        elif char == "$":
            at = _group(text, at, groups, pieces)
        else:
            pieces.append(char)
            at += 1
    return pieces


def _group(text: str, at: int, groups: int, pieces: list[str | int]) -> int:
    """$12 is group 12 if there is one, else group 1 and a 2; a group that does not exist gives nothing."""
    digits = re.compile("[0-9]+").match(text, at + 1)
    if digits is None:
        raise NullResult("invalid-pattern", "in a replacement a $ stands before a number only")
    number = digits[0][:9]
    while len(number) > 1 and int(number) > groups:
        number = number[:-1]
    if int(number) <= groups:
        pieces.append(int(number))
    return at + 1 + len(number)


@lru_cache(maxsize=128)
def _compile(pattern: str, flags: str) -> Any:
    import regex
    from elementpath.regex import RegexError, translate_pattern

    unknown = set(flags) - set("smixq")
    if unknown:
        raise NullResult("invalid-pattern", f"unknown flags {''.join(sorted(unknown))!r}: use s, m, i, x and q")
    if len(pattern) > LENGTH_LIMIT:
        raise NullResult("invalid-pattern", f"the pattern is longer than {LENGTH_LIMIT:,} characters")
    options = 0
    for flag in set(flags) & set(_FLAGS):
        options |= _FLAGS[flag]
    try:
        if "q" in flags:
            return regex.compile(regex.escape(pattern, special_only=True), options & re.IGNORECASE)
        source = _prepared(pattern, spaced="x" in flags)
        return compile_pattern(translate_pattern(source, options, "1.0"), options, what=pattern)
    except (RegexError, ValueError, OverflowError, RecursionError, LookupError) as error:
        raise NullResult("invalid-pattern", f"{pattern[:60]!r} is not a pattern: {error}") from None


_MULTIPLE = frozenset("sSiIcCdDwW")
_ESCAPES = _MULTIPLE | frozenset("nrtpP\\|.?*+(){}-[]^$0123456789")


def _prepared(pattern: str, *, spaced: bool) -> str:
    """The pattern with escapes such as \\w put in a class of their own, where the translator reads them as XPath does;
    under flag x without white space outside classes. Raises ValueError for an escape that XPath does not have."""
    kept: list[str] = []
    level = at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if spaced and level == 0 and char in " \t\n\r":
            continue
        if char == "\\":
            while spaced and level == 0 and pattern[at : at + 1] in tuple(" \t\n\r"):
                at += 1
            escaped = pattern[at : at + 1]
            if escaped not in _ESCAPES:
                raise ValueError(f"there is no escape \\{escaped}")
            kept.append(f"[\\{escaped}]" if escaped in _MULTIPLE and level == 0 else f"\\{escaped}")
            at += 1
            continue
        level += (char == "[") - (char == "]" and level > 0)
        kept.append(char)
    return "".join(kept)
