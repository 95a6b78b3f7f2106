"""The app in several workspaces of one organisation, each installed from a browser."""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.slack.ids import workspace_of
from bot.settings import Settings
from bot.store.database import Database, Lock
from bot.usecases.workspaces import workspace_ids
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.delivering import Parcel
from tests.fakes.slack.methods.users import user_json
from tests.fakes.slack.reading import text_of
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.slack_bot import SlackBot, for_many, running, settings_of
from tests.support.slack_parcels import event
from tests.support.tables import rows_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEDNESDAY = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
NEXT_MONDAY = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
FIRST, SECOND, ELSEWHERE = "T0001", "T0002", "T0009"
WELCOME, CHECK_IN = "Hello from the Wellbeing Warrior", "How are you arriving today?"
TEAM = [f"boss-{number}" for number in range(1, 10)]


@dataclass(frozen=True)
class Process:
    """A bot that can be started, and started again."""

    settings: Settings
    clock: StillClock
    slack: FakeSlack
    port: int

    def running(self) -> AbstractAsyncContextManager[SlackBot]:
        return running(self.settings, self.clock, self.slack, self.port)


@pytest.fixture(params=["http", "socket mode"])
def process(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_url: str,
    clock: StillClock,
    fake_slack: FakeSlack,
) -> Process:
    """Two workspaces that may have the app, and one that may not; none of them has it yet."""
    fake_slack.add_workspace("Second", team_id=SECOND, installed=False)
    fake_slack.add_workspace("Elsewhere", team_id=ELSEWHERE, installed=False)
    port = _free_port()
    more = for_many(fake_slack, f"http://127.0.0.1:{port}")
    if request.param != "http":
        more["slack_app_token"] = fake_slack.app.app_token
    settings = settings_of(tmp_path, sqlite_url, fake_slack, **more)
    fake_slack.site.tokens.revoke_team(FIRST)
    return Process(settings, clock, fake_slack, port)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
async def many(process: Process) -> AsyncIterator[SlackBot]:
    """A bot with a roster, and workspaces without anybody in them."""
    async with process.running() as bot:
        await bot.world.import_lines(team_of(9))
        yield bot


async def have(bot: SlackBot, names: Sequence[str], team_id: str = FIRST) -> None:
    """Have people in a workspace, and then the app."""
    for name in names:
        bot.slack.add_user(name, team_id)
    await install(bot, team_id)


async def install(bot: SlackBot, team_id: str = FIRST) -> None:
    bot.tell_slack_the_time()
    page = await bot.slack.installs(bot.url, team_id)
    assert page.status == 200
    await bot.settle()


async def remove(bot: SlackBot, team_id: str = FIRST) -> None:
    bot.tell_slack_the_time()
    answers = await bot.slack.uninstalls(team_id)
    assert all(answer.acknowledged for answer in answers)
    await bot.settle()


async def live_until(bot: SlackBot, target: datetime) -> None:
    """As time passes for the bot, so it does at Slack."""
    while bot.world.clock.now() < target:
        await bot.world.live_until(min(target, bot.world.clock.now() + timedelta(hours=4)))
        bot.tell_slack_the_time()
        await bot.settle()


def got(bot: SlackBot, name: str) -> Counter[str]:
    """What somebody has been sent, in all workspaces together."""
    there = [
        each.id
        for each in bot.slack.site.workspaces.values()
        if name in {user.name for user in each.users.values()}
    ]
    return Counter(posted.text for team in there for posted in bot.slack.messages(name, team))


async def accounts(bot: SlackBot, team_id: str) -> int:
    rows = await rows_of(bot.core, "account")
    return sum(row["workspace_id"] == workspace_of(team_id) for row in rows)


# --- installed -------------------------------------------------------------------------------


async def test_whoever_is_there_is_known_as_soon_as_the_app_is_installed(many: SlackBot) -> None:
    await have(many, ["boss", *TEAM])
    assert await workspace_ids(many.core, "slack") == [workspace_of(FIRST)]
    assert await accounts(many, FIRST) == 10


async def test_an_installation_waits_for_who_reads_just_now(
    many: SlackBot, sqlite_url: str
) -> None:
    other = Database(sqlite_url)
    async with other.alone(Lock.SYNCING_SLACK):
        await have(many, ["boss", *TEAM])
        assert await accounts(many, FIRST) == 0
    await other.close()
    await many.platform.sync_due()
    assert await accounts(many, FIRST) == 10


async def test_installing_again_reads_who_is_there_again(many: SlackBot) -> None:
    await have(many, ["boss"])
    await have(many, TEAM)
    assert await accounts(many, FIRST) == 10


async def test_a_week_after_an_installation_is_as_with_a_token(many: SlackBot) -> None:
    await have(many, ["boss", *TEAM])
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    for name in TEAM:
        await many.actor(name).presses("Yes, ask me")
    await many.settle()
    await live_until(many, MONDAY_NOON)
    assert got(many, "boss-1") == {"All done here": 1, CHECK_IN: 1}
    await live_until(many, WEDNESDAY)
    actor = many.actor("boss-1")
    await actor.presses("pulse.form")
    await many.settle()
    fields = [block["block_id"] for block in actor.modal().blocks if block["type"] == "input"]
    assert (await actor.submits(dict.fromkeys(fields, "4"))).status == 200
    assert "What you chose is sealed" in text_of(actor.modal().blocks)


