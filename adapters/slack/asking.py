"""Asks Slack one thing at a time, and takes every answer as a value: for check-ups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.quiet_logger import quiet_logger

WITHIN_S: Final = 10
CODE: Final = re.compile(r"[a-z0-9_]{1,80}")
CHANNELS_A_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back.

    is_slacks  whether it was Slack who answered, be it with a refusal
    code       why it isn't ok: Slack's own word, or what went wrong on the way; "" if it is
    """

    is_slacks: bool
    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_ok(self) -> bool:
        return self.is_slacks and not self.code


class Asking:
    def __init__(self, api_url: str) -> None:
        self._client = AsyncWebClient(
            base_url=api_url, timeout=WITHIN_S, retry_handlers=[], logger=quiet_logger("slack_sdk")
        )

    async def ask(self, method: str, token: str | None = None, **arguments: object) -> Answer:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            answer = await self._client.api_call(method, params=dict(arguments), headers=headers)
        except SlackApiError as error:
            return _refusal(error)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
            return Answer(is_slacks=False, code=type(error).__name__)
        except (AttributeError, TypeError, ValueError):
            # The SDK takes every answer for an object.
            return Answer(is_slacks=False, code="something else answers, with no object")
        return Answer(True, "", _dictionary(answer.data), _headers(answer.headers))

    async def channels(self, token: str) -> tuple[set[str], str]:
        """Names and ids of the channels that the bot is in, and what went wrong."""
        found: set[str] = set()
        cursor = ""
        while True:
            answer = await self.ask(
                "users.conversations",
                token,
                types="public_channel,private_channel",
                exclude_archived="true",
                limit=CHANNELS_A_PAGE,
                cursor=cursor,
            )
            if not answer.is_ok:
                return found, answer.code
            for channel in answer.data.get("channels") or ():
                found |= {str(channel.get("id")), str(channel.get("name"))}
            cursor = str(_dictionary(answer.data.get("response_metadata")).get("next_cursor") or "")
            if not cursor:
                return found, ""


def _refusal(error: SlackApiError) -> Answer:
    """Slack's refusal; or a page that isn't Slack's API at all, such as a proxy's."""
    data = _dictionary(getattr(error.response, "data", None))
    code = str(data.get("error") or "")
    if not CODE.fullmatch(code):
        status = getattr(error.response, "status_code", "no")
        return Answer(is_slacks=False, code=f"something else answers, with status {status}")
    return Answer(True, code, data, _headers(getattr(error.response, "headers", {})))


def _headers(headers: Mapping[str, Any]) -> Mapping[str, str]:
    """In small letters: servers differ."""
    return {name.lower(): str(value) for name, value in headers.items()}


def _dictionary(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
