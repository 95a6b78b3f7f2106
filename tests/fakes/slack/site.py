"""All of the fake Slack's state: workspaces, the app, tokens, and what is open at the moment."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.slack.call_log import CallLog
from tests.fakes.slack.clock import SlackClock
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.filling_in import state_of
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.response_urls import ResponseUrls
from tests.fakes.slack.slack_app import SlackApp
from tests.fakes.slack.state import View
from tests.fakes.slack.tokens import Token, Tokens
from tests.fakes.slack.triggers import Triggers
from tests.fakes.slack.workspace import Workspace

FIRST_TEAM: Final = "T0001"


@dataclass(slots=True)
class Grant:
    """Somebody said yes to the app; its code buys a token once."""

    team_id: str
    user_id: str
    scopes: list[str]
    redirect_uri: str
    used: bool = False


Happening = Callable[[Workspace, Json], None]


class Site:
    """What every part of the server shares. `url` is set once it listens."""

    def __init__(self) -> None:
        self.url = ""
        self.clock = SlackClock()
        self.app = SlackApp()
        self.tokens = Tokens(self.clock)
        self.faults = Faults()
        self.log = CallLog()
        self.triggers = Triggers(self.clock)
        self.response_urls = ResponseUrls(self.clock)
        self.workspaces: dict[str, Workspace] = {}
        self.codes: dict[str, Grant] = {}
        self.tickets: set[str] = set()
        self.happening: Happening = _nobody_hears
        self.echoes = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._numbers = itertools.count(1)
        self.app.app_token = self.tokens.issue("app", "", {"connections:write"}).value

    # --- workspaces ------------------------------------------------------------------------

    def add_workspace(
        self, name: str = "Example", *, team_id: str = "", installed: bool = True
    ) -> Workspace:
        """A workspace; by default the app is in it already, with all its scopes."""
        team_id = team_id or f"T{len(self.workspaces) + 1:04d}"
        workspace = Workspace(team_id, name, bot_name=self.app.name.lower())
        self.workspaces[team_id] = workspace
        if installed:
            self.tokens.issue("bot", team_id, self.app.scopes)
        return workspace

    def workspace(self, team_id: str) -> Workspace:
        if (found := self.workspaces.get(team_id)) is None:
            raise Refused("team_not_found")
        return found

    def bot_token(self, team_id: str = FIRST_TEAM) -> Token:
        """The newest good bot token of a workspace."""
        return self.tokens.of_team(team_id)[-1]

    # --- what happens by itself ------------------------------------------------------------

    def happens(self, workspace: Workspace, event: Json) -> None:
        """Something that the app may have subscribed to."""
        self.happening(workspace, event)

    def in_background(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Wait until everything that was going on in the background is done."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def is_installed(self, team_id: str) -> bool:
        return bool(self.tokens.of_team(team_id))

    async def stop_all(self) -> None:
        for task in self._tasks:
            task.cancel()
        await self.settle()

    # --- views -----------------------------------------------------------------------------

    def new_view(self, workspace: Workspace, user_id: str, payload: Json) -> View:
        view_id = workspace.new_id("V")
        view = View(view_id, workspace.id, user_id, payload, self.new_hash(), root_id=view_id)
        view.state = state_of(view.blocks)
        workspace.views[view_id] = view
        return view

    def replace_view(self, view: View, payload: Json) -> None:
        """Show something else. What was filled in stays, in fields that are still there."""
        view.payload, view.hash, view.errors = payload, self.new_hash(), {}
        before, view.state = view.state, state_of(view.blocks)
        for block_id, values in view.state.items():
            for action_id, value in values.items():
                old = before.get(block_id, {}).get(action_id, {})
                values[action_id] = old if old.get("type") == value["type"] else value

    def new_hash(self) -> str:
        return f"{int(self.clock.now())}.{secrets.token_hex(4)}"

    def number(self) -> int:
        return next(self._numbers)


def _nobody_hears(_workspace: Workspace, _event: Json) -> None:
    """Before anything listens."""
