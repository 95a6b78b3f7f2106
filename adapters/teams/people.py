"""Who somebody in Teams is: asked of Teams when they are met, and told to the core."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, Final

from adapters.teams.connector import Connector
from adapters.teams.ids import workspace_of
from adapters.teams.incoming import Turn
from bot.ports import AccountId, Member, Place
from bot.usecases.conversations import gone, remember
from bot.usecases.core import Core
from bot.usecases.sync_directory import member_changed

GUEST: Final = "guest"
MOST_SEEN: Final = 10_000


class People:
    def __init__(self, core: Core, connector: Connector) -> None:
        self._core, self._connector = core, connector
        self._seen: OrderedDict[AccountId, Place] = OrderedDict()

    async def seen(self, turn: Turn) -> None:
        """Keep where somebody is posted to in their own chat; the servers that it is on change."""
        who, place = who_of(turn), place_of(turn)
        if not turn.is_personal or not turn.user_id or self._seen.get(who) == place:
            return
        await remember(self._core, who, place)
        self._seen[who] = place
        if len(self._seen) > MOST_SEEN:
            self._seen.popitem(last=False)

    async def came(self, turn: Turn) -> None:
        """The same, whatever this process knows of them: another may have let them go."""
        self._seen.pop(who_of(turn), None)
        await self.seen(turn)

    async def meet(self, turn: Turn) -> None:
        """Connect somebody with whoever they are on the roster, and keep where they are posted to.

        Raises PlatformError if Teams can't say who they are.
        """
        who = who_of(turn)
        await self.came(turn)
        found = await self._connector.member(turn.service_url, turn.conversation.id, turn.sender.id)
        member = member_of(found, turn.user_id, turn.local_timezone, turn.locale)
        if member is not None:
            await member_changed(self._core, who.workspace_id, member)

    async def lose(self, turn: Turn) -> None:
        """Somebody took the bot away."""
        self._seen.pop(who_of(turn), None)
        await gone(self._core, who_of(turn))


def who_of(turn: Turn) -> AccountId:
    return AccountId(workspace_of(turn.tenant_id), turn.user_id)


def place_of(turn: Turn) -> Place:
    return Place(turn.conversation.id, turn.service_url)


def member_of(
    found: Mapping[str, Any], user_id: str, zone: str = "", language: str = ""
) -> Member | None:
    """Somebody as the core knows members; None for guests, and whoever Teams says nothing of.

    A roster of Teams' has neither zone nor language: they come with what somebody does.
    """
    name, upn = str(found.get("name") or ""), str(found.get("userPrincipalName") or "")
    if found.get("userRole") == GUEST or "#EXT#" in upn:
        return None
    return Member(user_id, name, str(found.get("email") or upn), zone, language)
