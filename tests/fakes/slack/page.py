"""The page on which a person is one of the users, in a browser, by hand.

GET /                 the page, with /page/page.js and its parts
GET /page/people      the workspaces and who is in them
GET /page/sight       what one of them sees: ?team=T0001&user=U0001
POST /page/act        what they do; answers with what became of it
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from tests.fakes.pages import file_routes
from tests.fakes.slack.acting import Actor
from tests.fakes.slack.delivering import Answered
from tests.fakes.slack.json_types import Json
from tests.fakes.slack.state import Posted, User, View
from tests.fakes.slack.workspace import Workspace

if TYPE_CHECKING:
    from tests.fakes.slack.server import FakeSlack

FILES: Final = Path(__file__).parent / "page_files"


class Page:
    def __init__(self, slack: FakeSlack) -> None:
        self._slack = slack

    def routes(self) -> list[web.RouteDef]:
        return [
            *file_routes(FILES),
            web.get("/page/people", self._people),
            web.get("/page/sight", self._sight),
            web.post("/page/act", self._act),
        ]

    async def _people(self, _request: web.Request) -> web.Response:
        app, workspaces = self._slack.app, self._slack.site.workspaces.values()
        return web.json_response(
            {
                "workspaces": [_workspace(workspace) for workspace in workspaces],
                "commands": app.commands,
                "shortcuts": app.shortcuts,
            }
        )

    async def _sight(self, request: web.Request) -> web.Response:
        actor = self._slack.actor(request.query["user"], request.query["team"])
        return web.json_response(_sight(actor))

    async def _act(self, request: web.Request) -> web.Response:
        asked = await request.json()
        actor = self._slack.actor(asked["user"], asked["team"])
        try:
            answered = await ACTS[asked["act"]](actor, asked)
        except (AssertionError, RuntimeError) as problem:
            return web.json_response({"problem": str(problem)})
        if answered is not None and not answered.acknowledged:
            return web.json_response({"problem": _why(answered)})
        return web.json_response({"problem": ""})


def _say(actor: Actor, asked: Json) -> Awaitable[Answered]:
    ts = asked.get("in_thread", "")
    root = next((each for each in actor.messages() if each.ts == ts), None)
    return actor.says(asked["text"], in_thread=root)


def _command(actor: Actor, asked: Json) -> Awaitable[Answered]:
    command, _, text = str(asked["text"]).strip().partition(" ")
    return actor.runs(command, text)


Act = Callable[[Actor, Json], Awaitable[Answered | None]]
ACTS: Final[dict[str, Act]] = {
    "say": _say,
    "home": lambda actor, _: actor.opens_home(),
    "press": lambda actor, asked: actor.presses(asked["action"], **_where(asked)),
    "choose": lambda actor, asked: actor.chooses(asked["action"], asked["option"], **_where(asked)),
    "submit": lambda actor, asked: actor.submits(asked["values"]),
    "close": lambda actor, _: actor.closes(),
    "command": _command,
    "shortcut": lambda actor, asked: actor.uses_shortcut(asked["callback"]),
}


def _where(asked: Json) -> dict[str, Any]:
    return {"on": asked.get("on"), "ts": asked.get("ts", "")}


def _why(answered: Answered) -> str:
    if answered.status == 0:
        return "The app didn't answer in time."
    return f"The app answered with the status {answered.status}."


# --- what somebody sees --------------------------------------------------------------------


def _workspace(workspace: Workspace) -> Json:
    people = sorted(workspace.people(), key=lambda user: user.real_name)
    return {
        "id": workspace.id,
        "name": workspace.name,
        "people": [{"id": each.id, "name": each.real_name, "note": _note(each)} for each in people],
    }


def _note(user: User) -> str:
    return "guest" if user.is_restricted or user.is_ultra_restricted else user.tz


def _sight(actor: Actor) -> Json:
    workspace, home = actor.workspace, actor.home()
    dm = workspace.dm(actor.user.id).id
    return {
        "name": actor.user.real_name,
        "messages": [
            _message(workspace, each) | {"replies": _replies(actor, each)}
            for each in actor.messages()
            if each.channel == dm
        ],
        "channels": [_channel(actor, channel_id) for channel_id in _channels(actor)],
        "home": home.blocks if home is not None else None,
        "modals": [_modal(view) for view in actor.modals()],
    }


def _channels(actor: Actor) -> list[str]:
    return [
        channel.id
        for channel in actor.workspace.channels.values()
        if actor.user.id in channel.members and not channel.im_user
    ]


def _channel(actor: Actor, channel_id: str) -> Json:
    workspace = actor.workspace
    seen = [*workspace.in_channel(channel_id)]
    seen += [each for each in actor.ephemeral() if each.channel == channel_id]
    shown = [_message(workspace, each) for each in sorted(seen, key=lambda each: each.ts)]
    return {"id": channel_id, "name": workspace.channels[channel_id].name, "messages": shown}


def _replies(actor: Actor, root: Posted) -> list[Json]:
    """Of a reply that is shown outside too, none: they are with what its thread began with."""
    replies = [] if root.is_reply else actor.thread(root)
    return [_message(actor.workspace, each) for each in replies if each.ts != root.ts]


def _message(workspace: Workspace, posted: Posted) -> Json:
    author = workspace.users.get(posted.user)
    return {
        "ts": posted.ts,
        "author": author.real_name if author is not None else posted.user,
        "text": posted.text,
        "blocks": posted.blocks,
        "only_you": bool(posted.ephemeral_to),
        "edited": bool(posted.edited_ts),
    }


def _modal(view: View) -> Json:
    def words(name: str, default: str = "") -> Any:
        return (view.payload.get(name) or {}).get("text", default)

    return {
        "id": view.id,
        "hash": view.hash,
        "title": view.title,
        "submit": words("submit"),
        "close": words("close", "Close"),
        "blocks": view.blocks,
        "state": view.state,
        "errors": view.errors,
    }