async def test_the_app_is_still_installed_after_a_restart(process: Process) -> None:
    async with process.running() as bot:
        await bot.world.import_lines(team_of(9))
        await have(bot, ["boss", *TEAM])
        await bot.world.launch()
    async with process.running() as bot:
        await bot.world.live_until(MONDAY_MORNING)
        assert len(bot.slack.messages("boss-1")) == 1


async def test_what_a_workspace_without_the_app_tells_is_not_believed(many: SlackBot) -> None:
    """Anybody can have a workspace, and say in it what anybody's address is."""
    impostor = many.slack.add_user("boss-1", ELSEWHERE)
    page = await many.slack.installs(many.url, ELSEWHERE)
    assert page.status == 403
    shown = user_json(many.slack.site, ELSEWHERE, impostor)
    for kind in ("team_join", "user_change"):
        await many.slack.sends_event({"type": kind, "user": shown}, ELSEWHERE)
    await many.slack.actor("boss-1", ELSEWHERE).says("hello")
    await many.settle()
    assert await workspace_ids(many.core, "slack") == []
    assert await rows_of(many.core, "account") == []
    assert await rows_of(many.core, "handled") == []
    (theirs,) = many.slack.messages("boss-1", ELSEWHERE)
    assert theirs.text == "hello"


# --- two workspaces, one organisation --------------------------------------------------------


async def test_the_people_of_two_workspaces_are_one_organisation(many: SlackBot) -> None:
    await have(many, ["boss", *TEAM[:5]])
    await have(many, TEAM[5:], SECOND)
    await many.world.launch()
    await live_until(many, MONDAY_NOON)
    for name in ("boss", *TEAM):
        assert got(many, name) == {WELCOME: 1, CHECK_IN: 1}, name
    assert (await accounts(many, FIRST), await accounts(many, SECOND)) == (6, 4)


async def test_who_is_in_both_gets_everything_once(many: SlackBot) -> None:
    await have(many, ["boss", *TEAM])
    await have(many, ["boss", *TEAM], SECOND)
    await many.world.launch()
    await live_until(many, MONDAY_NOON)
    for name in ("boss", *TEAM):
        assert got(many, name) == {WELCOME: 1, CHECK_IN: 1}, name


async def test_who_is_in_both_is_the_same_person_in_both(many: SlackBot) -> None:
    await have(many, ["boss-1"])
    await have(many, ["boss-1"], SECOND)
    for team_id, often in ((FIRST, "off"), (SECOND, "daily")):
        actor = many.slack.actor("boss-1", team_id)
        await actor.runs("/wellbeing", "settings")
        await many.settle()
        await actor.submits({"check_ins": often})
        kept = {row["email"]: row["check_ins"] for row in await rows_of(many.core, "person")}
        assert kept["boss-1@example.org"] == often


async def test_who_leaves_one_is_written_to_in_the_other(many: SlackBot) -> None:
    await have(many, TEAM)
    await have(many, TEAM, SECOND)
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    await many.slack.leaves("boss-1", FIRST)
    await live_until(many, MONDAY_NOON)
    assert got(many, "boss-1") == {WELCOME: 1, CHECK_IN: 1}
    newest = [posted.text for posted in many.slack.messages("boss-1", SECOND)]
    assert newest[-1:] == [CHECK_IN]


async def test_whoever_is_in_both_is_written_to_where_the_app_still_is(many: SlackBot) -> None:
    """Slack's word of a removal may be lost."""
    await have(many, ["boss", *TEAM])
    await have(many, ["boss", *TEAM], SECOND)
    many.slack.site.tokens.revoke_team(FIRST)
    await many.world.launch()
    await live_until(many, MONDAY_NOON)
    for name in ("boss", *TEAM):
        sent = [posted.text for posted in many.slack.messages(name, SECOND)]
        assert sent == [WELCOME, CHECK_IN], name


async def test_a_button_of_one_workspace_is_nobodys_in_another(many: SlackBot) -> None:
    """Ids of people are a workspace's own."""
    await have(many, ["boss-1"])
    await have(many, ["boss-2"], SECOND)
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    press = many.actor("boss-1").press_of("Yes, ask me")
    press["team"]["id"] = press["user"]["team_id"] = SECOND
    assert (await many.slack.sends(press)).status == 200
    await many.settle()
    assert {row["pulses"] for row in await rows_of(many.core, "person")} <= {None, 0}


# --- removed, and back -----------------------------------------------------------------------


async def test_where_it_was_removed_nothing_is_sent_and_elsewhere_it_goes_on(
    many: SlackBot,
) -> None:
    await have(many, ["boss", *TEAM[:5]])
    await have(many, TEAM[5:], SECOND)
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    await remove(many)
    before = len(many.slack.calls())
    await live_until(many, NEXT_MONDAY)
    assert got(many, "boss-1") == {WELCOME: 1}
    assert got(many, "boss-9")[CHECK_IN] == 2
    assert {call.team_id for call in many.slack.calls()[before:]} == {SECOND}


