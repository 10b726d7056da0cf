"""What a file is, by its bytes alone: a closed list, everything else refused with why.

Nothing is unpacked, rendered or run. Of a zip only the list of names at its end is read, within limits, and its list of content
types up to a limit: a bomb stays folded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from schuldhulp.engine.case.papers.zips import is_also_zip, kind_of_zip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is kept. `suffixes`: how names of it end, the usual one first; `label`: Dutch, for people."""

    media_type: str
    suffixes: tuple[str, ...]
    label: str
    picture: bool = False
    """A browser shows it as a picture."""


PDF = Kind("application/pdf", (".pdf",), "PDF")
JPEG = Kind("image/jpeg", (".jpg", ".jpeg"), "foto (JPEG)", picture=True)
PNG = Kind("image/png", (".png",), "afbeelding (PNG)", picture=True)
TIFF = Kind("image/tiff", (".tif", ".tiff"), "scan (TIFF)")
HEIC = Kind("image/heic", (".heic", ".heif"), "foto (HEIC)")
_OOXML = "application/vnd.openxmlformats-officedocument"
DOCX = Kind(f"{_OOXML}.wordprocessingml.document", (".docx",), "Word (DOCX)")
XLSX = Kind(f"{_OOXML}.spreadsheetml.sheet", (".xlsx",), "Excel (XLSX)")
ODT = Kind("application/vnd.oasis.opendocument.text", (".odt",), "tekst (ODT)")
ODS = Kind("application/vnd.oasis.opendocument.spreadsheet", (".ods",), "rekenblad (ODS)")
TXT = Kind("text/plain", (".txt", ".csv"), "platte tekst")
EML = Kind("message/rfc822", (".eml",), "e-mail (EML)")
KINDS = {kind.media_type: kind for kind in (PDF, JPEG, PNG, TIFF, HEIC, DOCX, XLSX, ODT, ODS, TXT, EML)}
SUFFIXES = tuple(suffix for kind in KINDS.values() for suffix in kind.suffixes)

_ZIPPED = {"docx": DOCX, "xlsx": XLSX, "odt": ODT, "ods": ODS}
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "script"), (b"\x7fELF", "script"), (b"#!", "script"), (b"\xca\xfe\xba\xbe", "script"),
    (b"\xcf\xfa\xed\xfe", "script"), (b"\xce\xfa\xed\xfe", "script"), (b"\xfe\xed\xfa", "script"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "script"), (b"\x00asm", "script"), (b"dex\n", "script"),
    (b"Rar!\x1a\x07", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"\x1f\x8b", "archive"), (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"), (b"\x28\xb5\x2f\xfd", "archive"), (b"MSCF", "archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old-office"), (b"{\\rtf", "unknown"),
)  # fmt: skip
_TEXTUAL = (b"#!", b"{\\rtf")
"""The others hold signs that no text has: a note that begins with "MZ" is a note."""
_TAIL = 4_096
_HEAD = 65_536
_HEADER_LINE = re.compile(rb"([A-Za-z][A-Za-z0-9\-]{0,60}):[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n){0,200}")
_MAIL = frozenset({b"from", b"to", b"subject", b"date", b"received", b"message-id", b"mime-version", b"return-path"})
_MARKUP = re.compile(
    rb"<(?:!doctype|html|head|body|script|svg|iframe|object|embed|\?xml|\?php|meta|link|img|style)\b", re.I
)
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class NotKept(Exception):
    """`why` as in refusals.WHY."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


def sniffed(content: bytes) -> Kind:
    """The kind of *content*. Raises NotKept."""
    if not content.strip(b"\x00 \t\r\n"):
        raise NotKept("empty")
    binary = _CONTROL.search(content[:512]) is not None
    for start, why in _REFUSED:
        if content.startswith(start) and (binary or start in _TEXTUAL):
            raise NotKept(why)
    if content.startswith(b"PK"):
        found = kind_of_zip(content)
        if found not in _ZIPPED:
            raise NotKept(found)
        return _ZIPPED[found]
    for look in _LOOKS:
        kind = look(content)
        if kind is not None:
            if is_also_zip(content):
                raise NotKept("double")
            return kind
    return _text(content)


def _pdf(content: bytes) -> Kind | None:
    """A PDF from the first byte to the last: one with something in front is two things at once, one without an end is cut off."""
    if not re.match(rb"%PDF-[12]\.\d", content):
        return None
    if b"%%EOF" not in content[-_TAIL:]:
        raise NotKept("broken")
    return PDF


def _jpeg(content: bytes) -> Kind | None:
    if not content.startswith(b"\xff\xd8\xff"):
        return None
    if b"\xff\xd9" not in content[4:]:
        raise NotKept("broken")
    return JPEG


def _png(content: bytes) -> Kind | None:
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    if content[12:16] != b"IHDR" or b"IEND" not in content[16:]:
        raise NotKept("broken")
    return PNG


def _tiff(content: bytes) -> Kind | None:
    return TIFF if content[:4] in (b"II*\x00", b"MM\x00*") and len(content) > 16 else None


def _heic(content: bytes) -> Kind | None:
    if content[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[at : at + 4] for at in (8, *range(16, end, 4))}
    return HEIC if brands & _HEIF_BRANDS else None


_LOOKS: tuple[Callable[[bytes], Kind | None], ...] = (_pdf, _jpeg, _png, _tiff, _heic)


def _text(content: bytes) -> Kind:
    """Plain text in UTF-8, UTF-16 (with its mark) or Windows' Western European; or a mail. Markup and programs are neither."""
    head = content[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            content = content.decode("utf-16").encode()
        except UnicodeError:
            raise NotKept("unknown") from None
        head = content[:_HEAD]
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _CONTROL.search(content):
        raise NotKept("unknown")
    if _is_mail(head):
        return EML
    if head.lstrip().startswith(b"<") or _MARKUP.search(head):
        raise NotKept("markup")
    try:
        content.decode("utf-8")
    except UnicodeError:
        try:
            content.decode("cp1252")
        except UnicodeError:
            raise NotKept("unknown") from None
    return TXT


def _is_mail(head: bytes) -> bool:
    """Whether it begins with the headers of a mail (RFC 5322): lines `Name: text`, three of the well-known ones, from whom among
    them."""
    names: set[bytes] = set()
    at = 0
    while (match := _HEADER_LINE.match(head, at)) is not None:
        names.add(match[1].lower())
        at = match.end()
    return b"from" in names and len(names & _MAIL) >= 3
