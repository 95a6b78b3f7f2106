"""Answering where somebody acted, by the response URL that came with it.

It needs no token and counts against no limit of the API, and nothing of what it posts stays for
longer than the message that it answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp

from adapters.slack.blocks import has_charts, message_payload
from bot.errors import PlatformError
from bot.message import Message


async def respond(
    session: aiohttp.ClientSession, url: str, message: Message, how: Mapping[str, Any]
) -> None:
    """Answer with a message; where charts are refused, with their words.

    `how` is what Slack wants to know besides, such as `replace_original`.

    Raises PlatformError: the address is good for half an hour and five answers.
    """
    try:
        await _post(session, url, {**message_payload(message), **how})
    except _Refused:
        if not has_charts(message):
            raise
        await _post(session, url, {**message_payload(message, with_charts=False), **how})


class _Refused(PlatformError):
    """Slack said no. Nothing was posted."""


async def _post(session: aiohttp.ClientSession, url: str, payload: Mapping[str, Any]) -> None:
    try:
        async with session.post(url, json=payload) as response:
            status, body = response.status, await response.text()
    except (aiohttp.ClientError, OSError, ValueError):
        raise PlatformError("Slack's response address can't be reached") from None
    if status != HTTPStatus.OK or _says_no(body):
        raise _Refused(f"Slack's response address refused, with {status}")


def _says_no(body: str) -> bool:
    """Whether an answer is a refusal in spite of its status; a yes is an object, or just "ok"."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is False
