"""A strict reader of YAML for law data: every value is text, unknown keys are refused, every complaint has its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from schuldhulp.rules.terms.errors import Finding, LawFileError
from schuldhulp.rules.terms.model import Length, Period, Unit

if TYPE_CHECKING:
    from yaml import MappingNode, Node

T = TypeVar("T")

MOST_BYTES = 1_000_000
_LENGTH = re.compile(r"(\d{1,4}) (hour|working_day|day|week|month|year)s?")


class Unreadable(ValueError):
    """A value that does not parse; the text says what was expected."""


def read_document(data: bytes, name: str, findings: list[Finding]) -> Item:
    """The top mapping of *data*. Raises LawFileError for text that is not plain YAML (no anchors, no tags)."""
    import yaml  # the one place that needs it; importing terms stays quick

    if len(data) > MOST_BYTES:
        raise LawFileError(name, [Finding(1, f"the file has more than {MOST_BYTES} bytes", "Split or shorten it")])
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        for event in yaml.parse(data, Loader=loader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                line = event.start_mark.line + 1 if event.start_mark else 1
                raise LawFileError(name, [Finding(line, "anchors and aliases are not allowed", "Write the value out")])
        node = yaml.compose(data, Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        what = f"this is not readable YAML: {getattr(error, 'problem', None) or error}"
        raise LawFileError(name, [Finding(mark.line + 1 if mark else 1, what, "Mend the text at this line")]) from None
    if not isinstance(node, yaml.MappingNode):
        raise LawFileError(
            name, [Finding(1, "the file is not a mapping of keys to values", "Start from the shipped file")]
        )
    return Item(node, findings)


class Item:
    """One mapping in the file. Take every key that is known, then call ``done``: what is left over is a finding."""

    def __init__(self, node: MappingNode, findings: list[Finding]) -> None:
        self.line = node.start_mark.line + 1
        self.findings = findings
        self._nodes: dict[str, Node] = {}
        self._known: list[str] = []
        for key, value in node.value:
            text, line = str(key.value), key.start_mark.line + 1
            if text in self._nodes:
                self.complain(line, f"the key {text!r} stands here twice", "Keep one")
            self._nodes[text] = value

    def complain(self, line: int, what: str, remedy: str) -> None:
        self.findings.append(Finding(line, what, remedy))

    def take(self, key: str, parse: Callable[[str], T], default: T | None = None) -> T | None:
        """The parsed scalar at *key*, or *default*; a complaint when it is missing without default or unreadable."""
        self._known.append(key)
        node = self._nodes.get(key)
        if node is None:
            if default is None:
                self.complain(self.line, f"the key {key!r} is missing", f"Add {key}")
            return default
        return self._parse(key, node, parse)

    def maybe(self, key: str, parse: Callable[[str], T]) -> T | None:
        """The parsed scalar at *key*, or None when the key is absent."""
        self._known.append(key)
        node = self._nodes.get(key)
        return None if node is None else self._parse(key, node, parse)

    def _parse(self, key: str, node: Node, parse: Callable[[str], T]) -> T | None:
        line = node.start_mark.line + 1
        if not isinstance(node.value, str):
            self.complain(line, f"{key} must be one value", "Write it on one line, without brackets")
            return None
        try:
            return parse(node.value)
        except ValueError as error:
            self.complain(line, f"{key}: {node.value!r} is not allowed", f"{error}")
            return None

    def take_list(self, key: str, parse: Callable[[str], T]) -> tuple[T, ...]:
        """The parsed scalars of the list at *key*; empty when the key is absent."""
        self._known.append(key)
        node = self._nodes.get(key)
        if node is None:
            return ()
        if not _is(node, "sequence"):
            self.complain(node.start_mark.line + 1, f"{key} must be a list", f"Write {key}: [first, second]")
            return ()
        parsed = (self._parse(key, entry, parse) for entry in node.value)
        return tuple(value for value in parsed if value is not None)

    def items(self, key: str) -> Iterator[Item]:
        """The mappings in the list at *key*, each finished by the caller with ``done``."""
        self._known.append(key)
        node = self._nodes.get(key)
        if node is None or not _is(node, "sequence"):
            line = self.line if node is None else node.start_mark.line + 1
            self.complain(line, f"{key} must be a list of items", f"Write {key}: and below it '- ' for each item")
            return
        for entry in node.value:
            if _is(entry, "mapping"):
                yield Item(entry, self.findings)
            else:
                self.complain(entry.start_mark.line + 1, f"an item of {key} must have keys", "Write 'key: value'")

    def item(self, key: str) -> Item | None:
        """The mapping at *key*, or None when the key is absent."""
        self._known.append(key)
        node = self._nodes.get(key)
        if node is None:
            return None
        if not _is(node, "mapping"):
            self.complain(node.start_mark.line + 1, f"{key} must have keys", f"Write {key}: {{key: value}}")
            return None
        return Item(node, self.findings)  # type: ignore[arg-type]

    def done(self) -> None:
        """Complain about every key that nobody took."""
        for key, node in self._nodes.items():
            if key not in self._known:
                near = get_close_matches(key, self._known, n=1)
                remedy = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(self._known)}"
                self.complain(node.start_mark.line + 1, f"the key {key!r} is not known here", remedy)


def _is(node: Node, kind: str) -> bool:
    return getattr(node, "id", "") == kind


def text(value: str) -> str:
    if not value.strip():
        raise Unreadable("Write some text")
    return " ".join(value.split())


def day(value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Unreadable("Write an existing date as 2026-05-15") from None


def period(value: str) -> Period:
    first, dots, last = value.partition("..")
    if not dots:
        raise Unreadable("Write two dates as 2021-01-01..2025-12-31, or 2021-01-01.. when it is still in force")
    result = Period(day(first), day(last) if last else None)
    if result.last is not None and result.last < result.first:
        raise Unreadable("The last day lies before the first; swap them")
    return result


def whole(value: str) -> int:
    if not re.fullmatch(r"\d{1,9}", value):
        raise Unreadable("Write a whole number")
    return int(value)


def yes_no(value: str) -> bool:
    if value not in ("yes", "no"):
        raise Unreadable("Write yes or no")
    return value == "yes"


def length(value: str) -> Length:
    match = _LENGTH.fullmatch(value)
    if match is None or int(match[1]) == 0:
        raise Unreadable("Write a number and a unit, e.g. 4 weeks, 3 working_days, 1 year, 48 hours")
    return Length(int(match[1]), Unit(match[2] + "s"))


def bounds(value: str) -> tuple[int, int]:
    least, dots, most = value.partition("..")
    if not dots or whole(least) > whole(most):
        raise Unreadable("Write the least and the most as 1..8")
    return whole(least), whole(most)


def one_of(kind: Callable[[str], T], choices: list[str]) -> Callable[[str], T]:
    """A parser for a closed set of words."""

    def parse(value: str) -> T:
        if value not in choices:
            raise Unreadable(f"Choose one of {', '.join(choices)}")
        return kind(value)

    return parse
