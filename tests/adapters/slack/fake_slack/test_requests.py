"""How the fake Slack reaches a bot over HTTP, answers interactions, and lets apps in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import FileInstallationStore
from slack_sdk.oauth.state_store import FileOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from tests.fakes.slack import Actor, FakeSlack
from tests.fakes.slack.site import Grant
from tests.support.small_bot import SmallBot, refused, section, small_bot

# Slack's client still uses what aiohttp is going to drop.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def bot(slack: FakeSlack) -> AsyncIterator[SmallBot]:
    async with small_bot(slack) as running:
        yield running


@pytest.fixture
def anna(slack: FakeSlack) -> Actor:
    return slack.actor("anna")


# --- requests that are as they should be, and others ---------------------------------------


@pytest.mark.parametrize("signing", ["none", "wrong", "stale"])
async def test_bolt_takes_nothing_that_slack_did_not_sign_just_now(
    bot: SmallBot, slack: FakeSlack, anna: Actor, signing: Any
) -> None:
    good = await anna.says("hello")

    bad = await slack.repeats(good, signing=signing)

    assert (good.status, bad.status) == (200, 401)
    assert len(bot.heard) == 1


async def test_anything_can_be_sent(bot: SmallBot, slack: FakeSlack) -> None:
    answered = await slack.sends_raw("nonsense", "text/plain", signing="none")

    assert answered.status == 401
    assert answered.seconds < 3
    assert (await slack.verifies_url()).json() == {"challenge": "fake-challenge"}


async def silent(slack: FakeSlack, answers: list[int]) -> tuple[web.AppRunner, list[str]]:
    """A bot that gives these statuses in turn; and the numbers of the retries that it saw."""
    seen: list[str] = []

    async def take(request: web.Request) -> web.Response:
        seen.append(request.headers.get("X-Slack-Retry-Num", ""))
        status = answers.pop(0)
        if status == 0:
            await asyncio.sleep(1)
        return web.Response(status=status or 200)

    server = web.Application()
    server.router.add_post("/", take)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app.request_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    return runner, seen


async def test_an_event_that_is_not_acknowledged_is_retried_when_asked(
    slack: FakeSlack, anna: Actor
) -> None:
    slack.delivering.within_s = 0.1
    slack.delivering.retry_delays_s = (0, 0, 0)
    runner, seen = await silent(slack, [500, 0, 200, 200])

    answered = await anna.says("hello")
    await runner.cleanup()

    assert answered.acknowledged
    assert seen == ["", "1", "2"]
    assert [each.status for each in slack.delivering.answers] == [500, 0, 200]


async def test_a_bot_that_is_not_there_is_no_answer(slack: FakeSlack, anna: Actor) -> None:
    slack.app.request_url = "http://127.0.0.1:9/"

    assert (await anna.says("hello")).status == 0


# --- where interactions are answered -------------------------------------------------------


async def response_url(slack: FakeSlack, client: AsyncWebClient) -> AsyncWebhookClient:
    sent = await client.chat_postMessage(channel="U1", text="Question")
    secret = slack.site.response_urls.issue("T0001", sent["channel"], "U1", sent["ts"])
    return AsyncWebhookClient(f"{slack.url}/response/{secret}", retry_handlers=[])


async def test_an_answer_may_be_new_instead_or_nothing(
    slack: FakeSlack, client: AsyncWebClient, anna: Actor
) -> None:
    url = await response_url(slack, client)

    await url.send(text="Only you")
    await url.send(text="All", response_type="in_channel")
    assert [each.text for each in anna.messages()] == ["Question", "Only you", "All"]
    await url.send(text="Changed", replace_original=True, blocks=[section("Changed")])
    assert [each.text for each in slack.messages("anna")] == ["Changed", "All"]
    await url.send_dict({"delete_original": True})
    assert [each.text for each in slack.messages("anna")] == ["All"]


async def test_an_answer_is_in_a_thread_only_if_it_names_it(
    slack: FakeSlack, client: AsyncWebClient, anna: Actor
) -> None:
    root = await client.chat_postMessage(channel="U1", text="Root")
    where = {"channel": root["channel"], "thread_ts": root["ts"]}
    sent = await client.chat_postMessage(**where, text="Question")
    secret = slack.site.response_urls.issue("T0001", root["channel"], "U1", sent["ts"])
    url = AsyncWebhookClient(f"{slack.url}/response/{secret}", retry_handlers=[])

    await url.send(text="Outside")
    await url.send_dict({"text": "Inside", "thread_ts": root["ts"], "replace_original": False})

    (begun, *_) = slack.messages("anna")
    assert [each.text for each in anna.messages()] == ["Root", "Outside"]
    assert [each.text for each in anna.thread(begun)] == ["Root", "Question", "Inside"]


async def test_such_an_address_is_good_five_times(slack: FakeSlack, client: AsyncWebClient) -> None:
    url = await response_url(slack, client)

    answers = [await url.send(text=f"{number}") for number in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [404]
    assert "used_url" in answers[-1].body
    assert len(slack.calls("response_url")) == 6


async def test_such_an_address_is_good_for_half_an_hour(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    url = await response_url(slack, client)
    slack.clock.move_by(1_801)

    assert "expired_url" in (await url.send(text="Late")).body


async def test_answers_can_be_lost_and_refused_too(
    slack: FakeSlack, client: AsyncWebClient, anna: Actor
) -> None:
    url = await response_url(slack, client)
    slack.faults.html_page("response_url")

    assert (await url.send(text="Never")).status_code == 503
    assert "invalid_blocks" in (await url.send(text="x", blocks=[section("")])).body
    assert anna.ephemeral() == []


# --- letting an app in ---------------------------------------------------------------------


@pytest.fixture
async def installable(slack: FakeSlack, tmp_path: Any) -> AsyncIterator[str]:
    """The real Bolt with its pages for installing, where it can be reached."""
    slack.add_workspace("Second", team_id="T0002", installed=False).add_user("cem", id="U9")
    settings = AsyncOAuthSettings(
        client_id=slack.app.client_id,
        client_secret=slack.app.client_secret,
        scopes=["chat:write", "users:read"],
        authorization_url=slack.authorize_url,
        installation_store=FileInstallationStore(base_dir=str(tmp_path / "installations")),
        state_store=FileOAuthStateStore(expiration_seconds=60, base_dir=str(tmp_path / "states")),
    )
    client = AsyncWebClient(base_url=slack.api_url)
    app = AsyncApp(client=client, oauth_settings=settings, signing_secret="s")
    runner = web.AppRunner(app.web_app(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
def redirects_back(slack: FakeSlack, installable: str) -> None:
    slack.app.redirect_urls = [f"{installable}/slack/oauth_redirect"]


@pytest.mark.usefixtures("redirects_back")
async def test_somebody_installs_the_app_through_bolts_own_pages(
    slack: FakeSlack, installable: str
) -> None:
    page = await slack.installs(installable, "T0002")

    assert page.status == 200
    assert slack.site.bot_token("T0002").scopes == {"chat:write", "users:read"}


@pytest.mark.usefixtures("redirects_back")
async def test_somebody_decides_against_the_app(slack: FakeSlack, installable: str) -> None:
    slack.consent.denies = True

    page = await slack.installs(installable, "T0002")

    assert "access_denied" in page.body
    assert not slack.site.is_installed("T0002")


async def access(slack: FakeSlack, **arguments: Any) -> dict[str, Any]:
    client = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
    both = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    return await refused(client, "oauth.v2.access", **{**both, **arguments})


async def test_a_code_buys_a_token_once_from_the_app_alone(slack: FakeSlack) -> None:
    slack.site.codes["c"] = Grant("T0001", "U1", ["chat:write"], "https://bot.example/back")
    client = AsyncWebClient(base_url=slack.api_url)
    app = slack.app

    assert (await access(slack, code="x"))["error"] == "invalid_code"
    assert (await access(slack, code="c", client_id="x"))["error"] == "invalid_client_id"
    assert (await access(slack, code="c", client_secret="x"))["error"] == "bad_client_secret"
    assert (await access(slack, code="c", redirect_uri="https://x"))["error"] == "bad_redirect_uri"
    bought = await client.oauth_v2_access(
        client_id=app.client_id, client_secret=app.client_secret, code="c"
    )
    assert (bought["team"]["id"], bought["scope"]) == ("T0001", "chat:write")
    assert bought["authed_user"]["id"] == "U1"
    assert (await access(slack, code="c"))["error"] == "code_already_used"


async def test_tokens_are_exchanged_and_refreshed(slack: FakeSlack, client: AsyncWebClient) -> None:
    both = {"client_id": slack.app.client_id, "client_secret": slack.app.client_secret}
    exchanged = await client.oauth_v2_exchange(**both, token=str(client.token))
    assert exchanged["expires_in"] == 43_200
    assert (await refused(client, "auth.test"))["error"] == "token_revoked"

    refresh = {"grant_type": "refresh_token", "refresh_token": exchanged["refresh_token"]}
    refreshed = await client.oauth_v2_access(**both, **refresh)

    client.token = refreshed["access_token"]
    assert (await client.auth_test())["ok"]
    assert (await access(slack, **refresh))["error"] == "invalid_refresh_token"


async def test_the_app_can_remove_itself(slack: FakeSlack, bot: SmallBot) -> None:
    client = AsyncWebClient(slack.bot_token(), base_url=slack.api_url)
    app = slack.app

    await client.apps_uninstall(client_id=app.client_id, client_secret=app.client_secret)
    await slack.settle()

    told = [body["event"]["type"] for body in bot.heard]
    assert sorted(told) == ["app_uninstalled", "tokens_revoked"]
    assert (await refused(client, "auth.test"))["error"] == "account_inactive"
