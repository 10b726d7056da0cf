"""Bodies of requests: JSON of a known shape, exact decimals, nothing endless."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Depends, Request

from schuldhulp.web.api.failures import ApiError

_Shape = TypeVar("_Shape", bound=msgspec.Struct)


class Shape(msgspec.Struct, frozen=True, rename="camel"):
    """Base of all bodies. Fields that nobody here knows are passed over, as tools of later versions may send them."""


async def raw(request: Request) -> bytes:
    """The body as it came; its size has been looked at."""
    return await request.body()


Raw = Annotated[bytes, Depends(raw)]


def parsed(data: bytes, shape: type[_Shape]) -> _Shape:
    """*data* as *shape*; numbers with a point are decimals. Raises ApiError."""
    try:
        return msgspec.json.Decoder(shape, float_hook=Decimal).decode(data)
    except msgspec.DecodeError as error:
        raise ApiError(400, "InvalidRequestException", f"The body cannot be read: {error}.") from error
    except RecursionError as error:
        raise ApiError(400, "InvalidRequestException", "The body is nested too deeply.") from error


def described(shape: type[msgspec.Struct]) -> dict[str, Any]:
    """The body for OpenAPI."""
    (_,), components = msgspec.json.schema_components([shape], ref_template="#/$defs/{name}")
    inlined = _inlined(components[shape.__name__], components)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": inlined}}}}


def _inlined(schema: Any, components: dict[str, Any]) -> Any:
    if isinstance(schema, dict):
        ref = schema.get("$ref")
        if isinstance(ref, str):
            return _inlined(components[ref.rpartition("/")[2]], components)
        return {key: _inlined(value, components) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_inlined(value, components) for value in schema]
    return schema
