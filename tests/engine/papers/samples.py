"""Small files of every kind, and files that pretend."""

from __future__ import annotations

import io
import zipfile

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + b"\x12" * 40 + b"\xff\xd9"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc"
    b"\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)
TIFF = b"II*\x00\x08\x00\x00\x00" + b"\x00" * 32
HEIC = b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic" + b"\x00" * 16
MAIL = (
    b"From: Bank <bank@voorbeeld.nl>\r\nTo: hulp@voorbeeld.nl\r\nSubject: Saldo\r\n"
    b"Date: Mon, 16 Mar 2026 09:00:00 +0100\r\n\r\nHallo.\r\n"
)
TEXT = "Saldo op 16 maart: € 12,50\r\n".encode()


def pdf(words: str = "Loonstrook") -> bytes:
    return b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n% " + words.encode() + b"\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def zipped(entries: dict[str, bytes], stored: tuple[str, ...] = ()) -> bytes:
    """A zip with these entries in order."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return held.getvalue()


_TYPES = (
    b'<Types><Override PartName="/%s" ContentType="application/vnd.openxmlformats-officedocument.%s.main+xml"/></Types>'
)


def docx(more: dict[str, bytes] | None = None, types: bytes = b"") -> bytes:
    parts = {
        "[Content_Types].xml": types or _TYPES % (b"word/document.xml", b"wordprocessingml.document"),
        "word/document.xml": b"<w:document/>",
    }
    return zipped({**parts, **(more or {})})


def xlsx() -> bytes:
    return zipped({
        "[Content_Types].xml": _TYPES % (b"xl/workbook.xml", b"spreadsheetml.sheet"), "xl/workbook.xml": b"<workbook/>",
    })  # fmt: skip


def open_document(kind: str, more: dict[str, bytes] | None = None) -> bytes:
    mark = f"application/vnd.oasis.opendocument.{kind}".encode()
    return zipped({"mimetype": mark, "content.xml": b"<c/>", **(more or {})}, stored=("mimetype",))
