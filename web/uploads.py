"""Files that come in with a post, read as they arrive: what is too large is let go at once, nothing is written to disk unsealed.

The framework's own reader puts larger files in a temporary file in the clear, and looks at sizes afterwards. Here a file stays in
memory until it is sealed; how much memory all uploads together may take is bounded.
"""

from __future__ import annotations

import hmac
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from schuldhulp.engine.definitions.limits import MEGABYTE
from schuldhulp.web.visitors import Asker, ForgedPost, Visitor, engine_of, first

AT_ONCE = 5
"""A post may hold so many files of the largest size."""
MOST_FILES = 50
MOST_FIELDS = 65_536
"""Bytes of everything beside files."""
PATIENCE = 5
"""Of a post that is too large so many times its limit is still read (and thrown away), so that browsers show the answer."""


class UploadRefused(Exception):
    """The post as a whole cannot be taken; nothing of it was kept. `text`: Dutch, for people; `status`: of HTTP."""

    def __init__(self, status: int, text: str) -> None:
        self.status, self.text = status, text
        super().__init__(text)


class Room:
    """Bytes of uploads that are in memory now, of all requests together."""

    def __init__(self, most: int = 1_000 * MEGABYTE) -> None:
        self._most, self._taken, self._lock = most, 0, threading.Lock()

    @contextmanager
    def share(self) -> Iterator[Share]:
        """Room for one request, given back when it is over."""
        share = Share(self)
        try:
            yield share
        finally:
            with self._lock:
                self._taken -= share.taken

    def take(self, share: Share, size: int) -> None:
        with self._lock:
            if self._taken + size > self._most:
                text = "Er worden nu veel bestanden tegelijk verstuurd. Probeer het over een minuut nog een keer."
                raise UploadRefused(503, text)
            self._taken += size
        share.taken += size


@dataclass
class Share:
    room: Room
    taken: int = 0

    def take(self, size: int) -> None:
        """Raises UploadRefused when there is no room."""
        self.room.take(self, size)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it was sent. `content` None: it was too large, and let go while it came in."""

    name: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A post with files: fields by name, files in order."""

    fields: dict[str, list[str]]
    files: tuple[Incoming, ...]


@dataclass
class _Part:
    name: str = ""
    file: str | None = None
    content: bytearray = field(default_factory=bytearray)
    too_large: bool = False


class Reading:
    """One multipart body (RFC 7578), fed piece by piece. *csrf*: what the field of that name must hold before any file; None:
    nothing."""

    def __init__(self, boundary: bytes, most: int, share: Share, csrf: str | None = None) -> None:
        self.fields: dict[str, list[str]] = {}
        self.files: list[Incoming] = []
        self.ended = False
        self._most, self._share, self._csrf = most, share, csrf
        self._part, self._header, self._headers = _Part(), bytearray(), dict[bytes, bytes]()
        self._value, self._beside = bytearray(), 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finished,
            },
        )

    def feed(self, piece: bytes) -> None:
        """Raises UploadRefused, ForgedPost."""
        try:
            self._parser.write(piece)
        except MultipartParseError:
            raise UploadRefused(400, "De bestanden zijn niet goed aangekomen. Kies ze opnieuw.") from None

    def _begin(self) -> None:
        self._part, self._headers = _Part(), {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[bytes(self._header).lower()] = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" in options:
            if self._csrf is not None and not hmac.compare_digest(
                first(self.fields, "csrf").encode(), self._csrf.encode()
            ):
                raise ForgedPost
            if len(self.files) >= MOST_FILES:
                raise UploadRefused(413, f"U kunt hooguit {MOST_FILES} bestanden tegelijk versturen.")
            self._part.file = options[b"filename"].decode("utf-8", "replace")

    def _data(self, data: bytes, start: int, end: int) -> None:
        part, size = self._part, end - start
        if part.file is None:
            self._beside += size
            if self._beside > MOST_FIELDS:
                raise UploadRefused(413, "Er is te veel tekst meegestuurd.")
        elif part.too_large:
            return
        elif len(part.content) + size > self._most:
            part.too_large, part.content = True, bytearray()
            return
        else:
            self._share.take(size)
        part.content += data[start:end]

    def _end(self) -> None:
        part = self._part
        if part.file is None:
            text = part.content.decode("utf-8", "replace").replace("\r\n", "\n")
            self.fields.setdefault(part.name, []).append(text)
        elif part.file or part.content or part.too_large:  # an input in which no file was chosen sends an empty one
            self.files.append(Incoming(part.file, None if part.too_large else bytes(part.content)))
        self._part = _Part()

    def _finished(self) -> None:
        self.ended = True


async def read_upload(request: Request, most: int, share: Share, csrf: str | None = None) -> Upload:
    """The post with its files, none of which is larger than *most* bytes. Raises UploadRefused, ForgedPost."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not 0 < len(options.get(b"boundary", b"")) <= 200:
        raise UploadRefused(415, "Kies een bestand.")
    limit = AT_ONCE * most
    if _announced(request) > PATIENCE * limit:
        raise UploadRefused(413, _too_much(limit))
    reading, read = Reading(options[b"boundary"], most, share, csrf), 0
    try:
        async for piece in request.stream():
            read += len(piece)
            if read <= limit:
                reading.feed(piece)
            elif read > PATIENCE * limit:
                break
    except ClientDisconnect:
        raise UploadRefused(400, "Het versturen is afgebroken. Er is niets bewaard.") from None
    if read > limit:
        raise UploadRefused(413, _too_much(limit))
    if not reading.ended:
        raise UploadRefused(400, "Het versturen is afgebroken. Er is niets bewaard.")
    return Upload(reading.fields, tuple(reading.files))


def _announced(request: Request) -> int:
    text = request.headers.get("content-length", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _too_much(limit: int) -> str:
    return f"Dit is samen te veel: hooguit {limit // MEGABYTE} MB tegelijk. Verstuur de bestanden in delen."


async def received(request: Request, who: Asker) -> AsyncIterator[tuple[Visitor, Upload]]:
    """Who is logged in, and what they sent from our own page; who is not has nothing read. Raises NeedsLogin, ForgedPost,
    UploadRefused."""
    limits = await run_in_threadpool(engine_of(request).paper_limits)
    room: Room = request.app.state.room
    with room.share() as share:
        upload = await read_upload(request, limits.file_bytes, share, who.shell.csrf)
        if not hmac.compare_digest(first(upload.fields, "csrf").encode(), who.shell.csrf.encode()):
            raise ForgedPost
        yield who, upload


Received = Annotated[tuple[Visitor, Upload], Depends(received)]
