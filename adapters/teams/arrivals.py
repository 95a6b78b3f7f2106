"""News of who and what is where: the bot was installed or taken away, by somebody or in a team.

Teams tells of an installation twice, in any order: each says how things are now, and is idempotent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog

from adapters.background import Background
from adapters.teams.channels import Channels
from adapters.teams.greetings import Greetings
from adapters.teams.ids import workspace_of
from adapters.teams.incoming import Turn
from adapters.teams.people import People
from adapters.teams.reading import Reading
from bot.errors import PlatformError
from bot.usecases.core import Core
from bot.usecases.sync_directories import ask_for_syncs

log = structlog.get_logger(__name__)

REMOVED: Final = "remove"
# What Teams calls the news of people in a team, among that of teams and channels.
MEMBERS: Final = ("teamMember", "channelMember")
# A new version of the app: it was there before and is there now, whichever of the two comes first.
UPGRADED: Final = "add-upgrade"
OLD_VERSION: Final = "remove-upgrade"
DELETED: Final = frozenset({"teamDeleted", "teamHardDeleted"})


class Arrivals:
    def __init__(
        self,
        core: Core,
        people: People,
        channels: Channels,
        greetings: Greetings,
        background: Background,
        reading: Callable[[], Reading],
    ) -> None:
        self._core, self._people, self._channels = core, people, channels
        self._greetings, self._background, self._reading = greetings, background, reading

    async def installation(self, turn: Turn) -> None:
        """Somebody or a team has the bot now, or hasn't any more."""
        if turn.action == REMOVED:
            await self._went(turn)
        elif turn.action == UPGRADED and turn.is_personal:
            await self._people.came(turn)  # it may be on other servers now; nobody is greeted again
        elif turn.action != OLD_VERSION:
            await self._came(turn)

    async def conversation(self, turn: Turn) -> None:
        """The bot came or went, or a team's channels changed. Who else is in a team isn't asked."""
        is_deleted = turn.channel_data.event_type in DELETED
        if is_deleted or turn.concerns_the_bot(turn.members_removed):
            await self._went(turn)
        elif turn.concerns_the_bot(turn.members_added) or _is_about_channels(turn):
            await self._came(turn)

    async def _came(self, turn: Turn) -> None:
        if turn.is_personal:
            if turn.user_id:
                await self._people.came(turn)
                await self._greetings.owe(turn)
                self._background.start("somebody new", self._greetings.meet_and_greet(turn))
        elif turn.channel_data.team:
            await self._channels.came(turn)
            self._list_channels(turn)

    async def _went(self, turn: Turn) -> None:
        if turn.is_personal:
            await self._people.lose(turn)
        elif turn.channel_data.team:
            await self._channels.went(turn)
            self._list_channels(turn)

    def _list_channels(self, turn: Turn) -> None:
        sync = self._channels.sync(workspace_of(turn.tenant_id), self._reading())
        self._background.start("channels", sync)

    async def seen(self, turn: Turn) -> None:
        """Keep where somebody who acts is posted to."""
        await self._people.seen(turn)

    async def meet(self, turn: Turn) -> None:
        """Get to know somebody in their own chat, or have Teams asked again soon who they are."""
        if not turn.is_personal or not turn.user_id:
            return
        try:
            await self._people.meet(turn)
        except PlatformError as error:
            log.warning("Teams doesn't say who somebody is", kind=type(error).__name__)
            await ask_for_syncs(self._core, workspace_of(turn.tenant_id))


def _is_about_channels(turn: Turn) -> bool:
    """Whether a team or a channel was made, renamed, deleted, or is back."""
    event = turn.channel_data.event_type
    return event.startswith(("channel", "team")) and not event.startswith(MEMBERS)
