"""That the real Bot Framework SDK works with the fake Teams as it is, by nothing but addresses."""

from __future__ import annotations

from typing import Any

import pytest
from botbuilder.core import TurnContext
from botbuilder.core.teams import TeamsActivityHandler, TeamsInfo
from botbuilder.schema import (
    Activity,
    AdaptiveCardInvokeResponse,
    ChannelAccount,
    ConversationParameters,
    ErrorResponseException,
)
from botbuilder.schema.teams import TaskModuleMessageResponse, TaskModuleResponse

from tests.fakes.teams import FORGERIES, Actor, FakeTeams, Signing
from tests.support.small_teams_bot import (
    CARD,
    SmallTeamsBot,
    card,
    execute,
    message,
    opening,
    words,
)
from tests.support.teams_client import TeamsClient


async def test_a_line_is_answered(bot: SmallTeamsBot, anna: Actor) -> None:
    answered = await anna.types("hello")

    assert answered.status == 200
    assert [each.text for each in anna.messages()] == ["hello", "You said hello"]
    activity = bot.last()
    assert activity["from"]["aadObjectId"] == anna.person.aad_id
    assert activity["conversation"]["tenantId"] == anna.tenant.id


@pytest.mark.parametrize("signing", FORGERIES)
async def test_what_isnt_from_teams_is_refused(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor, signing: Signing
) -> None:
    answered = await teams.sends(anna.line_of("hello"), signing=signing)

    assert answered.status == 401
    assert bot.heard == []


async def test_a_new_key_is_taken_by_a_bot_that_starts_after_it(
    teams: FakeTeams, bot: SmallTeamsBot, anna: Actor
) -> None:
    teams.rotate_keys()

    assert (await anna.types("hello")).status == 200


async def test_a_message_is_updated_and_deleted(bot: SmallTeamsBot, anna: Actor) -> None:
    async def change(turn: TurnContext) -> None:
        kept, gone = [await turn.send_activity(text) for text in ("One", "Two")]
        await turn.update_activity(Activity(id=kept.id, type="message", text="Changed"))
        await turn.delete_activity(gone.id)

    bot.does = change
    await anna.types("go")

    assert [each.text for each in anna.messages()] == ["go", "Changed"]


async def test_somebody_else_is_written_to(
    bot: SmallTeamsBot, teams: FakeTeams, anna: Actor
) -> None:
    ben = teams.actor("ben")

    async def write(turn: TurnContext) -> None:
        connector = await bot.adapter.create_connector_client(teams.service_url)
        opened = await connector.conversations.create_conversation(
            ConversationParameters(
                is_group=False,
                bot=turn.activity.recipient,
                members=[ChannelAccount(id=ben.person.id)],
                tenant_id=teams.tenant.id,
                channel_data={"tenant": {"id": teams.tenant.id}},
            )
        )
        await connector.conversations.send_to_conversation(
            opened.id, Activity(type="message", text="Good morning")
        )

    bot.does = write
    await anna.types("go")

    assert [each.text for each in ben.messages()] == ["Good morning"]


async def test_a_refusal_is_read_with_its_code(bot: SmallTeamsBot, anna: Actor) -> None:
    codes: list[tuple[int, str]] = []

    async def write(turn: TurnContext) -> None:
        try:
            await turn.send_activity("Too late")
        except ErrorResponseException as refused:
            codes.append((refused.response.status_code, refused.error.error.code))

    bot.does = write
    anna.blocks()
    await anna.types("go")

    assert codes == [(403, "MessageWritesBlocked")]


