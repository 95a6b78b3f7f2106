"""The bot's own token, with which it calls Teams: fetched ahead of need, never on a message's way.

By Microsoft's plain OAuth request (client credentials). Its own library takes no other address than
an https one, which a test on loopback isn't, and blocks while it asks.
"""

from __future__ import annotations

import asyncio
import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import aiohttp
import jwt
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from adapters.teams.failures import MENDED_S, SOON_S
from bot.errors import SettingsError, TryLater
from bot.ports import Clock, Timer

log = structlog.get_logger(__name__)

SCOPE: Final = "https://api.botframework.com/.default"
# Whose authority a multi-tenant bot has.
ANY_TENANT: Final = "botframework.com"
CERTIFICATE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CERTIFIED_FOR: Final = timedelta(minutes=5)
# Tokens hold for an hour or a day; a new one is fetched while the old one is still good.
AHEAD_S: Final = 300.0
SHORTEST_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the bot shows to Microsoft: a secret, or a certificate with its key (both in PEM)."""

    app_id: str
    authority: str
    secret: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    private_key: str = field(default="", repr=False)


class AppToken:
    """`login_url` is that of Microsoft's login, without the tenant."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        login_url: str,
        credentials: Credentials,
        clock: Clock,
        timer: Timer,
    ) -> None:
        self._session, self._credentials = session, credentials
        self._url = token_url(login_url, credentials)
        self._clock, self._timer = clock, timer
        self._token, self._renew_at, self._ends_at = "", float("-inf"), float("-inf")
        self._failures = 0
        self._asking = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def token(self) -> str:
        """Raises TryLater if there is none now. "" without credentials: there is none to be had."""
        if not self._credentials.app_id:
            return ""
        if self._timer.now() >= self._ends_at:
            await self._renew()
        elif self._timer.now() >= self._renew_at and (
            self._renewing is None or self._renewing.done()
        ):
            self._renewing = asyncio.ensure_future(self._renew_quietly())
        return self._token

    def forget(self, token: str) -> None:
        """Don't use a token again that Teams didn't take."""
        if token == self._token:
            self._ends_at = float("-inf")

    async def _renew_quietly(self) -> None:
        """The token at hand is good for some minutes still."""
        try:
            await self._fetch()
        except TryLater:
            self._renew_at = self._timer.now() + SHORTEST_S

    async def _renew(self) -> None:
        """Raises TryLater. Of several who ask at once, one does so, for good or ill."""
        failures = self._failures
        async with self._asking:
            if self._failures > failures:
                raise TryLater(SOON_S)
            if self._timer.now() >= self._ends_at:
                try:
                    await self._fetch()
                except TryLater:
                    self._failures += 1
                    raise

    async def _fetch(self) -> None:
        asked_at = self._timer.now()
        answer = await self._ask()
        token, lasts_s = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts_s, int | float):
            raise TryLater(MENDED_S)
        self._token, self._ends_at = token, asked_at + max(SHORTEST_S, lasts_s - SHORTEST_S)
        self._renew_at = self._ends_at - AHEAD_S

    async def _ask(self) -> Mapping[str, Any]:
        """What Microsoft says. Raises TryLater."""
        try:
            form = token_request(self._credentials, self._url, self._clock)
            async with self._session.post(self._url, data=form) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            log.warning("Microsoft's login can't be reached", why=type(error).__name__)
            raise TryLater(SOON_S) from None
        if not isinstance(answer, dict):
            raise TryLater(SOON_S)
        if "error" in answer:
            log.warning("Microsoft's login refuses the bot", code=code_of(answer))
            raise TryLater(MENDED_S)
        return answer


def token_url(login_url: str, credentials: Credentials) -> str:
    return f"{login_url}{credentials.authority}/oauth2/v2.0/token"


def token_request(credentials: Credentials, url: str, clock: Clock) -> dict[str, str]:
    """The form that a token is asked for with. `url` is where it goes.

    Raises ValueError, TypeError or PyJWTError if a certificate or its key can't be used.
    """
    form = {
        "grant_type": "client_credentials",
        "client_id": credentials.app_id,
        "scope": SCOPE,
    }
    if credentials.certificate:
        return {
            **form,
            "client_assertion_type": CERTIFICATE,
            "client_assertion": _assertion(credentials, url, clock),
        }
    return {**form, "client_secret": credentials.secret}


def check(credentials: Credentials, clock: Clock) -> None:
    """Raises SettingsError if a certificate or its key can't be used."""
    if credentials.certificate:
        try:
            _assertion(credentials, "", clock)
        except (ValueError, TypeError, jwt.PyJWTError):
            raise SettingsError(
                ["The certificate for Teams, or its key, can't be read: both have to be PEM files."]
            ) from None


def code_of(answer: Mapping[str, Any]) -> str:
    """Microsoft's short word for what is wrong; its long one may quote what was sent."""
    code = str(answer.get("error", ""))
    return code if code.replace("_", "").isalpha() else "unreadable"


def _assertion(given: Credentials, audience: str, clock: Clock) -> str:
    """A token of the bot's own, signed with its key: Microsoft knows the certificate.

    learn.microsoft.com/entra/identity-platform/certificate-credentials has its parts.
    """
    certificate = x509.load_pem_x509_certificate(given.certificate.encode())
    print_ = certificate.fingerprint(hashes.SHA256())
    now = clock.now()
    claims = {
        "aud": audience,
        "iss": given.app_id,
        "sub": given.app_id,
        "jti": str(uuid.uuid4()),
        "nbf": now,
        "exp": now + CERTIFIED_FOR,
    }
    headers = {"x5t#S256": base64.urlsafe_b64encode(print_).rstrip(b"=").decode()}
    return jwt.encode(claims, given.private_key, algorithm="PS256", headers=headers)
