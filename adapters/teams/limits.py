"""What Teams allows, and what in a card breaks it.

A message with a card may have 28 KB. That is what connectors are held to, and the least of what
Microsoft names: a bot's message may have "approximately 100 KB", better 80, counted in UTF-16, of
which 28 KB in UTF-8 come to 56 at most. At most six actions are on one card (the guidelines for
Teams' store); what is tapped in another way isn't counted there. For all other numbers Teams has
none of its own: they keep cards readable on a phone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

Json = dict[str, Any]

MESSAGE_BYTES: Final = 28 * 1024
# For the activity that carries the card: addresses, ids, and the line for notifications.
AROUND: Final = 3 * 1024
CARD_BYTES: Final = MESSAGE_BYTES - AROUND
ACTIONS: Final = 6
SUMMARY: Final = 300
HEADING: Final = 150
BUTTON: Final = 75
VALUE: Final = 500
ADDRESS: Final = 500
LABEL: Final = 1_000
HELP: Final = 2_000
INPUT: Final = 3_000
RADIOS: Final = 10
OPTIONS: Final = 100
OPTION: Final = 75
ID: Final = 100
CHART_TITLE: Final = 50
CHART_LABEL: Final = 40
SERIES: Final = 6
SCALE: Final = 100
POINTS: Final = 20

# What comes back beside the fields of a form, so that no field may be named so.
RESERVED: Final = frozenset({"action", "form", "value", "msteams"})
# A link of ours is the only Markdown.
_LINK: Final = re.compile(r"^\[([^][]+)\]\((?:https?|tel|mailto):[^\s()]+\)$")
_MARKUP: Final = re.compile(
    r"[][*`~<>\\]|^[-+#]|^\d+[.)]|&#?\w+;|(?<![0-9A-Za-z])_|_(?![0-9A-Za-z])"
)
_STYLES: Final = frozenset({"default", "positive"})


def check(card: Json) -> list[str]:
    """Every limit that a card breaks, each with where it is; none if all is well."""
    try:
        return list(_card(card))
    except KeyError as missing:
        return [f"something in it has no {missing}"]


def weight(value: object) -> int:
    """How many bytes a part of a card is on its way to Teams."""
    return len(json.dumps(value, ensure_ascii=False).encode())


def actions_of(body: Iterable[Json]) -> Iterator[Json]:
    """Every action that counts as one."""
    for element in body:
        if element["type"] == "ActionSet":
            yield from element["actions"]


def _card(card: Json) -> Iterator[str]:
    body = card["body"]
    if card["type"] != "AdaptiveCard" or card["version"] != "1.5":
        yield "type: only Adaptive Cards 1.5 belong here"
    yield from _marked("fallbackText", card["fallbackText"], SUMMARY)
    yield from _marked("speak", card["speak"], SUMMARY)
    if weight(card) > CARD_BYTES:
        yield f"card: {weight(card)} bytes are more than {CARD_BYTES}"
    if not body:
        yield "body: there is none"
    actions = [*actions_of(body), *card.get("actions", ())]
    yield from _most("actions", actions, ACTIONS)
    for index, action in enumerate(card.get("actions", ())):
        yield from _action(f"actions[{index}]", action)
    for index, element in enumerate(body):
        known = _CHECKS.get(element["type"])
        if known is None:
            yield f"body[{index}]: {element['type']} isn't an element of ours"
        else:
            yield from known(f"body[{index}]", element)
    yield from _unique("id", (element["id"] for element in body if "id" in element))


# --- elements --------------------------------------------------------------------------------


def _text_block(where: str, element: Json) -> Iterator[str]:
    most = HEADING if element.get("style") == "heading" else None
    yield from _marked(f"{where}.text", element["text"], most)
    if not element.get("wrap"):
        yield f"{where}.wrap: a text that is too wide would be cut off"


def _rich_text_block(where: str, element: Json) -> Iterator[str]:
    yield from _some(f"{where}.inlines", element["inlines"])
    for index, run in enumerate(element["inlines"]):
        yield from _filled(f"{where}.inlines[{index}]", run["text"])
        if "selectAction" in run:
            yield f"{where}.inlines[{index}]: Teams shows an action in a text as plain words"


def _action_set(where: str, element: Json) -> Iterator[str]:
    yield from _some(f"{where}.actions", element["actions"])
    for index, action in enumerate(element["actions"]):
        yield from _action(f"{where}.actions[{index}]", action)


def _column_set(where: str, element: Json) -> Iterator[str]:
    yield from _some(f"{where}.columns", element["columns"])
    for index, column in enumerate(element["columns"]):
        at = f"{where}.columns[{index}]"
        yield from _action(f"{at}.selectAction", column["selectAction"])
        for inner in column["items"]:
            yield from _text_block(at, inner)


def _action(where: str, action: Json) -> Iterator[str]:
    data = action["data"]
    yield from _filled(f"{where}.title", action["title"], BUTTON)
    if action["type"] == "Action.Execute":
        yield from _filled(f"{where}.verb", action["verb"], ID)
    elif action["type"] == "Action.Submit":
        yield from _filled(f"{where}.data", data.get("form", data.get("action")), ID)
        if data.get("msteams", {"type": "task/fetch"}) != {"type": "task/fetch"}:
            yield f"{where}.data.msteams: opens no dialog"
    else:
        yield f"{where}: {action['type']} isn't an action of ours"
    yield from _long(f"{where}.data.value", data["value"], VALUE)
    if action.get("style", "default") not in _STYLES:
        yield f"{where}.style: {action['style']} isn't a style"


# --- fields ----------------------------------------------------------------------------------


def _text_input(where: str, element: Json) -> Iterator[str]:
    yield from _input(where, element)
    if not 1 <= element["maxLength"] <= INPUT:
        yield f"{where}.maxLength: {element['maxLength']} isn't from 1 to {INPUT}"
    if "value" in element:
        yield from _filled(f"{where}.value", element["value"], element["maxLength"])


def _choice_set(where: str, element: Json) -> Iterator[str]:
    yield from _input(where, element)
    choices = element["choices"]
    yield from _some(f"{where}.choices", choices)
    yield from _most(
        f"{where}.choices", choices, RADIOS if element["style"] == "expanded" else OPTIONS
    )
    for index, choice in enumerate(choices):
        yield from _marked(f"{where}.choices[{index}].title", choice["title"], OPTION)
        yield from _filled(f"{where}.choices[{index}].value", choice["value"], ID)
        if "," in choice["value"]:
            yield f"{where}.choices[{index}].value: a comma would make it two"
    values = [choice["value"] for choice in choices]
    yield from _unique(f"{where}.choices.value", values)
    if "value" in element and element["value"] not in values:
        yield f"{where}.value: isn't one of the choices"


def _input(where: str, element: Json) -> Iterator[str]:
    yield from _filled(f"{where}.label", element["label"], LABEL)
    yield from _filled(f"{where}.id", element["id"], ID)
    if element["id"] in RESERVED:
        yield f"{where}.id: {element['id']} is taken by what else comes back"
    if element["isRequired"]:
        yield from _filled(f"{where}.errorMessage", element["errorMessage"], LABEL)


# --- charts: Teams' own, which the schema doesn't have ---------------------------------------


def _chart(where: str, element: Json) -> Iterator[str]:
    yield from _filled(f"{where}.title", element["title"], CHART_TITLE)
    yield from _long(f"{where}.yAxisTitle", element.get("yAxisTitle", ""), CHART_LABEL)
    if not element["yMin"] < element["yMax"]:
        yield f"{where}.yMin: isn't below yMax"
    yield from _names(f"{where}.data", [each["legend"] for each in element["data"]], SERIES)
    categories = [point["x"] for point in element["data"][0]["values"]]
    yield from _names(f"{where}.data[0]", categories, POINTS)
    for index, series in enumerate(element["data"]):
        if [point["x"] for point in series["values"]] != categories:
            yield f"{where}.data[{index}]: its categories aren't those of the first"
        if not all(isinstance(point["y"], (int, float)) for point in series["values"]):
            yield f"{where}.data[{index}]: has a gap"
    yield from _table(f"{where}.fallback", element["fallback"])


def _ranges(where: str, element: Json) -> Iterator[str]:
    """A picture of ranges: names and bars by turns, and the ends of the scale."""
    *rows, ends = element["items"]
    yield from _some(where, rows)
    for name, bar in zip(rows[::2], rows[1::2], strict=True):
        yield from _marked(where, name["text"], CHART_LABEL)
        if sum(cell["width"] for cell in bar["columns"]) != SCALE:
            yield f"{where}: a bar isn't as wide as the scale"
        if [cell["style"] for cell in bar["columns"]].count("accent") != 1:
            yield f"{where}: a bar shows no range, or several"
    for cell in ends["columns"]:
        yield from _text_block(where, cell["items"][0])


def _table(where: str, facts: Json) -> Iterator[str]:
    for fact in facts["facts"]:
        yield from _marked(f"{where}.title", fact["title"], CHART_LABEL)
        yield from _marked(f"{where}.value", fact["value"])


_CHECKS: Final = {
    "TextBlock": _text_block,
    "RichTextBlock": _rich_text_block,
    "ActionSet": _action_set,
    "ColumnSet": _column_set,
    "Input.Text": _text_input,
    "Input.ChoiceSet": _choice_set,
    "Container": _ranges,
    "Chart.Line": _chart,
    "Chart.VerticalBar.Grouped": _chart,
}


# --- texts and counts ------------------------------------------------------------------------


def _marked(where: str, text: str, most: int | None = None) -> Iterator[str]:
    """A text that Teams reads as Markdown."""
    yield from _filled(where, text, most)
    link = _LINK.search(text)
    if _MARKUP.search(link[1] if link else text):
        yield f"{where}: something in it could act"


def _filled(where: str, text: str, most: int | None = None) -> Iterator[str]:
    if not text.strip():
        yield f"{where}: is empty"
    if most is not None:
        yield from _long(where, text, most)


def _long(where: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"{where}: {len(text)} characters are more than {most}"


def _names(where: str, names: list[str], most: int) -> Iterator[str]:
    yield from _some(where, names)
    yield from _most(where, names, most)
    yield from _unique(where, names)
    for name in names:
        yield from _filled(where, name, CHART_LABEL)


def _unique(where: str, values: Iterable[str]) -> Iterator[str]:
    for value, times in Counter(values).items():
        if times > 1:
            yield f"{where}: {value} is there {times} times"


def _some(where: str, items: list[Any]) -> Iterator[str]:
    if not items:
        yield f"{where}: there is none"


def _most(where: str, items: list[Any], most: int) -> Iterator[str]:
    if len(items) > most:
        yield f"{where}: {len(items)} are more than {most}"
