"""What happens in teams and channels, of which a bot hears that is in them."""

from __future__ import annotations

import pytest

from tests.fakes.teams import Actor, CantDo, FakeTeams, Team
from tests.support.small_teams_bot import CARD, SmallTeamsBot, card, execute, message, words
from tests.support.teams_client import TeamsClient


@pytest.fixture
def housing(teams: FakeTeams) -> Team:
    return teams.tenant.team("Housing")


def events(bot: SmallTeamsBot) -> list[str]:
    return [told["channelData"].get("eventType", told["type"]) for told in bot.heard]


async def test_adding_the_bot_is_told_from_the_chosen_channel(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor, housing: Team
) -> None:
    chosen = teams.add_channel(housing, "Wellbeing")

    await anna.adds_bot_to("Housing", "Wellbeing")

    assert events(bot) == ["teamMemberAdded", "installationUpdate"]
    added, installation = bot.heard
    assert added["membersAdded"] == [{"id": teams.app.bot_id}]
    assert added["conversation"]["id"] == chosen.id
    assert added["channelData"]["team"] == {
        "id": housing.id,
        "name": "Housing",
        "aadGroupId": housing.group_id,
    }
    assert installation["action"] == "add"
    assert housing.has_bot


async def test_removing_the_bot_is_told_and_shuts_the_channel(
    bot: SmallTeamsBot, anna: Actor, housing: Team, client: TeamsClient
) -> None:
    await anna.adds_bot_to(housing)
    assert (await client.says(housing.id, "hello")).status == 201

    await anna.removes_bot_from(housing)

    assert events(bot)[2:] == ["teamMemberRemoved", "installationUpdate"]
    assert bot.last()["action"] == "remove"
    assert (await client.says(housing.id, "hello")).code == "BotNotInConversationRoster"


async def test_members_come_and_go(
    bot: SmallTeamsBot, teams: FakeTeams, housing: Team, client: TeamsClient
) -> None:
    housing.has_bot = True
    cem = teams.actor(teams.add_person("cem"))

    await cem.joins_team("Housing")
    await teams.actor("ben").leaves_team("Housing")

    assert events(bot) == ["teamMemberAdded", "teamMemberRemoved"]
    assert bot.heard[0]["membersAdded"][0]["aadObjectId"] == cem.person.aad_id
    page = await client.call("GET", f"{client.conversation(housing.id)}/pagedmembers")
    assert [each["name"] for each in page.body["members"]] == ["Anna", "Cem"]


async def test_a_deactivated_account_is_told_nobody_and_a_deleted_one_is(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor, housing: Team
) -> None:
    housing.has_bot = True

    await anna.leaves_tenant()
    assert bot.heard == []
    assert [each.handle for each in teams.tenant.members_of(housing)] == ["ben"]

    await teams.actor("ben").leaves_tenant(deleted=True)
    assert events(bot) == ["teamMemberRemoved"]


async def test_channels_and_teams_are_made_renamed_and_deleted(
    bot: SmallTeamsBot, anna: Actor, housing: Team
) -> None:
    housing.has_bot = True

    await anna.creates_channel(housing, "Night shift")
    assert bot.last()["channelData"]["channel"]["name"] == "Night shift"
    await anna.renames_channel(housing, "Night shift", "Nights")
    assert bot.last()["channelData"]["channel"]["name"] == "Nights"
    await anna.deletes_channel(housing, "Nights")
    await anna.renames_team(housing, "Homes")
    assert bot.last()["channelData"]["team"]["name"] == "Homes"
    await anna.deletes_team(housing)

    assert events(bot) == [
        "channelCreated",
        "channelRenamed",
        "channelDeleted",
        "teamRenamed",
        "teamDeleted",
    ]


async def test_a_bot_that_isnt_in_the_team_hears_nothing(
    bot: SmallTeamsBot, anna: Actor, housing: Team
) -> None:
    assert await anna.creates_channel(housing, "Nights") == []
    assert await anna.leaves_team(housing) == []
    with pytest.raises(CantDo, match="isn't in Housing"):
        await anna.types("hello", where="Housing/General")

    assert bot.heard == []


async def test_a_mention_in_a_channel_is_answered_in_its_thread(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor, housing: Team
) -> None:
    housing.has_bot = True

    await anna.types("hello", where="Housing/General")

    told = bot.last()
    first, second = teams.messages("Housing/General")
    assert told["text"] == "<at>Wellbeing</at> hello"
    assert told["conversation"]["id"] == f"{housing.id};messageid={first.id}"
    assert told["channelData"]["team"] == {"id": housing.id}
    assert second.thread_id == first.id


async def test_a_button_in_a_channel_is_pressed_there_and_changes_what_one_person_sees(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor, housing: Team, client: TeamsClient
) -> None:
    housing.has_bot = True
    shown = card(words("This week"), actions=[execute("Read", "read")])
    sent = await client.send(housing.id, message("A summary", shown))
    bot.answer = {"statusCode": 200, "type": CARD, "value": card(words("You have read it."))}

    await anna.presses("Read", where=housing.id)

    told = bot.last()
    assert told["conversation"]["id"] == f"{housing.id};messageid={sent.body['id']}"
    assert told["channelData"]["channel"] == {"id": housing.id}
    assert anna.cards(housing.id) == [card(words("You have read it."))]
    assert teams.actor("ben").cards(housing.id) == [shown]


async def test_tenants_know_nothing_of_each_other(
    bot: SmallTeamsBot, teams: FakeTeams, client: TeamsClient
) -> None:
    other = teams.add_tenant("Other")
    theirs = teams.actor(teams.add_person("anna", other), other)

    await theirs.installs()
    await theirs.types("hello")

    assert bot.last()["conversation"]["tenantId"] == other.id
    assert teams.messages("anna") == []
    assert [each.text for each in theirs.messages()] == ["hello", "You said hello"]
    assert (await client.opens_chat(theirs.person.id)).status == 400
    assert (await client.opens_chat(theirs.person.id, other.id)).status == 201
