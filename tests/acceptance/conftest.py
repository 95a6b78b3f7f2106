from __future__ import annotations

import asyncio

import pytest
import pytest_asyncio

from tests.acceptance.bot_process import Home
from tests.acceptance.townsfolk import asks_daily, everybody_opts_in
from tests.support.organisation import HEADER, line, team_of

TEAM, RESTING = "Services / Housing", "Corporate / Digital"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def village(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small organisation on the Sunday before its first week: one team is large enough to be
    counted, one isn't. Everybody has said yes to pulses, and one person to daily check-ins.
    """
    home = Home(tmp_path_factory.mktemp("village") / "home")
    admin = line("admin", RESTING, "", roles="admin")
    lines = [HEADER, *team_of(12, TEAM), admin, *(line(f"d{n}", RESTING, "admin") for n in "abc")]
    await home.begin_at()
    await asyncio.to_thread(home.import_roster, "\n".join(lines))
    async with home.running() as bot:
        people = await bot.people()
        await bot.tap(next(p["id"] for p in people if p["name"] == "Admin"), "admin.launch")
        await everybody_opts_in(bot)
        await asks_daily(bot, people[:1])
        await bot.stop()
    return home
