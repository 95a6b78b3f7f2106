"""Sending on Teams, to a fake one that takes its time.

The peers post the same activities with as many requests in flight, keep nothing and ask nothing:
botbuilder by its own adapter, as a bot that is made with it does; and bare aiohttp on one session.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import aiohttp
from botbuilder.core import BotFrameworkAdapter, BotFrameworkAdapterSettings, TurnContext
from botbuilder.schema import (
    Activity,
    ChannelAccount,
    ConversationAccount,
    ConversationReference,
)
from botframework.connector.auth import AppCredentials
from sqlalchemy import insert
from yarl import URL

from adapters.outbound import shared_session
from adapters.teams.activities import message_activity
from adapters.teams.connector import Connector
from adapters.teams.ids import workspace_of
from adapters.teams.messenger import TeamsMessenger
from adapters.teams.tokens import AppToken
from benchmarks.bench import Bench, DatabaseName, Place
from benchmarks.measure import Runs, by_turns, timed
from benchmarks.report import Row, row_of
from benchmarks.sending import planned
from benchmarks.teams_server import Access, Server, account_of, chat_of, teams_process
from benchmarks.world import MONDAY_TEN, MemoryMessenger, RunningClock, core_at, settings_of
from bot.app import Messengers, open_core
from bot.domain.pace import SendingLimits
from bot.keyrings import Sides
from bot.store.tables import Conversation
from bot.usecases.core import RealTimer
from bot.usecases.deliver import deliver

LATENCY_S: Final = 0.1
IN_FLIGHT: Final = 64
PEOPLE, FEW = 2_000, 300
# botbuilder takes some seconds for so many.
BOTBUILDERS, BOTBUILDERS_FEW = 300, 60
SECONDS: Final = 60.0
LONGEST_S: Final = 120.0  # for one run; it fails if sending stops on the way

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Letter:
    """What ours sends, ready to go: to aiohttp as a request, to botbuilder as an activity."""

    chat_id: str
    url: URL
    body: bytes
    activity: Activity


Post = Callable[[Letter], Awaitable[None]]


async def teams_sending(bench: Bench) -> list[Row]:
    people, fewer = (FEW, BOTBUILDERS_FEW) if bench.quick else (PEOPLE, BOTBUILDERS)
    with teams_process(bench.directory / "teams.log", people) as server:
        return [
            row
            for database in bench.databases
            for row in await _sending(bench, server, database, people, fewer)
        ]


async def _sending(
    bench: Bench, server: Server, database: DatabaseName, people: int, fewer: int
) -> list[Row]:
    template, access = bench.place("teams", database), server.access
    workspace_id = workspace_of(access.tenant_id)
    await planned(template, people, workspace_id)
    await _meet(template, people, workspace_id, access.service_url)
    letters = await _letters(bench, template, workspace_id, access.service_url)
    wrong: set[str] = set()

    def per_second(sent: int, seconds: float) -> float:
        counts = server.counts()
        if not counts.messages == counts.people == sent:
            wrong.add(f"{counts.messages} messages came to {counts.people} of {sent} people")
        return sent / seconds

    async def ours() -> float:
        server.forget(LATENCY_S)
        with bench.copy_of(template) as place:
            return per_second(people, await _ours(place, workspace_id, access))

    async def aiohttps() -> float:
        server.forget(LATENCY_S)
        return per_second(people, await _by_aiohttp(access, letters))

    async def botbuilders() -> float:
        server.forget(LATENCY_S)
        return per_second(fewer, await _by_botbuilder(access, letters[:fewer]))

    figures = await by_turns(bench.turns, SECONDS, ours, aiohttps, botbuilders)
    mind = ", ".join(sorted(wrong))
    name = f"Sending {people:,} messages on Teams at {LATENCY_S * 1000:.0f} ms"
    return [
        row_of(
            f"{name} on {database}",
            "messages/s",
            Runs(figures[0], figures[1]),
            against=f"bare aiohttp posting the same on one session, {IN_FLIGHT} in flight as ours",
            goal="≥ 0.8",
            mind=mind,
        ),
        row_of(
            f"{name} on {database}, and by botbuilder",
            "messages/s",
            Runs(figures[0], figures[2]),
            against=f"botbuilder's own sending of {fewer} of them, {IN_FLIGHT} turns at once",
            goal="≥ 5",
            mind=mind,
        ),
    ]


async def _meet(place: Place, people: int, workspace_id: str, service_url: str) -> None:
    """Have the bot know where everybody is posted to, as if they had installed it."""
    rows = [
        {
            "workspace_id": workspace_id,
            "external_id": account_of(number),
            "conversation_id": chat_of(account_of(number)),
            "service_url": service_url,
        }
        for number in range(people)
    ]
    async with core_at(place, MONDAY_TEN) as core, core.database.writing() as session:
        await session.execute(insert(Conversation), rows)


async def _letters(
    bench: Bench, template: Place, workspace_id: str, service_url: str
) -> Sequence[Letter]:
    """What ours sends."""
    messenger = MemoryMessenger()
    with bench.copy_of(template) as place:
        async with core_at(place, MONDAY_TEN, messenger, workspace_id) as core:
            await asyncio.wait_for(deliver(core, workspace_id), LONGEST_S)
    return [
        _letter(service_url, chat_of(to.external_id), message_activity(message))
        for to, message, _ in messenger.posted
    ]


def _letter(service_url: str, chat_id: str, activity: Json) -> Letter:
    url = f"{service_url}v3/conversations/{quote(chat_id, safe='')}/activities"
    body = json.dumps(activity).encode()
    return Letter(chat_id, URL(url, encoded=True), body, Activity().deserialize(activity))


# --- ours ----------------------------------------------------------------------------------


async def _ours(place: Place, workspace_id: str, access: Access) -> float:
    """How many seconds it takes to send all that is due."""
    # What has failed is due again later.
    messengers, timer, clock = Messengers(), RealTimer(), RunningClock(MONDAY_TEN)
    async with (
        shared_session(timer) as session,
        open_core(settings_of(place), clock, messengers, sides=Sides.BOTH) as core,
    ):
        token = AppToken(session, access.login_url, access.credentials, clock, timer)
        messenger = TeamsMessenger(core, Connector(session, token, timer), timer, "miss")
        messenger.limits = SendingLimits(in_flight=IN_FLIGHT, can_be_asked=False)
        messengers.add({workspace_id: messenger})
        await token.token()  # the peers have theirs, too
        async with timed() as watch:
            await asyncio.wait_for(deliver(core, workspace_id), LONGEST_S)
    return watch.seconds


# --- the peers -----------------------------------------------------------------------------


async def _by_aiohttp(access: Access, letters: Sequence[Letter]) -> float:
    """How many seconds bare aiohttp takes."""
    headers = {"Authorization": f"Bearer {access.token}", "Content-Type": "application/json"}
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def post(letter: Letter) -> None:
            async with session.post(letter.url, data=letter.body) as response:
                await response.read()
                response.raise_for_status()

        return await _post_all(letters, post)


class _HasToken(AppCredentials):  # type: ignore[misc]
    """Asks nobody for a token: ours has one from the start, too."""

    def __init__(self, access: Access) -> None:
        super().__init__(access.app_id)
        self._token = access.token

    def get_access_token(self, force_refresh: bool = False) -> str:
        return self._token


async def _by_botbuilder(access: Access, letters: Sequence[Letter]) -> float:
    """How many seconds botbuilder takes, with a turn for each message."""
    settings = BotFrameworkAdapterSettings(access.app_id, app_credentials=_HasToken(access))
    adapter = BotFrameworkAdapter(settings)

    async def post(letter: Letter) -> None:
        async def turn(context: TurnContext) -> None:
            await context.send_activity(letter.activity)

        reference = ConversationReference(
            bot=ChannelAccount(id=f"28:{access.app_id}"),
            conversation=ConversationAccount(id=letter.chat_id),
            channel_id="msteams",
            service_url=access.service_url,
        )
        await adapter.continue_conversation(reference, turn, access.app_id)

    return await _post_all(letters, post)


async def _post_all(letters: Sequence[Letter], post: Post) -> float:
    """How many seconds it takes to post them, so many at a time."""
    left = iter(letters)
    async with timed() as watch:
        posting = asyncio.gather(*(_post_each(left, post) for _ in range(IN_FLIGHT)))
        await asyncio.wait_for(posting, LONGEST_S)
    return watch.seconds


async def _post_each(left: Iterator[Letter], post: Post) -> None:
    for letter in left:
        await post(letter)
