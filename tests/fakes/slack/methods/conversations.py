"""`conversations.*`."""

from __future__ import annotations

from typing import Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import Asked, method, page
from tests.fakes.slack.posting import message_json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.state import Channel, Posted

READ: Final = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY: Final = ("channels:history", "groups:history", "im:history", "mpim:history")
KIND_OF_TYPE: Final = {"public_channel": "channels", "private_channel": "groups", "im": "im"}


def channel_json(channel: Channel, bot_id: str) -> Json:
    shown: Json = {
        "id": channel.id,
        "is_im": bool(channel.im_user),
        "is_channel": channel.kind == "channels",
        "is_group": channel.kind == "groups",
        "is_mpim": False,
        "is_private": channel.kind != "channels",
        "is_archived": channel.is_archived,
        "is_org_shared": False,
    }
    if channel.im_user:
        return {**shown, "user": channel.im_user}
    member = bot_id in channel.members
    count = len(channel.members)
    return {**shown, "name": channel.name, "is_member": member, "num_members": count}


def wanted_channel(asked: Asked, action: str) -> Channel:
    """The channel, if the bot may know of it and the token has the scope for its kind."""
    workspace = asked.workspace
    channel = workspace.channels.get(asked.arguments.required("channel"))
    if channel is None:
        raise Refused("channel_not_found")
    asked.need(f"{channel.kind}:{action}")
    if channel.kind != "channels" and workspace.bot.id not in channel.members:
        raise Refused("channel_not_found")
    return channel


@method("conversations.open", "im:write", "channels:manage", "groups:write", "mpim:write")
def open_one(asked: Asked) -> Json:
    names, workspace = asked.arguments.names("users"), asked.workspace
    if not names:
        raise Refused("users_list_not_supplied")
    if len(names) > 1 or names[0] not in workspace.users:
        raise Refused("user_not_found")
    user = workspace.users[names[0]]
    if user.is_bot or user.name == "slackbot":
        raise Refused("cannot_dm_bot")
    if user.deleted:
        raise Refused("user_disabled")
    known = workspace.has_dm(user.id)
    channel = workspace.dm(user.id)
    if not asked.arguments.flag("return_im"):
        return {"channel": {"id": channel.id}}
    shown = channel_json(channel, workspace.bot.id)
    return {"no_op": known, "already_open": known, "channel": shown}


@method("conversations.history", *HISTORY)
def history(asked: Asked) -> Json:
    channel = wanted_channel(asked, "history")
    if asked.workspace.bot.id not in channel.members:
        raise Refused("not_in_channel")
    newest_first = list(reversed(asked.workspace.in_channel(channel.id)))
    of_channel = [each for each in newest_first if not each.is_only_in_its_thread]
    return {**_messages(asked, of_channel), "pin_count": 0}


@method("conversations.replies", *HISTORY)
def replies(asked: Asked) -> Json:
    """A thread, the oldest first, with what it begins with."""
    channel = wanted_channel(asked, "history")
    root = asked.arguments.required("ts")
    if asked.workspace.message(channel.id, root) is None:
        raise Refused("thread_not_found")
    return _messages(asked, asked.workspace.thread(channel.id, root))


def _messages(asked: Asked, messages: list[Posted]) -> Json:
    fitting = [each for each in messages if _within(asked, each)]
    some, metadata = page(asked, fitting)
    return {
        "messages": [_message(asked, each) for each in some],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def _message(asked: Asked, posted: Posted) -> Json:
    with_metadata = asked.arguments.flag("include_all_metadata")
    return message_json(posted, asked.workspace.id, asked.site.app.id, metadata=with_metadata)


def _within(asked: Asked, posted: Posted) -> bool:
    """Between `oldest` and `latest`, and both ends too if they are to be included."""
    arguments = asked.arguments
    oldest = float(arguments.text("oldest", "0") or 0)
    latest = float(arguments.text("latest") or "inf")
    at = float(posted.ts)
    return oldest < at < latest or (arguments.flag("inclusive") and at in {oldest, latest})


@method("conversations.members", *READ, tier=4)
def members(asked: Asked) -> Json:
    channel = wanted_channel(asked, "read")
    some, metadata = page(asked, channel.members)
    return {"members": some, "response_metadata": metadata}


@method("conversations.info", *READ)
def info(asked: Asked) -> Json:
    channel = wanted_channel(asked, "read")
    return {"channel": channel_json(channel, asked.workspace.bot.id)}


@method("conversations.list", *READ, tier=2)
def list_all(asked: Asked) -> Json:
    some, metadata = page(asked, channels_of_types(asked))
    shown = [channel_json(each, asked.workspace.bot.id) for each in some]
    return {"channels": shown, "response_metadata": metadata}


def channels_of_types(asked: Asked) -> list[Channel]:
    """The kinds that were asked for. Private ones are there only for a member."""
    types = asked.arguments.names("types") or ["public_channel"]
    kinds = {KIND_OF_TYPE.get(each, each) for each in types}
    for kind in kinds:
        asked.need(f"{kind}:read")
    bot_id, without = asked.workspace.bot.id, asked.arguments.flag("exclude_archived")
    return [
        channel
        for channel in asked.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "channels" or bot_id in channel.members)
        and not (without and channel.is_archived)
    ]
