"""The real program on Slack: started, killed, asked, told apart into web and worker, stopped."""

from __future__ import annotations

import asyncio
import re
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from adapters.slack.ids import workspace_of
from bot.store.accounts import accounts_at
from bot.store.database import Database
from tests.fakes.slack import FakeSlack, text_of
from tests.support.installation import LOOKS_EVERY_S, WITHIN_S, until
from tests.support.postgres import PostgresServer
from tests.support.slack_process import OnSlack, installation

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WORKING, ASLEEP = 30, 3
ENOUGH = 8  # messages, after which the bot is killed
WELCOME = "Hello from the Wellbeing Warrior"
SLOW_S = 0.25


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        yield running


@pytest.fixture
def by_http(slack: FakeSlack, tmp_path: Path) -> Iterator[OnSlack]:
    with installation(slack, _sqlite(tmp_path), tmp_path) as bot:
        yield bot


@pytest.fixture
def by_socket(slack: FakeSlack, tmp_path: Path) -> Iterator[OnSlack]:
    with installation(slack, _sqlite(tmp_path), tmp_path, socket_mode=True) as bot:
        yield bot


def _sqlite(directory: Path) -> str:
    return f"sqlite:///{directory / 'wellbeing.db'}"


async def _answers_a_press(bot: OnSlack, name: str) -> None:
    """The welcome becomes the same words for all, and its writer alone sees the others."""
    actor = bot.slack.actor(name)
    answered = await actor.presses("Yes, ask me")
    assert answered.status == 200
    await until(lambda: bool(bot.slack.messages(name)[-1].edited_ts), "the message has changed")
    assert "That's all for now" in text_of(bot.slack.messages(name)[-1].blocks)
    await until(
        lambda: any(
            "I'll ask you once a week" in text_of(each.blocks) for each in actor.ephemeral()
        ),
        "the notice has arrived",
    )


