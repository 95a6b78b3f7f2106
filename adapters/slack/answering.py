"""Answering a typed line: in the conversation, to stay there, and once.

Somebody waits for it, so it is posted again for about a minute where Slack says that nothing was
posted. Where that isn't known it is looked for first, by a key that it carries.
"""

from __future__ import annotations

import itertools
from typing import Final

from adapters.slack.blocks import message_payload
from adapters.slack.client import SlackClient
from adapters.slack.ids import key_of, metadata_of
from adapters.slack.incoming import Line
from adapters.slack.messenger import PAGE
from bot.errors import OutcomeUnknown, TryLater
from bot.message import Message

# After this, whoever waited has typed it again, or gone.
WITHIN_S: Final = 60.0
# A request that was cut off is over at Slack by then; after each further one it gets twice as long.
LANDS_WITHIN_S: Final = 5.0


async def answer_line(client: SlackClient, line: Line, message: Message) -> None:
    """Raises PlatformError if it can't be posted, or not soon enough."""
    gives_up_at = client.timer.now() + WITHIN_S
    for tried in itertools.count():
        try:
            await _post(client, line, message)
        except (TryLater, OutcomeUnknown) as error:
            wait_s, unknown = _wait_s(error, tried), isinstance(error, OutcomeUnknown)
            if client.timer.now() + wait_s > gives_up_at:
                raise
        else:
            return
        await client.timer.sleep(wait_s)
        if unknown and await _is_there(client, line):
            return


def _wait_s(error: TryLater | OutcomeUnknown, tried: int) -> float:
    return error.retry_after_s if isinstance(error, TryLater) else LANDS_WITHIN_S * 2**tried


async def _post(client: SlackClient, line: Line, message: Message) -> None:
    await client.call(
        line.team_id,
        "chat.postMessage",
        channel=line.event.channel,
        thread_ts=line.event.thread_ts or None,
        metadata=metadata_of(line.event_id),
        **message_payload(message),
    )


async def _is_there(client: SlackClient, line: Line) -> bool:
    """Whether the answer is among what was written after the line."""
    thread = {"ts": line.event.thread_ts} if line.event.thread_ts else {}
    answer = await client.call(
        line.team_id,
        "conversations.replies" if thread else "conversations.history",
        channel=line.event.channel,
        oldest=line.event.ts or None,
        include_all_metadata=True,
        limit=PAGE,
        **thread,
    )
    return any(key_of(each.get("metadata")) == line.event_id for each in answer["messages"])
