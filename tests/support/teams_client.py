"""A bare client of the Bot Connector, for what the fake Teams promises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote

import aiohttp

from tests.fakes.teams import FakeTeams, Person

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Json
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The error's code, if it is one."""
        return str((self.body.get("error") or {}).get("code", ""))


class TeamsClient:
    def __init__(self, teams: FakeTeams, session: aiohttp.ClientSession, token: str) -> None:
        self._teams, self._session = teams, session
        self.token = token

    @classmethod
    @asynccontextmanager
    async def signed_in(cls, teams: FakeTeams) -> AsyncIterator[Self]:
        async with aiohttp.ClientSession() as session:
            yield cls(teams, session, teams.site.access_tokens.issue())

    async def call(self, method: str, path: str, body: Json | None = None, **query: str) -> Reply:
        """`path` is what comes after `/v3/`."""
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self._session.request(
            method,
            f"{self._teams.service_url}v3/{path}",
            json=body,
            params=query,
            headers=headers,
        ) as answered:
            is_json = answered.content_type == "application/json"
            read = await answered.json() if is_json else {"page": await answered.text()}
            return Reply(answered.status, read, dict(answered.headers))

    async def send(self, where: Person | str, activity: Json) -> Reply:
        return await self.call("POST", f"{self.conversation(where)}/activities", activity)

    async def says(self, where: Person | str, text: str) -> Reply:
        return await self.send(where, {"type": "message", "text": text})

    async def opens_chat(self, member_id: str, tenant_id: str = "") -> Reply:
        tenant = {"id": tenant_id or self._teams.tenant.id}
        body = {
            "bot": {"id": self._teams.app.bot_id},
            "isGroup": False,
            "members": [{"id": member_id}],
            "tenantId": tenant["id"],
            "channelData": {"tenant": tenant},
        }
        return await self.call("POST", "conversations", body)

    def conversation(self, where: Person | str) -> str:
        """The path of somebody's chat, or of a channel."""
        return f"conversations/{quote(self._teams.tenant.conversation_id(where), safe='')}"
