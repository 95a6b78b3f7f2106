"""The keys that Microsoft signs its requests with, fetched off the requests' way.

botbuilder would fetch them by a blocking call without a time-out, and fail on a key that it doesn't
know. Here an unknown key is looked for once a minute at most, and refused if it isn't there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
import structlog
from jwt import PyJWK
from jwt.exceptions import PyJWTError

from bot.errors import PlatformError
from bot.ports import Timer

log = structlog.get_logger(__name__)

# Microsoft asks for once a day at least, and changes keys within days of announcing them:
# learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
RENEWED_AFTER_S: Final = 12 * 3600.0
# An unknown key may be a new one, or anybody's: it isn't looked for more often.
LOOKED_FOR_AFTER_S: Final = 60.0
# Without any key nobody is heard, so it is tried again soon.
AGAIN_AFTER_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Has the shape that botbuilder expects. `endorsements` are the channels that it signs for."""

    public_key: Any
    endorsements: list[str]


class SigningKeys:
    """Stands in for botbuilder's own metadata; `url` is that of the OpenID metadata."""

    def __init__(self, session: aiohttp.ClientSession, url: str, timer: Timer) -> None:
        self._session, self._url, self._timer = session, url, timer
        self._keys: Mapping[str, SigningKey] = {}
        self._asked_at = float("-inf")
        self._asking = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def fetch(self) -> None:
        """Have the keys before somebody needs one. Raises PlatformError."""
        if not self._keys:
            await self._ask(AGAIN_AFTER_S)

    async def get(self, key_id: str | None) -> SigningKey:
        """Raises PermissionError if there is no such key, or PlatformError if there are none."""
        if not self._keys:
            await self._ask(AGAIN_AFTER_S)
            if not self._keys:
                raise PlatformError("there are no keys")
        elif key_id not in self._keys:
            await self._ask_quietly(LOOKED_FOR_AFTER_S)
        elif self._timer.now() - self._asked_at > RENEWED_AFTER_S:
            # The key at hand is good; nobody waits for the next ones.
            self._renewing = asyncio.ensure_future(self._ask_quietly(RENEWED_AFTER_S))
        if key_id is None or key_id not in self._keys:
            raise PermissionError("not signed with a key of Microsoft's")
        return self._keys[key_id]

    async def _ask_quietly(self, unless_within_s: float) -> None:
        """The keys that are there still hold, whether Microsoft can be asked or not."""
        try:
            await self._ask(unless_within_s)
        except PlatformError as error:
            log.warning("Microsoft's signing keys can't be renewed", why=str(error))

    async def _ask(self, unless_within_s: float) -> None:
        """Raises PlatformError. Of several who ask at once, one does so."""
        async with self._asking:
            if self._timer.now() - self._asked_at < unless_within_s:
                return
            self._asked_at = self._timer.now()
            metadata = await self._get(self._url)
            keys = (await self._get(str(metadata.get("jwks_uri")))).get("keys")
            self._keys = _read(keys if isinstance(keys, list) else []) or self._keys

    async def _get(self, url: str) -> Mapping[str, Any]:
        try:
            async with self._session.get(url) as response:
                response.raise_for_status()
                found = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise PlatformError(type(error).__name__) from None
        return found if isinstance(found, dict) else {}


def _read(keys: list[Any]) -> Mapping[str, SigningKey]:
    """Key id → key. One that can't be read, or signs for no channel, isn't there."""
    found = {}
    for key in keys:
        try:
            endorsements = [str(each) for each in key.get("endorsements") or ()]
            if endorsements:
                found[str(key["kid"])] = SigningKey(PyJWK.from_dict(key).key, endorsements)
        except (PyJWTError, AttributeError, KeyError, TypeError, ValueError):
            log.warning("one of Microsoft's signing keys can't be read")
    return found
