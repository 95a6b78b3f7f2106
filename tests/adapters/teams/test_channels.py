"""Summaries go to the channels that the roster names, in the teams that have the bot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.fakes.teams import FakeTeams, text_of
from tests.support.organisation import World, line
from tests.support.tables import rows_of
from tests.support.teams_bot import TeamsBot

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def roster(channel: str) -> list[str]:
    names = ["boss", *(f"boss-{number}" for number in range(1, 10))]
    return [f"{line(name, manager='' if name == 'boss' else 'boss')},{channel}" for name in names]


async def has(bot: TeamsBot, channel: str) -> None:
    world: World = bot.world
    await world.import_lines(roster(channel), channel=True)
    for name in world.ids:
        await bot.teams.actor(bot.teams.add_person(name)).installs()
    await bot.settle()


async def channels(bot: TeamsBot) -> list[str]:
    return [row["external_id"] for row in await rows_of(bot.core, "channel")]


@pytest.mark.parametrize("named", ["Housing", "Housing / Wellbeing"])
async def test_a_team_is_found_by_its_name_and_its_channels_by_both(
    empty_bot: TeamsBot, fake_teams: FakeTeams, named: str
) -> None:
    await has(empty_bot, named)
    team = fake_teams.add_team("Housing", ["boss", "boss-1"])
    channel = fake_teams.add_channel(team, "Wellbeing")
    await empty_bot.actor("boss").adds_bot_to(team)
    await empty_bot.settle()
    assert await channels(empty_bot) == [team.id if named == "Housing" else channel.id]
    await empty_bot.actor("boss").removes_bot_from(team)
    await empty_bot.settle()
    assert await channels(empty_bot) == []


async def test_a_channel_that_is_made_later_or_renamed_is_found(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    await has(empty_bot, "Housing / Wellbeing")
    team = fake_teams.add_team("Housing", ["boss"])
    boss = empty_bot.actor("boss")
    await boss.adds_bot_to(team)
    await empty_bot.settle()
    assert await channels(empty_bot) == []
    await boss.creates_channel(team, "Talk")
    await boss.renames_channel(team, "Talk", "Wellbeing")
    await empty_bot.settle()
    assert len(await channels(empty_bot)) == 1


async def test_a_channel_that_is_gone_is_forgotten(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    await has(empty_bot, "Housing / Wellbeing")
    team = fake_teams.add_team("Housing", ["boss"])
    boss = empty_bot.actor("boss")
    await boss.adds_bot_to(team)
    await boss.creates_channel(team, "Wellbeing")
    await empty_bot.settle()
    (channel_id,) = await channels(empty_bot)
    await boss.deletes_channel(team, "Wellbeing")
    await empty_bot.settle()
    known = {row["external_id"] for row in await rows_of(empty_bot.core, "conversation")}
    assert channel_id not in known
    assert await channels(empty_bot) == []


async def test_the_weeks_summary_comes_to_the_channel_with_its_chart(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    await has(empty_bot, "Housing")
    team = fake_teams.add_team("Housing", list(empty_bot.world.ids))
    await empty_bot.actor("boss").adds_bot_to(team)
    await empty_bot.settle()
    await empty_bot.world.launch()
    await empty_bot.world.live_until(MONDAY_MORNING)
    people = [empty_bot.actor(f"boss-{number}") for number in range(1, 10)]
    for actor in people:
        await actor.presses("Yes, ask me")
    await empty_bot.settle()
    await empty_bot.world.live_until(WEDNESDAY)
    for actor in people:
        await actor.opens("Answer")
        body = actor.dialog().card["body"]
        fields = [each["id"] for each in body if each["type"].startswith("Input")]
        await actor.submits(dict.fromkeys(fields, "4"))
        actor.closes()
    await empty_bot.world.live_until(SATURDAY)
    (summary,) = fake_teams.messages("Housing/General")
    words = "\n".join(map(text_of, summary.cards))
    assert "between 3 and 5" in words.lower()
    assert "ColumnSet" in str(summary.cards)
    assert "Boss-" not in words


async def test_who_else_comes_and_goes_in_a_team_is_nothing_to_ask_about(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    await has(empty_bot, "Housing")
    team = fake_teams.add_team("Housing", ["boss"])
    await empty_bot.actor("boss").adds_bot_to(team)
    await empty_bot.settle()
    fake_teams.log.clear()
    await empty_bot.actor("boss-1").joins_team(team)
    await empty_bot.actor("boss-1").leaves_team(team)
    await empty_bot.settle()
    assert fake_teams.calls() == []
    assert await channels(empty_bot) == [team.id]
