"""Words that two people say to each other are in their two chats, and nowhere else on disk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from tests.acceptance.bot_process import BotProcess, Home
from tests.acceptance.townsfolk import Found, buttons

pytestmark = pytest.mark.slow

TUESDAY_AT_TEN = datetime(2027, 6, 22, 9, tzinfo=UTC)
IN_THE_DIALOG, TYPED, OUTSIDE = "quaggadilly", "xylograph", "zymurgist"
# The playground is a chat platform: like any other it keeps its own copy of what is written.
PLATFORM: Final = "playground.db"


async def test_they_are_in_no_file_but_those_of_the_chats(tmp_path: Path) -> None:
    home = replace(Home(tmp_path / "home"), log_level="debug")
    await home.begin_at(TUESDAY_AT_TEN)
    async with home.running() as bot:
        asker, helper = await begin_talking(bot)
        asks, helps = await button(bot, asker, "write"), await button(bot, helper, "write")
        await bot.submit(asker, "support.say", asks.value, {"words": IN_THE_DIALOG}, asks.message)
        await say(bot, helper, TYPED, helps)
        await say(bot, helper, OUTSIDE)
        theirs = {who: str(await bot.state(who)) for who in (asker, helper)}
        await bot.kill()
    assert IN_THE_DIALOG in theirs[helper]
    assert TYPED in theirs[asker]
    assert OUTSIDE not in theirs[asker]

    # Also what was killed in the middle left nothing, in no journal and no line of the log.
    found = {word: files_with(home, word) for word in (IN_THE_DIALOG, TYPED, OUTSIDE)}
    assert all(name.startswith(PLATFORM) for names in found.values() for name in names)
    assert all(found.values())


async def begin_talking(bot: BotProcess) -> tuple[str, str]:
    """Somebody asks, and the first who was asked picks it up: the ids of the two."""
    people = {person["name"]: person["id"] for person in await bot.people()}
    asker = people["Aled Pugh"]
    await bot.submit(asker, "support.send", "", {})
    await bot.move("next")
    for helper in people.values():
        rooms = (await bot.state(helper))["direct"]
        offer = next((each for each in buttons(rooms) if each.action == "support.claim"), None)
        if offer is not None:
            await bot.tap(helper, offer.action, offer.value, offer.message)
            await bot.move("next")
            return asker, helper
    raise AssertionError("nobody was asked")


async def button(bot: BotProcess, person_id: str, name: str) -> Found:
    """The newest button of the desk with this name that somebody has."""
    room = (await bot.state(person_id))["direct"]
    return next(each for each in buttons(room) if each.action == f"support.{name}")


async def say(bot: BotProcess, person_id: str, text: str, began: Found | None = None) -> None:
    """Type a line, in the conversation that began with the message of a button or in none."""
    thread = began.message[1] if began else ""
    await bot.post("say", {"person": person_id, "text": text, "thread": thread})


def files_with(home: Home, word: str) -> list[str]:
    files = (path for path in home.directory.rglob("*") if path.is_file())
    return [path.name for path in files if word.encode() in path.read_bytes()]
