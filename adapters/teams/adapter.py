"""botbuilder's adapter, which takes requests from Teams alone and sends nothing by itself.

Its own checks take more than Teams sends: tokens of the emulator and of other bots, and keys that
are endorsed for no channel. What goes out is sent by `connector`, since botbuilder blocks for it.
"""

from __future__ import annotations

from typing import Any, Final

from botbuilder.core import BotFrameworkAdapter, BotFrameworkAdapterSettings
from botbuilder.schema import Activity
from botframework.connector.auth import (
    AuthenticationConstants,
    ChannelValidation,
    ClaimsIdentity,
    JwtTokenExtractor,
    VerifyOptions,
)

from adapters.teams.signing_keys import SigningKeys
from bot.errors import PlatformError

TEAMS_CHANNEL: Final = "msteams"
# What two clocks may differ by, as botbuilder allows it.
CLOCKS_DIFFER_S: Final = 5 * 60


class TeamsAdapter(BotFrameworkAdapter):  # type: ignore[misc]
    """`keys` are None where anybody may say anything: on this machine alone, to try things out."""

    def __init__(self, app_id: str, keys: SigningKeys | None) -> None:
        super().__init__(BotFrameworkAdapterSettings(app_id))
        self._app_id, self._tokens = app_id, _extractor(keys) if keys else None

    async def _authenticate_request(self, request: Activity, auth_header: str) -> ClaimsIdentity:
        """Who sent a request. Raises PermissionError; PlatformError if that can't be told now."""
        if self._tokens is None:
            return ClaimsIdentity({}, True, AuthenticationConstants.ANONYMOUS_AUTH_TYPE)
        if request.channel_id != TEAMS_CHANNEL:
            raise PermissionError("not from Teams")
        try:
            identity = await self._tokens.get_identity_from_auth_header(
                auth_header, TEAMS_CHANNEL, [TEAMS_CHANNEL]
            )
        except (PermissionError, PlatformError):
            raise
        except Exception:  # noqa: BLE001 - botbuilder and PyJWT raise many kinds, all by their message
            raise PermissionError("not a token, or not a good one") from None
        if identity is None:
            raise PermissionError("no token of Microsoft's")
        _check(identity, self._app_id, request.service_url)
        return identity

    async def create_connector_client(self, *_: Any, **__: Any) -> None:
        """None: a turn of botbuilder's makes one, and ours never uses it."""


def _extractor(keys: SigningKeys) -> JwtTokenExtractor:
    options = VerifyOptions(
        issuer=[AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER],
        audience=None,  # see `_check`: botbuilder leaves it to whoever calls
        clock_tolerance=CLOCKS_DIFFER_S,
        ignore_expiration=False,
    )
    algorithms = AuthenticationConstants.ALLOWED_SIGNING_ALGORITHMS
    extractor = JwtTokenExtractor(options, "", algorithms)
    extractor.open_id_metadata = keys
    return extractor


def _check(identity: ClaimsIdentity, app_id: str, service_url: str | None) -> None:
    """Whether a token is for this bot and this request, and ends some time."""
    expected = {
        AuthenticationConstants.AUDIENCE_CLAIM: app_id,
        ChannelValidation.SERVICE_URL_CLAIM: service_url,
    }
    if not service_url or any(
        identity.get_claim_value(name) != value for name, value in expected.items()
    ):
        raise PermissionError("a token for somebody else, or for another request")
    if not identity.get_claim_value("exp"):
        raise PermissionError("a token without an end")
