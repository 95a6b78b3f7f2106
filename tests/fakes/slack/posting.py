"""A message as Slack shows it, in answers and in events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.state import Channel, Posted
from tests.fakes.slack.workspace import Workspace

if TYPE_CHECKING:
    from tests.fakes.slack.site import Site


def message_json(posted: Posted, team_id: str, app_id: str, *, metadata: bool = True) -> Json:
    shown: Json = {"type": "message", "user": posted.user, "ts": posted.ts, "text": posted.text}
    shown["team"] = team_id
    if posted.bot_id:
        shown |= {"bot_id": posted.bot_id, "app_id": app_id}
    if posted.blocks:
        shown["blocks"] = posted.blocks
    if posted.thread_ts:
        shown["thread_ts"] = posted.thread_ts
    if posted.edited_ts:
        shown["edited"] = {"user": posted.user, "ts": posted.edited_ts}
    if metadata and posted.metadata is not None:
        shown["metadata"] = posted.metadata
    return {**shown, **posted.extra}


def message_event(site: Site, workspace: Workspace, channel: Channel, posted: Posted) -> Json:
    """`message.im` and its like. An event that is sent by the app itself has its `bot_id`."""
    shown = message_json(posted, workspace.id, site.app.id)
    kind = "im" if channel.im_user else "group" if channel.is_private else "channel"
    subtype = "file_share" if "files" in posted.extra else "thread_broadcast" * posted.broadcast
    more = {"subtype": subtype} if subtype else {}
    return {**shown, **more, "channel": channel.id, "channel_type": kind, "event_ts": posted.ts}
