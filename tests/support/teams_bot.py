"""The bot on a fake Teams, in one process: the real SDK, and real HTTP both ways."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from adapters.teams.ids import workspace_of
from adapters.teams.platform import TeamsPlatform
from bot import teams as teams_in_a_process
from bot.app import Messengers, open_core, queue_for
from bot.keyrings import Sides
from bot.settings import Settings
from bot.usecases.core import Core
from tests.fakes.teams import Actor, FakeTeams, Sent
from tests.support.clock import StillClock
from tests.support.organisation import World
from tests.support.platform import MemoryPlatform
from tests.support.timer import SkippingTimer

PROMPTS = Path(__file__).parent.parent.parent / "prompts"


@dataclass
class TeamsBot:
    """`world` is the bot's side, and `teams` is Microsoft's."""

    world: World
    teams: FakeTeams
    platform: TeamsPlatform
    timer: SkippingTimer
    url: str

    @property
    def core(self) -> Core:
        return self.world.core

    @property
    def workspace_id(self) -> str:
        return workspace_of(self.teams.tenant.id)

    async def has(self, lines: Sequence[str], *, channel: bool = False) -> None:
        """Have a roster, whose people are in Teams under the same addresses, with the app."""
        await self.world.import_lines(lines, channel=channel)
        for name in self.world.ids:
            person = self.teams.add_person(name)
            await self.teams.actor(person).installs()
        await self.settle()

    def actor(self, name: str) -> Actor:
        return self.teams.actor(name)

    async def settle(self) -> None:
        """Wait until the bot has carried out its replies."""
        await self.platform.rest()

    def last(self, name: str) -> Sent:
        """The newest message in somebody's chat with the bot."""
        return self.actor(name).messages()[-1]


def settings_of(
    directory: Path, database_url: str, teams: FakeTeams, **more: str | int
) -> Settings:
    """A single-tenant bot with a client secret, unless `more` says otherwise."""
    given: dict[str, object] = {
        "database_url": database_url,
        "wellbeing_data": directory,
        "wellbeing_prompts": PROMPTS,
        "microsoft_app_id": teams.app.id,
        "microsoft_app_password": teams.app.password,
        "microsoft_app_tenant_id": teams.tenant.id,
        "wellbeing_teams_login_url": teams.login_url,
        "wellbeing_teams_openid_url": teams.openid_url,
        **more,
    }
    return Settings.model_validate(given)


@asynccontextmanager
async def running(
    settings: Settings, clock: StillClock, teams: FakeTeams, port: int = 0
) -> AsyncIterator[TeamsBot]:
    """The bot as a process has it, but for the clock and its ticks, which are the test's."""
    messengers, queue, timer = Messengers(), queue_for(settings), SkippingTimer()
    async with AsyncExitStack() as stack:
        core = await stack.enter_async_context(
            open_core(settings, clock, messengers, queue, Sides.BOTH)
        )
        await queue.start()
        stack.push_async_callback(queue.stop)
        platform = await stack.enter_async_context(teams_in_a_process.opened(settings, core, timer))
        messengers.add(platform.messengers)
        app = web.Application()
        app.add_routes(platform.routes())
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        teams.app.request_url = f"{url}/api/messages"
        yield TeamsBot(World(core, clock, MemoryPlatform(), {}), teams, platform, timer, url)
