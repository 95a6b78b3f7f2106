"""Events that are repeated, a database that is away, and a slow Slack."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.fakes.slack.reading import text_of
from tests.support.away import database_away
from tests.support.printing import printing
from tests.support.slack_bot import SlackBot
from tests.support.slack_parcels import (
    Made,
    Traces,
    filled_in,
    joined,
    line,
    profile,
    revoked,
    uninstalled,
)

over_http = pytest.mark.parametrize("bot", ["http"], indirect=True)


# --- repeated --------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [line, profile, joined], ids=lambda made: made.__name__)
async def test_an_event_that_slack_repeats_has_one_effect(
    welcomed: SlackBot, traces: Traces, made: Made
) -> None:
    parcel = made(welcomed)
    first = await welcomed.slack.delivering.deliver(parcel)
    once = await traces.now()
    for number, reason in enumerate(("http_timeout", "http_error", "connection_failed"), start=1):
        repeated = await welcomed.slack.repeats(first, number=number, reason=reason)
        assert repeated.status == 200
    assert await traces.now() == once


# --- while the database is away --------------------------------------------------------------


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
    assert "OperationalError" in printed.getvalue()
    assert (await welcomed.slack.repeats(answered)).status == 200


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


@pytest.mark.parametrize("how", ["form", "command", "shortcut"])
async def test_other_ways_are_answered_kindly_while_the_database_is_away(
    welcomed: SlackBot, how: Literal["form", "command", "shortcut"]
) -> None:
    actor = welcomed.actor("boss-1")
    await filled_in(welcomed)
    async with database_away(welcomed.core):
        if how == "form":
            answered = await actor.submits({"check_ins": "off"})
        elif how == "command":
            answered = await actor.runs("/wellbeing", "pause")
        else:
            await actor.closes(every=True)
            answered = await actor.uses_shortcut("talk_to_someone")
        await welcomed.settle()
    assert answered.status == 200
    blocks = actor.ephemeral()[-1].blocks if how == "command" else actor.modal().blocks
    assert "Please try again" in text_of(blocks)


async def test_a_home_page_that_can_not_be_made_is_a_line_in_the_log(welcomed: SlackBot) -> None:
    with printing() as printed:
        async with database_away(welcomed.core):
            assert (await welcomed.actor("boss-1").opens_home()).status == 200
            await welcomed.settle()
    assert '"what": "home page"' in printed.getvalue()


# --- a slow Slack ----------------------------------------------------------------------------


async def test_a_press_is_acknowledged_before_slack_has_opened_its_form(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    welcomed.slack.faults.slow(1.0, "views.open")
    assert (await actor.presses("Choose how often")).status == 200
    assert actor.modals() == []
    await welcomed.settle()
    assert actor.modal().title == "Your settings"


async def test_a_line_is_acknowledged_before_slack_has_taken_its_answer(
    welcomed: SlackBot,
) -> None:
    welcomed.slack.faults.slow(1.0, "chat.postMessage")
    before = len(welcomed.slack.messages("boss-1"))
    assert (await welcomed.slack.delivering.deliver(line(welcomed))).status == 200
    assert len(welcomed.slack.messages("boss-1")) == before
    await welcomed.settle()
    assert len(welcomed.slack.messages("boss-1")) == before + 1


async def test_a_form_is_acknowledged_before_slack_has_taken_the_home_page(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await filled_in(welcomed)
    welcomed.slack.faults.slow(1.0, "views.publish")
    assert (await actor.submits({"check_ins": "off"})).status == 200
    assert actor.home() is None
    await welcomed.settle()
    assert actor.home() is not None
