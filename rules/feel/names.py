"""Names in scope: how a name is spelled in tokens, longest match, and "did you mean"."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from schuldhulp.rules.feel.errors import FeelSyntaxError
from schuldhulp.rules.feel.tokens import NAME_SIGNS, Token, tokens

Key = tuple[str, ...]

RESERVED = frozenset((
    "and", "between", "else", "every", "external", "false", "for", "function", "if", "in", "instance", "null", "of",
    "or", "return", "satisfies", "some", "then", "true",
))


def key_of(parts: Sequence[Token]) -> Key:
    """What two spellings of one name share: the tokens. White space is no part of a name, so that where a-b is in scope
    a - b means it too (10.3.1.6); subtraction is then written (a)-(b)."""
    return tuple(part.text for part in parts)


def spelling(parts: Sequence[Token]) -> str:
    """A name as written, with white space as single spaces."""
    return "".join(f" {part.text}" if part.spaced and at else part.text for at, part in enumerate(parts))


@lru_cache(maxsize=65536)
def key(name: str) -> Key | None:
    """The key of a name, or None when the text cannot be written as a name (it can still be a quoted key)."""
    parts = _parts(name)
    return key_of(parts) if parts else None


def _parts(name: str) -> Sequence[Token]:
    """The tokens of a name, or nothing when the text is not one."""
    try:
        parts = tokens(name)[:-1]
    except FeelSyntaxError:
        return ()
    if not parts or parts[0].kind != "word" or not all(is_name_part(part) for part in parts):
        return ()
    return parts


def is_name_part(token: Token) -> bool:
    return token.kind in ("word", "number") or (token.kind == "sign" and token.text in NAME_SIGNS)


def normal(name: str) -> str:
    """A name with its white space as single spaces."""
    return spelling(_parts(name)) or name


@lru_cache(maxsize=512)
def table(names: frozenset[str]) -> dict[Key, str]:
    """Key to declared spelling, for names that can be written as one. Treat as read-only."""
    return {spelled: name for name in names if (spelled := key(name)) is not None}


@lru_cache(maxsize=512)
def _longest(names: frozenset[str]) -> int:
    """How many tokens the longest of them has; 0 for none."""
    return max(map(len, table(names)), default=0)


class Scope:
    """The names that may be used at the place where the parser stands."""

    def __init__(self, names: frozenset[str], members: Iterable[str]) -> None:
        self._outer = table(names)
        self._inner: dict[Key, list[str]] = {}
        self._members = dict(table(frozenset(members)))
        self._longest = max(_longest(names), *map(len, self._members), 1)

    @contextmanager
    def holding(self, *names: str) -> Iterator[None]:
        """Iterators, parameters or context entries that hold within the block."""
        for name in names:
            self.add(name)
        try:
            yield
        finally:
            for name in names:
                self.remove(name)

    def add(self, name: str) -> None:
        spelled = key(name)
        if spelled is not None:
            self._inner.setdefault(spelled, []).append(name)
            self._longest = max(self._longest, len(spelled))

    def remove(self, name: str) -> None:
        spelled = key(name)
        if spelled is not None and self._inner.get(spelled):
            self._inner[spelled].pop()
            if not self._inner[spelled]:
                del self._inner[spelled]

    def add_member(self, name: str) -> None:
        """A key of some context, which may stand behind a dot or in a filter."""
        spelled = key(name)
        if spelled is not None:
            self._members[spelled] = name
            self._longest = max(self._longest, len(spelled))

    def longest(self, stream: Sequence[Token], at: int, *, members: bool, scope: bool = True) -> tuple[str, int] | None:
        """The declared name with the most tokens that starts at `at`, and how many tokens it takes."""
        parts: list[str] = []
        for offset in range(self._longest):
            part = stream[at + offset]
            if not is_name_part(part):
                break
            parts.append(part.text)
        for length in range(len(parts), 0, -1):
            spelled = tuple(parts[:length])
            found = self._look_up(spelled, members, scope)
            if found is not None and not (length == 1 and spelled[0] in RESERVED):
                return found, length
        return None

    def _look_up(self, spelled: Key, members: bool, scope: bool) -> str | None:
        if scope:
            inner = self._inner.get(spelled)
            if inner:
                return inner[-1]
            if spelled in self._outer:
                return self._outer[spelled]
        return self._members.get(spelled) if members else None

    def known(self) -> list[str]:
        return sorted({*self._outer.values(), *(names[-1] for names in self._inner.values() if names)})


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the closest names, or nothing. Names that are clearly further off than the closest are left out."""
    by_lower = {other.lower(): other for other in known}
    found = difflib.get_close_matches(name.lower(), by_lower, n=3, cutoff=0.6)
    likeness = [difflib.SequenceMatcher(None, other, name.lower()).ratio() for other in found]
    close = [by_lower[other] for other, ratio in zip(found, likeness, strict=True) if ratio > likeness[0] - 0.1]
    return f"; did you mean {' or '.join(repr(other) for other in close)}?" if close else ""


@lru_cache(maxsize=1)
def built_in_names() -> frozenset[str]:
    """The names of the built-in functions, which are in scope everywhere."""
    from schuldhulp.rules.feel.functions import BUILT_INS

    return frozenset(BUILT_INS)
