"""What a message says, and whether Slack takes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.slack.arguments import Arguments
from tests.fakes.slack.block_checks import check_message_blocks
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.workspace import Workspace

TEXT_AT_MOST: Final = 40_000


@dataclass(frozen=True, slots=True)
class Content:
    text: str
    blocks: list[Json]
    metadata: Json | None


def content_of(values: dict[str, Any], workspace: Workspace) -> Content:
    arguments = Arguments(values)
    text = arguments.text("text")
    blocks = arguments.json("blocks", "invalid_blocks_format")
    if not text.strip() and not blocks and not arguments.json("attachments"):
        raise Refused("no_text")
    if len(text) > TEXT_AT_MOST:
        raise Refused("msg_too_long")
    charts = not workspace.refuses_charts
    checked = [] if blocks is None else check_message_blocks(blocks, charts=charts)
    return Content(text, checked, _metadata(arguments))


def _metadata(arguments: Arguments) -> Json | None:
    given = arguments.json("metadata", "invalid_metadata_format")
    if given is None:
        return None
    if not isinstance(given, dict) or not isinstance(given.get("event_payload"), dict):
        raise Refused("invalid_metadata_format")
    if not isinstance(given.get("event_type"), str) or not given["event_type"]:
        raise Refused("invalid_metadata_schema")
    return {"event_type": given["event_type"], "event_payload": given["event_payload"]}
