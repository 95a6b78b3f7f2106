"""What Slack tells of a workspace: who comes, changes and goes, and that the app was removed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from bot.usecases.workspaces import workspace_ids
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.delivering import Parcel
from tests.fakes.slack.methods.users import user_json
from tests.fakes.slack.reading import text_of
from tests.support.clock import StillClock
from tests.support.directory import person_at
from tests.support.organisation import line, team_of
from tests.support.slack_bot import TEAM, WORKSPACE, SlackBot, running, settings_of
from tests.support.slack_parcels import event
from tests.support.tables import rows_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


async def accounts(bot: SlackBot) -> dict[str, str]:
    """Slack's ids of those whom the bot would write to, by person."""
    return {row["person_id"]: row["external_id"] for row in await rows_of(bot.core, "account")}


async def has_account(bot: SlackBot, name: str) -> bool:
    return bot.world.ids[name] in await accounts(bot)


async def row_of(bot: SlackBot, name: str) -> dict[str, Any]:
    (row,) = [row for row in await rows_of(bot.core, "person") if row["id"] == bot.world.ids[name]]
    return row


async def told_of_a_change(bot: SlackBot, name: str, **change: Any) -> int:
    bot.tell_slack_the_time()
    user = bot.actor(name).user
    return (await bot.slack.happenings.changes(bot.slack.workspace, user, **change)).status


# --- people ----------------------------------------------------------------------------------


async def test_somebody_who_is_in_another_zone_now_is_written_to_by_its_clock(
    bot: SlackBot,
) -> None:
    assert (await bot.slack.changes("boss-1", tz="Asia/Tokyo")).status == 200
    assert (await row_of(bot, "boss-1"))["zone"] == "Asia/Tokyo"
    assert (await row_of(bot, "boss-2"))["zone"] == "Europe/London"


async def test_a_new_name_changes_nothing_about_who_somebody_is(bot: SlackBot) -> None:
    before = await accounts(bot)
    assert (await bot.slack.changes("boss-1", real_name="*<!channel>*")).status == 200
    assert await accounts(bot) == before
    assert (await row_of(bot, "boss-1"))["name"] == "Boss-1"


async def test_a_new_address_stays_the_same_person(bot: SlackBot) -> None:
    before = await accounts(bot)
    await bot.slack.changes("boss-1", email="married@example.org")
    assert await accounts(bot) == before


@pytest.mark.parametrize("change", ["deleted", "is_restricted", "is_ultra_restricted", "is_bot"])
async def test_who_left_or_is_a_guest_now_has_no_account_until_they_are_back(
    bot: SlackBot, change: str
) -> None:
    for _ in range(2):
        assert await told_of_a_change(bot, "boss-1", **{change: True}) == 200
        assert not await has_account(bot, "boss-1")
    await bot.world.launch()
    await bot.world.live_until(MONDAY_MORNING)
    assert bot.slack.messages("boss-1") == []
    assert len(bot.slack.messages("boss-2")) == 1
    for _ in range(2):
        assert await told_of_a_change(bot, "boss-1", **{change: False}) == 200
        assert await has_account(bot, "boss-1")
    await bot.world.live_until(NEXT_MONDAY)
    assert bot.slack.messages("boss-1")


async def test_who_is_on_the_roster_has_an_account_once_they_join(bot: SlackBot) -> None:
    await bot.world.import_lines([*team_of(9), line("newcomer")])
    assert not await has_account(bot, "newcomer")
    assert (await bot.slack.joins("newcomer")).status == 200
    assert await has_account(bot, "newcomer")


async def test_who_is_not_on_the_roster_gets_no_account(bot: SlackBot) -> None:
    before = await accounts(bot)
    assert (await bot.slack.joins("visitor")).status == 200
    assert await accounts(bot) == before


async def test_what_slack_tells_of_somebody_may_come_in_any_order_and_twice(
    bot: SlackBot,
) -> None:
    """Three kinds of news that agree on how things are now."""
    user = bot.actor("boss-1").user
    await bot.slack.leaves("boss-1")
    user.deleted, user.tz = False, "Europe/Berlin"
    shown = user_json(bot.slack.site, TEAM, user, locale=True)
    news = [
        event(bot, type="team_join", user=shown),
        event(bot, type="user_change", user=shown),
        event(bot, type="user_change", user={**shown, "real_name": "Another"}),
    ]
    for order in permutations([*news, news[0]]):
        for parcel in order:
            assert (await bot.slack.delivering.deliver(parcel)).status == 200
        assert await person_at(bot.core, WORKSPACE, user.id) == bot.world.ids["boss-1"]
        assert (await row_of(bot, "boss-1"))["zone"] == "Europe/Berlin"
    assert len(await accounts(bot)) == 10


