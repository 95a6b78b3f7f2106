"""The core's Messenger on Teams: one tenant's messages.

Teams carries no delivery key, and can't be asked whether a message has arrived. What becomes of one
whose answer was lost is a setting: see `unknown`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Final, Literal

import structlog

from adapters.outbound import in_time
from adapters.teams.activities import message_activity
from adapters.teams.connector import Connector
from adapters.teams.failures import Gone
from adapters.teams.ids import is_teams, message_id_of, place_of
from adapters.teams.lookups import Lookups
from bot.domain.pace import Rate, SendingLimits
from bot.message import Message
from bot.ports import AccountId, Address, Messenger, Place, Timer
from bot.usecases import conversations
from bot.usecases.core import Core

log = structlog.get_logger(__name__)

Unknown = Literal["miss", "repeat"]

# 30 requests a second to a tenant; to each conversation 7 in one second, and 1,800 in an hour:
# learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
PER_SECOND: Final = 30
CONVERSATION: Final = Rate(0.5, 7)
IN_FLIGHT: Final = 64
# A request that was cut off is over at Teams long before.
LANDS_WITHIN_S: Final = 30.0
# What stands for the id of a message that may have arrived, and isn't sent again.
NOBODY_KNOWS: Final = "unknown"

LIMITS: Final = SendingLimits(
    workspace=Rate(PER_SECOND, PER_SECOND),
    conversation=CONVERSATION,
    in_flight=IN_FLIGHT,
    lands_within_s=LANDS_WITHIN_S,
    can_be_asked=False,
)


class TeamsMessenger:
    """Implements `bot.ports.Messenger` in one tenant. It never sends twice by itself.

    unknown  "miss": what may have arrived isn't sent again; "repeat": it is, and may come twice
    """

    def __init__(self, core: Core, connector: Connector, timer: Timer, unknown: Unknown) -> None:
        self.limits = LIMITS
        self._core, self._connector, self._timer = core, connector, timer
        self._unknown, self._lookups = unknown, Lookups(core)

    async def post(self, address: Address, message: Message, key: str) -> str:
        with in_time(self._timer):
            place = await self._lookups.place(_who(address))
            try:
                activity_id = await self._connector.post(
                    place.service_url, place.conversation_id, message_activity(message)
                )
            except Gone:
                if address.kind == "person":
                    await self._let_go(_who(address), place)
                raise
        return message_id_of(place.conversation_id, activity_id)

    async def _let_go(self, who: AccountId, place: Place) -> None:
        """Teams' answer stands, whether it can be kept or not: it will say so again."""
        try:
            await conversations.gone(self._core, who, place)
        except Exception as error:  # noqa: BLE001 - the database's, and no matter of the message's
            log.warning("somebody who went isn't let go yet", kind=type(error).__name__)

    async def find(self, address: Address, key: str) -> str | None:
        return None if self._unknown == "repeat" else NOBODY_KNOWS

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        conversation_id, activity_id = place_of(message_id)
        place = await self._lookups.place(_who(address))
        await self._connector.update(
            place.service_url, conversation_id, activity_id, message_activity(message)
        )

    async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
        """Nobody: Teams keeps what it notifies of to itself, and holds it back by itself."""
        return {}


class TeamsMessengers(Mapping[str, Messenger]):
    """Any tenant has one: whether the bot is there shows when it sends."""

    def __init__(self, core: Core, connector: Connector, timer: Timer, unknown: Unknown) -> None:
        self._messenger = TeamsMessenger(core, connector, timer, unknown)

    def __getitem__(self, workspace_id: str) -> Messenger:
        if not is_teams(workspace_id):
            raise KeyError(workspace_id)
        return self._messenger

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _who(address: Address) -> AccountId:
    return AccountId(address.workspace_id, address.external_id)