async def test_a_team_is_read(bot: SmallTeamsBot, teams: FakeTeams, anna: Actor) -> None:
    team = teams.add_team("Everybody", ["anna", "ben"], has_bot=True)
    teams.add_channel(team, "Wellbeing")
    read: list[Any] = []

    async def look(turn: TurnContext) -> None:
        details = await TeamsInfo.get_team_details(turn)
        channels = await TeamsInfo.get_team_channels(turn)
        page = await TeamsInfo.get_paged_members(turn)
        member = await TeamsInfo.get_member(turn, anna.person.id)
        read.append((details.name, details.aad_group_id, details.member_count))
        read.append([channel.name for channel in channels])
        read.append([each.user_principal_name for each in page.members])
        read.append((member.given_name, member.email, member.tenant_id, member.user_role))

    bot.does = look
    await anna.types("go", where="Everybody/General")

    assert read == [
        ("Everybody", team.group_id, 2),
        [None, "Wellbeing"],
        ["anna@example.org", "ben@example.org"],
        ("Anna", "anna@example.org", teams.tenant.id, "user"),
    ]


class Handler(TeamsActivityHandler):  # type: ignore[misc]  # it has no types
    """Which of the SDK's handlers were called, and with what."""

    def __init__(self) -> None:
        super().__init__()
        self.called: list[Any] = []

    async def on_installation_update_add(self, turn: TurnContext) -> None:
        self.called.append("installed")

    async def on_installation_update_remove(self, turn: TurnContext) -> None:
        self.called.append("uninstalled")

    async def on_teams_members_added(self, members: Any, team: Any, turn: TurnContext) -> None:
        self.called.append(("added", [each.id for each in members], team and team.name))

    async def on_teams_members_removed(self, members: Any, team: Any, turn: TurnContext) -> None:
        self.called.append(("removed", [each.id for each in members], team and team.name))

    async def on_teams_channel_created(self, channel: Any, team: Any, turn: TurnContext) -> None:
        self.called.append(("channel", channel.name, team.name))

    async def on_teams_team_renamed(self, team: Any, turn: TurnContext) -> None:
        self.called.append(("renamed", team.name))

    async def on_adaptive_card_invoke(self, turn: TurnContext, value: Any) -> Any:
        self.called.append((value.action["verb"], value.action["data"]))
        return AdaptiveCardInvokeResponse(status_code=200, type=CARD, value=card(words("Kept.")))

    async def on_teams_task_module_fetch(self, turn: TurnContext, request: Any) -> Any:
        self.called.append(("opened", request.data["form"]))
        return TaskModuleResponse(task=TaskModuleMessageResponse(value="Nothing to fill in."))


@pytest.fixture
def handler(bot: SmallTeamsBot) -> Handler:
    handler = Handler()
    bot.does = handler.on_turn
    return handler


async def test_its_handlers_know_every_event(
    handler: Handler, teams: FakeTeams, anna: Actor
) -> None:
    cem = teams.actor(teams.add_person("cem"))

    await cem.installs()
    await cem.uninstalls()
    await anna.adds_bot_to("Housing")
    await cem.joins_team("Housing")
    await cem.leaves_team("Housing")
    await anna.creates_channel("Housing", "Nights")
    await anna.renames_team("Housing", "Homes")

    bot_id = teams.app.bot_id
    assert handler.called == [
        ("added", [bot_id, cem.person.id], None),
        "installed",
        "uninstalled",
        ("added", [bot_id], "Housing"),
        "installed",
        ("added", [cem.person.id], "Housing"),
        ("removed", [cem.person.id], "Housing"),
        ("channel", "Nights", "Housing"),
        ("renamed", "Homes"),
    ]


async def test_its_handlers_know_every_button(
    handler: Handler, anna: Actor, client: TeamsClient
) -> None:
    actions = [execute("Yes", "answer", value=3), opening("Open", form="mood")]
    await client.send("anna", message("A question", card(words("How?"), actions=actions)))

    await anna.presses("Open")
    await anna.presses("Yes")

    assert handler.called == [("opened", "mood"), ("answer", {"value": 3})]
    assert anna.notices() == ["Nothing to fill in."]
    assert anna.cards() == [card(words("Kept."))]
