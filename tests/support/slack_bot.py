"""The bot on a fake Slack, in one process: real Bolt, real SDK, real HTTP and WebSocket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from adapters.slack.ids import workspace_of
from adapters.slack.platform import SlackPlatform
from adapters.slack.socket_mode import PATIENCE_S
from bot import slack as slack_in_a_process
from bot.app import Messengers, open_core, queue_for
from bot.keyrings import Sides
from bot.settings import Settings
from bot.store.vault import new_vault_key
from bot.usecases.core import Core
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.acting import Actor
from tests.fakes.slack.state import Posted
from tests.support.clock import StillClock
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform

TEAM = "T0001"
WORKSPACE = workspace_of(TEAM)
# Faster than any test would notice: what pacing does has tests of its own.
PER_MINUTE = 60_000
PROMPTS = Path(__file__).parent.parent.parent / "prompts"


@dataclass
class SlackBot:
    """`world` is the bot's side, and `slack` is Slack's."""

    world: World
    slack: FakeSlack
    platform: SlackPlatform
    url: str

    @property
    def core(self) -> Core:
        return self.world.core

    async def has(self, lines: Sequence[str]) -> None:
        """Have a roster, whose people are in Slack under the same addresses."""
        await self.world.import_lines(lines)
        there = {user.name for user in self.slack.workspace.users.values()}
        for name in self.world.ids.keys() - there:
            self.slack.add_user(name)
        await self.platform.sync_all()

    def actor(self, name: str) -> Actor:
        return self.slack.actor(name)

    def tell_slack_the_time(self) -> None:
        """Slack's clock goes on by itself, and the bot's as a test moves it."""
        self.slack.clock.move_to(self.world.clock.now().timestamp())

    async def settle(self) -> None:
        """Wait until each side has done what the other one set going."""
        await self.slack.settle()
        await self.platform.rest()
        await self.slack.settle()

    def last(self, name: str) -> Posted:
        """The newest message in somebody's conversation with the bot that stays there."""
        return self.slack.messages(name)[-1]


def settings_of(
    directory: Path, database_url: str, slack: FakeSlack, **more: str | int
) -> Settings:
    """One workspace by its token; over HTTP unless `more` says otherwise."""
    given: dict[str, object] = {
        "database_url": database_url,
        "wellbeing_data": directory,
        "wellbeing_prompts": PROMPTS,
        "wellbeing_slack_per_minute": PER_MINUTE,
        "slack_api_url": slack.api_url,
        "slack_bot_token": slack.bot_token(),
        "slack_signing_secret": slack.app.signing_secret,
        **more,
    }
    return Settings.model_validate(given)


def for_many(slack: FakeSlack, url: str) -> dict[str, str | int]:
    """What settings have for many workspaces instead of a token."""
    return {
        "slack_bot_token": "",
        "slack_client_id": slack.app.client_id,
        "slack_client_secret": slack.app.client_secret,
        "public_url": url,
        "wellbeing_secret_key": new_vault_key(),
        "wellbeing_slack_workspaces": "T0001,T0002",
    }


@asynccontextmanager
async def running(
    settings: Settings,
    clock: StillClock,
    slack: FakeSlack,
    port: int = 0,
    patience_s: float = PATIENCE_S,
) -> AsyncIterator[SlackBot]:
    """The bot as a process has it, but for the clock and its ticks, which are the test's.

    `patience_s` is for how long Socket Mode may be without a connection.
    """
    messengers, queue = Messengers(), queue_for(settings)
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(
            open_core(settings, clock, messengers, queue, Sides.BOTH)
        )
        await queue.start()
        stack.push_async_callback(queue.stop)
        platform = await stack.enter_async_context(slack_in_a_process.opened(settings, core))
        messengers.add(platform.messengers)
        app = web.Application()
        app.add_routes(platform.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await stack.enter_async_context(platform.listening(patience_s))
        if settings.slack_app_token:
            await slack.sockets.wait_for(1)
        slack.app.request_url = f"{url}/slack/events"
        bot = SlackBot(World(core, clock, MemoryPlatform(), {}), slack, platform, url)
        bot.tell_slack_the_time()
        yield bot
