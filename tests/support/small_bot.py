"""A small bot made of the real Bolt, for what the fake Slack promises."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack

Json = dict[str, Any]


async def refused(client: AsyncWebClient, method: str, **arguments: Any) -> dict[str, Any]:
    """What Slack says to a call that it doesn't take."""
    with pytest.raises(SlackApiError) as raised:
        await client.api_call(method, json=arguments)
    answer = raised.value.response.data
    assert isinstance(answer, dict)
    return answer


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def section(text: str) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(label: str, action: str, value: str = "-") -> Json:
    return {"type": "button", "text": plain(label), "action_id": action, "value": value}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str) -> Json:
    return {"text": plain(value.title()), "value": value}


def chart(**changes: Any) -> Json:
    data = [{"label": "Mon", "value": 3}, {"label": "Tue", "value": 4}]
    axis = {"categories": ["Mon", "Tue"]}
    drawn = {"type": "bar", "series": [{"name": "Mood", "data": data}], "axis_config": axis}
    return {"type": "data_visualization", "title": "A week", "chart": {**drawn, **changes}}


MOOD: Json = {
    "type": "input",
    "block_id": "mood",
    "label": plain("How is it?"),
    "element": {
        "type": "radio_buttons",
        "action_id": "value",
        "options": [option("good"), option("bad")],
    },
}
NOTE: Json = {
    "type": "input",
    "block_id": "note",
    "optional": True,
    "label": plain("Anything else?"),
    "element": {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": True,
        "max_length": 20,
    },
}


def form(title: str = "A form", **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [MOOD, NOTE],
        **more,
    }


@dataclass
class SmallBot:
    """`answer` is what it acknowledges submissions and commands with; `heard` is all it got."""

    app: AsyncApp
    heard: list[Json] = field(default_factory=list)
    answer: Json = field(default_factory=dict)
    url: str = ""

    def last(self) -> Json:
        return self.heard[-1]


def _wire(bot: SmallBot) -> None:
    app = bot.app

    async def event(body: Json) -> None:
        bot.heard.append(body)

    async def home(body: Json, client: AsyncWebClient) -> None:
        bot.heard.append(body)
        blocks = [section("Your home"), actions(button("Settings", "open"))]
        view = {"type": "home", "blocks": blocks}
        await client.views_publish(user_id=body["event"]["user"], view=view)

    async def opening(body: Json, ack: AsyncAck, client: AsyncWebClient) -> None:
        bot.heard.append(body)
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=form())

    async def pressed(body: Json, ack: AsyncAck, respond: AsyncRespond) -> None:
        bot.heard.append(body)
        await ack()
        await respond(replace_original=True, text="Thank you.", blocks=[section("Thank you.")])

    async def answered(body: Json, ack: AsyncAck) -> None:
        bot.heard.append(body)
        await ack(**bot.answer)

    for name in ("message", "user_change", "team_join", "app_uninstalled", "tokens_revoked"):
        app.event(name)(event)
    app.event("app_home_opened")(home)
    app.action("open")(opening)
    app.shortcut("talk_to_someone")(opening)
    app.action("press")(pressed)
    app.action("pick")(answered)
    app.view("form")(answered)
    app.view_closed("form")(answered)
    app.command("/wellbeing")(answered)


@asynccontextmanager
async def small_bot(slack: FakeSlack, *, socket_mode: bool = False) -> AsyncIterator[SmallBot]:
    client = AsyncWebClient(slack.bot_token(), base_url=slack.api_url)
    # It acknowledges at the end, so that all it does is done when a person's method returns.
    secret = slack.app.signing_secret
    app = AsyncApp(client=client, signing_secret=secret, process_before_response=True)
    bot = SmallBot(app)
    _wire(bot)
    if socket_mode:
        handler = AsyncSocketModeHandler(app, slack.app.app_token, ping_interval=1)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.sockets.wait_for(1)
        yield bot
        await handler.close_async()  # type: ignore[no-untyped-call]
    else:
        async with _served(bot, slack):
            yield bot


@asynccontextmanager
async def _served(bot: SmallBot, slack: FakeSlack) -> AsyncIterator[None]:
    async def take(request: web.Request) -> web.Response:
        answer = await bot.app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    server = web.Application()
    server.router.add_post("/slack/events", take)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    slack.app.request_url = f"{bot.url}/slack/events"
    yield
    slack.app.request_url = ""
    await runner.cleanup()
