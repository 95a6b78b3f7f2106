"""Somebody on two platforms says whose an account is, and where they are written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.workqueue.inline import InlineQueue
from bot.errors import NotFound, PlatformError, Stranger, TryLater, Undeliverable
from bot.message import ChoiceField
from bot.ports import AccountId, Reply, Submission, Tap
from bot.usecases.accounts import PLAYGROUND
from bot.usecases.deliver import deliver
from bot.usecases.dispatch import submit, tap
from bot.usecases.home import home
from bot.usecases.sync_directory import member_changed, member_left, sync_directory
from bot.usecases.workspaces import install_workspace, uninstall_workspace
from tests.support.directory import SLACK, MemoryDirectory, member, person_at
from tests.support.organisation import World, team_of
from tests.support.platform import MemoryPlatform
from tests.support.reading import words
from tests.support.tables import rows_of
from tests.support.ticking import tick

TEAMS = "teams:contoso"
ADA = AccountId(TEAMS, "U-BOSS-1")
IN_SLACK = AccountId(SLACK, "U-BOSS-1")
NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)


@pytest.fixture
def on_teams() -> MemoryPlatform:
    return MemoryPlatform()


@pytest.fixture
async def council(world: World, on_teams: MemoryPlatform) -> World:
    """A boss and three people, all in Slack. Teams is there too, with nobody in it."""
    world.core = replace(world.core, messengers={SLACK: world.platform, TEAMS: on_teams})
    assert isinstance(world.core.queue, InlineQueue)
    world.core.queue.serve(lambda workspace_id: deliver(world.core, workspace_id))
    await uninstall_workspace(world.core, PLAYGROUND)
    await install_workspace(world.core, SLACK, "slack")
    await install_workspace(world.core, TEAMS, "teams")
    await world.import_lines(team_of(3))
    everybody = MemoryDirectory([member(name) for name in world.ids])
    await sync_directory(world.core, SLACK, everybody, "roster", "GB")
    return world


async def comes_to_teams(council: World) -> None:
    await member_changed(council.core, TEAMS, member("boss-1"))


async def says(council: World, action: str, value: str = "", who: AccountId = ADA) -> Reply:
    return await tap(council.core, Tap(who, action, value))


async def says_yes(council: World) -> None:
    """Whoever comes to Teams says there who they are, and yes to it in Slack."""
    await says(council, "account.confirm")
    await answers(council, "account.link")


async def answers(council: World, action: str, who: AccountId = IN_SLACK) -> Reply:
    """Press a button of the question that was asked in Slack last."""
    question = council.platform.to(IN_SLACK.external_id)[-1]
    return await says(council, action, question.button(action).value, who)


def asked(council: World) -> int:
    """How often anybody was asked in Slack whether an account is theirs."""
    return sum("Is it?" in words(posted.message) for posted in council.platform.posted)


async def is_known(council: World) -> bool:
    return await person_at(council.core, ADA.workspace_id, ADA.external_id) is not None


async def test_a_second_account_is_linked_by_its_person_where_they_are_known(
    council: World, on_teams: MemoryPlatform
) -> None:
    await comes_to_teams(council)
    with pytest.raises(Stranger) as stranger:
        await home(council.core, ADA)
    assert stranger.value.looks_like == "Boss-1"
    assert "asked you" in words((await says(council, "account.confirm")).notice)
    assert not await is_known(council)
    question = council.platform.to("U-BOSS-1")[-1]
    assert "Microsoft Teams has your work address" in words(question.message)
    reply = await answers(council, "account.link")
    assert "I know you on Microsoft Teams too" in words(reply.replace)
    for who in (ADA, IN_SLACK):
        found = await person_at(council.core, who.workspace_id, who.external_id)
        assert found == council.ids["boss-1"]
    assert len([row for row in await rows_of(council.core, "person") if row["is_active"]]) == 4
    await home(council.core, ADA)
    assert "I know you here too" in words((await says(council, "account.confirm")).notice)
    assert (asked(council), on_teams.posted) == (1, [])


async def test_whoever_has_somebodys_address_elsewhere_links_nothing_by_themselves(
    council: World,
) -> None:
    await comes_to_teams(council)
    await says(council, "account.confirm")
    question = council.platform.to("U-BOSS-1")[-1]
    for action in ("account.link", "account.refuse"):
        with pytest.raises(Stranger):
            await answers(council, action, ADA)
    for value in ("", "/", TEAMS, f"{TEAMS}/U-BOSS-2", "slack:T0001/U-BOSS-1", question.key):
        await says(council, "account.link", value, IN_SLACK)
    assert not await is_known(council)
    await answers(council, "account.link")
    assert await is_known(council)


async def test_a_yes_counts_of_nobody_else(council: World) -> None:
    await comes_to_teams(council)
    await says(council, "account.confirm")
    for action in ("account.link", "account.refuse"):
        reply = await answers(council, action, AccountId(SLACK, "U-BOSS-2"))
        assert "isn't open any more" in words(reply.notice)
        with pytest.raises(NotFound):
            await council.tap("boss-1", action, f"{TEAMS}/{ADA.external_id}")
    assert not await is_known(council)
    await answers(council, "account.link")
    assert await is_known(council)


async def test_a_no_leaves_a_stranger_and_a_later_yes_changes_nothing(council: World) -> None:
    await comes_to_teams(council)
    await says(council, "account.confirm")
    reply = await answers(council, "account.refuse")
    assert "gets nothing of yours" in words(reply.replace)
    for action in ("account.link", "account.refuse"):
        assert "isn't open" in words((await answers(council, action)).notice)
    await comes_to_teams(council)
    with pytest.raises(Stranger) as stranger:
        await says(council, "account.confirm")
    assert stranger.value.looks_like == ""
    assert asked(council) == 1


async def test_a_yes_twice_links_once(council: World) -> None:
    await comes_to_teams(council)
    await says_yes(council)
    assert "isn't open" in words((await answers(council, "account.link")).notice)
    assert len(await rows_of(council.core, "account")) == 5


async def test_a_yes_to_what_was_dropped_or_is_another_persons_now_has_no_effect(
    council: World,
) -> None:
    await comes_to_teams(council)
    await says(council, "account.confirm")
    await member_left(council.core, TEAMS, ADA.external_id)
    assert "isn't open" in words((await answers(council, "account.link")).notice)
    now = replace(member("boss-2"), external_id=ADA.external_id)
    await member_changed(council.core, TEAMS, now)
    assert "isn't open" in words((await answers(council, "account.link")).notice)
    assert not await is_known(council)


async def test_one_account_a_platform_is_linked_however_many_claim_to_be_somebodys(
    council: World,
) -> None:
    other = replace(ADA, external_id="U-IMPOSTOR")
    for who in (ADA, other):
        now = replace(member("boss-1"), external_id=who.external_id)
        await member_changed(council.core, TEAMS, now)
        await says(council, "account.confirm", who=who)
    first, second = council.platform.to("U-BOSS-1")
    await says(council, "account.link", first.button("account.link").value, IN_SLACK)
    late = await says(council, "account.link", second.button("account.link").value, IN_SLACK)
    assert "isn't open" in words(late.notice)
    assert await is_known(council)
    assert await person_at(council.core, TEAMS, other.external_id) is None


async def test_pressing_often_asks_once_a_day(council: World) -> None:
    await comes_to_teams(council)
    council.clock.move_to(NINE)
    for _ in range(3):
        assert "asked you" in words((await says(council, "account.confirm")).notice)
    assert asked(council) == 1
    council.clock.move_to(NINE + timedelta(days=1, minutes=1))
    await says(council, "account.confirm")
    assert asked(council) == 2


@pytest.mark.parametrize("refusal", [Undeliverable(), TryLater(5)])
async def test_whoever_cant_be_asked_now_can_be_asked_as_soon_as_they_can(
    council: World, refusal: PlatformError
) -> None:
    await comes_to_teams(council)
    council.platform.refusals.append(refusal)
    assert "Nothing is lost" in words((await says(council, "account.confirm")).notice)
    assert asked(council) == 0
    await says_yes(council)
    assert await is_known(council)


async def test_where_the_other_platform_is_switched_off_nobody_can_be_asked(
    council: World, on_teams: MemoryPlatform
) -> None:
    await comes_to_teams(council)
    council.core = replace(council.core, messengers={TEAMS: on_teams})
    assert "Nothing is lost" in words((await says(council, "account.confirm")).notice)


async def test_what_may_have_arrived_isnt_asked_again_the_same_day(council: World) -> None:
    await comes_to_teams(council)
    council.platform.losing_replies = 1
    for _ in range(2):
        assert "asked you" in words((await says(council, "account.confirm")).notice)
    assert asked(council) == 1


async def test_whoever_has_no_other_account_any_more_loses_nothing(council: World) -> None:
    await comes_to_teams(council)
    await member_left(council.core, SLACK, IN_SLACK.external_id)
    assert "Nothing is lost" in words((await says(council, "account.confirm")).notice)
    await comes_to_teams(council)  # by the next reading
    assert await is_known(council)
    assert "I know you here too" in words((await says(council, "account.confirm")).notice)


async def test_whoever_says_no_stays_a_stranger(council: World) -> None:
    await comes_to_teams(council)
    await says(council, "account.deny")
    await comes_to_teams(council)
    there = MemoryDirectory([member("boss-1")])
    await sync_directory(council.core, TEAMS, there, "roster", "GB")
    with pytest.raises(Stranger) as stranger:
        await home(council.core, ADA)
    assert stranger.value.looks_like == ""
    with pytest.raises(Stranger):
        await says(council, "account.confirm")


async def test_whoever_said_no_is_asked_again_once_they_have_left_and_are_back(
    council: World,
) -> None:
    await comes_to_teams(council)
    await says(council, "account.deny")
    await member_left(council.core, TEAMS, ADA.external_id)
    await comes_to_teams(council)
    await says_yes(council)
    assert await is_known(council)


async def test_nobody_confirms_what_nobody_claims(council: World) -> None:
    with pytest.raises(Stranger):
        await says(council, "account.confirm")
    with pytest.raises(NotFound):
        await tap(council.core, Tap(council.ids["boss-1"], "account.confirm", ""))
    assert len(await rows_of(council.core, "account")) == 4


async def test_a_reading_of_a_directory_asks_the_same(council: World) -> None:
    there = MemoryDirectory([member("boss-1"), member("stranger")])
    synced = await sync_directory(council.core, TEAMS, there, "roster", "GB")
    assert (synced.connected, synced.unknown) == (0, 1)
    await says(council, "account.confirm")
    await sync_directory(council.core, TEAMS, there, "roster", "GB")  # between asking and yes
    await answers(council, "account.link")
    synced = await sync_directory(council.core, TEAMS, there, "roster", "GB")
    assert (synced.connected, synced.unknown) == (1, 1)
    assert await rows_of(council.core, "claim") == []


@pytest.mark.parametrize("where", [ADA, IN_SLACK], ids=["in Teams", "in Slack"])
@pytest.mark.parametrize(
    ("chosen", "kept", "lost"), [("slack", IN_SLACK, ADA), ("teams", ADA, IN_SLACK)]
)
async def test_what_was_linked_can_be_undone_in_either_account(
    council: World, where: AccountId, chosen: str, kept: AccountId, lost: AccountId
) -> None:
    await comes_to_teams(council)
    await says_yes(council)
    await submit(council.core, Submission(where, "settings.save", "", {"accounts": chosen}))
    await home(council.core, kept)
    # Nor does it come back by itself.
    back = MemoryDirectory([member(name) for name in council.ids])
    await sync_directory(council.core, lost.workspace_id, back, "roster", "GB")
    await member_changed(council.core, lost.workspace_id, member("boss-1"))
    with pytest.raises(Stranger) as stranger:
        await home(council.core, lost)
    assert stranger.value.looks_like == ""


async def test_a_forged_choice_of_accounts_forgets_none(council: World) -> None:
    await comes_to_teams(council)
    for platform in ("teams", "pigeons", "", "playground"):
        await council.submit("boss-1", "settings.save", accounts=platform)
    await says_yes(council)
    for platform in ("all", "pigeons", "", "playground"):
        await council.submit("boss-1", "settings.save", accounts=platform)
    assert len(await rows_of(council.core, "account")) == 5


async def test_somebody_who_is_nowhere_else_is_connected_at_once(council: World) -> None:
    await sync_directory(
        council.core, SLACK, MemoryDirectory([member("boss"), member("boss-2")]), "roster", "GB"
    )
    await comes_to_teams(council)
    assert await is_known(council)


async def test_each_message_goes_to_one_place_by_its_persons_choice(
    council: World, on_teams: MemoryPlatform
) -> None:
    await comes_to_teams(council)
    await says_yes(council)
    await council.launch()
    council.clock.move_to(NINE)
    await tick(council.core)
    assert len(council.platform.to("U-BOSS-1")) == 2  # the question, and a welcome
    assert on_teams.posted == []
    await council.submit("boss-1", "settings.save", platform="teams")
    await council.live_until(TUESDAY)
    assert len(council.platform.to("U-BOSS-1")) == 2
    assert len(on_teams.to("U-BOSS-1")) == 1
    assert len(council.platform.to("U-BOSS-2")) == 2


async def test_where_to_write_is_asked_of_those_who_have_a_choice(council: World) -> None:
    assert "platform" not in await fields(council, "boss-1")
    await comes_to_teams(council)
    assert "platform" not in await fields(council, "boss-1")
    await says(council, "account.confirm")
    assert "platform" not in await fields(council, "boss-1")
    await answers(council, "account.link")
    places = await fields(council, "boss-1")
    assert [choice.value for choice in places["platform"].choices] == ["slack", "teams"]
    assert places["platform"].chosen == "slack"
    assert [choice.value for choice in places["accounts"].choices] == ["all", "slack", "teams"]
    assert places["accounts"].chosen == "all"
    await council.submit("boss-1", "settings.save", platform="pigeons")
    assert (await fields(council, "boss-1"))["platform"].chosen == "slack"


async def fields(council: World, name: str) -> dict[str, ChoiceField]:
    form = (await council.tap(name, "settings.open")).form
    assert form is not None
    return {field.name: field for field in form.fields if isinstance(field, ChoiceField)}
