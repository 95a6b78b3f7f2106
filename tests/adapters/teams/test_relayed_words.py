"""No word that two people in Teams say to each other is in a line of the log, a row or a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.adapters.teams.test_leaks import Log
from tests.adapters.teams.test_leaks import log as log  # noqa: PLC0414 - a fixture
from tests.adapters.teams.test_leaks import talkative as talkative  # noqa: PLC0414 - a fixture
from tests.fakes.teams import text_of
from tests.support.canary_prompts import CANARY
from tests.support.desk import PEOPLE, files_with, let_go_out, request_of, volunteer
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
# In what two people say to each other, and in no text of the bot's.
SAID: Final = "xylograph"


async def begin_talking(bot: TeamsBot) -> None:
    """Ann talks with Wes."""
    await bot.has(PEOPLE)
    await bot.world.launch()
    await volunteer(bot.world, "wes")
    await bot.world.live_until(TUESDAY_MORNING)
    asker = bot.actor("ann")
    await asker.types("talk to someone")
    await bot.settle()
    await asker.opens("Ask for somebody")
    await asker.submits({})
    asker.closes()
    await let_go_out(bot)
    await bot.actor("wes").presses("I can take this")
    await let_go_out(bot)


def told(bot: TeamsBot, name: str) -> str:
    return "\n".join(text_of(card) for card in bot.last(name).cards)


@pytest.mark.parametrize(
    ("way", "answer"),
    [
        ("", "Passed on"),
        ("limited", "could not be passed on"),
        ("too big", "could not be passed on"),
        ("gateway", "could not be passed on"),
        ("broken down", "can't tell whether that arrived"),
        ("cut", "can't tell whether that arrived"),
        ("reply lost", "can't tell whether that arrived"),
    ],
)
async def test_no_word_of_a_conversation_is_logged_or_kept(
    talkative: TeamsBot, log: Log, tmp_path: Path, way: str, answer: str
) -> None:
    """However their way ends, and whoever wrote them hears of it where they wrote them."""
    bot = talkative
    await begin_talking(bot)
    asker, helper = bot.actor("ann"), bot.actor("wes")
    count = len(helper.messages())
    fail_once(bot, way)
    await asker.types(f"{CANARY} {SAID}")
    await bot.settle()
    assert answer in told(bot, "ann")
    assert len(helper.messages()) - count == (way in {"", "reply lost"})

    # In the dialog, from either side.
    request = await request_of(bot.world, "ann")
    for actor, name in ((asker, request.warrior_alias), (helper, request.alias)):
        bot.teams.faults.clear()
        await actor.opens("Write")
        assert name in str(actor.dialog().card)
        fail_once(bot, way)
        await actor.submits({"words": f"{CANARY} {SAID}"})
        await bot.settle()
        assert answer in text_of(actor.dialog().card)
        actor.closes()
    await let_go_out(bot)
    assert log.is_clean(bot.teams)
    assert SAID not in log.text
    assert SAID not in str(await dump(bot.core))
    assert files_with(tmp_path, SAID) == []


def fail_once(bot: TeamsBot, way: str) -> None:
    """Have the next message fail in this way; "" if all is well."""
    faults = bot.teams.faults
    match way:
        case "limited":
            faults.answer("Throttled", "send", retry_after=30)
        case "too big":
            faults.answer("MessageSizeTooBig", "send")
        case "gateway":
            faults.html_page("send")
        case "broken down":
            faults.answer("ServiceError", "send")
        case "cut":
            faults.cut("send")
        case "reply lost":
            faults.lose_replies("send")


async def test_who_writes_to_somebody_who_has_gone_hears_so_and_somebody_else_is_asked(
    talkative: TeamsBot, log: Log
) -> None:
    bot = talkative
    await begin_talking(bot)
    await volunteer(bot.world, "val")
    bot.actor("wes").blocks()
    for _ in range(2):
        await bot.actor("ann").types(f"{CANARY} {SAID}")
        await bot.settle()
        assert "can't reach your volunteer here any more" in told(bot, "ann")
    await let_go_out(bot)
    assert "can't go on" in told(bot, "ann")
    assert "Would you have room for it?" in told(bot, "val")
    assert SAID not in log.text
