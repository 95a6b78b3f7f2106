"""The rules of what sits in blocks: buttons, menus and fields."""

from __future__ import annotations

import re
from typing import Any, Final

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.problems import ID_AT_MOST, Problems

BUTTON_TEXT, BUTTON_VALUE, BUTTON_URL = 75, 2_000, 3_000
OPTION_TEXT, OPTION_VALUE, PLACEHOLDER = 75, 150, 150
OPTIONS_OF: Final = {
    "static_select": 100,
    "multi_static_select": 100,
    "radio_buttons": 10,
    "checkboxes": 10,
    "overflow": 5,
}
PLAIN_OPTIONS: Final = frozenset({"static_select", "multi_static_select", "overflow"})
WRITTEN_AT_MOST: Final = 3_000
PICKERS: Final = frozenset({"datepicker", "timepicker", "datetimepicker", "users_select"})
IN_ACTIONS: Final = frozenset({"button", *OPTIONS_OF, *PICKERS, "workflow_button"})
IN_INPUT: Final = frozenset(
    {"plain_text_input", "number_input", "email_text_input", "url_text_input", "rich_text_input",
     "file_input", *OPTIONS_OF, *PICKERS} - {"overflow"}
)  # fmt: skip
IN_SECTION: Final = frozenset({*IN_ACTIONS, "image"})
_LINK: Final = re.compile(r"^[a-z][a-z0-9+.-]*:")


def check_element(problems: Problems, element: object, where: str, allowed: frozenset[str]) -> None:
    if not isinstance(element, dict) or element.get("type") not in allowed:
        problems.add(f"unsupported type: {_type_of(element)}", f"{where}/type")
        return
    problems.optional_text(element, "action_id", where, ID_AT_MOST)
    if element["type"] == "button":
        _button(problems, element, where)
    elif element["type"] in OPTIONS_OF:
        _choice(problems, element, where)
    elif element["type"] == "plain_text_input":
        _written(problems, element, where)
    elif element["type"] == "image":
        check_image(problems, element, where)
    if "placeholder" in element:
        problems.text_object(
            element["placeholder"], f"{where}/placeholder", PLACEHOLDER, plain=True
        )


def _type_of(element: object) -> Any:
    return element.get("type") if isinstance(element, dict) else type(element).__name__


def _button(problems: Problems, element: Json, where: str) -> None:
    problems.text_object(element.get("text"), f"{where}/text", BUTTON_TEXT, plain=True)
    problems.optional_text(element, "value", where, BUTTON_VALUE)
    problems.optional_text(element, "accessibility_label", where, BUTTON_TEXT)
    if "style" in element and element["style"] not in {"primary", "danger"}:
        problems.add("must be one of ['primary', 'danger']", f"{where}/style")
    if "url" in element:
        problems.text(element["url"], f"{where}/url", BUTTON_URL)
        if not _LINK.match(str(element["url"])):
            problems.add("must be a valid URL", f"{where}/url")


def _choice(problems: Problems, element: Json, where: str) -> None:
    kind, options = element["type"], list(element.get("options") or [])
    if "option_groups" in element:
        for group in problems.count(element["option_groups"], f"{where}/option_groups", 100):
            options += group.get("options", [])
    else:
        problems.count(element.get("options"), f"{where}/options", OPTIONS_OF[kind])
    plain = kind in PLAIN_OPTIONS
    for index, option in enumerate(options):
        _option(problems, option, f"{where}/options/{index}", plain=plain)
    problems.unique("value", (str(option.get("value")) for option in options), f"{where}/options")
    chosen = list(element.get("initial_options") or [])
    chosen += [element["initial_option"]] if "initial_option" in element else []
    if any(each not in options for each in chosen):
        problems.add("must be one of the provided options", f"{where}/initial_option")


def _option(problems: Problems, option: Json, where: str, *, plain: bool) -> None:
    problems.text_object(option.get("text"), f"{where}/text", OPTION_TEXT, plain=plain)
    problems.text(option.get("value"), f"{where}/value", OPTION_VALUE)
    if "description" in option:
        problems.text_object(
            option["description"], f"{where}/description", OPTION_TEXT, plain=plain
        )


def _written(problems: Problems, element: Json, where: str) -> None:
    most, least = element.get("max_length", WRITTEN_AT_MOST), element.get("min_length", 0)
    if not 1 <= most <= WRITTEN_AT_MOST:
        problems.add(f"must be between 1 and {WRITTEN_AT_MOST}", f"{where}/max_length")
    if not 0 <= least <= most:
        problems.add("must be at most max_length", f"{where}/min_length")
    if "initial_value" in element:
        # Slack takes an empty one.
        if not isinstance(element["initial_value"], str):
            problems.add("must be a string", f"{where}/initial_value")
        elif len(element["initial_value"]) > most:
            problems.add(f"must be less than {most + 1} characters", f"{where}/initial_value")


def check_image(problems: Problems, element: Json, where: str) -> None:
    problems.text(element.get("alt_text"), f"{where}/alt_text", 2_000)
    if "slack_file" not in element:
        problems.text(element.get("image_url"), f"{where}/image_url", 3_000)
