"""Shows in this process's tabs what other processes post: workers send, and web has the tabs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from adapters.playground.events import Hub, posted
from adapters.playground.store import PlaygroundStore

log = structlog.get_logger(__name__)

LOOKS_EVERY_S = 0.3


@asynccontextmanager
async def following(store: PlaygroundStore, hub: Hub) -> AsyncIterator[None]:
    """Follow the messages for as long as the block lasts."""
    task = asyncio.create_task(_follow(store, hub, seen=await store.last_change()))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


async def _follow(store: PlaygroundStore, hub: Hub, seen: int) -> None:
    """Look every so often, and only while a tab is open.

    What came while none was open is shown to the first: its page knows which versions it has.
    """
    while True:
        await asyncio.sleep(LOOKS_EVERY_S)
        if hub.has_tabs:
            try:
                seen = await _show_since(seen, store, hub)
            except Exception as error:  # noqa: BLE001 - the edge of a loop; the next look may do
                log.warning("messages could not be followed", kind=type(error).__name__)


async def _show_since(seen: int, store: PlaygroundStore, hub: Hub) -> int:
    last = await store.last_change()
    if last > seen:
        for message in await store.changed(seen, last):
            hub.publish(posted(message))
    return last
