"""The fields of a form as input blocks."""

from __future__ import annotations

from typing import Final

from adapters.slack.blocks import sent_value
from adapters.slack.lengths import cut, length
from adapters.slack.limits import (
    INPUT,
    LABEL,
    OPTION,
    OPTION_VALUE,
    OPTIONS,
    RADIOS,
    Json,
)
from adapters.slack.mrkdwn import plain
from bot.message import Choice, ChoiceField, Field, TextField
from bot.text import ELLIPSIS, clean, is_blank, one_line

# The one element of every input block.
ELEMENT: Final = "value"


def input_block(field: Field, name: str) -> Json | None:
    """A field as a block; None if there is nothing to choose from."""
    element = _writing(field) if isinstance(field, TextField) else _choosing(field)
    if element is None:
        return None
    label = field.name if is_blank(field.label) else field.label
    block: Json = {
        "type": "input",
        "block_id": name,
        "label": plain(ELLIPSIS if is_blank(label) else label, LABEL),
        "element": {"action_id": ELEMENT, **element},
        "optional": not field.required,
    }
    return block if is_blank(field.help) else block | {"hint": plain(field.help, LABEL)}


def _writing(field: TextField) -> Json:
    most = min(max(field.max_length, 1), INPUT)
    element: Json = {
        "type": "plain_text_input",
        "multiline": field.multiline,
        "max_length": most,
    }
    text = cut(clean(field.text) if field.multiline else one_line(field.text), most)
    return element if is_blank(text) else element | {"initial_value": text}


def _choosing(field: ChoiceField) -> Json | None:
    """Radio buttons while Slack takes so many, or else a menu.

    Neither lets go of a choice once it is made, so leaving out is a choice of its own.
    """
    options = _options(field)
    if not options:
        return None
    kind = "radio_buttons" if len(options) <= RADIOS else "static_select"
    element: Json = {"type": kind, "options": [option for _, option in options]}
    chosen = next((option for choice, option in options if _is_chosen(field, choice)), None)
    return element if chosen is None else element | {"initial_option": chosen}


def _is_chosen(field: ChoiceField, choice: Choice) -> bool:
    return bool(field.chosen) and choice.value == field.chosen


def _options(field: ChoiceField) -> list[tuple[Choice, Json]]:
    """The choices as options, each with a value of its own."""
    taken: set[str] = set()
    options = []
    for number, choice in enumerate(_choices(field)):
        value = _value(choice, number, taken)
        taken.add(value)
        words = next(
            (text for text in (choice.label, choice.value) if not is_blank(text)), ELLIPSIS
        )
        options.append((choice, {"text": plain(one_line(words), OPTION), "value": value}))
    return options


def _choices(field: ChoiceField) -> list[Choice]:
    """At most a hundred, the one that is chosen among them."""
    out = [] if field.required or is_blank(field.leave_out) else [Choice("", field.leave_out)]
    most = OPTIONS - len(out)
    shown = list(field.choices[:most])
    chosen = [choice for choice in field.choices[most:] if _is_chosen(field, choice)]
    return [*(shown[:-1] + chosen[:1] if chosen else shown), *out]


def _value(choice: Choice, number: int, taken: set[str]) -> str:
    """The choice's value, or its number if Slack can't carry it."""
    value = sent_value(choice.value, OPTION_VALUE + 1)
    if length(value) <= OPTION_VALUE and value not in taken:
        return value
    value = f"#{number}"
    while value in taken:
        value = f"#{value}"
    return value
