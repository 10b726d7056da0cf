"""Messages over HTTP: to a case by its number (the business key), or to the one case whose correlation keys fit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header
from starlette.responses import Response

from schuldhulp.engine.case.errors import NotNow
from schuldhulp.engine.handle import NoSuchCase
from schuldhulp.web.api.bodies import Raw, Shape, described, parsed
from schuldhulp.web.api.callers import AnEngine, Anybody
from schuldhulp.web.api.failures import ApiError
from schuldhulp.web.api.values import Variable, encoded, taken

router = APIRouter(tags=["messages"])


class Message(Shape, frozen=True):
    """`business_key`: number of the case. `correlation_keys` and `process_variables` together are what the message carries."""

    message_name: str
    business_key: str | None = None
    correlation_keys: dict[str, Variable] | None = None
    process_variables: dict[str, Variable] | None = None
    result_enabled: bool = False


@router.post(
    "/message", status_code=204, summary="Give a message to who waits for it", openapi_extra=described(Message)
)
def correlate(
    caller: Anybody, engine: AnEngine, data: Raw, idempotency_key: Annotated[str | None, Header(max_length=200)] = None
) -> Response:
    """With a business key, the same `Idempotency-Key` again (of this account) changes nothing."""
    asked = parsed(data, Message)
    by = caller.actor("messages", asked.message_name)
    dictionary = engine.deployment().dictionary
    keys, content = taken(asked.correlation_keys or {}, dictionary), taken(asked.process_variables or {}, dictionary)
    key = f"api/{caller.account}/{idempotency_key}" if idempotency_key else None
    try:
        if asked.business_key is not None:
            case = asked.business_key
            engine.message(case, asked.message_name, {**content, **keys}, by, key)
        else:
            case = engine.correlate(asked.message_name, keys, content, by, key)
    except (NotNow, NoSuchCase) as error:
        raise ApiError(400, "MismatchingMessageCorrelationException", _told(error, asked)) from error
    if not asked.result_enabled:
        return Response(status_code=204)
    return Response(
        encoded([{"resultType": "Execution", "execution": {"businessKey": case}}]), media_type="application/json"
    )


def _told(error: Exception, asked: Message) -> str:
    """With the case named, not what else it waits for: that is none of the sender's business."""
    if asked.business_key is None:
        return str(error)
    return f"Cannot correlate message '{asked.message_name}': case {asked.business_key} does not wait for it."
