"""The peer of answering a tap on Slack: `python -m benchmarks.slack_tap_peer`.

A bare Bolt app behind the same route: it checks the signature, acknowledges, and answers twice by
the response URL, as the bot does; it decides and commits nothing.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any, Final

from aiohttp import ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from benchmarks.child import end_with_parent
from benchmarks.serving import serve

SECRET: Final = "benchmark"  # noqa: S105 - made up, for loopback
WORDS: Final = "Thank you. That's all for now. " * 6
BLOCKS: Final = [{"type": "section", "text": {"type": "plain_text", "text": WORDS}}] * 3


async def everybody(**_: object) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T0001", bot_token="unused")  # noqa: S106


def bare_bolt(session: ClientSession) -> list[web.RouteDef]:
    logger = logging.getLogger("bare")
    logger.setLevel(logging.ERROR)
    app = AsyncApp(
        signing_secret=SECRET, authorize=everybody, process_before_response=True, logger=logger
    )
    running: set[asyncio.Task[None]] = set()

    async def respond(url: str) -> None:
        for replaces in (True, False):
            answer = {"text": WORDS, "blocks": BLOCKS, "replace_original": replaces}
            async with session.post(url, json=answer) as response:
                await response.read()

    @app.action(re.compile(".*"))
    async def pressed(ack: Any, body: dict[str, Any]) -> None:
        task = asyncio.create_task(respond(body["response_url"]))
        running.add(task)
        task.add_done_callback(running.discard)
        await ack()

    async def receive(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    return [web.post("/slack/events", receive)]


async def main() -> None:
    async with ClientSession() as session:
        await serve("bare Bolt app", bare_bolt(session))


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(main())
