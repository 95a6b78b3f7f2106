"""Server-sent events to one open tab, until it closes or the server does."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from adapters.playground.conversations import person_of
from adapters.playground.events import RETRY_MS, Event, Hub, Tab
from adapters.playground.people import People

SIGN_OF_LIFE_S = 15


async def stream(request: web.Request, hub: Hub, people: People) -> web.StreamResponse:
    """Answer `GET …/events?person=ID&person=ID`, one stream for all the people of a tab.

    Browsers open six connections to a server at most, over all tabs, so a tab needs one only.
    """
    shown = [(await people.card(person_id)).id for person_id in request.query.getall("person", [])]
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    )
    with hub.tab(*shown) as tab, suppress(ConnectionError):
        await response.prepare(request)
        await response.write(f"retry: {RETRY_MS}\n\n".encode())
        await _send_until_closed(response, tab, people)
    return response


async def _send_until_closed(response: web.StreamResponse, tab: Tab, people: People) -> None:
    while True:
        try:
            event = await asyncio.wait_for(tab.next(), SIGN_OF_LIFE_S)
        except TimeoutError:
            await response.write(b": still here\n\n")
            continue
        if event is None:
            return
        seen_by = await _who_sees(event, tab, people)
        if seen_by or event.conversation is None:
            await response.write(event.encoded(seen_by))


async def _who_sees(event: Event, tab: Tab, people: People) -> list[str]:
    """Those of the tab's people who may see the event; who is in a channel can change meanwhile."""
    if event.conversation is None:
        return list(tab.people)
    owner = person_of(event.conversation)
    if owner is not None:
        return [owner]
    return await people.in_conversation(event.conversation, tab.people)
