"""What a file is, is seen from its bytes; what is no document is refused, whatever it is called."""

from __future__ import annotations

import io
import struct
import time
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schuldhulp.engine.case.papers.names import LONGEST, cleaned, name_for
from schuldhulp.engine.case.papers.refusals import WHY
from schuldhulp.engine.case.papers.sniffing import JPEG, KINDS, PDF, TXT, Kind, NotKept, sniffed
from tests.engine.papers import samples

GOOD = {
    "application/pdf": samples.pdf(), "image/jpeg": samples.JPEG, "image/png": samples.PNG, "image/tiff": samples.TIFF,
    "image/heic": samples.HEIC, "text/plain": samples.TEXT, "message/rfc822": samples.MAIL,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": samples.docx(),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": samples.xlsx(),
    "application/vnd.oasis.opendocument.text": samples.open_document("text"),
    "application/vnd.oasis.opendocument.spreadsheet": samples.open_document("spreadsheet"),
}  # fmt: skip
ZIP = samples.zipped({"brief.pdf": samples.pdf()})
_MACRO = b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
BAD = {
    "nothing": (b"", "empty"),
    "only zeros": (b"\x00" * 500, "empty"),
    "a program of Windows": (b"MZ\x90\x00" + b"\x00" * 64, "script"),
    "a program of Linux": (b"\x7fELF\x02\x01\x01" + b"\x00" * 64, "script"),
    "a shell script": (b"#!/bin/sh\nrm -rf /\n", "script"),
    "a shortcut": (b"L\x00\x00\x00\x01\x14\x02\x00" + b"\x00" * 64, "script"),
    "a web page": (b"<!DOCTYPE html><html><script>alert(1)</script></html>", "markup"),
    "a web page behind white space and a mark": (b"\xef\xbb\xbf \n <html>", "markup"),
    "a web page in two bytes a sign": ("<html><script>alert(1)</script>".encode("utf-16"), "markup"),
    "script in the middle of text": (b"Beste,\n<script>alert(1)</script>\n", "markup"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "markup"),
    "XML": (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "markup"),
    "a zip": (ZIP, "archive"),
    "an empty zip": (b"PK\x05\x06" + b"\x00" * 18, "archive"),
    "a rar": (b"Rar!\x1a\x07\x01\x00" + b"\x00" * 20, "archive"),
    "a gzip": (b"\x1f\x8b\x08\x00" + b"\x00" * 20, "archive"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old-office"),
    "Word with macros": (samples.docx({"word/vbaProject.bin": b"x"}), "macro"),
    "Word with macros under another name": (samples.docx({"word/VBAproject2.BIN": b"x"}), "macro"),
    "Word that says it has macros": (samples.docx(types=_MACRO), "macro"),
    "Word with a program in it": (samples.docx({"word/media/factuur.exe": b"x"}), "macro"),
    "Word with an embedded object": (samples.docx({"word/embeddings/oleObject1.bin": b"x"}), "macro"),
    "Word with a web page in it": (samples.docx({"word/afchunk.html": b"x"}), "macro"),
    "OpenDocument with macros": (samples.open_document("text", {"Basic/Standard/Module1.xml": b"x"}), "macro"),
    "OpenDocument of another kind": (samples.open_document("presentation"), "archive"),
    "PDF and zip at once": (samples.pdf() + ZIP, "double"),
    "JPEG and zip at once": (samples.JPEG + ZIP, "double"),
    "something in front of Word": (b"PK\x03\x04" + b"x" * 40 + samples.docx(), "double"),
    "something behind Word": (samples.docx() + b"\x00<script>", "broken"),
    "something in front of PDF": (b"<html>" + samples.pdf(), "markup"),
    "half a PDF": (samples.pdf()[:40], "broken"),
    "half a photo": (samples.JPEG[:-2], "broken"),
    "half a Word": (samples.docx()[:-30], "broken"),
    "film": (b"\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42" + b"\x00" * 16, "unknown"),
    "anything": (bytes(range(1, 200)), "unknown"),
    "rich text": (b"{\\rtf1\\ansi tekst}", "unknown"),
}


def test_every_kind_is_known_by_its_bytes() -> None:
    assert {media_type: sniffed(content).media_type for media_type, content in GOOD.items()} == {
        key: key for key in KINDS
    }


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_document_is_refused_with_why(name: str) -> None:
    content, why = BAD[name]
    with pytest.raises(NotKept) as refused:
        sniffed(content)
    assert refused.value.why == why


def test_a_note_that_begins_as_a_program_does_is_a_note() -> None:
    assert sniffed(b"MZ is de afkorting van maandelijkse zorgkosten.\n") is TXT


def test_text_of_an_old_windows_is_text() -> None:
    assert sniffed("Betaald: € 12, reünie".encode("cp1252")) is TXT
    assert sniffed("Betaald: € 12".encode("utf-16")) is TXT


def test_a_bomb_stays_folded() -> None:
    """A list of content types of 60 MB, folded to a few kilobytes: reading stops at its limit."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("[Content_Types].xml", "w", force_zip64=False) as part:
            for _ in range(60):
                part.write(b" " * 1_000_000)
        packed.writestr("word/document.xml", b"")
    bomb = held.getvalue()
    assert len(bomb) < 1_000_000
    tracemalloc.start()
    began = time.perf_counter()
    with pytest.raises(NotKept):
        sniffed(bomb)
    seconds, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert seconds < 1


def test_a_list_of_a_hundred_thousand_names_is_not_read() -> None:
    content = bytearray(samples.docx())
    struct.pack_into("<2H", content, len(content) - 14, 60_000, 60_000)
    began = time.perf_counter()
    with pytest.raises(NotKept) as refused:
        sniffed(bytes(content))
    assert refused.value.why == "archive"
    assert time.perf_counter() - began < 0.1


def test_a_line_of_white_space_without_end_costs_no_time() -> None:
    began = time.perf_counter()
    sniffed(b"From: a\r\nTo: b\r\nSubject: c\r\n" + b" " * 2_000_000)
    assert time.perf_counter() - began < 1


def outcome(content: bytes) -> Kind | str:
    try:
        return sniffed(content)
    except NotKept as refused:
        return refused.why


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_they_are_a_kind_or_refused(content: bytes) -> None:
    assert outcome(content) in (*KINDS.values(), *WHY)


@settings(deadline=None)
@given(st.integers(0, 3_000), st.integers(0, 255))
def test_a_damaged_office_file_is_a_kind_or_refused(place: int, value: int) -> None:
    content = bytearray(samples.docx())
    content[place % len(content)] = value
    assert outcome(bytes(content)) in (*KINDS.values(), *WHY)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("loonstrook.pdf", "loonstrook.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\an\\Mijn  documenten\\loon.pdf", "loon.pdf"),
        ("rekening\u202efdp.exe", "rekeningfdp.exe"),
        ("a\u200bb\u0000c\u2066d.pdf", "abcd.pdf"),
        ("regel\r\nSet-Cookie: x.pdf", "regel Set-Cookie_ x.pdf"),
        ("  .. ", "document"),
        ("", "document"),
        ("CON.pdf", "_CON.pdf"),
        ('"><img src=x onerror=alert(1)>.pdf', "___img src=x onerror=alert(1)_.pdf"),
        ("caf\u0065\u0301.pdf", "café.pdf"),
        ("😀 loon.pdf", "😀 loon.pdf"),
    ],
)
def test_names_lose_what_is_not_meant_for_readers(sent: str, kept: str) -> None:
    assert cleaned(sent) == kept


def test_a_name_ends_as_the_bytes_do() -> None:
    assert name_for("factuur.exe", PDF) == "factuur.exe.pdf"
    assert name_for("foto.pdf", JPEG) == "foto.pdf.jpg"
    assert name_for("foto.JPEG", JPEG) == "foto.JPEG"
    assert name_for("start.bat", TXT) == "start.bat.txt"


@settings(deadline=None)
@given(st.text(max_size=400))
def test_whatever_a_name_is_it_becomes_one_line_that_can_be_shown(name: str) -> None:
    found = name_for(name, PDF)
    assert found == " ".join(found.split())
    assert 0 < len(found) <= LONGEST
    assert found.lower().endswith(".pdf")
    assert not set(found) & set('/\\<>:"|?*\r\n\x00\u202e')
    assert name_for(found, PDF) == found
