"""What Slack takes in a message or a view: its rules for blocks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from tests.fakes.slack.chart_checks import check_chart
from tests.fakes.slack.element_checks import (
    IN_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    check_element,
    check_image,
)
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.problems import ID_AT_MOST, Problems
from tests.fakes.slack.refused import Refused, invalid

Surface = Literal["message", "modal", "home"]
MOST: Final[dict[Surface, int]] = {"message": 50, "modal": 100, "home": 100}
CHARTS_AT_MOST: Final = 2
CHARACTERS_AT_MOST: Final = 11_000
SECTION, HEADER, FIELD, LABEL, MARKDOWN = 3_000, 150, 2_000, 2_000, 12_000

_EVERYWHERE: Final = frozenset(
    {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section",
     "video"}
)  # fmt: skip
ALLOWED: Final[dict[Surface, frozenset[str]]] = {
    "message": _EVERYWHERE
    | {"call", "carousel", "container", "context_actions", "data_table", "data_visualization",
       "file", "markdown", "plan", "table", "task_card"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | {"carousel"},
}  # fmt: skip


def check_message_blocks(blocks: object, *, charts: bool) -> list[Json]:
    """The blocks of a message with an id each, or what is wrong with them."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise Refused("invalid_blocks_format")
    problems = Problems()
    check_blocks(problems, blocks, "message", "/blocks", charts=charts)
    if problems.messages:
        raise invalid("invalid_blocks", problems.messages)
    if _characters(blocks) > CHARACTERS_AT_MOST:
        raise Refused("msg_blocks_too_long")
    return with_ids(blocks)


def check_blocks(
    problems: Problems, blocks: list[Json], surface: Surface, root: str, *, charts: bool
) -> None:
    least = 0 if surface == "message" else 1
    problems.count(blocks, root, MOST[surface], least)
    allowed = ALLOWED[surface] if charts else ALLOWED[surface] - {"data_visualization"}
    for index, block in enumerate(blocks):
        _block(problems, block, f"{root}/{index}", allowed)
    drawn = sum(block.get("type") == "data_visualization" for block in blocks)
    if drawn > CHARTS_AT_MOST:
        problems.add(f"no more than {CHARTS_AT_MOST} charts allowed", root)
    ids = (block["block_id"] for block in blocks if block.get("block_id"))
    problems.unique("block_id", ids, root)
    problems.unique("action_id", _action_ids(blocks), root)


def _block(problems: Problems, block: Json, where: str, allowed: frozenset[str]) -> None:
    kind = block.get("type")
    if kind not in allowed:
        problems.add(f"unsupported type: {kind}", f"{where}/type")
        return
    if "block_id" in block and block["block_id"] != "":
        problems.text(block["block_id"], f"{where}/block_id", ID_AT_MOST)
    if (check := _CHECKS.get(kind)) is not None:
        check(problems, block, where)


def _action_ids(blocks: list[Json]) -> Iterator[str]:
    """Those that share a block; an input's element is told apart by its block."""
    for block in blocks:
        if block.get("type") in {"actions", "section"}:
            elements = [*(block.get("elements") or []), block.get("accessory")]
            yield from (
                each["action_id"]
                for each in elements
                if isinstance(each, dict) and "action_id" in each
            )


def with_ids(blocks: list[Json]) -> list[Json]:
    """Slack gives each block and each element that has none an id of its own."""
    return [_with_id(block, index) for index, block in enumerate(blocks)]


def _with_id(block: Json, index: int) -> Json:
    named = {**block, "block_id": block.get("block_id") or f"b{index}"}
    if block.get("type") == "actions":
        named["elements"] = [
            {**element, "action_id": element.get("action_id") or f"a{index}.{number}"}
            for number, element in enumerate(block["elements"])
        ]
    return named


def _characters(value: Any) -> int:
    """What all the texts of a message come to."""
    if isinstance(value, dict):
        own = value.get("text")
        inner = sum(_characters(each) for each in value.values() if not isinstance(each, str))
        return inner + (len(own) if isinstance(own, str) else 0)
    return sum(map(_characters, value)) if isinstance(value, list) else 0


# --- block by block ------------------------------------------------------------------------


def _section(problems: Problems, block: Json, where: str) -> None:
    if "text" not in block and "fields" not in block:
        problems.add("missing required field: text", where)
    if "text" in block:
        problems.text_object(block["text"], f"{where}/text", SECTION)
    if "fields" in block:
        for index, field in enumerate(problems.count(block["fields"], f"{where}/fields", 10)):
            problems.text_object(field, f"{where}/fields/{index}", FIELD)
    if "accessory" in block:
        check_element(problems, block["accessory"], f"{where}/accessory", IN_SECTION)


def _header(problems: Problems, block: Json, where: str) -> None:
    problems.text_object(block.get("text"), f"{where}/text", HEADER, plain=True)


def _context(problems: Problems, block: Json, where: str) -> None:
    for index, each in enumerate(problems.count(block.get("elements"), f"{where}/elements", 10)):
        at = f"{where}/elements/{index}"
        if isinstance(each, dict) and each.get("type") == "image":
            check_image(problems, each, at)
        else:
            problems.text_object(each, at, SECTION)


def _actions(problems: Problems, block: Json, where: str) -> None:
    for index, each in enumerate(problems.count(block.get("elements"), f"{where}/elements", 25)):
        check_element(problems, each, f"{where}/elements/{index}", IN_ACTIONS)


def _input(problems: Problems, block: Json, where: str) -> None:
    problems.text_object(block.get("label"), f"{where}/label", LABEL, plain=True)
    check_element(problems, block.get("element"), f"{where}/element", IN_INPUT)
    if "hint" in block:
        problems.text_object(block["hint"], f"{where}/hint", LABEL, plain=True)


def _image(problems: Problems, block: Json, where: str) -> None:
    check_image(problems, block, where)
    if "title" in block:
        problems.text_object(block["title"], f"{where}/title", LABEL, plain=True)


def _markdown(problems: Problems, block: Json, where: str) -> None:
    problems.text(block.get("text"), f"{where}/text", MARKDOWN)


def _rich_text(problems: Problems, block: Json, where: str) -> None:
    problems.count(block.get("elements"), f"{where}/elements", 1_000)


_CHECKS: Final[dict[str, Callable[[Problems, Json, str], None]]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "input": _input,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "data_visualization": check_chart,
}
