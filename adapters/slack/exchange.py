"""Where tokens come from, for a code or for a refresh token; and how one is given back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiohttp import encode_basic_auth
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.quiet_logger import quiet_logger

WITHIN_S: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What Slack gave. Without rotation there is no refresh token, and nothing expires."""

    token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_in: int = 0
    team_id: str = ""
    team_name: str = ""
    app_id: str = ""
    bot_user_id: str = ""
    scopes: str = ""
    is_for_enterprise: bool = False

    def expires_at(self, now: datetime) -> int | None:
        return int(now.timestamp()) + self.expires_in if self.expires_in else None


class Exchange:
    """`oauth.v2.access` and what belongs to it.

    Raises SlackClientError, also for an answer that can't be read; aiohttp's errors; TimeoutError.
    """

    def __init__(self, client_id: str, client_secret: str, api_url: str) -> None:
        # Not by the SDK's `oauth_v2_access`, which makes it from what aiohttp has deprecated.
        self._own = {"Authorization": encode_basic_auth(client_id, client_secret)}
        self._client = AsyncWebClient(
            base_url=api_url, timeout=WITHIN_S, retry_handlers=[], logger=quiet_logger("slack_sdk")
        )

    async def redeem(self, code: str, redirect_uri: str) -> Granted:
        """What somebody granted by installing the app."""
        return await self._access({"code": code, "redirect_uri": redirect_uri})

    async def refresh(self, refresh_token: str) -> Granted:
        """A new token in place of one that expires. The refresh token is used up."""
        return await self._access({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def bot_id(self, token: str) -> str:
        """What the bot is known by in messages; `oauth.v2.access` doesn't say."""
        with _readable():
            answer = await self._client.auth_test(token=token)
            return str(_dictionary(answer.data).get("bot_id") or "")

    async def revoke(self, token: str) -> None:
        """Have a token be good for nothing any more."""
        with _readable():
            await self._client.auth_revoke(token=token)

    async def _access(self, asked: dict[str, str]) -> Granted:
        with _readable():
            answer = await self._client.api_call("oauth.v2.access", data=asked, headers=self._own)
            return _granted(_dictionary(answer.data))


@contextmanager
def _readable() -> Iterator[None]:
    """The SDK takes every answer for an object, and we take what it says for what it should be."""
    try:
        yield
    except (AttributeError, TypeError, ValueError):
        raise SlackClientError("an answer that can't be read") from None


def _granted(answer: Mapping[str, Any]) -> Granted:
    team = _dictionary(answer.get("team"))
    return Granted(
        token=str(answer.get("access_token") or ""),
        refresh_token=str(answer.get("refresh_token") or ""),
        expires_in=int(answer.get("expires_in") or 0),
        team_id=str(team.get("id") or ""),
        team_name=str(team.get("name") or ""),
        app_id=str(answer.get("app_id") or ""),
        bot_user_id=str(answer.get("bot_user_id") or ""),
        scopes=str(answer.get("scope") or ""),
        is_for_enterprise=bool(answer.get("is_enterprise_install")),
    )


def _dictionary(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
