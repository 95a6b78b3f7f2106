"""`chat.*`: messages, and who gets them."""

from __future__ import annotations

from typing import Any, Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.message_content import Content, content_of
from tests.fakes.slack.methods.asked import SPECIAL, Asked, method
from tests.fakes.slack.posting import message_event, message_json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.state import Channel, Posted

UPDATED_BYTES_AT_MOST: Final = 4_000


@method("chat.postMessage", "chat:write", tier=SPECIAL)
def post_message(asked: Asked) -> Json:
    channel = channel_to_post_in(asked)
    said = content(asked)
    posted = Posted(
        ts=asked.site.clock.ts(),
        channel=channel.id,
        user=asked.workspace.bot.id,
        bot_id=asked.workspace.bot_id,
        text=said.text,
        blocks=said.blocks,
        metadata=said.metadata,
        thread_ts=asked.arguments.text("thread_ts"),
    )
    asked.workspace.post(posted)
    _heard(asked, channel, message_event(asked.site, asked.workspace, channel, posted))
    return {"channel": channel.id, "ts": posted.ts, "message": _shown(asked, posted)}


@method("chat.postEphemeral", "chat:write", tier=4)
def post_ephemeral(asked: Asked) -> Json:
    channel = channel_to_post_in(asked)
    user = asked.person()
    if user.id not in channel.members:
        raise Refused("user_not_in_channel")
    said = content(asked)
    ts, workspace = asked.site.clock.ts(), asked.workspace
    workspace.post(
        Posted(
            ts, channel.id, workspace.bot.id, said.text, said.blocks,
            bot_id=workspace.bot_id, ephemeral_to=user.id,
            thread_ts=asked.arguments.text("thread_ts"),
        )
    )  # fmt: skip
    return {"message_ts": ts}


@method("chat.update", "chat:write")
def update(asked: Asked) -> Json:
    posted = own_message(asked, "cant_update_message")
    said = content(asked)
    if len(said.text.encode()) > UPDATED_BYTES_AT_MOST:
        raise Refused("msg_too_long")
    changes: dict[str, Any] = {"text": said.text, "blocks": said.blocks}
    if "metadata" in asked.arguments:
        changes["metadata"] = said.metadata
    edited = asked.site.clock.ts()
    changed = asked.workspace.change(posted, edited_ts=edited, **changes)
    shown = _shown(asked, changed)
    channel = asked.workspace.channels[changed.channel]
    event = message_event(asked.site, asked.workspace, channel, changed)
    _heard(asked, channel, {**event, "subtype": "message_changed", "message": shown})
    return {"channel": changed.channel, "ts": changed.ts, "text": changed.text, "message": shown}


@method("chat.delete", "chat:write")
def delete(asked: Asked) -> Json:
    posted = own_message(asked, "cant_delete_message")
    asked.workspace.remove(posted)
    return {"channel": posted.channel, "ts": posted.ts}


# --- what several of them need -------------------------------------------------------------


def channel_to_post_in(asked: Asked) -> Channel:
    """The conversation; a person's id means their DM, which is opened."""
    workspace, wanted = asked.workspace, asked.arguments.required("channel")
    if wanted in workspace.users:
        return _dm(asked, wanted)
    if (channel := workspace.channels.get(wanted)) is None:
        raise Refused("channel_not_found")
    if channel.is_archived:
        raise Refused("is_archived")
    if workspace.bot.id not in channel.members:
        raise Refused("channel_not_found" if channel.is_private else "not_in_channel")
    return _dm(asked, channel.im_user) if channel.im_user else channel


def _dm(asked: Asked, user_id: str) -> Channel:
    """Slack doesn't say that somebody has left: there is just no such conversation any more."""
    user = asked.workspace.users[user_id]
    if user.is_bot or user.name == "slackbot":
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("channel_not_found")
    return asked.workspace.dm(user_id)


def content(asked: Asked) -> Content:
    return content_of(asked.arguments.values, asked.workspace)


def own_message(asked: Asked, otherwise: str) -> Posted:
    """A message of this bot. Ephemeral ones can't be found by their time stamp."""
    workspace, arguments = asked.workspace, asked.arguments
    channel = workspace.channels.get(arguments.required("channel"))
    if channel is None or workspace.bot.id not in channel.members:
        raise Refused("channel_not_found")
    found = workspace.message(channel.id, arguments.required("ts"))
    if found is None or found.ephemeral_to:
        raise Refused("message_not_found")
    if found.user != workspace.bot.id:
        raise Refused(otherwise)
    return found


def _shown(asked: Asked, posted: Posted) -> Json:
    return message_json(posted, asked.workspace.id, asked.site.app.id)


def _heard(asked: Asked, channel: Channel, event: Json) -> None:
    """Slack tells an app of its own messages too."""
    if asked.site.echoes and channel.im_user:
        asked.site.happens(asked.workspace, event)
