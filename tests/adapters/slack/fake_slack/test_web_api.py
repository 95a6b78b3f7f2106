"""The fake Slack's Web API, used by Slack's own client."""

from __future__ import annotations

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, text_of
from tests.support.small_bot import refused, section

METADATA = {"event_type": "wellbeing_delivery", "event_payload": {"key": "k1"}}


# --- who calls -----------------------------------------------------------------------------


async def test_a_token_is_told_who_it_is_and_what_it_may_do(client: AsyncWebClient) -> None:
    answer = await client.auth_test()

    assert (answer["team_id"], answer["user_id"]) == ("T0001", "UBOT0001")
    assert "chat:write" in answer.headers["x-oauth-scopes"]
    assert answer.headers["Date"].endswith("GMT")


@pytest.mark.parametrize(
    ("token", "error"), [("", "not_authed"), ("xoxb-wrong", "invalid_auth"), ("xapp", "")]
)
async def test_a_call_needs_a_token_of_the_right_kind(
    slack: FakeSlack, client: AsyncWebClient, token: str, error: str
) -> None:
    client.token = slack.app.app_token if token == "xapp" else token

    assert (await refused(client, "auth.test"))["error"] == (error or "not_allowed_token_type")


async def test_tokens_end_in_three_ways(slack: FakeSlack, client: AsyncWebClient) -> None:
    token = slack.site.bot_token()
    token.expires_at = slack.clock.now() + 60
    assert (await client.auth_test())["expires_in"] <= 60
    slack.clock.move_by(61)
    assert (await refused(client, "auth.test"))["error"] == "token_expired"

    token.expires_at = None
    assert (await client.auth_revoke())["revoked"]
    assert (await refused(client, "auth.test"))["error"] == "token_revoked"

    token.inactive = True
    assert (await refused(client, "auth.test"))["error"] == "account_inactive"


