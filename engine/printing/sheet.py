"""What stands on a printed letter, and the same as plain data for the layout."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from schuldhulp.engine.definitions.dutch import long_date
from schuldhulp.engine.definitions.markup import Block, Heading, Items, Paragraph, Spans, Table, blocks, spans

CLOSINGS = ("met vriendelijke groet", "hoogachtend", "namens ")
"""How the closing of a letter begins; from there it stays on one page."""
BOX = "☐"
"""To be ticked by hand: [ ] in the text."""
SIGNED = "namens "
"""A closing that is signed by hand, by the holder of a mandate (Awb 10:10): it gets room for a signature."""


@dataclass(frozen=True, slots=True)
class Sender:
    """The organisation: its name, lines of its address, and (label, value) of how to reach it."""

    name: str
    address: tuple[str, ...] = ()
    contact: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One letter. `day`: the date on it, also the date of the PDF; `note`: a line above all else, such as that it is a
    draft; `text`: markup as in `engine.definitions.markup`."""

    sender: Sender
    addressee: tuple[str, ...]
    day: date
    reference: str
    subject: str
    text: str
    note: str = ""

    def plain(self) -> dict[str, Any]:
        """Plain data for the layout."""
        body, closing = _apart(list(blocks(self.text)))
        return {
            "sender": {
                "name": self.sender.name,
                "address": list(self.sender.address),
                "contact": [list(pair) for pair in self.sender.contact],
            },
            "addressee": list(self.addressee),
            "date": long_date(self.day),
            "reference": self.reference,
            "subject": _spans(spans(self.subject)),
            "note": self.note,
            "body": list(_levelled(body)),
            "closing": [_block(block) for block in closing],
            "signed": bool(closing) and _begins(closing[0]).startswith(SIGNED),
        }


def _apart(found: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """The text and its closing: everything from the last paragraph that begins like one."""
    for place in range(len(found) - 1, -1, -1):
        if _begins(found[place]).startswith(CLOSINGS):
            return found[:place], found[place:]
    return found, ()


def _begins(block: Block) -> str:
    if not isinstance(block, Paragraph):
        return ""
    return "".join(span.text for span in block.lines[0]).lower()


def _levelled(found: Sequence[Block]) -> Iterator[dict[str, Any]]:
    """Headings go one level down at a time, below the subject: PDF/UA knows no level that is skipped."""
    level = 1
    for block in found:
        if isinstance(block, Heading):
            level = min(max(block.level, 2), level + 1)
            yield {"kind": "heading", "level": level, "spans": _spans(block.spans)}
        else:
            yield _block(block)


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading(_, words):
            return {"kind": "paragraph", "lines": [_spans(words)]}
        case Paragraph(lines):
            return {"kind": "paragraph", "lines": [_spans(line) for line in lines]}
        case Items(items, first):
            return {"kind": "list", "first": first, "items": [_spans(item) for item in items]}
        case Table():
            return {
                "kind": "table",
                "head": [_spans(cell) for cell in block.head],
                "rows": [[_spans(cell) for cell in row] for row in block.rows],
                "right": list(block.right),
            }


def _spans(found: Spans) -> list[dict[str, Any]]:
    return [
        {
            "text": span.text.replace("[ ]", BOX),
            "bold": span.bold,
            "italic": span.italic,
            "link": "" if span.link.startswith("/") else span.link,
        }
        for span in found
    ]
