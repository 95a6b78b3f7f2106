"""Reading a card as a person does."""

from __future__ import annotations

from adapters.teams.limits import Json


def kinds(card: Json) -> list[str]:
    return [element["type"] for element in card["body"]]


def words(card: Json) -> list[str]:
    """Every text of a card, in order; those of charts are under them."""
    said = (each for each in card["body"] if each["type"] in {"TextBlock", "RichTextBlock"})
    return [text_of(element) for element in said]


def text_of(element: Json) -> str:
    return element.get("text") or "".join(run["text"] for run in element["inlines"])


def actions(card: Json) -> list[Json]:
    """Everything that can be tapped, in order."""
    return [action for element in card["body"] for action in _actions(element)]


def inputs(card: Json) -> list[Json]:
    return [element for element in card["body"] if element["type"].startswith("Input.")]


def invoke(action: Json, **filled_in: str) -> Json:
    """The `value` of the invoke that Teams sends when an action is tapped."""
    if action["type"] == "Action.Execute":
        return {"action": {name: action[name] for name in ("type", "verb", "data")}}
    return {"data": {**action["data"], **filled_in}, "context": {"theme": "default"}}


def _actions(element: Json) -> list[Json]:
    if element["type"] == "ColumnSet":
        return [column["selectAction"] for column in element["columns"]]
    return list(element.get("actions", ()))
