"""The tokens that activities carry, signed with keys that Microsoft publishes; and forged ones."""

from __future__ import annotations

import json
from functools import cache
from typing import Any, Final, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.fakes.teams.clock import TeamsClock
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.teams_app import TeamsApp

ISSUER: Final = "https://api.botframework.com"
LIFETIME_S: Final = 3_600
STRANGERS_KEY: Final = -1
WEB_CHAT_KEY: Final = 0

Signing = Literal[
    "good",
    "none",
    "garbage",
    "unsigned",
    "symmetric",
    "tampered",
    "foreign key",
    "unknown key",
    "no key id",
    "expired",
    "not yet valid",
    "wrong audience",
    "wrong issuer",
    "wrong service url",
    "no service url",
    "not endorsed",
]
FORGERIES: Final[tuple[Signing, ...]] = (
    "none",
    "garbage",
    "unsigned",
    "symmetric",
    "tampered",
    "foreign key",
    "unknown key",
    "no key id",
    "expired",
    "not yet valid",
    "wrong audience",
    "wrong issuer",
    "wrong service url",
    "no service url",
    "not endorsed",
)


@cache
def key(number: int) -> rsa.RSAPrivateKey:
    """Making one takes a while, so all fakes of a process have the same ones."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


class Signer:
    """`keys` are the numbers of the keys that are published for Teams; the last one signs."""

    def __init__(self, clock: TeamsClock, app: TeamsApp) -> None:
        self._clock, self._app = clock, app
        self.keys = [1]

    def rotate_keys(self, *, keep_old: bool = False) -> None:
        """Sign with a new key. Microsoft publishes an old one for some days more."""
        newest = self.keys[-1] + 1
        self.keys = [*self.keys, newest] if keep_old else [newest]

    def published(self) -> Json:
        """Those of other channels are published too; their endorsements tell them apart."""
        teams = [public_key(number, ["msteams"]) for number in self.keys]
        return {"keys": [public_key(WEB_CHAT_KEY, ["webchat", "directline"]), *teams]}

    def authorization(self, service_url: str, signing: Signing = "good") -> dict[str, str]:
        """The header for an activity with this service URL."""
        if signing == "none":
            return {}
        return {"Authorization": f"Bearer {self.token(service_url, signing)}"}

    def token(self, service_url: str, signing: Signing = "good") -> str:
        if signing == "garbage":
            return "not.a.token"
        claims, headers = self._claims(service_url), {"kid": key_id(self.keys[-1])}
        claims |= self._wrong_claims(signing)
        if signing == "no service url":
            del claims["serviceurl"]
        if signing == "unsigned":
            return jwt.encode(claims, "", algorithm="none", headers=headers)
        if signing == "symmetric":
            return jwt.encode(claims, "a secret that isn't one" * 2, "HS256", headers=headers)
        signed = jwt.encode(
            claims, key(self._signs_with(signing)), "RS256", _headers(signing, headers)
        )
        return _tampered(signed) if signing == "tampered" else signed

    def _claims(self, service_url: str) -> Json:
        now = int(self._clock.now())
        return {
            "serviceurl": service_url,
            "nbf": now - 60,
            "exp": now + LIFETIME_S,
            "iss": ISSUER,
            "aud": self._app.id,
        }

    def _wrong_claims(self, signing: Signing) -> Json:
        now = int(self._clock.now())
        wrong: dict[str, Json] = {
            "expired": {"nbf": now - 2 * LIFETIME_S, "exp": now - LIFETIME_S},
            "not yet valid": {"nbf": now + LIFETIME_S, "exp": now + 2 * LIFETIME_S},
            "wrong audience": {"aud": "00000000-0000-4000-8000-000000000000"},
            "wrong issuer": {"iss": "https://api.example.org"},
            "wrong service url": {"serviceurl": "https://smba.example.org/emea/"},
        }
        return wrong.get(signing, {})

    def _signs_with(self, signing: Signing) -> int:
        if signing in {"foreign key", "unknown key"}:
            return STRANGERS_KEY
        return WEB_CHAT_KEY if signing == "not endorsed" else self.keys[-1]


def _headers(signing: Signing, headers: dict[str, str]) -> dict[str, str]:
    others: dict[str, dict[str, str]] = {
        "unknown key": {"kid": "nobody-knows-this-one"},
        "not endorsed": {"kid": key_id(WEB_CHAT_KEY)},
        "no key id": {},
    }
    return others.get(signing, headers)


def _tampered(token: str) -> str:
    """The same signature over claims that hold for longer."""
    header, _, signature = token.split(".")
    claims = jwt.decode(token, options={"verify_signature": False})
    longer = jwt.encode({**claims, "exp": claims["exp"] + 1}, "", algorithm="none")
    return f"{header}.{longer.split('.')[1]}.{signature}"


def key_id(number: int) -> str:
    return f"fake-key-{number}"


def public_key(number: int, endorsements: list[str]) -> dict[str, Any]:
    written: Json = json.loads(RSAAlgorithm.to_jwk(key(number).public_key()))
    del written["key_ops"]
    kid = key_id(number)
    return {**written, "use": "sig", "kid": kid, "x5t": kid, "endorsements": endorsements}
