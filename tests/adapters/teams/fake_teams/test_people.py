"""What people at the fake Teams do, and that the real SDK understands it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.teams import Actor, BadAnswer, CantDo, FakeTeams, text_of
from tests.support.small_teams_bot import (
    CARD,
    DAYS,
    MOOD,
    NOTE,
    SURE,
    SmallTeamsBot,
    card,
    dialog,
    execute,
    message,
    opening,
    submit,
    words,
)
from tests.support.teams_client import TeamsClient

Json = dict[str, Any]


@pytest.fixture
async def asked(client: TeamsClient) -> str:
    """Anna has a card with buttons of all kinds; the id of its message."""
    actions = [
        execute("Yes", "answer", value=3),
        execute("No", "answer", value=1),
        opening("Open", form="mood"),
        submit("Send it", kind="plain"),
    ]
    sent = await client.send("anna", message("A question", card(words("How?"), actions=actions)))
    return str(sent.body["id"])


def answer(kind: str, value: Any, status: int = 200) -> Json:
    return {"statusCode": status, "type": kind, "value": value}


# --- installing ----------------------------------------------------------------------------


@pytest.mark.parametrize("backwards", [False, True])
async def test_installing_is_told_twice_in_either_order(
    bot: SmallTeamsBot, teams: FakeTeams, backwards: bool
) -> None:
    cem = teams.actor(teams.add_person("cem", locale="de-DE", zone="Europe/Berlin"))

    answers = await cem.installs(backwards=backwards)

    assert [each.status for each in answers] == [200, 200]
    update, installation = bot.heard[:: -1 if backwards else 1]
    assert update["type"] == "conversationUpdate"
    assert update["membersAdded"][0] == {"id": teams.app.bot_id}
    assert (installation["type"], installation["action"]) == ("installationUpdate", "add")
    for told in (update, installation):
        assert told["conversation"] == {
            "id": cem.person.chat_id,
            "conversationType": "personal",
            "tenantId": teams.tenant.id,
        }
        assert told["channelData"]["tenant"] == {"id": teams.tenant.id}
        assert (told["locale"], told["localTimezone"]) == ("de-DE", "Europe/Berlin")
        assert told["recipient"]["id"] == teams.app.bot_id


async def test_removing_the_app_is_told_and_ends_the_chat(
    bot: SmallTeamsBot, anna: Actor, client: TeamsClient
) -> None:
    await anna.uninstalls()

    assert (bot.last()["type"], bot.last()["action"]) == ("installationUpdate", "remove")
    assert (await client.says("anna", "hello")).status == 403
    with pytest.raises(CantDo, match="doesn't have the app"):
        await anna.types("hello")


async def test_a_new_version_and_a_reaction_are_told_too(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor
) -> None:
    await anna.gets_new_version()
    assert bot.last()["action"] == "add-upgrade"

    await teams.sends(anna.activity_of("messageReaction", reactionsAdded=[{"type": "like"}]))
    assert bot.last()["type"] == "messageReaction"


async def test_an_activity_says_who_when_and_where_from(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor
) -> None:
    teams.site.region = "amer"
    await anna.types("hello")

    told = bot.last()
    assert told["serviceUrl"] == f"{teams.url}/amer/"
    assert told["channelId"] == "msteams"
    assert told["from"] == {
        "id": anna.person.id,
        "name": "Anna",
        "aadObjectId": anna.person.aad_id,
    }
    assert told["entities"][0]["type"] == "clientInfo"
    assert told["timestamp"].endswith("Z")
    assert [each.text for each in anna.messages()][-1] == "You said hello"


async def test_what_wasnt_answered_comes_again_with_the_same_id(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor
) -> None:
    first = await anna.types("hello")
    await anna.repeats()
    await teams.repeats(first)

    assert [told["id"] for told in bot.heard] == [bot.last()["id"]] * 3
    assert [each.text for each in anna.messages()].count("hello") == 1


# --- buttons -------------------------------------------------------------------------------


async def test_a_pressed_button_is_an_invoke_whose_answer_is_a_card(
    bot: SmallTeamsBot, anna: Actor, teams: FakeTeams, asked: str
) -> None:
    bot.answer = answer(CARD, card(words("Thank you.")))

    answered = await anna.presses("Yes")

    assert answered.status == 200
    told = bot.last()
    assert (told["type"], told["name"], told["replyToId"]) == (
        "invoke",
        "adaptiveCard/action",
        asked,
    )
    assert told["value"] == {
        "action": {
            "type": "Action.Execute",
            "title": "Yes",
            "verb": "answer",
            "data": {"value": 3},
        },
        "trigger": "manual",
    }
    assert [text_of(each) for each in teams.cards("anna")] == ["Thank you."]
    assert anna.messages()[0].text == "A question"
    assert "Thank you." in teams.everything_said()


async def test_an_update_by_the_bot_replaces_what_the_person_saw(
    bot: SmallTeamsBot, anna: Actor, client: TeamsClient, asked: str
) -> None:
    bot.answer = answer(CARD, card(words("Thank you.")))
    await anna.presses("Yes")

    path = f"{client.conversation('anna')}/activities/{asked}"
    await client.call("PUT", path, message("Closed", card(words("It is over."))))

    assert [text_of(each) for each in anna.cards()] == ["It is over."]


async def test_buttons_with_one_verb_are_told_apart_by_label_or_data(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    bot.answer = answer("application/vnd.microsoft.activity.message", "Kept.")

    await anna.presses("answer", data={"value": 1})
    assert bot.last()["value"]["action"]["title"] == "No"

    await anna.presses("Yes")
    assert bot.last()["value"]["action"]["data"] == {"value": 3}
    assert anna.notices() == ["Kept.", "Kept."]


async def test_an_error_is_shown_and_the_card_stays(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    error = {"code": "BadRequest", "message": "It is too late."}
    bot.answer = answer("application/vnd.microsoft.error", error, 400)

    await anna.presses("Yes")
    bot.invoke_status = 500
    await anna.presses("Yes")

    assert anna.notices() == ["It is too late.", "Something went wrong. Please try again."]
    assert text_of(anna.cards()[0]).startswith("How?")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"type": CARD, "value": card(words("x"))},
        answer(CARD, {"type": "AdaptiveCard", "version": "2.0"}),
        answer(CARD, "text"),
        answer("application/json", {}),
        answer("application/vnd.microsoft.error", {"code": "x", "message": "x"}),
    ],
)
async def test_an_answer_that_teams_wouldnt_take_is_an_error_for_the_test(
    bot: SmallTeamsBot, anna: Actor, asked: str, given: Json
) -> None:
    bot.answer = given

    with pytest.raises(BadAnswer):
        await anna.presses("Yes")


async def test_a_plain_submit_is_a_message_with_a_value(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    await anna.presses("Send it")

    told = bot.last()
    assert (told["type"], told["value"]) == ("message", {"kind": "plain"})
    assert told["replyToId"] == asked
    assert "text" not in told


async def test_inputs_in_a_message_go_with_the_button(
    bot: SmallTeamsBot, anna: Actor, client: TeamsClient
) -> None:
    shown = card(NOTE, actions=[execute("Keep", "keep", form=1)])
    await client.send("anna", message("Write", shown))
    bot.answer = answer("application/vnd.microsoft.activity.message", "Kept.")

    await anna.presses("Keep", {"note": "All well"})

    assert bot.last()["value"]["action"]["data"] == {"form": 1, "note": "All well"}


# --- dialogs -------------------------------------------------------------------------------


async def test_a_dialog_is_opened_filled_in_and_closed(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    bot.answer = dialog(height=400, width="medium")
    await anna.opens("Open")
    told = bot.last()
    assert (told["name"], told["replyToId"]) == ("task/fetch", asked)
    assert told["value"]["data"]["form"] == "mood"
    assert told["value"]["context"] == {"theme": "default"}
    assert (anna.dialog().title, anna.dialog().height) == ("A form", 400)

    bot.answer = {}
    await anna.submits(
        {
            "How is it?": "Good",
            "Anything else?": "No",
            "Which days?": ["Monday", "Friday"],
            "I am sure": False,
        }
    )

    told = bot.last()
    assert told["name"] == "task/submit"
    assert "replyToId" not in told
    assert told["value"]["data"] == {
        "form": "mood",
        "mood": "good",
        "note": "No",
        "days": "mon,fri",
        "sure": "false",
    }
    assert not anna.has_dialog


async def test_what_isnt_touched_is_sent_with_its_default(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    bot.answer = dialog()
    await anna.opens("Open")

    await anna.submits({"mood": "bad"})

    assert bot.last()["value"]["data"] == {
        "form": "mood",
        "mood": "bad",
        "note": "",
        "days": "mon",
        "sure": "true",
    }


async def test_a_client_sends_no_form_in_which_something_is_missing_or_wrong(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    bot.answer = dialog()
    await anna.opens("Open")
    heard = len(bot.heard)

    wrong: list[tuple[Json, str]] = [
        ({}, "Please choose one"),
        ({"mood": "so-so"}, "isn't one of the choices"),
        ({"mood": ["Good", "Bad"]}, "takes one choice"),
        ({"mood": "good", "note": "x" * 21}, "21 characters"),
        ({"mood": "good", "nowhere": "x"}, "no input called nowhere"),
        ({"mood": "good", "sure": "yes"}, "switched on or off"),
    ]
    for fields, why in wrong:
        with pytest.raises(CantDo, match=why):
            await anna.submits(fields)

    assert len(bot.heard) == heard


async def test_the_answer_to_a_form_is_the_next_one_or_a_message(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    bot.answer = dialog()
    await anna.opens("Open")

    bot.answer = dialog("Next")
    await anna.submits({"mood": "good"})
    assert anna.dialog().title == "Next"

    bot.answer = {"task": {"type": "message", "value": "Thank you."}}
    await anna.submits({"mood": "good"})
    assert not anna.has_dialog
    assert anna.notices() == ["Thank you."]


async def test_a_form_that_the_bot_failed_to_take_can_be_sent_again(
    bot: SmallTeamsBot, anna: Actor, asked: str
) -> None:
    bot.answer = dialog()
    await anna.opens("Open")
    bot.invoke_status = 500

    await anna.submits({"mood": "good"})
    assert anna.has_dialog

    bot.invoke_status, bot.answer = 200, {}
    await anna.submits({"mood": "good"})
    assert not anna.has_dialog


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"task": {"type": "open", "value": "x"}},
        {"task": {"type": "continue", "value": {"title": "No card"}}},
        dialog(height="huge"),
    ],
)
async def test_what_opens_no_dialog_is_an_error_for_the_test(
    bot: SmallTeamsBot, anna: Actor, asked: str, given: Json
) -> None:
    bot.answer = given

    with pytest.raises(BadAnswer):
        await anna.opens("Open")


async def test_nobody_does_what_isnt_there(bot: SmallTeamsBot, anna: Actor, asked: str) -> None:
    with pytest.raises(CantDo, match="sees nothing called Nowhere"):
        await anna.presses("Nowhere")
    with pytest.raises(CantDo, match="no dialog is open"):
        await anna.submits()
    bot.answer = dialog()
    await anna.opens("Open")
    with pytest.raises(CantDo, match="covers the chat"):
        await anna.presses("Yes")

    heard = len(bot.heard)
    anna.closes()
    assert len(bot.heard) == heard
    assert not anna.has_dialog


async def test_a_bot_that_doesnt_answer_is_out_of_reach(
    teams: FakeTeams, anna: Actor, asked: str
) -> None:
    teams.app.request_url = "http://127.0.0.1:9/api/messages"

    answered = await anna.presses("Yes")

    assert answered.status == 0
    assert anna.notices() == ["Unable to reach app. Please try again."]


def test_inputs_of_a_form_are_read_as_text() -> None:
    assert text_of(card(MOOD, DAYS, SURE)).splitlines()[0] == "How is it?"
