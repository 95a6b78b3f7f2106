"""What people in Teams are answered when something is broken, new, or in the wrong place."""

from __future__ import annotations

import pytest

from tests.fakes.teams import FakeTeams, text_of
from tests.support.away import database_away
from tests.support.organisation import team_of
from tests.support.printing import printing
from tests.support.tables import dump, rows_of
from tests.support.teams_bot import TeamsBot

everywhere = pytest.mark.parametrize("empty_bot", ["on SQLite", "on PostgreSQL"], indirect=True)


def words(bot: TeamsBot, name: str) -> str:
    return "\n".join(map(text_of, bot.last(name).cards))


# --- the database --------------------------------------------------------------------------


@everywhere
async def test_a_press_is_answered_kindly_while_the_database_is_away(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    said = welcomed.teams.everything_said()
    async with database_away(welcomed.core):
        assert (await actor.presses("Yes, ask me")).status == 200
    await welcomed.settle()
    assert "Something went wrong on my side" in actor.notices()[-1]
    assert welcomed.teams.everything_said() == said
    assert (await actor.presses("Yes, ask me")).status == 200
    assert "I'll ask you once a week" in actor.notices()[-1]


@everywhere
async def test_a_form_stays_open_while_the_database_is_away(welcomed: TeamsBot) -> None:
    actor = welcomed.actor("boss-1")
    await actor.types("settings")
    await welcomed.settle()
    await actor.opens("Change settings")
    async with database_away(welcomed.core):
        answered = await actor.submits({"reflections": "off"})
    assert answered.status == 503
    assert actor.has_dialog
    assert (await actor.submits({"reflections": "off"})).status == 200
    rows = {row["email"]: row for row in await rows_of(welcomed.core, "person")}
    assert not rows["boss-1@example.org"]["reflections"]


@everywhere
async def test_a_line_is_answered_kindly_while_the_database_is_away(welcomed: TeamsBot) -> None:
    with printing() as printed:
        async with database_away(welcomed.core):
            answered = await welcomed.actor("boss-1").types("sesame")
            await welcomed.settle()
    assert answered.status == 200
    assert "Something went wrong on my side" in words(welcomed, "boss-1")
    assert "sesame" not in printed.getvalue()


# --- Teams ---------------------------------------------------------------------------------


async def test_somebody_whose_installation_got_lost_is_met_when_they_write(
    empty_bot: TeamsBot, fake_teams: FakeTeams
) -> None:
    await empty_bot.world.import_lines(team_of(1))
    person = fake_teams.add_person("boss-1")
    person.installed = True  # and nobody told the bot
    await fake_teams.actor(person).types("hello")
    await empty_bot.settle()
    assert "You can type one of these" in words(empty_bot, "boss-1")
    assert len(await rows_of(empty_bot.core, "account")) == 1


async def test_a_new_version_of_the_app_changes_nothing(bot: TeamsBot) -> None:
    before, said = await dump(bot.core), bot.teams.everything_said()
    await bot.actor("boss-1").gets_new_version()
    await bot.settle()
    assert await dump(bot.core) == before
    assert bot.teams.everything_said() == said


# --- a channel -----------------------------------------------------------------------------


async def test_whoever_writes_in_a_channel_is_shown_the_way_once(bot: TeamsBot) -> None:
    team = bot.teams.add_team("Housing", ["boss-1"])
    actor = bot.actor("boss-1")
    await actor.adds_bot_to(team)
    await actor.types("I need help", "Housing/General")
    await actor.repeats()
    await bot.settle()
    answers = [sent for sent in bot.teams.messages("Housing/General") if sent.cards]
    assert ["chat of our own" in text_of(sent.cards[0]) for sent in answers] == [True]


async def test_nothing_of_anybodys_is_posted_in_a_channel(bot: TeamsBot) -> None:
    """Even by a forged press of a button that is in no channel."""
    team = bot.teams.add_team("Housing", ["boss-1"])
    actor = bot.actor("boss-1")
    await actor.adds_bot_to(team)
    await bot.settle()
    press = actor.activity_of("invoke", name="adaptiveCard/action")
    press["conversation"] = {"id": team.id, "conversationType": "channel"}
    for verb in ("settings.open", "pulse.consent", "pause.start", "resources.open"):
        action = {"type": "Action.Execute", "verb": verb, "data": {"value": "yes"}}
        told = {**press, "value": {"action": action, "trigger": "manual"}}
        assert (await bot.teams.sends(told)).status == 200
    await bot.settle()
    assert bot.teams.messages("Housing/General") == []
