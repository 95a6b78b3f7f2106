"""Signing in to the fake Microsoft, as Microsoft's own library does it too."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import jwt
import msal
import pytest
import requests

from tests.fakes.teams import FakeTeams, make_certificate
from tests.fakes.teams.client_assertion import ASSERTION_TYPE
from tests.support.teams_client import TeamsClient

SCOPE = "https://api.botframework.com/.default"


class OverHttp(requests.Session):
    """Microsoft's library insists on https; this ends it, as a proxy would."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["X-Forwarded-Proto"] = "https"

    def request(self, method: str, url: str, *more: Any, **named: Any) -> Any:  # type: ignore[override]
        return super().request(method, url.replace("https:", "http:"), *more, **named)


async def sign_in(teams: FakeTeams, tenant: str = "", **changes: str) -> tuple[int, dict[str, Any]]:
    form = {
        "grant_type": "client_credentials",
        "client_id": teams.app.id,
        "client_secret": teams.app.password,
        "scope": SCOPE,
        **changes,
    }
    url = f"{teams.login_url}/{tenant or teams.app.authority}/oauth2/v2.0/token"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as answered:
        return answered.status, await answered.json()


def assertion(teams: FakeTeams, private_key: str, thumbprint: str, **changes: Any) -> str:
    now = int(teams.clock.now())
    claims = {
        "aud": f"{teams.login_url}/{teams.app.authority}/v2.0",
        "iss": teams.app.id,
        "sub": teams.app.id,
        "jti": "once",
        "nbf": now - 10,
        "exp": now + 600,
    }
    x5t = jwt.utils.base64url_encode(bytes.fromhex(thumbprint)).decode()
    return jwt.encode({**claims, **changes}, private_key, "RS256", {"x5t": x5t})


async def test_a_secret_buys_a_token_that_the_connector_takes(teams: FakeTeams) -> None:
    status, answer = await sign_in(teams)

    assert status == 200
    assert answer["token_type"] == "Bearer"
    assert answer["expires_in"] == 3_599
    async with TeamsClient.signed_in(teams) as client:
        client.token = answer["access_token"]
        assert (await client.says("anna", "hello")).status == 201


async def test_a_token_holds_for_an_hour(teams: FakeTeams, client: TeamsClient) -> None:
    teams.clock.move_by(3_600)

    assert (await client.says("anna", "hello")).status == 401
    assert teams.calls("send")[0].outcome == "expired token"


async def test_an_unknown_or_revoked_token_is_denied(teams: FakeTeams, client: TeamsClient) -> None:
    teams.site.access_tokens.revoke_all()

    refused = await client.says("anna", "hello")

    assert refused.status == 401
    assert refused.body == {"message": "Authorization has been denied for this request."}
    assert teams.messages("anna") == []


@pytest.mark.parametrize(
    ("changes", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7_000_215),
        ({"client_id": "somebody"}, 400, "unauthorized_client", 700_016),
        ({"scope": "https://graph.microsoft.com/.default"}, 400, "invalid_scope", 70_011),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70_003),
    ],
)
async def test_what_is_wrong_is_said_in_microsofts_words(
    teams: FakeTeams, changes: dict[str, str], status: int, error: str, number: int
) -> None:
    answered, answer = await sign_in(teams, **changes)

    assert (answered, answer["error"], answer["error_codes"]) == (status, error, [number])
    assert answer["error_description"].startswith(f"AADSTS{number}: ")


async def test_an_app_of_one_tenant_signs_in_there_and_others_at_the_bot_framework(
    teams: FakeTeams,
) -> None:
    assert (await sign_in(teams, teams.tenant.id))[0] == 200
    assert (await sign_in(teams, "botframework.com"))[0] == 400

    teams.app.kind = "MultiTenant"

    assert (await sign_in(teams, "botframework.com"))[0] == 200
    assert (await sign_in(teams, teams.tenant.id))[0] == 400


async def test_no_secret_is_kept_in_the_log(teams: FakeTeams) -> None:
    await sign_in(teams)

    (call,) = teams.calls("login")
    assert call.arguments["client_id"] == teams.app.id
    assert "client_secret" not in call.arguments


async def test_signing_in_can_fail_for_a_while(teams: FakeTeams) -> None:
    teams.faults.answer("temporarily_unavailable", "login")

    status, answer = await sign_in(teams)

    assert (status, answer["error"]) == (503, "temporarily_unavailable")
    assert (await sign_in(teams))[0] == 200


@pytest.mark.parametrize("by", ["secret", "thumbprint", "certificate"])
async def test_microsofts_own_library_signs_in(teams: FakeTeams, by: str) -> None:
    certified = teams.certify()
    names = {"thumbprint": certified.thumbprint, "certificate": certified.certificate}
    credential: Any = teams.app.password
    if by != "secret":
        field = "public_certificate" if by == "certificate" else by
        credential = {"private_key": certified.private_key, field: names[by]}

    def acquire() -> dict[str, Any]:
        app = msal.ConfidentialClientApplication(
            teams.app.id,
            client_credential=credential,
            authority=f"{teams.login_url}/{teams.tenant.id}".replace("http:", "https:"),
            instance_discovery=False,
            http_client=OverHttp(),
        )
        return dict(app.acquire_token_for_client([SCOPE]))

    answer = await asyncio.to_thread(acquire)

    assert answer["access_token"] in teams.site.access_tokens.until


async def test_an_assertion_signs_in_if_it_is_the_apps_and_for_this_place(
    teams: FakeTeams,
) -> None:
    certified = teams.certify()

    async def with_assertion(given: str) -> tuple[int, Any]:
        status, answer = await sign_in(
            teams, client_secret="", client_assertion_type=ASSERTION_TYPE, client_assertion=given
        )
        return status, answer.get("error_codes")

    def signed(**changes: Any) -> str:
        return assertion(teams, certified.private_key, certified.thumbprint, **changes)

    now = int(teams.clock.now())
    stranger = make_certificate(another=True)
    assert await with_assertion(signed()) == (200, None)
    assert await with_assertion(signed(aud="https://example.org")) == (401, [700_023])
    assert await with_assertion(signed(exp=now - 5)) == (401, [700_024])
    assert await with_assertion(signed(sub="somebody")) == (401, [700_021])
    forged = assertion(teams, stranger.private_key, certified.thumbprint)
    assert await with_assertion(forged) == (401, [700_027])
    unknown = assertion(teams, stranger.private_key, stranger.thumbprint)
    assert await with_assertion(unknown) == (401, [700_027])
