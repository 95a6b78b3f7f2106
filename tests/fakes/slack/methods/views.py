"""`views.*`: modals and the home tab."""

from __future__ import annotations

from typing import Literal

from tests.fakes.slack.json_types import Json
from tests.fakes.slack.methods.asked import Asked, method
from tests.fakes.slack.modals import MODALS_AT_MOST, push_view
from tests.fakes.slack.refused import Refused, invalid
from tests.fakes.slack.state import View
from tests.fakes.slack.view_checks import check_view
from tests.fakes.slack.view_json import view_json


def _payload(asked: Asked, kind: Literal["modal", "home"]) -> Json:
    payload = asked.arguments.json("view")
    if payload is None:
        raise invalid("invalid_arguments", ["[ERROR] missing required field: view"])
    return check_view(payload, kind)


def _who_triggered(asked: Asked) -> str:
    trigger = asked.arguments.text("trigger_id") or asked.arguments.text("interactivity_pointer")
    if not trigger:
        raise invalid("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    return asked.site.triggers.use(trigger, asked.workspace.id)


def _answer(asked: Asked, view: View) -> Json:
    return {"view": view_json(asked.site, asked.workspace, view)}


@method("views.open", tier=4)
def open_one(asked: Asked) -> Json:
    payload = _payload(asked, "modal")
    user_id = _who_triggered(asked)
    asked.workspace.stack(user_id).clear()
    view = push_view(asked.site, asked.workspace, user_id, payload)
    return _answer(asked, view)


@method("views.push", tier=4)
def push(asked: Asked) -> Json:
    payload = _payload(asked, "modal")
    user_id = _who_triggered(asked)
    stack = asked.workspace.stack(user_id)
    if not stack:
        raise Refused("not_found")
    if len(stack) >= MODALS_AT_MOST:
        raise Refused("push_limit_reached")
    return _answer(asked, push_view(asked.site, asked.workspace, user_id, payload))


@method("views.update", tier=4)
def update(asked: Asked) -> Json:
    payload = _payload(asked, "modal")
    view = _open_view(asked)
    if (given := asked.arguments.text("hash")) and given != view.hash:
        raise Refused("hash_conflict")
    asked.site.replace_view(view, payload)
    return _answer(asked, view)


def _open_view(asked: Asked) -> View:
    view_id, external = asked.arguments.text("view_id"), asked.arguments.text("external_id")
    for stack in asked.workspace.modals.values():
        for view in stack:
            if view.id == view_id or (external and view.payload.get("external_id") == external):
                return view
    raise Refused("not_found")


@method("views.publish", tier=4)
def publish(asked: Asked) -> Json:
    user_id = asked.arguments.required("user_id")
    payload = _payload(asked, "home")
    user = asked.workspace.users.get(user_id)
    if user is None or user.deleted or user.is_bot:
        raise invalid("invalid_arguments", ["[ERROR] invalid `user_id` [json-pointer:/user_id]"])
    home = asked.workspace.homes.get(user_id)
    if home is None:
        home = asked.site.new_view(asked.workspace, user_id, payload)
    elif (given := asked.arguments.text("hash")) and given != home.hash:
        raise Refused("hash_conflict")
    else:
        asked.site.replace_view(home, payload)
    asked.workspace.homes[user_id] = home
    return _answer(asked, home)
