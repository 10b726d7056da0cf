"""A PDF as an auditor's own program sees it."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader


@dataclass(frozen=True)
class Seen:
    """What a PDF says of itself. `tags`: every structure element in order of reading."""

    text: str
    pages: int
    title: str
    language: str
    marked: bool
    shows_title: bool
    pdfa: str
    pdfua: str
    tags: tuple[str, ...]


def seen(pdf: bytes) -> Seen:
    reader = PdfReader(io.BytesIO(pdf))
    root: Any = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    part, level, ua = (re.search(rf"{name}>(\w+)<", metadata) for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part"))
    return Seen(
        text=" ".join(" ".join(page.extract_text() for page in reader.pages).split()),
        pages=len(reader.pages),
        title=str(reader.metadata.title) if reader.metadata else "",
        language=str(root.get("/Lang", "")),
        marked=bool(root.get("/MarkInfo", {}).get("/Marked")),
        shows_title=bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle")),
        pdfa=f"{part[1]}{level[1].lower()}" if part and level else "",
        pdfua=ua[1] if ua else "",
        tags=tuple(_tags(root["/StructTreeRoot"])),
    )


def _tags(node: Any) -> list[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [tag for one in node for tag in _tags(one)]
    if not isinstance(node, dict):
        return []
    own = [str(node["/S"])[1:]] if "/S" in node else []
    return own + (_tags(node["/K"]) if "/K" in node else [])
