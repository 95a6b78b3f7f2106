"""Where Teams' requests arrive: POST /api/messages."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Final

import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes

from adapters.payloads import Malformed, read
from adapters.teams.adapter import TeamsAdapter
from adapters.teams.incoming import Turn
from bot.errors import PlatformError

log = structlog.get_logger(__name__)

MESSAGES: Final = "/api/messages"
# Teams' own activities stay far below this.
BODY_AT_MOST: Final = 256 * 1024
REFUSED: Final = "a request to Teams' address was refused"

# What becomes of an activity: what an invoke is answered with, or None if there is no answer to it.
OnTurn = Callable[[Turn], Awaitable[dict[str, Any] | None]]


def messages_route(adapter: TeamsAdapter, on_turn: OnTurn) -> web.RouteDef:
    """Whatever is wrong with a request is answered with a 4xx, and nothing of it is logged."""

    async def receive(request: web.Request) -> web.Response:
        try:
            return await _answered(adapter, on_turn, request)
        except web.HTTPException as refusal:
            log.warning(REFUSED, status=refusal.status)
            raise
        except PermissionError as refusal:
            log.warning(REFUSED, status=HTTPStatus.UNAUTHORIZED.value, why=str(refusal))
            raise web.HTTPUnauthorized from None
        except (Malformed, TypeError, ValueError, AttributeError) as error:  # botbuilder's, too
            log.warning(REFUSED, kind=type(error).__name__)
            raise web.HTTPBadRequest from None
        except PlatformError as error:  # Microsoft's keys can't be had: nobody can be told apart
            log.warning(REFUSED, status=HTTPStatus.SERVICE_UNAVAILABLE.value, why=str(error))
            raise web.HTTPServiceUnavailable from None
        except Exception as error:  # noqa: BLE001 - its message may hold content
            log.error("a request of Teams' failed", kind=type(error).__name__)  # noqa: TRY400
            raise web.HTTPServiceUnavailable from None

    return web.post(MESSAGES, receive)


async def _answered(adapter: TeamsAdapter, on_turn: OnTurn, request: web.Request) -> web.Response:
    body = await _body(request)
    activity = _activity(body)

    async def turn(context: TurnContext) -> None:
        answer = await on_turn(read(Turn, body))
        if activity.type == ActivityTypes.invoke:
            status = HTTPStatus.OK if answer is not None else HTTPStatus.NOT_IMPLEMENTED
            response = InvokeResponse(status=int(status), body=answer)
            await context.send_activity(Activity(type="invokeResponse", value=response))

    authorization = request.headers.get("Authorization", "")
    response = await adapter.process_activity(activity, authorization, turn)
    if response is None:
        return web.Response()
    return web.json_response(response.body, status=response.status)


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_length is None:
        raise web.HTTPLengthRequired
    if request.content_length > BODY_AT_MOST:
        raise web.HTTPRequestEntityTooLarge(BODY_AT_MOST, request.content_length)
    try:
        body = json.loads(await request.read())
    except RecursionError:
        raise Malformed("nested too deeply") from None
    if not isinstance(body, dict):
        raise TypeError("not an activity")
    return body


def _activity(body: dict[str, Any]) -> Activity:
    """Raises Malformed."""
    try:
        return Activity().deserialize(body)
    except Exception:  # noqa: BLE001 - its kinds aren't public, and its message may quote the body
        raise Malformed("not an activity") from None
