"""Who asks in Slack not to be disturbed: by do-not-disturb, or by a status that asks for rest.

Why is theirs. All that is kept of it, in memory and for a few minutes, is until when. A failure
costs a couple of seconds at most: the core then sends as if nobody had asked.
"""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, KeysView, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, Final

from adapters.slack.client import SlackClient
from adapters.slack.failures import Gone, ScopeMissing
from adapters.slack.ids import team_of
from adapters.slack.reading import PAGE, full_buckets, next_cursor
from adapters.slack.resting import rests_by_dnd, rests_by_status
from bot.errors import PlatformError, TryLater
from bot.ports import Address, Clock, Timer

Json = dict[str, Any]

# The core waits for little longer, and then for nothing: what is known by now is more.
ANSWERS_WITHIN_S: Final = 1.5
# What was asked is believed for so long.
KNOWN_FOR_S: Final = 300.0
# What the app may not see isn't asked for again before this.
WITHOUT_SCOPE_S: Final = 3600.0
# As many as Slack takes in one call.
AT_ONCE: Final = 50
# So few are asked for one by one; for more, the list of everybody takes fewer calls.
FEW: Final = 5


class SlackPresence:
    """Asks one workspace. What it may not see, nobody has."""

    def __init__(self, client: SlackClient, workspace_id: str, clock: Clock) -> None:
        self._clock = clock
        team_id = team_of(workspace_id)
        statuses = _Statuses(client, team_id, self._clock)
        self._ways = (_DoNotDisturb(client, team_id, self._clock, statuses), statuses)

    async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
        """Until when these people ask for rest: the later, if they do in both ways.

        Raises PlatformError if nothing is known in either way.
        """
        people = {each.external_id: each for each in addresses if each.kind == "person"}
        if not people:
            return {}
        asked = (way.rests(list(people)) for way in self._ways)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        known = [answer for answer in answers if isinstance(answer, dict)]
        _raise_first(answers, but_not=PlatformError if known else ())
        return self._merged(people, known)

    def _merged(
        self, people: Mapping[str, Address], known: Iterable[Mapping[str, datetime]]
    ) -> dict[Address, datetime]:
        merged: dict[Address, datetime] = {}
        for rests in known:
            for user_id, until in rests.items():
                address = people[user_id]
                merged[address] = max(until, merged.get(address, until))
        return merged


class _Way(ABC):
    """One way to ask for rest, and what was found out about it a short while ago."""

    def __init__(self, client: SlackClient, team_id: str, clock: Clock) -> None:
        self._client, self._team_id, self._clock = client, team_id, clock
        self._timer: Timer = client.timer
        self._buckets = full_buckets(self._timer.now())
        self._known: dict[str, tuple[float, datetime | None]] = {}
        self._rests_until = self._allowed_at = self._timer.now()

    @property
    def known(self) -> KeysView[str]:
        """Whoever was asked about a short while ago."""
        return self._known.keys()

    async def rests(self, user_ids: Collection[str]) -> dict[str, datetime]:
        """Until when each of these who rests now does so, as far as is known.

        Raises PlatformError if nothing is known of any of them.
        """
        self._forget_what_is_old()
        missing = [user_id for user_id in user_ids if user_id not in self._known]
        if missing and self._timer.now() >= self._allowed_at:
            try:
                await self._ask_in_time(missing)
            except PlatformError:
                if self._known.keys().isdisjoint(user_ids):
                    raise
        now = self._clock.now()
        found = {each: self._known[each][1] for each in user_ids if each in self._known}
        return {user_id: until for user_id, until in found.items() if until and until > now}

    async def _ask_in_time(self, user_ids: list[str]) -> None:
        try:
            async with asyncio.timeout(ANSWERS_WITHIN_S):
                await self._ask(user_ids)
        except TimeoutError:
            raise PlatformError("Slack takes too long to say who rests") from None

    async def _ask(self, user_ids: list[str]) -> None:
        """Find out about these, unless Slack asks to wait or doesn't let the app see it."""
        wait_s = self._rests_until - self._timer.now()
        if wait_s > 0:
            raise TryLater(wait_s)
        try:
            await self._find_out(user_ids)
        except ScopeMissing:
            self._allowed_at = self._timer.now() + WITHOUT_SCOPE_S
        except TryLater as error:
            self._rests_until = self._timer.now() + error.retry_after_s
            raise

    @abstractmethod
    async def _find_out(self, user_ids: list[str]) -> None:
        """Note of each of these until when they rest. Raises PlatformError."""

    async def _call(self, method: str, **arguments: object) -> Json:
        """Ask at the pace of the method's tier: what would have to wait isn't asked."""
        now, bucket = self._timer.now(), self._buckets[method]
        wait_s = bucket.next_at(now) - now
        if wait_s > 0:
            raise TryLater(wait_s)
        bucket.take(now)
        return await self._client.call(self._team_id, method, **arguments)

    def _note(self, user_id: str, until: datetime | None) -> None:
        self._known[user_id] = (self._timer.now() + KNOWN_FOR_S, until)

    def _forget_what_is_old(self) -> None:
        now = self._timer.now()
        self._known = {each: kept for each, kept in self._known.items() if kept[0] > now}


class _DoNotDisturb(_Way):
    """A call has room for more people than a batch of messages is for: the next ones, perhaps.

    Otherwise a programme for a whole workspace would ask more often than Slack lets it.
    """

    def __init__(self, client: SlackClient, team_id: str, clock: Clock, others: _Way) -> None:
        super().__init__(client, team_id, clock)
        self._others = others

    async def _find_out(self, user_ids: list[str]) -> None:
        asked = set(user_ids)
        others = (each for each in self._others.known if each not in asked | self.known)
        user_ids = [*user_ids, *islice(others, -len(user_ids) % AT_ONCE)]
        for start in range(0, len(user_ids), AT_ONCE):
            some = user_ids[start : start + AT_ONCE]
            answer = await self._call("dnd.teamInfo", users=some)
            found, now = answer.get("users") or {}, self._clock.now()
            for user_id in some:
                self._note(user_id, rests_by_dnd(found.get(user_id) or {}, now))


class _Statuses(_Way):
    """A few people are asked for one by one; for many, everybody is listed, page by page.

    Where the time isn't enough for all pages, the next time goes on with the one after.
    """

    _cursor = ""

    async def _find_out(self, user_ids: list[str]) -> None:
        if len(user_ids) <= FEW:
            asked = map(self._one, user_ids)
            _raise_first(await asyncio.gather(*asked, return_exceptions=True))
        else:
            await self._everybody(set(user_ids))

    async def _one(self, user_id: str) -> None:
        try:
            user = (await self._call("users.info", user=user_id)).get("user") or {}
        except Gone:
            user = {}
        self._note(user_id, rests_by_status(user, self._clock.now()))

    async def _everybody(self, wanted: set[str]) -> None:
        while wanted:
            page = await self._page()
            now = self._clock.now()
            for user in page.get("members") or ():
                self._note(str(user.get("id")), rests_by_status(user, now))
                wanted.discard(str(user.get("id")))
            self._cursor = next_cursor(page)
            if not self._cursor:
                return

    async def _page(self) -> Json:
        try:
            return await self._call("users.list", limit=PAGE, cursor=self._cursor or None)
        except TryLater:
            raise
        except PlatformError:
            self._cursor = ""  # it may be what was refused
            raise


def _raise_first(answers: Iterable[object], but_not: type[Exception] | tuple[()] = ()) -> None:
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, but_not):
            raise answer
