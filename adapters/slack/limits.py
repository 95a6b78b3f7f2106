"""What Slack allows, and what in a message or a view breaks it.

The numbers are Slack's own where it documents them. Three it doesn't document; they were found by
others who post a lot: two charts in a message, what the texts of one message may come to together
(9,597 characters were taken, 11,341 refused), and the bytes of `text` when a message is updated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from adapters.slack.lengths import length, units

Json = dict[str, Any]

MESSAGE_BLOCKS: Final = 50
MESSAGE_CHARACTERS: Final = 9_000
SUMMARY: Final = 1_300
SUMMARY_BYTES: Final = 4_000
CHARTS: Final = 2
VIEW_BLOCKS: Final = 100
VIEW_BYTES: Final = 250_000
TITLE: Final = 24
METADATA: Final = 3_000
TEXT: Final = 3_000
HEADER: Final = 150
CONTEXT: Final = 10
ACTIONS: Final = 25
BUTTON: Final = 75
BUTTON_VALUE: Final = 2_000
ID: Final = 255
LABEL: Final = 2_000
INPUT: Final = 3_000
RADIOS: Final = 10
OPTIONS: Final = 100
OPTION: Final = 75
OPTION_VALUE: Final = 150
CHART_TITLE: Final = 50
CHART_LABEL: Final = 20
AXIS_LABEL: Final = 50
SERIES: Final = 6
POINTS: Final = 20

# A link of ours is the only thing that may begin with `<`.
_MARKUP: Final = re.compile(r"<(?!(?:https|tel):[^<>|\s]+\|[^<>]+>)")
_STYLES: Final = frozenset({"primary", "danger"})
_KINDS: Final = frozenset({"bar", "line", "area"})


def check(payload: Json) -> list[str]:
    """Every limit that a message or a view breaks, each with where it is; none if all is well."""
    try:
        return list(_view(payload) if "type" in payload else _message(payload))
    except KeyError as missing:
        return [f"something in it has no {missing}"]


def characters(value: object) -> int:
    """What all texts in a part of a payload come to."""
    if isinstance(value, dict):
        own = value.get("text")
        nested = sum(characters(inner) for inner in value.values() if not isinstance(inner, str))
        return nested + (units(own) if isinstance(own, str) else 0)
    return sum(map(characters, value)) if isinstance(value, list) else 0


def weight(value: object) -> int:
    """How many bytes a part of a payload is on its way to Slack."""
    return len(json.dumps(value))


# --- messages and views ----------------------------------------------------------------------


def _message(message: Json) -> Iterator[str]:
    text = message.get("text", "")
    blocks = message.get("blocks", [])
    if not text.strip():
        yield "text: is empty"
    if len(text.encode()) > SUMMARY_BYTES:
        yield f"text: {len(text.encode())} bytes are more than {SUMMARY_BYTES}"
    if _MARKUP.search(text):
        yield "text: something in it could act"
    yield from _most("blocks", blocks, MESSAGE_BLOCKS)
    if characters(blocks) > MESSAGE_CHARACTERS:
        yield f"blocks: {characters(blocks)} characters are more than {MESSAGE_CHARACTERS}"
    yield from _blocks(blocks)
    yield from (
        f"blocks[{index}]: an input doesn't belong in a message"
        for index, block in enumerate(blocks)
        if block["type"] == "input"
    )


def _view(view: Json) -> Iterator[str]:
    blocks = view["blocks"]
    if view["type"] not in {"modal", "home"}:
        yield f"type: {view['type']} isn't a view"
    yield from _count("blocks", blocks, VIEW_BLOCKS)
    yield from _blocks(blocks)
    yield from _long("private_metadata", view.get("private_metadata", ""), METADATA)
    if "callback_id" in view:
        yield from _id("callback_id", view["callback_id"])
    for name in {"title", "submit", "close"} & set(view):
        yield from _plain(name, view[name], TITLE)
    if view["type"] == "modal" and "title" not in view:
        yield "title: a modal needs one"
    if "submit" not in view and any(block["type"] == "input" for block in blocks):
        yield "submit: a view with inputs needs one"
    if weight(view) > VIEW_BYTES:
        yield f"view: {weight(view)} bytes are more than {VIEW_BYTES}"


def _blocks(blocks: list[Json]) -> Iterator[str]:
    for index, block in enumerate(blocks):
        where = f"blocks[{index}]"
        known = _CHECKS.get(block["type"])
        if known is None:
            yield f"{where}: {block['type']} isn't a block of ours"
        else:
            yield from known(where, block)
        if "block_id" in block:
            yield from _id(f"{where}.block_id", block["block_id"])
    charts = sum(block["type"] == "data_visualization" for block in blocks)
    if charts > CHARTS:
        yield f"blocks: {charts} charts are more than {CHARTS}"
    yield from _unique("block_id", (block["block_id"] for block in blocks if "block_id" in block))
    yield from _unique("action_id", _action_ids(blocks))


def _action_ids(blocks: list[Json]) -> Iterator[str]:
    """Those of buttons; an input's element is told apart by its block."""
    for block in blocks:
        if block["type"] == "actions":
            yield from (element["action_id"] for element in block["elements"])


# --- blocks ----------------------------------------------------------------------------------


