"""Events that are repeated, and a slow Slack."""

from __future__ import annotations

import pytest

from tests.fakes.slack.reading import text_of
from tests.support.slack_bot import SlackBot
from tests.support.slack_parcels import Made, Traces, filled_in, joined, line, profile

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


# --- forms and notices that can't be opened --------------------------------------------------


async def test_whom_to_talk_to_comes_as_a_message_if_the_shortcut_can_open_nothing(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    welcomed.slack.faults.answer("expired_trigger_id", "views.open")
    await actor.uses_shortcut("talk_to_someone")
    await welcomed.settle()
    assert actor.modals() == []
    assert "Samaritans" in text_of(welcomed.last("boss-1").blocks)


async def test_a_command_whose_form_can_not_be_opened_says_so_to_whoever_typed_it(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    before = welcomed.slack.messages("boss-1")
    welcomed.slack.faults.answer("expired_trigger_id", "views.open")
    await actor.runs("/wellbeing", "settings")
    await welcomed.settle()
    (sorry,) = actor.ephemeral()
    assert "Please try again" in text_of(sorry.blocks)
    assert welcomed.slack.messages("boss-1") == before


async def test_a_button_on_the_home_page_that_can_open_nothing_is_answered_by_a_message(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.opens_home()
    await welcomed.settle()
    welcomed.slack.faults.answer("expired_trigger_id", "views.open")
    await actor.presses("settings.open", on="home")
    await welcomed.settle()
    assert actor.modals() == []
    assert "Please try again" in text_of(welcomed.last("boss-1").blocks)


async def test_what_was_chosen_on_the_home_page_is_in_no_message_that_stays(
    welcomed: SlackBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.opens_home()
    await welcomed.settle()
    welcomed.slack.faults.answer("expired_trigger_id", "views.open")
    await actor.presses("pulse.consent", on="home")
    await welcomed.settle()
    assert "Please try again" in text_of(welcomed.last("boss-1").blocks)
    assert "once a week" not in text_of(welcomed.last("boss-1").blocks)
