"""App Home: the core's home page, shown when it is opened and when something on it has changed."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from adapters.slack.client import SlackClient
from adapters.slack.ids import team_of
from adapters.slack.views import home_view
from bot.errors import Stranger
from bot.message import Message
from bot.ports import AccountId
from bot.usecases.core import Core
from bot.usecases.home import home
from bot.usecases.resources import for_a_stranger


class Pages:
    """Shows home pages. Somebody who isn't on the roster is told so there, kindly.

    One person's pages are made and shown one after the other: of two at once, the older one could
    be what stays. (Of two processes it still could, until the page is opened again.) A turn is
    there for as long as somebody waits for it.
    """

    def __init__(self, core: Core, client: SlackClient, region: str) -> None:
        self._core, self._client, self._region = core, client, region
        self._turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def show(self, workspace_id: str, user_id: str) -> None:
        """Raises PlatformError."""
        async with self._turns.setdefault((workspace_id, user_id), asyncio.Lock()):
            page = await self._page(workspace_id, user_id)
            await self._client.call(
                team_of(workspace_id), "views.publish", user_id=user_id, view=home_view(page)
            )

    async def _page(self, workspace_id: str, user_id: str) -> Message:
        try:
            return await home(self._core, AccountId(workspace_id, user_id))
        except Stranger as stranger:
            return for_a_stranger(self._core.library.texts("en"), self._region, stranger)
