"""The organisation's look: its name and logo in the bar, its colours and stylesheet. Files of a deployment, so they never change
under their address."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from schuldhulp.engine.definitions.deployment import Deployment
from schuldhulp.engine.handle import Engine
from schuldhulp.engine.handle.library import NothingDeployed

router = APIRouter(include_in_schema=False)
OWN_STYLE = "theme/theme.css@local"
TYPES = {"svg": "image/svg+xml", "png": "image/png"}
SEALED = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For a picture that is opened by itself: nothing in it runs."""
_VARIABLES = {
    "hoofdkleur": ":root { --sh-brand: %s; --sh-brand-dark: color-mix(in srgb, %s, black 25%%); }",
    "tekst_op_hoofdkleur": ".bar, .bar a, .bar nav a, .bar button { color: %s; }",
    "linkkleur": ":root { --sh-action: %s; --sh-action-dark: color-mix(in srgb, %s, black 25%%); }",
}


@dataclass(frozen=True, slots=True)
class Look:
    """What the bar shows, and the addresses of stylesheet and logo ("" for none)."""

    name: str = "Schuldhulp"
    style: str = ""
    logo: str = ""


def look_of(engine: Engine) -> Look:
    """The look of the deployment in force; that of the product when there is none."""
    try:
        deployment = engine.deployment()
    except NothingDeployed:
        return Look()
    own, base = deployment.organisation, f"/thema/{deployment.id[:16]}"
    return Look(
        name=f"Schuldhulp {own.name}" if own.name else "Schuldhulp",
        style=f"{base}/thema.css" if own.colours or OWN_STYLE in deployment.files else "",
        logo=f"{base}/logo.{own.logo.rpartition('.')[2]}" if own.logo else "",
    )


@router.get("/thema/{key}/thema.css")
def style(request: Request, key: str) -> Response:
    deployment = _deployment(request, key)
    return _kept(stylesheet(deployment).encode(), "text/css; charset=utf-8")


def stylesheet(deployment: Deployment) -> str:
    """The colours as variables of the pages, and the organisation's own rules behind them."""
    colours = deployment.organisation.colours
    lines = [text.replace("%s", colours[key]).replace("%%", "%") for key, text in _VARIABLES.items() if key in colours]
    own = deployment.files.get(OWN_STYLE, b"").decode("utf-8", "replace")
    return "\n".join([*lines, own])


@router.get("/thema/{key}/logo.{kind}")
def logo(request: Request, key: str, kind: str) -> Response:
    deployment = _deployment(request, key)
    own = deployment.organisation.logo
    if own is None or own.rpartition(".")[2] != kind:
        raise HTTPException(404)
    answer = _kept(deployment.files[f"{own}@local"], TYPES[kind])
    answer.headers["Content-Security-Policy"] = SEALED
    return answer


def _deployment(request: Request, key: str) -> Deployment:
    """The deployment in force, when that is the one that was asked for: an older look is of no use to anybody."""
    engine: Engine = request.app.state.engine
    deployment = engine.deployment()
    if deployment.id[:16] != key:
        raise HTTPException(404)
    return deployment


def _kept(data: bytes, kind: str) -> Response:
    return Response(data, media_type=kind, headers={"Cache-Control": "public, max-age=31536000, immutable"})
