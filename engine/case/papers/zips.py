"""Office files are zips. Which one it is stands in the list of names at the end; what is packed stays packed."""

from __future__ import annotations

import io
import re
import struct
import zipfile

MOST_NAMES = 5_000
LONGEST_LIST = 1_000_000
"""Bytes of the list of names."""
LONGEST_TYPES = 1_000_000
"""Bytes of the list of content types, unpacked; reading stops there."""
_END = struct.Struct("<4s4H2LH")
_MARK = b"PK\x05\x06"
_PROGRAMS = re.compile(
    r"(?:.*/)?(?:vbaproject[^/]*\.bin|vbadata\.xml)|.*/(?:macrosheets|activex)/.*|(?:basic|scripts)/.*"
    r"|.*\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|msi|jar|lnk|sh|html?|svg)",
    re.IGNORECASE,
)
_EMBEDDED = re.compile(r"(?:word|xl)/embeddings/.*\.bin", re.IGNORECASE)


def kind_of_zip(content: bytes) -> str:
    """docx, xlsx, odt or ods; or why it is not kept, as in refusals.WHY: archive, macro, broken, double."""
    if not content.startswith(b"PK\x03\x04"):
        return "archive"
    end = _end_of(content)
    if end is None:
        return "broken"
    number, length, start = end
    if number > MOST_NAMES or length > LONGEST_LIST:
        return "archive"
    if start + length + _END.size != len(content):
        return "double"  # something stands before, between or behind what the list tells of
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return _kind(packed, content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, EOFError, OSError, OverflowError):
        return "broken"
    except Exception as error:  # what the unpacker of a broken stream raises has no common base
        if type(error).__module__ in ("zlib", "lzma", "bz2", "struct"):
            return "broken"
        raise


def is_also_zip(content: bytes) -> bool:
    """Whether a program that unpacks would take *content*, which is something else, for an archive: it has an end of one, as far
    from its own end as it says itself."""
    tail = content[-(65_535 + _END.size) :]
    at = tail.rfind(_MARK)
    while at >= 0:
        if len(tail) - at >= _END.size:
            fields = _END.unpack_from(tail, at)
            if at + _END.size + fields[7] == len(tail) and fields[4] > 0:
                return True
        at = tail.rfind(_MARK, 0, at)
    return False


def _end_of(content: bytes) -> tuple[int, int, int] | None:
    """Number of names, length and start of the list; None without an end at the very end (no comment, one disk, not zip64)."""
    if len(content) < _END.size:
        return None
    mark, disk, other, here, number, length, start, comment = _END.unpack_from(content, len(content) - _END.size)
    if mark != _MARK or disk or other or comment or here != number:
        return None
    return number, length, start


def _kind(packed: zipfile.ZipFile, content: bytes) -> str:
    names = packed.namelist()
    kind = _office(packed, names) or _open_document(packed, names, content)
    if kind is None:
        return "archive"
    if any(_PROGRAMS.fullmatch(name) or _EMBEDDED.fullmatch(name) for name in names):
        return "macro"
    return kind


def _office(packed: zipfile.ZipFile, names: list[str]) -> str | None:
    """Office Open XML (ECMA-376): its list of content types names the main part, and gives macros away."""
    if names.count("[Content_Types].xml") != 1:
        return None
    if packed.getinfo("[Content_Types].xml").compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return None  # no Office does so, and reading up to a limit is only sure for these two
    with packed.open("[Content_Types].xml") as part:
        types = part.read(LONGEST_TYPES)
    if b"macroEnabled" in types or b"vbaProject" in types:
        return "macro"
    if b"wordprocessingml.document.main+xml" in types and "word/document.xml" in names:
        return "docx"
    if b"spreadsheetml.sheet.main+xml" in types and "xl/workbook.xml" in names:
        return "xlsx"
    return None


def _open_document(packed: zipfile.ZipFile, names: list[str], content: bytes) -> str | None:
    """OpenDocument (part 3, 3.3): the first entry is `mimetype`, not packed."""
    if not names or names[0] != "mimetype" or names.count("mimetype") != 1:
        return None
    first = packed.infolist()[0]
    if first.compress_type != zipfile.ZIP_STORED or first.header_offset != 0 or first.file_size > 100:
        return None
    with packed.open(first) as part:
        return {
            b"application/vnd.oasis.opendocument.text": "odt",
            b"application/vnd.oasis.opendocument.spreadsheet": "ods",
        }.get(part.read(101).strip())