def _header(where: str, block: Json) -> Iterator[str]:
    yield from _plain(f"{where}.text", block["text"], HEADER)


def _section(where: str, block: Json) -> Iterator[str]:
    yield from _text(f"{where}.text", block["text"], TEXT)


def _context(where: str, block: Json) -> Iterator[str]:
    yield from _count(f"{where}.elements", block["elements"], CONTEXT)
    for index, text in enumerate(block["elements"]):
        yield from _text(f"{where}.elements[{index}]", text, TEXT)


def _actions(where: str, block: Json) -> Iterator[str]:
    yield from _count(f"{where}.elements", block["elements"], ACTIONS)
    for index, button in enumerate(block["elements"]):
        at = f"{where}.elements[{index}]"
        yield from _plain(f"{at}.text", button["text"], BUTTON)
        yield from _id(f"{at}.action_id", button["action_id"])
        yield from _filled(f"{at}.value", button["value"], BUTTON_VALUE)
        if button.get("style", "primary") not in _STYLES:
            yield f"{at}.style: {button['style']} isn't a style"


def _input(where: str, block: Json) -> Iterator[str]:
    element = block["element"]
    yield from _plain(f"{where}.label", block["label"], LABEL)
    if "hint" in block:
        yield from _plain(f"{where}.hint", block["hint"], LABEL)
    yield from _id(f"{where}.element.action_id", element["action_id"])
    if element["type"] == "plain_text_input":
        yield from _writing(f"{where}.element", element)
    else:
        yield from _choosing(f"{where}.element", element)


def _writing(where: str, element: Json) -> Iterator[str]:
    if not 1 <= element["max_length"] <= INPUT:
        yield f"{where}.max_length: {element['max_length']} isn't from 1 to {INPUT}"
    if "initial_value" in element:
        yield from _filled(f"{where}.initial_value", element["initial_value"], INPUT)
        yield from _long(f"{where}.initial_value", element["initial_value"], element["max_length"])


def _choosing(where: str, element: Json) -> Iterator[str]:
    options = element["options"]
    yield from _count(
        f"{where}.options", options, RADIOS if element["type"] == "radio_buttons" else OPTIONS
    )
    for index, option in enumerate(options):
        yield from _plain(f"{where}.options[{index}].text", option["text"], OPTION)
        yield from _filled(f"{where}.options[{index}].value", option["value"], OPTION_VALUE)
    yield from _unique(f"{where}.options.value", (option["value"] for option in options))
    if "initial_option" in element and element["initial_option"] not in options:
        yield f"{where}.initial_option: isn't one of the options"


def _data_visualization(where: str, block: Json) -> Iterator[str]:
    chart = block["chart"]
    axis = chart["axis_config"]
    yield from _filled(f"{where}.title", block["title"], CHART_TITLE)
    if chart["type"] not in _KINDS:
        yield f"{where}.chart.type: {chart['type']} isn't a kind of ours"
    yield from _long(f"{where}.y_label", axis.get("y_label", ""), AXIS_LABEL)
    yield from _names(f"{where}.categories", axis["categories"], POINTS)
    yield from _names(f"{where}.series", [each["name"] for each in chart["series"]], SERIES)
    for index, series in enumerate(chart["series"]):
        if [point["label"] for point in series["data"]] != axis["categories"]:
            yield f"{where}.series[{index}]: its labels aren't the categories"
        if not all(isinstance(point["value"], (int, float)) for point in series["data"]):
            yield f"{where}.series[{index}]: has a gap"


_CHECKS: Final = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "data_visualization": _data_visualization,
}


# --- texts, ids and counts -------------------------------------------------------------------


def _text(where: str, text: Json, most: int) -> Iterator[str]:
    if text["type"] == "plain_text":
        yield from _plain(where, text, most)
        return
    if not text["text"].strip():
        yield f"{where}: is empty"
    if units(text["text"]) > most:
        yield f"{where}: {units(text['text'])} characters are more than {most}"
    if _MARKUP.search(text["text"]):
        yield f"{where}: something in it could act"


def _plain(where: str, text: Json, most: int) -> Iterator[str]:
    if text["type"] != "plain_text":
        yield f"{where}: only plain text belongs here"
    yield from _filled(where, text["text"], most)


def _filled(where: str, text: str, most: int) -> Iterator[str]:
    if not text.strip():
        yield f"{where}: is empty"
    yield from _long(where, text, most)


def _long(where: str, text: str, most: int) -> Iterator[str]:
    if length(text) > most:
        yield f"{where}: {length(text)} characters are more than {most}"


def _id(where: str, text: str) -> Iterator[str]:
    yield from _filled(where, text, ID)


def _names(where: str, names: list[str], most: int) -> Iterator[str]:
    yield from _count(where, names, most)
    yield from _unique(where, names)
    for name in names:
        yield from _filled(where, name, CHART_LABEL)


def _unique(where: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{where}: {value} is there {times} times"


def _count(where: str, items: list[Any], most: int) -> Iterator[str]:
    if not items:
        yield f"{where}: there is none"
    yield from _most(where, items, most)


def _most(where: str, items: list[Any], most: int) -> Iterator[str]:
    if len(items) > most:
        yield f"{where}: {len(items)} are more than {most}"
