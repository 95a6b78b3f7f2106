"""What Slack takes as a modal or a home tab."""

from __future__ import annotations

import json
from typing import Final, Literal

from tests.fakes.slack.block_checks import check_blocks, with_ids
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.problems import ID_AT_MOST, Problems
from tests.fakes.slack.refused import Refused, invalid

TITLE: Final = 24
METADATA: Final = 3_000
BYTES: Final = 250_000
COMMON: Final = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
OF_MODALS: Final = {
    "title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled",
}  # fmt: skip


def check_view(view: object, kind: Literal["modal", "home"]) -> Json:
    """The view as it is kept, or what is wrong with it."""
    if not isinstance(view, dict):
        raise invalid("invalid_arguments", ["[ERROR] must provide an object [json-pointer:/view]"])
    if len(json.dumps(view)) > BYTES:
        raise Refused("view_too_large")
    problems = Problems()
    if view.get("type") != kind:
        problems.add(f"must be {kind}", "/view/type")
    if kind == "modal":
        _modal(problems, view)
    _common(problems, view, COMMON | OF_MODALS if kind == "modal" else COMMON)
    if problems.messages:
        raise invalid("invalid_arguments", problems.messages)
    return {**view, "blocks": with_ids(view["blocks"])}


def _common(problems: Problems, view: Json, allowed: set[str]) -> None:
    if strange := set(view) - allowed:
        problems.add(f"no more properties are allowed: {sorted(strange)}", "/view")
    blocks = view.get("blocks")
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        problems.add("must be an array", "/view/blocks")
    else:
        surface: Literal["modal", "home"] = "modal" if "title" in allowed else "home"
        check_blocks(problems, blocks, surface, "/view/blocks", charts=False)
    for name, most in (("private_metadata", METADATA), ("callback_id", ID_AT_MOST)):
        if len(str(view.get(name) or "")) > most:
            problems.add(f"must be less than {most + 1} characters", f"/view/{name}")


def _modal(problems: Problems, view: Json) -> None:
    problems.text_object(view.get("title"), "/view/title", TITLE, plain=True)
    for name in ("submit", "close"):
        if view.get(name) is not None:
            problems.text_object(view[name], f"/view/{name}", TITLE, plain=True)
    inputs = any(block.get("type") == "input" for block in _list(view.get("blocks")))
    if inputs and not view.get("submit"):
        problems.add("missing required field: submit", "/view")


def _list(blocks: object) -> list[Json]:
    return (
        [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    )
