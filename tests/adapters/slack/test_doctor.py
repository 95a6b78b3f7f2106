"""What a check-up finds, against a fake Slack server and the bot's own address for events."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from aiohttp import web

from adapters.slack.asking import Asking
from adapters.slack.bolt import bolt_app
from adapters.slack.doctor import Setup, examine
from adapters.slack.endpoint import events_route
from adapters.slack.manifest import scopes
from bot.app import SystemClock
from bot.domain.checks import Check
from tests.fakes.slack import FakeSlack
from tests.support.clock import StillClock
from tests.support.slack_handlers import Nothing

SECRET = "0123456789abcdef" * 2
TEAM = "T0001"


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack.running() as running:
        running.site.bot_token().scopes = set(scopes("roster"))
        yield running


@pytest.fixture
async def bot_url() -> AsyncIterator[str]:
    """The bot's own address for events."""
    served = web.Application()
    served.add_routes([events_route(bolt_app(Nothing(), SECRET))])
    served.router.add_post("/gullible/slack/events", _gullible)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def _gullible(request: web.Request) -> web.Response:
    return web.json_response({"challenge": (await request.json())["challenge"]})


@pytest.fixture
def setup(slack: FakeSlack) -> Setup:
    """One workspace, in Socket Mode."""
    return Setup(
        api_url=f"{slack.site.url}/api/",
        public_url="",
        teams_from="roster",
        is_for_many=False,
        app_token=slack.site.app.app_token,
        workspaces={"": slack.site.bot_token().value},
    )


async def found(setup: Setup) -> dict[str, Check]:
    """The checks by name. What is never in any of them: a secret."""
    checks = await examine(setup, SystemClock())
    secrets = [*setup.workspaces.values(), setup.app_token, setup.signing_secret]
    for check in checks:
        assert not [secret for secret in secrets if secret and secret in repr(check)]
        assert check.finding.endswith(".")
        assert check.is_well or check.what_to_do.endswith(".")
    return {check.name: check for check in checks}