async def test_a_bot_killed_while_it_sends_misses_nobody_and_writes_to_nobody_twice(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    # What may have arrived is looked up after half a minute, so both wait at once.
    await asyncio.gather(
        _killed_and_started_again(_sqlite(tmp_path), tmp_path, []),
        _killed_and_started_again(postgres.create("on_slack_killed"), apart, ["--role", "worker"]),
    )


async def _killed_and_started_again(url: str, directory: Path, role: list[str]) -> None:
    async with FakeSlack.running() as slack:
        with installation(slack, url, directory) as bot:
            working, asleep = await bot.has(WORKING, ASLEEP)
            # Some are on their way at the kill, and Slack carries them out all the same.
            bot.settings["WELLBEING_SLACK_PER_MINUTE"] = "900"
            slack.faults.slow(SLOW_S, "chat.postMessage", times=None)
            first = await bot.runs(*role)
            await until(lambda: len(bot.deliveries()) >= ENOUGH, "some messages have arrived")
            assert await first.end(signal.SIGKILL) == -signal.SIGKILL
            await slack.settle()
            assert len(bot.deliveries()) < WORKING, "the kill came too late"

            second = await bot.runs(*role)
            await until(lambda: bot.welcomed(working), "everybody has been welcomed")
            assert "deliveries were in hand" in second.printed
            assert await second.end(signal.SIGTERM) == 0
            for name in working:
                assert [posted.text for posted in slack.messages(name)] == [WELCOME]
            assert [slack.messages(name) for name in asleep] == [[]] * ASLEEP
            assert set(bot.keys().values()) == {1}
            assert len(bot.keys()) == WORKING


async def test_by_socket_mode_it_welcomes_everybody_once_and_answers(
    by_socket: OnSlack,
) -> None:
    working, _ = await by_socket.has(WORKING)
    process = await by_socket.runs()
    assert "connected by Socket Mode" in process.printed
    await until(lambda: by_socket.welcomed(working), "everybody has been welcomed")
    assert by_socket.slack.sockets.connected
    await _answers_a_press(by_socket, working[-1])
    assert await process.end(signal.SIGTERM) == 0
    assert len(by_socket.deliveries()) == len(by_socket.keys()) == WORKING


async def test_doctor_and_sync_say_how_things_are_beside_a_running_bot(
    by_http: OnSlack,
) -> None:
    working, _ = await by_http.has(3)
    process = await by_http.runs()
    await until(lambda: by_http.welcomed(working), "everybody has been welcomed")
    by_http.slack.add_user("guest-of-nobody")

    synced = await by_http.command("roster", "sync")
    assert synced.status == 0
    assert "3 people of the roster are there" in synced.out
    assert "1 members aren't on the roster" in synced.out

    examined = await by_http.command("doctor")
    # Where a test keeps its keys is on a disk.
    assert re.findall(r"^not well  (?!Keys)(.*)", examined.out, re.MULTILINE) == []
    for name in ("Database", "Token", "Scopes", "Signing secret", "Address"):
        assert re.search(f"^well      {name}:", examined.out, re.MULTILINE), name
    assert await process.end(signal.SIGTERM) == 0
    assert len(by_http.deliveries()) == len(working)


async def test_a_roster_that_is_imported_beside_a_running_bot_has_its_accounts_soon(
    by_http: OnSlack, postgres: PostgresServer, tmp_path: Path
) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    async with FakeSlack.running() as slack:
        with installation(slack, postgres.create("on_slack_import"), apart) as on_postgres:
            await asyncio.gather(
                _imported_while_it_runs(by_http, []),
                _imported_while_it_runs(on_postgres, ["--role", "worker"]),
            )


async def _imported_while_it_runs(bot: OnSlack, role: list[str]) -> None:
    process = await bot.runs(*role)
    working, _ = await bot.has(3)
    database = Database(bot.url)
    async with asyncio.timeout(WITHIN_S), database.reading() as session:
        while len(await accounts_at(session, workspace_of("T0001"))) < len(working):
            await session.rollback()  # the next look is at what is there by then
            await asyncio.sleep(LOOKS_EVERY_S)
    await database.close()
    assert await process.end(signal.SIGTERM) == 0


async def test_web_answers_and_worker_sends(
    postgres: PostgresServer, slack: FakeSlack, tmp_path: Path
) -> None:
    with installation(slack, postgres.create("on_slack"), tmp_path) as bot:
        working, _ = await bot.has(WORKING)
        web = await bot.runs("--role", "web")
        answered = await slack.actor(working[0]).runs("/wellbeing", "help")
        assert answered.status == 200
        assert bot.deliveries() == []

        worker = await bot.runs("--role", "worker", PORT="0")
        await until(lambda: bot.welcomed(working), "everybody has been welcomed")
        await _answers_a_press(bot, working[0])
        assert [await process.end(signal.SIGTERM) for process in (web, worker)] == [0, 0]
        assert len(bot.deliveries()) == len(bot.keys()) == WORKING


async def test_a_token_that_slack_does_not_take_is_said_in_one_sentence(
    by_http: OnSlack,
) -> None:
    ended = await by_http.command("run", SLACK_BOT_TOKEN="xoxb-somebody-else's")
    assert ended.status == 1
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert "Slack doesn't take SLACK_BOT_TOKEN" in ended.err
    assert "wellbeing doctor" in ended.err
    assert "somebody-else" not in ended.err


async def test_a_bot_that_does_not_reach_slack_starts_only_if_it_knows_its_workspace(
    by_http: OnSlack,
) -> None:
    bot, slack = by_http, by_http.slack
    working, _ = await bot.has(3)
    slack.faults.cut(times=None)
    stranger = await bot.command("run")
    assert (stranger.status, stranger.err.count("\n")) == (1, 1)

    slack.faults.clear()
    assert (await bot.command("roster", "sync")).status == 0
    for method in ("auth.test", "users.list"):
        slack.faults.cut(method, times=None)
    process = await bot.runs()
    assert "Slack can't be reached" in process.printed
    await until(lambda: bot.welcomed(working), "everybody has been welcomed")
    await _answers_a_press(bot, working[0])
    assert await process.end(signal.SIGTERM) == 0
    assert len(bot.deliveries()) == len(bot.keys()) == len(working)
