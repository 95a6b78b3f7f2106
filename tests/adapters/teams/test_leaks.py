"""Nothing that somebody types or chooses in Teams is in a line of the log, and nor is a secret."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.fakes.teams import FakeTeams
from tests.support.away import database_away
from tests.support.canary_prompts import CANARY, QUESTION, canary_prompts
from tests.support.clock import StillClock
from tests.support.desk import PEOPLE, volunteer
from tests.support.organisation import team_of
from tests.support.printing import printing
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot, running, settings_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
# A question's id before a number, as in a dictionary of answers: {"asked-4": "5"}.
ANSWER: Final = re.compile(rf"\b{QUESTION}-\d+(?:[\"' ]*[:=,][\"' ]*|[\"' ]+)\d")
LIBRARIES: Final = ("botbuilder", "botframework", "msrest", "aiohttp", "asyncio", "jwt", "urllib3")


class Log:
    """Everything that is logged by anybody, at the most talkative."""

    def __init__(self, printed: io.StringIO, caught: pytest.LogCaptureFixture) -> None:
        self._printed, self._caught = printed, caught

    @property
    def text(self) -> str:
        records = "\n".join(str(vars(record)) for record in self._caught.records)
        return f"{self._printed.getvalue()}\n{self._caught.text}\n{records}"

    def is_clean(self, teams: FakeTeams) -> bool:
        secrets = [CANARY, teams.app.password, "Bearer ey", teams.token()]
        found = [secret for secret in secrets if secret in self.text]
        assert [*found, *ANSWER.findall(self.text)] == []
        return True


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[Log]:
    with printing() as printed:
        yield Log(printed, caplog)


@pytest.fixture
async def talkative(
    tmp_path: Path,
    sqlite_url: str,
    clock: StillClock,
    fake_teams: FakeTeams,
    log: Log,
    caplog: pytest.LogCaptureFixture,
) -> AsyncIterator[TeamsBot]:
    """A bot whose every answer is a canary, with libraries that are asked to tell everything."""
    prompts = str(canary_prompts(tmp_path / "prompts"))
    settings = settings_of(tmp_path, sqlite_url, fake_teams, wellbeing_prompts=prompts)
    async with running(settings, clock, fake_teams) as bot:
        with ExitStack() as stack:
            for name in LIBRARIES:
                stack.enter_context(caplog.at_level(logging.DEBUG, logger=name))
            yield bot


def label_of(bot: TeamsBot, name: str, number: int) -> str:
    """The label of a check-in's answer, from best to hardest, as it stands on the card."""
    shown = str(bot.actor(name).cards())
    found = re.search(rf"'([^']*{CANARY}-label-{number})'", shown)
    assert found is not None
    return found[1]


async def fields_of_the_pulse(bot: TeamsBot, name: str) -> list[str]:
    actor = bot.actor(name)
    await actor.opens("Answer")
    return [each["id"] for each in actor.dialog().card["body"] if each["type"].startswith("Input")]


async def test_no_line_tells_how_somebody_is_or_what_they_answered(
    talkative: TeamsBot, log: Log
) -> None:
    bot = talkative
    await bot.has(team_of(9))
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    names = [name for name in bot.world.ids if name != "boss"]
    for name in names:
        await bot.actor(name).presses("Yes, ask me")
    await bot.world.live_until(MONDAY_NOON)
    for number, name in enumerate(names[:5]):
        await bot.actor(name).presses(label_of(bot, name, number))
    await bot.settle()
    assert f"{CANARY}-reply" in "".join(bot.actor(names[0]).notices())
    await bot.world.live_until(WEDNESDAY)
    for name in names:
        fields = await fields_of_the_pulse(bot, name)
        await bot.actor(name).submits(dict.fromkeys(fields, "4"))
        bot.actor(name).closes()
    await bot.world.live_until(FRIDAY)
    await bot.settle()
    assert log.is_clean(bot.teams)


async def test_no_line_tells_what_failed_with_it(talkative: TeamsBot, log: Log) -> None:
    bot = talkative
    await bot.has(team_of(9))
    await bot.world.launch()
    await bot.world.live_until(MONDAY_NOON)
    actor = bot.actor("boss-1")
    async with database_away(bot.core):
        await actor.presses(label_of(bot, "boss-1", 0))
        await actor.types(f"{CANARY} is what I typed")
    bot.teams.faults.answer("ServiceUnavailable", "send", times=2)
    await actor.types(f"{CANARY} once more")
    await bot.settle()
    press = actor.press_of(label_of(bot, "boss-1", 1))
    press["value"]["action"]["data"] = {"value": [CANARY]}
    await bot.teams.sends(press)
    await bot.teams.sends_raw(f'{{"text": "{CANARY}"')
    await bot.settle()
    assert log.is_clean(bot.teams)


async def test_no_word_of_a_conversation_is_logged_or_kept(talkative: TeamsBot, log: Log) -> None:
    bot = talkative
    await bot.has(PEOPLE)
    await bot.world.launch()
    await volunteer(bot.world, "wes")
    await bot.world.live_until(TUESDAY_MORNING)
    asker, helper = bot.actor("ann"), bot.actor("wes")
    await asker.types("talk to someone")
    await bot.settle()
    await asker.opens("Ask for somebody")
    await asker.submits({})
    asker.closes()
    await bot.world.live_until(bot.world.clock.now())
    await helper.presses("I can take this")
    for _ in range(2):
        await bot.world.live_until(bot.world.clock.now())
        await bot.settle()
    await asker.types(f"{CANARY} keeps me awake")
    await bot.settle()
    assert CANARY in str(helper.messages()[-1].cards)
    for fault in ("Throttled", "ServiceUnavailable", "MessageSizeTooBig"):
        bot.teams.faults.answer(fault, "send", times=1)
        await helper.types(f"{CANARY} it does")
        await bot.settle()
    bot.teams.faults.lose_replies("send")
    await asker.types(f"{CANARY} again")
    await bot.settle()
    assert log.is_clean(bot.teams)
    assert CANARY not in str(await dump(bot.core)).replace(f"{CANARY}-", "")
