"""What happens in a workspace outside of conversations: people come, change and go."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.delivering import Answered, Delivering
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.users import user_json
from tests.fakes.slack.payloads import event_parcel
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import User
from tests.fakes.slack.uninstalling import uninstall
from tests.fakes.slack.workspace import Workspace


class Happenings:
    def __init__(self, site: Site, delivering: Delivering) -> None:
        self._site, self._delivering = site, delivering
        site.happening = self._in_background

    async def changes(self, workspace: Workspace, user: User, **changes: Any) -> Answered:
        """A profile, a status or a zone is another now."""
        for name, value in changes.items():
            if not hasattr(user, name):
                raise AttributeError(name)
            setattr(user, name, value)
        return await self._about(workspace, "user_change", user)

    async def joins(self, workspace: Workspace, name: str, **details: Any) -> Answered:
        return await self._about(workspace, "team_join", workspace.add_user(name, **details))

    async def leaves(self, workspace: Workspace, user: User) -> Answered:
        """An owner deactivates somebody."""
        return await self.changes(workspace, user, deleted=True)

    async def uninstalls(self, workspace: Workspace, *, backwards: bool = False) -> list[Answered]:
        """Somebody removes the app. Slack promises no order of these two events."""
        events = uninstall(self._site, workspace)
        ordered = reversed(events) if backwards else events
        return [await self.sends(workspace, event) for event in ordered]

    async def sends(self, workspace: Workspace, event: Json, *, event_id: str = "") -> Answered:
        """Send an event of any kind."""
        parcel = event_parcel(self._site, workspace, event, event_id)
        return await self._delivering.deliver_event(parcel)

    async def _about(self, workspace: Workspace, kind: str, user: User) -> Answered:
        now = int(self._site.clock.now())
        user.updated = now
        # Events show an address only to apps that may read it, and always the language.
        may_read = any(
            "users:read.email" in token.scopes for token in self._site.tokens.of_team(workspace.id)
        )
        shown = user_json(self._site, workspace.id, user, email=may_read, locale=True)
        return await self.sends(workspace, {"type": kind, "user": shown, "cache_ts": now})

    def _in_background(self, workspace: Workspace, event: Json) -> None:
        """What a call of the bot itself brought about."""
        if self._delivering.connected:
            self._site.in_background(self.sends(workspace, event))
