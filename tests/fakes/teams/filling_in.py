"""What somebody fills into a card's inputs, and what their client sends of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from tests.fakes.teams.card_walk import inputs_of
from tests.fakes.teams.json_types import Json

Value = str | bool | list[str]
# A client sends these as empty texts where nothing is filled in, and others not at all.
SENT_EMPTY: Final = frozenset({"Input.Text", "Input.Date", "Input.Time"})


class CantDo(AssertionError):
    """The Teams client wouldn't let a person do this."""


def filled_in(card: Json, values: Mapping[str, Value]) -> dict[str, str]:
    """All inputs by their ids, as Teams sends them: everything is a text.

    `values` are by id or by label. What isn't among them keeps its default.
    """
    fields = inputs_of(card)
    given = {_called(fields, name)["id"]: value for name, value in values.items()}
    sent = {}
    for field in fields:
        value = _written(field, given[field["id"]]) if field["id"] in given else _default(field)
        _check_required(field, value)
        if value or field["type"] in SENT_EMPTY:
            sent[field["id"]] = value
    return sent


def _called(fields: list[Json], name: str) -> Json:
    for field in fields:
        if name in {field["id"], field.get("label"), field.get("title")}:
            return field
    raise CantDo(f"there is no input called {name}")


def _default(field: Json) -> str:
    if field["type"] == "Input.Toggle":
        return str(field.get("value", _off(field)))
    return str(field.get("value", ""))


def _check_required(field: Json, value: str) -> None:
    missing = value == _off(field) if field["type"] == "Input.Toggle" else not value.strip()
    if field.get("isRequired") and missing:
        raise CantDo(field.get("errorMessage") or f"{field['id']} has to be filled in")


def _off(field: Json) -> str:
    return str(field.get("valueOff", "false"))


# --- what is filled in, by the kind of the input -------------------------------------------


def _written(field: Json, value: Value) -> str:
    return WRITING[field["type"]](field, value)


def _text(field: Json, value: Value) -> str:
    text = _as_text(field, value)
    if len(text) > field.get("maxLength", len(text)):
        raise CantDo(f"{len(text)} characters don't fit into {field['id']}")
    if text and "regex" in field and not re.search(field["regex"], text):
        raise CantDo(field.get("errorMessage") or f"{field['id']} doesn't take this")
    return text


def _number(field: Json, value: Value) -> str:
    text = _as_text(field, value)
    if not text:
        return ""
    try:
        number = float(text)
    except ValueError as error:
        raise CantDo(f"{field['id']} takes only numbers") from error
    if not field.get("min", number) <= number <= field.get("max", number):
        raise CantDo(field.get("errorMessage") or f"{field['id']} doesn't go so far")
    return text


def _toggle(field: Json, value: Value) -> str:
    if not isinstance(value, bool):
        raise CantDo(f"{field['id']} is switched on or off")
    return str(field.get("valueOn", "true")) if value else _off(field)


def _choice(field: Json, value: Value) -> str:
    """Choices are known by their titles or their values, and are joined with commas."""
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list) or (len(wanted) > 1 and not field.get("isMultiSelect")):
        raise CantDo(f"{field['id']} takes one choice")
    return ",".join(_one_choice(field, each) for each in wanted if each)


def _one_choice(field: Json, wanted: str) -> str:
    for choice in field["choices"]:
        if wanted in {choice["value"], choice["title"]}:
            return str(choice["value"])
    if field.get("style") == "filtered" and not field["choices"]:
        return wanted
    raise CantDo(f"{wanted} isn't one of the choices of {field['id']}")


def _as_text(field: Json, value: Value) -> str:
    if not isinstance(value, str):
        raise CantDo(f"{field['id']} takes a text")
    return value


WRITING: Final[dict[str, Callable[[Json, Value], str]]] = {
    "Input.Text": _text,
    "Input.Number": _number,
    "Input.Date": _as_text,
    "Input.Time": _as_text,
    "Input.Toggle": _toggle,
    "Input.ChoiceSet": _choice,
}
