"""What people and Slack are answered while the database is away; whichever database it is."""

from __future__ import annotations

import pytest

from tests.fakes.slack.reading import text_of
from tests.support.away import database_away
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot
from tests.support.slack_parcels import (
    Made,
    filled_in,
    joined,
    line,
    profile,
    revoked,
    uninstalled,
)
from tests.support.tables import rows_of

over_http = pytest.mark.parametrize("bot", ["http", "on PostgreSQL"], indirect=True)
everywhere = pytest.mark.parametrize("bot", ["http", "socket mode", "on PostgreSQL"], indirect=True)


@over_http
@pytest.mark.parametrize(
    "made", [line, profile, joined, revoked, uninstalled], ids=lambda made: made.__name__
)
async def test_slack_is_asked_to_repeat_an_event_while_the_database_is_away(
    welcomed: SlackBot, made: Made
) -> None:
    parcel = made(welcomed)
    with printing() as printed:
        async with database_away(welcomed.core):
            answered = await welcomed.slack.delivering.deliver(parcel)
    assert answered.status == 503
    assert answered.body == ""
    assert "OperationalError" in printed.getvalue()
    assert (await welcomed.slack.repeats(answered)).status == 200


@everywhere
async def test_an_event_has_its_effect_when_the_database_is_back(welcomed: SlackBot) -> None:
    slack, before = welcomed.slack, len(welcomed.slack.messages("boss-1"))
    slack.delivering.within_s = 0.5
    async with database_away(welcomed.core):
        answered = await slack.delivering.deliver(line(welcomed))
    assert not answered.acknowledged
    slack.delivering.within_s = 3.0
    assert (await slack.repeats(answered)).status == 200
    await welcomed.settle()
    (answer,) = slack.messages("boss-1")[before:]
    assert "You can type one of these" in text_of(answer.blocks)


@everywhere
async def test_a_press_is_answered_kindly_while_the_database_is_away(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    said = welcomed.slack.everything_said()
    async with database_away(welcomed.core):
        assert (await actor.presses("Yes, ask me")).status == 200
        await welcomed.settle()
    (sorry,) = actor.ephemeral()
    assert "Please try again" in text_of(sorry.blocks)
    assert welcomed.slack.everything_said() == said
    await actor.presses("Yes, ask me")
    await welcomed.settle()
    assert "That's all for now" in text_of(welcomed.last("boss-1").blocks)


@everywhere
async def test_a_form_stays_open_with_what_was_filled_in_while_the_database_is_away(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await filled_in(welcomed)
    form = actor.modal()
    async with database_away(welcomed.core):
        assert (await actor.submits({"check_ins": "off"})).status == 200
        await welcomed.settle()
    assert actor.modal() is form
    ((field, sorry),) = form.errors.items()
    assert field == "check_ins"
    assert "Please try again" in sorry
    assert (await actor.submits()).status == 200
    assert "Saved" in text_of(actor.modal().blocks)
    kept = {row["email"]: row["check_ins"] for row in await rows_of(welcomed.core, "person")}
    assert kept["boss-1@example.org"] == "off"


@everywhere
@pytest.mark.parametrize("how", ["pause", "support", "shortcut"])
async def test_other_ways_are_answered_with_where_to_turn_while_the_database_is_away(
    welcomed: SlackBot, how: str
) -> None:
    actor = welcomed.actor("boss-1")
    async with database_away(welcomed.core):
        if how == "shortcut":
            answered = await actor.uses_shortcut("talk_to_someone")
        else:
            answered = await actor.runs("/wellbeing", how)
        await welcomed.settle()
    assert answered.status == 200
    blocks = actor.modal().blocks if how == "shortcut" else actor.ephemeral()[-1].blocks
    assert "Please try again" in text_of(blocks)
    assert "Samaritans" in text_of(blocks)


@everywhere
async def test_a_home_page_that_can_not_be_made_is_a_line_in_the_log(welcomed: SlackBot) -> None:
    with printing() as printed:
        async with database_away(welcomed.core):
            assert (await welcomed.actor("boss-1").opens_home()).status == 200
            await welcomed.settle()
    assert '"what": "home page"' in printed.getvalue()
