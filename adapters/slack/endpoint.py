"""Where Slack's requests arrive: POST /slack/events, for events, buttons, forms and commands."""

from __future__ import annotations

from typing import Final

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp

log = structlog.get_logger(__name__)

EVENTS: Final = "/slack/events"
# Slack's own payloads stay far below this.
BODY_AT_MOST: Final = 512 * 1024


def events_route(app: AsyncApp) -> web.RouteDef:
    """Whatever is wrong with a request is answered with a 4xx, and nothing of it is logged."""

    async def receive(request: web.Request) -> web.Response:
        if request.content_length is None or request.content_length > BODY_AT_MOST:
            raise web.HTTPRequestEntityTooLarge(BODY_AT_MOST, request.content_length or 0)
        try:
            bolt_request = await to_bolt_request(request)
            response = await app.async_dispatch(bolt_request)
        except web.HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - it can't even be read; its message may quote it
            log.warning("a request to Slack's address was refused", kind=type(error).__name__)
            raise web.HTTPBadRequest from None
        return await to_aiohttp_response(response)

    return web.post(EVENTS, receive)
