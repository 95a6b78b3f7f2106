"""What becomes of messages to Teams: each once, and never to somebody who took the bot away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.teams.ids import workspace_of
from bot.domain.delivery import DeliveryState
from bot.errors import (
    OutcomeUnknown,
    PlatformError,
    SettingsError,
    TryLater,
    TryThisLater,
    Undeliverable,
)
from bot.message import Message, Paragraph
from bot.ports import Address
from tests.fakes.teams import FakeTeams
from tests.support.away import database_away
from tests.support.clock import StillClock
from tests.support.organisation import team_of
from tests.support.tables import rows_of
from tests.support.teams_bot import TeamsBot, running, settings_of

MONDAY_MORNING = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)
HELLO = Message("Hello", (Paragraph("Hello there"),))


def address(bot: TeamsBot, name: str) -> Address:
    return Address(bot.workspace_id, "person", bot.actor(name).person.aad_id)


async def post(bot: TeamsBot, name: str) -> str:
    messenger = bot.platform.messengers[bot.workspace_id]
    return await messenger.post(address(bot, name), HELLO, "key")


def said(bot: TeamsBot, name: str) -> int:
    return len(bot.teams.messages(name))


# --- what Teams answers --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "status", "comes_to"),
    [
        ("MessageWritesBlocked", 403, Undeliverable),
        ("BotNotInConversationRoster", 403, Undeliverable),
        ("ConversationNotFound", 404, Undeliverable),
        ("ForbiddenOperationException", 403, Undeliverable),
        ("PreconditionFailed", 412, TryThisLater),
        ("BotDisabledByAdmin", 403, TryThisLater),
        ("SomethingNew", 403, TryThisLater),
        ("SomethingNew", 404, TryThisLater),
        ("ServiceUnavailable", 503, TryLater),
        ("BadSyntax", 400, PlatformError),
        ("MessageSizeTooBig", 413, PlatformError),
        ("ServiceError", 500, OutcomeUnknown),
    ],
)
async def test_every_refusal_has_its_outcome(
    bot: TeamsBot, code: str, status: int, comes_to: type[PlatformError]
) -> None:
    before = said(bot, "boss-1")
    bot.teams.faults.answer(code, "send", status=status)
    with pytest.raises(comes_to):
        await post(bot, "boss-1")
    assert said(bot, "boss-1") == before


@pytest.mark.parametrize("status", [404, 502, 503, 504])
async def test_a_page_from_a_door_before_teams_is_tried_later(bot: TeamsBot, status: int) -> None:
    bot.teams.faults.html_page("send", status=status)
    with pytest.raises(TryLater):
        await post(bot, "boss-1")
    assert len(await rows_of(bot.core, "conversation")) == 10


async def test_one_persons_refusal_holds_nobody_else_up(welcomed: TeamsBot) -> None:
    chat = welcomed.actor("boss-1").person.chat_id
    welcomed.teams.faults.answer("BotDisabledByAdmin", "send", None, conversation=chat)
    await welcomed.world.live_until(MONDAY_MORNING + timedelta(hours=4))
    states = [row["state"] for row in await rows_of(welcomed.core, "delivery")]
    assert states.count(DeliveryState.SENT) == 19  # ten welcomes, and nine check-ins


async def test_what_never_left_is_not_taken_for_sent(bot: TeamsBot) -> None:
    bot.teams.site.access_tokens.revoke_all()
    with pytest.raises(TryLater):
        await post(bot, "boss-1")
    bot.teams.faults.cut("login", None)
    everybody = [post(bot, name) for name in bot.world.ids]
    answers = await asyncio.gather(*everybody, return_exceptions=True)
    assert {type(answer) for answer in answers} == {TryLater}
    bot.teams.faults.clear()
    async with database_away(bot.core):
        with pytest.raises(TryLater):
            await post(bot, "boss-1")


async def test_a_quota_is_waited_for_as_teams_says_and_a_little_longer(bot: TeamsBot) -> None:
    bot.teams.faults.limit(0, 60, "send")
    waits = set()
    for _ in range(5):
        with pytest.raises(TryLater) as later:
            await post(bot, "boss-1")
        waits.add(later.value.retry_after_s)
    assert len(waits) > 1  # not all at once


async def test_a_lost_reply_is_unknown_and_the_message_is_there(bot: TeamsBot) -> None:
    before = said(bot, "boss-1")
    bot.teams.faults.lose_replies("send")
    with pytest.raises(OutcomeUnknown):
        await post(bot, "boss-1")
    assert said(bot, "boss-1") == before + 1


async def test_a_token_that_is_not_taken_is_not_used_again(bot: TeamsBot) -> None:
    await post(bot, "boss-1")
    bot.teams.site.access_tokens.revoke_all()
    with pytest.raises(TryLater):
        await post(bot, "boss-1")
    await post(bot, "boss-1")


async def test_a_token_is_fetched_once_for_many_and_ahead_of_its_end(bot: TeamsBot) -> None:
    asked = len(bot.teams.calls("login"))
    assert asked == 1
    await post(bot, "boss-1")
    bot.timer.move_by(bot.teams.site.access_tokens.expires_in_s - 200)
    await post(bot, "boss-1")
    assert len(bot.teams.calls("login")) <= asked + 1
    bot.timer.move_by(200)
    await post(bot, "boss-1")
    assert len(bot.teams.calls("login")) == asked + 1


# --- people who come and go ----------------------------------------------------------------


@pytest.mark.parametrize("worded", ["code", "sub_code"])
async def test_whoever_blocks_the_bot_gets_nothing_until_they_come_back(
    welcomed: TeamsBot, worded: str
) -> None:
    actor = welcomed.actor("boss-1")
    actor.blocks(worded)  # type: ignore[arg-type]
    await welcomed.world.live_until(MONDAY_MORNING + timedelta(days=3))
    refused = [each for each in welcomed.teams.calls("send") if each.status == 403]
    assert [each.conversation for each in refused] == [actor.person.chat_id]  # and never again
    assert len(await rows_of(welcomed.core, "account")) == 9
    actor.unblocks()
    await actor.installs()
    await welcomed.settle()
    assert len(await rows_of(welcomed.core, "account")) == 10


async def test_whoever_takes_the_bot_away_is_forgotten_and_may_come_back(
    welcomed: TeamsBot,
) -> None:
    actor = welcomed.actor("boss-1")
    await actor.uninstalls()
    await welcomed.settle()
    for table in ("account", "conversation"):
        assert actor.person.aad_id not in str(await rows_of(welcomed.core, table))
    calls = len(welcomed.teams.calls("send"))
    await welcomed.world.live_until(MONDAY_MORNING + timedelta(hours=4))
    sent = welcomed.teams.calls("send")[calls:]
    assert actor.person.chat_id not in {call.conversation for call in sent}
    await actor.installs(backwards=True)
    await welcomed.settle()
    assert len(await rows_of(welcomed.core, "account")) == 10


# --- what nobody knows ---------------------------------------------------------------------


@pytest.mark.parametrize(("unknown", "copies"), [("miss", 1), ("repeat", 2)])
async def test_what_may_have_arrived_is_left_or_sent_again_as_the_settings_say(
    tmp_path: Path,
    clock: StillClock,
    sqlite_url: str,
    fake_teams: FakeTeams,
    unknown: str,
    copies: int,
) -> None:
    settings = settings_of(tmp_path, sqlite_url, fake_teams, wellbeing_teams_unknown=unknown)
    async with running(settings, clock, fake_teams) as bot:
        await bot.has(team_of(3))
        before = said(bot, "boss-1")
        fake_teams.faults.lose_replies("send", conversation=bot.actor("boss-1").person.chat_id)
        await bot.world.launch()
        await bot.world.live_until(MONDAY_MORNING)
        assert said(bot, "boss-1") == before + copies
        states = {row["state"] for row in await rows_of(bot.core, "delivery")}
        assert states == {DeliveryState.SENT}


async def test_a_restart_knows_where_everybody_is(
    tmp_path: Path, clock: StillClock, sqlite_url: str, fake_teams: FakeTeams
) -> None:
    settings = settings_of(tmp_path, sqlite_url, fake_teams)
    async with running(settings, clock, fake_teams) as bot:
        await bot.has(team_of(3))
    async with running(settings, clock, fake_teams) as bot:
        await bot.platform.messengers[workspace_of(fake_teams.tenant.id)].post(
            address(bot, "boss-1"), HELLO, "key"
        )


# --- how the bot signs in ------------------------------------------------------------------


async def test_a_certificate_is_as_good_as_a_secret(
    tmp_path: Path, clock: StillClock, sqlite_url: str, fake_teams: FakeTeams
) -> None:
    certified = fake_teams.certify()
    (tmp_path / "bot.pem").write_text(certified.certificate)
    (tmp_path / "bot.key").write_text(certified.private_key)
    settings = settings_of(
        tmp_path,
        sqlite_url,
        fake_teams,
        microsoft_app_password="",
        wellbeing_teams_certificate=str(tmp_path / "bot.pem"),
        wellbeing_teams_certificate_key=str(tmp_path / "bot.key"),
    )
    clock.move_to(datetime.now(UTC))  # Microsoft looks at when it was signed
    async with running(settings, clock, fake_teams) as bot:
        await bot.has(team_of(1))
        assert said(bot, "boss-1") == 1


async def test_files_that_are_no_certificate_are_said_at_the_start(
    tmp_path: Path, clock: StillClock, sqlite_url: str, fake_teams: FakeTeams
) -> None:
    for name in ("bot.pem", "bot.key"):
        (tmp_path / name).write_text("nothing")
    settings = settings_of(
        tmp_path,
        sqlite_url,
        fake_teams,
        microsoft_app_password="",
        wellbeing_teams_certificate=str(tmp_path / "bot.pem"),
        wellbeing_teams_certificate_key=str(tmp_path / "bot.key"),
    )
    with pytest.raises(SettingsError, match="certificate"):
        async with running(settings, clock, fake_teams):
            pass


async def test_a_bot_for_several_tenants_hears_each_of_them(
    tmp_path: Path, clock: StillClock, sqlite_url: str, fake_teams: FakeTeams
) -> None:
    other = fake_teams.add_tenant("Other")
    fake_teams.app.kind = "MultiTenant"
    settings = settings_of(
        tmp_path,
        sqlite_url,
        fake_teams,
        microsoft_app_type="MultiTenant",
        wellbeing_teams_tenants=other.id,
    )
    async with running(settings, clock, fake_teams) as bot:
        await bot.world.import_lines(team_of(2))
        await fake_teams.actor(fake_teams.add_person("boss-1")).installs()
        await fake_teams.actor(fake_teams.add_person("boss-2", other), other).installs()
        await bot.settle()
        workspaces = [row["workspace_id"] for row in await rows_of(bot.core, "account")]
        assert sorted(workspaces) == sorted(map(workspace_of, (fake_teams.tenant.id, other.id)))


async def test_a_login_that_fails_is_tried_again(bot: TeamsBot) -> None:
    bot.teams.site.access_tokens.revoke_all()
    with pytest.raises(TryLater):
        await post(bot, "boss-1")
    bot.teams.faults.html_page("login")
    with pytest.raises(TryLater):
        await post(bot, "boss-1")
    await post(bot, "boss-1")
