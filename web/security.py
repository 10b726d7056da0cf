"""What holds for every answer and every request: headers, no posts from other sites, no bodies without end."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BODY_LIMIT = 2_000_000
_FILES = re.compile(r"/zaken/[^/]+/documenten|/(?:engine-rest|api/v1)/case/[^/]+/documents")


class TooLarge(Exception):
    """A body went on past the limit."""


class Guard:
    """Pure ASGI middleware, so that streams stay streams."""

    def __init__(self, app: ASGIApp, *, body_limit: int = BODY_LIMIT) -> None:
        self.app, self.body_limit = app, body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] not in SAFE and not is_api(scope["path"]) and comes_from_elsewhere(headers):
            refusal = PlainTextResponse("Dit verzoek komt van een andere website en is geweigerd.", 403)
            await refusal(scope, receive, self._with_headers(scope, send))
            return
        if takes_files(scope["method"], scope["path"]):
            await self.app(scope, receive, self._with_headers(scope, send))
            return
        if _size(headers) > self.body_limit:
            await self._too_large(scope, receive, send)
            return
        try:
            await self.app(scope, self._counting(receive), self._with_headers(scope, send))
        except TooLarge:
            await self._too_large(scope, receive, send)

    async def _too_large(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = f"{self.body_limit // 1_000_000} MB"
        answer: Response = PlainTextResponse(f"Dit is te groot: hooguit {most} mag.", 413)
        if is_api(scope["path"]):
            answer = JSONResponse({"type": "RequestTooLargeException", "message": f"A body may be {most}."}, 413)
        await answer(scope, receive, self._with_headers(scope, send))

    def _counting(self, receive: Receive) -> Receive:
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.body_limit:
                raise TooLarge
            return message

        return counted

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def adding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", "max-age=31536000")
            await send(message)

        return adding


def is_api(path: str) -> bool:
    """The addresses for programs: they know no cookies, so a page of another site has nothing there to misuse."""
    return path.startswith(("/engine-rest/", "/api/v1/"))


def takes_files(method: str, path: str) -> bool:
    """Where documents come in: how much may come the organisation says, and is kept to while reading (web/uploads.py)."""
    return method == "POST" and _FILES.fullmatch(path) is not None


def comes_from_elsewhere(headers: Headers) -> bool:
    """Whether a request that changes something was sent by a page of another site.

    Browsers say so in Sec-Fetch-Site, and in Origin; a client that says neither is no browser with a cookie of ours to misuse.
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


def _size(headers: Headers) -> int:
    text = headers.get("content-length", "0")
    return int(text) if text.isdigit() else 0
