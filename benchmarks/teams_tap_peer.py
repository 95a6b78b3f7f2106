"""The peer of answering a tap on Teams: `python -m benchmarks.teams_tap_peer APP_ID OPENID_URL`.

A bare BotFrameworkAdapter behind the same route: it checks the token with botbuilder's own keys,
which it fetches once, answers, and replaces the message as the bot does, by aiohttp; it decides and
commits nothing.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any, Final
from urllib.parse import quote

from aiohttp import ClientSession, web
from botbuilder.core import (
    BotFrameworkAdapter,
    BotFrameworkAdapterSettings,
    InvokeResponse,
    TurnContext,
)
from botbuilder.schema import Activity
from botframework.connector.auth import ChannelValidation

from benchmarks.child import end_with_parent
from benchmarks.serving import serve

WORDS: Final = "Thank you. That's all for now. "
ANSWER: Final = {
    "statusCode": 200,
    "type": "application/vnd.microsoft.activity.message",
    "value": WORDS * 6,
}
SHOWN: Final = {
    "type": "message",
    "summary": WORDS,
    "attachments": [
        {
            "contentType": "application/vnd.microsoft.card.adaptive",
            "content": {
                "type": "AdaptiveCard",
                "version": "1.5",
                "body": [{"type": "TextBlock", "text": WORDS * 2, "wrap": True}] * 3,
            },
        }
    ],
}
AUTHORIZATION: Final = {"Authorization": "Bearer unused"}


def bare_botbuilder(app_id: str, session: ClientSession) -> list[web.RouteDef]:
    adapter = BotFrameworkAdapter(BotFrameworkAdapterSettings(app_id, "unused"))
    running: set[asyncio.Task[None]] = set()

    async def replace(activity: Activity) -> None:
        where = f"v3/conversations/{quote(activity.conversation.id, safe='')}"
        url = f"{activity.service_url}{where}/activities/{quote(activity.reply_to_id, safe='')}"
        async with session.put(url, json=SHOWN, headers=AUTHORIZATION) as response:
            await response.read()

    async def turn(context: TurnContext) -> None:
        task = asyncio.create_task(replace(context.activity))
        running.add(task)
        task.add_done_callback(running.discard)
        response = InvokeResponse(status=200, body=ANSWER)
        await context.send_activity(Activity(type="invokeResponse", value=response))

    async def receive(request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json()
        token = request.headers.get("Authorization", "")
        answered = await adapter.process_activity(Activity().deserialize(body), token, turn)
        return web.json_response(answered.body, status=answered.status)

    return [web.post("/api/messages", receive)]


async def main(app_id: str, openid_url: str) -> None:
    ChannelValidation.open_id_metadata_endpoint = openid_url
    async with ClientSession() as session:
        await serve("bare adapter", bare_botbuilder(app_id, session))


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main(*sys.argv[1:]))
