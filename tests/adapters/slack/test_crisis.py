"""Words of a crisis, written to the bot in Slack: a card for whoever wrote them, and no trace."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.reading import text_of
from tests.fakes.slack.state import Posted
from tests.support.away import database_away
from tests.support.slack_bot import SlackBot
from tests.support.tables import dump


def words(posted: Posted) -> str:
    return text_of(posted.blocks)


async def test_a_line_with_words_of_a_crisis_is_answered_with_the_card(welcomed: SlackBot) -> None:
    said = {name: len(welcomed.slack.messages(name)) for name in welcomed.world.ids}
    before = await without_handled(welcomed)
    await welcomed.actor("boss-1").says("I just *want to die*")
    await welcomed.settle()
    assert "This is automatic" in words(welcomed.last("boss-1"))
    assert await without_handled(welcomed) == before
    now = {name: len(welcomed.slack.messages(name)) for name in welcomed.world.ids}
    assert now == said | {"boss-1": said["boss-1"] + 2}  # the line, and the card


async def test_a_command_with_words_of_a_crisis_is_answered_to_who_typed_it_alone(
    welcomed: SlackBot,
) -> None:
    actor, said = welcomed.actor("boss-1"), welcomed.slack.everything_said()
    await actor.runs("/wellbeing", "pause, i want to die")
    await welcomed.settle()
    assert "This is automatic" in words(actor.ephemeral()[-1])
    assert welcomed.slack.everything_said() == said
    await actor.presses("Talk to someone")
    await welcomed.settle()
    assert "Nobody is told that you looked at this" in words(actor.ephemeral()[-1])


async def test_a_stranger_gets_the_card_too(welcomed: SlackBot) -> None:
    welcomed.slack.add_user("passer-by")
    actor = welcomed.actor("passer-by")
    await actor.says("i want to die")
    await actor.runs("/wellbeing", "i want to die")
    await welcomed.settle()
    assert "This is automatic" in words(welcomed.last("passer-by"))
    assert "This is automatic" in words(actor.ephemeral()[-1])
    assert "999" in words(welcomed.last("passer-by"))


async def test_the_card_is_shown_while_the_database_is_away(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    async with database_away(welcomed.core):
        assert (await actor.runs("/wellbeing", "i want to die")).status == 200
    await welcomed.settle()
    assert "This is automatic" in words(actor.ephemeral()[-1])


async def without_handled(bot: SlackBot) -> dict[str, list[dict[str, Any]]]:
    """All that is kept, but for the ids of events, which are kept of every line."""
    tables = await dump(bot.core)
    return {name: rows for name, rows in tables.items() if name != "handled"}
