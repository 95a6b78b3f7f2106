"""Buttons as actions, and what they send back.

Teams' guidelines allow six actions on a card, and a check-in alone has eight buttons: five answers,
*not now*, *skip* and *talk to someone*. Nothing is hidden behind a menu, and each stays one tap:
rows become actions while there is room for the whole row, first those with more than quiet buttons.
The others become rows of cells that are tapped as a whole (`selectAction`): they do the same, are
reached by the keyboard, and screen readers call them buttons. What is too wide for a phone is cut
off there, so a row is broken into as many lines as it needs, and a row with a label that is wider
than a line becomes cells, whose words are wrapped.

In a chat a button sends its action as an `Action.Execute`, or asks for a dialog by an
`Action.Submit` if a dialog answers it. Within a dialog only an `Action.Submit` is heard.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from adapters.teams.limits import BUTTON, ID, VALUE, Json
from adapters.teams.markdown import inert, shorten
from bot.message import Button, Buttons
from bot.text import clean, is_blank, one_line

Action = Callable[[Button], Json]

# How many characters a phone shows side by side, and what the frame of a button or a cell takes.
_LINE: Final = 40
_BUTTON_FRAME: Final = 4
_CELL_FRAME: Final = 7
# Stands for an action without a name, which no card may hold and nobody knows.
_NOTHING: Final = "-"


def in_chat(dialogs: Collection[str]) -> Action:
    """What makes the actions of a card in a chat; a dialog answers each of `dialogs`."""

    def action(button: Button) -> Json:
        made = in_dialog(button)
        data = made["data"]
        if button.action in dialogs:
            return made | {"data": {**data, "msteams": {"type": "task/fetch"}}}
        execute = {"type": "Action.Execute", "verb": data["action"]}
        return made | execute | {"data": {"value": data["value"]}}

    return action


def in_dialog(button: Button) -> Json:
    """The action of a button within a dialog."""
    made: Json = {
        "type": "Action.Submit",
        "title": shorten(one_line(button.label), BUTTON),
        "data": sent("action", button.action, button.value),
    }
    return made | ({"style": "positive"} if button.style == "primary" else {})


def sent(kind: str, action: str, value: str) -> Json:
    """What comes back with a tap or a form. What is too long is cut, and then known by nobody."""
    name = _NOTHING if is_blank(action) else clean(action)[:ID].strip()
    return {kind: name, "value": clean(value)[:VALUE]}


def rows_of(parts: Iterable[Buttons], action: Action, most: int) -> Iterator[list[Json]]:
    """Each row of buttons as elements, in order; at most `most` buttons of them are actions."""
    rows = [[each for each in part.buttons if not is_blank(each.label)] for part in parts]
    as_actions = set()
    for number in sorted(range(len(rows)), key=lambda number: _is_quiet(rows[number])):
        if len(rows[number]) <= most and not any(map(_is_wide, rows[number])):
            most -= len(rows[number])
            as_actions.add(number)
    for number, row in enumerate(rows):
        actions = [action(button) for button in row]
        if number in as_actions:
            lines = [_actions(line) for line in _lines(actions, _BUTTON_FRAME)]
        else:
            lines = [_cells(line) for line in _lines(actions, _CELL_FRAME)]
        yield lines[:1] + [line | {"spacing": "Small"} for line in lines[1:]]


def tapped(value: Mapping[str, Any]) -> tuple[str, str]:
    """The action and the value of a button, from the `value` of its invoke; "" for what is missing.

    The invoke is an `adaptiveCard/action` or a `task/fetch`, or a `task/submit` within a dialog.
    """
    execute = value.get("action")
    if isinstance(execute, Mapping):
        return text_in(execute, "verb"), text_in(mapping_in(execute, "data"), "value")
    data = mapping_in(value, "data")
    return text_in(data, "action"), text_in(data, "value")


def text_in(data: Mapping[str, Any], name: str) -> str:
    """A text that was sent; "" if there is none."""
    found = data.get(name)
    return found if isinstance(found, str) else ""


def mapping_in(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A mapping that was sent; an empty one if there is none."""
    found = data.get(name)
    return found if isinstance(found, Mapping) else {}


def _is_quiet(row: list[Button]) -> bool:
    return all(button.style == "quiet" for button in row)


def _is_wide(button: Button) -> bool:
    """Whether a button of its own would be cut off on a phone; the words of a cell are wrapped."""
    return len(one_line(button.label)) + _BUTTON_FRAME > _LINE


def _lines(actions: list[Json], frame: int) -> list[list[Json]]:
    """As many actions on each line as a phone shows."""
    lines: list[list[Json]] = []
    room = 0
    for action in actions:
        width = len(action["title"]) + frame
        if width > room:
            lines.append([])
            room = _LINE
        lines[-1].append(action)
        room -= width
    return lines


def _actions(line: list[Json]) -> Json:
    return {"type": "ActionSet", "actions": line}


def _cells(line: list[Json]) -> Json:
    return {"type": "ColumnSet", "columns": [_cell(action) for action in line]}


def _cell(action: Json) -> Json:
    words = {
        "type": "TextBlock",
        "text": inert(action["title"]),
        "color": "Accent",
        "horizontalAlignment": "Center",
        "wrap": True,
    }
    return {
        "type": "Column",
        "width": "auto",
        "style": "emphasis",
        "verticalContentAlignment": "Center",
        "spacing": "Small",
        "selectAction": action,
        "items": [words],
    }
