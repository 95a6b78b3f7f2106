"""What a check-up finds, against a fake Microsoft and the bot's own address."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from adapters.teams.adapter import TeamsAdapter
from adapters.teams.doctor import examine
from adapters.teams.endpoint import messages_route
from adapters.teams.incoming import Turn
from adapters.teams.login_refusals import REFUSALS
from adapters.teams.platform import Access
from adapters.teams.signing_keys import SigningKeys
from bot.app import SystemClock
from bot.domain.checks import Check
from bot.ports import Clock
from bot.usecases.core import RealTimer
from tests.fakes.teams import Certified, FakeTeams, make_certificate
from tests.support.clock import StillClock


@pytest.fixture
async def bot_url(fake_teams: FakeTeams) -> AsyncIterator[str]:
    """The bot's own address for messages; under /gullible, one that takes what anybody sends."""
    session = fake_teams.delivering.session
    assert session is not None
    keys = SigningKeys(session, fake_teams.openid_url, RealTimer())
    served, gullible = web.Application(), web.Application()
    served.add_routes([messages_route(TeamsAdapter(fake_teams.app.id, keys), nothing)])
    gullible.add_routes([messages_route(TeamsAdapter("", None), nothing)])
    served.add_subapp("/gullible", gullible)
    runner = web.AppRunner(served, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def nothing(_turn: Turn) -> None:
    return None


@pytest.fixture
def access(fake_teams: FakeTeams, bot_url: str) -> Access:
    """A single-tenant bot with a client secret."""
    return Access(
        app_id=fake_teams.app.id,
        tenants=[fake_teams.tenant.id],
        secret=fake_teams.app.password,
        login_url=f"{fake_teams.login_url}/",
        openid_url=fake_teams.openid_url,
        public_url=bot_url,
    )


async def found(access: Access, clock: Clock | None = None) -> dict[str, Check]:
    """The checks by name. What is never in any of them: a secret."""
    checks = await examine(access, clock or SystemClock())
    for check in checks:
        assert not access.secret or access.secret not in repr(check)
        assert "PRIVATE KEY" not in repr(check)
        assert check.finding.endswith(".")
        assert check.is_well or check.what_to_do.endswith(".")
    assert len({check.name for check in checks}) == len(checks)
    return {check.name: check for check in checks}


def wrong(checks: Mapping[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if not check.is_well}


async def test_where_all_is_well_it_says_so(access: Access) -> None:
    checks = await found(access)
    assert wrong(checks) == set()
    assert set(checks) == {"Microsoft's login", "Clock", "Token", "Microsoft's keys", "Address"}


async def test_nothing_is_sent_and_nothing_changed(access: Access, fake_teams: FakeTeams) -> None:
    await found(access)
    assert {call.operation for call in fake_teams.calls()} == {"login", "openid", "keys"}


async def test_a_bot_that_anybody_may_talk_to_asks_nothing_of_microsoft(
    access: Access, fake_teams: FakeTeams
) -> None:
    checks = await found(replace(access, is_anonymous=True))
    assert set(checks) == {"Teams"}
    assert "TEAMS_ALLOW_ANONYMOUS" in checks["Teams"].finding
    assert fake_teams.calls() == []


# --- the login -----------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["cut", "html"])
async def test_a_login_that_can_not_be_reached_is_named(
    access: Access, fake_teams: FakeTeams, fault: str
) -> None:
    if fault == "cut":
        fake_teams.faults.cut("login")
    else:
        fake_teams.faults.html_page("login")
    checks = await found(access)
    assert wrong(checks) == {"Microsoft's login"}
    assert "WELLBEING_TEAMS_LOGIN_URL" in checks["Microsoft's login"].what_to_do
    assert not {"Clock", "Token"} & set(checks), "what depends on it is left out"


@pytest.mark.parametrize(("seconds", "which"), [(-90, "ahead of"), (600, "behind")])
async def test_a_clock_that_is_off_is_named_with_how_far(
    access: Access, fake_teams: FakeTeams, seconds: float, which: str
) -> None:
    fake_teams.clock.move_by(seconds)
    checks = await found(access)
    assert wrong(checks) == {"Clock"}
    assert f"{which} Microsoft's" in checks["Clock"].finding


async def test_a_clock_within_a_minute_is_well(access: Access, fake_teams: FakeTeams) -> None:
    fake_teams.clock.move_by(50)
    assert wrong(await found(access)) == set()


# --- the token -----------------------------------------------------------------------------


async def refused(access: Access, number: int) -> Check:
    checks = await found(access)
    assert wrong(checks) == {"Token"}
    assert f"(AADSTS{number})" in checks["Token"].finding
    return checks["Token"]


async def test_a_wrong_secret_is_named_by_its_setting(access: Access) -> None:
    check = await refused(replace(access, secret="another"), 7000215)
    assert "MICROSOFT_APP_PASSWORD isn't a secret of this bot's" in check.finding
    assert "isn't its Secret ID" in check.what_to_do


async def test_a_secret_that_has_expired_is_told_from_a_wrong_one(
    access: Access, fake_teams: FakeTeams
) -> None:
    fake_teams.app.password_ended = True
    check = await refused(access, 7000222)
    assert "expired" in check.finding


async def test_an_unknown_tenant_is_named_by_its_setting(access: Access) -> None:
    check = await refused(replace(access, tenants=["0b1f7c8e-52a3-4f41-8f0a-6f1a2d3c4b5a"]), 90002)
    assert "MICROSOFT_APP_TENANT_ID" in check.what_to_do


async def test_another_tenant_and_an_unknown_app_are_to_be_compared_with_azure(
    access: Access, fake_teams: FakeTeams
) -> None:
    other = fake_teams.add_tenant("Other")
    for strange in (
        replace(access, tenants=[other.id]),
        replace(access, app_id="7f0e1a52-8c34-4a7e-9d11-2b0c6f6e9a01"),
        replace(access, app_type="MultiTenant"),
    ):
        check = await refused(strange, 700016)
        for setting in ("MICROSOFT_APP_ID", "MICROSOFT_APP_TENANT_ID", "MICROSOFT_APP_TYPE"):
            assert setting in check.what_to_do


async def test_a_bot_for_many_tenants_asks_the_bot_framework(
    access: Access, fake_teams: FakeTeams
) -> None:
    fake_teams.app.kind = "MultiTenant"
    assert wrong(await found(replace(access, app_type="MultiTenant"))) == set()


async def test_a_refusal_that_is_not_in_the_table_says_where_to_look(
    access: Access, fake_teams: FakeTeams
) -> None:
    fake_teams.faults.answer("temporarily_unavailable", "login")
    checks = await found(access)
    assert wrong(checks) == {"Token"}
    assert "AADSTS90033" in checks["Token"].finding
    assert "login.microsoftonline.com/error" in checks["Token"].what_to_do


def test_each_refusal_says_what_to_do_and_is_in_the_documents() -> None:
    documents = (Path(__file__).parents[3] / "docs" / "teams.md").read_text(encoding="utf-8")
    assert set(map(int, re.findall(r"AADSTS(\d+)", documents))) == set(REFUSALS)
    for number, refusal in REFUSALS.items():
        assert refusal.finding.endswith("."), number
        assert refusal.what_to_do.endswith("."), number


# --- a certificate -------------------------------------------------------------------------


def with_certificate(access: Access, certified: Certified) -> Access:
    return replace(
        access,
        secret="",
        certificate=certified.certificate,
        private_key=certified.private_key,
    )


def in_days(fake_teams: FakeTeams, days: int) -> StillClock:
    """A clock so much later; Microsoft's goes with it."""
    fake_teams.clock.move_by(timedelta(days=days).total_seconds())
    return StillClock(SystemClock().now() + timedelta(days=days))


async def test_a_certificate_is_shown_with_its_end(access: Access, fake_teams: FakeTeams) -> None:
    certified = with_certificate(access, fake_teams.certify())
    checks = await found(certified)
    assert wrong(checks) == set()
    ends = (SystemClock().now() + timedelta(days=90)).date()
    assert f"{ends:%Y-%m-%d}" in checks["Certificate"].finding
    assert checks["Certificate"].what_to_do == ""


async def test_a_certificate_that_ends_soon_is_well_and_to_be_renewed(
    access: Access, fake_teams: FakeTeams
) -> None:
    checks = await found(
        with_certificate(access, fake_teams.certify()), in_days(fake_teams, days=61)
    )
    assert wrong(checks) == set()
    assert "Make a new one" in checks["Certificate"].what_to_do


async def test_a_certificate_that_has_expired_is_not_shown_to_microsoft(
    access: Access, fake_teams: FakeTeams
) -> None:
    checks = await found(
        with_certificate(access, fake_teams.certify()), in_days(fake_teams, days=91)
    )
    assert wrong(checks) == {"Certificate"}
    assert "expired" in checks["Certificate"].finding
    assert fake_teams.calls("login") == []


async def test_a_certificate_that_microsoft_does_not_have_is_named_by_its_setting(
    access: Access, fake_teams: FakeTeams
) -> None:
    fake_teams.certify()
    check = await refused(with_certificate(access, make_certificate(another=True)), 700027)
    assert "WELLBEING_TEAMS_CERTIFICATE" in check.what_to_do


async def test_a_certificate_that_is_none_is_found(access: Access) -> None:
    checks = await found(replace(access, secret="", certificate="none", private_key="none"))
    assert wrong(checks) == {"Certificate"}
    assert "PEM" in checks["Certificate"].finding


# --- keys ----------------------------------------------------------------------------------


@pytest.mark.parametrize("step", ["openid", "keys"])
@pytest.mark.parametrize("fault", ["cut", "html"])
async def test_keys_that_can_not_be_had_are_named(
    access: Access, fake_teams: FakeTeams, step: str, fault: str
) -> None:
    if fault == "cut":
        fake_teams.faults.cut(step, times=None)
    else:
        fake_teams.faults.html_page(step)
    checks = await found(access)
    assert "Microsoft's keys" in wrong(checks)
    assert "WELLBEING_TEAMS_OPENID_URL" in checks["Microsoft's keys"].what_to_do


async def test_metadata_of_something_else_has_no_keys_for_teams(
    access: Access, fake_teams: FakeTeams
) -> None:
    """Entra's own metadata, say, which is easily taken for the Bot Framework's."""
    login = f"{fake_teams.login_url}/{fake_teams.tenant.id}/v2.0/.well-known/openid-configuration"
    checks = await found(replace(access, openid_url=login))
    assert wrong(checks) == {"Microsoft's keys"}
    assert "no key that is for Teams" in checks["Microsoft's keys"].finding


# --- the bot's own address -----------------------------------------------------------------


async def test_a_bot_that_takes_what_nobody_signed_is_found(access: Access, bot_url: str) -> None:
    checks = await found(replace(access, public_url=f"{bot_url}/gullible"))
    assert wrong(checks) == {"Address"}
    assert "takes what isn't signed by Microsoft" in checks["Address"].finding


async def test_something_else_at_the_address_is_found(access: Access, bot_url: str) -> None:
    checks = await found(replace(access, public_url=f"{bot_url}/elsewhere"))
    assert wrong(checks) == {"Address"}
    assert "404" in checks["Address"].finding


async def test_an_address_where_nothing_answers_is_found(access: Access) -> None:
    checks = await found(replace(access, public_url="http://127.0.0.1:9"))
    assert wrong(checks) == {"Address"}
    assert "Nothing answers" in checks["Address"].finding


async def test_without_an_address_it_can_not_be_checked_and_says_so(access: Access) -> None:
    checks = await found(replace(access, public_url=""))
    assert wrong(checks) == {"Address"}
    assert "PUBLIC_URL" in checks["Address"].what_to_do
