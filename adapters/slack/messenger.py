"""The core's Messenger on Slack: one workspace's messages, each with its delivery key.

A message goes to a person's id, and Slack says which conversation that is; the delivery key travels
as metadata, which Slack shows to nobody, and with which a message is found again.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from adapters.slack.blocks import has_charts, message_payload
from adapters.slack.client import SlackClient
from adapters.slack.failures import BlocksRefused, Gone
from adapters.slack.ids import key_of, message_id_of, metadata_of, place_of, team_of
from adapters.slack.presence import SlackPresence
from adapters.slack.words import words_of
from bot.domain.pace import Rate, SendingLimits
from bot.errors import OutcomeUnknown, PlatformError
from bot.message import Message
from bot.ports import Address, Clock

log = structlog.get_logger(__name__)

Json = dict[str, Any]

# A burst is what a workspace may get at once after a rest; Slack says "several hundred a minute",
# and counts by the minute.
BURST: Final = 20
# "About one a second" to each conversation, with short bursts.
CONVERSATION: Final = Rate(1.0, 3)
IN_FLIGHT: Final = 64
# A request that was cut off is over at Slack long before.
LANDS_WITHIN_S: Final = 30.0

# A workspace whose clients refuse charts is asked again after this.
WITHOUT_CHARTS_S: Final = 3600.0
# No delivery is looked up that was begun longer ago: they expire within days.
LOOKS_BACK: Final = timedelta(days=14)
PAGE: Final = 200
MOST_PAGES: Final = 25
MOST_CONVERSATIONS: Final = 10_000


def limits_of(per_minute: int) -> SendingLimits:
    """What Slack allows, with as many messages a minute to a workspace as the settings say."""
    return SendingLimits(
        workspace=Rate(per_minute / 60, min(BURST, per_minute)),
        conversation=CONVERSATION,
        in_flight=IN_FLIGHT,
        lands_within_s=LANDS_WITHIN_S,
        keeps_threads=True,
    )


class SlackMessenger:
    """Implements `bot.ports.Messenger` in one workspace. It never sends twice by itself."""

    def __init__(
        self,
        client: SlackClient,
        workspace_id: str,
        limits: SendingLimits,
        clock: Clock,
    ) -> None:
        self.limits = limits
        self._client, self._team_id = client, team_of(workspace_id)
        self._presence = SlackPresence(client, workspace_id, clock)
        self._conversations: OrderedDict[str, str] = OrderedDict()
        self._without_charts_until = client.timer.now()

    async def post(self, address: Address, message: Message, key: str) -> str:
        answer = await self._send(
            "chat.postMessage", message, **_place_at(address), metadata=metadata_of(key)
        )
        channel_id, ts = answer.get("channel"), answer.get("ts")
        if not (isinstance(channel_id, str) and isinstance(ts, str)):
            raise OutcomeUnknown("Slack didn't say which message it is")
        if address.kind == "person":
            self._remember(address.external_id, channel_id)
        return message_id_of(channel_id, ts)

    async def find(self, address: Address, key: str) -> str | None:
        try:
            channel_id = await self._conversation(address)
            async for message in self._written(channel_id, address.thread):
                if key_of(message.get("metadata")) == key:
                    return message_id_of(channel_id, str(message.get("ts")))
        except Gone:
            # Nothing can be sent there again, so that it can't be sent twice.
            return None
        return None

    async def update(self, address: Address, message_id: str, message: Message) -> None:
        channel_id, ts = place_of(message_id)
        await self._send("chat.update", message, channel=channel_id, ts=ts)

    async def undisturbed(self, addresses: Collection[Address]) -> Mapping[Address, datetime]:
        return await self._presence.undisturbed(addresses)

    # --- sending ---------------------------------------------------------------------------

    async def _send(self, method: str, message: Message, **where: object) -> Json:
        """Send a message in the richest way that Slack takes.

        If it refuses one for its blocks, nothing was posted. The time in which a message goes out,
        or not at all, is for all of the ways together.
        """
        refusal = PlatformError()
        with self._client.in_time():
            for way, payload in self._ways(message):
                try:
                    answer = await self._client.call(self._team_id, method, **where, **payload)
                except BlocksRefused as error:
                    refusal = error
                    continue
                if way == "no charts":
                    self._do_without_charts()
                return answer
        raise refusal

    def _ways(self, message: Message) -> Iterator[tuple[str, Json]]:
        """From the richest to the plainest. Only a chart is ever worth another try.

        A check-in without its buttons would be a question that can't be answered or put off.
        """
        if not has_charts(message):
            yield "whole", message_payload(message)
            return
        if self._client.timer.now() >= self._without_charts_until:
            yield "whole", message_payload(message)
        yield "no charts", message_payload(message, with_charts=False)
        yield "words", {"text": words_of(message), "unfurl_links": False, "unfurl_media": False}

    def _do_without_charts(self) -> None:
        now = self._client.timer.now()
        if now >= self._without_charts_until:
            log.info("a workspace doesn't take charts, so they are words", team=self._team_id)
            self._without_charts_until = now + WITHOUT_CHARTS_S

    # --- looking up ------------------------------------------------------------------------

    async def _conversation(self, address: Address) -> str:
        """The id of a channel, or of somebody's conversation with the bot."""
        if address.thread:
            return place_of(address.thread)[0]
        if address.kind == "channel":
            return address.external_id
        if known := self._conversations.get(address.external_id):
            return known
        answer = await self._client.call(
            self._team_id, "conversations.open", users=address.external_id
        )
        channel_id = str(answer.get("channel", {}).get("id", ""))
        self._remember(address.external_id, channel_id)
        return channel_id

    def _remember(self, external_id: str, channel_id: str) -> None:
        self._conversations[external_id] = channel_id
        self._conversations.move_to_end(external_id)
        if len(self._conversations) > MOST_CONVERSATIONS:
            self._conversations.popitem(last=False)

    async def _written(self, channel_id: str, thread: str) -> AsyncIterator[Json]:
        """A conversation's messages, the newest first, as far back as a delivery may lie.

        Those of a thread come from its beginning on, and are nowhere else.

        Raises PlatformError if they are too many: that a message isn't there can't be said then.
        """
        method, where = "conversations.history", {"channel": channel_id}
        if thread:
            method, where = "conversations.replies", {**where, "ts": place_of(thread)[1]}
        cursor, newest = "", None
        for _ in range(MOST_PAGES):
            answer = await self._client.call(
                self._team_id,
                method,
                **where,
                include_all_metadata=True,
                limit=PAGE,
                cursor=cursor or None,
            )
            messages = answer.get("messages", [])
            for message in messages:
                yield message
            newest = newest or (_at(messages[0]) if messages else None)
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor or (newest and messages and newest - _at(messages[-1]) > LOOKS_BACK):
                return
        raise PlatformError("there are too many messages to look through")


def _place_at(address: Address) -> Json:
    """Where a message goes: Slack takes a person's id for their conversation with the bot."""
    if not address.thread:
        return {"channel": address.external_id}
    channel_id, thread_ts = place_of(address.thread)
    return {"channel": channel_id, "thread_ts": thread_ts}


def _at(message: Json) -> timedelta:
    """When a message was posted, after an instant that is the same for all."""
    return timedelta(seconds=float(message.get("ts", 0)))
