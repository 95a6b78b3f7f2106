"""An organisation whose people are on Slack, in Teams or in both, on one bot in one process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from adapters.slack.platform import SlackPlatform
from adapters.teams.platform import TeamsPlatform
from bot import chats
from bot.app import Messengers, open_core, queue_for
from bot.keyrings import Sides
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.reading import text_of as slack_text_of
from tests.fakes.teams import FakeTeams, text_of
from tests.support import slack_bot, teams_bot
from tests.support.clock import StillClock
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform


@dataclass
class Organisation:
    world: World
    slack: FakeSlack
    teams: FakeTeams
    on_slack: SlackPlatform
    on_teams: TeamsPlatform

    async def settle(self) -> None:
        for _ in range(2):
            await self.slack.settle()
            await self.on_slack.rest()
            await self.on_teams.rest()

    async def has(self, slacks: Collection[str], in_teams: Collection[str]) -> None:
        """Have these people of the roster on Slack, and those in Teams with the app."""
        for name in slacks:
            self.slack.add_user(name)
        await self.on_slack.sync_all()
        for name in in_teams:
            await self.teams.actor(self.teams.add_person(name)).installs()
        await self.settle()

    def in_slack(self, name: str) -> list[str]:
        return [slack_text_of(posted.blocks) for posted in self.slack.messages(name)]

    def in_teams(self, name: str) -> list[str]:
        return ["\n".join(map(text_of, sent.cards)) for sent in self.teams.messages(name)]


@asynccontextmanager
async def organisation(
    directory: Path, clock: StillClock, database_url: str
) -> AsyncIterator[Organisation]:
    """One bot on a fake Slack and a fake Teams."""
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(FakeSlack.running())
        teams = await stack.enter_async_context(FakeTeams.running())
        settings = teams_bot.settings_of(
            directory,
            database_url,
            teams,
            slack_api_url=slack.api_url,
            slack_bot_token=slack.bot_token(),
            slack_signing_secret=slack.app.signing_secret,
            wellbeing_slack_per_minute=slack_bot.PER_MINUTE,
        )
        messengers, queue = Messengers(), queue_for(settings)
        core = await stack.enter_async_context(
            open_core(settings, clock, messengers, queue, Sides.BOTH)
        )
        await queue.start()
        stack.push_async_callback(queue.stop)
        app, platforms = web.Application(), {}
        for chat in await stack.enter_async_context(chats.opened(settings, core)):
            messengers.add(chat.platform.messengers)
            app.add_routes(chat.platform.routes())
            platforms[chat.name] = chat.platform
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        slack.app.request_url, teams.app.request_url = f"{url}/slack/events", f"{url}/api/messages"
        on_slack, on_teams = platforms["Slack"], platforms["Teams"]
        assert isinstance(on_slack, SlackPlatform)
        assert isinstance(on_teams, TeamsPlatform)
        world = World(core, clock, MemoryPlatform(), {})
        yield Organisation(world, slack, teams, on_slack, on_teams)
