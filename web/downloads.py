"""Files of cases that go out: always with their name and in a sandbox, so that nothing in them runs as ours."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from schuldhulp.engine.case.papers.deciding import Paper

SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"
"""Whatever a file holds, nothing of it runs as ours. (The style is that of the browser's own page around a picture.)"""


def file_answer(paper: Paper, content: bytes, how: str) -> Response:
    """The bytes with their name; `how`: attachment | inline."""
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "._- ") else "_" for sign in paper.name)
    headers = {
        "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(paper.name, safe='')}",
        "Content-Security-Policy": SANDBOX,
        "Cache-Control": "no-store",
    }
    return Response(content, media_type=paper.media_type, headers=headers)