@pytest.mark.parametrize("change", [{"team_id": "T0009"}, {"is_stranger": True}])
async def test_people_of_other_workspaces_are_nobody_of_ours_whatever_address_they_have(
    bot: SlackBot, change: dict[str, Any]
) -> None:
    """Who runs another workspace says what its people's addresses are."""
    before = await accounts(bot)
    impostor = bot.slack.workspace.add_user("impostor", email="boss-1@example.org")
    shown = {**user_json(bot.slack.site, TEAM, impostor), **change}
    for kind in ("team_join", "user_change"):
        assert (await bot.slack.sends_event({"type": kind, "user": shown})).status == 200
    assert await accounts(bot) == before


async def test_somebody_of_an_organisation_of_several_workspaces_is_ours_too(
    bot: SlackBot,
) -> None:
    await bot.world.import_lines([*team_of(9), line("newcomer")])
    newcomer = bot.slack.workspace.add_user("newcomer")
    shown = user_json(bot.slack.site, TEAM, newcomer)
    shown |= {"team_id": "T0009", "enterprise_user": {"id": "W1", "teams": ["T0009", TEAM]}}
    await bot.slack.sends_event({"type": "user_change", "user": shown})
    assert await has_account(bot, "newcomer")


# --- news that is late -----------------------------------------------------------------------


async def late(bot: SlackBot, clock: StillClock, kind: str, user: dict[str, Any]) -> Parcel:
    """What Slack makes now, and delivers a minute later. Until then it can happen more."""
    told = event(bot, type=kind, user=user)
    clock.move_by(minutes=1)
    bot.tell_slack_the_time()
    return Parcel("events_api", told.payload)


def asked_about(bot: SlackBot) -> int:
    return len(bot.slack.calls("users.info"))


@pytest.mark.parametrize("kind", ["team_join", "user_change"])
async def test_late_news_of_somebody_does_not_undo_that_they_left(
    bot: SlackBot, clock: StillClock, kind: str
) -> None:
    user = bot.actor("boss-1").user
    told = await late(bot, clock, kind, user_json(bot.slack.site, TEAM, user, locale=True))
    await bot.slack.leaves("boss-1")
    assert asked_about(bot) == 0
    assert (await bot.slack.delivering.deliver(told)).status == 200
    assert asked_about(bot) == 1
    assert not await has_account(bot, "boss-1")


async def test_late_news_of_a_leaver_does_not_undo_that_they_are_back_and_moved(
    bot: SlackBot, clock: StillClock
) -> None:
    gone = {**user_json(bot.slack.site, TEAM, bot.actor("boss-1").user), "deleted": True}
    told = await late(bot, clock, "user_change", gone)
    await bot.slack.changes("boss-1", tz="Europe/Berlin")
    assert (await bot.slack.delivering.deliver(told)).status == 200
    assert await has_account(bot, "boss-1")
    assert (await row_of(bot, "boss-1"))["zone"] == "Europe/Berlin"


async def test_late_news_that_nothing_has_overtaken_is_applied(
    bot: SlackBot, clock: StillClock
) -> None:
    user = bot.actor("boss-1").user
    user.tz = "Asia/Tokyo"
    told = await late(bot, clock, "user_change", user_json(bot.slack.site, TEAM, user))
    assert (await bot.slack.delivering.deliver(told)).status == 200
    assert (await row_of(bot, "boss-1"))["zone"] == "Asia/Tokyo"


async def test_late_news_is_left_to_a_sync_soon_while_slack_cannot_be_asked(
    bot: SlackBot, clock: StillClock
) -> None:
    user = bot.actor("boss-1").user
    told = await late(bot, clock, "user_change", user_json(bot.slack.site, TEAM, user))
    await bot.slack.leaves("boss-1")
    assert await bot.platform.sync_due() == {}
    bot.slack.faults.cut("users.info", times=None)
    assert (await bot.slack.delivering.deliver(told)).status == 200
    assert not await has_account(bot, "boss-1")
    assert list(await bot.platform.sync_due() or {}) == [WORKSPACE]
    assert not await has_account(bot, "boss-1")


# --- the app is removed ----------------------------------------------------------------------


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_removal_is_told_in_any_order_and_repeated(
    welcomed: SlackBot, *, backwards: bool
) -> None:
    for _ in range(2):
        answers = await welcomed.slack.uninstalls(backwards=backwards)
        assert [answer.status for answer in answers] == [200, 200]
        assert await workspace_ids(welcomed.core, "slack") == []
        assert await accounts(welcomed) == {}


@pytest.mark.parametrize("kind", ["tokens_revoked", "app_uninstalled"])
async def test_one_of_the_two_is_enough(welcomed: SlackBot, kind: str) -> None:
    tokens = {"tokens": {"bot": ["UBOT0001"], "oauth": []}}
    assert (await welcomed.slack.sends_event({"type": kind, **tokens})).status == 200
    assert await workspace_ids(welcomed.core, "slack") == []


