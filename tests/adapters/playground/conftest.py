"""The playground as it runs: its own store, its own server on a loopback port, the real core."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.content import PromptLibrary
from adapters.playground import (
    PREFIX,
    CoreBot,
    Hub,
    PlaygroundClock,
    PlaygroundMessenger,
    PlaygroundStore,
    playground_app,
)
from bot.domain.roster import read_roster
from bot.usecases.core import Core
from bot.usecases.directory import everyone
from bot.usecases.import_roster import import_roster
from bot.usecases.launch import start_welcomes
from tests.support.clock import MONDAY_MORNING, StillClock
from tests.support.core import open_core
from tests.support.organisation import HEADER, team_of

Json = dict[str, Any]
Client = TestClient[web.Request, web.Application]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[PlaygroundStore]:
    opened = await PlaygroundStore.open(tmp_path / "playground.db")
    yield opened
    await opened.close()


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def real() -> StillClock:
    """Real time, as the playground's clock reads it."""
    return StillClock(MONDAY_MORNING)


@pytest.fixture
async def moving(store: PlaygroundStore, real: StillClock) -> PlaygroundClock:
    return await PlaygroundClock.open(store, real.now)


@pytest.fixture
def messenger(store: PlaygroundStore, hub: Hub, moving: PlaygroundClock) -> PlaygroundMessenger:
    return PlaygroundMessenger(store, hub, moving)


@pytest.fixture
async def town(
    tmp_path: Path,
    empty_database: Path,
    library: PromptLibrary,
    moving: PlaygroundClock,
    messenger: PlaygroundMessenger,
) -> AsyncIterator[Core]:
    """The real core with the playground as its platform, and a team of nine and their manager."""
    shutil.copy(empty_database, tmp_path / "wellbeing.db")
    rows = read_roster("\n".join([HEADER, *team_of(9)]), ["en"])
    async with open_core(tmp_path, library, moving, messenger) as core:
        await import_roster(core, rows, "Test Council")
        await start_welcomes(core)
        yield core


@dataclass(frozen=True)
class Page:
    """What the page's own scripts would ask of the server."""

    client: Client
    ids: dict[str, str]

    @property
    def origin(self) -> str:
        return f"http://{self.client.host}:{self.client.port}"

    async def state(self, name: str) -> Json:
        response = await self.client.get(f"{PREFIX}/api/state", params={"person": self.ids[name]})
        assert response.status == 200
        return dict(await response.json())

    async def direct(self, name: str) -> list[Json]:
        return list((await self.state(name))["direct"]["messages"])

    async def post(self, path: str, body: Json) -> tuple[int, Json]:
        headers = {"Origin": self.origin}
        response = await self.client.post(f"{PREFIX}/api/{path}", json=body, headers=headers)
        return response.status, dict(await response.json())

    async def tap(self, name: str, message: Json, button: Json) -> tuple[int, Json]:
        body = {
            "person": self.ids[name],
            "conversation": f"dm:{self.ids[name]}",
            "message_id": message["id"],
            "action": button["action"],
            "value": button["value"],
        }
        return await self.post("tap", body)

    async def move(self, move: str) -> str:
        status, answer = await self.post("clock", {"move": move})
        assert status == 200
        return str(answer["text"])


@pytest.fixture
async def page(
    town: Core,
    store: PlaygroundStore,
    moving: PlaygroundClock,
    hub: Hub,
    messenger: PlaygroundMessenger,
) -> AsyncIterator[Page]:
    root = web.Application()
    root.add_subapp(PREFIX, playground_app(CoreBot(town), store, moving, hub, messenger))
    async with TestClient(TestServer(root, host="127.0.0.1")) as client:
        yield Page(client, {card.name.lower(): card.id for card in await everyone(town)})
