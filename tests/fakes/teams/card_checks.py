"""What Teams takes as an Adaptive Card. A test learns here what a phone would show as nothing."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tests.fakes.teams.card_walk import actions_of, elements_of, inputs_of
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.state import ADAPTIVE_CARD

NEWEST_VERSION: Final = (1, 5)
EXECUTE_SINCE: Final = (1, 4)
ACTIONS_AT_MOST: Final = 6
ACTIONS: Final = frozenset(
    f"Action.{name}" for name in ("Execute", "Submit", "OpenUrl", "ShowCard", "ToggleVisibility")
)
INPUTS: Final = frozenset(
    f"Input.{name}" for name in ("Text", "Number", "Date", "Time", "Toggle", "ChoiceSet")
)
CHARTS: Final = frozenset(
    f"Chart.{name}"
    for name in (
        "Donut", "Pie", "Line", "Gauge", "VerticalBar", "VerticalBar.Grouped", "HorizontalBar",
        "HorizontalBar.Stacked",
    )
)  # fmt: skip
ELEMENTS: Final = frozenset(
    {
        "AdaptiveCard", "TextBlock", "RichTextBlock", "TextRun", "Image", "ImageSet", "Media",
        "Container", "ColumnSet", "Column", "FactSet", "ActionSet", "Table", "TableRow",
        "TableCell", "Icon", "Badge", "CodeBlock", "ProgressBar", "ProgressRing", "Rating",
        "CompoundButton", "Carousel", "CarouselPage", "Component",
    }
)  # fmt: skip
OTHER_CARDS: Final = frozenset(
    f"application/vnd.microsoft.card.{name}" for name in ("hero", "thumbnail", "signin")
)


def problems_of_attachment(attachment: Json) -> list[str]:
    kind = attachment.get("contentType")
    if kind == ADAPTIVE_CARD:
        return problems_of_card(attachment.get("content"))
    return [] if kind in OTHER_CARDS else [f"contentType {kind} isn't one that Teams shows"]


def problems_of_card(card: object) -> list[str]:
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard":
        return ["the content isn't an AdaptiveCard"]
    version = _version(card.get("version"))
    found = [] if version else [f"version {card.get('version')} isn't 1.0 to 1.5"]
    for element in elements_of(card):
        found += _element(element)
    for action in actions_of(card):
        found += _action(action, version or NEWEST_VERSION)
    for field in inputs_of(card):
        found += _input(field)
    ids = [each["id"] for each in elements_of(card) if isinstance(each.get("id"), str)]
    found += [
        f"the id {id_} is there {times} times" for id_, times in Counter(ids).items() if times > 1
    ]
    return found


def _version(given: object) -> tuple[int, ...] | None:
    if not isinstance(given, str) or not given.replace(".", "", 1).isdigit():
        return None
    version = tuple(int(part) for part in given.split("."))
    return version if (1, 0) <= version <= NEWEST_VERSION else None


def _element(element: Json) -> list[str]:
    kind, found = element["type"], []
    if kind not in ELEMENTS | ACTIONS | INPUTS | CHARTS:
        found.append(f"{kind} isn't an element that Teams knows")
    if kind in {"TextBlock", "TextRun"} and not isinstance(element.get("text"), str):
        found.append(f"a {kind} needs a text")
    if kind == "Image" and not element.get("altText"):
        found.append("an Image needs an altText")
    actions = element.get("actions") or []
    if len(actions) > ACTIONS_AT_MOST:
        found.append(f"{len(actions)} actions are more than {ACTIONS_AT_MOST}")
    return found


def _action(action: Json, version: tuple[int, ...]) -> list[str]:
    kind, found = action["type"], []
    if not isinstance(action.get("title", ""), str):
        found.append(f"the title of an {kind} isn't a text")
    if kind == "Action.Execute" and version < EXECUTE_SINCE:
        found.append("Action.Execute needs version 1.4 or later")
    if not isinstance(action.get("data", {}), dict):
        found.append(f"the data of an {kind} isn't an object, and Teams wouldn't send it")
    if kind == "Action.OpenUrl" and not str(action.get("url", "")).startswith("https://"):
        found.append("Action.OpenUrl needs an https address")
    return found


def _input(field: Json) -> list[str]:
    found = []
    if not field.get("id"):
        found.append(f"an {field['type']} needs an id")
    if not field.get("label") and not (field["type"] == "Input.Toggle" and field.get("title")):
        found.append(f"the {field['type']} {field.get('id')} needs a label")
    if field.get("isRequired") and not field.get("errorMessage"):
        found.append(f"the {field['type']} {field.get('id')} is required and needs an errorMessage")
    if field["type"] == "Input.ChoiceSet":
        found += _choices(field)
    return found


def _choices(field: Json) -> list[str]:
    choices = field.get("choices") or []
    if not choices:
        return [f"the ChoiceSet {field.get('id')} has no choices"]
    good = all(
        isinstance(each.get("title"), str) and isinstance(each.get("value"), str)
        for each in choices
    )
    return [] if good else [f"a choice of {field.get('id')} needs a title and a value, both texts"]
