"""A small part of Markdown to HTML: headings, paragraphs, lists, bold, italic, links. Nothing else becomes HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import escape as _escape

_HEADING = re.compile(r"(#{1,4})\s+(.+)")
_BULLET = re.compile(r"[-*]\s+(.+)")
_NUMBERED = re.compile(r"\d{1,3}[.)]\s+(.+)")
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(((?:https://|http://|mailto:|tel:|/)[^\s()]{1,500})\)")
_BOLD = re.compile(r"\*\*([^*]{1,500})\*\*")
_ITALIC = re.compile(r"(?<![\w*_])[*_]([^*_]{1,500})[*_](?![\w*_])")
_SIGNS = re.compile(r"([\\`*_\[\]()#\-])")
_ESCAPED = re.compile(r"\\([\\`*_\[\]()#\-])")
_KEPT = re.compile("\x00(\\d+)\x00")


def escape(value: str) -> str:
    """*value* as words only: no sign in it is Markdown any more."""
    return _SIGNS.sub(r"\\\1", " ".join(value.split()))


def html(text: str) -> str:
    """HTML of *text*. Headings start at level 2, as the page has the first."""
    return "".join(_blocks(text))


def _blocks(text: str) -> Iterator[str]:
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        waiting: list[str] = []
        for line in [*block.split("\n"), ""]:
            line = line.strip()
            kind = _kind(line)
            if waiting and (not line or kind != _kind(waiting[0]) or kind == "heading"):
                yield _block(waiting)
                waiting = []
            if line:
                waiting.append(line)


def _kind(line: str) -> str:
    if _HEADING.fullmatch(line):
        return "heading"
    return "ul" if _BULLET.fullmatch(line) else "ol" if _NUMBERED.fullmatch(line) else "p"


def _block(lines: list[str]) -> str:
    kind = _kind(lines[0])
    if kind == "heading":
        match = _HEADING.fullmatch(lines[0])
        assert match is not None
        level = min(len(match[1]) + 1, 5)
        return f'<h{level} class="utrecht-heading-{level}">{_inline(match[2])}</h{level}>'
    if kind == "p":
        return f'<p class="utrecht-paragraph">{"<br>".join(map(_inline, lines))}</p>'
    pattern = _BULLET if kind == "ul" else _NUMBERED
    items = "".join(
        f'<li class="utrecht-{"un" if kind == "ul" else ""}ordered-list__item">{_inline(match[1])}</li>'
        for line in lines
        if (match := pattern.fullmatch(line))
    )
    name = "unordered-list" if kind == "ul" else "ordered-list"
    return f'<{kind} class="utrecht-{name}">{items}</{kind}>'


def _inline(text: str) -> str:
    """Marks inside a line. Signs after a backslash stand for themselves; a link is put aside until its words are done."""
    kept: list[str] = []

    def keep(html: str) -> str:
        kept.append(html)
        return f"\x00{len(kept) - 1}\x00"

    bare = _ESCAPED.sub(lambda match: keep(str(_escape(match[1]))), text.replace("\x00", ""))
    safe = _LINK.sub(
        lambda match: keep(f'<a class="utrecht-link utrecht-link--html-a" href="{match[2]}">') + match[1] + keep("</a>"),
        str(_escape(bare)),
    )
    safe = _ITALIC.sub(r"<em>\1</em>", _BOLD.sub(r"<strong>\1</strong>", safe))
    return _KEPT.sub(lambda match: kept[int(match[1])], safe)
