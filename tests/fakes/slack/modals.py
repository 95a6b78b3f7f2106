"""The modals that somebody has open, and what the bot's answer does to them."""

from __future__ import annotations

from typing import Final

from tests.fakes.slack.delivering import Answered
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.refused import Refused
from tests.fakes.slack.site import Site
from tests.fakes.slack.state import View
from tests.fakes.slack.view_checks import check_view
from tests.fakes.slack.workspace import Workspace

MODALS_AT_MOST: Final = 3


class BadAnswer(AssertionError):
    """The bot answered something that Slack can't carry out; people would see an error."""


def push_view(site: Site, workspace: Workspace, user_id: str, payload: Json) -> View:
    """Open a modal on top of those that are open."""
    stack = workspace.stack(user_id)
    view = site.new_view(workspace, user_id, payload)
    if stack:
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def carry_out(site: Site, workspace: Workspace, view: View, answered: Answered) -> None:
    """Do what the answer to a submission says. Without one the modal stays open."""
    if not answered.acknowledged:
        return
    if answered.body.strip() and not answered.json():
        raise BadAnswer("the answer to a submission has to be empty or an object")
    answer = answered.json()
    match answer.get("response_action"):
        case None:
            workspace.close(view)
        case "clear":
            workspace.stack(view.user).clear()
        case "errors":
            _show_errors(view, answer.get("errors"))
        case "update":
            site.replace_view(view, _checked(answer))
        case "push":
            _push(site, workspace, view, answer)
        case other:
            raise BadAnswer(f"there is no response_action {other}")


def _show_errors(view: View, errors: object) -> None:
    fields = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= fields:
        raise BadAnswer("errors have to be at fields of the view")
    view.errors = {name: str(text) for name, text in errors.items()}


def _push(site: Site, workspace: Workspace, view: View, answer: Json) -> None:
    if len(workspace.stack(view.user)) >= MODALS_AT_MOST:
        raise BadAnswer("there are no more than three modals on top of each other")
    push_view(site, workspace, view.user, _checked(answer))


def _checked(answer: Json) -> Json:
    try:
        return check_view(answer.get("view"), "modal")
    except Refused as refused:
        raise BadAnswer(f"{refused.code}: {refused.details}") from refused
