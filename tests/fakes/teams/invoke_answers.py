"""What Teams reads in a bot's answer to an invoke, and what it doesn't take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.teams.card_checks import problems_of_attachment, problems_of_card
from tests.fakes.teams.delivering import Answered
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.state import ADAPTIVE_CARD, Dialog

MESSAGE: Final = "application/vnd.microsoft.activity.message"
ERROR: Final = "application/vnd.microsoft.error"
SIZES: Final = frozenset({"small", "medium", "large"})
UNREACHABLE: Final = "Unable to reach app. Please try again."
WENT_WRONG: Final = "Something went wrong. Please try again."


class BadAnswer(AssertionError):
    """Teams can't do anything with what the bot answered."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What comes of an answer: another card, a dialog, a notice, or nothing."""

    card: Json | None = None
    dialog: Dialog | None = None
    notice: str = ""


def of_card_action(answered: Answered) -> Shown:
    """The answer to `adaptiveCard/action`: `{"statusCode", "type", "value"}`."""
    if (notice := _failed(answered)) is not None:
        return notice
    answer = answered.json()
    if not isinstance(answer.get("statusCode"), int):
        raise BadAnswer("the answer to adaptiveCard/action has no statusCode")
    kind, value = answer.get("type"), answer.get("value")
    if kind == ADAPTIVE_CARD:
        _no_problems(problems_of_card(value))
        return Shown(card=value)
    if kind == MESSAGE and isinstance(value, str):
        return Shown(notice=value)
    if kind == ERROR and isinstance(value, dict) and answer["statusCode"] >= 400:
        return Shown(notice=str(value.get("message") or WENT_WRONG))
    raise BadAnswer(f"Teams knows no answer of the type {kind} with such a value")


def of_task(answered: Answered, *, may_close: bool) -> Shown:
    """The answer to `task/fetch`, or to `task/submit`, which may also close the dialog."""
    if (notice := _failed(answered)) is not None:
        return notice
    task = answered.json().get("task")
    if not task:
        if may_close:
            return Shown()
        raise BadAnswer("the answer to task/fetch opens nothing")
    kind, value = task.get("type"), task.get("value")
    if kind == "message" and isinstance(value, str):
        return Shown(notice=value)
    if kind == "continue" and isinstance(value, dict):
        return Shown(dialog=_dialog(value))
    raise BadAnswer(f"Teams knows no task of the type {kind} with such a value")


def _dialog(info: Json) -> Dialog:
    card = info.get("card")
    if not isinstance(card, dict) or card.get("contentType") != ADAPTIVE_CARD:
        raise BadAnswer("a dialog needs an Adaptive Card, as an attachment")
    _no_problems(problems_of_attachment(card))
    for name in ("height", "width"):
        _check_size(info.get(name), name)
    title = str(info.get("title") or "")
    return Dialog(title, card["content"], info.get("height"), info.get("width"))


def _check_size(size: Any, name: str) -> None:
    if size is not None and not isinstance(size, int) and size not in SIZES:
        raise BadAnswer(f"the {name} of a dialog is in pixels, or small, medium or large")


def _failed(answered: Answered) -> Shown | None:
    if answered.status == 0:
        return Shown(notice=UNREACHABLE)
    return None if answered.status == 200 else Shown(notice=WENT_WRONG)


def _no_problems(problems: list[str]) -> None:
    if problems:
        raise BadAnswer("; ".join(problems))
