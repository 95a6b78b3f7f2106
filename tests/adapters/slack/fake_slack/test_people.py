"""What people at the fake Slack do, and that the real Bolt understands it, either way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import Actor, BadAnswer, CantDo, FakeSlack, text_of
from tests.support.small_bot import (
    SmallBot,
    actions,
    button,
    form,
    option,
    plain,
    section,
    small_bot,
)


@pytest.fixture(params=["http", "socket mode"])
async def bot(request: pytest.FixtureRequest, slack: FakeSlack) -> AsyncIterator[SmallBot]:
    async with small_bot(slack, socket_mode=request.param != "http") as running:
        yield running


@pytest.fixture
def anna(slack: FakeSlack) -> Actor:
    return slack.actor("anna")


async def ask(client: AsyncWebClient) -> None:
    buttons = actions(button("Press me", "press", "4711"), button("Open", "open"))
    await client.chat_postMessage(channel="U1", text="A question", blocks=[section("?"), buttons])


async def test_what_somebody_writes_is_an_event(bot: SmallBot, anna: Actor) -> None:
    answered = await anna.says("hello")

    event = bot.last()["event"]
    assert answered.status == 200
    assert (event["text"], event["channel_type"], event["user"]) == ("hello", "im", "U1")
    assert bot.last()["authorizations"][0]["user_id"] == "UBOT0001"


async def test_opening_the_home_tab_brings_what_the_bot_publishes(
    bot: SmallBot, anna: Actor
) -> None:
    await anna.opens_home()
    home = anna.home()
    assert home is not None
    assert text_of(home.blocks) == "Your home\nSettings"

    await anna.opens_home()

    assert bot.last()["event"]["view"]["id"] == home.id


async def test_a_pressed_button_in_a_message_is_answered_at_its_address(
    bot: SmallBot, anna: Actor, client: AsyncWebClient, slack: FakeSlack
) -> None:
    await ask(client)

    answered = await anna.presses("Press me")

    assert answered.acknowledged
    (action,) = bot.last()["actions"]
    assert (action["action_id"], action["value"]) == ("press", "4711")
    assert bot.last()["container"]["type"] == "message"
    assert [each.text for each in slack.messages("anna")] == ["Thank you."]


async def test_a_form_is_opened_filled_in_and_closed(
    bot: SmallBot, anna: Actor, client: AsyncWebClient
) -> None:
    await ask(client)
    await anna.presses("open")
    assert anna.modal().title == "A form"

    await anna.submits({"mood": "good", "Anything else?": "No"})

    values = bot.last()["view"]["state"]["values"]
    assert values["mood"]["value"]["selected_option"]["value"] == "good"
    assert values["note"]["value"]["value"] == "No"
    assert anna.modals() == []


async def test_a_form_stays_open_with_errors_at_its_fields(
    bot: SmallBot, anna: Actor, client: AsyncWebClient
) -> None:
    await ask(client)
    await anna.presses("open")
    bot.answer = {"response_action": "errors", "errors": {"note": "Too short"}}

    await anna.submits({"mood": "good"})

    assert anna.modal().errors == {"note": "Too short"}
    bot.answer = {"response_action": "errors", "errors": {"elsewhere": "No"}}
    with pytest.raises(BadAnswer):
        await anna.submits()


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        ({"response_action": "update", "view": form("Next")}, ["Next"]),
        ({"response_action": "push", "view": form("Next")}, ["A form", "Next"]),
        ({"response_action": "clear"}, []),
    ],
)
async def test_the_answer_to_a_form_says_what_is_shown_next(
    bot: SmallBot, anna: Actor, client: AsyncWebClient, answer: dict[str, Any], titles: list[str]
) -> None:
    await ask(client)
    await anna.presses("open")
    bot.answer = answer

    await anna.submits({"mood": "good"})

    assert [view.title for view in anna.modals()] == titles


async def test_an_answer_that_slack_would_not_take_is_an_error_for_the_test(
    bot: SmallBot, anna: Actor, client: AsyncWebClient
) -> None:
    await ask(client)
    await anna.presses("open")
    bot.answer = {"response_action": "update", "view": {"type": "home", "blocks": [section("x")]}}

    with pytest.raises(BadAnswer, match="invalid_arguments"):
        await anna.submits({"mood": "good"})


async def test_a_client_lets_nobody_do_what_is_not_there(
    bot: SmallBot, anna: Actor, client: AsyncWebClient
) -> None:
    await ask(client)
    heard = len(bot.heard)
    with pytest.raises(CantDo, match="sees nothing called Nowhere"):
        await anna.presses("Nowhere")
    with pytest.raises(CantDo, match="no modal is open"):
        await anna.submits()
    await anna.presses("open")
    with pytest.raises(CantDo, match="sees nothing called Press me"):
        await anna.presses("Press me")  # the modal covers it
    for values in ({}, {"mood": "so-so"}, {"mood": "good", "note": "x" * 21}, {"nowhere": "x"}):
        with pytest.raises(CantDo):
            await anna.submits(values)

    assert len(bot.heard) == heard + 1


async def test_a_closed_modal_is_told_only_to_a_bot_that_wants_to_know(
    bot: SmallBot, anna: Actor, client: AsyncWebClient, slack: FakeSlack
) -> None:
    async def opened(**more: Any) -> None:
        trigger_id = slack.site.triggers.issue("T0001", "U1")
        await client.views_open(trigger_id=trigger_id, view=form(**more))

    await opened()
    assert await anna.closes() is None

    await opened(notify_on_close=True)
    await anna.closes()
    assert bot.last()["type"] == "view_closed"
    assert anna.modals() == []


async def test_a_choice_in_a_message_is_an_action(
    bot: SmallBot, anna: Actor, client: AsyncWebClient
) -> None:
    menu = {
        "type": "static_select",
        "action_id": "pick",
        "placeholder": plain("Pick"),
        "options": [option("one"), option("two")],
    }
    await client.chat_postMessage(channel="U1", text="Pick", blocks=[actions(menu)])

    await anna.chooses("pick", "Two")

    assert bot.last()["actions"][0]["selected_option"]["value"] == "two"


async def test_a_command_is_answered_to_who_ran_it_at_once_or_later(
    bot: SmallBot, anna: Actor, slack: FakeSlack
) -> None:
    bot.answer = {"text": "Here is help."}

    await anna.runs("/wellbeing", "help me")

    command = bot.last()
    assert (command["command"], command["text"]) == ("/wellbeing", "help me")
    later = AsyncWebhookClient(command["response_url"])
    assert (await later.send(text="And more.")).status_code == 200
    assert [each.text for each in anna.ephemeral()] == ["Here is help.", "And more."]
    assert slack.messages("anna") == []


async def test_a_shortcut_may_open_a_form(bot: SmallBot, anna: Actor) -> None:
    await anna.uses_shortcut("talk_to_someone")

    assert bot.last()["type"] == "shortcut"
    assert anna.modal().title == "A form"


async def test_people_come_change_and_go(bot: SmallBot, slack: FakeSlack) -> None:
    await slack.joins("cem", tz="Europe/Berlin")
    assert bot.last()["event"]["user"]["tz"] == "Europe/Berlin"

    await slack.changes("cem", status_text="Away", tz="Asia/Kolkata")
    event = bot.last()["event"]
    assert (event["type"], event["user"]["tz"]) == ("user_change", "Asia/Kolkata")
    assert event["user"]["profile"]["status_text"] == "Away"

    await slack.leaves("cem")
    assert bot.last()["event"]["user"]["deleted"]


@pytest.mark.parametrize("backwards", [False, True])
async def test_removing_the_app_is_told_twice_in_either_order(
    bot: SmallBot, slack: FakeSlack, backwards: bool
) -> None:
    token = slack.bot_token()

    await slack.uninstalls(backwards=backwards)

    told = [body["event"]["type"] for body in bot.heard]
    assert told[:: -1 if backwards else 1] == ["tokens_revoked", "app_uninstalled"]
    assert slack.site.tokens.all[token].inactive


async def test_an_event_can_come_once_more(bot: SmallBot, anna: Actor, slack: FakeSlack) -> None:
    first = await anna.says("hello")
    await slack.repeats(first, number=2)

    assert [body["event_id"] for body in bot.heard] == [bot.last()["event_id"]] * 2


async def test_the_bots_own_messages_are_events_too_if_wanted(
    bot: SmallBot, client: AsyncWebClient, slack: FakeSlack
) -> None:
    slack.site.echoes = True
    await client.chat_postMessage(channel="U1", text="Mine")
    await slack.settle()

    # Bolt leaves out what the bot wrote itself.
    assert bot.heard == []
    assert slack.delivering.answers[-1].acknowledged


async def test_only_what_the_app_subscribed_to_is_sent(
    bot: SmallBot, anna: Actor, slack: FakeSlack
) -> None:
    slack.app.events = {"message.im"}

    await slack.joins("cem")
    await anna.says("hello")

    assert [body["event"]["type"] for body in bot.heard] == ["message"]
