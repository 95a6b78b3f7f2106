"""Where Slack's requests arrive: POST /slack/events, for events, buttons, forms and commands."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

log = structlog.get_logger(__name__)

EVENTS: Final = "/slack/events"
# Slack's own payloads stay far below this.
BODY_AT_MOST: Final = 512 * 1024
REFUSED: Final = "a request to Slack's address was refused"


def events_route(app: AsyncApp) -> web.RouteDef:
    """Whatever is wrong with a request is answered with a 4xx, and nothing of it is logged."""

    async def receive(request: web.Request) -> web.Response:
        try:
            response = await _dispatched(app, request)
        except web.HTTPException as refusal:
            log.warning(REFUSED, status=refusal.status)
            raise
        except Exception as error:  # noqa: BLE001 - it can't even be read; its message may quote it
            log.warning(REFUSED, kind=type(error).__name__)
            raise web.HTTPBadRequest from None
        if response.status == HTTPStatus.UNAUTHORIZED:
            log.warning(REFUSED, status=response.status, why="it isn't signed with our secret, now")
        return await to_aiohttp_response(response)

    return web.post(EVENTS, receive)


async def _dispatched(app: AsyncApp, request: web.Request) -> BoltResponse:
    if request.content_length is None:
        raise web.HTTPLengthRequired
    if request.content_length > BODY_AT_MOST:
        raise web.HTTPRequestEntityTooLarge(BODY_AT_MOST, request.content_length)
    return await app.async_dispatch(await to_bolt_request(request))
