"""No word that two people on Slack say to each other is in a line of the log, a row or a file."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.adapters.slack.test_leaks import Log
from tests.adapters.slack.test_leaks import bot as bot  # noqa: PLC0414 - a fixture
from tests.adapters.slack.test_leaks import log as log  # noqa: PLC0414 - a fixture
from tests.fakes.slack import Posted
from tests.fakes.slack.reading import text_of
from tests.support.canary_prompts import CANARY
from tests.support.desk import PEOPLE, files_with, let_go_out, volunteer
from tests.support.organisation import team_of
from tests.support.slack_bot import SlackBot
from tests.support.tables import dump

TUESDAY_MORNING = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
# In what two people say to each other, and in no text of the bot's.
SAID: Final = "xylograph"


async def begin_talking(bot: SlackBot) -> tuple[Posted, Posted]:
    """Ann talks with Wes: the messages with which their conversations began."""
    await bot.has([*team_of(9), *PEOPLE])
    await bot.world.launch()
    await volunteer(bot.world, "wes")
    await bot.world.live_until(TUESDAY_MORNING)
    await bot.actor("ann").uses_shortcut("talk_to_someone")
    await bot.settle()
    await bot.actor("ann").submits({})
    await bot.actor("ann").closes(every=True)
    await let_go_out(bot)
    await bot.actor("wes").presses("I can take this")
    await let_go_out(bot)
    return bot.last("ann"), bot.last("wes")


@pytest.mark.parametrize(
    ("way", "told"),
    [
        ("", "Passed on"),
        ("refused", "could not be passed on"),
        ("limited", "could not be passed on"),
        ("broken down", "can't tell whether that arrived"),
        ("cut", "can't tell whether that arrived"),
        ("reply lost", "can't tell whether that arrived"),
    ],
)
async def test_no_word_of_a_conversation_is_logged_or_kept(
    bot: SlackBot, log: Log, tmp_path: Path, way: str, told: str
) -> None:
    """However their way ends, and whoever wrote them hears of it where they wrote them."""
    root, others = await begin_talking(bot)
    asker, helper = bot.actor("ann"), bot.actor("wes")
    count = len(helper.thread(others))
    fail_once(bot, way)
    await asker.says(f"{CANARY} {SAID}", in_thread=root)
    await bot.settle()
    assert told in text_of(asker.thread(root)[-1].blocks)
    assert len(helper.thread(others)) - count == (way in {"", "reply lost"})

    # In the form, from either side.
    for actor in (asker, helper):
        bot.slack.faults.clear()
        await actor.presses("Write")
        await bot.settle()
        fail_once(bot, way)
        await actor.submits({"words": f"{CANARY} {SAID}"})
        await bot.settle()
        assert told in str(actor.modal().blocks)
        await actor.closes(every=True)
    await let_go_out(bot)
    assert log.is_clean(bot)
    assert SAID not in log.text
    assert SAID not in str(await dump(bot.core))
    assert files_with(tmp_path, SAID) == []


def fail_once(bot: SlackBot, way: str) -> None:
    """Have the next message fail in this way; "" if all is well."""
    faults, method = bot.slack.faults, "chat.postMessage"
    echo = {"response_metadata": {"messages": [f"{CANARY} {SAID}"]}}
    match way:
        case "refused":
            faults.answer("channel_not_found", method, details=echo)
        case "limited":
            faults.body('{"ok": false, "error": "ratelimited"}', method, status=429)
        case "broken down":
            faults.html_page(method)
        case "cut":
            faults.cut(method)
        case "reply lost":
            faults.lose_replies(method)
