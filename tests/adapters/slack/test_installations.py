"""Which workspaces the app is installed in, and their tokens, against a fake Slack server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from adapters.slack.exchange import Exchange
from adapters.slack.installations import Installed, VaultInstallations
from adapters.slack.tokens import FixedToken, InstalledTokens
from bot.errors import TryLater, Undeliverable
from bot.store.database import Database
from bot.store.vault import TableVault, new_vault_key
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.printing import printing

KEY = new_vault_key()
TEAM = "T0001"
HALF_A_DAY_S = 43_200


@dataclass(frozen=True)
class Process:
    """One of the bot's processes: what it shares with others is the database."""

    installations: VaultInstallations
    tokens: InstalledTokens


def process(database: Database, clock: StillClock, slack: FakeSlack) -> Process:
    vault = TableVault(database, [KEY])
    installations, app = VaultInstallations(vault), slack.site.app
    exchange = Exchange(app.client_id, app.client_secret, f"{slack.site.url}/api/")
    return Process(installations, InstalledTokens(installations, exchange, clock))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        yield running


@pytest.fixture
def one(databases: tuple[Database, Database], clock: StillClock, slack: FakeSlack) -> Process:
    return process(databases[0], clock, slack)


@pytest.fixture
def other(databases: tuple[Database, Database], clock: StillClock, slack: FakeSlack) -> Process:
    return process(databases[1], clock, slack)


async def install(
    one: Process, slack: FakeSlack, clock: StillClock, *, expires: bool = False
) -> Installed:
    """As somebody would by a browser, but for the browser."""
    tokens = slack.site.tokens
    bot = tokens.issue("bot", TEAM, ["chat:write"], expires=expires)
    refresh = tokens.issue("refresh", TEAM, ["chat:write"]).value if expires else ""
    now = clock.now().timestamp()
    installed = Installed(
        team_id=TEAM,
        team_name="Example",
        app_id="A0001",
        bot_id="B0001",
        bot_user_id="U0001",
        scopes="chat:write",
        installed_at=now,
        bot_token=bot.value,
        refresh_token=refresh,
        expires_at=int(now) + HALF_A_DAY_S if expires else None,
    )
    await one.installations.keep(installed)
    return installed


# --- what is kept --------------------------------------------------------------------------


async def test_what_is_kept_is_found_again(
    one: Process, other: Process, slack: FakeSlack, clock: StillClock
) -> None:
    installed = await install(one, slack, clock, expires=True)
    assert await other.installations.find(TEAM) == installed
    assert await other.installations.team_ids() == [TEAM]


