"""Events that are repeated, and a slow Slack."""

from __future__ import annotations

import pytest

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
