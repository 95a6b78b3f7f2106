"""Installing the app from a browser, against a fake Slack server."""

from __future__ import annotations

import asyncio
import html
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import text
from yarl import URL

from adapters.slack.exchange import Exchange
from adapters.slack.installations import VaultInstallations
from adapters.slack.manifest import scopes
from adapters.slack.oauth import COOKIE, INSTALL, REDIRECT, InstallPages, authorize_url
from adapters.slack.states import SignedStates
from adapters.slack.tokens import InstalledTokens
from bot.store.vault import TableVault, new_vault_key
from bot.usecases.core import Core
from bot.usecases.handled import first_time
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.site import Grant
from tests.support.clock import StillClock
from tests.support.printing import printing
from tests.support.tables import dump

TEAM = "T0001"


class SetupFailed(Exception):
    """What the callback raises in a test."""


@dataclass
class Bot:
    """The bot's pages on an address of their own, and what it has got."""

    url: str
    installations: VaultInstallations
    tokens: InstalledTokens
    installed: list[str] = field(default_factory=list)
    fails: bool = False

    async def take(self, team_id: str) -> None:
        if self.fails:
            raise SetupFailed
        self.installed.append(team_id)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        yield running


@asynccontextmanager
async def serving(
    slack: FakeSlack, core: Core, keys: Sequence[str], path: str = ""
) -> AsyncIterator[Bot]:
    """The pages, below a path of their own if there is one, as a proxy would have it."""
    vault = TableVault(core.database, keys)
    installations, at_slack = VaultInstallations(vault), slack.site.app
    api_url = f"{slack.site.url}/api/"
    exchange = Exchange(at_slack.client_id, at_slack.client_secret, api_url)
    url = f"http://127.0.0.1:{_free_port()}{path}"
    made = Bot(url, installations, InstalledTokens(installations, exchange, core.clock))
    pages = InstallPages(
        client_id=at_slack.client_id,
        scopes=scopes("roster"),
        public_url=url,
        authorize_url=authorize_url(api_url),
        installations=installations,
        states=SignedStates(at_slack.client_secret, core.clock, partial(first_time, core)),
        exchange=exchange,
        tokens=made.tokens,
        clock=core.clock,
        texts=core.library.texts("en"),
        installed=made.take,
        ours=["T0001", "T0002"],
    )
    app = web.Application()
    app.router.add_get(path + INSTALL, pages.install)
    app.router.add_get(path + REDIRECT, pages.redirect)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", URL(url).port).start()
    yield made
    await runner.cleanup()


@pytest.fixture
async def bot(slack: FakeSlack, core: Core) -> AsyncIterator[Bot]:
    async with serving(slack, core, [new_vault_key()]) as served:
        yield served


def _free_port() -> int:
    import socket  # noqa: PLC0415

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    headers: dict[str, str]

    @property
    def title(self) -> str:
        found = re.search(r"<h1>(.*?)</h1>", self.text)
        return html.unescape(found[1]) if found else ""

    @property
    def link(self) -> URL:
        found = re.search(r'href="([^"]+)"', self.text)
        assert found
        return URL(html.unescape(found[1]))


class Browser:
    """A browser with cookies of its own."""

    def __init__(self) -> None:
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def get(self, url: str | URL, **headers: str) -> Page:
        async with self._session.get(url, allow_redirects=False, headers=headers) as response:
            return Page(response.status, await response.text(), dict(response.headers))

    async def close(self) -> None:
        await self._session.close()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    opened = Browser()
    yield opened
    await opened.close()


def said_yes(slack: FakeSlack, link: URL, team_id: str = TEAM) -> URL:
    """Where Slack sends the browser when somebody has said yes."""
    code = f"code-{secrets.token_hex(8)}"
    redirect_uri = link.query["redirect_uri"]
    asked = link.query["scope"].split(",")
    slack.site.codes[code] = Grant(team_id, "U0002", asked, redirect_uri)
    return URL(redirect_uri).with_query(code=code, state=link.query["state"])


async def install(browser: Browser, bot: Bot, slack: FakeSlack, team_id: str = TEAM) -> Page:
    page = await browser.get(f"{bot.url}/slack/install")
    return await browser.get(said_yes(slack, page.link, team_id))


