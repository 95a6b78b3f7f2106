"""What somebody fills into a form, and what their client lets them send."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.state import View

WRITTEN: Final = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input"}
)
CHOSEN_ONE: Final = frozenset({"static_select", "radio_buttons"})
CHOSEN_SOME: Final = frozenset({"checkboxes", "multi_static_select"})
PICKED: Final = {
    "datepicker": "date",
    "timepicker": "time",
    "datetimepicker": "date_time",
    "users_select": "user",
}
Value = str | list[str] | None


class CantDo(AssertionError):
    """Slack's client wouldn't let a person do this."""


def state_of(blocks: list[Json]) -> dict[str, dict[str, Any]]:
    """What is filled in before anybody does anything."""
    state: dict[str, dict[str, Any]] = {}
    for block in blocks:
        for element in fields_in(block):
            value = _initial(element)
            state.setdefault(block["block_id"], {})[element.get("action_id", "")] = value
    return state


def fields_in(block: Json) -> list[Json]:
    """The elements of a block that hold a value."""
    inside = [*(block.get("elements") or []), block.get("accessory"), block.get("element")]
    return [
        each
        for each in inside
        if isinstance(each, dict)
        and each.get("type") in WRITTEN | CHOSEN_ONE | CHOSEN_SOME | {*PICKED}
    ]


def _initial(element: Json) -> Json:
    kind = element["type"]
    if kind in WRITTEN:
        return {"type": kind, "value": element.get("initial_value") or None}
    if kind in CHOSEN_ONE:
        return {"type": kind, "selected_option": element.get("initial_option")}
    if kind in CHOSEN_SOME:
        return {"type": kind, "selected_options": element.get("initial_options", [])}
    name = PICKED[kind]
    return {"type": kind, f"selected_{name}": element.get(f"initial_{name}")}


def value_for(element: Json, value: Value) -> Json:
    """A value as Slack sends it; an option is known by its value or by its label."""
    kind = element["type"]
    if kind in WRITTEN:
        return {"type": kind, "value": _written(element, value)}
    if kind in CHOSEN_ONE:
        return {"type": kind, "selected_option": option(element, value) if value else None}
    if kind in CHOSEN_SOME:
        several = [value] if isinstance(value, str) else value or []
        return {"type": kind, "selected_options": [option(element, each) for each in several]}
    return {"type": kind, f"selected_{PICKED[kind]}": value or None}


def _written(element: Json, value: Value) -> str | None:
    text = value if isinstance(value, str) else ""
    if text and not element.get("min_length", 0) <= len(text) <= element.get("max_length", 3_000):
        raise CantDo(f"a text of {len(text)} characters doesn't fit into this field")
    return text or None


def option(element: Json, wanted: object) -> Json:
    groups = element.get("option_groups") or [{"options": element.get("options", [])}]
    for group in groups:
        for each in group["options"]:
            if wanted in {each["value"], each["text"]["text"]}:
                return dict(each)
    raise CantDo(f"{wanted} isn't one of the options")


def fill_in(view: View, values: Mapping[str, Value]) -> None:
    """Fill in fields, each known by its block id or its label."""
    for name, value in values.items():
        block = _input_called(view, name)
        element = block["element"]
        state = view.state.setdefault(block["block_id"], {})
        state[element.get("action_id", "")] = value_for(element, value)


def _input_called(view: View, name: str) -> Json:
    for block in view.blocks:
        if block["type"] == "input" and name in {block["block_id"], block["label"]["text"]}:
            return block
    raise CantDo(f"there is no field called {name}")


def check_complete(view: View) -> None:
    """A client doesn't send a form in which something is missing."""
    for block in view.blocks:
        if block["type"] != "input" or block.get("optional"):
            continue
        value = view.state[block["block_id"]][block["element"].get("action_id", "")]
        if not any(held for name, held in value.items() if name != "type"):
            raise CantDo(f"{block['label']['text']} has to be filled in")
