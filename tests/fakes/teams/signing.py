"""The tokens that activities carry, signed with keys that Microsoft publishes; and forged ones."""

from __future__ import annotations

from typing import Final

import jwt

from tests.fakes.teams.clock import TeamsClock
from tests.fakes.teams.forging import (
    Signing,
    signed_by_nobody,
    signed_with_public_key,
    tampered,
    wrong_claims,
)
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.keys import (
    FIRST_KEY,
    STRANGERS_KEY,
    WEB_CHAT_KEY,
    key,
    key_id,
    published,
)
from tests.fakes.teams.teams_app import TeamsApp

ISSUER: Final = "https://api.botframework.com"
LIFETIME_S: Final = 3_600


class Signer:
    """`keys` are the numbers of the keys that are published for Teams; the last one signs."""

    def __init__(self, clock: TeamsClock, app: TeamsApp) -> None:
        self._clock, self._app = clock, app
        self.keys = [FIRST_KEY]

    def rotate_keys(self, *, keep_old: bool = False) -> None:
        """Sign with a new key. Microsoft publishes an old one for some days more."""
        newest = self.keys[-1] + 1
        self.keys = [*self.keys, newest] if keep_old else [newest]

    def published(self) -> Json:
        """Those of other channels are published too; their endorsements tell them apart."""
        teams = [published(number, ["msteams"]) for number in self.keys]
        return {"keys": [published(WEB_CHAT_KEY, ["webchat", "directline"]), *teams]}

    def authorization(self, service_url: str, signing: Signing = "good") -> dict[str, str]:
        """The header for an activity with this service URL."""
        if signing == "none":
            return {}
        return {"Authorization": f"Bearer {self.token(service_url, signing)}"}

    def token(self, service_url: str, signing: Signing = "good") -> str:
        claims = self._claims(service_url)
        claims |= wrong_claims(signing, claims)
        number = self._signs_with(signing)
        headers = {"kid": key_id(self.keys[-1] if signing == "foreign key" else number)}
        if signing == "garbage":
            return "not.a.token"
        if signing == "unsigned":
            return signed_by_nobody(claims, headers)
        if signing == "public key as secret":
            return signed_with_public_key(claims, headers, key(number).public_key())
        if signing == "no service url":
            del claims["serviceurl"]
        if signing == "no key id":
            del headers["kid"]
        signed = jwt.encode(claims, key(number), "RS256", headers)
        return tampered(signed) if signing == "tampered" else signed

    def _claims(self, service_url: str) -> Json:
        now = int(self._clock.now())
        return {
            "serviceurl": service_url,
            "nbf": now - 60,
            "exp": now + LIFETIME_S,
            "iss": ISSUER,
            "aud": self._app.id,
        }

    def _signs_with(self, signing: Signing) -> int:
        if signing in {"foreign key", "unknown key"}:
            return STRANGERS_KEY
        return WEB_CHAT_KEY if signing == "not endorsed" else self.keys[-1]
