"""The hardened XML parser: what it accepts, and what it refuses with a place."""

import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from schuldhulp.rules.xml import DEPTH_LIMIT, XmlError, parse


def refused(data: bytes, **options: int) -> XmlError:
    with pytest.raises(XmlError) as caught:
        parse(data, name="triage.dmn", **options)
    return caught.value


def test_a_plain_document_is_read_with_its_source_lines() -> None:
    root = parse(b"<a xmlns='urn:x'>\n  <!-- note --><b c='1'>te<!-- x -->xt</b>\n</a>", name="a.xml")
    assert root.tag == "{urn:x}a"
    assert [(b.tag, b.text, b.sourceline) for b in root] == [("{urn:x}b", "text", 2)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_declared_encodings_are_read(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><a>caf\u00e9</a>"
    assert parse(text.encode(encoding), name="a.xml").text == "caf\u00e9"


def test_an_unknown_encoding_is_refused() -> None:
    assert "encoding" in str(refused(b"<?xml version='1.0' encoding='klingon'?><a/>"))


def test_an_external_entity_reads_no_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    error = refused(f'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode())
    assert (error.file, error.line) == ("triage.dmn", 2)
    assert "DOCTYPE" in str(error)
    assert "geheim" not in str(error)


def test_an_external_dtd_is_not_fetched() -> None:
    asked: list[str] = []

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.handle_request, daemon=True).start()
    refused(f'<!DOCTYPE a SYSTEM "http://127.0.0.1:{server.server_port}/a.dtd"><a/>'.encode())
    server.server_close()
    assert asked == []


def test_an_entity_bomb_is_refused_at_once() -> None:
    lines = ['<!DOCTYPE lolz [<!ENTITY l0 "lol">']
    lines += [f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)]
    began = time.process_time()
    error = refused("\n".join([*lines, "]><a>&l11;</a>"]).encode())
    assert error.line == 1
    assert time.process_time() - began < 1


def test_quadratic_blow_up_is_refused_at_once() -> None:
    began = time.process_time()
    refused(b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 50_000 + b'">]><a>' + b"&x;" * 50_000 + b"</a>")
    assert time.process_time() - began < 1


def test_a_doctype_in_utf_16_does_not_slip_through() -> None:
    assert "DOCTYPE" in str(refused('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16")))


def test_deep_nesting_is_refused_with_its_line() -> None:
    error = refused(b"<a>\n" * 100_000 + b"</a>" * 100_000)
    assert error.line == DEPTH_LIMIT + 1
    assert "nested" in str(error)


def test_too_many_elements_are_refused() -> None:
    assert "500,000 elements" in str(refused(b"<a>" + b"<b/>" * 500_001 + b"</a>"))


def test_a_file_of_200_megabytes_is_refused_before_it_is_read() -> None:
    data = b"\0" * (200 * 1024 * 1024)
    began = time.process_time()
    error = refused(data)
    assert "200.0 MB" in str(error)
    assert "10.0 MB" in str(error)
    assert time.process_time() - began < 0.1


def test_the_limit_can_be_set_by_the_caller() -> None:
    assert "limit" in str(refused(b"<a>" + b" " * 100 + b"</a>", limit=50))


@pytest.mark.parametrize(
    ("data", "line"),
    [(b"", 1), (b"<a>\n<b></a>", 2), (b"<a/><b/>", 1), (b"\n\nplain text", 3), (b"<a>&unknown;</a>", 1)],
)
def test_what_is_not_well_formed_is_refused_with_a_place(data: bytes, line: int) -> None:
    error = refused(data)
    assert error.line == line
    assert error.remedy in str(error)


def test_a_prefix_without_namespace_is_refused() -> None:
    assert refused(b"<a>\n<x:b/></a>").line == 2
