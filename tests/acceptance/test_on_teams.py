"""The real program on Teams: killed while it sends, and started again."""

from __future__ import annotations

import asyncio
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from adapters.teams.messenger import IN_FLIGHT
from bot.domain.delivery import DeliveryState
from bot.store.database import Database
from bot.store.tables import Account, Delivery
from tests.fakes.teams import FakeTeams, text_of
from tests.support.installation import LOOKS_EVERY_S, WITHIN_S, until
from tests.support.postgres import PostgresServer
from tests.support.teams_process import OnTeams, installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WORKING = 60
ENOUGH = 8  # messages on their way, after which the bot is killed
SLOW_S = 8.0
SOME = 6
GREETING = 1  # it says what can be typed, too


@dataclass(frozen=True, slots=True)
class Left:
    """Whose welcome was in which state when a bot had been killed."""

    claimed: set[str]
    unknown: set[str]


async def test_a_kill_while_it_sends_puts_only_what_was_on_its_way_in_doubt(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    bots = [
        (f"sqlite:///{tmp_path / 'wellbeing.db'}", "miss"),
        (postgres.create("on_teams_missing"), "miss"),
        (postgres.create("on_teams_repeating"), "repeat"),
    ]
    directories = [tmp_path / unknown / url[:6] for url, unknown in bots]
    for directory in directories:
        directory.mkdir(parents=True)
    # What may have arrived is decided on after half a minute, so all wait at once.
    await asyncio.gather(
        *(
            _killed_and_started_again(url, directory, unknown)
            for (url, unknown), directory in zip(bots, directories, strict=True)
        )
    )


async def _killed_and_started_again(url: str, directory: Path, unknown: str) -> None:
    async with FakeTeams.running() as teams:
        with installation(teams, url, directory, WELLBEING_TEAMS_UNKNOWN=unknown) as bot:
            before = await bot.runs()
            working = await bot.has(WORKING)
            assert await before.end(signal.SIGTERM) == 0
            await bot.launch()

            # Teams takes its time, and carries them out all the same.
            teams.faults.slow(SLOW_S, "send", times=None)
            greetings = len(teams.calls("send"))
            first = await bot.runs()
            await until(
                lambda: len(teams.calls("send")) >= greetings + ENOUGH, "some are on their way"
            )
            assert await first.end(signal.SIGKILL) == -signal.SIGKILL
            left = await _left(bot)
            assert left.claimed, "the kill came too late"
            assert 0 < len(left.unknown) <= IN_FLIGHT

            teams.faults.clear()
            second = await bot.runs()
            await _until_all_are_sent(bot)
            assert await second.end(signal.SIGTERM) == 0

            welcomes = bot.welcomes(working)
            assert {welcomes[name] for name in set(working) - left.unknown} == {1}
            # These had arrived, or the kill was in the instant before they went out.
            assert {welcomes[name] - (unknown == "repeat") for name in left.unknown} <= {0, 1}


async def _left(bot: OnTeams) -> Left:
    found: dict[str, set[str]] = {}
    for name, state in await _states(bot):
        found.setdefault(state, set()).add(name)
    return Left(
        claimed=found.get(DeliveryState.CLAIMED, set()),
        unknown=found.get(DeliveryState.UNKNOWN, set()),
    )


async def _until_all_are_sent(bot: OnTeams) -> None:
    async with asyncio.timeout(WITHIN_S):
        while True:
            if {state for _, state in await _states(bot)} == {DeliveryState.SENT}:
                return
            await asyncio.sleep(LOOKS_EVERY_S)


async def _states(bot: OnTeams) -> list[tuple[str, str]]:
    """Whose delivery is in which state."""
    query = select(col(Account.external_id), col(Delivery.state)).join(
        Delivery, col(Delivery.person_id) == col(Account.person_id)
    )
    database = Database(bot.url)
    async with database.reading() as session:
        rows = [(row[0], row[1]) for row in await session.execute(query)]
    await database.close()
    return [(bot.teams.tenant.person(account).handle, state) for account, state in rows]


async def test_web_answers_and_worker_sends(postgres: PostgresServer, tmp_path: Path) -> None:
    async with FakeTeams.running() as teams:
        with installation(teams, postgres.create("on_teams"), tmp_path) as bot:
            web = await bot.runs("--role", "web")
            working = await bot.has(SOME)
            await bot.launch()
            worker = await bot.runs("--role", "worker", PORT="0")
            everybody = dict.fromkeys(working, 1)
            await until(lambda: bot.welcomes(working) == everybody, "everybody is welcomed")
            actor = teams.actor(working[-1])
            assert (await actor.presses("Yes, ask me")).status == 200
            await until(lambda: "That's all for now" in _words(teams, working[-1]), "it changed")
            assert "I'll ask you once a week" in actor.notices()[-1]

            # What Teams tells twice has one effect, also at the same time.
            line = actor.line_of("help")
            answered = await asyncio.gather(*(teams.sends(line) for _ in range(4)))
            assert {each.status for each in answered} == {200}
            await until(lambda: "You can type" in _words(teams, working[-1]), "it is answered")
            assert await web.end(signal.SIGTERM) == 0
            assert await worker.end(signal.SIGTERM) == 0
            shown = "\n".join(_cards(teams, working[-1]))
            assert shown.count("You can type one of these") == 1 + GREETING
            assert bot.welcomes(working[:-1]) == dict.fromkeys(working[:-1], 1)


def _words(teams: FakeTeams, name: str) -> str:
    return _cards(teams, name)[-1]


def _cards(teams: FakeTeams, name: str) -> list[str]:
    return ["\n".join(map(text_of, sent.cards)) for sent in teams.messages(name)]
