"""What Slack tells of a workspace: profiles, joiners and leavers, and the end of an installation.

These events come in any order, and some twice: each says how things are now, and is idempotent.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from adapters.payloads import Json, Malformed, read
from adapters.slack.bolt import Body, Handler
from adapters.slack.directory import member_of
from adapters.slack.ids import workspace_of
from adapters.slack.incoming import (
    ProfileChanged,
    TokensRevoked,
    Uninstalled,
)
from bot.ports import Member
from bot.usecases.core import Core
from bot.usecases.sync_directory import member_changed, member_left
from bot.usecases.workspaces import uninstall_workspace


class Changes:
    """`forget` destroys the tokens of an installation, and says whether there is none now.

    News of its end may come late, when the app has been installed again.
    """

    def __init__(self, core: Core, forget: Callable[[str, datetime], Awaitable[bool]]) -> None:
        self._core, self._forget = core, forget

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
        workspace_id, member = workspace_of(changed.team_id), _member(changed)
        if member is None:
            user_id = str(changed.event.user.get("id", ""))
            await member_left(self._core, workspace_id, user_id)
        else:
            await member_changed(self._core, workspace_id, member)
        return None

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


def _member(changed: ProfileChanged) -> Member | None:
    """None also for people of other workspaces: who runs those says what their addresses are."""
    try:
        return member_of(changed.event.user, changed.team_id)
    except (AttributeError, TypeError):
        raise Malformed("not a profile") from None
