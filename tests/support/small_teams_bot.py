"""A small bot made of the real Bot Framework SDK, for what the fake Teams promises."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
import requests
from aiohttp import web
from botbuilder.core import (
    BotFrameworkAdapter,
    BotFrameworkAdapterSettings,
    InvokeResponse,
    TurnContext,
)
from botbuilder.schema import Activity
from botframework.connector.auth import AppCredentials, ChannelValidation, JwtTokenExtractor

from tests.fakes.teams import FakeTeams

Json = dict[str, Any]
Turn = Callable[[TurnContext], Awaitable[None]]
CARD = "application/vnd.microsoft.card.adaptive"


# --- cards ---------------------------------------------------------------------------------


def words(text: str) -> Json:
    return {"type": "TextBlock", "text": text, "wrap": True}


def execute(title: str, verb: str, **data: Any) -> Json:
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data}


def submit(title: str, **data: Any) -> Json:
    return {"type": "Action.Submit", "title": title, "data": data}


def opening(title: str, **data: Any) -> Json:
    return submit(title, **data, msteams={"type": "task/fetch"})


def card(*body: Json, actions: list[Json] | None = None, **more: Any) -> Json:
    shown = {"type": "AdaptiveCard", "version": "1.5", "body": list(body), **more}
    return {**shown, "actions": actions} if actions else shown


def message(text: str, *cards: Json) -> Json:
    attachments = [{"contentType": CARD, "content": each} for each in cards]
    return {"type": "message", "text": text, "attachments": attachments}


MOOD: Json = {
    "type": "Input.ChoiceSet",
    "id": "mood",
    "label": "How is it?",
    "isRequired": True,
    "errorMessage": "Please choose one",
    "choices": [{"title": "Good", "value": "good"}, {"title": "Bad", "value": "bad"}],
}
DAYS: Json = {
    "type": "Input.ChoiceSet",
    "id": "days",
    "label": "Which days?",
    "isMultiSelect": True,
    "value": "mon",
    "choices": [{"title": "Monday", "value": "mon"}, {"title": "Friday", "value": "fri"}],
}
NOTE: Json = {
    "type": "Input.Text",
    "id": "note",
    "label": "Anything else?",
    "isMultiline": True,
    "maxLength": 20,
}
SURE: Json = {"type": "Input.Toggle", "id": "sure", "title": "I am sure", "value": "true"}


def dialog(title: str = "A form", **more: Any) -> Json:
    content = card(MOOD, DAYS, NOTE, SURE, actions=[submit("Send", form="mood")])
    shown = {"title": title, "card": {"contentType": CARD, "content": content}, **more}
    return {"task": {"type": "continue", "value": shown}}


# --- the bot -------------------------------------------------------------------------------


class FakesCredentials(AppCredentials):  # type: ignore[misc]  # it has no types
    """The SDK's own insist on https; these ask the fake, blocking as the SDK's do."""

    def __init__(self, teams: FakeTeams) -> None:
        super().__init__(teams.app.id)
        self._url = f"{teams.login_url}/{teams.app.authority}/oauth2/v2.0/token"
        self._secret, self._token = teams.app.password, ""

    def get_access_token(self, force_refresh: bool = False) -> str:
        if force_refresh or not self._token:
            form = {
                "grant_type": "client_credentials",
                "client_id": self.microsoft_app_id,
                "client_secret": self._secret,
                "scope": f"{self.oauth_scope}/.default",
            }
            answered = requests.post(self._url, data=form, timeout=5)
            answered.raise_for_status()
            self._token = str(answered.json()["access_token"])
        return self._token


@dataclass
class SmallTeamsBot:
    """It echoes what is typed, or does something else in its turn, if `does` is set.

    `answer` is what it answers invokes with; `heard` is all it got.
    """

    adapter: BotFrameworkAdapter
    heard: list[Json] = field(default_factory=list)
    answer: Json = field(default_factory=dict)
    invoke_status: int = 200
    does: Turn | None = None

    def last(self) -> Json:
        return self.heard[-1]

    async def take(self, request: web.Request) -> web.Response:
        body = await request.json()
        header, heard = request.headers.get("Authorization", ""), len(self.heard)
        try:
            activity, turn = Activity().deserialize(body), partial(self._turn, body)
            answered = await self.adapter.process_activity(activity, header, turn)
        except Exception as refused:
            # The SDK raises all kinds of errors for a bad token; others are a turn's own.
            if len(self.heard) > heard:
                raise
            return web.Response(status=401, text=type(refused).__name__)
        if answered is None:
            return web.Response(status=200)
        return web.json_response(answered.body, status=answered.status)

    async def _turn(self, body: Json, turn: TurnContext) -> None:
        self.heard.append(body)
        if self.does is not None:
            await self.does(turn)
            return
        if turn.activity.type == "message" and turn.activity.text:
            await turn.send_activity(f"You said {turn.activity.text}")
        if turn.activity.type == "invoke":
            response = InvokeResponse(status=self.invoke_status, body=self.answer)
            await turn.send_activity(Activity(type="invokeResponse", value=response))


class _OnAThread(threading.Thread):
    """The SDK's requests block its loop, so the bot has one of its own, as a process has."""

    def __init__(self, bot: SmallTeamsBot) -> None:
        super().__init__(daemon=True)
        self._bot, self.ready = bot, threading.Event()
        self.url = ""

    def run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop, self._ended = asyncio.get_running_loop(), asyncio.Event()
        server = web.Application()
        server.router.add_post("/api/messages", self._bot.take)
        runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
        self.ready.set()
        await self._ended.wait()
        await runner.cleanup()

    def end(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self.join()


@asynccontextmanager
async def small_teams_bot(
    teams: FakeTeams, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SmallTeamsBot]:
    """A bot that `teams` knows, with the SDK's one global setting put to the fake's keys."""
    monkeypatch.setattr(ChannelValidation, "open_id_metadata_endpoint", teams.openid_url)
    monkeypatch.setattr(JwtTokenExtractor, "metadataCache", {})
    settings = BotFrameworkAdapterSettings(teams.app.id, app_credentials=FakesCredentials(teams))
    bot = SmallTeamsBot(BotFrameworkAdapter(settings))
    thread = _OnAThread(bot)
    thread.start()
    await asyncio.to_thread(thread.ready.wait)
    teams.app.request_url = thread.url
    yield bot
    teams.app.request_url = ""
    await asyncio.to_thread(thread.end)