@pytest.mark.parametrize(
    "tokens",
    [{"oauth": ["U1"], "bot": []}, {"oauth": ["U1"], "bot": None}, {"oauth": ["U1"]}, {}],
)
async def test_somebodys_own_token_is_none_of_ours(
    welcomed: SlackBot, tokens: dict[str, Any]
) -> None:
    before = await accounts(welcomed)
    told = await welcomed.slack.sends_event({"type": "tokens_revoked", "tokens": tokens})
    assert told.status == 200
    assert await workspace_ids(welcomed.core, "slack") == [WORKSPACE]
    assert await accounts(welcomed) == before


async def test_after_a_removal_nothing_is_sent_or_planned_there(welcomed: SlackBot) -> None:
    await welcomed.slack.uninstalls()
    await welcomed.settle()
    planned = {row["id"] for row in await rows_of(welcomed.core, "delivery")}
    calls = len(welcomed.slack.calls())
    await welcomed.world.live_until(NEXT_MONDAY)
    rows = await rows_of(welcomed.core, "delivery")
    assert {row["id"] for row in rows} == planned
    assert {row["state"] for row in rows} <= {"sent", "skipped"}
    assert len(welcomed.slack.calls()) == calls


async def test_after_a_removal_whatever_people_still_do_is_answered(welcomed: SlackBot) -> None:
    actor = welcomed.actor("boss-1")
    press = actor.press_of("Yes, ask me")
    await welcomed.slack.uninstalls()
    assert (await welcomed.slack.sends(press)).status == 200
    await welcomed.settle()
    assert "I don't know you here" in text_of(actor.ephemeral()[-1].blocks)
    assert (await actor.says("hello")).status == 200
    assert (await actor.runs("/wellbeing", "settings")).status == 200
    assert (await actor.uses_shortcut("talk_to_someone")).status == 200
    assert (await actor.opens_home()).status == 200
    assert (await welcomed.slack.changes("boss-1", tz="Asia/Tokyo")).status == 200
    await welcomed.settle()
    assert await accounts(welcomed) == {}
    assert {row["pulses"] for row in await rows_of(welcomed.core, "person")} <= {None, 0}


# --- and is back -----------------------------------------------------------------------------


@asynccontextmanager
async def started(
    tmp_path: Path, sqlite_url: str, clock: StillClock, slack: FakeSlack, way: str
) -> AsyncIterator[SlackBot]:
    """A process on the same database, with the newest token."""
    more = {"slack_app_token": slack.app.app_token} if way != "http" else {}
    settings = settings_of(tmp_path, sqlite_url, slack, **more)
    async with running(settings, clock, slack) as bot:
        await bot.has(team_of(9))
        yield bot


def put_back(slack: FakeSlack) -> None:
    """Somebody adds the app to the workspace again."""
    slack.site.tokens.issue("bot", TEAM, slack.app.scopes)


@pytest.mark.parametrize("way", ["http", "socket mode"])
async def test_with_a_new_token_it_goes_on_where_it_ended(
    tmp_path: Path, sqlite_url: str, clock: StillClock, fake_slack: FakeSlack, way: str
) -> None:
    async with started(tmp_path, sqlite_url, clock, fake_slack, way) as bot:
        await bot.world.launch()
        await bot.world.live_until(MONDAY_MORNING)
        await bot.actor("boss-1").presses("Yes, ask me")
        await bot.slack.uninstalls()
        await bot.settle()
        kept = await rows_of(bot.core, "person")
    put_back(fake_slack)
    async with started(tmp_path, sqlite_url, clock, fake_slack, way) as bot:
        assert await workspace_ids(bot.core, "slack") == [WORKSPACE]
        assert await rows_of(bot.core, "person") == kept
        await bot.world.live_until(MONDAY_NOON)
        texts = [posted.text for posted in bot.slack.messages("boss-1")]
    assert texts == ["All done here", "How are you arriving today?"]  # the welcome was answered


@pytest.mark.parametrize("way", ["http", "socket mode"])
@pytest.mark.parametrize("kind", ["tokens_revoked", "app_uninstalled"])
async def test_late_news_of_a_removal_does_not_undo_what_came_after_it(
    tmp_path: Path, sqlite_url: str, clock: StillClock, fake_slack: FakeSlack, way: str, kind: str
) -> None:
    async with started(tmp_path, sqlite_url, clock, fake_slack, way) as bot:
        told = event(bot, type=kind, tokens={"bot": ["UBOT0001"], "oauth": []})
    clock.move_by(minutes=5)
    async with started(tmp_path, sqlite_url, clock, fake_slack, way) as bot:
        before = await accounts(bot)
        late = Parcel("events_api", told.payload)
        assert (await bot.slack.delivering.deliver(late)).status == 200
        assert await workspace_ids(bot.core, "slack") == [WORKSPACE]
        assert await accounts(bot) == before
        await bot.slack.uninstalls()
        assert await workspace_ids(bot.core, "slack") == []
