"""The playground's pages and requests, as an aiohttp application to mount under /playground.

GET  /playground                the page
GET  /playground/static/...     its styles, scripts and pictures
GET  /playground/events         live events for a tab
GET  /playground/api/people     who one can be
GET  /playground/api/state      what one person sees
POST /playground/api/tap        press a button
POST /playground/api/submit     send a form
POST /playground/api/say        type a line to the bot
POST /playground/api/clock      move the clock
POST /playground/api/everyone   let everybody else answer

The admin's page is beside it: see `adapters.playground.sending`.
"""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from adapters.playground.bodies import (
    ClockBody,
    EveryoneBody,
    SayBody,
    SubmitBody,
    TapBody,
    body_of,
)
from adapters.playground.clock import PlaygroundClock
from adapters.playground.conversations import channel, direct, root_of, title_of
from adapters.playground.crowd import Crowd
from adapters.playground.events import Hub, posted_json
from adapters.playground.guard import add_headers, kind_errors, only_this_page
from adapters.playground.interactions import Interactions
from adapters.playground.messenger import PlaygroundMessenger
from adapters.playground.people import People, card_json, rooms
from adapters.playground.sending import BotWithDesk, sending_routes
from adapters.playground.store import PlaygroundStore
from adapters.playground.stream import stream
from adapters.playground.travel import TimeTravel
from adapters.playground.wire import Json, form_json, message_json
from bot.ports import Reply

PREFIX = "/playground"
SHOWN = 100
THREADS = 30
STATIC = Path(__file__).parent / "static"
LONDON = ZoneInfo("Europe/London")


def playground_app(
    bot: BotWithDesk,
    store: PlaygroundStore,
    clock: PlaygroundClock,
    hub: Hub,
    messenger: PlaygroundMessenger,
    *,
    zone: ZoneInfo = LONDON,
    seed: str = "playground",
) -> web.Application:
    """An application for `add_subapp(PREFIX, ...)`.

    zone  the one that the time bar counts days in
    seed  makes what the others answer reproducible
    """
    people = People(bot)
    interactions = Interactions(bot, store, hub, messenger)
    endpoints = Endpoints(
        bot=bot,
        store=store,
        clock=clock,
        hub=hub,
        people=people,
        interactions=interactions,
        travel=TimeTravel(bot, clock, store, hub, zone),
        crowd=Crowd(people, store, hub, interactions, seed),
    )
    app = web.Application(middlewares=[kind_errors, only_this_page])
    app.add_routes(endpoints.routes())
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(endpoints.close)
    return app


class Endpoints:
    """One method a route."""

    def __init__(
        self,
        *,
        bot: BotWithDesk,
        store: PlaygroundStore,
        clock: PlaygroundClock,
        hub: Hub,
        people: People,
        interactions: Interactions,
        travel: TimeTravel,
        crowd: Crowd,
    ) -> None:
        self._bot, self._store, self._clock, self._hub = bot, store, clock, hub
        self._people, self._interactions = people, interactions
        self._travel, self._crowd = travel, crowd

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.get("", self.page),
            web.get("/", self.page),
            web.static("/static", STATIC),
            web.get("/events", self.events),
            web.get("/api/people", self.people),
            web.get("/api/state", self.state),
            web.post("/api/tap", self.tap),
            web.post("/api/submit", self.submit),
            web.post("/api/say", self.say),
            web.post("/api/clock", self.clock),
            web.post("/api/everyone", self.everyone),
            *sending_routes(self._bot),
        ]

    async def close(self, _app: web.Application) -> None:
        self._hub.close()

    async def page(self, _request: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def events(self, request: web.Request) -> web.StreamResponse:
        return await stream(request, self._hub, self._people)

    async def people(self, _request: web.Request) -> web.Response:
        cards = [card_json(card) for card in await self._people.all()]
        return web.json_response({"people": cards, "now": self._clock.now().isoformat()})

    async def state(self, request: web.Request) -> web.Response:
        card = await self._people.card(request.query.get("person", ""))
        rooms = [
            await self._room(channel(external_id), name) for external_id, name in card.channels
        ]
        return web.json_response(
            {
                "person": card_json(card),
                "now": self._clock.now().isoformat(),
                "home": message_json(await self._bot.home(card.id)),
                "direct": await self._room(direct(card.id), card.name),
                "threads": await self._threads(direct(card.id)),
                "channels": rooms,
            }
        )

    async def tap(self, request: web.Request) -> web.Response:
        sent = await body_of(request, TapBody)
        reply = await self._interactions.tap(sent.person, sent.place, sent.action, sent.value)
        return web.json_response(_for_this_tab(reply))

    async def submit(self, request: web.Request) -> web.Response:
        sent = await body_of(request, SubmitBody)
        reply = await self._interactions.submit(
            sent.person, sent.place, sent.action, sent.value, sent.fields
        )
        return web.json_response(_for_this_tab(reply))

    async def say(self, request: web.Request) -> web.Response:
        sent = await body_of(request, SayBody)
        await self._interactions.say(sent.person, sent.text, sent.thread)
        return web.json_response({})

    async def clock(self, request: web.Request) -> web.Response:
        sent = await body_of(request, ClockBody)
        outcome = await self._move(sent)
        return web.json_response({"text": outcome, "now": self._clock.now().isoformat()})

    async def _move(self, sent: ClockBody) -> str:
        if sent.move == "day":
            return await self._travel.one_day()
        if sent.move == "friday":
            return await self._travel.next_friday()
        shown = [await self._people.card(person) for person in sent.people]
        return await self._travel.next_message(set().union(*(rooms(card) for card in shown)))

    async def everyone(self, request: web.Request) -> web.Response:
        sent = await body_of(request, EveryoneBody)
        return web.json_response({"text": await self._crowd.answer(sent.leaving_out)})

    async def _threads(self, conversation: str) -> list[Json]:
        """The conversations of their own, each with the message that it began with."""
        shown = []
        for each in (await self._store.threads(conversation))[:THREADS]:
            if (root := await self._store.message(conversation, root_of(each))) is not None:
                room = await self._room(each, title_of(root.body))
                shown.append({**room, "root": posted_json(root)})
        return shown

    async def _room(self, conversation: str, name: str) -> Json:
        messages = await self._store.latest(conversation, SHOWN)
        return {
            "id": conversation,
            "name": name,
            "messages": [posted_json(message) for message in messages],
        }


def _for_this_tab(reply: Reply) -> Json:
    """What only the person who acted sees, once."""
    return {
        "notice": None if reply.notice is None else message_json(reply.notice),
        "form": None if reply.form is None else form_json(reply.form),
        "errors": dict(reply.errors),
    }
