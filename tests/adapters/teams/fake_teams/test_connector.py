"""The Bot Connector of the fake Teams: what it takes, keeps and refuses, as documented."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.teams import FakeTeams
from tests.support.small_teams_bot import card, message, words
from tests.support.teams_client import TeamsClient


async def test_a_message_is_kept_and_has_an_id(teams: FakeTeams, client: TeamsClient) -> None:
    sent = await client.send("anna", message("A question", card(words("How is it?"))))

    (kept,) = teams.messages("anna")
    assert (sent.status, sent.body) == (201, {"id": kept.id})
    assert (kept.text, kept.sender_id) == ("A question", teams.app.bot_id)
    assert teams.cards("anna") == [card(words("How is it?"))]
    assert teams.messages("ben") == []


async def test_a_message_is_changed_in_place_and_deleted(
    teams: FakeTeams, client: TeamsClient
) -> None:
    first = (await client.says("anna", "One")).body["id"]
    await client.says("anna", "Two")
    path = f"{client.conversation('anna')}/activities/{first}"

    changed = await client.call("PUT", path, {"type": "message", "text": "Changed"})

    assert (changed.status, changed.body) == (200, {"id": first})
    assert [each.text for each in teams.messages("anna")] == ["Changed", "Two"]

    assert (await client.call("DELETE", path)).status == 200
    assert [each.text for each in teams.messages("anna")] == ["Two"]
    assert "One" in teams.everything_said()
    assert (await client.call("DELETE", path)).code == "ActivityNotFoundInConversation"


async def test_only_what_the_bot_sent_can_be_changed(teams: FakeTeams, client: TeamsClient) -> None:
    line = teams.actor("anna").line_of("Mine")
    path = f"{client.conversation('anna')}/activities/{line['id']}"

    assert (await client.call("PUT", path, {"text": "Yours"})).code == "NotEnoughPermissions"
    assert (await client.call("DELETE", path)).code == "NotEnoughPermissions"


async def test_a_reply_in_a_chat_is_a_message_like_any_other(
    teams: FakeTeams, client: TeamsClient
) -> None:
    line = teams.actor("anna").line_of("hello")
    path = f"{client.conversation('anna')}/activities/{line['id']}"

    await client.call("POST", path, {"type": "message", "text": "Hello to you"})

    assert [each.text for each in teams.messages("anna")] == ["hello", "Hello to you"]


async def test_typing_is_seen_and_leaves_no_message(teams: FakeTeams, client: TeamsClient) -> None:
    assert (await client.send("anna", {"type": "typing"})).status == 201

    assert (teams.typing("anna"), teams.typing("ben")) == (1, 0)
    assert teams.messages("anna") == []


async def test_a_chat_is_opened_with_who_has_the_app(teams: FakeTeams, client: TeamsClient) -> None:
    anna, cem = teams.actor("anna").person, teams.add_person("cem")

    opened = await client.opens_chat(anna.id)

    assert (opened.status, opened.body) == (201, {"id": anna.chat_id})
    assert (await client.opens_chat(anna.aad_id)).body == {"id": anna.chat_id}
    refused = await client.opens_chat(cem.id)
    assert (refused.status, refused.code) == (403, "ForbiddenOperationException")
    assert (await client.opens_chat("29:nobody")).status == 400
    assert (await client.opens_chat(anna.id, tenant_id="elsewhere")).status == 400


async def test_who_removed_the_app_or_blocks_it_gets_nothing(
    teams: FakeTeams, client: TeamsClient
) -> None:
    anna, ben = teams.actor("anna"), teams.actor("ben").person
    ben.installed = False
    refused = await client.says("ben", "hello")
    assert (refused.status, refused.code) == (403, "BotNotInConversationRoster")

    anna.blocks()
    refused = await client.says("anna", "hello")
    assert (refused.status, refused.code) == (403, "MessageWritesBlocked")

    anna.blocks("sub_code")
    refused = await client.says("anna", "hello")
    assert (refused.status, refused.body["errorCode"]) == (403, 209)
    assert '"subCode": "MessageWritesBlocked"' in refused.body["message"]

    anna.unblocks()
    assert (await client.says("anna", "hello")).status == 201


async def test_there_is_no_chat_where_there_is_none(teams: FakeTeams, client: TeamsClient) -> None:
    refused = await client.call(
        "POST", "conversations/a:nowhere/activities", {"type": "message", "text": "x"}
    )

    assert refused.status == 404
    assert refused.body == {
        "error": {"code": "ConversationNotFound", "message": "Conversation not found."}
    }


@pytest.mark.parametrize(
    ("activity", "status", "code"),
    [
        ({"type": "message", "text": "x" * 29_000}, 413, "MessageSizeTooBig"),
        ({"type": "message", "text": ""}, 400, "BadArgument"),
        ({"type": "handoff"}, 400, "BadArgument"),
        (message("", {"type": "AdaptiveCard", "version": "1.6"}), 400, "BadArgument"),
    ],
)
async def test_what_teams_doesnt_take_is_refused(
    teams: FakeTeams, client: TeamsClient, activity: dict[str, Any], status: int, code: str
) -> None:
    refused = await client.send("anna", activity)

    assert (refused.status, refused.code) == (status, code)
    assert teams.calls("send")[0].outcome == code
    assert teams.messages("anna") == []


async def test_why_a_card_was_refused_is_in_the_log(teams: FakeTeams, client: TeamsClient) -> None:
    await client.send("anna", message("", card({"type": "TextBlok", "text": "x"})))

    (call,) = teams.calls("send")
    assert call.why == "TextBlok isn't an element that Teams knows"


# --- rosters -------------------------------------------------------------------------------


async def test_a_roster_comes_in_pages_of_fifty_or_more(
    teams: FakeTeams, client: TeamsClient
) -> None:
    people = [teams.add_person(f"p{number}") for number in range(120)]
    team = teams.add_team("Everybody", people, has_bot=True)
    path = f"{client.conversation(team.id)}/pagedmembers"

    first = (await client.call("GET", path, pageSize="1")).body
    assert len(first["members"]) == 50
    second = (
        await client.call("GET", path, pageSize="70", continuationToken=first["continuationToken"])
    ).body

    assert len(second["members"]) == 70
    assert "continuationToken" not in second
    assert [each["id"] for each in first["members"] + second["members"]] == [p.id for p in people]


async def test_a_member_is_shown_with_their_account(teams: FakeTeams, client: TeamsClient) -> None:
    person = teams.add_person("cem.cole", installed=True, is_guest=True)

    shown = (
        await client.call("GET", f"{client.conversation(person)}/members/{person.aad_id}")
    ).body

    assert shown["id"] == person.id
    assert (shown["givenName"], shown["surname"]) == ("Cem", "Cole")
    assert shown["email"] == shown["userPrincipalName"] == "cem.cole@example.org"
    assert (shown["aadObjectId"], shown["tenantId"]) == (person.aad_id, teams.tenant.id)
    assert shown["userRole"] == "guest"


async def test_who_has_left_is_no_member(teams: FakeTeams, client: TeamsClient) -> None:
    anna = teams.actor("anna").person
    await teams.actor("anna").leaves_tenant()

    gone = await client.call("GET", f"{client.conversation(anna)}/members/{anna.id}")

    assert (gone.status, gone.code) == (404, "MemberNotFoundInConversation")
    assert (await client.says(anna, "hello")).code == "ConversationNotFound"
    assert (await client.opens_chat(anna.id)).status == 403


# --- teams ---------------------------------------------------------------------------------


async def test_a_team_and_its_channels_are_shown_to_a_bot_that_is_in_it(
    teams: FakeTeams, client: TeamsClient
) -> None:
    team = teams.add_team("Finance", ["anna", "ben"], has_bot=True)
    channel = teams.add_channel(team, "Month end")

    shown = (await client.call("GET", f"teams/{team.id}")).body
    assert (shown["name"], shown["aadGroupId"], shown["memberCount"]) == (
        "Finance",
        team.group_id,
        2,
    )
    listed = (await client.call("GET", f"teams/{team.id}/conversations")).body["conversations"]
    assert [(each["id"], each["name"]) for each in listed] == [
        (team.id, None),
        (channel.id, "Month end"),
    ]


async def test_a_bot_that_isnt_in_a_team_sees_nothing_of_it(
    teams: FakeTeams, client: TeamsClient
) -> None:
    team = teams.tenant.team("Housing")

    for path in (f"teams/{team.id}", f"{client.conversation(team.id)}/pagedmembers"):
        assert (await client.call("GET", path)).code == "BotNotInConversationRoster"
    assert (await client.says(team.id, "hello")).code == "BotNotInConversationRoster"


async def test_a_channel_takes_threads_and_replies_in_them(
    teams: FakeTeams, client: TeamsClient
) -> None:
    team = teams.add_team("Finance", ["anna"], has_bot=True)
    body = {
        "isGroup": True,
        "channelData": {"channel": {"id": team.id}},
        "activity": message("This week"),
    }

    opened = (await client.call("POST", "conversations", body)).body
    await client.call(
        "POST", f"conversations/{opened['id']}/activities", {"type": "message", "text": "More"}
    )

    first, second = teams.messages("Finance/General")
    assert opened["id"] == f"{team.id};messageid={first.id}"
    assert (first.text, second.text, second.thread_id) == ("This week", "More", first.id)
