"""Calling the Bot Connector's REST API: one session for all, and errors of the core's own.

botbuilder's own sending blocks a thread for each message, and takes ten times as long.
learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import aiohttp
import structlog

from adapters.outbound import in_time, is_late
from adapters.teams.failures import SOON_S, Gone, failure_of, refusal_of
from adapters.teams.tokens import AppToken
from bot.errors import OutcomeUnknown, PlatformError, TryLater
from bot.ports import Timer

log = structlog.get_logger(__name__)

Json = dict[str, Any]

PAGE: Final = 500
OK: Final = range(200, 300)
UNAUTHORIZED: Final = 401


class Connector:
    """Calls Teams as the bot, at whichever address a conversation has."""

    def __init__(self, session: aiohttp.ClientSession, token: AppToken, timer: Timer) -> None:
        self._session, self._token, self._timer = session, token, timer

    async def post(self, service_url: str, conversation_id: str, activity: Json) -> str:
        """Post an activity, and return Teams' id for it. Raises PlatformError."""
        path = f"v3/conversations/{quote(conversation_id, safe='')}/activities"
        answer = await self._call("POST", service_url, path, activity)
        activity_id = answer.get("id")
        if not isinstance(activity_id, str):
            raise OutcomeUnknown("Teams didn't say which message it is")
        return activity_id

    async def update(
        self, service_url: str, conversation_id: str, activity_id: str, activity: Json
    ) -> None:
        """Replace a message in place. Raises PlatformError."""
        where = f"v3/conversations/{quote(conversation_id, safe='')}"
        path = f"{where}/activities/{quote(activity_id, safe='')}"
        await self._call("PUT", service_url, path, activity)

    async def member(self, service_url: str, conversation_id: str, user_id: str) -> Json:
        """Somebody in a conversation, as its roster has them. Raises PlatformError."""
        where = f"v3/conversations/{quote(conversation_id, safe='')}"
        path = f"{where}/members/{quote(user_id, safe='')}"
        return _having("id", str, await self._call("GET", service_url, path))

    async def members(self, service_url: str, conversation_id: str, token: str = "") -> Json:
        """A page of everybody in a conversation, the first or the one that a token stands for.

        They are its `members`; its `continuationToken` is of the next page, if there is one. Raises
        PlatformError.
        """
        path = f"v3/conversations/{quote(conversation_id, safe='')}/pagedmembers"
        query = {"pageSize": str(PAGE), **({"continuationToken": token} if token else {})}
        return _having("members", list, await self._call("GET", service_url, path, query=query))

    async def team(self, service_url: str, team_id: str) -> Json:
        """What a team is called. Raises PlatformError."""
        path = f"v3/teams/{quote(team_id, safe='')}"
        return _having("name", str, await self._call("GET", service_url, path))

    async def channels(self, service_url: str, team_id: str) -> list[Json]:
        """The channels of a team. Raises PlatformError."""
        path = f"v3/teams/{quote(team_id, safe='')}/conversations"
        answer = _having("conversations", list, await self._call("GET", service_url, path))
        channels: list[Json] = answer["conversations"]
        return channels

    async def _call(
        self,
        method: str,
        service_url: str,
        path: str,
        body: Json | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> Json:
        with in_time(self._timer):
            token = await self._token.token()
            if is_late(self._timer):
                raise TryLater(SOON_S)
            url = f"{service_url.rstrip('/')}/{path}"
            status, answer, retry_after = await self._asked(method, url, token, body, query)
        if status in OK:
            return answer if isinstance(answer, dict) else {}
        if status == UNAUTHORIZED:
            self._token.forget(token)
        code, failure = refusal_of(status, answer, retry_after)
        _log(method, code, failure)
        raise failure

    async def _asked(
        self,
        method: str,
        url: str,
        token: str,
        body: Json | None,
        query: Mapping[str, str] | None,
    ) -> tuple[int, object, str | None]:
        """The status, what was said in JSON if it was, and how long to wait."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self._session.request(
                method, url, json=body, params=query, headers=headers
            ) as response:
                raw = await response.read()
                answer = await response.json(content_type=None) if raw[:1] in (b"{", b"[") else None
                return response.status, answer, response.headers.get("Retry-After")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            failure = failure_of(error)
            _log(method, type(error).__name__, failure)
            raise failure from None


def _having(name: str, kind: type, answer: Json) -> Json:
    """An answer with what was asked for. Something else may answer, and say that all is well.

    Raises OutcomeUnknown.
    """
    if not isinstance(answer.get(name), kind):
        raise OutcomeUnknown("there was no answer that can be read")
    return answer


def _log(method: str, code: str, failure: PlatformError) -> None:
    """One person's matter, or one that passes by itself, is no warning."""
    quiet = isinstance(failure, Gone | TryLater | OutcomeUnknown)
    (log.info if quiet else log.warning)(
        "Teams refused or failed", method=method, code=code, outcome=type(failure).__name__
    )
