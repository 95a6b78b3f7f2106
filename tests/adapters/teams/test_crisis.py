"""Words of a crisis, written to the bot in Teams: a card for whoever wrote them, and no trace."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.teams import FakeTeams, text_of
from tests.support.away import database_away
from tests.support.printing import printing
from tests.support.tables import dump
from tests.support.teams_bot import TeamsBot

GENERAL = "Housing/General"


def words(bot: TeamsBot, name: str) -> str:
    return "\n".join(map(text_of, bot.last(name).cards))


@pytest.fixture
async def in_a_team(bot: TeamsBot) -> TeamsBot:
    """Two colleagues are in a team with a channel that the bot is in."""
    team = bot.teams.add_team("Housing", ["boss-1", "boss-2"])
    await bot.actor("boss-1").adds_bot_to(team)
    await bot.settle()
    return bot


async def test_a_line_with_words_of_a_crisis_is_answered_with_the_card(bot: TeamsBot) -> None:
    said = {name: len(bot.actor(name).messages()) for name in bot.world.ids}
    before = await without_handled(bot)
    with printing() as printed:
        await bot.actor("boss-1").types("I just want&nbsp;to die")
        await bot.settle()
    assert "This is automatic" in words(bot, "boss-1")
    assert "999" in words(bot, "boss-1")
    assert await without_handled(bot) == before
    assert printed.getvalue() == ""
    now = {name: len(bot.actor(name).messages()) for name in bot.world.ids}
    assert now == said | {"boss-1": said["boss-1"] + 2}  # the line, and the card


async def test_in_a_channel_it_comes_in_their_own_chat_and_the_channel_sees_what_it_always_sees(
    in_a_team: TeamsBot,
) -> None:
    actor = in_a_team.actor("boss-1")
    await actor.types("hello everybody", GENERAL)
    await in_a_team.settle()
    own = len(actor.messages())
    await actor.types("i want to die", GENERAL)
    await actor.repeats()
    await in_a_team.settle()
    ordinary, in_crisis = [each.cards for each in in_a_team.teams.messages(GENERAL) if each.cards]
    assert ordinary == in_crisis
    assert len(actor.messages()) == own + 1
    assert "This is automatic" in words(in_a_team, "boss-1")
    assert "This is automatic" not in words(in_a_team, "boss-2")


async def test_without_a_chat_of_their_own_a_channel_sees_what_it_always_sees(
    in_a_team: TeamsBot,
) -> None:
    in_a_team.teams.add_person("passer-by")
    team = in_a_team.teams.add_team("Desk", ["boss-1", "passer-by"])
    await in_a_team.actor("boss-1").adds_bot_to(team)
    await in_a_team.actor("passer-by").types("hello", "Desk/General")
    await in_a_team.actor("passer-by").types("i want to die", "Desk/General")
    await in_a_team.settle()
    ordinary, in_crisis = [
        each.cards for each in in_a_team.teams.messages("Desk/General") if each.cards
    ]
    assert ordinary == in_crisis
    assert "This is automatic" not in in_a_team.teams.everything_said()


async def test_a_stranger_gets_the_card_too_in_their_chat_or_from_a_channel(
    in_a_team: TeamsBot, fake_teams: FakeTeams
) -> None:
    person = fake_teams.add_person("passer-by")
    await fake_teams.actor(person).installs()
    team = fake_teams.add_team("Desk", ["boss-1", "passer-by"])
    await in_a_team.actor("boss-1").adds_bot_to(team)
    for where in ("", "Desk/General"):
        await in_a_team.actor("passer-by").types("hello")
        await in_a_team.settle()
        assert "I don't know you here" in words(in_a_team, "passer-by")
        await in_a_team.actor("passer-by").types("i want to die", where)
        await in_a_team.settle()
        assert "This is automatic" in words(in_a_team, "passer-by")
        assert "999" in words(in_a_team, "passer-by")


async def test_the_card_is_shown_while_the_database_is_away_but_never_in_a_channel(
    in_a_team: TeamsBot,
) -> None:
    async with database_away(in_a_team.core):
        await in_a_team.actor("boss-1").types("i want to die")
        await in_a_team.actor("boss-2").types("i want to die", GENERAL)
        await in_a_team.settle()
    assert "This is automatic" in words(in_a_team, "boss-1")
    (answer,) = [each.cards for each in in_a_team.teams.messages(GENERAL) if each.cards]
    assert "Something went wrong on my side" in text_of(answer[0])


async def without_handled(bot: TeamsBot) -> dict[str, list[dict[str, Any]]]:
    """All that is kept, but for the ids of lines, which are kept of every line."""
    tables = await dump(bot.core)
    return {name: rows for name, rows in tables.items() if name != "handled"}
