"""The fields of a form as inputs, and what comes back of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from adapters.teams.elements import fine_print
from adapters.teams.limits import (
    HELP,
    ID,
    INPUT,
    LABEL,
    OPTION,
    OPTIONS,
    RADIOS,
    RESERVED,
    Json,
)
from adapters.teams.markdown import inert, plain, shorten
from bot.message import Choice, ChoiceField, Field, TextField
from bot.text import ELLIPSIS, clean, is_blank, one_line

# Stands for no choice at all: Teams' apps for phones refuse a card with an empty one.
_LEFT_OUT: Final = "wellbeing:left-out"


def field_elements(field: Field, name: str, filled_in: str | None, error: str) -> list[Json]:
    """A field as an input, with its error above it and its help below it.

    It shows what was filled in, or else what the field itself says is chosen. There is none if
    there is nothing to choose from.
    """
    element = (
        _writing(field, filled_in) if isinstance(field, TextField) else _choosing(field, filled_in)
    )
    if element is None:
        return []
    label = shorten(_words(field.label, field.name), LABEL)
    made = element | {"id": name, "label": label, "isRequired": field.required}
    if field.required:
        # Teams shows it under a field that was left empty: what is asked, once more.
        made["errorMessage"] = label
    return [
        *plain(shorten(one_line(error), HELP), color="Attention", weight="Bolder"),
        made,
        *fine_print(shorten(clean(field.help), HELP)),
    ]


def fields_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Field names and what was filled in, from a dialog's data; "" for what was left out.

    Teams may send nothing at all of a field that was left out.
    """
    return {name: _filled_in(data[name]) for name in data.keys() - RESERVED}


def name_of(field: Field, number: int, taken: Collection[str]) -> str:
    """A field's own name, or one that Teams can send back."""
    own = clean(field.name)[:ID].strip()
    is_taken = is_blank(own) or own in taken or own in RESERVED
    return _free(f"field {number}", taken) if is_taken else own


def _filled_in(value: object) -> str:
    return value if isinstance(value, str) and value != _LEFT_OUT else ""


def _writing(field: TextField, filled_in: str | None) -> Json:
    most = min(max(field.max_length, 1), INPUT)
    given = field.text if filled_in is None else filled_in
    text = (clean(given) if field.multiline else one_line(given))[:most]
    element: Json = {"type": "Input.Text", "isMultiline": field.multiline, "maxLength": most}
    return element if is_blank(text) else element | {"value": text}


def _choosing(field: ChoiceField, filled_in: str | None) -> Json | None:
    """Round buttons while there are few choices, or else a menu.

    Neither lets go of a choice once it is made, so leaving out is a choice of its own.
    """
    chosen = field.chosen if filled_in is None else filled_in
    choices = _choices(field, chosen)
    if not choices:
        return None
    values = _values(choices)
    element: Json = {
        "type": "Input.ChoiceSet",
        "style": "expanded" if len(choices) <= RADIOS else "compact",
        "wrap": True,
        "choices": [
            {"title": inert(_words(choice.label, choice.value), OPTION), "value": value}
            for choice, value in zip(choices, values, strict=True)
        ],
    }
    of_choice = zip((choice.value for choice in choices), values, strict=True)
    value = next((value for own, value in of_choice if chosen and own == chosen), None)
    return element if value is None else element | {"value": value}


def _choices(field: ChoiceField, chosen: str) -> list[Choice]:
    """At most a hundred, the one that is chosen among them."""
    out = [] if field.required or is_blank(field.leave_out) else [Choice("", field.leave_out)]
    most = OPTIONS - len(out)
    shown = list(field.choices[:most])
    beyond = [choice for choice in field.choices[most:] if chosen and choice.value == chosen]
    return [*(shown[:-1] + beyond[:1] if beyond else shown), *out]


def _values(choices: list[Choice]) -> list[str]:
    """Each choice's value, or its number if Teams can't carry it: a comma would make it two."""
    values: list[str] = []
    for number, choice in enumerate(choices):
        value = clean(choice.value) or _LEFT_OUT
        carried = len(value) <= ID and "," not in value and not is_blank(value)
        values.append(value if carried and value not in values else _free(f"#{number}", values))
    return values


def _free(name: str, taken: Collection[str]) -> str:
    while name in taken:
        name = f"#{name}"
    return name


def _words(*texts: str) -> str:
    return next((one_line(text) for text in texts if not is_blank(text)), ELLIPSIS)
