"""A small part of Markdown as data: headings, paragraphs, lists, tables, bold, italic, links. All else is words.

One reader for screens (HTML) and paper (PDF), so that both show the same letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,4})\s+(.+)")
_BULLET = re.compile(r"[-*]\s+(.+)")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(.+)")
_ROW = re.compile(r"\|.*\|")
_RULE = re.compile(r"\|(?:\s*:?-{2,}:?\s*\|)+")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(((?:https://|http://|mailto:|tel:|/)[^\s()]{1,500})\)")
_BOLD = re.compile(r"\*\*([^*]{1,500})\*\*")
_ITALIC = re.compile(r"(?<![\w*_])[*_]([^*_]{1,500})[*_](?![\w*_])")
_SIGNS = re.compile(r"([\\`*_\[\]()#|\-])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]()#|\-])")
_ASIDE = 0xF0000
"""Signs after a backslash are kept here (private use) until the marks are found."""
_BACK = re.compile(f"[{chr(_ASIDE)}-{chr(_ASIDE + 0x7F)}]")
MOST_COLUMNS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """A run of words with its marks. `link`: an address with scheme https, http, mailto or tel, or a path."""

    text: str
    bold: bool = False
    italic: bool = False
    link: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level`: number of signs #, 1 to 4."""

    level: int
    spans: Spans


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Lines are kept apart, as in an address."""

    lines: tuple[Spans, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list. `first`: the number of its first item, when it is numbered."""

    items: tuple[Spans, ...]
    first: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Every row has as many cells as `head`. `right`: which columns hold numbers, as their rule says (---:)."""

    head: tuple[Spans, ...]
    rows: tuple[tuple[Spans, ...], ...]
    right: tuple[bool, ...]


Block = Heading | Paragraph | Items | Table


def escape(value: str) -> str:
    """*value* as words only: no sign in it is a mark any more."""
    return _SIGNS.sub(r"\\\1", " ".join(value.split()))


def blocks(text: str) -> Iterator[Block]:
    """The blocks of *text*, in order."""
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        waiting: list[str] = []
        for line in [*part.split("\n"), ""]:
            line = line.strip()
            kind = _kind(line)
            if waiting and (not line or kind != _kind(waiting[0]) or kind == "heading"):
                yield _block(waiting)
                waiting = []
            if line:
                waiting.append(line)


def spans(text: str) -> Spans:
    """The runs of one line."""
    bare = _ESCAPED.sub(lambda match: chr(_ASIDE + ord(match[1])), _BACK.sub("", text))
    return tuple(_runs(bare, Span("")))


def plain(text: str) -> str:
    """The words of one line, without marks."""
    return "".join(span.text for span in spans(text))


def _kind(line: str) -> str:
    for kind, pattern in (("heading", _HEADING), ("ul", _BULLET), ("ol", _NUMBERED), ("row", _ROW)):
        if pattern.fullmatch(line):
            return kind
    return "p"


def _block(lines: list[str]) -> Block:
    match _kind(lines[0]):
        case "heading":
            found = _HEADING.fullmatch(lines[0])
            assert found is not None
            return Heading(len(found[1]), spans(found[2]))
        case "ul":
            return Items(tuple(spans(found[1]) for line in lines if (found := _BULLET.fullmatch(line))))
        case "ol":
            numbered = [found for line in lines if (found := _NUMBERED.fullmatch(line))]
            return Items(tuple(spans(found[2]) for found in numbered), int(numbered[0][1]))
        case "row" if len(lines) > 2 and _RULE.fullmatch(lines[1]) and len(_cells(lines[0])) <= MOST_COLUMNS:
            return _table(lines)
    return Paragraph(tuple(map(spans, lines)))


def _table(lines: list[str]) -> Table:
    head = _cells(lines[0])
    rules = _cells(lines[1])
    width = len(head)

    def fitted(cells: list[str]) -> tuple[Spans, ...]:
        return tuple(spans(cell) for cell in [*cells, *[""] * width][:width])

    right = tuple(rule.endswith(":") and not rule.startswith(":") for rule in [*rules, *["--"] * width][:width])
    return Table(fitted(head), tuple(fitted(_cells(line)) for line in lines[2:]), right)


def _cells(line: str) -> list[str]:
    """The cells of a row; a sign | after a backslash is part of its cell."""
    inner = line[1:-1].replace(r"\|", chr(_ASIDE + ord("|")))
    return [cell.replace(chr(_ASIDE + ord("|")), r"\|").strip() for cell in inner.split("|")]


def _runs(text: str, around: Span) -> Iterator[Span]:
    """Runs of *text* inside marks that are open already; the mark that begins first goes first. Takes linear time: a mark
    that was found is kept until it is passed."""
    ahead = {
        kind: pattern.search(text)
        for kind, pattern, open_ in (
            ("link", _LINK, bool(around.link)),
            ("bold", _BOLD, around.bold),
            ("italic", _ITALIC, around.italic),
        )
        if not open_
    }
    done = 0
    while True:
        for kind, match in ahead.items():
            if match is not None and match.start() < done:
                ahead[kind] = match.re.search(text, done)
        found = [(match.start(), -match.end(), kind) for kind, match in ahead.items() if match is not None]
        if not found:
            break
        kind = min(found)[2]
        first = ahead[kind]
        assert first is not None
        yield from _words(text[done : first.start()], around)
        link = first[2] if kind == "link" else around.link
        yield from _runs(first[1], Span("", around.bold or kind == "bold", around.italic or kind == "italic", link))
        done = first.end()
    yield from _words(text[done:], around)


def _words(text: str, around: Span) -> Iterator[Span]:
    if text:
        yield Span(_BACK.sub(lambda match: chr(ord(match[0]) - _ASIDE), text), around.bold, around.italic, around.link)
