"""Answering where somebody acted, by the response URL that came with it.

It needs no token and counts against no limit of the API, and nothing of what it posts stays for
longer than the message that it answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import aiohttp

from bot.errors import PlatformError

OK: Final = 200


async def respond(session: aiohttp.ClientSession, url: str, payload: Mapping[str, Any]) -> None:
    """Raises PlatformError: the address is good for half an hour and five answers."""
    try:
        async with session.post(url, json=payload) as response:
            status = response.status
    except (aiohttp.ClientError, OSError, ValueError):
        raise PlatformError("Slack's response address can't be reached") from None
    if status != OK:
        raise PlatformError(f"Slack's response address answered {status}")
