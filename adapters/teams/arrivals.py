"""News of who and what is where: the bot was installed or taken away, by somebody or in a team.

Teams tells of an installation twice, in any order: each says how things are now, and is idempotent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog

from adapters.background import Background
from adapters.teams.channels import Channels
from adapters.teams.ids import workspace_of
from adapters.teams.incoming import Turn
from adapters.teams.people import People, who_of
from adapters.teams.reading import Reading
from adapters.teams.replies import Replies
from bot.errors import PlatformError, Stranger
from bot.usecases.commands import command
from bot.usecases.core import Core
from bot.usecases.handled import first_time
from bot.usecases.resources import for_a_stranger
from bot.usecases.sync_directories import ask_for_syncs

log = structlog.get_logger(__name__)

REMOVED: Final = "remove"
AT_ONCE: Final = 4
# What Teams calls the news of people in a team, among that of teams and channels.
MEMBERS: Final = ("teamMember", "channelMember")
# A new version of the app: it was there before and is there now, whichever of the two comes first.
RENEWED: Final = frozenset({"add-upgrade", "remove-upgrade"})


class Arrivals:
    def __init__(
        self,
        core: Core,
        people: People,
        channels: Channels,
        replies: Replies,
        background: Background,
        reading: Callable[[], Reading],
        region: str,
    ) -> None:
        self._core, self._people, self._channels = core, people, channels
        self._replies, self._background, self._region = replies, background, region
        self._reading = reading
        self._few_at_once = asyncio.Semaphore(AT_ONCE)

    async def installation(self, turn: Turn) -> None:
        """Somebody or a team has the bot now, or hasn't any more."""
        if turn.action == REMOVED:
            await self._went(turn)
        elif turn.action not in RENEWED:
            await self._came(turn)

    async def conversation(self, turn: Turn) -> None:
        """The bot came or went, or a team's channels changed. Who else is in a team isn't asked."""
        if turn.concerns_the_bot(turn.members_removed):
            await self._went(turn)
        elif turn.concerns_the_bot(turn.members_added) or _is_about_channels(turn):
            await self._came(turn)

    async def _came(self, turn: Turn) -> None:
        if turn.is_personal:
            if turn.user_id:
                await self._people.seen(turn)
                self._background.start("somebody new", self._greet(turn))
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

    async def _greet(self, turn: Turn) -> None:
        """Get to know somebody, and say hello to them once. Thousands may come in one hour."""
        async with self._few_at_once:
            await self._greeted(turn)

    async def _greeted(self, turn: Turn) -> None:
        await self.meet(turn)
        who = who_of(turn)
        if not await first_time(self._core, f"{who.workspace_id}/hello/{who.external_id}"):
            return
        try:
            reply = await command(self._core, who, "help")
        except Stranger as stranger:
            texts = self._core.library.texts("en")
            self._replies.say(turn, for_a_stranger(texts, self._region, stranger))
        else:
            if reply.notice is not None:
                self._replies.say(turn, reply.notice)


def _is_about_channels(turn: Turn) -> bool:
    """Whether a team or a channel was made, renamed, deleted, or is back."""
    event = turn.channel_data.event_type
    return event.startswith(("channel", "team")) and not event.startswith(MEMBERS)