def wrong(checks: Mapping[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if not check.is_well}


async def test_where_all_is_well_it_says_so(setup: Setup) -> None:
    checks = await found(setup)
    assert set(checks) == {"Slack's API", "Clock", "Token", "Scopes", "Socket Mode"}
    assert wrong(checks) == set()
    assert "Example" in checks["Token"].finding


async def test_nothing_is_sent_and_nothing_changed(setup: Setup, slack: FakeSlack) -> None:
    await found(setup)
    asked = {call.method for call in slack.site.log.of()}
    assert asked == {"api.test", "auth.test", "apps.connections.open"}


# --- Slack itself --------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut", "html"])
async def test_what_slack_can_not_be_asked_is_left_out(
    setup: Setup, slack: FakeSlack, fault: str
) -> None:
    if fault == "cut":
        slack.site.faults.cut("api.test")
    else:
        slack.site.faults.html_page("api.test")
    checks = await found(setup)
    assert set(checks) == wrong(checks) == {"Slack's API"}
    assert "SLACK_API_URL" in checks["Slack's API"].what_to_do


async def test_an_address_where_nobody_is_can_not_be_reached(setup: Setup) -> None:
    checks = await found(replace(setup, api_url="http://127.0.0.1:9/api/"))
    assert wrong(checks) == {"Slack's API"}


@pytest.mark.parametrize(("seconds", "which"), [(-90, "ahead of"), (600, "behind")])
async def test_a_clock_that_is_off_is_named_with_how_far(
    setup: Setup, slack: FakeSlack, seconds: float, which: str
) -> None:
    slack.site.clock.move_by(seconds)
    checks = await found(setup)
    assert wrong(checks) == {"Clock"}
    assert which in checks["Clock"].finding


async def test_a_clock_within_a_minute_is_well(setup: Setup, slack: FakeSlack) -> None:
    slack.site.clock.move_by(50)
    assert wrong(await found(setup)) == set()


# --- tokens and scopes ---------------------------------------------------------------------


async def test_a_token_that_slack_does_not_know_is_named_by_its_setting(setup: Setup) -> None:
    checks = await found(replace(setup, workspaces={"": "xoxb-fake-unknown"}))
    assert wrong(checks) == {"Token"}
    assert "SLACK_BOT_TOKEN" in checks["Token"].finding
    assert "Scopes" not in checks


async def test_of_an_app_that_was_removed_it_says_where_to_add_it_again(
    setup: Setup, slack: FakeSlack
) -> None:
    token = slack.site.bot_token()
    token.revoked = token.inactive = True
    many = replace(
        setup, is_for_many=True, public_url="https://w.example.org", workspaces={TEAM: token.value}
    )
    checks = await found(many)
    assert "was removed" in checks["Token"].finding
    assert "https://w.example.org/slack/install" in checks["Token"].what_to_do


async def test_what_slack_says_otherwise_is_passed_on(setup: Setup, slack: FakeSlack) -> None:
    slack.site.faults.answer("ekm_access_denied", "auth.test")
    assert "ekm_access_denied" in (await found(setup))["Token"].finding


async def test_scopes_that_are_missing_or_too_many_are_named(
    setup: Setup, slack: FakeSlack
) -> None:
    token = slack.site.bot_token()
    token.scopes -= {"im:history", "users:read.email"}
    missing = (await found(setup))["Scopes"]
    assert not missing.is_well
    assert "im:history, users:read.email" in missing.finding
    assert "wellbeing slack manifest" in missing.what_to_do
    token.scopes = {*scopes("roster"), "files:read", "usergroups:read"}
    more = (await found(setup))["Scopes"]
    assert not more.is_well
    assert "files:read, usergroups:read" in more.finding
    assert wrong(await found(replace(setup, teams_from="usergroups"))) == {"Scopes"}
    token.scopes = set(scopes("usergroups"))
    assert wrong(await found(replace(setup, teams_from="usergroups"))) == set()


async def test_a_scope_that_may_be_left_out_may_be_left_out(setup: Setup, slack: FakeSlack) -> None:
    slack.site.bot_token().scopes -= {"dnd:read"}
    checks = await found(setup)
    assert wrong(checks) == set()
    assert "dnd:read" in checks["Scopes"].finding


# --- what comes in -------------------------------------------------------------------------


async def test_an_app_token_that_opens_no_connection_is_named(setup: Setup) -> None:
    checks = await found(replace(setup, app_token="xapp-1-fake"))
    assert wrong(checks) == {"Socket Mode"}
    assert "connections:write" in checks["Socket Mode"].what_to_do


def over_http(setup: Setup, url: str, secret: str = SECRET) -> Setup:
    return replace(setup, app_token="", public_url=url, signing_secret=secret)


async def test_over_http_the_bot_is_asked_as_slack_would(setup: Setup, bot_url: str) -> None:
    checks = await found(over_http(setup, bot_url))
    assert wrong(checks) == set()
    assert f"{bot_url}/slack/events" in checks["Address"].finding


async def test_a_bot_with_another_signing_secret_is_found(setup: Setup, bot_url: str) -> None:
    checks = await found(over_http(setup, bot_url, "f" * 32))
    assert wrong(checks) == {"Address"}
    assert "refuses what is signed with SLACK_SIGNING_SECRET" in checks["Address"].finding


async def test_a_bot_that_takes_what_anybody_signs_is_found(setup: Setup, bot_url: str) -> None:
    checks = await found(over_http(setup, f"{bot_url}/gullible"))
    assert "takes what isn't signed by Slack" in checks["Address"].finding


async def test_something_else_at_the_address_is_found(setup: Setup, bot_url: str) -> None:
    checks = await found(over_http(setup, f"{bot_url}/elsewhere"))
    assert wrong(checks) == {"Address"}
    assert "404" in checks["Address"].finding


async def test_an_address_where_nothing_answers_is_found(setup: Setup) -> None:
    checks = await found(over_http(setup, "http://127.0.0.1:9"))
    assert wrong(checks) == {"Address"}
    assert "Nothing answers" in checks["Address"].finding


async def test_a_signing_secret_of_another_form_is_found_before_it_is_used(
    setup: Setup, bot_url: str
) -> None:
    checks = await found(over_http(setup, bot_url, "xoxb-not-a-secret"))
    assert wrong(checks) == {"Signing secret"}
    assert "Address" not in checks


async def test_without_an_address_it_can_not_be_checked_and_says_so(setup: Setup) -> None:
    checks = await found(over_http(setup, ""))
    assert wrong(checks) == {"Address"}
    assert "PUBLIC_URL" in checks["Address"].what_to_do


async def test_a_bot_whose_clock_is_far_off_refuses_as_it_would_slacks_requests(
    setup: Setup, bot_url: str
) -> None:
    """The check is made with this machine's clock, and here that is the one which is off."""
    late = StillClock(SystemClock().now() - timedelta(minutes=6))
    checks = {check.name: check for check in await examine(over_http(setup, bot_url), late)}
    assert {"Clock", "Address"} <= wrong(checks)


# --- channels ------------------------------------------------------------------------------


async def test_teams_whose_channel_the_bot_is_not_in_are_named(
    setup: Setup, slack: FakeSlack
) -> None:
    workspace = slack.site.workspaces[TEAM]
    inside = [workspace.add_channel(f"room-{n}", users=[workspace.bot.id]) for n in range(250)]
    workspace.add_channel("housing", users=[])
    channels = {
        "Office": "#Room-7",
        "Office / Advice": inside[240].id,
        "Office / Housing": "#housing",
        "Office / Payroll": "no-such-channel",
    }
    check = (await found(replace(setup, channels_of_teams=channels)))["Channels"]
    assert not check.is_well
    assert "Office / Housing (#housing), Office / Payroll (no-such-channel)." in check.finding
    assert "/invite" in check.what_to_do
    well = {team: channels[team] for team in ("Office", "Office / Advice")}
    assert (await found(replace(setup, channels_of_teams=well)))["Channels"].is_well


async def test_a_channel_may_be_in_any_of_many_workspaces(setup: Setup, slack: FakeSlack) -> None:
    another = slack.site.add_workspace("Another")
    another.add_channel("advice", users=[another.bot.id])
    slack.site.bot_token(another.id).scopes = set(scopes("roster"))
    both = {team: slack.site.bot_token(team).value for team in (TEAM, another.id)}
    checks = await found(
        replace(setup, is_for_many=True, workspaces=both, channels_of_teams={"Advice": "#advice"})
    )
    assert wrong(checks) == set()


async def test_channels_that_can_not_be_listed_are_no_reason_to_stop(
    setup: Setup, slack: FakeSlack
) -> None:
    slack.site.faults.answer("missing_scope", "users.conversations")
    checks = await found(replace(setup, channels_of_teams={"Office": "#office"}))
    assert wrong(checks) == {"Channels"}
    assert "missing_scope" in checks["Channels"].finding


@pytest.mark.parametrize("body", ["[1, 2]", '"yes"', "17", '{"ok": tr'])
async def test_an_answer_that_is_no_object_is_not_slacks(slack: FakeSlack, body: str) -> None:
    slack.site.faults.body(body, "auth.test", times=None)
    answer = await Asking(f"{slack.site.url}/api/").ask("auth.test", slack.site.bot_token().value)
    assert not answer.is_slacks
    assert "something else answers" in answer.code
