"""The keys that activities are signed with: published, renewed, and out of reach at times."""

from __future__ import annotations

from typing import Any

import aiohttp
import jwt
import pytest

from tests.fakes.teams import FakeTeams, Signing


async def get(url: str) -> Any:
    async with aiohttp.ClientSession() as session, session.get(url) as answered:
        answered.raise_for_status()
        return await answered.json()


async def published(teams: FakeTeams) -> dict[str, dict[str, Any]]:
    keys = (await get((await get(teams.openid_url))["jwks_uri"]))["keys"]
    return {key["kid"]: key for key in keys}


async def test_the_published_keys_open_a_token(teams: FakeTeams) -> None:
    token = teams.token()
    key = (await published(teams))[jwt.get_unverified_header(token)["kid"]]

    claims = jwt.decode(
        token,
        jwt.PyJWK(key).key,
        ["RS256"],
        audience=teams.app.id,
        issuer=(await get(teams.openid_url))["issuer"],
    )

    assert key["endorsements"] == ["msteams"]
    assert claims["serviceurl"] == teams.service_url


@pytest.mark.parametrize(
    ("signing", "error"),
    [
        ("unsigned", jwt.InvalidAlgorithmError),
        ("public key as secret", jwt.InvalidAlgorithmError),
        ("tampered", jwt.InvalidSignatureError),
        ("foreign key", jwt.InvalidSignatureError),
        ("expired", jwt.ExpiredSignatureError),
        ("not yet valid", jwt.ImmatureSignatureError),
        ("wrong audience", jwt.InvalidAudienceError),
        ("wrong issuer", jwt.InvalidIssuerError),
    ],
)
async def test_a_forged_token_is_wrong_in_one_way(
    teams: FakeTeams, signing: Signing, error: type[jwt.PyJWTError]
) -> None:
    token = teams.token(signing)
    key = (await published(teams))[jwt.get_unverified_header(token)["kid"]]

    with pytest.raises(error):
        jwt.decode(
            token,
            jwt.PyJWK(key).key,
            ["RS256"],
            audience=teams.app.id,
            issuer="https://api.botframework.com",
        )


async def test_other_forgeries_show_in_the_key_or_in_the_claim(teams: FakeTeams) -> None:
    keys = await published(teams)

    assert jwt.get_unverified_header(teams.token("unknown key"))["kid"] not in keys
    assert "kid" not in jwt.get_unverified_header(teams.token("no key id"))
    another = keys[jwt.get_unverified_header(teams.token("not endorsed"))["kid"]]
    assert "msteams" not in another["endorsements"]
    elsewhere = jwt.decode(teams.token("wrong service url"), options={"verify_signature": False})
    assert elsewhere["serviceurl"] != teams.service_url


async def test_keys_are_renewed(teams: FakeTeams) -> None:
    before = jwt.get_unverified_header(teams.token())["kid"]

    teams.rotate_keys(keep_old=True)
    assert {before, jwt.get_unverified_header(teams.token())["kid"]} <= set(await published(teams))

    teams.rotate_keys()
    assert before not in await published(teams)


async def test_keys_can_be_out_of_reach(teams: FakeTeams) -> None:
    teams.faults.html_page("keys", status=503)

    with pytest.raises(aiohttp.ClientResponseError):
        await published(teams)

    assert await published(teams)
    assert [call.outcome for call in teams.calls("keys")] == ["html", "ok"]