async def test_installed_again_it_goes_on_with_what_people_have_set(many: SlackBot) -> None:
    await have(many, ["boss", *TEAM])
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    actor = many.actor("boss-1")
    await actor.presses("Yes, ask me")
    await actor.runs("/wellbeing", "settings")
    await many.settle()
    await actor.submits({"check_ins": "off"})
    await many.settle()
    kept = await rows_of(many.core, "person")
    await remove(many)
    await live_until(many, WEDNESDAY)
    await install(many)
    assert await rows_of(many.core, "person") == kept
    await live_until(many, NEXT_MONDAY)
    assert got(many, "boss-1")[CHECK_IN] == 0
    assert got(many, "boss-2")[CHECK_IN] == 2  # this week's, which was still open, and the next
    assert got(many, "boss-2")[WELCOME] == 1


@pytest.mark.parametrize("kind", ["tokens_revoked", "app_uninstalled"])
async def test_late_news_of_a_removal_does_not_undo_an_installation_after_it(
    many: SlackBot, kind: str
) -> None:
    await have(many, ["boss", *TEAM])
    tokens = {"bot": ["UBOT0001"], "oauth": list[str]()}
    told = event(many, type=kind, tokens=tokens)
    await remove(many)
    many.world.clock.move_by(minutes=5)
    await install(many)
    late = Parcel("events_api", told.payload)
    assert (await many.slack.delivering.deliver(late)).status == 200
    assert await workspace_ids(many.core, "slack") == [workspace_of(FIRST)]
    assert await accounts(many, FIRST) == 10
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    assert got(many, "boss-1") == {WELCOME: 1}


async def test_installing_it_twice_changes_nothing(many: SlackBot) -> None:
    await have(many, ["boss", *TEAM])
    await many.world.launch()
    await live_until(many, MONDAY_MORNING)
    await install(many)
    await live_until(many, MONDAY_NOON)
    assert got(many, "boss-1") == {WELCOME: 1, CHECK_IN: 1}


async def test_a_workspace_that_was_not_named_for_a_while_is_back_when_it_is_named_again(
    process: Process,
) -> None:
    async with process.running() as bot:
        await bot.world.import_lines(team_of(9))
        await have(bot, ["boss", *TEAM[:5]])
        await have(bot, TEAM[5:], SECOND)
    slip = process.settings.model_copy(update={"wellbeing_slack_workspaces": FIRST})
    async with replace(process, settings=slip).running() as bot:
        assert await workspace_ids(bot.core, "slack") == [workspace_of(FIRST)]
        assert (await accounts(bot, FIRST), await accounts(bot, SECOND)) == (6, 0)
    async with process.running() as bot:
        named = [workspace_of(FIRST), workspace_of(SECOND)]
        assert sorted(await workspace_ids(bot.core, "slack")) == named
        await bot.platform.sync_due()
        assert (await accounts(bot, FIRST), await accounts(bot, SECOND)) == (6, 4)
        await bot.world.launch()
        await live_until(bot, MONDAY_MORNING)
        assert got(bot, "boss-9") == {WELCOME: 1}


async def test_where_the_app_was_removed_naming_the_workspace_does_not_bring_it_back(
    process: Process,
) -> None:
    async with process.running() as bot:
        await have(bot, ["boss"])
        await remove(bot)
    async with process.running() as bot:
        assert await workspace_ids(bot.core, "slack") == []


# --- tokens that expire ----------------------------------------------------------------------


async def test_a_token_is_renewed_once_while_everybody_is_written_to(many: SlackBot) -> None:
    many.slack.app.rotates_tokens = True
    await have(many, ["boss", *TEAM])
    await many.world.launch()
    many.world.clock.move_by(hours=13)  # by now the first one is good for nothing
    many.tell_slack_the_time()
    before = len(many.slack.calls("oauth.v2.access"))
    await live_until(many, many.world.clock.now() + timedelta(days=1))
    for name in ("boss", *TEAM):
        assert got(many, name)[WELCOME] == 1, name
    renewals = many.slack.calls("oauth.v2.access")[before:]
    assert renewals
    assert all(call.outcome == "ok" for call in renewals)
    assert not [call for call in many.slack.calls() if call.outcome == "token_expired"]


async def test_over_weeks_of_tokens_nobody_is_missed_or_written_to_twice(many: SlackBot) -> None:
    many.slack.app.rotates_tokens = True
    await have(many, ["boss", *TEAM[:5]])
    await have(many, TEAM[5:], SECOND)
    await many.world.launch()
    await live_until(many, NEXT_MONDAY)
    for name in ("boss", *TEAM):
        assert got(many, name)[WELCOME] == 1, name
        assert got(many, name)[CHECK_IN] == 2, name
    refused = {"token_expired", "invalid_auth", "invalid_refresh_token", "token_revoked"}
    assert not [call for call in many.slack.calls() if call.outcome in refused]
