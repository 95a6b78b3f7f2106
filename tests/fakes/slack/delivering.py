"""Getting something to the bot: signed over HTTP, or through Socket Mode if it is connected."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode

import aiohttp

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.signing import signed_headers
from tests.fakes.slack.site import Site
from tests.fakes.slack.sockets import Sockets

FORM: Final = "application/x-www-form-urlencoded"
STALE_S: Final = 600
SLACKS_RETRY_DELAYS_S: Final = (0.0, 60.0, 300.0)
Kind = Literal["events_api", "interactive", "slash_commands"]
Signing = Literal["good", "none", "wrong", "stale"]


@dataclass(frozen=True, slots=True)
class Parcel:
    kind: Kind
    payload: Json


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot answered, and how long it took. Status 0: nothing came in time.

    Over Socket Mode an acknowledgement has the status 200.
    """

    status: int
    seconds: float
    body: str = ""
    parcel: Parcel | None = None
    retry_number: int = 0
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def acknowledged(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Json:
        """The answer as an object; empty where it isn't one."""
        try:
            read = json.loads(self.body or "{}")
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


class Delivering:
    """`retry_delays_s`: when an event is sent again that wasn't acknowledged; at first never.
    Slack's own delays are `SLACKS_RETRY_DELAYS_S`."""

    def __init__(self, site: Site, sockets: Sockets) -> None:
        self._site, self._sockets = site, sockets
        self.within_s = 3.0
        self.retry_delays_s: Sequence[float] = ()
        self.answers: list[Answered] = []
        self.session: aiohttp.ClientSession | None = None
        self.signs_at: Callable[[], float] = time.time

    @property
    def connected(self) -> bool:
        """Whether the bot can be reached at all."""
        return bool(self._sockets.connected or self._site.app.request_url)

    async def deliver(
        self, parcel: Parcel, *, retry_number: int = 0, reason: str = "", signing: Signing = "good"
    ) -> Answered:
        """Send it once."""
        if self._sockets.connected and signing == "good":
            answered = await self._by_socket(parcel, retry_number, reason)
        else:
            headers, body = encoded(parcel)
            if retry_number:
                headers |= {"X-Slack-Retry-Num": str(retry_number), "X-Slack-Retry-Reason": reason}
            answered = await self.raw(body, headers, signing, parcel, retry_number)
        return answered

    async def deliver_event(self, parcel: Parcel) -> Answered:
        """Send it, and again where it isn't acknowledged and that was asked for.

        What the app didn't subscribe to isn't sent, so it has no answer either.
        """
        wanted = self._site.app.events
        if wanted is not None and event_name(parcel.payload["event"]) not in wanted:
            return Answered(0, 0.0, parcel=parcel)
        answered = await self.deliver(parcel)
        for number, delay_s in enumerate(self.retry_delays_s, start=1):
            if answered.acknowledged or ("x-slack-no-retry", "1") in answered.headers:
                break
            await asyncio.sleep(delay_s)
            reason = "http_error" if answered.status else "http_timeout"
            answered = await self.deliver(parcel, retry_number=number, reason=reason)
        return answered

    async def raw(
        self,
        body: str,
        headers: dict[str, str],
        signing: Signing = "good",
        parcel: Parcel | None = None,
        retry_number: int = 0,
    ) -> Answered:
        """A request with this very body, whether or not there is any sense in it."""
        if self.session is None or not self._site.app.request_url:
            raise RuntimeError("the app is connected neither by a request URL nor by Socket Mode")
        started = time.monotonic()
        status, text, answer_headers = await self._posted(
            self.session, body, {**headers, **self._signature(body, signing)}
        )
        seconds = time.monotonic() - started
        answered = Answered(status, seconds, text, parcel, retry_number, answer_headers)
        self.answers.append(answered)
        return answered

    def _signature(self, body: str, signing: Signing) -> dict[str, str]:
        if signing == "none":
            return {}
        secret = self._site.app.signing_secret if signing != "wrong" else "somebody-else's"
        late_s = STALE_S if signing == "stale" else 0
        return signed_headers(secret, body, int(self.signs_at()) - late_s)

    async def _posted(
        self, session: aiohttp.ClientSession, body: str, headers: dict[str, str]
    ) -> tuple[int, str, tuple[tuple[str, str], ...]]:
        timeout = aiohttp.ClientTimeout(total=self.within_s)
        try:
            async with session.post(
                self._site.app.request_url, data=body.encode(), headers=headers, timeout=timeout
            ) as response:
                kept = tuple((name.lower(), value) for name, value in response.headers.items())
                return response.status, await response.text(), kept
        except (TimeoutError, aiohttp.ClientError):
            return 0, "", ()

    async def _by_socket(self, parcel: Parcel, retry_number: int, reason: str) -> Answered:
        started = time.monotonic()
        payload = await self._sockets.send(
            parcel.kind,
            parcel.payload,
            retry_number=retry_number,
            reason=reason,
            within_s=self.within_s,
        )
        seconds = time.monotonic() - started
        status, body = (0, "") if payload is None else (200, json.dumps(payload) if payload else "")
        answered = Answered(status, seconds, body, parcel, retry_number)
        self.answers.append(answered)
        return answered


def encoded(parcel: Parcel) -> tuple[dict[str, str], str]:
    """Events are JSON, commands are forms, and interactions are JSON in a form."""
    if parcel.kind == "events_api":
        return {"Content-Type": "application/json"}, json.dumps(parcel.payload)
    fields: dict[str, Any] = parcel.payload
    if parcel.kind == "interactive":
        fields = {"payload": json.dumps(parcel.payload)}
    return {"Content-Type": FORM}, urlencode(fields)


def event_name(event: Json) -> str:
    """The name that an app subscribes to, such as `message.im`."""
    kinds = {"im": "im", "group": "groups", "channel": "channels"}
    if event["type"] == "message":
        return f"message.{kinds.get(event.get('channel_type', ''), 'channels')}"
    return str(event["type"])
