"""What a check-up asks of the database: who can be written to, and which channels are lost."""

from __future__ import annotations

from bot.ports import AccountId, Member, MemberGroup, Place
from bot.store.people import channels_not_found, reached_in_chats
from bot.usecases.conversations import gone, remember
from bot.usecases.core import Core
from bot.usecases.sync_directory import member_changed, sync_channels
from bot.usecases.workspaces import install_workspace
from tests.support.organisation import World, team_of

TENANT, WORKSPACE = "teams:t1", "slack:T1"


async def reached(core: Core) -> tuple[int, int]:
    async with core.database.reading() as session:
        return await reached_in_chats(session, "teams")


async def test_those_are_counted_who_are_on_the_roster_and_have_a_conversation_there(
    world: World,
) -> None:
    core = world.core
    await world.import_lines(team_of(9))
    await install_workspace(core, TENANT, "teams")
    await install_workspace(core, WORKSPACE, "slack")
    for workspace in (TENANT, WORKSPACE):
        for name in ("boss-1", "boss-2"):
            member = Member(name, name, f"{name}@example.org", "", "")
            await member_changed(core, workspace, member)
    assert await reached(core) == (0, 10), "an account isn't a conversation"
    for workspace in (TENANT, WORKSPACE):
        for name in ("boss-1", "stranger"):
            await remember(core, AccountId(workspace, name), Place("c1", "https://t.example.org"))
    assert await reached(core) == (1, 10)
    await gone(core, AccountId(TENANT, "boss-1"))
    assert await reached(core) == (0, 10)


async def test_channels_that_the_roster_names_are_lost_until_they_are_found_somewhere(
    world: World,
) -> None:
    core = world.core
    lines = [f"{line},Council / Housing" for line in team_of(9)]
    await world.import_lines(lines, channel=True)
    await install_workspace(core, TENANT, "teams")

    async def lost() -> dict[str, str]:
        async with core.database.reading() as session:
            return await channels_not_found(session, {"teams"})

    assert await lost() == {"Services / Housing": "Council / Housing"}
    group = MemberGroup("Council / Housing", frozenset(), "19:housing")
    await sync_channels(core, TENANT, [group])
    assert await lost() == {}
