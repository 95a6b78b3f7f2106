"""What Slack tells of a workspace: profiles, joiners and leavers, and the end of an installation.

These events come in any order, and some twice: each says how things were when it was made, and is
idempotent. One that is late may have been overtaken, so Slack is asked how things are now.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from adapters.payloads import Json, Malformed, read
from adapters.slack.bolt import Body, Handler
from adapters.slack.client import SlackClient
from adapters.slack.directory import member_of
from adapters.slack.ids import workspace_of
from adapters.slack.incoming import (
    ProfileChanged,
    TokensRevoked,
    Uninstalled,
)
from bot.errors import PlatformError
from bot.ports import Member
from bot.usecases.core import Core
from bot.usecases.sync_directories import ask_for_syncs
from bot.usecases.sync_directory import member_changed, member_left
from bot.usecases.workspaces import is_installed, uninstall_workspace

log = structlog.get_logger(__name__)

# Slack repeats what it couldn't deliver after a minute and after five: longer than this, and newer
# news of the same person may have come before.
LATE_AFTER: Final = timedelta(seconds=30)


class Changes:
    """`forget` destroys the tokens of an installation, and says whether there is none now.

    News of its end may come late, when the app has been installed again.
    """

    def __init__(
        self,
        core: Core,
        client: SlackClient,
        forget: Callable[[str, datetime], Awaitable[bool]],
    ) -> None:
        self._core, self._client, self._forget = core, client, forget

    @property
    def events(self) -> Mapping[str, Handler]:
        return {
            "user_change": self.profile_changed,
            "team_join": self.profile_changed,
            "app_uninstalled": self.uninstalled,
            "tokens_revoked": self.tokens_revoked,
        }

    async def profile_changed(self, body: Json) -> Body | None:
        changed = read(ProfileChanged, body)
        if not await is_installed(self._core, workspace_of(changed.team_id)):
            return None  # anybody can have a workspace: nothing is asked of Slack there, or logged
        if self._core.clock.now() - changed.at > LATE_AFTER:
            await self._look_up(changed)
        else:
            await self._apply(changed.team_id, changed.event.user)
        return None

    async def _look_up(self, changed: ProfileChanged) -> None:
        """Go by what Slack says of somebody now; if it can't be asked, by the next sync."""
        team_id, user_id = changed.team_id, str(changed.event.user.get("id", ""))
        try:
            answer = await self._client.call(
                team_id, "users.info", user=user_id, include_locale=True
            )
        except PlatformError as error:
            log.info("late news can't be checked", team=team_id, kind=type(error).__name__)
            await ask_for_syncs(self._core, workspace_of(team_id))
        else:
            await self._apply(team_id, answer.get("user"))

    async def _apply(self, team_id: str, user: Any) -> None:
        workspace_id, member = workspace_of(team_id), _member(user, team_id)
        if member is None:
            await member_left(self._core, workspace_id, str(user.get("id", "")))
        else:
            await member_changed(self._core, workspace_id, member)

    async def uninstalled(self, body: Json) -> Body | None:
        await self._end(read(Uninstalled, body))
        return None

    async def tokens_revoked(self, body: Json) -> Body | None:
        """Tokens of single people aren't ours: we ask for none."""
        revoked = read(TokensRevoked, body)
        if revoked.event.tokens.bot:
            await self._end(revoked)
        return None

    async def _end(self, told: Uninstalled | TokensRevoked) -> None:
        if await self._forget(told.team_id, told.at):
            await uninstall_workspace(self._core, workspace_of(told.team_id))


def _member(user: Any, team_id: str) -> Member | None:
    """None also for people of other workspaces: who runs those says what their addresses are."""
    try:
        return member_of(user, team_id)
    except (AttributeError, TypeError):
        raise Malformed("not a profile") from None