async def test_a_missing_scope_is_named(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.set_scopes(["chat:write"])

    answer = await refused(client, "users.list")

    assert answer["error"] == "missing_scope"
    assert (answer["needed"], answer["provided"]) == ("users:read", "chat:write")


async def test_there_is_no_method_of_another_name(client: AsyncWebClient) -> None:
    assert (await refused(client, "chat.postCard"))["error"] == "unknown_method"


async def test_a_token_is_never_in_the_log_of_calls(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    await client.api_call("api.test", data={"token": client.token, "foo": "bar"})

    (call,) = slack.calls("api.test")
    assert (call.arguments, call.outcome, call.status) == ({"foo": "bar"}, "ok", 200)


async def test_each_workspace_has_its_own_people_and_token(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    other = slack.add_workspace("Other")
    theirs = AsyncWebClient(slack.bot_token(other.id), base_url=slack.api_url)

    assert (await theirs.team_info())["team"]["name"] == "Other"
    assert (await client.bots_info())["bot"]["user_id"] == slack.workspace.bot.id
    assert (await refused(theirs, "users.info", user="U1"))["error"] == "user_not_found"


# --- messages ------------------------------------------------------------------------------


async def test_a_message_to_a_person_opens_their_conversation_and_keeps_its_metadata(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="U1", text="Hello", metadata=METADATA)

    channel = posted["channel"]
    without = await client.conversations_history(channel=channel)
    with_it = await client.conversations_history(channel=channel, include_all_metadata=True)
    assert (await client.conversations_open(users="U1"))["channel"]["id"] == channel
    assert "metadata" not in without["messages"][0]
    assert with_it["messages"][0]["metadata"] == METADATA


async def test_history_is_read_page_by_page_from_a_time_on(client: AsyncWebClient) -> None:
    sent = [await client.chat_postMessage(channel="U1", text=f"m{n}") for n in range(5)]
    channel, oldest = sent[0]["channel"], sent[0]["ts"]

    pages = [
        [each["text"] for each in page["messages"]]
        async for page in await client.conversations_history(
            channel=channel, limit=3, oldest=oldest
        )
    ]

    assert pages == [["m4", "m3", "m2"], ["m1"]]


async def test_a_thread_is_apart_from_its_conversation(client: AsyncWebClient) -> None:
    root = await client.chat_postMessage(channel="U1", text="Root")
    where = {"channel": root["channel"], "thread_ts": root["ts"]}
    reply = await client.chat_postMessage(**where, text="Reply", metadata=METADATA)

    history = await client.conversations_history(channel=root["channel"])
    replies = await client.conversations_replies(
        channel=root["channel"], ts=root["ts"], include_all_metadata=True
    )

    assert reply["message"]["thread_ts"] == root["ts"]
    (shown,) = history["messages"]
    assert (shown["text"], shown["thread_ts"], shown["reply_count"]) == ("Root", root["ts"], 1)
    assert [each["text"] for each in replies["messages"]] == ["Root", "Reply"]
    assert replies["messages"][1]["metadata"] == METADATA
    nowhere = await refused(client, "conversations.replies", channel=root["channel"], ts="1.1")
    assert nowhere["error"] == "thread_not_found"


async def test_a_message_is_changed_and_removed_but_not_forgotten(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    posted = await client.chat_postMessage(channel="U1", text="First", metadata=METADATA)
    where = {"channel": posted["channel"], "ts": posted["ts"]}

    await client.chat_update(**where, text="Second", blocks=[section("Second")])
    (changed,) = slack.messages("anna")
    await client.chat_delete(**where)

    assert (changed.text, text_of(changed.blocks), changed.metadata) == (
        "Second", "Second", METADATA,
    )  # fmt: skip
    assert slack.messages("anna") == []
    assert "First" in slack.everything_said()
    assert (await refused(client, "chat.delete", **where))["error"] == "message_not_found"


async def test_an_ephemeral_message_is_not_kept(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.workspace.add_channel("all", ["U1"], bot_is_member=True, id="C1")

    sent = await client.chat_postEphemeral(channel="C1", user="U1", text="Psst")

    assert [each.text for each in slack.actor("anna").ephemeral()] == ["Psst"]
    assert "Psst" not in slack.everything_said()
    answer = await refused(client, "chat.update", channel="C1", ts=sent["message_ts"], text="x")
    assert answer["error"] == "message_not_found"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C404", "channel_not_found"),
        ("UGONE", "channel_not_found"),
        ("USLACKBOT", "cannot_dm_bot"),
        ("UBOT0001", "cannot_dm_bot"),
        ("COUT", "not_in_channel"),
        ("CPRIVATE", "channel_not_found"),
        ("COLD", "is_archived"),
    ],
)
async def test_some_places_take_no_messages(
    slack: FakeSlack, client: AsyncWebClient, channel: str, error: str
) -> None:
    slack.add_user("gone", id="UGONE", deleted=True)
    slack.workspace.add_channel("out", ["U1"], id="COUT")
    slack.workspace.add_channel("private", ["U1"], id="CPRIVATE", is_private=True)
    slack.workspace.add_channel("old", [], bot_is_member=True, id="COLD", is_archived=True)

    answer = await refused(client, "chat.postMessage", channel=channel, text="Hello")

    assert answer["error"] == error


# --- people, groups and conversations ------------------------------------------------------


async def test_people_come_in_pages_with_zone_language_and_address(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.add_user("guest", is_restricted=True, tz="Asia/Kolkata", locale="de-DE")
    slack.add_user("gone", deleted=True)

    pages = [
        page["members"] async for page in await client.users_list(limit=4, include_locale=True)
    ]
    members = {each["name"]: each for page in pages for each in page}

    assert [len(page) for page in pages] == [4, 2]
    assert members["anna"]["profile"]["email"] == "anna@example.org"
    guest = members["guest"]
    assert (guest["tz"], guest["tz_offset"], guest["locale"]) == ("Asia/Kolkata", 19800, "de-DE")
    assert guest["is_restricted"]
    assert members["gone"]["deleted"]
    assert members["wellbeing"]["is_bot"]
    assert not members["slackbot"]["is_bot"]
    assert (await refused(client, "users.list", cursor="nonsense"))["error"] == "invalid_cursor"


async def test_an_address_is_shown_only_with_its_scope(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.set_scopes(["users:read", "users.profile:read"])

    assert "email" not in (await client.users_info(user="U1"))["user"]["profile"]
    assert "email" not in (await client.users_profile_get(user="U1"))["profile"]
    assert (await refused(client, "users.info", user="U404"))["error"] == "user_not_found"


async def test_user_groups_have_members_and_channels(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.workspace.add_group("housing", ["U1"], id="S1", channels=["C1"])
    slack.workspace.add_group("old", [], deleted=True)

    (group,) = (await client.usergroups_list(include_users=True))["usergroups"]

    assert (group["handle"], group["users"]) == ("housing", ["U1"])
    assert group["prefs"]["channels"] == ["C1"]
    assert (await client.usergroups_users_list(usergroup="S1"))["users"] == ["U1"]
    answer = await refused(client, "usergroups.users.list", usergroup="S404")
    assert answer["error"] == "no_such_subteam"


async def test_conversations_are_those_that_the_bot_may_know_of(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.workspace.add_channel("all", ["U1", "U2"], bot_is_member=True, id="C1")
    slack.workspace.add_channel("others", ["U1"], id="C2")
    slack.workspace.add_channel("secret", ["U1"], id="C3", is_private=True)

    listed = (await client.conversations_list(types="public_channel,private_channel"))["channels"]
    mine = (await client.users_conversations())["channels"]
    pages = [p["members"] async for p in await client.conversations_members(channel="C1", limit=2)]

    assert [(each["id"], each["is_member"]) for each in listed] == [("C1", True), ("C2", False)]
    assert [each["id"] for each in mine] == ["C1"]
    assert pages == [["U1", "U2"], ["UBOT0001"]]
    assert (await client.conversations_info(channel="C2"))["channel"]["name"] == "others"
    assert (await refused(client, "conversations.history", channel="C2"))["error"] == (
        "not_in_channel"
    )
    slack.set_scopes(["channels:read"])
    assert (await refused(client, "users.conversations", types="private_channel"))["needed"] == (
        "groups:read"
    )


async def test_who_is_not_to_be_disturbed_is_known_until_when(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    until = slack.clock.now() + 600
    slack.workspace.user("anna").dnd_until = until

    users = (await client.dnd_teamInfo(users="U1,U2,U404"))["users"]

    assert users["U1"]["dnd_enabled"]
    assert users["U1"]["next_dnd_end_ts"] == int(until)
    assert users["U2"] == {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
    assert set(users) == {"U1", "U2"}
    assert (await client.dnd_info(user="U1"))["dnd_enabled"]