# --- the way there -------------------------------------------------------------------------


async def test_the_page_leads_to_slack_with_the_scopes_and_the_way_back(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    assert (page.status, page.title) == (200, "Add the Wellbeing Warrior to Slack")
    assert str(page.link.with_query(None)) == f"{slack.site.url}/oauth/v2/authorize"
    assert page.link.query["client_id"] == slack.site.app.client_id
    assert page.link.query["scope"].split(",") == scopes("roster")
    assert page.link.query["redirect_uri"] == f"{bot.url}/slack/oauth_redirect"
    assert len(page.link.query["state"]) > 40


def test_people_say_yes_where_the_api_is() -> None:
    assert authorize_url("https://slack.com/api/") == "https://slack.com/oauth/v2/authorize"


async def test_pages_run_no_script_and_keep_their_address_to_themselves(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    pages = [await browser.get(f"{bot.url}/slack/install"), await install(browser, bot, slack)]
    for page in pages:
        assert "<script" not in page.text
        assert page.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(
    browser: Browser, bot: Bot
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    cookie = page.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/slack"):
        assert part in cookie


async def test_the_app_can_be_installed_where_the_bot_is_below_a_path(
    browser: Browser, core: Core, slack: FakeSlack
) -> None:
    async with serving(slack, core, [new_vault_key()], "/wellbeing") as bot:
        page = await browser.get(f"{bot.url}/slack/install")
        assert "Path=/wellbeing/slack" in page.headers["Set-Cookie"]
        assert (await install(browser, bot, slack)).status == 200
        assert bot.installed == [TEAM]


# --- the way back --------------------------------------------------------------------------


async def test_who_says_yes_has_the_app_installed(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    page = await install(browser, bot, slack)
    assert (page.status, page.title) == (200, "That's done")
    assert "I&#x27;m in Example now" in page.text
    assert bot.installed == [TEAM]
    installed = await bot.installations.find(TEAM)
    assert installed is not None
    assert installed.bot_id == slack.site.workspaces[TEAM].bot_id
    assert installed.bot_user_id == slack.site.workspaces[TEAM].bot.id
    assert await bot.tokens.token(TEAM) == slack.site.bot_token(TEAM).value


async def test_where_tokens_expire_the_means_to_renew_them_are_kept(
    browser: Browser, bot: Bot, slack: FakeSlack, clock: StillClock
) -> None:
    slack.site.app.rotates_tokens = True
    await install(browser, bot, slack)
    first = await bot.tokens.token(TEAM)
    clock.move_by(hours=11)
    assert await bot.tokens.token(TEAM) != first


async def test_a_second_installation_replaces_the_first_at_once(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    await install(browser, bot, slack)
    first = await bot.tokens.token(TEAM)
    await install(browser, bot, slack)
    assert await bot.tokens.token(TEAM) not in {"", first}
    assert bot.installed == [TEAM, TEAM]


async def test_the_app_is_installed_in_many_workspaces(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    slack.site.add_workspace("Another", team_id="T0002", installed=False)
    await install(browser, bot, slack)
    await install(browser, bot, slack, "T0002")
    assert await bot.installations.team_ids() == ["T0001", "T0002"]
    assert await bot.tokens.token("T0002") == slack.site.bot_token("T0002").value


async def test_a_workspaces_name_is_only_text_on_the_page(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    slack.site.workspaces[TEAM].name = '<script>alert("x")</script>'
    page = await install(browser, bot, slack)
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


# --- what goes wrong -----------------------------------------------------------------------


async def test_who_says_no_is_told_that_nothing_has_changed(browser: Browser, bot: Bot) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    back = URL(page.link.query["redirect_uri"]).with_query(
        error="access_denied", state=page.link.query["state"]
    )
    page = await browser.get(back)
    assert (page.status, page.title) == (200, "Not added")
    assert page.link == URL(f"{bot.url}/slack/install")
    assert bot.installed == []


async def test_who_was_led_here_from_another_browser_is_stopped(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    attacker = Browser()
    page = await attacker.get(f"{bot.url}/slack/install")
    back = said_yes(slack, page.link)
    await attacker.close()
    for victim in ("has no cookie", "has a cookie of their own"):
        page = await browser.get(back)
        assert (page.status, page.title) == (400, "Please start again"), victim
        await browser.get(f"{bot.url}/slack/install")
    assert bot.installed == []
    assert not slack.site.log.of("oauth.v2.access")


@pytest.mark.parametrize("query", ["", "code=1", "state=", "state=x&code=1", "error=<b>"])
async def test_a_request_without_a_proper_state_is_stopped(
    browser: Browser, bot: Bot, query: str
) -> None:
    await browser.get(f"{bot.url}/slack/install")
    page = await browser.get(f"{bot.url}/slack/oauth_redirect?{query}")
    assert page.status == 400
    assert "<b>" not in page.text


async def test_the_way_back_can_be_gone_once(browser: Browser, bot: Bot, slack: FakeSlack) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    back = said_yes(slack, page.link)
    assert (await browser.get(back)).status == 200
    assert (await browser.get(back)).status == 400
    assert bot.installed == [TEAM]


async def test_a_state_is_good_for_one_installation(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    cookie = f"{COOKIE}={page.link.query['state']}"
    first, second = said_yes(slack, page.link), said_yes(slack, page.link)
    assert (await browser.get(first, Cookie=cookie)).status == 200
    page = await browser.get(second, Cookie=cookie)
    assert (page.status, page.title) == (400, "Please start again")
    assert bot.installed == [TEAM]


@pytest.mark.parametrize("made", ["changed", "prolonged", "invented"])
async def test_a_state_that_we_have_not_signed_is_stopped(
    browser: Browser, bot: Bot, slack: FakeSlack, made: str
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    state = page.link.query["state"]
    random, until, signature = state.split(".")
    forged = {
        "changed": f"x{state}",
        "prolonged": f"{random}.{int(until) + 60}.{signature}",
        "invented": f"{random}.{until}.{'0' * len(signature)}",
    }[made]
    back = said_yes(slack, page.link.update_query(state=forged))
    page = await browser.get(back, Cookie=f"{COOKIE}={forged}")
    assert (page.status, page.title) == (400, "Please start again")
    assert not slack.site.log.of("oauth.v2.access")


async def test_a_cookie_that_is_no_text_is_stopped(bot: Bot) -> None:
    address = URL(bot.url)
    reader, writer = await asyncio.open_connection(address.host, address.port)
    head = f"GET /slack/oauth_redirect?state=x HTTP/1.1\r\nHost: {address.authority}\r\n"
    writer.write(head.encode() + f"Cookie: {COOKIE}=".encode() + b"\xff\r\n\r\n")
    assert (await reader.readline()).startswith(b"HTTP/1.1 400 ")
    writer.close()
    await writer.wait_closed()


async def test_whoever_opens_the_pages_leaves_nothing_in_the_database(
    browser: Browser, bot: Bot, slack: FakeSlack, core: Core
) -> None:
    slack.site.add_workspace("Elsewhere", team_id="T0009", installed=False)
    before = await dump(core)
    for _ in range(3):
        page = await browser.get(f"{bot.url}/slack/install")
        back = URL(page.link.query["redirect_uri"])
        state = page.link.query["state"]
        await browser.get(back.with_query(error="access_denied", state=state))
        await install(browser, bot, slack, "T0009")
    assert await dump(core) == before


async def test_after_ten_minutes_it_has_to_be_begun_again(
    browser: Browser, bot: Bot, slack: FakeSlack, clock: StillClock
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    clock.move_by(minutes=10)
    page = await browser.get(said_yes(slack, page.link))
    assert (page.status, page.title) == (400, "Please start again")
    assert bot.installed == []


async def test_a_code_that_slack_refuses_is_said_kindly_and_never_logged(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    back = said_yes(slack, page.link)
    slack.site.codes.clear()
    with printing() as printed:
        page = await browser.get(back)
    assert (page.status, page.title) == (400, "Slack didn't accept that")
    assert "an installation was not finished" in printed.getvalue()
    for secret in (back.query["code"], back.query["state"], slack.site.app.client_secret):
        assert secret not in printed.getvalue()
        assert secret not in page.text


async def test_while_slack_can_not_be_reached_people_are_asked_to_come_back(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    slack.site.faults.cut("oauth.v2.access")
    page = await install(browser, bot, slack)
    assert (page.status, page.title) == (502, "Slack can't be reached now")
    assert await bot.installations.team_ids() == []
    assert (await install(browser, bot, slack)).status == 200


async def test_a_page_of_html_from_slack_is_no_error_page_here(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    slack.site.faults.html_page("oauth.v2.access")
    page = await install(browser, bot, slack)
    assert (page.status, page.title) == (400, "Slack didn't accept that")


async def test_if_setting_up_fails_it_can_be_done_again(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    bot.fails = True
    page = await install(browser, bot, slack)
    assert (page.status, page.title) == (500, "Almost there")
    bot.fails = False
    assert (await install(browser, bot, slack)).status == 200
    assert bot.installed == [TEAM]


@pytest.mark.parametrize("fault", ["auth.test is cut", "auth.test is refused", "no vault key"])
async def test_what_was_granted_and_can_not_be_kept_is_given_back(
    browser: Browser, core: Core, slack: FakeSlack, fault: str
) -> None:
    slack.site.add_workspace("Second", team_id="T0002", installed=False)
    if fault == "auth.test is cut":
        slack.site.faults.cut("auth.test")
    elif fault == "auth.test is refused":
        slack.site.faults.answer("internal_error", "auth.test")
    keys = [] if fault == "no vault key" else [new_vault_key()]
    async with serving(slack, core, keys) as bot:
        page = await install(browser, bot, slack, "T0002")
        assert (page.status, page.title) == (500, "Almost there")
        assert await bot.installations.team_ids() == []
    assert slack.site.log.of("oauth.v2.access")
    assert not slack.site.is_installed("T0002")


async def test_an_installation_that_is_there_outlives_another_one_that_fails(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    """Slack gives the same token again, so giving it back would remove the app."""
    await install(browser, bot, slack)
    before = await bot.installations.find(TEAM)
    slack.site.faults.cut("auth.test")
    assert (await install(browser, bot, slack)).status == 500
    assert await bot.installations.find(TEAM) == before
    assert not slack.site.log.of("auth.revoke")


async def test_while_the_database_is_away_no_code_is_used_up(
    browser: Browser, bot: Bot, slack: FakeSlack, core: Core
) -> None:
    page = await browser.get(f"{bot.url}/slack/install")
    await without_secrets(core)
    back = await browser.get(said_yes(slack, page.link))
    assert (back.status, back.title) == (500, "Almost there")
    assert not slack.site.log.of("oauth.v2.access")


async def without_secrets(core: Core) -> None:
    """Have the database fail."""
    async with core.database.writing() as session:
        await session.execute(text("DROP TABLE secret"))


async def test_the_app_goes_into_no_workspace_that_is_not_ours(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    """Anybody can have a workspace, and give its people the addresses of ours."""
    slack.site.add_workspace("Elsewhere", team_id="T0009", installed=False)
    page = await install(browser, bot, slack, "T0009")
    assert (page.status, page.title) == (403, "Not this workspace")
    assert await bot.installations.team_ids() == []
    assert bot.installed == []
    assert not slack.site.is_installed("T0009")


async def test_a_workspace_that_is_not_ours_is_refused_even_if_its_token_can_not_be_revoked(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    slack.site.add_workspace("Elsewhere", team_id="T0009", installed=False)
    slack.site.faults.cut("auth.revoke", times=None)
    with printing() as printed:
        page = await install(browser, bot, slack, "T0009")
    assert (page.status, page.title) == (403, "Not this workspace")
    assert "a token could not be revoked" in printed.getvalue()
    assert slack.site.bot_token("T0009").value not in printed.getvalue()


async def test_an_installation_for_a_whole_organisation_is_refused_kindly(
    browser: Browser, bot: Bot, slack: FakeSlack
) -> None:
    slack.site.faults.answer(
        "",
        "oauth.v2.access",
        details={
            "ok": True, "access_token": "xoxb-fake-wide", "is_enterprise_install": True,
            "team": None, "enterprise": {"id": "E1"},
        },
    )  # fmt: skip
    page = await install(browser, bot, slack)
    assert (page.status, page.title) == (400, "One workspace at a time, please")
    assert await bot.installations.team_ids() == []
