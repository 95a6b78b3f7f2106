"""App Home: the core's home page, shown when it is opened and when something on it has changed."""

from __future__ import annotations

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
    """Shows home pages. Somebody who isn't on the roster is told so there, kindly."""

    def __init__(self, core: Core, client: SlackClient, region: str) -> None:
        self._core, self._client, self._region = core, client, region

    async def show(self, workspace_id: str, user_id: str) -> None:
        """Raises PlatformError."""
        page = await self._page(workspace_id, user_id)
        await self._client.call(
            team_of(workspace_id), "views.publish", user_id=user_id, view=home_view(page)
        )

    async def _page(self, workspace_id: str, user_id: str) -> Message:
        try:
            return await home(self._core, AccountId(workspace_id, user_id))
        except Stranger:
            return for_a_stranger(self._core.library.texts("en"), self._region)
