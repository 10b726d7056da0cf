"""Which program calls: the token in `Authorization: Bearer ...`, and nothing else."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from schuldhulp.engine.handle import Caller, Engine
from schuldhulp.web.api.failures import ApiError
from schuldhulp.web.throttle import Throttle

_scheme = HTTPBearer(auto_error=False, description="A token of `schuldhulp token create`.")


def caller(request: Request, _: Annotated[object, Depends(_scheme)] = None) -> Caller:
    """The program behind the token. One answer for every token that does not hold, so that nothing is learnt from it."""
    engine, throttle = engine_of(request), request.app.state.throttle
    assert isinstance(throttle, Throttle)
    kind, _space, token = request.headers.get("authorization", "").partition(" ")
    found = engine.caller(token.strip()) if kind.lower() == "bearer" else None
    if found is not None:
        return found
    address = request.client.host if request.client else "unknown"
    if token:
        if throttle.waits(address, address):
            raise ApiError(
                429, "TooManyRequestsException", "Too many calls with tokens that do not hold. Wait a while."
            )
        throttle.failed(address, address)
    raise ApiError(401, "AuthorizationException", "Send a token that holds: Authorization: Bearer ...")


def engine_of(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


Anybody = Annotated[Caller, Depends(caller)]
AnEngine = Annotated[Engine, Depends(engine_of)]
