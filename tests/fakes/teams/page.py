"""The page on which a person is one of the people, in a browser, by hand.

GET /                 the page, with /page/page.js and its parts
GET /page/people      who is in the tenant
GET /page/sight       what one of them sees: ?person=29:...
POST /page/act        what they do; answers with what became of it
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web

from tests.fakes.pages import file_routes
from tests.fakes.teams.acting import Actor
from tests.fakes.teams.delivering import Answered
from tests.fakes.teams.json_types import Json
from tests.fakes.teams.state import Person, Sent

if TYPE_CHECKING:
    from tests.fakes.teams.server import FakeTeams

FILES: Final = Path(__file__).parent / "page_files"
Outcome = Answered | list[Answered] | None


class Page:
    def __init__(self, teams: FakeTeams) -> None:
        self._teams = teams

    def routes(self) -> list[web.RouteDef]:
        return [
            *file_routes(FILES),
            web.get("/page/people", self._people),
            web.get("/page/sight", self._sight),
            web.post("/page/act", self._act),
        ]

    async def _people(self, _request: web.Request) -> web.Response:
        active = [each for each in self._teams.tenant.people.values() if each.active]
        people = sorted(active, key=lambda person: person.name)
        shown = [{"id": each.id, "name": each.name, "note": _note(each)} for each in people]
        return web.json_response({"people": shown})

    async def _sight(self, request: web.Request) -> web.Response:
        return web.json_response(_sight(self._teams.actor(request.query["person"])))

    async def _act(self, request: web.Request) -> web.Response:
        asked = await request.json()
        actor = self._teams.actor(asked["person"])
        told = len(actor.notices())
        try:
            outcome = await ACTS[asked["act"]](actor, asked)
        except (AssertionError, RuntimeError) as problem:
            return web.json_response({"problem": str(problem)})
        return web.json_response({"problem": _problem(outcome) or " ".join(actor.notices()[told:])})


async def _block(actor: Actor) -> None:
    if actor.person.blocking:
        actor.unblocks()
    else:
        actor.blocks()


async def _close(actor: Actor) -> None:
    actor.closes()


def _press(actor: Actor, asked: Json) -> Awaitable[Answered]:
    where, message_id = asked["where"], asked["message"]
    action, fields = asked["action"], asked["fields"]
    what = action.get("title") or action.get("verb", "")
    data = action.get("data")
    return actor.presses(what, fields, data=data, where=where, message_id=message_id)


ACTS: Final[dict[str, Callable[[Actor, Json], Awaitable[Outcome]]]] = {
    "say": lambda actor, asked: actor.types(asked["text"], asked["where"]),
    "press": _press,
    "submit": lambda actor, asked: actor.submits(asked["fields"], action=asked["action"]),
    "close": lambda actor, _: _close(actor),
    "install": lambda actor, _: actor.installs(),
    "uninstall": lambda actor, _: actor.uninstalls(),
    "block": lambda actor, _: _block(actor),
}


def _problem(outcome: Outcome) -> str:
    answers = outcome if isinstance(outcome, list) else [outcome] if outcome else []
    for answered in answers:
        if answered.status == 0:
            return "The app didn't answer in time."
        if not answered.acknowledged:
            return f"The app answered with the status {answered.status}."
    return ""


# --- what somebody sees --------------------------------------------------------------------


def _note(person: Person) -> str:
    if not person.installed:
        return "without the app"
    return "guest" if person.is_guest else person.zone


def _sight(actor: Actor) -> Json:
    person = actor.person
    dialog = actor.dialog() if actor.has_dialog else None
    return {
        "name": person.name,
        "installed": person.installed,
        "blocking": bool(person.blocking),
        "messages": [_message(actor, each) for each in actor.messages()],
        "channels": _channels(actor),
        "dialog": {"title": dialog.title, "card": dialog.card} if dialog else None,
    }


def _channels(actor: Actor) -> list[Json]:
    return [
        {
            "id": channel.id,
            "name": f"{team.name}: {channel.name}",
            "messages": [_message(actor, each) for each in actor.messages(channel.id)],
        }
        for team in actor.tenant.teams.values()
        if actor.person.id in team.members and team.has_bot
        for channel in team.channels
    ]


def _message(actor: Actor, sent: Sent) -> Json:
    author = actor.tenant.people.get(sent.sender_id)
    return {
        "id": sent.id,
        "author": author.name if author else "The app",
        "text": sent.text,
        "cards": sent.cards,
        "edited": sent.edited,
    }
