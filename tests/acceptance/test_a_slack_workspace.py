"""A workspace of two hundred people: installed, used for two weeks, removed and installed again."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.acting import Actor
from tests.fakes.slack.reading import text_of
from tests.support.clock import StillClock
from tests.support.organisation import line
from tests.support.slack_bot import SlackBot, for_many, running, settings_of

TEAMS, TEAM_SIZE = 10, 19  # and a manager each
PER_SECOND, BURST = 20, 20
LOST = 0.05
WELCOMED = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
CHECKED_IN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
LANDED = timedelta(minutes=1)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def roster() -> list[str]:
    lines = []
    for number in range(TEAMS):
        team, boss = f"Services / Team {number}", f"boss{number}"
        lines.append(line(boss, team, ""))
        lines += [line(f"p{number}-{each}", team, boss) for each in range(TEAM_SIZE)]
    return lines


def staff(team: int = 0) -> list[str]:
    return [f"p{team}-{each}" for each in range(TEAM_SIZE)]


@asynccontextmanager
async def installed(
    tmp_path: Path, sqlite_url: str, clock: StillClock, slack: FakeSlack, *, socket_mode: bool
) -> AsyncIterator[SlackBot]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    more = for_many(slack, f"http://127.0.0.1:{port}")
    more["wellbeing_slack_per_minute"] = PER_SECOND * 60
    if socket_mode:
        more["slack_app_token"] = slack.app.app_token
    settings = settings_of(tmp_path, sqlite_url, slack, **more)
    async with running(settings, clock, slack, port) as bot:
        for name in (each.split(",")[0].lower() for each in roster()):
            slack.add_user(name, email=f"{name}@example.org")
        await bot.world.import_lines(roster())
        await install(bot)
        yield bot


async def install(bot: SlackBot) -> None:
    page = await bot.slack.installs(bot.url)
    assert page.status == 200
    await bot.settle()


@pytest.mark.parametrize("socket_mode", [False, True], ids=["http", "socket mode"])
async def test_two_hundred_people_in_slack(
    tmp_path: Path, sqlite_url: str, clock: StillClock, *, socket_mode: bool
) -> None:
    async with (
        FakeSlack.running() as slack,
        installed(tmp_path, sqlite_url, clock, slack, socket_mode=socket_mode) as bot,
    ):
        await _welcome_everybody_under_a_quota(bot)
        await _answer_check_ins(bot)
        await _answer_a_pulse(bot)
        await _every_command_and_surface(bot)
        await _read_the_summary(bot)
        await _remove_and_install_again(bot)


async def _welcome_everybody_under_a_quota(bot: SlackBot) -> None:
    """One reply in twenty is lost, and Slack takes so many a second and no more."""
    quota = bot.slack.faults.limit(PER_SECOND, BURST, method="chat.postMessage")
    lost = bot.slack.faults.lose_replies("chat.postMessage", times=None, share=LOST)
    await bot.world.launch()
    await bot.world.live_until(WELCOMED)
    await bot.world.live_until(WELCOMED + LANDED)  # what may have arrived is looked up
    bot.slack.faults.quotas.remove(quota)
    bot.slack.faults.waiting.remove(lost)
    await bot.world.live_until(WELCOMED + 2 * LANDED)
    texts = Counter(
        (name, posted.text) for name in bot.world.ids for posted in bot.slack.messages(name)
    )
    assert texts == {(name, "Hello from the Wellbeing Warrior"): 1 for name in bot.world.ids}
    assert not [call for call in bot.slack.calls("chat.postMessage") if call.status == 429]


async def _answer_check_ins(bot: SlackBot) -> None:
    for name in staff():
        await bot.actor(name).presses("Yes, ask me")
    await bot.settle()
    await bot.world.live_until(CHECKED_IN)
    answers = ["Doing well", "Skip", "Not now", "Finding it hard"]
    for place, name in enumerate(staff()):
        await bot.actor(name).presses(_labelled(bot.actor(name), answers[place % len(answers)]))
    await bot.settle()
    left = {text_of(bot.last(name).blocks) for name in staff()}
    assert len(left) == 1


def _labelled(actor: Actor, words: str) -> str:
    """A button's whole label, which may begin with a picture."""
    texts = (text for posted in actor.messages() for text in text_of(posted.blocks).splitlines())
    return next(text for text in texts if text.endswith(words))


async def _answer_a_pulse(bot: SlackBot) -> None:
    await bot.world.live_until(WEDNESDAY)
    for name in staff():
        actor = bot.actor(name)
        await actor.presses("pulse.form")
        await bot.settle()
        fields = [block["block_id"] for block in actor.modal().blocks if block["type"] == "input"]
        await actor.submits(dict.fromkeys(fields, "4"))
        await actor.closes(every=True)


async def _every_command_and_surface(bot: SlackBot) -> None:
    actor = bot.actor("p1-0")
    for word in ("help", "pause", "resume", "support", "privacy", "anything else"):
        assert (await actor.runs("/wellbeing", word)).status == 200
    assert len(actor.ephemeral()) == 6
    await actor.runs("/wellbeing", "settings")
    await bot.settle()
    await actor.submits({"check_ins": "daily"})
    await actor.closes(every=True)
    await actor.uses_shortcut("talk_to_someone")
    await bot.settle()
    await actor.closes(every=True)
    await actor.opens_home()
    await bot.settle()
    assert actor.home() is not None


async def _read_the_summary(bot: SlackBot) -> None:
    await bot.world.live_until(SATURDAY)
    summary = bot.last("boss0")
    assert any(block["type"] == "data_visualization" for block in summary.blocks)
    assert "between 3 and 5" in text_of(summary.blocks)


async def _remove_and_install_again(bot: SlackBot) -> None:
    bot.slack.clock.move_by(60)
    answers = await bot.slack.uninstalls()
    assert all(answer.acknowledged for answer in answers)
    await bot.settle()
    before = len(bot.slack.messages("p1-0"))
    await bot.world.live_until(SATURDAY + timedelta(days=4))
    assert len(bot.slack.messages("p1-0")) == before
    bot.slack.clock.move_by(60)
    await install(bot)
    await bot.world.live_until(SATURDAY + timedelta(days=9))
    after = [posted.text for posted in bot.slack.messages("p1-0")][before:]
    assert "Hello from the Wellbeing Warrior" not in after
    assert "How are you arriving today?" in after
