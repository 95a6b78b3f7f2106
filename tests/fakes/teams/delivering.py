"""Getting an activity to the bot, with a token that says from whom."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Final

import aiohttp

from tests.fakes.teams.forging import Signing
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.site import Site

WITHIN_S: Final = 15.0


@dataclass(frozen=True, slots=True)
class Answered:
    """What the bot answered, and how long it took. Status 0: nothing came in time."""

    status: int
    seconds: float
    body: str = ""
    activity: Json | None = None

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
    """`within_s` is how long Teams waits for an answer."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.within_s = WITHIN_S
        self.answers: list[Answered] = []
        self.session: aiohttp.ClientSession | None = None

    async def deliver(self, activity: Json, *, signing: Signing = "good") -> Answered:
        """Send it once."""
        headers = self._site.signer.authorization(activity["serviceUrl"], signing)
        answered = await self.raw(json.dumps(activity), headers, activity)
        self.answers.append(answered)
        return answered

    async def raw(
        self, body: str, headers: dict[str, str], activity: Json | None = None
    ) -> Answered:
        """A request with this very body, whether or not there is any sense in it."""
        if self.session is None or not self._site.app.request_url:
            raise RuntimeError("nothing is known of the bot: the app has no request_url")
        started = time.monotonic()
        timeout = aiohttp.ClientTimeout(total=self.within_s)
        sent = {"Content-Type": "application/json; charset=utf-8", **headers}
        try:
            async with self.session.post(
                self._site.app.request_url, data=body.encode(), headers=sent, timeout=timeout
            ) as response:
                status, text = response.status, await response.text()
        except (TimeoutError, aiohttp.ClientError):
            status, text = 0, ""
        return Answered(status, time.monotonic() - started, text, activity)
