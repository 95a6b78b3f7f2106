"""Reading long lists from Slack: at the pace of a method's tier, and again after a refusal.

Reading again is always safe. But a refusal that somebody has to do something about, or that asks
for a long wait, is left to the caller.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final

from adapters.slack.client import SlackClient
from bot.domain.pace import Bucket, Rate
from bot.errors import OutcomeUnknown, PlatformError, TryLater
from bot.ports import Timer

Json = dict[str, Any]

# Calls a minute, from Slack's tiers 2 to 4. Half of them may go out at once after a rest.
PER_MINUTE: Final = {
    "users.list": 20,
    "usergroups.list": 20,
    "dnd.teamInfo": 20,
    "users.conversations": 50,
    "conversations.members": 100,
    "users.info": 100,
}
PAGE: Final = 200  # as many as Slack asks for at most
MOST_PAGES: Final = 1_000
TRIES: Final = 5
LONGEST_WAIT_S: Final = 90.0
AFTER_NO_ANSWER_S: Final = 2.0


class Reading:
    """Reads from one workspace."""

    def __init__(self, client: SlackClient, team_id: str, timer: Timer) -> None:
        self._client, self._team_id, self._timer = client, team_id, timer
        self._buckets = full_buckets(timer.now())

    async def all_of(self, method: str, name: str, **arguments: object) -> list[Json]:
        """Everything of the list `name` in the answers. Raises PlatformError."""
        return [each async for page in self._pages(method, arguments) for each in page[name]]

    async def call(self, method: str, **arguments: object) -> Json:
        """Call a method that only reads. Raises PlatformError."""
        for tried in range(1, TRIES + 1):
            await self._in_turn(method)
            try:
                return await self._client.call(self._team_id, method, **arguments)
            except (TryLater, OutcomeUnknown) as error:
                wait_s = _wait_s(error)
                if tried == TRIES or wait_s > LONGEST_WAIT_S:
                    raise
                await self._timer.sleep(wait_s)
        raise PlatformError

    async def _pages(self, method: str, arguments: dict[str, object]) -> AsyncIterator[Json]:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self.call(method, limit=PAGE, cursor=cursor or None, **arguments)
            yield page
            if not (cursor := next_cursor(page)):
                return
        raise PlatformError("the list has no end")

    async def _in_turn(self, method: str) -> None:
        bucket = self._buckets[method]
        while (wait_s := bucket.next_at(self._timer.now()) - self._timer.now()) > 0:
            await self._timer.sleep(wait_s)
        bucket.take(self._timer.now())


def full_buckets(now: float) -> dict[str, Bucket]:
    """How often each method may be called."""
    return {
        method: Bucket(Rate(per_minute / 60, per_minute // 2), now)
        for method, per_minute in PER_MINUTE.items()
    }


def next_cursor(page: Json) -> str:
    """Where the next page begins; "" after the last one."""
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")


def _wait_s(error: TryLater | OutcomeUnknown) -> float:
    return error.retry_after_s if isinstance(error, TryLater) else AFTER_NO_ANSWER_S