async def test_a_second_installation_replaces_the_first(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    first = await install(one, slack, clock)
    second = await install(one, slack, clock)
    assert first.bot_token != second.bot_token
    assert await one.installations.find(TEAM) == second
    assert await one.installations.team_ids() == [TEAM]


async def test_an_installation_can_be_forgotten_twice(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock)
    for _ in range(2):
        assert await one.tokens.forget(TEAM)
        assert await one.installations.find(TEAM) is None


async def test_news_of_a_removal_that_comes_late_leaves_a_newer_installation(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock)
    removed_at = clock.now() + timedelta(minutes=1)
    clock.move_by(minutes=5)
    again = await install(one, slack, clock)
    assert not await one.tokens.forget(TEAM, removed_at)
    assert await one.installations.find(TEAM) == again
    assert await one.tokens.forget(TEAM, clock.now())
    assert await one.tokens.forget(TEAM, clock.now())
    assert await one.installations.find(TEAM) is None


async def test_a_removal_in_the_second_of_the_installation_counts(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    clock.move_by(milliseconds=700)
    await install(one, slack, clock)
    whole_second = datetime.fromtimestamp(int(clock.now().timestamp()), UTC)
    assert await one.tokens.forget(TEAM, whole_second)


@pytest.mark.parametrize("keys", [[], [new_vault_key()]])
async def test_an_installation_that_can_not_be_read_any_more_is_forgotten_when_it_is_removed(
    one: Process,
    databases: tuple[Database, Database],
    slack: FakeSlack,
    clock: StillClock,
    keys: list[str],
) -> None:
    await install(one, slack, clock)
    without_its_key = VaultInstallations(TableVault(databases[1], keys))
    assert await without_its_key.forget(TEAM, clock.now())
    assert await one.installations.team_ids() == []


# --- tokens --------------------------------------------------------------------------------


async def test_a_fixed_token_is_for_its_workspace_alone() -> None:
    fixed = FixedToken(TEAM, "xoxb-fake")
    assert await fixed.token(TEAM) == "xoxb-fake"
    with pytest.raises(Undeliverable):
        await fixed.token("T0002")


async def test_a_token_that_does_not_expire_is_given_as_it_is(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    installed = await install(one, slack, clock)
    clock.move_by(days=400)
    assert await one.tokens.token(TEAM) == installed.bot_token
    assert not slack.site.log.of("oauth.v2.access")


async def test_without_an_installation_there_is_no_token(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    with pytest.raises(Undeliverable):
        await one.tokens.token(TEAM)
    await install(one, slack, clock)
    await one.tokens.token(TEAM)
    await one.tokens.forget(TEAM)
    with pytest.raises(Undeliverable):
        await one.tokens.token(TEAM)


async def test_a_removal_that_another_process_heard_of_is_known_within_half_a_minute(
    one: Process, other: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock)
    await one.tokens.token(TEAM)
    await other.tokens.forget(TEAM)
    clock.move_by(seconds=30)
    with pytest.raises(Undeliverable):
        await one.tokens.token(TEAM)


async def test_a_token_is_renewed_hours_before_its_end_and_kept_before_it_is_used(
    one: Process, other: Process, slack: FakeSlack, clock: StillClock
) -> None:
    old = await install(one, slack, clock, expires=True)
    clock.move_by(hours=9, minutes=59)
    assert await one.tokens.token(TEAM) == old.bot_token
    clock.move_by(minutes=1)
    new = await one.tokens.token(TEAM)
    assert new != old.bot_token
    kept = await one.installations.find(TEAM)
    assert kept is not None
    assert kept.bot_token == new
    assert kept.installed_at == old.installed_at
    assert kept.expires_at == int(clock.now().timestamp()) + HALF_A_DAY_S
    assert await other.tokens.token(TEAM) == new
    assert len(slack.site.log.of("oauth.v2.access")) == 1


async def test_many_who_want_a_token_at_once_renew_it_once(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock, expires=True)
    clock.move_by(hours=11)
    got = await asyncio.gather(*(one.tokens.token(TEAM) for _ in range(20)))
    assert len(set(got)) == 1
    assert len(slack.site.log.of("oauth.v2.access")) == 1


async def test_two_processes_that_renew_at_once_end_with_one_good_token(
    one: Process, other: Process, slack: FakeSlack, clock: StillClock
) -> None:
    old = await install(one, slack, clock, expires=True)
    clock.move_by(hours=11)
    slack.site.faults.latency_s = 0.05
    got = await asyncio.gather(one.tokens.token(TEAM), other.tokens.token(TEAM))
    kept = await one.installations.find(TEAM)
    assert kept is not None
    # The one that Slack refused goes by the old token for a while, which is still good.
    assert set(got) <= {old.bot_token, kept.bot_token}
    assert not slack.site.tokens.all[kept.refresh_token].revoked
    clock.move_by(minutes=1)
    assert await one.tokens.token(TEAM) == await other.tokens.token(TEAM) == kept.bot_token


@pytest.mark.parametrize(
    "fault", ["cut", "lost", "html", "error", "wrong secret", "cut JSON", "a list", "odd times"]
)
async def test_while_a_token_can_not_be_renewed_the_old_one_is_used(
    one: Process, slack: FakeSlack, clock: StillClock, fault: str
) -> None:
    old = await install(one, slack, clock, expires=True)
    clock.move_by(hours=11)
    faults = slack.site.faults
    {
        "cut": lambda: faults.cut("oauth.v2.access"),
        "lost": lambda: faults.lose_replies("oauth.v2.access"),
        "html": lambda: faults.html_page("oauth.v2.access"),
        "error": lambda: faults.answer("internal_error", "oauth.v2.access"),
        "cut JSON": lambda: faults.body('{"ok": tr', "oauth.v2.access"),
        "a list": lambda: faults.body("[1, 2]", "oauth.v2.access"),
        "odd times": lambda: faults.body('{"ok": true, "expires_in": "x"}', "oauth.v2.access"),
        "wrong secret": lambda: faults.answer("bad_client_secret", "oauth.v2.access"),
    }[fault]()
    with printing() as printed:
        assert await one.tokens.token(TEAM) == old.bot_token
    assert "a token could not be renewed" in printed.getvalue()
    assert old.bot_token not in printed.getvalue()
    assert old.refresh_token not in printed.getvalue()
    if fault != "lost":
        clock.move_by(minutes=1)
        assert await one.tokens.token(TEAM) != old.bot_token


async def test_a_token_that_is_over_and_can_not_be_renewed_now_is_asked_for_later(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock, expires=True)
    clock.move_by(hours=13)
    slack.site.faults.cut("oauth.v2.access", times=2)
    for _ in range(2):
        with pytest.raises(TryLater):
            await one.tokens.token(TEAM)
    assert await one.tokens.token(TEAM)


async def test_a_refresh_token_that_slack_refuses_for_good_ends_it_at_the_second_time(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    """Not at the first: another process may have renewed it, and be about to keep it."""
    old = await install(one, slack, clock, expires=True)
    slack.site.tokens.all[old.refresh_token].revoked = True
    clock.move_by(hours=13)
    with pytest.raises(TryLater):
        await one.tokens.token(TEAM)
    with pytest.raises(Undeliverable):
        await one.tokens.token(TEAM)
    again = await install(one, slack, clock)
    assert await one.tokens.token(TEAM) == again.bot_token


async def test_an_installation_made_while_a_token_was_renewed_stays(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock, expires=True)
    clock.move_by(hours=11)
    slack.site.faults.slow(0.3, "oauth.v2.access")
    renewing = asyncio.create_task(one.tokens.token(TEAM))
    await asyncio.wait_for(asked(slack), 5)
    again = await install(one, slack, clock, expires=True)
    assert await renewing == again.bot_token
    assert await one.installations.find(TEAM) == again


async def test_an_app_that_was_removed_while_a_token_was_renewed_stays_removed(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    await install(one, slack, clock, expires=True)
    clock.move_by(hours=11)
    slack.site.faults.slow(0.3, "oauth.v2.access")
    renewing = asyncio.create_task(one.tokens.token(TEAM))
    await asyncio.wait_for(asked(slack), 5)
    await one.tokens.forget(TEAM)
    with pytest.raises(Undeliverable):
        await renewing
    assert await one.installations.find(TEAM) is None


async def asked(slack: FakeSlack) -> None:
    """Wait until Slack is asked for a token."""
    while not slack.site.log.of("oauth.v2.access"):  # noqa: ASYNC110 - there is no event for it
        await asyncio.sleep(0.01)


async def test_what_is_known_of_an_installation_shows_no_secret(
    one: Process, slack: FakeSlack, clock: StillClock
) -> None:
    installed = await install(one, slack, clock, expires=True)
    assert "fake-T0001" not in repr(installed)
